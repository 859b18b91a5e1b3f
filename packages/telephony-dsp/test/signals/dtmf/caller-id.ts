import { type KeysSignal, type KeysSpec, sendKeys } from './keys.js';
import { type Random, seeded } from './noise.js';

/** What a DTMF caller ID says, and the digits that say it. */
export interface SentCallerId {
  readonly digits: string;
  readonly says: { readonly number?: string; readonly absence?: string; readonly redirecting?: string };
}

const decimal = (random: Random, length: number): string =>
  Array.from({ length }, () => String(random.integer(0, 9))).join('');

/** The forms, written from ETSI EN 300 659-1 annex B and what exchanges of several countries send. */
export const FORMS: Readonly<Record<string, (random: Random) => SentCallerId>> = {
  'A..C': (r) => saying(decimal(r, r.integer(3, 16)), (n) => `A${n}C`),
  'D..C': (r) => saying(decimal(r, r.integer(3, 16)), (n) => `D${n}C`),
  'A..D..C': (r) => forwarded(r, (n, f) => `A${n}D${f}C`),
  'A..D..B..C': (r) => forwarded(r, (n, f) => `A${n}D${f}B${decimal(r, 3)}C`),
  'A..B..C': (r) => saying(decimal(r, 11), (n) => `A${n}B555C`),
  B00C: () => ({ digits: 'B00C', says: { absence: 'O' } }),
  B10C: () => ({ digits: 'B10C', says: { absence: 'P' } }),
  'D..B10C': (r) => {
    const redirecting = decimal(r, 8);
    return { digits: `D${redirecting}B10C`, says: { absence: 'P', redirecting } };
  },
  'A..#': (r) => saying(decimal(r, 8), (n) => `A${n}#`),
  '..#': (r) => saying(decimal(r, r.integer(3, 12)), (n) => `${n}#`),
  'D1#': () => ({ digits: 'D1#', says: { absence: 'P' } }),
  'D2#': () => ({ digits: 'D2#', says: { absence: 'I' } }),
  'D3#': () => ({ digits: 'D3#', says: { absence: 'O' } }),
};

function saying(number: string, write: (number: string) => string): SentCallerId {
  return { digits: write(number), says: { number } };
}

function forwarded(random: Random, write: (number: string, from: string) => string): SentCallerId {
  const number = decimal(random, 11);
  const redirecting = decimal(random, random.integer(3, 11));
  return { digits: write(number, redirecting), says: { number, redirecting } };
}

/** What may happen to it on the line. */
export const CIRCUMSTANCES: Readonly<Record<string, (random: Random) => KeysSpec>> = {
  plain: () => ({}),
  'before ring': () => ({ leadMs: 600, tailMs: 1500 }),
  quick: () => ({ toneMs: 50, gapMs: 50 }),
  slow: (r) => ({ toneMs: r.between(80, 110), gapMs: r.between(80, 110) }),
  faint: (r) => ({ lowDbm0: r.between(-32, -26) }),
  noise: (r) => ({ snrDb: r.between(12, 20) }),
  'after a reversal': (r) => ({ leadMs: 700, clickAtMs: r.between(100, 450) }),
  'between rings': () => ({ leadMs: 2200, tailMs: 1500, ringBeforeMs: 1100 }),
  twisted: (r) => ({ twistDb: r.between(-5, 5), lowOffset: r.between(-0.014, 0.014) }),
  hum: (r) => ({ hum: r.between(-25, -12), dc: r.between(-2000, 2000) }),
};

/** One call's identity as samples. */
export function callerIdCase(form: string, circumstance: string, seed: number): KeysSignal & { sent: SentCallerId } {
  const random = seeded(seed);
  const make = FORMS[form];
  const spoil = CIRCUMSTANCES[circumstance];
  if (make === undefined || spoil === undefined) throw new RangeError(`${form} ${circumstance}`);
  const sent = make(random);
  return { sent, ...sendKeys(sent.digits, { toneMs: 70, gapMs: 70, tailMs: 600, ...spoil(random) }, random) };
}
