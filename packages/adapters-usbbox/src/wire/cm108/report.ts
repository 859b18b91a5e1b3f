/** Bits of an input report by the names that configurations use: keys of the first byte, GPIO pins of the second. */
export const CM108_INPUTS = {
  volumeUp: 0x0001,
  volumeDown: 0x0002,
  playMute: 0x0004,
  recordMute: 0x0008,
  gpio1: 0x0100,
  gpio2: 0x0200,
  gpio3: 0x0400,
  gpio4: 0x0800,
  gpio5: 0x1000,
  gpio6: 0x2000,
  gpio7: 0x4000,
  gpio8: 0x8000,
} as const;

/** One of {@link CM108_INPUTS}. */
export type Cm108Input = keyof typeof CM108_INPUTS;

/** Levels that the chip shall drive, and on which pins. Bit 0 is GPIO1. */
export interface Cm108Outputs {
  readonly data: number;
  /** 1: output, 0: input. */
  readonly direction: number;
}

/**
 * The output report: report number 0, then four bytes of which the second holds the levels and the third the directions; the first is 0, so that the pins are GPIO and the
 * buzzer is off.
 * @source the CM108/CM109/CM119 data sheets; Linux drivers/input/misc/cm109.c and direwolf's cm108.c write the same
 */
export function encodeCm108Report({ data, direction }: Cm108Outputs): Uint8Array {
  return Uint8Array.of(0, 0, data & direction & 0xff, direction & 0xff, 0);
}

/**
 * Reads an input report of four bytes, with or without a report number in front.
 * @returns the bits of {@link CM108_INPUTS}; `undefined` for what is no such report
 */
export function decodeCm108Report(bytes: ArrayLike<number>): number | undefined {
  const at = bytes.length === 5 && bytes[0] === 0 ? 1 : 0;
  if (bytes.length - at !== 4) return undefined;
  return ((bytes[at] ?? 0) & 0x0f) | ((bytes[at + 1] ?? 0) << 8);
}
