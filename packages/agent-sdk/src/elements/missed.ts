import type { AgentDesk } from '../desk/types.js';
import { make, pushButton, setText, showPart } from './dom.js';
import { Menu } from './menu.js';
import type { Texts } from './texts.js';

/** What the list tells its bar. */
export interface MissedHost {
  readonly texts: () => Texts;
  readonly desk: () => AgentDesk | undefined;
  readonly attempt: (work: () => Promise<unknown>) => void;
}

/** Calls that rang here and were not taken: how many since they were last looked at, and the list, from which they are called back. */
export class Missed {
  readonly element = make('div', { class: 'me' });
  readonly #host: MissedHost;
  readonly #button: HTMLButtonElement;
  readonly #menu: Menu;
  #fresh = 0;

  constructor(host: MissedHost) {
    this.#host = host;
    this.#button = pushButton('', () => {
      if (this.#menu.isOpen) this.#menu.close();
      else this.#host.attempt(() => this.#open());
    });
    this.#button.dataset.action = 'missed';
    this.#menu = new Menu(this.#button, this.element);
    this.element.append(this.#button, this.#menu.element);
  }

  /** One more. */
  count(): void {
    this.#fresh += 1;
    this.update();
  }

  update(): void {
    const text = this.#host.texts().text('missed.label');
    setText(this.#button, this.#fresh === 0 ? text : `${text} (${this.#fresh})`);
    showPart(this.element, this.#host.desk() === undefined ? 'hidden' : 'shown');
  }

  async #open(): Promise<void> {
    const desk = this.#host.desk();
    if (desk === undefined) return;
    const texts = this.#host.texts();
    const calls = await desk.missedCalls();
    this.#fresh = 0;
    this.update();
    const items = calls.map(({ callId, caller, at }) => {
      const number = caller.e164 ?? caller.number;
      const button = pushButton('', () => {
        this.#menu.close();
        this.#button.focus();
        this.#host.attempt(() => desk.dial(number));
      });
      const time = new Date(at).toLocaleString(texts.language, { dateStyle: 'short', timeStyle: 'short' });
      button.textContent = `${time} · ${caller.number === '' ? texts.text('call.withheld') : caller.number}`;
      button.disabled = number === '';
      button.dataset.call = callId;
      return button;
    });
    const none = make('span', { class: 'head', text: texts.text('missed.none') });
    this.#menu.open(texts.text('missed.label'), items.length === 0 ? [none] : items);
  }
}
