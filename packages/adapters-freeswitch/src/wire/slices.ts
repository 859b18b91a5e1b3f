type Slice = (bytes: Buffer, from: number, to: number) => string;
type Sliced = Buffer & {
  latin1Slice(from: number, to: number): string;
  utf8Slice(from: number, to: number): string;
  latin1Write(text: string, at: number, length: number): number;
};

const isSliced = 'latin1Slice' in Buffer.prototype && 'utf8Slice' in Buffer.prototype;

/** Quicker than `toString('latin1')` for short stretches and for the few kilobytes of an event, and the same. */
export const latin1Of: Slice = isSliced
  ? (bytes, from, to) => (bytes as Sliced).latin1Slice(from, to)
  : (bytes, from, to) => bytes.toString('latin1', from, to);

/** As {@link latin1Of}, for `toString('utf8')`. */
export const utf8Of: Slice = isSliced
  ? (bytes, from, to) => (bytes as Sliced).utf8Slice(from, to)
  : (bytes, from, to) => bytes.toString('utf8', from, to);

/** As `write(text, at, 'latin1')`. */
export const putLatin1: (bytes: Buffer, at: number, text: string) => void =
  'latin1Write' in Buffer.prototype
    ? (bytes, at, text) => (bytes as Sliced).latin1Write(text, at, text.length)
    : (bytes, at, text) => bytes.write(text, at, 'latin1');
