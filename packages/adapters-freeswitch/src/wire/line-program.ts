/**
 * The search for header lines as a WebAssembly module, written down instruction by instruction: script can only ask the runtime for one
 * line end after the other, which costs more than all else that is done with an event; sixteen bytes at a time it costs a quarter.
 *
 * Encoding of the module: WebAssembly core specification, release 2.0, chapter 5. Vector instructions: 5.4.8.
 */

/** Where things lie in the memory of the module. Tables have one entry for each of 256 slots; slot 0 is nobody. */
export const PLACE = {
  /** Signature to the first slot that has it, a byte each. */
  first: 0x0,
  /** From slot to slot of one signature, a byte each. */
  next: 0x400,
  /** Lengths of names, a byte each. */
  lengths: 0x500,
  /** Values of hexadecimal digits by character; {@link NO_DIGIT} for all else. */
  digits: 0x600,
  /** 1 where a value holds a percent sign, 2 where one of its bytes is above 0x7f. A byte each. */
  flags: 0x700,
  /** In which pass a name was found; 32 bits each, as the two below. */
  foundIn: 0x800,
  /** Where values begin in the text, and end. */
  from: 0xc00,
  to: 0x1000,
  /** The names, {@link NAME_ROOM} bytes each. */
  names: 0x2000,
  text: 0x6000,
  /** A value with its escapes undone. */
  decoded: 0x26010,
} as const;
/** Longest name that the table holds, and the step from one name to the next. */
export const NAME_ROOM = 64;
/** Longest text: what lies between the two places, less the line end that is put behind it. */
export const MAX_TEXT = 0x20000;
/** No hexadecimal digit: the highest bit tells. */
export const NO_DIGIT = 0x80;
/** Pages of 64 KiB. A vector may be read up to 15 bytes behind the end of a text. */
const PAGES = 5;

type Code = readonly number[];

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
const number = (value: number): Code => [0x41, ...signed(value)];
const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [...value, 0x21, local];
const op =
  (code: number) =>
  (a: Code, b: Code): Code => [...a, ...b, code];
const add = op(0x6a);
const sub = op(0x6b);
const mul = op(0x6c);
const and = op(0x71);
const or = op(0x72);
const xor = op(0x73);
const shl = op(0x74);
const shr = op(0x76);
const eq = op(0x46);
const ne = op(0x47);
const ge = op(0x4f);
const gt = op(0x4b);
const lt = op(0x49);
const isZero = (a: Code): Code => [...a, 0x45];
const firstBit = (a: Code): Code => [...a, 0x68];
const either = (a: Code, b: Code, isFirst: Code): Code => [...a, ...b, ...isFirst, 0x1b];
const byteAt = (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsigned(offset)];
const wordAt = (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)];
const putByte = (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x3a, 0, ...unsigned(offset)];
const putWord = (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x36, 2, ...unsigned(offset)];
const vectorAt = (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 0, ...unsigned(offset)];
const splat = (a: Code): Code => [...a, 0xfd, 0x0f];
const equalBytes = (a: Code, b: Code): Code => [...a, ...b, 0xfd, 0x23];
/** The highest bit of each of the sixteen bytes. */
const highBits = (a: Code): Code => [...a, 0xfd, 0x64];
/** `leave` goes behind it. */
const block = (...code: readonly Code[]): Code => [0x02, VOID, ...code.flat(), 0x0b];
/** `leave` begins it again; without it, it ends. */
const loop = (...code: readonly Code[]): Code => [0x03, VOID, ...code.flat(), 0x0b];
const when = (condition: Code, ...code: readonly Code[]): Code => [...condition, 0x04, VOID, ...code.flat(), 0x0b];
/** @param depth - how many blocks and loops lie between, a `when` too */
const leave = (depth: number): Code => [0x0c, depth];
const leaveWhen = (depth: number, condition: Code): Code => [...condition, 0x0d, depth];
const done: Code = [0x0f];

/** As many low bits as there are bytes left, at most sixteen. */
const bitsFor = (left: Code): Code =>
  either(number(0xffff), sub(shl(number(1), left), number(1)), ge(left, number(16)));

