/** Samples of a GSM 06.10 frame: 20 ms. */
export const GSM_FRAME_SAMPLES = 160;
/** Samples of a sub-frame: 5 ms. */
export const SUBFRAME = 40;
/** Parameters of a frame: 8 log-area ratios, then four times lag, gain, grid, block maximum and 13 pulses. */
export const GSM_PARAMETERS = 76;
/** Parameters of a sub-frame. */
export const SUBFRAME_PARAMETERS = 17;

const subframe = [7, 2, 2, 6, ...Array.from({ length: 13 }, () => 3)];

/** Bits of each parameter, in the order of the frame (GSM 06.10 table 1.1): 260 in all. */
export const PARAMETER_BITS = Uint8Array.of(
  ...[6, 6, 5, 5, 4, 4, 3, 3],
  ...subframe,
  ...subframe,
  ...subframe,
  ...subframe,
);
