import type { AgentDesk } from '../desk/types.js';
import { make, pushButton, setText, showPart } from './dom.js';
import { keypad } from './keypad.js';
import { Menu } from './menu.js';
import type { Texts } from './texts.js';

/** What the dialler tells its bar. */
export interface DialHost {
  readonly texts: () => Texts;
  readonly desk: () => AgentDesk | undefined;
  readonly attempt: (work: () => Promise<unknown>) => void;
}

/** A field, a button, and twelve keys for those who like them. */
export class Dialer {
  readonly element = make('form', { class: 'dial' });
  readonly #host: DialHost;
  readonly #field = make('input', { attributes: { type: 'tel', autocomplete: 'off', name: 'to' } });
  readonly #call = make('button', { attributes: { type: 'submit' } });
  readonly #again: HTMLButtonElement;
  readonly #open: HTMLButtonElement;
  readonly #speed: HTMLButtonElement;
  readonly #around = make('div', { class: 'me' });
  readonly #menu: Menu;
  readonly #pad = make('div', { class: 'pad' });

  constructor(host: DialHost) {
    this.#host = host;
    this.#call.dataset.action = 'dial';
    this.#again = pushButton('', () => {
      const desk = this.#host.desk();
      if (desk !== undefined) this.#host.attempt(() => desk.redial());
    });
    this.#again.dataset.action = 'redial';
    this.#open = pushButton('', () => {
      const open = this.#pad.hidden;
      showPart(this.#pad, open ? 'shown' : 'hidden');
      this.#open.setAttribute('aria-expanded', String(open));
    });
    this.#open.dataset.action = 'keypad';
    this.#open.setAttribute('aria-expanded', 'false');
    this.#speed = pushButton('', () => this.#toggle());
    this.#speed.dataset.action = 'speedDial';
    this.#menu = new Menu(this.#speed, this.#around);
    this.#around.append(this.#speed, this.#menu.element);
    const keys = keypad((key) => {
      this.#field.value += key;
    });
    this.#pad.append(keys);
    showPart(this.#pad, 'hidden');
    this.element.append(this.#field, this.#call, this.#again, this.#around, this.#open, this.#pad);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#dial();
    });
  }

  /** Shows the present state. */
  update(): void {
    const texts = this.#host.texts();
    const desk = this.#host.desk();
    setText(this.#call, texts.text('dial.call'));
    setText(this.#open, '⌨');
    this.#open.setAttribute('aria-label', texts.text('dial.keypad'));
    this.#open.title = texts.text('dial.keypad');
    this.#field.placeholder = texts.text('dial.label');
    this.#field.setAttribute('aria-label', texts.text('dial.label'));
    this.#call.disabled = desk === undefined || desk.agent.state === 'loggedOff' || desk.link === 'closed';
    setText(this.#again, texts.text('dial.redial'));
    setText(this.#speed, `${texts.text('dial.speed')} ▾`);
    showPart(this.#around, (desk?.speedDial.length ?? 0) > 0 ? 'shown' : 'hidden');
    this.#speed.disabled = this.#call.disabled;
    this.#again.disabled = this.#call.disabled || desk?.canRedial !== true;
  }

  #toggle(): void {
    if (this.#menu.isOpen) {
      this.#menu.close();
      return;
    }
    const items = (this.#host.desk()?.speedDial ?? []).map(({ code, name, number }) => {
      const button = pushButton('', () => {
        this.#menu.close();
        this.#speed.focus();
        this.#reach(`speed:${code}`);
      });
      const shown = number === undefined || number === name ? '' : ` · ${number}`;
      button.textContent = `${code} · ${name}${shown}`;
      button.dataset.code = code;
      return button;
    });
    this.#menu.open(this.#host.texts().text('dial.speed'), items);
  }

  #dial(): void {
    const to = this.#field.value.trim();
    if (to === '') this.#field.focus();
    else this.#reach(to);
  }

  #reach(to: string): void {
    const desk = this.#host.desk();
    if (desk === undefined) return;
    this.#host.attempt(async () => {
      const dialled = desk.dial(to);
      // What was tried can be tried again, whether it came to a call or not.
      this.update();
      await dialled;
      this.#field.value = '';
    });
  }
}
