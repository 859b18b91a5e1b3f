import { multiplyRounded, saturate } from './arithmetic.js';
import { GSM_FRAME_SAMPLES, GSM_PARAMETERS, SUBFRAME, SUBFRAME_PARAMETERS } from './frame.js';
import { LarPair, reflectionOf, STRETCHES } from './lar.js';
import { GAINS, LONGEST_LAG, SHORTEST_LAG } from './ltp.js';
import { decodePulses } from './rpe.js';

/** Decodes GSM 06.10 full rate, bit for bit as the standard's own arithmetic. */
export interface GsmDecoder {
  /**
   * Decodes a frame of 76 parameters into 160 samples of `out`, from `at` on. Any parameters of their width are a frame.
   *
   * @throws {RangeError} when there are fewer parameters, or there is less room
   */
  decode(parameters: Uint8Array, out: Int16Array, at: number): void;
  /** Starts anew, as if nothing had been decoded. */
  reset(): void;
}

/** A decoder with nothing behind it. */
export function createGsmDecoder(): GsmDecoder {
  const lar = new LarPair();
  const reflection = new Int16Array(8);
  const v = new Int16Array(9);
  const history = new Int16Array(LONGEST_LAG + GSM_FRAME_SAMPLES);
  const excitation = new Int16Array(SUBFRAME);
  let lag = SHORTEST_LAG;
  let emphasis = 0;

  /** Long-term synthesis of one sub-frame (5.3.2). */
  const decodeSubframe = (n: number, parameters: Uint8Array): void => {
    const place = 8 + n * SUBFRAME_PARAMETERS;
    decodePulses(parameters, place + 2, excitation);
    const sent = parameters[place] as number;
    if (sent >= SHORTEST_LAG && sent <= LONGEST_LAG) lag = sent;
    const gain = GAINS[parameters[place + 1] as number] as number;
    const here = LONGEST_LAG + n * SUBFRAME;
    for (let i = 0; i < SUBFRAME; i += 1)
      history[here + i] = saturate(
        (excitation[i] as number) + multiplyRounded(gain, history[here + i - lag] as number),
      );
  };

  /** Short-term synthesis of one stretch (5.3.4). */
  const synthesise = (from: number, to: number, out: Int16Array): void => {
    for (let k = from; k < to; k += 1) {
      let sample = history[LONGEST_LAG + k] as number;
      for (let i = 7; i >= 0; i -= 1) {
        const r = reflection[i] as number;
        const held = v[i] as number;
        sample = saturate(sample - multiplyRounded(r, held));
        v[i + 1] = saturate(held + multiplyRounded(r, sample));
      }
      v[0] = sample;
      out[k] = sample;
    }
  };

  const speech = new Int16Array(GSM_FRAME_SAMPLES);
  return {
    decode(parameters, out, at) {
      if (parameters.length < GSM_PARAMETERS) throw new RangeError('expected 76 parameters');
      if (at < 0 || at + GSM_FRAME_SAMPLES > out.length) throw new RangeError('expected room for 160 samples');
      for (let n = 0; n < 4; n += 1) decodeSubframe(n, parameters);
      lar.take(parameters);
      for (let stretch = 0; stretch < 4; stretch += 1) {
        reflectionOf(stretch, lar, reflection);
        synthesise(STRETCHES[stretch] as number, STRETCHES[stretch + 1] as number, speech);
      }
      history.copyWithin(0, GSM_FRAME_SAMPLES);
      for (let k = 0; k < GSM_FRAME_SAMPLES; k += 1) {
        emphasis = saturate((speech[k] as number) + multiplyRounded(emphasis, 28_180));
        out[at + k] = saturate(emphasis + emphasis) & 0xfff8;
      }
    },
    reset() {
      lar.reset();
      for (const state of [v, history]) state.fill(0);
      lag = SHORTEST_LAG;
      emphasis = 0;
    },
  };
}
