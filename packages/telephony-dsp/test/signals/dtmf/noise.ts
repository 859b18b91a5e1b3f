/** A seeded source of numbers, the same on every machine. */
export interface Random {
  /** 0 to 1. */
  next(): number;
  between(low: number, high: number): number;
  integer(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** Mean 0, deviation 1. */
  gauss(): number;
}

/** xorshift with a mixed seed. */
export function seeded(seed: number): Random {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
  for (let i = 0; i < 16; i++) next();
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    integer: (low, high) => Math.floor(low + (high - low + 1) * next()),
    pick: (list) => {
      const item = list[Math.min(list.length - 1, Math.floor(next() * list.length))];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    gauss: () => Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next()),
  };
}

/** Peak of a sine of this level where a full-scale one is +3.14 dBm0. */
export const peakOf = (dbm0: number): number => 32768 * 10 ** ((dbm0 - 3.14) / 20);
/** Root mean square of a signal of this level. */
export const rmsOf = (dbm0: number): number => peakOf(dbm0) / Math.SQRT2;

/** White noise, added. */
export function addNoise(x: Float64Array, rms: number, random: Random): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) + rms * random.gauss();
}

/** A steady tone, added between two times. */
export function addTone(
  x: Float64Array,
  hz: number,
  dbm0: number,
  span: { fromMs: number; toMs: number; phase?: number },
): void {
  const peak = peakOf(dbm0);
  const to = Math.min(x.length, Math.round(span.toMs * 8));
  for (let i = Math.round(span.fromMs * 8); i < to; i++) {
    x[i] = (x[i] ?? 0) + peak * Math.sin((2 * Math.PI * hz * i) / 8000 + (span.phase ?? 0));
  }
}

/** The same again, later and weaker. */
export function addEcho(x: Float64Array, delayMs: number, db: number): void {
  const delay = Math.round(delayMs * 8);
  const gain = 10 ** (db / 20);
  for (let i = x.length - 1; i >= delay; i--) x[i] = (x[i] ?? 0) + gain * (x[i - delay] ?? 0);
}

/** Second-order high-pass at 300 Hz and low-pass at 3400 Hz, as a telephone channel has. */
export function bandLimit(x: Float64Array): void {
  for (const [hz, high] of [
    [300, true],
    [3400, false],
  ] as const) {
    const w = (2 * Math.PI * hz) / 8000;
    const alpha = Math.sin(w) / Math.SQRT2;
    const c = Math.cos(w);
    const a0 = 1 + alpha;
    const b = high ? (1 + c) / 2 : (1 - c) / 2;
    const middle = high ? -2 * b : 2 * b;
    let x1 = 0;
    let x2 = 0;
    let y1 = 0;
    let y2 = 0;
    for (let i = 0; i < x.length; i++) {
      const v = x[i] ?? 0;
      const y = (b * v + middle * x1 + b * x2 + 2 * c * y1 - (1 - alpha) * y2) / a0;
      x2 = x1;
      x1 = v;
      y2 = y1;
      y1 = y;
      x[i] = y;
    }
  }
}

/** Through a coder of 8 bits and back: `a` or `mu` (G.711, as a curve). */
export function compand(x: Float64Array, law: 'a' | 'mu'): void {
  for (let i = 0; i < x.length; i++) {
    const v = Math.max(-1, Math.min(1, (x[i] ?? 0) / 32768));
    const m = Math.abs(v);
    const sign = v < 0 ? -1 : 1;
    const A = 87.6;
    const MU = 255;
    let y: number;
    if (law === 'mu') y = Math.log1p(MU * m) / Math.log1p(MU);
    else y = m < 1 / A ? (A * m) / (1 + Math.log(A)) : (1 + Math.log(A * m)) / (1 + Math.log(A));
    const q = Math.round(y * 127) / 127;
    let back: number;
    if (law === 'mu') back = Math.expm1(q * Math.log1p(MU)) / MU;
    else back = q < 1 / (1 + Math.log(A)) ? (q * (1 + Math.log(A))) / A : Math.exp(q * (1 + Math.log(A)) - 1) / A;
    x[i] = sign * back * 32768;
  }
}

/** To 16 bits, clipped. */
export function toInt16(x: Float64Array): Int16Array {
  return Int16Array.from(x, (v) => Math.max(-32768, Math.min(32767, Math.round(v))));
}
