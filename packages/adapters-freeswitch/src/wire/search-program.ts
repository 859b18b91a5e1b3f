/**
 * The search for headers as a WebAssembly module, written down instruction by instruction: script can only ask the runtime for one mark
 * after the other, which costs more than all else that is done with an event; sixteen bytes at a time it costs a quarter.
 */
import { DECODING, decode, readEscapes } from './decode-program.js';
import { allLines, allMembers } from './note-program.js';
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
  K,
  LEFT,
  LENGTH,
  LF,
  MARKS,
  MASK,
  NAME_END,
  OK,
  objectWith,
  PASS,
  PERCENT,
  SEARCH,
  SLOT,
  SPACE,
  START,
  same,
  VALUE_END,
  VECTOR,
  valueFlags,
} from './program-parts.js';
import { NAME_ROOM, PAGES, PLACE } from './search-places.js';
import * as w from './wasm.js';

const { add, and, byteAt, eq, ge, get, leave, leaveWhen, loop, ne, number, or, set, sub, when } = w;

const word = (place: number): w.Code => w.wordAt(w.mul(get(SLOT), number(4)), place);
const putWord = (place: number, value: w.Code): w.Code => w.putWord(w.mul(get(SLOT), number(4)), value, place);

/** Adds 1 to FLAGS for a percent sign. */
const percents = set(FLAGS, or(get(FLAGS), any(same(get(VECTOR), get(ESCAPES)))));

/**
 * Looks up whether the name at START is wanted, and notes where its value stands. What was found of a name before stands.
 *
 * @param parts.isOther - is there no name of LENGTH bytes at START?
 * @param parts.begin - sets FROM and FLAGS
 * @param parts.escaped - adds to FLAGS what the bytes in VECTOR say of escapes
 * @param parts.outer - how many bytes the value is told to begin before FROM, and to end behind VALUE_END
 */
function lookUp(parts: {
  readonly isOther: w.Code;
  readonly begin: w.Code;
  readonly escaped: w.Code;
  readonly outer: number;
}): w.Code {
  const differs = ne(
    and(
      same(
        w.vectorAt(add(get(START), get(K))),
        w.vectorAt(add(w.mul(get(SLOT), number(NAME_ROOM)), get(K)), PLACE.names),
      ),
      get(BITS),
    ),
    get(BITS),
  );
  const tryName = w.block(
    set(LENGTH, byteAt(get(SLOT), PLACE.lengths)),
    leaveWhen(0, parts.isOther),
    set(K, number(0)),
    loop(
      set(BITS, bitsFor(sub(get(LENGTH), get(K)))),
      leaveWhen(1, differs),
      set(K, add(get(K), number(16))),
      leaveWhen(0, w.lt(get(K), get(LENGTH))),
    ),
    leaveWhen(2, eq(word(PLACE.foundIn), get(PASS))),
    putWord(PLACE.foundIn, get(PASS)),
    parts.begin,
    valueFlags(parts.escaped),
    putWord(PLACE.from, sub(get(FROM), number(PLACE.text + parts.outer))),
    putWord(PLACE.to, sub(get(VALUE_END), number(PLACE.text - parts.outer))),
    w.putByte(get(SLOT), get(FLAGS), PLACE.flags),
    set(LEFT, sub(get(LEFT), number(1))),
    when(w.isZero(get(LEFT)), w.give(OK)),
    leave(2),
  );
  const signature = and(
    w.xor(w.mul(byteAt(get(START), 8), number(37)), byteAt(get(START), 9)),
    number(PLACE.next - PLACE.first - 1),
  );
  return [
    ...set(SLOT, byteAt(signature, PLACE.first)),
    ...w.block(loop(leaveWhen(1, w.isZero(get(SLOT))), tryName, set(SLOT, byteAt(get(SLOT), PLACE.next)), leave(0))),
  ];
}

/** `lines(length, pass, left)`: goes over lines until `left` names are found, or a blank line comes. A line end stands behind the text. */
function lines(): w.Code {
  const nameEnd = add(get(START), get(LENGTH));
  const found = lookUp({
    isOther: or(ge(nameEnd, get(VALUE_END)), ne(byteAt(nameEnd), COLON)),
    begin: [
      ...set(FROM, add(nameEnd, number(1))),
      ...set(FROM, add(get(FROM), eq(byteAt(get(FROM)), SPACE))),
      ...set(FLAGS, number(0)),
    ],
    escaped: percents,
    outer: 0,
  });
  return [
    set(END, add(get(END), number(PLACE.text))),
    set(MARKS, w.splat(LF)),
    set(ESCAPES, w.splat(PERCENT)),
    set(START, number(PLACE.text)),
    set(AT, number(PLACE.text)),
    loop(
      set(MASK, same(w.vectorAt(get(AT)), get(MARKS))),
      w.block(
        loop(
          leaveWhen(1, w.isZero(get(MASK))),
          set(VALUE_END, add(get(AT), w.firstBit(get(MASK)))),
          set(MASK, and(get(MASK), sub(get(MASK), number(1)))),
          // Behind the text lies what was there before.
          when(w.gt(get(VALUE_END), get(END)), w.give(OK)),
          when(eq(get(VALUE_END), get(START)), w.give(OK)),
          found,
          set(START, add(get(VALUE_END), number(1))),
          leave(0),
        ),
      ),
      set(AT, add(get(AT), number(16))),
      leaveWhen(0, ge(get(END), get(AT))),
    ),
    OK,
  ].flat();
}

/**
 * `members(length, pass, left)`: goes over `{"Name":"value",...}` until `left` names are found or the object ends. Gives 1 for whatever has
 * another form (lists, blanks, names with escapes): what was found then does not count. A quote stands behind the text.
 */
function members(): w.Code {
  return objectWith(
    lookUp({
      isOther: ne(add(get(START), get(LENGTH)), get(NAME_END)),
      begin: [],
      escaped: [],
      outer: 1,
    }),
  );
}

/** The module: `memory` and the functions above. */
export function searchProgram(): Uint8Array {
  return w.moduleOf(PAGES, [
    { name: 'lines', ...SEARCH, code: lines() },
    { name: 'members', ...SEARCH, code: members() },
    { name: 'allLines', ...SEARCH, code: allLines() },
    { name: 'allMembers', ...SEARCH, code: allMembers() },
    { name: 'decode', ...DECODING, code: decode() },
    { name: 'unescape', ...DECODING, code: readEscapes() },
  ]);
}
