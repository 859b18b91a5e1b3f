import type { AgentDesk } from '../desk/types.js';
import { clockText, make, pushButton, setText, showPart } from './dom.js';
import { Menu } from './menu.js';
import type { Texts } from './texts.js';

/** What the box tells its bar. */
export interface PhoneHost {
  readonly texts: () => Texts;
  readonly desk: () => AgentDesk | undefined;
  readonly attempt: (work: () => Promise<unknown>) => void;
}

/** Zones of loudspeakers beside 0, which is all of them. */
const ZONES = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** What the phone can do beside its calls: pick up what rings elsewhere, take back who is parked, speak to loudspeakers. Only what its switch can is shown. */
export class PhoneBox {
  readonly element = make('div', { class: 'me', attributes: { role: 'group' } });
  readonly #host: PhoneHost;
  readonly #pickUp: HTMLButtonElement;
  readonly #unpark: HTMLButtonElement;
  readonly #parked: Menu;
  readonly #page: HTMLButtonElement;
  readonly #zones: Menu;

  constructor(host: PhoneHost) {
    this.#host = host;
    this.#pickUp = pushButton('', () => this.#do((desk) => desk.pickUp()));
    this.#pickUp.dataset.action = 'pickUp';
    const parked = make('div', { class: 'me' });
    this.#unpark = pushButton('', () => this.#openParked());
    this.#unpark.dataset.action = 'unpark';
    this.#parked = new Menu(this.#unpark, parked);
    parked.append(this.#unpark, this.#parked.element);
    const zones = make('div', { class: 'me' });
    this.#page = pushButton('', () => this.#openZones());
    this.#page.dataset.action = 'page';
    this.#zones = new Menu(this.#page, zones);
    zones.append(this.#page, this.#zones.element);
    this.element.append(this.#pickUp, parked, zones);
  }

  /** Shows the present state. */
  update(): void {
    const texts = this.#host.texts();
    const desk = this.#host.desk();
    const services = desk?.agent.services ?? [];
    const waiting = desk?.parked.length ?? 0;
    setText(this.#pickUp, texts.text('seat.pickUp'));
    setText(this.#unpark, waiting === 0 ? texts.text('seat.unpark') : `${texts.text('seat.unpark')} (${waiting}) ▾`);
    setText(this.#page, `${texts.text('seat.page')} ▾`);
    showPart(this.#pickUp, services.includes('pickUp') ? 'shown' : 'hidden');
    showPart(this.#unpark, services.includes('unpark') ? 'shown' : 'hidden');
    showPart(this.#page, services.includes('page') ? 'shown' : 'hidden');
    const usable = desk !== undefined && desk.link !== 'closed';
    for (const button of [this.#pickUp, this.#page]) button.disabled = !usable;
    this.#unpark.disabled = !usable || waiting === 0;
    if (waiting === 0) this.#parked.close();
    showPart(this.element, services.length > 0 ? 'shown' : 'hidden');
  }

  #do(work: (desk: AgentDesk) => Promise<unknown>): void {
    const desk = this.#host.desk();
    if (desk !== undefined) this.#host.attempt(() => work(desk));
  }

  #openParked(): void {
    const desk = this.#host.desk();
    if (this.#parked.isOpen || desk === undefined) return this.#parked.close();
    const texts = this.#host.texts();
    const items = desk.parked.map(({ slot, party, since }) => {
      const button = pushButton('', () => {
        this.#parked.close();
        this.#unpark.focus();
        this.#do((it) => it.unpark(slot));
      });
      const who = [party?.name, party?.number].filter((text) => text !== undefined && text !== '');
      const time = clockText(desk.serverNow() - since);
      button.textContent = [texts.text('park.slot', String(slot)), ...who, time].join(' · ');
      button.dataset.slot = String(slot);
      return button;
    });
    this.#parked.open(texts.text('seat.unpark'), items);
  }

  #openZones(): void {
    if (this.#zones.isOpen) return this.#zones.close();
    const texts = this.#host.texts();
    const items = [0, ...ZONES].map((zone) => {
      const button = pushButton('', () => {
        this.#zones.close();
        this.#page.focus();
        this.#do((desk) => desk.page(zone));
      });
      button.textContent = zone === 0 ? texts.text('seat.pageAll') : texts.text('seat.pageZone', String(zone));
      button.dataset.zone = String(zone);
      return button;
    });
    this.#zones.open(texts.text('seat.page'), items);
  }
}
