/**
 * The search for headers as a WebAssembly module, written down instruction by instruction: script can only ask the runtime for one mark
 * after the other, which costs more than all else that is done with an event; sixteen bytes at a time it costs a quarter.
 */
import { KEPT, NAME_ROOM, NO_DIGIT, PAGES, PLACE } from './search-places.js';
import * as w from './wasm.js';

const { add, and, byteAt, eq, ge, get, leave, leaveWhen, loop, ne, number, or, set, shl, sub, when } = w;

/** Locals of both searches; the first three are their parameters. */
const [END, PASS, LEFT, START, AT, MASK, VALUE_END, SLOT, LENGTH, K, BITS, FROM, FLAGS, OTHER, NAME_END] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
] as const;
const [MARKS, ESCAPES, VECTOR] = [15, 16, 17] as const;
const SEARCH = { parameters: 3, numbers: 12, vectors: 3 } as const;

const OK = number(0);
const IRREGULAR = number(1);
const LF = number(0x0a);
const SPACE = number(0x20);
const QUOTE = number(0x22);
const PERCENT = number(0x25);
const COMMA = number(0x2c);
const COLON = number(0x3a);
const BACKSLASH = number(0x5c);
const OPEN = number(0x7b);
const CLOSE = number(0x7d);

/** As many low bits as there are bytes left, at most sixteen. */
const bitsFor = (left: w.Code): w.Code =>
  w.either(number(0xffff), sub(shl(number(1), left), number(1)), ge(left, number(16)));
/** A bit for each byte of a vector that is the same in the other one. */
const same = (a: w.Code, b: w.Code): w.Code => w.highBits(w.equalBytes(a, b));
/** Is one of the bits that count set? */
const any = (bits: w.Code): w.Code => ne(and(bits, get(BITS)), number(0));
const word = (place: number): w.Code => w.wordAt(w.mul(get(SLOT), number(4)), place);
const putWord = (place: number, value: w.Code): w.Code => w.putWord(w.mul(get(SLOT), number(4)), value, place);

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
  const high = w.highBits(get(VECTOR));
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
    set(K, get(FROM)),
    w.block(
      loop(
        leaveWhen(1, ge(get(K), get(VALUE_END))),
        set(BITS, bitsFor(sub(get(VALUE_END), get(K)))),
        set(VECTOR, w.vectorAt(get(K))),
        parts.escaped,
        set(FLAGS, or(get(FLAGS), shl(any(high), number(1)))),
        set(K, add(get(K), number(16))),
        leave(0),
      ),
    ),
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
    escaped: set(FLAGS, or(get(FLAGS), any(same(get(VECTOR), get(ESCAPES))))),
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

/**
 * `members(length, pass, left)`: goes over `{"Name":"value",...}` until `left` names are found or the object ends. Gives 1 for whatever has
 * another form (lists, blanks, names with escapes): what was found then does not count. A quote stands behind the text.
 */
function members(): w.Code {
  const found = lookUp({
    isOther: ne(add(get(START), get(LENGTH)), get(NAME_END)),
    begin: [],
    escaped: [],
    outer: 1,
  });
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

/**
 * `decode(from, to)`: undoes the percent signs of a value. Gives twice the length, plus 1 when a byte is above 0x7f; or, for a value that is kept
 * from before, the negative number of its entry less 1. Names, channels and call ids come again with every event of a call.
 */
function decode(): w.Code {
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
        w.block(
          leaveWhen(0, ne(get(byte), PERCENT)),
          leaveWhen(0, ge(add(get(at), number(2)), get(end))),
          set(high, byteAt(byteAt(get(at), 1), PLACE.digits)),
          set(low, byteAt(byteAt(get(at), 2), PLACE.digits)),
          leaveWhen(0, and(or(get(high), get(low)), number(NO_DIGIT))),
          set(byte, or(shl(get(high), number(4)), get(low))),
          set(at, add(get(at), number(2))),
        ),
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

/** The module: `memory`, `lines`, `members`, `decode`. */
export function searchProgram(): Uint8Array {
  return w.moduleOf(PAGES, [
    { name: 'lines', ...SEARCH, code: lines() },
    { name: 'members', ...SEARCH, code: members() },
    { name: 'decode', parameters: 2, numbers: 7, vectors: 0, code: decode() },
  ]);
}
