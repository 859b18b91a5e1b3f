import { addEcho, addNoise, addTone, bandLimit, compand, peakOf, type Random, seeded, toInt16 } from './noise.js';
import { addMusic, addVoice } from './voices.js';

/** Written from ITU-T Q.23; nothing here comes from the package. */
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477, 1633];
const PAD = ['123A', '456B', '789C', '*0#D'];

/** How a run of keys is sent and what happens to it. */
export interface KeysSpec {
  readonly toneMs?: number;
  readonly gapMs?: number;
  readonly leadMs?: number;
  readonly tailMs?: number;
  readonly lowDbm0?: number;
  readonly twistDb?: number;
  readonly lowOffset?: number;
  readonly highOffset?: number;
  /** Both tones together against noise from 0 to 4000 Hz. */
  readonly snrDb?: number;
  /** A hole in the middle third of each tone. */
  readonly dropOutMs?: number;
  readonly dialToneHz?: readonly number[];
  readonly dialToneDbm0?: number;
  readonly promptDbm0?: number;
  readonly promptOverMs?: number;
  readonly hum?: number;
  readonly dc?: number;
  readonly gainDb?: number;
  readonly law?: 'a' | 'mu';
  readonly band?: boolean;
  readonly echo?: { readonly delayMs: number; readonly db: number };
  readonly impulses?: number;
  /** Only the row's, or only the column's tone. */
  readonly only?: 'row' | 'column';
  readonly ringBeforeMs?: number;
  readonly clickAtMs?: number;
}

/** A signal and what is in it. */
export interface KeysSignal {
  readonly samples: Int16Array;
  readonly keys: readonly { readonly digit: string; readonly atMs: number; readonly toneMs: number }[];
}

/** Sends digits. */
export function sendKeys(digits: string, spec: KeysSpec, random: Random): KeysSignal {
  const { toneMs = 70, gapMs = 70, leadMs = 400, tailMs = 300 } = spec;
  const x = new Float64Array(Math.round((leadMs + digits.length * (toneMs + gapMs) + tailMs) * 8));
  const keys = [];
  const low = peakOf(spec.lowDbm0 ?? -9);
  const high = low * 10 ** ((spec.twistDb ?? 0) / 20);
  // Not always on a whole sample, let alone on somebody's raster.
  const shift = random.next();
  for (const [n, digit] of [...digits].entries()) {
    const row = PAD.findIndex((line) => line.includes(digit));
    const column = PAD[row]?.indexOf(digit) ?? 0;
    const atMs = leadMs + n * (toneMs + gapMs) + shift;
    const rowHz = (ROWS[row] ?? 0) * (1 + (spec.lowOffset ?? 0));
    const columnHz = (COLUMNS[column] ?? 0) * (1 + (spec.highOffset ?? 0));
    const phase1 = random.between(0, 2 * Math.PI);
    const phase2 = random.between(0, 2 * Math.PI);
    const first = Math.ceil(atMs * 8);
    const last = Math.floor((atMs + toneMs) * 8);
    const holeAt = atMs + toneMs * random.between(0.35, 0.65) - (spec.dropOutMs ?? 0) / 2;
    for (let i = first; i <= last; i++) {
      const t = i / 8;
      if (spec.dropOutMs !== undefined && t >= holeAt && t < holeAt + spec.dropOutMs) continue;
      if (spec.only !== 'column') x[i] = (x[i] ?? 0) + low * Math.sin((2 * Math.PI * rowHz * i) / 8000 + phase1);
      if (spec.only !== 'row') x[i] = (x[i] ?? 0) + high * Math.sin((2 * Math.PI * columnHz * i) / 8000 + phase2);
    }
    keys.push({ digit, atMs, toneMs });
  }
  spoil(x, spec, random, { power: (low * low + high * high) / 2, firstToneEndsMs: leadMs + toneMs });
  return { samples: toInt16(x), keys };
}

