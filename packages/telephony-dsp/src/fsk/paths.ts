/** Longest message, bytes. */
const MAX_BYTES = 258;

/** Numbers that a path carries, by their place. Times in samples, angles in radians. */
export const FIELD = {
  /** Where the next bit begins. */
  time: 0,
  /** Samples a bit. */
  bit: 1,
  /** Phase of the transmitter there. */
  phase: 2,
  /** Radians a sample of both tones. */
  markStep: 3,
  spaceStep: 4,
  /** What was received of each tone so far, turned to phase 0 and fading: real, imaginary, samples in it. */
  markRe: 5,
  markIm: 6,
  markSamples: 7,
  spaceRe: 8,
  spaceIm: 9,
  spaceSamples: 10,
  /** Log likelihood, 0 expected of the true path. */
  score: 11,
  /** Least lead over any path that said something else and was given up for this one. */
  margin: 12,
  /** 1 where the transmitter is taken to change tones at whole samples only, 0 where anywhere. */
  grid: 13,
  /** Least share of energy explained in a byte so far; explained and whole energy of the byte under way, and of everything. */
  worstByte: 14,
  byteExplained: 15,
  byteEnergy: 16,
  explained: 17,
  energy: 18,
} as const;
const FIELDS = 19;

/** Whole numbers that a path carries. */
export const STATE = {
  /** 0-7: that data bit is next; 8: the stop bit; 9: a start bit or a further mark; 10, and 12-14 after a part of a mark: the start bit; 11: the message is complete. */
  position: 0,
  /** The last bits, newest lowest. */
  recent: 1,
  /** Value of the byte under way. */
  byte: 2,
  /** Bytes so far. */
  count: 3,
  /** Marks since the last stop bit. */
  idle: 4,
  /** Fingerprint of all data bits so far. */
  print: 5,
  /** Which set of starting values this path came from. */
  seed: 6,
} as const;
const STATES = 7;

export const POSITION_STOP = 8;
export const POSITION_IDLE = 9;
export const POSITION_START = 10;
export const POSITION_DONE = 11;
/** After a quarter of a mark; half and three quarters are the next two. */
export const POSITION_PART = 12;

/** A bounded list of paths, all memory of it taken once. */
export class PathList {
  readonly capacity: number;
  readonly number: Float64Array;
  readonly state: Int32Array;
  readonly bytes: Uint8Array;
  size = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.number = new Float64Array(capacity * FIELDS);
    this.state = new Int32Array(capacity * STATES);
    this.bytes = new Uint8Array(capacity * MAX_BYTES);
  }

  get(path: number, field: number): number {
    return this.number[path * FIELDS + field] as number;
  }

  set(path: number, field: number, value: number): void {
    this.number[path * FIELDS + field] = value;
  }

  getState(path: number, field: number): number {
    return this.state[path * STATES + field] as number;
  }

  setState(path: number, field: number, value: number): void {
    this.state[path * STATES + field] = value;
  }

  /** A new path, all numbers 0. */
  add(): number {
    const path = this.size++;
    this.number.fill(0, path * FIELDS, (path + 1) * FIELDS);
    this.state.fill(0, path * STATES, (path + 1) * STATES);
    return path;
  }

  /** Makes `to` of this list what `from` of another is. */
  copy(to: number, source: PathList, from: number): void {
    for (let i = 0; i < FIELDS; i++) this.number[to * FIELDS + i] = source.number[from * FIELDS + i] as number;
    for (let i = 0; i < STATES; i++) this.state[to * STATES + i] = source.state[from * STATES + i] as number;
    const count = source.getState(from, STATE.count);
    for (let i = 0; i < count; i++) this.bytes[to * MAX_BYTES + i] = source.bytes[from * MAX_BYTES + i] as number;
  }

  /** Appends a byte to a path. */
  append(path: number, value: number): void {
    const count = this.getState(path, STATE.count);
    this.bytes[path * MAX_BYTES + count] = value;
    this.setState(path, STATE.count, count + 1);
  }

  /** The bytes of a path, as a copy. */
  message(path: number): Uint8Array {
    return this.bytes.slice(path * MAX_BYTES, path * MAX_BYTES + this.getState(path, STATE.count));
  }
}
