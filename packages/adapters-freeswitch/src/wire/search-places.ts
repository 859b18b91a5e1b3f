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
  /** 1 where a value holds an escape, 2 where one of its bytes is above 0x7f. A byte each. */
  flags: 0x700,
  /** In which pass a name was found; 32 bits each, as the two below. */
  foundIn: 0x800,
  /** Where values begin in the text, and end. */
  from: 0xc00,
  to: 0x1000,
  /** The names, {@link NAME_ROOM} bytes each. */
  names: 0x2000,
  text: 0x6000,
  /** Decoded values of before, {@link NAME_ROOM} bytes each: the length, then the bytes, zeros behind them. */
  kept: 0x26040,
  /** A value with its escapes undone; the byte before it holds its length where it can be kept. */
  decoded: 0x36080,
  /** The character that an escape of JSON stands for, by the one behind the backslash; 0 for none, and for code points. */
  escapes: 0x1500,
  /** All headers of a text, {@link HEADER_WORDS} words each. */
  headers: 0x56100,
  /** How many of them there are, and whether a name among them is new in its entry. */
  count: 0x1404,
  fresh: 0x1408,
  /** Names of before, as the values of before. */
  keptNames: 0x62100,
  /** Where the value that was decoded last is kept, or {@link KEPT}: nowhere. */
  entry: 0x1400,
} as const;
/** How many decoded values are kept. */
export const KEPT = 0x400;
/** A length that no kept value has. */
export const NO_LENGTH = 0xff;
/** Longest name that the table holds, and the step from one name to the next, and from one kept value to the next. */
export const NAME_ROOM = 64;
/** Longest text: what lies between the two places, less the mark that is put behind it. */
export const MAX_TEXT = 0x20000;
/** No hexadecimal digit: the highest bit tells. */
export const NO_DIGIT = 0x80;
/** Pages of 64 KiB. A vector may be read up to 15 bytes behind the end of a text. */
export const PAGES = 8;
/** Of each header: where the name begins and ends, where the value does, the flags, and the entry of the name, or -1. */
export const HEADER_WORDS = 6;
/** More headers than these are left to script. */
export const MAX_HEADERS = 0x800;
/** Longest name that is kept: three vectors. */
export const KEPT_NAME = 48;
/** Among the flags of a header: its name is new in its entry. */
export const IS_FRESH = 4;
/** What reading gives for a value that is left to script. */
export const NOT_READ = -0x8000_0000;
