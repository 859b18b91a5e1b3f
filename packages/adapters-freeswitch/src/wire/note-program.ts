/** Notes every header of a text at once, for those who want all of them. */
import {
  AT,
  any,
  BITS,
  bitsFor,
  COLON,
  END,
  ESCAPES,
  FLAGS,
  FROM,
  IRREGULAR,
  K,
  LEFT,
  LENGTH,
  LF,
  MARKS,
  MASK,
  NAME_END,
  OK,
  OTHER,
  objectWith,
  PASS,
  PERCENT,
  SLOT,
  SPACE,
  START,
  same,
  VALUE_END,
  VECTOR,
  valueFlags,
} from './program-parts.js';
import { HEADER_WORDS, IS_FRESH, KEPT_NAME, MAX_HEADERS, NAME_ROOM, NO_LENGTH, PLACE } from './search-places.js';
import * as w from './wasm.js';

const { add, and, byteAt, eq, ge, get, leave, leaveWhen, loop, ne, number, or, set, sub, when } = w;

/**
 * Notes a header with everything that is known of it. Names are kept as values are: the same ones come with every event.
 *
 * @param escaped - see {@link valueFlags}
 */
function note(escaped: w.Code): w.Code {
  const [ENTRY, OUT] = [SLOT, OTHER] as const;
  const at = add(w.mul(get(PASS), number(HEADER_WORDS * 4)), number(PLACE.headers));
  const put = (index: number, value: w.Code): w.Code => w.putWord(get(OUT), value, index * 4);
  const length = sub(get(NAME_END), get(START));
  const part = w.vectorAt(add(get(START), get(K)));
  const kept = w.vectorAt(add(get(ENTRY), get(K)), 1);
  const over = (step: w.Code): w.Code =>
    loop(
      set(BITS, bitsFor(sub(get(LENGTH), get(K)))),
      step,
      set(K, add(get(K), number(16))),
      leaveWhen(0, w.lt(get(K), get(LENGTH))),
    );
  const hash = w.xor(
    w.mul(w.wordAt(sub(get(NAME_END), number(4))), number(0x9e3779b1 | 0)),
    w.mul(
      w.xor(w.wordAt(get(START)), w.mul(w.wordAt(add(get(START), w.shr(get(LENGTH), number(1)))), number(0x27d4eb2f))),
      number(0x85ebca6b | 0),
    ),
  );
  return [
    set(LENGTH, length),
    valueFlags(escaped),
    set(MASK, number(-1)),
    w.block(
      // A name that is too short for the hash, or too long to be kept.
      leaveWhen(0, or(w.lt(get(LENGTH), number(5)), w.gt(get(LENGTH), number(KEPT_NAME)))),
      set(AT, w.shr(hash, number(22))),
      set(ENTRY, add(w.mul(get(AT), number(NAME_ROOM)), number(PLACE.keptNames))),
      set(K, number(0)),
      w.block(
        leaveWhen(0, ne(byteAt(get(ENTRY)), get(LENGTH))),
        over(leaveWhen(1, ne(and(same(part, kept), get(BITS)), get(BITS)))),
        set(MASK, get(AT)),
        leave(1),
      ),
      // Another one that this event may hold too has the entry: it keeps it.
      leaveWhen(0, ne(byteAt(get(ENTRY)), number(NO_LENGTH))),
      set(K, number(0)),
      over(leaveWhen(1, any(w.highBits(part)))),
      w.putByte(get(ENTRY), get(LENGTH)),
      set(K, number(0)),
      over(w.putVector(add(get(ENTRY), get(K)), part, 1)),
      set(MASK, get(AT)),
      set(FLAGS, or(get(FLAGS), number(IS_FRESH))),
      w.putWord(number(PLACE.fresh), number(1)),
    ),
    set(OUT, at),
    put(0, sub(get(START), number(PLACE.text))),
    put(1, sub(get(NAME_END), number(PLACE.text))),
    put(2, sub(get(FROM), number(PLACE.text))),
    put(3, sub(get(VALUE_END), number(PLACE.text))),
    put(4, get(FLAGS)),
    put(5, get(MASK)),
    set(PASS, add(get(PASS), number(1))),
    w.putWord(number(PLACE.count), get(PASS)),
    when(ge(get(PASS), number(MAX_HEADERS)), w.give(IRREGULAR)),
  ].flat();
}

/** `allLines(length, 0, 0)`: notes every line up to a blank one. A line without a colon is a name without a value. Gives 1 when there are too many. */
export function allLines(): w.Code {
  const NEXT = LEFT;
  return [
    set(END, add(get(END), number(PLACE.text))),
    set(MARKS, w.splat(LF)),
    set(ESCAPES, w.splat(COLON)),
    set(START, number(PLACE.text)),
    loop(
      when(ge(get(START), get(END)), w.give(OK)),
      set(AT, get(START)),
      // The first colon, then the end of the line; or the end of the line at once.
      w.block(
        loop(
          set(VECTOR, w.vectorAt(get(AT))),
          set(OTHER, same(get(VECTOR), get(MARKS))),
          set(MASK, or(get(OTHER), same(get(VECTOR), get(ESCAPES)))),
          leaveWhen(1, get(MASK)),
          set(AT, add(get(AT), number(16))),
          leave(0),
        ),
      ),
      set(AT, add(get(AT), w.firstBit(get(MASK)))),
      set(NAME_END, get(AT)),
      set(FROM, get(AT)),
      set(VALUE_END, get(AT)),
      set(FLAGS, number(0)),
      when(
        eq(byteAt(get(AT)), COLON),
        set(FROM, add(get(AT), number(1))),
        set(FROM, add(get(FROM), eq(byteAt(get(FROM)), SPACE))),
        set(AT, get(FROM)),
        w.block(
          loop(
            set(MASK, same(w.vectorAt(get(AT)), get(MARKS))),
            leaveWhen(1, get(MASK)),
            set(AT, add(get(AT), number(16))),
            leave(0),
          ),
        ),
        set(VALUE_END, add(get(AT), w.firstBit(get(MASK)))),
      ),
      when(eq(get(VALUE_END), get(START)), w.give(OK)),
      set(NEXT, add(get(VALUE_END), number(1))),
      note(set(FLAGS, or(get(FLAGS), any(same(get(VECTOR), w.splat(PERCENT)))))),
      set(START, get(NEXT)),
      leave(0),
    ),
    OK,
  ].flat();
}

/** `allMembers(length, 0, 0)`: notes every member of a regular object; gives 1 for another one. */
export function allMembers(): w.Code {
  return objectWith(note([]));
}
