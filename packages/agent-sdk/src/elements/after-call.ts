import type { AgentDesk, Call } from '../desk/types.js';
import { peerText } from './call-card.js';
import { make, pushButton, setText, showPart } from './dom.js';
import { NotePanel } from './note-panel.js';
import type { Texts } from './texts.js';

/** What is left to write of the call with a customer that ended last, until it is saved, put away, or the next one ends: what stands in it by then is saved. */
export class AfterCall {
  readonly element = make('div', { class: 'after', attributes: { role: 'group' } });
  readonly #host: { readonly texts: () => Texts; readonly attempt: (work: () => Promise<unknown>) => void };
  readonly #who = make('span');
  readonly #close: HTMLButtonElement;
  #shown: { readonly call: Call; readonly panel: NotePanel } | undefined;

  constructor(host: { readonly texts: () => Texts; readonly attempt: (work: () => Promise<unknown>) => void }) {
    this.#host = host;
    this.#close = pushButton('', () => this.#put());
    this.#close.dataset.action = 'closeNote';
    showPart(this.element, 'hidden');
  }

  /**
   * A call has ended. One that became part of another, or was between colleagues, is none to write about.
   * @param begun - where a note on it may have been begun while it went on
   */
  ended(desk: AgentDesk, call: Call, begun?: NotePanel): void {
    if (call.end?.how === 'merged' || call.customer === undefined || call.consultOf !== undefined) return;
    this.#shown?.panel.saveWritten();
    const panel = new NotePanel(
      { desk, ...this.#host },
      () => call.id,
      () => (this.#shown?.panel === panel ? this.#put() : undefined),
    );
    if (begun !== undefined) panel.goOnFrom(begun);
    panel.read();
    this.#shown = { call, panel };
    this.element.replaceChildren(this.#who, panel.element, this.#close);
    showPart(this.element, 'shown');
    this.update();
  }

  /** Shows it in the present language. */
  update(): void {
    if (this.#shown === undefined) return;
    const texts = this.#host.texts();
    const who = texts.text('note.after', peerText(this.#shown.call, texts));
    setText(this.#who, who);
    setText(this.#close, texts.text('pop.dismiss'));
    this.element.setAttribute('aria-label', who);
    this.#shown.panel.update();
  }

  #put(): void {
    this.#shown = undefined;
    this.element.replaceChildren();
    showPart(this.element, 'hidden');
  }
}