function spoil(
  x: Float64Array,
  spec: KeysSpec,
  random: Random,
  sent: { power: number; firstToneEndsMs: number },
): void {
  const allMs = x.length / 8;
  if (spec.echo !== undefined) addEcho(x, spec.echo.delayMs, spec.echo.db);
  for (const hz of spec.dialToneHz ?? []) {
    addTone(x, hz, spec.dialToneDbm0 ?? -10, {
      fromMs: 0,
      toMs: sent.firstToneEndsMs + 20,
      phase: random.between(0, 6),
    });
  }
  if (spec.promptDbm0 !== undefined) {
    addVoice(x, spec.promptDbm0, random, { fromMs: 0, toMs: spec.promptOverMs ?? allMs });
  }
  if (spec.ringBeforeMs !== undefined) addTone(x, 25, 0, { fromMs: 100, toMs: spec.ringBeforeMs });
  if (spec.clickAtMs !== undefined) {
    const at = Math.round(spec.clickAtMs * 8);
    for (let i = 0; i < 400; i++) x[at + i] = (x[at + i] ?? 0) + 20000 * Math.exp(-i / 40) * (i % 7 < 3 ? 1 : -0.6);
  }
  if (spec.hum !== undefined)
    for (const h of [50, 100, 150]) addTone(x, h, spec.hum - (h - 50) / 10, { fromMs: 0, toMs: allMs });
  for (let n = 0; n < (spec.impulses ?? 0); n++) {
    const at = random.integer(0, x.length - 5);
    for (let i = 0; i < 4; i++) x[at + i] = (x[at + i] ?? 0) + 12000 * (i % 2 === 0 ? 1 : -1);
  }
  if (spec.snrDb !== undefined) addNoise(x, Math.sqrt(sent.power / 10 ** (spec.snrDb / 10)), random);
  if (spec.band === true) bandLimit(x);
  const gain = 10 ** ((spec.gainDb ?? 0) / 20);
  if (gain !== 1 || spec.dc !== undefined)
    for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) * gain + (spec.dc ?? 0);
  if (spec.law !== undefined) compand(x, spec.law);
}

const ALL = '0123456789*#ABCD';

/** Digits at random; half of them are the one before again. */
export function randomDigits(random: Random, length: number, from: string = ALL): string {
  let digits = '';
  while (digits.length < length) {
    const last = digits.at(-1);
    digits += last !== undefined && random.next() < 0.3 ? last : random.pick([...from]);
  }
  return digits;
}

type Maker = (random: Random) => KeysSpec;

/** What must be taken, by name of the category. */
export const TAKEN: Readonly<Record<string, Maker>> = {
  clean: (r) => ({ toneMs: r.between(40, 120), gapMs: r.between(40, 120), lowDbm0: r.between(-20, -5) }),
  level: (r) => ({ toneMs: r.between(50, 100), lowDbm0: r.between(-36, -3) }),
  noise: (r) => ({ toneMs: r.between(60, 80), gapMs: r.between(50, 80), snrDb: r.pick([20, 15, 12, 10, 8]) }),
  freq: (r) => {
    const off = r.pick([-0.015, -0.01, 0.01, 0.015]);
    return { toneMs: r.between(45, 90), lowOffset: off, highOffset: r.next() < 0.5 ? off : -off };
  },
  edgeFreq: (r) => ({
    toneMs: r.between(50, 90),
    lowOffset: r.pick([-1, 1]) * 0.0178,
    highOffset: r.pick([-1, 1]) * 0.0162,
  }),
  twist: (r) => ({ toneMs: r.between(45, 90), twistDb: r.between(-8, 8), lowDbm0: r.between(-20, -9) }),
  break: (r) => ({ toneMs: r.between(70, 110), gapMs: r.between(40, 80), dropOutMs: r.pick([5, 8, 10]) }),
  dialtone: (r) => ({
    toneMs: r.between(50, 100),
    dialToneHz: r.pick([[450], [425], [350, 440], [400]]),
    dialToneDbm0: r.between(-13, -3),
  }),
  prompt: (r) => ({ toneMs: r.between(70, 100), gapMs: r.between(70, 110), promptDbm0: r.pick([-25, -23, -20]) }),
  line: (r) => ({
    toneMs: r.between(45, 90),
    law: r.pick(['a', 'mu'] as const),
    band: r.next() < 0.5,
    hum: r.between(-40, -15),
    dc: r.between(-3000, 3000),
    twistDb: r.between(-4, 4),
  }),
  echo: (r) => ({
    toneMs: r.between(60, 90),
    gapMs: r.between(60, 90),
    echo: { delayMs: r.between(5, 45), db: r.between(-30, -12) },
  }),
  clipped: (r) => ({ toneMs: r.between(50, 90), lowDbm0: -6, gainDb: r.between(2, 6) }),
  impulses: (r) => ({ toneMs: r.between(60, 90), impulses: r.integer(1, 6) }),
};

