/** What the programs of the search for headers are made of: their locals, and how they go over values and objects. */
import { PLACE } from './search-places.js';
import * as w from './wasm.js';

const { add, and, byteAt, eq, ge, get, leave, leaveWhen, loop, ne, number, or, set, shl, sub, when } = w;

/** Locals of both searches; the first three are their parameters. */
export const [END, PASS, LEFT, START, AT, MASK, VALUE_END, SLOT, LENGTH, K, BITS, FROM, FLAGS, OTHER, NAME_END] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
] as const;
export const [MARKS, ESCAPES, VECTOR] = [15, 16, 17] as const;
export const SEARCH = { parameters: 3, numbers: 12, vectors: 3 } as const;

export const OK = number(0);
export const IRREGULAR = number(1);
export const LF = number(0x0a);
export const SPACE = number(0x20);
export const QUOTE = number(0x22);
export const PERCENT = number(0x25);
export const COMMA = number(0x2c);
export const COLON = number(0x3a);
export const BACKSLASH = number(0x5c);
export const OPEN = number(0x7b);
export const CLOSE = number(0x7d);

/** As many low bits as there are bytes left, at most sixteen. */
export const bitsFor = (left: w.Code): w.Code =>
  w.either(number(0xffff), sub(shl(number(1), left), number(1)), ge(left, number(16)));
/** A bit for each byte of a vector that is the same in the other one. */
export const same = (a: w.Code, b: w.Code): w.Code => w.highBits(w.equalBytes(a, b));
/** Is one of the bits that count set? */
export const any = (bits: w.Code): w.Code => ne(and(bits, get(BITS)), number(0));

/** Goes over a value: adds 2 to FLAGS for a byte above 0x7f. @param escaped - adds what the bytes in VECTOR say of escapes */
export const valueFlags = (escaped: w.Code): w.Code => [
  ...set(K, get(FROM)),
  ...w.block(
    loop(
      leaveWhen(1, ge(get(K), get(VALUE_END))),
      set(BITS, bitsFor(sub(get(VALUE_END), get(K)))),
      set(VECTOR, w.vectorAt(get(K))),
      escaped,
      set(FLAGS, or(get(FLAGS), shl(any(w.highBits(get(VECTOR))), number(1)))),
      set(K, add(get(K), number(16))),
      leave(0),
    ),
  ),
];
/** Moves to the next quote or backslash from AT on; one stands behind the text. Both are told by their bits. */
const seek = (): w.Code =>
  loop(
    set(VECTOR, w.vectorAt(get(AT))),
    set(MASK, same(get(VECTOR), get(MARKS))),
    set(OTHER, same(get(VECTOR), get(ESCAPES))),
    set(MASK, or(get(MASK), get(OTHER))),
    when(w.isZero(get(MASK)), set(AT, add(get(AT), number(16))), leave(1)),
    set(AT, add(get(AT), w.firstBit(get(MASK)))),
  );

/** Goes over a regular object. @param found - what is done with each member: its name is from START to NAME_END, its value from FROM to VALUE_END */
export function objectWith(found: w.Code): w.Code {
  return [
    set(END, add(get(END), number(PLACE.text))),
    set(MARKS, w.splat(QUOTE)),
    set(ESCAPES, w.splat(BACKSLASH)),
    set(AT, number(PLACE.text)),
    when(ne(byteAt(get(AT)), OPEN), w.give(IRREGULAR)),
    loop(
      // Behind the brace or comma.
      when(ne(byteAt(get(AT), 1), QUOTE), w.give(IRREGULAR)),
      set(START, add(get(AT), number(2))),
      set(AT, get(START)),
      seek(),
      set(NAME_END, get(AT)),
      when(
        or(
          or(ge(add(get(AT), number(2)), get(END)), ne(byteAt(get(AT)), QUOTE)),
          or(ne(byteAt(get(AT), 1), COLON), ne(byteAt(get(AT), 2), QUOTE)),
        ),
        w.give(IRREGULAR),
      ),
      set(FROM, add(get(AT), number(3))),
      set(AT, get(FROM)),
      set(FLAGS, number(0)),
      loop(
        seek(),
        when(ge(get(AT), get(END)), w.give(IRREGULAR)),
        when(
          eq(byteAt(get(AT)), BACKSLASH),
          set(FLAGS, number(1)),
          set(AT, add(get(AT), number(2))),
          when(w.gt(get(AT), get(END)), w.give(IRREGULAR)),
          leave(1),
        ),
      ),
      set(VALUE_END, get(AT)),
      found,
      set(AT, add(get(VALUE_END), number(1))),
      leaveWhen(0, eq(byteAt(get(AT)), COMMA)),
    ),
    ne(byteAt(get(AT)), CLOSE),
  ].flat();
}
