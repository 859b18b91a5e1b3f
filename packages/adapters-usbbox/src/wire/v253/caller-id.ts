import { type CallerIdEvent, decodeCallerName, hexToBytes, parseCallerIdMessage } from '@cordboard/telephony-dsp';
import type { V253Line } from './lines.js';

/** A caller as a modem hands it over. */
export type ModemCallerId = Omit<CallerIdEvent, 'type' | 'atMs' | 'detectedMs'>;

const ABSENCE = /^[OPCIS]$/;

/** Puts the lines of one formatted caller ID (`+VCID=1`) together. */
export class CallerIdLines {
  #fields = new Map<string, string>();

  /** Nothing has come. */
  get isEmpty(): boolean {
    return this.#fields.size === 0;
  }

  /** One more line of it. */
  take(line: Extract<V253Line, { type: 'callerId' }>): void {
    this.#fields.set(line.field, line.value.slice(0, 200));
  }

  /**
   * No more lines come (a ring, or a pause): what they say, and forgets it.
   * @returns `undefined` where there is neither a number nor why there is none
   */
  finish(): ModemCallerId | undefined {
    const fields = this.#fields;
    this.#fields = new Map();
    const number = fields.get('number') ?? '';
    const named = nameOf(fields.get('name') ?? '');
    const datetime = `${fields.get('date') ?? ''}${fields.get('time') ?? ''}`;
    const dated = /^\d{8}$/.test(datetime) ? { datetime } : {};
    // Some modems write why the number is absent as one letter, others as a word.
    const absence = absenceOf(number);
    if (absence !== undefined) return { method: 'fsk', absence, ...named, ...dated };
    if (/^[0-9*#+A-D]{1,40}$/.test(number)) return { method: 'fsk', number, ...named, ...dated };
    return undefined;
  }
}

/** Reads a packet in hex (`+VCID=2`): every rule of its format must hold, or nothing is told. */
export function readCallerIdHex(hex: string): ModemCallerId | undefined {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) return undefined;
  const parse = parseCallerIdMessage(withChecksum(bytes));
  if (!parse.ok || parse.message.type !== 'cid') return undefined;
  const { type: _type, ...fields } = parse.message;
  return { ...fields, method: 'fsk' };
}

/** Modems leave the checksum away, as they have tested it, or hand it on. */
function withChecksum(bytes: Uint8Array): Uint8Array {
  const told = 2 + (bytes[1] ?? 0);
  if (bytes.length !== told) return bytes;
  let sum = 0;
  for (const byte of bytes) sum += byte;
  const whole = new Uint8Array(told + 1);
  whole.set(bytes);
  whole[told] = -sum & 0xff;
  return whole;
}

function absenceOf(number: string): ModemCallerId['absence'] {
  const upper = number.toUpperCase();
  if (ABSENCE.test(upper) && upper !== 'C') return upper as NonNullable<ModemCallerId['absence']>;
  if (upper === 'PRIVATE' || upper === 'BLOCKED' || upper === 'WITHHELD') return 'P';
  return upper === 'OUT_OF_AREA' || upper === 'OUT OF AREA' || upper === 'UNAVAILABLE' ? 'O' : undefined;
}

/** A name comes as its bytes; a lonely letter says why there is none. */
function nameOf(text: string): Pick<ModemCallerId, 'name' | 'nameAbsence'> {
  if (text === '' || text === '-') return {};
  if (ABSENCE.test(text)) return { nameAbsence: text as NonNullable<ModemCallerId['nameAbsence']> };
  return { name: decodeCallerName(Uint8Array.from(text, (each) => each.charCodeAt(0) & 0xff)) };
}