/** What should be taken where it can be. */
export const STRETCH: Readonly<Record<string, Maker>> = {
  snr6: (r) => ({ toneMs: r.between(55, 70), gapMs: r.between(50, 70), snrDb: 6 }),
  snr4: (r) => ({ toneMs: r.between(55, 70), gapMs: r.between(50, 70), snrDb: 4 }),
  snr3: (r) => ({ toneMs: r.between(55, 70), gapMs: r.between(50, 70), snrDb: 3 }),
  short: () => ({ toneMs: 30, gapMs: 30 }),
  mix: (r) => ({
    toneMs: 45,
    gapMs: 45,
    snrDb: 15,
    twistDb: r.pick([-6, 6]),
    lowOffset: 0.012 * r.pick([-1, 1]),
    highOffset: 0.012 * r.pick([-1, 1]),
  }),
};

/** What must not be taken. */
export const REFUSED: Readonly<Record<string, Maker>> = {
  offFrequency: (r) => {
    const off = r.pick([-0.045, -0.035, 0.035, 0.045]);
    return { toneMs: r.between(60, 120), lowOffset: off, highOffset: off };
  },
  oneOff: (r) => ({
    toneMs: r.between(60, 120),
    ...(r.next() < 0.5 ? { lowOffset: r.pick([-0.036, 0.036]) } : { highOffset: r.pick([-0.036, 0.036]) }),
  }),
  brief: (r) => ({ toneMs: r.pick([8, 10, 15, 20]), gapMs: r.between(60, 120) }),
  single: (r) => ({ toneMs: r.between(60, 120), only: r.pick(['row', 'column'] as const) }),
  faint: (r) => ({ toneMs: 80, lowDbm0: r.between(-64, -56), snrDb: r.pick([30, 40]) }),
  uneven: (r) => ({ toneMs: 80, lowDbm0: -25, twistDb: 20, ...(r.next() < 0.5 ? {} : { lowDbm0: -5, twistDb: -20 }) }),
};

/** A case of a category by its seed. */
export function keysCase(maker: Maker, seed: number): KeysSignal {
  const random = seeded(seed);
  const spec = maker(random);
  return sendKeys(randomDigits(random, random.integer(6, 16)), { leadMs: random.between(250, 700), ...spec }, random);
}

/** Talk or music of so many seconds in which nothing is keyed. */
export function talkCase(kind: 'voice' | 'music', seconds: number, seed: number): Int16Array {
  const random = seeded(seed);
  const x = new Float64Array(Math.round(seconds * 8000));
  const dbm0 = random.between(-25, -8);
  if (kind === 'voice') addVoice(x, dbm0, random);
  else addMusic(x, dbm0, random);
  if (random.next() < 0.3) addNoise(x, peakOf(-50), random);
  return toInt16(x);
}
