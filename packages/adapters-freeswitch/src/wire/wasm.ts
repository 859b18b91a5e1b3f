/**
 * WebAssembly, as far as the search for headers needs it: instructions as lists of bytes, and the module around them.
 *
 * Encoding: WebAssembly core specification, release 2.0, chapter 5; vector instructions 5.4.8.
 */

/** Instructions, one after the other. */
export type Code = readonly number[];

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const isLast = rest >= -64 && rest < 64;
    bytes.push((rest & 0x7f) | (isLast ? 0 : 0x80));
    if (isLast) return bytes;
  }
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

const VOID = 0x40;
const I32 = 0x7f;
const V128 = 0x7b;
export const number = (value: number): Code => [0x41, ...signed(value)];
export const get = (local: number): Code => [0x20, local];
export const set = (local: number, value: Code): Code => [...value, 0x21, local];
const op =
  (code: number) =>
  (a: Code, b: Code): Code => [...a, ...b, code];
export const add = op(0x6a);
export const sub = op(0x6b);
export const mul = op(0x6c);
export const and = op(0x71);
export const or = op(0x72);
export const xor = op(0x73);
export const shl = op(0x74);
export const shr = op(0x76);
export const rotate = op(0x77);
export const eq = op(0x46);
export const ne = op(0x47);
export const ge = op(0x4f);
export const gt = op(0x4b);
export const lt = op(0x49);
export const isZero = (a: Code): Code => [...a, 0x45];
export const firstBit = (a: Code): Code => [...a, 0x68];
export const either = (a: Code, b: Code, isFirst: Code): Code => [...a, ...b, ...isFirst, 0x1b];
export const byteAt = (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsigned(offset)];
export const wordAt = (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)];
export const putByte = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  0x3a,
  0,
  ...unsigned(offset),
];
export const putWord = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  0x36,
  2,
  ...unsigned(offset),
];
export const vectorAt = (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 0, ...unsigned(offset)];
export const putVector = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  0xfd,
  0x0b,
  0,
  ...unsigned(offset),
];
export const splat = (a: Code): Code => [...a, 0xfd, 0x0f];
export const equalBytes = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0x23];
/** The highest bit of each of the sixteen bytes. */
export const highBits = (a: Code): Code => [...a, 0xfd, 0x64];
/** `leave` goes behind it. */
export const block = (...code: readonly Code[]): Code => [0x02, VOID, ...code.flat(), 0x0b];
/** `leave` begins it again; without it, it ends. */
export const loop = (...code: readonly Code[]): Code => [0x03, VOID, ...code.flat(), 0x0b];
export const when = (condition: Code, ...code: readonly Code[]): Code => [
  ...condition,
  0x04,
  VOID,
  ...code.flat(),
  0x0b,
];
/** @param depth - how many blocks and loops lie between, a `when` too */
export const leave = (depth: number): Code => [0x0c, depth];
export const leaveWhen = (depth: number, condition: Code): Code => [...condition, 0x0d, depth];
/** Ends the function with a result. */
export const give = (value: Code): Code => [...value, 0x0f];

const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => [value.length, ...Buffer.from(value)];

/** A function of numbers that gives a number. Its parameters are the first locals, the vectors the last ones. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly numbers: number;
  readonly vectors: number;
  /** Leaves its result, or gives it. */
  readonly code: Code;
}

/** A module that exports `memory` of a fixed size, and functions. @param pages - of 64 KiB each */
export function moduleOf(pages: number, functions: readonly WasmFunction[]): Uint8Array {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...list(Array.from({ length: parameters }, () => [I32])),
    ...list([[I32]]),
  ]);
  const bodies = functions.map(({ numbers, vectors, code }) => {
    const locals = list([
      [...unsigned(numbers), I32],
      [...unsigned(vectors), V128],
    ]);
    return [...unsigned(locals.length + code.length + 1), ...locals, ...code, 0x0b];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(5, list([[0x01, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(7, list([[...text('memory'), 2, 0], ...functions.map(({ name }, index) => [...text(name), 0, index])])),
    ...section(10, list(bodies)),
  ]);
}
