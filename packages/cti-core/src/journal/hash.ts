/** Rounds constants: first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const K = new Uint32Array(64);
/** First 32 bits of the fractional parts of the square roots of the first 8 primes (FIPS 180-4, 5.3.3). */
const START = new Uint32Array(8);

let primes = 0;
for (let candidate = 2; primes < 64; candidate += 1) {
  let prime = true;
  for (let by = 2; by * by <= candidate; by += 1) if (candidate % by === 0) prime = false;
  if (!prime) continue;
  K[primes] = fraction(candidate, 3n);
  if (primes < 8) START[primes] = fraction(candidate, 2n);
  primes += 1;
}

/** The first 32 bits behind the point of the root, by whole numbers: floating point may differ in the last bit between engines. */
function fraction(of: number, power: bigint): number {
  const target = BigInt(of) << (32n * power);
  let low = 0n;
  let high = 1n << 40n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** power <= target) low = middle;
    else high = middle - 1n;
  }
  return Number(low & 0xffffffffn);
}

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits. Pure: needs neither Node nor a browser. */
export function textHash(text: string): string {
  const data = new TextEncoder().encode(text);
  const padded = new Uint8Array((((data.length + 8) >> 6) << 6) + 64);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 0x20000000));
  view.setUint32(padded.length - 4, (data.length << 3) >>> 0);
  const state = Uint32Array.from(START);
  const words = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += 64) block(state, words, { view, at });
  let hex = '';
  for (const word of state) hex += word.toString(16).padStart(8, '0');
  return hex;
}

function turn(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}

function block(state: Uint32Array, words: Uint32Array, from: { readonly view: DataView; readonly at: number }): void {
  const get = (list: Uint32Array, index: number): number => list[index] ?? 0;
  for (let i = 0; i < 16; i += 1) words[i] = from.view.getUint32(from.at + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const x = get(words, i - 15);
    const y = get(words, i - 2);
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    words[i] = get(words, i - 16) + s0 + get(words, i - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + get(K, i) + get(words, i)) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  const sums = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i += 1) state[i] = get(state, i) + (sums[i] ?? 0);
}
