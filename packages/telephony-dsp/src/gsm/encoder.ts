import { multiplyRounded, saturate } from './arithmetic.js';
import { GSM_FRAME_SAMPLES, SUBFRAME, SUBFRAME_PARAMETERS } from './frame.js';
import { LarPair, reflectionOf, STRETCHES } from './lar.js';
import { encodeLar } from './lpc.js';
import { GAINS, LONGEST_LAG, lagAndGain } from './ltp.js';
import { Preprocessor } from './preprocess.js';
import { decodePulses, encodePulses } from './rpe.js';

/** Codes speech by GSM 06.10 full rate, 13 kbit/s, bit for bit as the standard's own arithmetic. */
export interface GsmEncoder {
  /**
   * Codes the next 160 samples, `samples` from `from` on.
   *
   * @param parameters - gets the frame's 76 parameters (`GSM_PARAMETERS`)
   * @throws {RangeError} when there are fewer samples, or there is less room
   */
  encode(samples: Int16Array, from: number, parameters: Uint8Array): void;
  /** Starts anew, as if nothing had been coded. */
  reset(): void;
}

/** An encoder with nothing behind it. */
export function createGsmEncoder(): GsmEncoder {
  const preprocessor = new Preprocessor();
  const s = new Int16Array(GSM_FRAME_SAMPLES);
  const lar = new LarPair();
  const reflection = new Int16Array(8);
  const u = new Int16Array(8);
  /** Reconstructed residual: 120 values of the past, then this frame's. */
  const history = new Int16Array(LONGEST_LAG + GSM_FRAME_SAMPLES);
  const predicted = new Int16Array(SUBFRAME);
  /** Long-term residual with the five zeros on both sides that the block filter wants. */
  const residual = new Int16Array(SUBFRAME + 10);
  const excitation = new Int16Array(SUBFRAME);

  /** Short-term analysis filter over one stretch (5.2.10), in place. */
  const analyse = (from: number, to: number): void => {
    for (let k = from; k < to; k += 1) {
      let forward = s[k] as number;
      let back = forward;
      for (let i = 0; i < 8; i += 1) {
        const held = u[i] as number;
        const r = reflection[i] as number;
        u[i] = back;
        back = saturate(held + multiplyRounded(r, forward));
        forward = saturate(forward + multiplyRounded(r, held));
      }
      s[k] = forward;
    }
  };

  const at = { history, here: 0 };
  const encodeSubframe = (n: number, parameters: Uint8Array): void => {
    const from = n * SUBFRAME;
    const here = LONGEST_LAG + from;
    at.here = here;
    const found = lagAndGain(s, from, at);
    const lag = found & 127;
    const gain = GAINS[found >> 7] as number;
    for (let i = 0; i < SUBFRAME; i += 1) {
      const value = multiplyRounded(gain, history[here - lag + i] as number);
      predicted[i] = value;
      residual[i + 5] = saturate((s[from + i] as number) - value);
    }
    const place = 8 + n * SUBFRAME_PARAMETERS;
    parameters[place] = lag;
    parameters[place + 1] = found >> 7;
    encodePulses(residual, parameters, place + 2);
    decodePulses(parameters, place + 2, excitation);
    for (let i = 0; i < SUBFRAME; i += 1)
      history[here + i] = saturate((excitation[i] as number) + (predicted[i] as number));
  };

  return {
    encode(samples, from, parameters) {
      if (from < 0 || from + GSM_FRAME_SAMPLES > samples.length) throw new RangeError('expected 160 samples a frame');
      if (parameters.length < 8 + 4 * SUBFRAME_PARAMETERS) throw new RangeError('expected room for 76 parameters');
      preprocessor.run(samples, from, s);
      encodeLar(s, parameters);
      lar.take(parameters);
      for (let stretch = 0; stretch < 4; stretch += 1) {
        reflectionOf(stretch, lar, reflection);
        analyse(STRETCHES[stretch] as number, STRETCHES[stretch + 1] as number);
      }
      for (let n = 0; n < 4; n += 1) encodeSubframe(n, parameters);
      history.copyWithin(0, GSM_FRAME_SAMPLES);
    },
    reset() {
      preprocessor.reset();
      lar.reset();
      for (const state of [u, history]) state.fill(0);
    },
  };
}
