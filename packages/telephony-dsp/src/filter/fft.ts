/** Tables of one size of transform. */
interface Tables {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly order: Uint16Array;
}

const TABLES = new Map<number, Tables>();

function tablesOf(size: number): Tables {
  const known = TABLES.get(size);
  if (known !== undefined) return known;
  const bits = Math.log2(size);
  const made = {
    cos: Float64Array.from({ length: size / 2 }, (_, n) => Math.cos((2 * Math.PI * n) / size)),
    sin: Float64Array.from({ length: size / 2 }, (_, n) => Math.sin((2 * Math.PI * n) / size)),
    order: Uint16Array.from({ length: size }, (_, n) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) if (n & (1 << bit)) reversed |= 1 << (bits - 1 - bit);
      return reversed;
    }),
  };
  TABLES.set(size, made);
  return made;
}

/** A raised cosine window of this length, zero just outside of it. */
export function hannOf(length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
}

/** Transforms `re + i*im` in place; their length is a power of two up to 65 536. */
export function fft(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  const { cos, sin, order } = tablesOf(size);
  for (let n = 0; n < size; n++) {
    const m = order[n] as number;
    if (m <= n) continue;
    const x = re[n] as number;
    const y = im[n] as number;
    re[n] = re[m] as number;
    im[n] = im[m] as number;
    re[m] = x;
    im[m] = y;
  }
  for (let half = 1; half < size; half *= 2) {
    const step = size / 2 / half;
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const c = cos[k * step] as number;
        const s = -(sin[k * step] as number);
        const a = start + k;
        const b = a + half;
        const x = (re[b] as number) * c - (im[b] as number) * s;
        const y = (re[b] as number) * s + (im[b] as number) * c;
        re[b] = (re[a] as number) - x;
        im[b] = (im[a] as number) - y;
        re[a] = (re[a] as number) + x;
        im[a] = (im[a] as number) + y;
      }
    }
  }
}
