import type { SerialSettings } from '../profile/index.js';
import { type CharacterShape, type Reading, SERIAL_LANGUAGES, type SerialLanguage } from './languages.js';

/** Does a language read some bytes? `garbled`: they make no sense in it; `weak`: they fit, and prove nothing. */
export type Fit = 'reads' | 'weak' | 'garbled' | 'silent';

/** Whether a reading shows that both ends are set alike: most of it must be whole. */
export function fitOf({ good, bad, weak }: Reading, bytes: number): Fit {
  if (bytes === 0) return 'silent';
  // The first line is often cut, and so is the last.
  if (good > 0 && good >= bad / 2) return 'reads';
  return weak > 0 && bad === 0 ? 'weak' : 'garbled';
}

/** How a language reads what came in. */
export const fitWith = (language: SerialLanguage, bytes: Uint8Array): Fit => fitOf(language.read(bytes), bytes.length);

/** A parity in the eighth bit: what a port that is set to eight bits without parity makes of seven bits with one. */
export interface EighthBit {
  readonly parity: 'even' | 'odd' | 'mark' | 'space';
  /** The bytes without it. */
  readonly bytes: Uint8Array;
}

/** Looks whether the eighth bit of all bytes is a parity of the seven others; undefined where it is not, or too few bytes are there to tell. */
export function eighthBitOf(bytes: Uint8Array): EighthBit | undefined {
  if (bytes.length < 8) return undefined;
  const ones = (byte: number): number => [...byte.toString(2)].filter((bit) => bit === '1').length;
  const all = (fits: (byte: number) => boolean): boolean => bytes.every(fits);
  const stripped = bytes.map((byte) => byte & 0x7f);
  // Without a single one in the eighth bit nothing says that it is a parity.
  if (all((byte) => byte < 0x80)) return undefined;
  if (all((byte) => ones(byte) % 2 === 0)) return { parity: 'even', bytes: stripped };
  if (all((byte) => ones(byte) % 2 === 1)) return { parity: 'odd', bytes: stripped };
  return all((byte) => byte >= 0x80) ? { parity: 'mark', bytes: stripped } : undefined;
}

/** The language that reads some bytes best, other than one; undefined: none does. */
export function otherLanguage(bytes: Uint8Array, except?: SerialLanguage): SerialLanguage | undefined {
  let best: { readonly language: SerialLanguage; readonly good: number } | undefined;
  for (const language of SERIAL_LANGUAGES) {
    if (language.id === except?.id || fitWith(language, bytes) !== 'reads') continue;
    const { good, bad } = language.read(bytes);
    // Fewer leftovers before more messages: a format with fewer columns may read lines of one with more.
    const score = good - bad * 2;
    if (best === undefined || score > best.good) best = { language, good: score };
  }
  return best?.language;
}

/** Settings worth a try, the likeliest first: the given rate with other shapes, the usual shape at other rates, then the rest. Each once; the given one is left out. */
export function settingsToTry(
  language: Pick<SerialLanguage, 'rates' | 'shapes'>,
  given: SerialSettings,
): readonly SerialSettings[] {
  const first = language.shapes[0];
  const likely: CharacterShape = first ?? given;
  const list = [
    ...language.shapes.map((shape) => ({ ...shape, baudRate: given.baudRate, flow: given.flow })),
    ...language.rates.map((baudRate) => ({ ...likely, baudRate, flow: given.flow })),
    ...language.rates.flatMap((baudRate) => language.shapes.map((shape) => ({ ...shape, baudRate, flow: given.flow }))),
  ];
  const seen = new Set([keyOf(given)]);
  return list.filter((settings) => {
    const key = keyOf(settings);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const keyOf = ({ baudRate, dataBits, parity, stopBits }: SerialSettings): string =>
  `${baudRate},${dataBits},${parity},${stopBits}`;

const LETTER = { none: 'N', even: 'E', odd: 'O', mark: 'M', space: 'S' } as const;
/** `9600 8N1`, as people say it. */
export const settingsText = ({ baudRate, dataBits, parity, stopBits }: Omit<SerialSettings, 'flow'>): string =>
  `${baudRate} ${dataBits}${LETTER[parity]}${stopBits}`;
