/**
 * Caller-ID signals with every impairment of a line, made without any of the code that reads them. Seeded: the same recipe and seed give the same samples.
 */

/** Numbers 0-1 from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface FskRecipe {
  readonly message: readonly number[];
  readonly standard: 'bell202' | 'v23';
  readonly levelDbm0?: number;
  /** White noise, 0-4 kHz. */
  readonly snrDb?: number;
  /** Relative errors: of both tones, of each, of the bit rate, of the sampling clock. */
  readonly tones?: number;
  readonly mark?: number;
  readonly space?: number;
  readonly baud?: number;
  readonly clock?: number;
  /** Space against mark. */
  readonly twistDb?: number;
  readonly seizure?: number;
  readonly marks?: number;
  readonly stopBits?: number;
  /** Up to so many bits, fractions too, of extra mark after a byte. */
  readonly gaps?: number;
  readonly trailing?: number;
  /** Only so many bits of the whole signal. */
  readonly cutBits?: number;
  readonly beforeMs?: number;
  readonly afterMs?: number;
  /** 1 s of 25 Hz ringing, this long before the signal. */
  readonly ringMs?: number;
  readonly humDbm0?: number;
  readonly humHz?: number;
  readonly dc?: number;
  readonly clipDb?: number;
  readonly law?: 'a' | 'u';
  readonly band?: boolean;
  readonly echoMs?: number;
  readonly echoDb?: number;
  readonly impulses?: number;
  readonly inverted?: boolean;
  /** Tones change only once a sample, this far (0-1) after one of ours, as modulators do that work sample by sample. */
  readonly grid?: number;
}

const peakOf = (dbm0: number): number => 32767 * 10 ** ((dbm0 - 3.14) / 20);

/** The samples of a recipe, 8000 a second. */
export function makeFsk(recipe: FskRecipe, seed: number): Int16Array {
  const random = seeded(seed);
  const gauss = (): number => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += random();
    return sum - 6;
  };
  const clock = 1 + (recipe.clock ?? 0);
  const base = recipe.standard === 'bell202' ? [2200, 1200] : [2100, 1300];
  const both = (1 + (recipe.tones ?? 0)) * clock;
  const hz = [(base[0] ?? 0) * both * (1 + (recipe.space ?? 0)), (base[1] ?? 0) * both * (1 + (recipe.mark ?? 0))];
  const bit = 8000 / (1200 * (1 + (recipe.baud ?? 0)) * clock);

  const runs: [bit: number, bits: number][] = [];
  for (let i = 0; i < (recipe.seizure ?? 300); i++) runs.push([i % 2, 1]);
  runs.push([1, recipe.marks ?? 180]);
  for (const byte of recipe.message) {
    runs.push([0, 1]);
    for (let i = 0; i < 8; i++) runs.push([(byte >> i) & 1, 1]);
    runs.push([1, (recipe.stopBits ?? 1) + (recipe.gaps ? random() * recipe.gaps : 0)]);
  }
  runs.push([1, recipe.trailing ?? 8]);

  const lead = Math.round(((recipe.ringMs === undefined ? 0 : 1000 + recipe.ringMs) + (recipe.beforeMs ?? 300)) * 8);
  const tail = Math.round((recipe.afterMs ?? 300) * 8);
  let bits = 0;
  for (const [, n] of runs) bits += n;
  if (recipe.cutBits !== undefined) bits = Math.min(bits, recipe.cutBits);
  const total = lead + Math.ceil(bits * bit) + tail;
  const line = new Float64Array(total);
  const peak = peakOf(recipe.levelDbm0 ?? -13.5);
  const twist = recipe.twistDb ?? 0;
  const amp = [peak * 10 ** (twist / 40), peak * 10 ** (-twist / 40)];
  const { grid } = recipe;
  const edgeAt = (time: number): number => (grid === undefined ? time : Math.ceil(time - grid) + grid);
  let begin = lead + random();
  const first = begin;
  let phase = random() * 2 * Math.PI;
  for (const [value, n] of runs) {
    const end = Math.min(begin + n * bit, first + bits * bit);
    const w = (2 * Math.PI * (hz[value] ?? 0)) / 8000;
    const from = edgeAt(begin);
    const to = edgeAt(end);
    for (let i = Math.ceil(from); i < to; i++) line[i] = (amp[value] ?? 0) * Math.sin(phase + w * (i - from));
    phase += w * (to - from);
    begin = end;
  }
  if (recipe.echoMs !== undefined) {
    const lag = Math.round(recipe.echoMs * 8);
    const gain = 10 ** ((recipe.echoDb ?? -12) / 20);
    for (let i = total - 1; i >= lag; i--) line[i] = (line[i] ?? 0) + gain * (line[i - lag] ?? 0);
  }
  if (recipe.ringMs !== undefined) {
    const start = Math.round((recipe.beforeMs ?? 300) * 8);
    for (let i = 0; i < 8000; i++) {
      const v = 30000 * Math.sin((2 * Math.PI * 25 * i) / 8000);
      line[start + i] = (line[start + i] ?? 0) + v;
    }
  }
  if (recipe.snrDb !== undefined) {
    const sd = (peakOf(recipe.levelDbm0 ?? -13.5) / Math.SQRT2) * 10 ** (-recipe.snrDb / 20);
    for (let i = 0; i < total; i++) line[i] = (line[i] ?? 0) + sd * gauss();
  }
  if (recipe.humDbm0 !== undefined) {
    const hum = peakOf(recipe.humDbm0);
    const at = random() * 6;
    for (let i = 0; i < total; i++)
      line[i] = (line[i] ?? 0) + hum * Math.sin(at + (2 * Math.PI * (recipe.humHz ?? 50) * i) / 8000);
  }
  if (recipe.impulses !== undefined) {
    for (let k = 0; k < recipe.impulses; k++) {
      const i = Math.floor(lead + random() * (total - lead - tail));
      line[i] = (line[i] ?? 0) + (random() < 0.5 ? 12000 : -12000);
    }
  }
  if (recipe.band) bandLimit(line);
  const gain = (recipe.inverted ? -1 : 1) * 10 ** ((recipe.clipDb ?? 0) / 20);
  const out = new Int16Array(total);
  for (let i = 0; i < total; i++) {
    const v = Math.max(-32768, Math.min(32767, Math.round((line[i] ?? 0) * gain + (recipe.dc ?? 0))));
    out[i] = recipe.law === undefined ? v : companded(v, recipe.law);
  }
  return out;
}

