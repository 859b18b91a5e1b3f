import { setImmediate as breathe } from 'node:timers/promises';

/** Samples a second of a telephone line. */
export const LINE_RATE = 8000;
/** Sinc lobes on either side of a sample: some 60 dB against what would fold back into the line's band. */
const LOBES = 16;
/** Pass band as a part of the lower of the two bands. */
const BAND = 0.92;
/** Samples that are made before calls have their turn. */
const AT_ONCE = 4000;

/** Brings sound to 8,000 samples a second, by a windowed sinc that takes out what a line cannot carry. @param rate - whole, 8,000-48,000 */
export async function toLineRate(samples: Float32Array, rate: number): Promise<Float32Array> {
  if (rate === LINE_RATE) return samples;
  const step = rate / LINE_RATE;
  const reach = Math.ceil((LOBES * Math.max(1, step)) / BAND);
  const phases = LINE_RATE / gcd(rate, LINE_RATE);
  const tables = Array.from({ length: phases }, (_, phase) => weights((phase * step) % 1, { step, reach }));
  const made = new Float32Array(Math.floor((samples.length * LINE_RATE) / rate));
  for (let n = 0; n < made.length; n++) {
    if (n % AT_ONCE === AT_ONCE - 1) await breathe();
    // n * rate / 8000 in whole numbers: a running sum of fractions would drift.
    const first = Math.floor((n * rate) / LINE_RATE) - reach;
    const table = tables[n % phases] ?? new Float32Array();
    let sum = 0;
    for (let k = 0; k < table.length; k++) sum += (samples[first + k] ?? 0) * (table[k] ?? 0);
    made[n] = sum;
  }
  return made;
}

/** Weights of the samples around a place that lies `fraction` behind a sample: a sinc of the pass band under a Blackman window. */
function weights(fraction: number, shape: { readonly step: number; readonly reach: number }): Float32Array {
  const { step, reach } = shape;
  const cut = BAND / Math.max(1, step);
  return Float32Array.from({ length: reach * 2 + 1 }, (_, k) => {
    const x = k - reach - fraction;
    if (Math.abs(x) > reach) return 0;
    const t = Math.PI * x * cut;
    const sinc = Math.abs(t) < 1e-9 ? 1 : Math.sin(t) / t;
    const phase = (Math.PI * x) / reach;
    return cut * sinc * (0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
  });
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
