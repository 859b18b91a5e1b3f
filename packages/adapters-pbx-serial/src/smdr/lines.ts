/** What takes lines. `cut`: longer than allowed; `text` is its beginning. */
export type LineSink = (text: string, ending: 'whole' | 'cut') => void;

const LF = 10;

/** Puts lines together that may be cut anywhere and end with CR, LF or CRLF; a form feed ends one too. Holds no more than one line. */
export class LineCutter {
  readonly #maxLength: number;
  readonly #sink: LineSink;
  #held = '';
  #skipping = false;
  #afterCr = false;

  constructor(maxLength: number, sink: LineSink) {
    this.#maxLength = maxLength;
    this.#sink = sink;
  }

  /** Takes the next piece. */
  push(text: string): void {
    if (text.length === 0) return;
    let from = this.#afterCr && text.charCodeAt(0) === LF ? 1 : 0;
    this.#afterCr = false;
    let cr = text.indexOf('\r', from);
    let lf = text.indexOf('\n', from);
    let ff = text.indexOf('\f', from);
    for (;;) {
      const end = nearest(nearest(cr, lf), ff);
      if (end < 0) break;
      this.#end(from === end ? '' : text.slice(from, end));
      from = end + 1;
      if (end === cr) {
        if (lf === from) from += 1;
        else if (from === text.length) this.#afterCr = true;
        cr = text.indexOf('\r', from);
      }
      if (lf >= 0 && lf < from) lf = text.indexOf('\n', from);
      if (ff >= 0 && ff < from) ff = text.indexOf('\f', from);
    }
    if (from < text.length) this.#hold(from === 0 ? text : text.slice(from));
  }

  /** The line under way. */
  get held(): string {
    return this.#held;
  }

  /** What stands without an end of line; it is forgotten here. */
  take(): string {
    const held = this.#held;
    this.#held = '';
    this.#skipping = false;
    this.#afterCr = false;
    return held;
  }

  #hold(text: string): void {
    if (this.#skipping) return;
    this.#held += text;
    if (this.#held.length <= this.#maxLength) return;
    this.#sink(this.#held, 'cut');
    this.#held = '';
    this.#skipping = true;
  }

  #end(text: string): void {
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    const line = this.#held === '' ? text : this.#held + text;
    this.#held = '';
    this.#sink(line, line.length > this.#maxLength ? 'cut' : 'whole');
  }
}

const nearest = (a: number, b: number): number => (a < 0 ? b : b < 0 || a < b ? a : b);