/** What is left of a sample after one of the two laws of G.711, by their formulas rather than their tables. */
function companded(v: number, law: 'a' | 'u'): number {
  const x = Math.min(1, Math.abs(v) / 32768);
  const s = v < 0 ? -1 : 1;
  if (law === 'u') {
    const y = Math.round((Math.log(1 + 255 * x) / Math.log(256)) * 127) / 127;
    return Math.round((s * 32768 * (256 ** y - 1)) / 255.01);
  }
  const k = 1 + Math.log(87.6);
  const y = Math.round((x < 1 / 87.6 ? (87.6 * x) / k : (1 + Math.log(87.6 * x)) / k) * 127) / 127;
  return Math.round(s * 32767 * (y < 1 / k ? (y * k) / 87.6 : Math.exp(y * k - 1) / 87.6));
}

/** 300-3400 Hz by a windowed sinc of 101 taps. */
function bandLimit(line: Float64Array): void {
  const taps = Float64Array.from({ length: 101 }, (_, i) => {
    const n = i - 50;
    const ideal =
      n === 0
        ? (2 * 3100) / 8000
        : (Math.sin(2 * Math.PI * 0.425 * n) - Math.sin(2 * Math.PI * 0.0375 * n)) / (Math.PI * n);
    return ideal * (0.54 + 0.46 * Math.cos((Math.PI * n) / 50));
  });
  const copy = Float64Array.from(line);
  for (let i = 0; i < line.length; i++) {
    let sum = 0;
    for (let k = 0; k < 101; k++) sum += (taps[k] ?? 0) * (copy[i - k + 50] ?? 0);
    line[i] = sum;
  }
}

const text = (s: string): number[] => [...new TextEncoder().encode(s)];

/** A whole message of a type and body, the checksum right. */
export function messageOf(type: number, body: readonly number[]): number[] {
  const head = [type, body.length, ...body];
  return [...head, (256 - (head.reduce((a, b) => a + b, 0) % 256)) % 256];
}

export interface Sent {
  readonly bytes: number[];
  readonly number?: string;
  readonly absence?: string;
  readonly nameHex?: string;
  readonly datetime?: string;
}

/** One of many plausible messages. */
export function randomMessage(seed: number): Sent {
  const random = seeded(seed ^ 0x5bd1e995);
  const pick = (n: number): number => Math.floor(random() * n);
  const two = (n: number): string => String(n).padStart(2, '0');
  const datetime = two(1 + pick(12)) + two(1 + pick(28)) + two(pick(24)) + two(pick(60));
  const number = Array.from({ length: 3 + pick(14) }, () => String(pick(10))).join('');
  const kind = pick(10);
  if (kind < 3) return { bytes: messageOf(0x04, text(datetime + number)), number, datetime };
  if (kind === 3) {
    const absence = random() < 0.5 ? 'O' : 'P';
    if (random() < 0.5) return { bytes: messageOf(0x04, text(datetime + absence)), absence, datetime };
    return { bytes: messageOf(0x80, [1, 8, ...text(datetime), 4, 1, ...text(absence)]), absence, datetime };
  }
  const body = [1, 8, ...text(datetime), 2, number.length, ...text(number)];
  if (kind < 7) return { bytes: messageOf(0x80, body), number, datetime };
  const name =
    kind === 7
      ? text('WANG XIAOMING'.slice(0, 2 + pick(11)))
      : Array.from({ length: 2 * (1 + pick(10)) }, () => 0xb0 + pick(0x40));
  body.push(7, name.length, ...name);
  if (kind === 9) body.push(0x30 + pick(8), 2, pick(256), pick(256));
  const nameHex = name.map((b) => b.toString(16).padStart(2, '0')).join('');
  return { bytes: messageOf(0x80, body), number, datetime, nameHex };
}
