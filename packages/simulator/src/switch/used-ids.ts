/** Numbers above this have lost digits. */
const MAX_DIGITS = 15;
const ZERO = 48;
const NINE = 57;

/** Whole numbers from `from` to `to`, both included. */
interface Span {
  readonly from: number;
  to: number;
}

/**
 * Ids that were used once. Whoever names many numbers them, so that of ids that end in a number only the spans of the numbers are kept: as many as
 * there are gaps, however many ids there are.
 */
export class UsedIds {
  readonly #spans = new Map<string, Span[]>();
  readonly #others = new Set<string>();

  /** How much is kept: spans, and ids that end in no number. */
  get size(): number {
    let size = this.#others.size;
    for (const spans of this.#spans.values()) size += spans.length;
    return size;
  }

  /** Was this one used? */
  has(id: string): boolean {
    const at = numberAt(id);
    if (at === id.length) return this.#others.has(id);
    const spans = this.#spans.get(id.slice(0, at));
    if (spans === undefined) return false;
    const n = Number(id.slice(at));
    return (spans[before(spans, n)]?.to ?? -1) >= n;
  }

  /** It is used now. */
  add(id: string): void {
    const at = numberAt(id);
    if (at === id.length) {
      this.#others.add(id);
      return;
    }
    const stem = id.slice(0, at);
    const n = Number(id.slice(at));
    const spans = this.#spans.get(stem);
    if (spans === undefined) this.#spans.set(stem, [{ from: n, to: n }]);
    else widen(spans, n);
  }
}

function widen(spans: Span[], n: number): void {
  const at = before(spans, n);
  const [span, next] = [spans[at], spans[at + 1]];
  if (span !== undefined && span.to >= n) return;
  const joinsNext = next?.from === n + 1;
  if (span?.to === n - 1) {
    span.to = joinsNext ? next.to : n;
    if (joinsNext) spans.splice(at + 1, 1);
  } else if (joinsNext) spans[at + 1] = { from: n, to: next.to };
  else spans.splice(at + 1, 0, { from: n, to: n });
}

/** The place of the last span that begins at or before `n`; -1 when none does. Sought from the end: numbers mostly grow. */
function before(spans: readonly Span[], n: number): number {
  let at = spans.length - 1;
  while ((spans[at]?.from ?? -1) > n) at -= 1;
  return at;
}

/** Where the number at the end of an id begins; the length of the id when there is none that reads back as it stands. */
function numberAt(id: string): number {
  let at = id.length;
  while (at > 0 && isDigit(id.charCodeAt(at - 1))) at -= 1;
  const digits = id.length - at;
  return digits > MAX_DIGITS || (digits > 1 && id.charCodeAt(at) === ZERO) ? id.length : at;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
