import type { CallNoteText } from '../desk/call-log.js';
import type { AgentDesk } from '../desk/types.js';
import { make, setText, showPart } from './dom.js';
import type { Texts } from './texts.js';

/** What a note panel tells its bar. */
export interface NoteHost {
  readonly desk: AgentDesk;
  readonly texts: () => Texts;
  readonly attempt: (work: () => Promise<unknown>) => void;
}

const NOTHING: CallNoteText = { category: '', ticket: '', text: '' };

/** Writes a category, a ticket and a text on a call. */
export class NotePanel {
  readonly element = make('form', { class: 'target' });
  readonly #host: NoteHost;
  readonly #callId: () => string;
  readonly #category = make('select');
  readonly #ticket = make('input', { attributes: { type: 'text', autocomplete: 'off', maxlength: '64' } });
  readonly #text = make('input', { attributes: { type: 'text', autocomplete: 'off', maxlength: '4000' } });
  readonly #save = make('button', { attributes: { type: 'submit' } });
  readonly #onSaved: () => void;
  /** What the server has of what is written here. */
  #saved: CallNoteText = NOTHING;

  /** @param onSaved - told when the server has it */
  constructor(host: NoteHost, callId: () => string, onSaved: () => void) {
    this.#host = host;
    this.#callId = callId;
    this.#onSaved = onSaved;
    this.#save.dataset.action = 'saveNote';
    this.element.append(this.#category, this.#ticket, this.#text, this.#save);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#write();
    });
  }

  /** Saves what was begun and not saved; nothing when nothing was. */
  saveWritten(): void {
    const { category, ticket, text } = this.#note();
    const saved = this.#saved;
    if (category !== saved.category || ticket !== saved.ticket || text !== saved.text) this.#write();
  }

  /** Goes on with what stands in another panel for the same call: a note is replaced as a whole. */
  goOnFrom(other: NotePanel): void {
    this.update();
    const { category, ticket, text } = other.#note();
    this.#category.value = category ?? '';
    this.#ticket.value = ticket ?? '';
    this.#text.value = text ?? '';
    this.#saved = other.#saved;
  }

  /** Shows it in the present language, with the site's categories. */
  update(): void {
    const texts = this.#host.texts();
    const fields = [
      [this.#category, 'note.category'],
      [this.#ticket, 'note.ticket'],
      [this.#text, 'note.text'],
    ] as const;
    for (const [field, key] of fields) field.setAttribute('aria-label', texts.text(key));
    this.#ticket.placeholder = texts.text('note.ticket');
    this.#text.placeholder = texts.text('note.text');
    setText(this.#save, texts.text('note.save'));
    const { callCategories } = this.#host.desk;
    showPart(this.#category, callCategories.length === 0 ? 'hidden' : 'shown');
    const [first] = this.#category.options;
    if (first !== undefined) setText(first, texts.text('note.category'));
    if (this.#category.options.length === callCategories.length + 1) return;
    const none = make('option', { text: texts.text('note.category'), attributes: { value: '' } });
    this.#category.replaceChildren(none, ...callCategories.map((text) => make('option', { text })));
  }

  #write(): void {
    const note = this.#note();
    this.#host.attempt(async () => {
      await this.#host.desk.writeNote(this.#callId(), note);
      this.#saved = note;
      this.#onSaved();
    });
  }

  #note(): CallNoteText {
    return { category: this.#category.value, ticket: this.#ticket.value.trim(), text: this.#text.value.trim() };
  }
}
