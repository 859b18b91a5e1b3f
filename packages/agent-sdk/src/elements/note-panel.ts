import { isCtiError } from '@cordboard/cti-core';
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

type Fields = Required<CallNoteText>;

const NOTHING: Fields = { category: '', ticket: '', text: '' };
/** How long the server may take to tell what stands on a call. */
const readMs = 10_000;

/** Writes a category, a ticket and a text on a call, from what stands there on. */
export class NotePanel {
  readonly element = make('form', { class: 'target' });
  readonly #host: NoteHost;
  readonly #callId: () => string;
  readonly #category = make('select');
  readonly #ticket = make('input', { attributes: { type: 'text', autocomplete: 'off', maxlength: '64' } });
  readonly #text = make('input', {
    class: 'words',
    attributes: { type: 'text', autocomplete: 'off', maxlength: '4000' },
  });
  readonly #save = make('button', { attributes: { type: 'submit' } });
  readonly #told = make('span');
  readonly #onSaved: () => void;
  /** What the server has of what is written here, as far as it was asked. */
  #saved: Fields = NOTHING;
  #known: 'unread' | 'reading' | 'read' | 'failed' = 'unread';
  #reading: Promise<void> | undefined;
  #writes = 0;
  /** Is a word of the text made of several keys just now? */
  #composes = false;

  /** @param onSaved - told when the server has it */
  constructor(host: NoteHost, callId: () => string, onSaved: () => void) {
    this.#host = host;
    this.#callId = callId;
    this.#onSaved = onSaved;
    this.#save.dataset.action = 'saveNote';
    this.element.append(this.#category, this.#ticket, this.#text, this.#save, this.#told);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#write();
    });
    this.#text.addEventListener('compositionstart', () => {
      this.#composes = true;
    });
    this.#text.addEventListener('compositionend', () => {
      this.#composes = false;
      if (this.#known === 'unread') this.read();
    });
  }

  /** Fills in what stands on the call. What was written here meanwhile stays. */
  read(): void {
    // Whoever saves is told why it could not be read.
    this.#read().catch(() => undefined);
  }

  /** Saves what was begun and not saved; nothing when nothing was. */
  saveWritten(): void {
    const { category, ticket, text } = this.#note();
    const saved = this.#saved;
    if (category !== saved.category || ticket !== saved.ticket || text !== saved.text) this.#write();
  }

  /** Goes on with what stands in another panel for the same call: a note is replaced as a whole. */
  goOnFrom(other: NotePanel): void {
    this.#saved = other.#saved;
    this.update();
    this.#category.value = other.#category.value;
    this.#ticket.value = other.#ticket.value;
    this.#text.value = other.#text.value;
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
    this.#showCategories(texts);
    this.#showKnown();
  }

  /** The site's categories, and the one that stands on the call should the site have given it up. */
  #showCategories(texts: Texts): void {
    const { callCategories } = this.#host.desk;
    const names = [...new Set([...callCategories, this.#saved.category])].filter((name) => name !== '');
    showPart(this.#category, names.length === 0 ? 'hidden' : 'shown');
    const [first, ...shown] = this.#category.options;
    if (first !== undefined) setText(first, texts.text('note.category'));
    if (first !== undefined && shown.map(({ value }) => value).join('\n') === names.join('\n')) return;
    const chosen = this.#category.value;
    const none = make('option', { text: texts.text('note.category'), attributes: { value: '' } });
    this.#category.replaceChildren(none, ...names.map((text) => make('option', { text })));
    this.#category.value = names.includes(chosen) ? chosen : '';
  }

  #showKnown(): void {
    const texts = this.#host.texts();
    const key = this.#known === 'reading' ? 'note.loading' : this.#known === 'failed' ? 'note.unread' : undefined;
    const told = key === undefined ? '' : texts.text(key);
    setText(this.#told, told);
    this.#text.setAttribute('aria-description', told);
    showPart(this.#told, key === undefined ? 'hidden' : 'shown');
  }

  #read(): Promise<void> {
    this.#reading ??= this.#ask().finally(() => {
      this.#reading = undefined;
      this.#showKnown();
    });
    this.#showKnown();
    return this.#reading;
  }

  async #ask(): Promise<void> {
    this.#known = 'reading';
    const writes = this.#writes;
    try {
      const note = await this.#host.desk.readNote(this.#callId(), { signal: AbortSignal.timeout(readMs) });
      // A text that changes under an input method loses the word that is being made.
      if (this.#composes) this.#known = 'unread';
      // What was saved from here since it was asked for is newer.
      else if (writes !== this.#writes) this.#known = 'read';
      else this.#fill({ ...NOTHING, ...note });
    } catch (cause) {
      const code = isCtiError(cause) ? cause.code : undefined;
      // An older server tells no notes: what is written takes their place unseen, as it always did there.
      if (code === 'resource.notFound') this.#known = 'read';
      else {
        // On a call without a record nothing can be written either: time enough to say so to who tries.
        this.#known = code === 'cdr.notFound' ? 'unread' : 'failed';
        throw cause;
      }
    }
  }

  #fill({ category, ticket, text }: Fields): void {
    const before = this.#saved;
    const written = this.#note();
    this.#saved = { category, ticket, text };
    this.#known = 'read';
    this.#showCategories(this.#host.texts());
    if (written.category === before.category) this.#category.value = category;
    if (written.ticket === before.ticket) setValue(this.#ticket, lineOf(ticket));
    if (written.text === before.text) setValue(this.#text, lineOf(text));
    // Begun before it was known that something stands there: that is not to be lost by saving.
    else if (before.text === '' && text !== '' && written.text !== lineOf(text))
      this.#text.setRangeText(`${lineOf(text)} · `, 0, 0, 'preserve');
  }

  #write(): void {
    this.#composes = false;
    this.#host.attempt(async () => {
      // A note is replaced as a whole: not one that nobody here has seen.
      if (this.#known !== 'read') await this.#read();
      const note = this.#note();
      await this.#host.desk.writeNote(this.#callId(), note);
      this.#saved = note;
      this.#writes += 1;
      this.#onSaved();
    });
  }

  #note(): Fields {
    const { ticket, text } = this.#saved;
    return {
      category: this.#category.value,
      ticket: saidIn(this.#ticket, ticket),
      text: saidIn(this.#text, text),
    };
  }
}

/** A field is one line, what other programs write may be several. */
function lineOf(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/gu, ' ').trim();
}

/** What a field says; where nobody has changed it, all of what is stored. */
function saidIn(field: HTMLInputElement, stored: string): string {
  const value = field.value.trim();
  return value === lineOf(stored) ? stored : value;
}

/** Sets a value only when it differs, so that the cursor stays where it is. */
function setValue(field: HTMLInputElement, value: string): void {
  if (field.value.trim() !== value) field.value = value;
}
