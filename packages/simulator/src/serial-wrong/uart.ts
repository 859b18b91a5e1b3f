/** How one end of a serial line is set. */
export interface UartSettings {
  /** Bits a second, 50-4,000,000. */
  readonly baudRate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: 'none' | 'even' | 'odd' | 'mark' | 'space';
  readonly stopBits: 1 | 2;
}

/** A character as a UART took it from the line. */
export interface UartCharacter {
  readonly byte: number;
  /** `framing`: no stop bit where one must be; `break`: nothing but low from the start bit to the stop bit. */
  readonly error?: 'framing' | 'parity' | 'break';
}

/** A burst: characters one after another, between two times of silence. */
export interface BurstOptions {
  /** Bit times of idle line between one character and the next, 0-1,000; default 0. */
  readonly gapBits?: number;
  /** Where the reader's clock stands when the burst begins, 0 to below 1 of one of its sixteenths of a bit; default 0.5. */
  readonly phase?: number;
}

/** Ticks of a reader's clock in a bit: that of the 8250 family and its descendants (16x). */
const TICKS = 16;
/** The tick in whose middle a bit is looked at. */
const MIDDLE = 8;

/** The parity bit of some data bits. */
function parityBit(value: number, { dataBits, parity }: UartSettings): 0 | 1 {
  if (parity === 'mark') return 1;
  if (parity === 'space') return 0;
  let ones = 0;
  for (let bit = 0; bit < dataBits; bit += 1) ones += (value >> bit) & 1;
  return (parity === 'even' ? ones % 2 : 1 - (ones % 2)) as 0 | 1;
}

/** The levels of a burst, one for each bit time of the sender; 1 is the idle line. */
function levelsOf(bytes: Uint8Array, sent: UartSettings, gapBits: number): Uint8Array {
  const length = 1 + sent.dataBits + (sent.parity === 'none' ? 0 : 1) + sent.stopBits + gapBits;
  // Idle before and after: two bits to see the edge in, and none behind, for the line stays high there.
  const levels = new Uint8Array(2 + bytes.length * length).fill(1);
  let at = 2;
  for (const byte of bytes) {
    levels[at] = 0;
    for (let bit = 0; bit < sent.dataBits; bit += 1) levels[at + 1 + bit] = (byte >> bit) & 1;
    if (sent.parity !== 'none') levels[at + 1 + sent.dataBits] = parityBit(byte, sent);
    at += length;
  }
  return levels;
}

/**
 * What a UART reads of a burst that another one sends, bit for bit: the reader sees the falling edge of a start bit at the next tick of its own clock of
 * sixteen ticks a bit, looks at each bit in its middle, and takes a start bit that is high there for noise. After a missing stop bit it takes
 * what it saw for the next start bit, as the 8250 family does; after a break it waits until the line is high again.
 *
 * Both ends alike give the bytes back, whatever the phase. Bits above `dataBits` of a byte are not sent.
 *
 * @source National Semiconductor PC16550D data sheet, "Line Status Register": framing errors and breaks
 */
export function readBurst(
  bytes: Uint8Array,
  ends: { readonly sent: UartSettings; readonly read: UartSettings },
  { gapBits = 0, phase = 0.5 }: BurstOptions = {},
): UartCharacter[] {
  const { sent, read } = ends;
  const levels = levelsOf(bytes, sent, gapBits);
  const ticksPerLevel = (read.baudRate * TICKS) / sent.baudRate;
  const level = (tick: number): number => levels[Math.floor((tick + phase) / ticksPerLevel)] ?? 1;
  const end = Math.ceil(levels.length * ticksPerLevel) + TICKS * 2;
  const found: UartCharacter[] = [];
  let tick = 0;
  /** The tick at which the start bit began; below 0: none seen yet. */
  let start = -1;
  let seen = 1;
  while (tick < end || start >= 0) {
    if (start < 0) {
      const now = level(tick);
      if (seen === 1 && now === 0) start = tick;
      seen = now;
      tick += 1;
      continue;
    }
    const at = (bit: number): number => level(start + bit * TICKS + MIDDLE);
    if (at(0) === 1) {
      // Too short for a start bit.
      tick = start + MIDDLE + 1;
      seen = 1;
      start = -1;
      continue;
    }
    let byte = 0;
    for (let bit = 0; bit < read.dataBits; bit += 1) byte |= at(1 + bit) << bit;
    const parityAt = 1 + read.dataBits;
    const stopAt = parityAt + (read.parity === 'none' ? 0 : 1);
    const stop = at(stopAt);
    const wrongParity = read.parity !== 'none' && at(parityAt) !== parityBit(byte, read);
    const allLow = byte === 0 && stop === 0 && (read.parity === 'none' || at(parityAt) === 0);
    const stopTick = start + stopAt * TICKS + MIDDLE;
    if (stop === 1) {
      found.push(wrongParity ? { byte, error: 'parity' } : { byte });
      tick = stopTick + 1;
      seen = 1;
      start = -1;
    } else if (allLow) {
      found.push({ byte: 0, error: 'break' });
      tick = stopTick + 1;
      while (tick < end && level(tick) === 0) tick += 1;
      seen = 1;
      start = -1;
    } else {
      found.push({ byte, error: 'framing' });
      // The low level is taken for the next start bit, half of which is over.
      start = stopTick - MIDDLE;
    }
  }
  return found;
}

/**
 * The bytes that a program gets: characters with errors come like any other, and a break comes as 0. That is what a serial port of Linux gives while
 * `INPCK` is off and neither `IGNBRK` nor `PARMRK` is set, as serialport leaves it (termios(3)).
 */
export function bytesRead(characters: readonly UartCharacter[]): Uint8Array {
  return Uint8Array.from(characters, ({ byte }) => byte);
}
