/** Undoes the escapes of values. */
import { BACKSLASH, PERCENT, same } from './program-parts.js';
import { KEPT, NAME_ROOM, NO_DIGIT, NOT_READ, PLACE } from './search-places.js';
import * as w from './wasm.js';

const { add, and, byteAt, eq, ge, get, leave, leaveWhen, loop, ne, number, or, set, shl, sub, when } = w;

/** The locals of both functions. */
export const DECODING = { parameters: 2, numbers: 7, vectors: 0 } as const;

interface DecodingLocals {
  readonly at: number;
  readonly end: number;
  readonly byte: number;
  readonly spare: readonly [number, number];
}

/**
 * A function that undoes the escapes of a value. It gives twice the length, plus 1 when a byte is above 0x7f; or, for a value that is kept
 * from before, the negative number of its entry less 1: names, channels and call ids come again with every event of a call.
 *
 * @param read - moves `at` to the last byte of an escape and sets `byte` to what it stands for; `leave` of 0 leaves all as it is. `spare` are for its own use
 */
function decoding(read: (locals: DecodingLocals) => w.Code): w.Code {
  const [at, end, out, byte, high, low, all, hash, entry] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const KEY = number(PLACE.decoded - 1);
  const parts = [0, 16, 32, 48];
  const length = sub(get(out), number(PLACE.decoded));
  const isKept = parts
    .map((part) => eq(same(w.vectorAt(KEY, part), w.vectorAt(get(entry), part)), number(0xffff)))
    .reduce(and);
  const keep = when(
    w.lt(length, number(NAME_ROOM)),
    w.putByte(KEY, length),
    ...parts.map((part) => w.putVector(get(out), w.splat(number(0)), part)),
    // Multiplied so that all bits of the sum reach the ten that count (Knuth, The Art of Computer Programming 3, 6.4).
    set(hash, w.shr(w.mul(get(hash), number(0x9e3779b1 | 0)), number(22))),
    set(entry, add(w.mul(get(hash), number(NAME_ROOM)), number(PLACE.kept))),
    when(isKept, w.give(sub(number(-1), get(hash)))),
    ...parts.map((part) => w.putVector(get(entry), w.vectorAt(KEY, part), part)),
    w.putWord(number(PLACE.entry), get(hash)),
  );
  return [
    set(at, add(get(at), number(PLACE.text))),
    set(end, add(get(end), number(PLACE.text))),
    set(out, number(PLACE.decoded)),
    w.block(
      loop(
        leaveWhen(1, ge(get(at), get(end))),
        set(byte, byteAt(get(at))),
        w.block(read({ at, end, byte, spare: [high, low] })),
        w.putByte(get(out), get(byte)),
        set(hash, w.xor(w.rotate(get(hash), number(5)), get(byte))),
        set(out, add(get(out), number(1))),
        set(all, or(get(all), get(byte))),
        set(at, add(get(at), number(1))),
        leave(0),
      ),
    ),
    w.putWord(number(PLACE.entry), number(KEPT)),
    keep,
    add(shl(length, number(1)), w.shr(get(all), number(7))),
  ].flat();
}

/** `decode(from, to)`: percent signs. What is no escape stays as it is. */
export const decode = (): w.Code =>
  decoding(({ at, end, byte, spare: [high, low] }) =>
    [
      leaveWhen(0, ne(get(byte), PERCENT)),
      leaveWhen(0, ge(add(get(at), number(2)), get(end))),
      set(high, byteAt(byteAt(get(at), 1), PLACE.digits)),
      set(low, byteAt(byteAt(get(at), 2), PLACE.digits)),
      leaveWhen(0, and(or(get(high), get(low)), number(NO_DIGIT))),
      set(byte, or(shl(get(high), number(4)), get(low))),
      set(at, add(get(at), number(2))),
    ].flat(),
  );

/** `unescape(from, to)`: backslashes of JSON. Gives the lowest number for code points and for what is no escape. */
export const readEscapes = (): w.Code =>
  decoding(({ at, byte, spare: [high] }) =>
    [
      leaveWhen(0, ne(get(byte), BACKSLASH)),
      set(high, byteAt(byteAt(get(at), 1), PLACE.escapes)),
      when(w.isZero(get(high)), w.give(number(NOT_READ))),
      set(byte, get(high)),
      set(at, add(get(at), number(1))),
    ].flat(),
  );
