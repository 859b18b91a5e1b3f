import { SAMPLE_RATE } from '../contract.js';
import { DTMF_HZ, HOP, RING, type ToneBank } from './tone-bank.js';

/** Where the samples that are looked at lie behind a Hann window; used within one call alone. */
const WINDOWED = new Float64Array(RING * HOP);

/** Puts the samples of some hops, as they came, behind the window. */
function frame(bank: ToneBank, from: number, count: number): void {
  const { samples } = bank;
  const sway = (2 * Math.PI) / count;
  for (let i = 0; i < count; i++) {
    WINDOWED[i] = (samples[(from + i) % (RING * HOP)] as number) * (1 - Math.cos(sway * (i + 0.5)));
  }
}

/** Mean square of what was framed at one frequency (Goertzel's recursion). */
function linePower(hz: number, count: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
  let s1 = 0;
  let s2 = 0;
  for (let i = 0; i < count; i++) {
    const s = (WINDOWED[i] as number) + turn * s1 - s2;
    s2 = s1;
    s1 = s;
  }
  return (2 * (s1 * s1 + s2 * s2 - turn * s1 * s2)) / (count * count);
}

/** Between hum and the lowest dial tone: where voices have their fundamental or its octave, Hz. */
const VOICE_FROM_HZ = 120;
const VOICE_TO_HZ = 330;
const VOICE_STEP_HZ = 15;

/** Mean square of what the samples of a life, as they came, have where voices have their fundamental. */
export function voicePower(bank: ToneBank, first: number, last: number): number {
  const from = first * HOP;
  const count = (last - first + 1) * HOP;
  frame(bank, from, count);
  let power = 0;
  let steps = 0;
  for (let hz = VOICE_FROM_HZ; hz <= VOICE_TO_HZ; hz += VOICE_STEP_HZ) {
    power += linePower(hz, count);
    steps++;
  }
  // A Hann window spreads a line over 1.5 times the rate by the count.
  const width = (VOICE_TO_HZ - VOICE_FROM_HZ) / (steps - 1);
  return (power * width * count) / (1.5 * SAMPLE_RATE);
}

/** Above the dial tones and the slope of the filter, up to the end of the channel, Hz. */
const LINES_FROM_HZ = 570;
const LINES_TO_HZ = 3900;
/** Longest stretch that is looked at, hops: lines that sway are not lines any more in a longer one. */
const LINES_HOPS = 20;

/** Mean square of the strongest line that is neither of the two tones of a key. */
export function strongestLine(
  bank: ToneBank,
  life: { readonly row: number; readonly column: number; readonly first: number; readonly last: number },
  measured: { readonly rowOffset: number; readonly columnOffset: number },
): number {
  const count = Math.min(LINES_HOPS, life.last - life.first + 1) * HOP;
  const from = life.first * HOP;
  const rowHz = (DTMF_HZ[life.row] as number) * (1 + measured.rowOffset);
  const columnHz = (DTMF_HZ[life.column] as number) * (1 + measured.columnOffset);
  const step = (0.7 * SAMPLE_RATE) / count;
  const clear = Math.max(50, (3 * SAMPLE_RATE) / count);
  frame(bank, from, count);
  let strongest = 0;
  for (let hz = LINES_FROM_HZ; hz < LINES_TO_HZ; hz += step) {
    if (Math.abs(hz - rowHz) < clear || Math.abs(hz - columnHz) < clear) continue;
    strongest = Math.max(strongest, linePower(hz, count));
  }
  return strongest;
}
