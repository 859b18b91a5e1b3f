/** How a hotel system frames its records: with a check and answers on a serial line, with neither on TCP. */
export type HotelFraming = 'serial' | 'stream';

/** What came in: a record's text, a single control character, or rubbish. */
export type HotelInput =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'sign'; readonly sign: 'ACK' | 'NAK' | 'ENQ' }
  | { readonly kind: 'bad' };

const SIGNS: Readonly<Record<string, 'ACK' | 'NAK' | 'ENQ'>> = { '\x06': 'ACK', '\x15': 'NAK', '\x05': 'ENQ' };
const MAX_HELD = 8_192;

/** Sum of a record by exclusive or, its ETX included. */
const checkOf = (text: string): string =>
  String.fromCharCode([...text].reduce((sum, character) => sum ^ character.charCodeAt(0), 0));

/** The bytes of a record; its text is ISO 8859-1 here. */
export function hotelFrame(text: string, framing: HotelFraming): Buffer {
  const body = `${text}\x03`;
  return Buffer.from(`\x02${body}${framing === 'serial' ? checkOf(body) : ''}`, 'latin1');
}

/** Reads what the other side sends, in pieces of any size. */
export class HotelReader {
  readonly #framing: HotelFraming;
  #held = '';

  constructor(framing: HotelFraming) {
    this.#framing = framing;
  }

  /** Forgets what is held, as for a new connection. */
  reset(): void {
    this.#held = '';
  }

  /** Takes the next bytes and gives what they complete. */
  read(bytes: Uint8Array): HotelInput[] {
    this.#held += Buffer.from(bytes).toString('latin1');
    const inputs: HotelInput[] = [];
    while (this.#held !== '') {
      const sign = SIGNS[this.#held.charAt(0)];
      if (sign !== undefined) {
        inputs.push({ kind: 'sign', sign });
        this.#held = this.#held.slice(1);
      } else if (this.#held.charAt(0) !== '\x02') {
        this.#held = this.#held.slice(1);
      } else if (!this.#whole(inputs)) break;
    }
    if (this.#held.length > MAX_HELD) this.#held = '';
    return inputs;
  }

  /** Takes one record off the front; `false` while it is not whole. */
  #whole(inputs: HotelInput[]): boolean {
    const end = this.#held.indexOf('\x03');
    const next =
      this.#held.search(/[\x02\x05\x06\x15]/u) === 0 ? this.#held.slice(1).search(/[\x02\x05\x06\x15]/u) + 1 : -1;
    if (next > 0 && (end < 0 || next < end)) {
      inputs.push({ kind: 'bad' });
      this.#held = this.#held.slice(next);
      return true;
    }
    const length = end + (this.#framing === 'serial' ? 2 : 1);
    if (end < 0 || this.#held.length < length) return false;
    const text = this.#held.slice(1, end);
    const isGood = this.#framing === 'stream' || this.#held.charAt(end + 1) === checkOf(this.#held.slice(1, end + 1));
    inputs.push(isGood ? { kind: 'text', text } : { kind: 'bad' });
    this.#held = this.#held.slice(length);
    return true;
  }
}

/** The fields of a record by their two letters, behind its id. */
export function hotelFields(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('|')
      .slice(1)
      .filter((part) => part.length >= 2)
      .map((part) => [part.slice(0, 2), part.slice(2)]),
  );
}
