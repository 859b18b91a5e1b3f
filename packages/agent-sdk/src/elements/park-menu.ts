import type { AgentDesk, Call } from '../desk/types.js';
import { make, pushButton, setText, showPart } from './dom.js';
import { Menu } from './menu.js';
import type { Texts } from './texts.js';

/** What the menu tells its card. */
export interface ParkHost {
  readonly desk: AgentDesk;
  readonly texts: () => Texts;
  readonly attempt: (work: () => Promise<unknown>) => void;
  /** The call waits there now. */
  readonly onParked?: (slot: number | undefined) => void;
}

/** Slots to choose from; source: docs/protocols/kts-1.md, 11. Others are found by the first free one. */
const SLOTS = [1, 2, 3, 4, 5, 6] as const;

/** Parks a call: on the first free slot, or on the one that is chosen. */
export class ParkMenu {
  readonly element = make('div', { class: 'me' });
  readonly #host: ParkHost;
  readonly #call: Call;
  readonly #open: HTMLButtonElement;
  readonly #menu: Menu;

  constructor(host: ParkHost, call: Call) {
    this.#host = host;
    this.#call = call;
    this.#open = pushButton('', () => this.#toggle());
    this.#open.dataset.action = 'park';
    this.#menu = new Menu(this.#open, this.element);
    this.element.append(this.#open, this.#menu.element);
  }

  /** Shows the present state. */
  update(): void {
    setText(this.#open, `${this.#host.texts().text('action.park')} ▾`);
    const can = this.#call.can('park');
    showPart(this.element, can ? 'shown' : 'hidden');
    if (!can) this.#menu.close();
  }

  #toggle(): void {
    if (this.#menu.isOpen) return this.#menu.close();
    const texts = this.#host.texts();
    const taken = new Set(this.#host.desk.parked.map(({ slot }) => slot));
    const any = this.#item(texts.text('park.any'), undefined);
    const slots = SLOTS.map((slot) => {
      const item = this.#item(texts.text('park.slot', String(slot)), slot);
      item.disabled = taken.has(slot);
      return item;
    });
    this.#menu.open(texts.text('park.label'), [any, ...slots]);
  }

  #item(text: string, slot: number | undefined): HTMLButtonElement {
    const button = pushButton('', () => {
      this.#menu.close();
      this.#open.focus();
      this.#host.attempt(async () => {
        this.#host.onParked?.(await this.#call.park(slot === undefined ? {} : { slot }));
      });
    });
    button.textContent = text;
    if (slot !== undefined) button.dataset.slot = String(slot);
    return button;
  }
}
