import { make, showPart } from './dom.js';

/** A list of buttons under the one that opens it: closed by Escape, by a choice and by leaving it. */
export class Menu {
  readonly element = make('div', { class: 'menu', attributes: { role: 'group' } });
  readonly #opener: HTMLButtonElement;

  /** @param around - what holds both; leaving it closes the menu */
  constructor(opener: HTMLButtonElement, around: HTMLElement) {
    this.#opener = opener;
    around.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.element.hidden) return;
      this.close();
      opener.focus();
    });
    around.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node) || !around.contains(event.relatedTarget)) this.close();
    });
    this.close();
  }

  /** Is it shown? */
  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Shows these and takes the focus to the first that can be pressed. */
  open(label: string, items: readonly HTMLElement[]): void {
    this.element.setAttribute('aria-label', label);
    this.element.replaceChildren(...items);
    showPart(this.element, 'shown');
    this.#opener.setAttribute('aria-expanded', 'true');
    this.element.querySelector('button')?.focus();
  }

  close(): void {
    showPart(this.element, 'hidden');
    this.#opener.setAttribute('aria-expanded', 'false');
  }
}