/** `scan(length, pass, left)`: goes over the lines of the text until `left` names are found, or a blank line comes. */
function scan(): Code {
  const [end, pass, left, start, at, mask, lineEnd, slot, length, k, bits, from, flags] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ] as const;
  const [lineEnds, percents, vector] = [13, 14, 15] as const;
  const signature = and(
    xor(mul(byteAt(get(start), 8), number(37)), byteAt(get(start), 9)),
    number(PLACE.next - PLACE.first - 1),
  );
  const isOther = ne(
    and(
      highBits(
        equalBytes(
          vectorAt(add(get(start), get(k))),
          vectorAt(add(mul(get(slot), number(NAME_ROOM)), get(k)), PLACE.names),
        ),
      ),
      get(bits),
    ),
    get(bits),
  );
  const tryName = block(
    set(length, byteAt(get(slot), PLACE.lengths)),
    leaveWhen(0, ge(add(get(start), get(length)), get(lineEnd))),
    leaveWhen(0, ne(byteAt(add(get(start), get(length))), number(0x3a))),
    set(k, number(0)),
    loop(
      set(bits, bitsFor(sub(get(length), get(k)))),
      leaveWhen(1, isOther),
      set(k, add(get(k), number(16))),
      leaveWhen(0, lt(get(k), get(length))),
    ),
    // It is this name. What was found before stands.
    leaveWhen(2, eq(wordAt(mul(get(slot), number(4)), PLACE.foundIn), get(pass))),
    putWord(mul(get(slot), number(4)), get(pass), PLACE.foundIn),
    set(from, add(add(get(start), get(length)), number(1))),
    set(from, add(get(from), eq(byteAt(get(from)), number(0x20)))),
    putWord(mul(get(slot), number(4)), sub(get(from), number(PLACE.text)), PLACE.from),
    putWord(mul(get(slot), number(4)), sub(get(lineEnd), number(PLACE.text)), PLACE.to),
    set(flags, number(0)),
    set(k, get(from)),
    block(
      loop(
        leaveWhen(1, ge(get(k), get(lineEnd))),
        set(bits, bitsFor(sub(get(lineEnd), get(k)))),
        [...vectorAt(get(k)), 0x21, vector],
        set(
          flags,
          or(
            get(flags),
            or(
              ne(and(highBits(equalBytes(get(vector), get(percents))), get(bits)), number(0)),
              shl(ne(and(highBits(get(vector)), get(bits)), number(0)), number(1)),
            ),
          ),
        ),
        set(k, add(get(k), number(16))),
        leave(0),
      ),
    ),
    putByte(get(slot), get(flags), PLACE.flags),
    set(left, sub(get(left), number(1))),
    when(isZero(get(left)), done),
    leave(2),
  );
  return [
    set(end, add(get(end), number(PLACE.text))),
    set(lineEnds, splat(number(0x0a))),
    set(percents, splat(number(0x25))),
    set(start, number(PLACE.text)),
    set(at, number(PLACE.text)),
    loop(
      set(mask, highBits(equalBytes(vectorAt(get(at)), get(lineEnds)))),
      block(
        loop(
          leaveWhen(1, isZero(get(mask))),
          set(lineEnd, add(get(at), firstBit(get(mask)))),
          set(mask, and(get(mask), sub(get(mask), number(1)))),
          // Behind the text lies what was there before.
          when(gt(get(lineEnd), get(end)), done),
          when(eq(get(lineEnd), get(start)), done),
          set(slot, byteAt(signature, PLACE.first)),
          block(loop(leaveWhen(1, isZero(get(slot))), tryName, set(slot, byteAt(get(slot), PLACE.next)), leave(0))),
          set(start, add(get(lineEnd), number(1))),
          leave(0),
        ),
      ),
      set(at, add(get(at), number(16))),
      leaveWhen(0, ge(get(end), get(at))),
    ),
  ].flat();
}

/** `decode(from, to)`: undoes the escapes of a value. Gives twice the length, plus 1 when a byte is above 0x7f. */
function decode(): Code {
  const [at, end, out, byte, high, low, all] = [0, 1, 2, 3, 4, 5, 6] as const;
  return [
    set(at, add(get(at), number(PLACE.text))),
    set(end, add(get(end), number(PLACE.text))),
    set(out, number(PLACE.decoded)),
    block(
      loop(
        leaveWhen(1, ge(get(at), get(end))),
        set(byte, byteAt(get(at))),
        block(
          leaveWhen(0, ne(get(byte), number(0x25))),
          leaveWhen(0, ge(add(get(at), number(2)), get(end))),
          set(high, byteAt(byteAt(get(at), 1), PLACE.digits)),
          set(low, byteAt(byteAt(get(at), 2), PLACE.digits)),
          leaveWhen(0, and(or(get(high), get(low)), number(NO_DIGIT))),
          set(byte, or(shl(get(high), number(4)), get(low))),
          set(at, add(get(at), number(2))),
        ),
        putByte(get(out), get(byte)),
        set(out, add(get(out), number(1))),
        set(all, or(get(all), get(byte))),
        set(at, add(get(at), number(1))),
        leave(0),
      ),
    ),
    add(shl(sub(get(out), number(PLACE.decoded)), number(1)), shr(get(all), number(7))),
  ].flat();
}

const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
const body = (locals: readonly (readonly [count: number, type: number])[], code: Code): number[] => {
  const content = [...list(locals), ...code, 0x0b];
  return [...unsigned(content.length), ...content];
};

/** The module: exports `memory`, `scan` and `decode`. */
export function lineProgram(): Uint8Array {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(
      1,
      list([
        [0x60, ...list([[I32], [I32], [I32]]), ...list([])],
        [0x60, ...list([[I32], [I32]]), ...list([[I32]])],
      ]),
    ),
    ...section(3, list([[0], [1]])),
    ...section(5, list([[0x01, PAGES, PAGES]])),
    ...section(
      7,
      list([
        [...text('memory'), 2, 0],
        [...text('scan'), 0, 0],
        [...text('decode'), 0, 1],
      ]),
    ),
    ...section(
      10,
      list([
        body(
          [
            [10, I32],
            [3, V128],
          ],
          scan(),
        ),
        body([[5, I32]], decode()),
      ]),
    ),
  ]);
}
