/** How one byte of sound stands for a sample. */
export type SoundCoding = 'unsigned' | 'signed' | 'ulaw' | 'alaw';

/** One way of a modem to send sound (`AT+VSM`). */
export interface SoundFormat {
  /** The first figure of `AT+VSM=`. */
  readonly method: number;
  readonly coding: SoundCoding;
  /** Samples a second. */
  readonly rate: number;
}

/** Rates that modems name and the resampler takes. */
const RATES = { min: 6_000, max: 48_000 } as const;

/**
 * Reads one line of what a modem answers to `AT+VSM=?`: its number, its name, the rates (alone, in brackets, as a range).
 * @returns the formats of it that are one byte a sample; none of a line that is not understood
 */
export function readFormats(line: string): SoundFormat[] {
  const match = /^(?:\+VSM:?\s*)?\(?\s*(\d{1,3})\s*,\s*"([^"]{1,60})"\s*,?(.*)$/.exec(line.trim());
  if (match === null) return [];
  const [, method = '', name = '', rest = ''] = match;
  const coding = codingOf(name);
  if (coding === undefined) return [];
  const rates = new Set<number>();
  for (const [, low = '', high = ''] of rest.matchAll(/(\d{4,5})(?:\s*-\s*(\d{4,5}))?/g)) {
    rates.add(Number(low));
    if (high === '') continue;
    rates.add(Number(high));
    if (Number(low) <= 8_000 && Number(high) >= 8_000) rates.add(8_000);
  }
  return [...rates]
    .filter((rate) => rate >= RATES.min && rate <= RATES.max)
    .map((rate) => ({ method: Number(method), coding, rate }));
}

function codingOf(name: string): SoundCoding | undefined {
  const upper = name.toUpperCase();
  if (/ADPCM|GSM|16|G\.?72\d/.test(upper)) return undefined;
  if (/U-?LAW|MU-?LAW|µ-?LAW/.test(upper)) return 'ulaw';
  if (/A-?LAW/.test(upper)) return 'alaw';
  if (/UNSIGNED|8-?\s?BIT LINEAR|LINEAR/.test(upper))
    return /(^|[^N])SIGNED/.test(upper) && !upper.includes('UNSIGNED') ? 'signed' : 'unsigned';
  return upper.includes('SIGNED') ? 'signed' : undefined;
}

const WORTH: Readonly<Record<SoundCoding, number>> = { unsigned: 2, signed: 2, ulaw: 3, alaw: 3 };

/**
 * The best of several: 8,000 samples a second first, for nothing need be resampled, then G.711 (38 dB from loud to quiet, where linear 8 bit
 * drowns a quiet key), then linear.
 */
export function bestFormat(
  formats: readonly SoundFormat[],
  wish: { readonly coding?: SoundCoding; readonly rate?: number },
): SoundFormat | undefined {
  const fits = formats.filter(
    ({ coding, rate }) =>
      (wish.coding === undefined || coding === wish.coding) && (wish.rate === undefined || rate === wish.rate),
  );
  const worth = ({ coding, rate }: SoundFormat): number =>
    (rate === 8_000 ? 100 : 0) + WORTH[coding] - Math.abs(rate - 8_000) / 10_000;
  return fits.sort((a, b) => worth(b) - worth(a))[0];
}
