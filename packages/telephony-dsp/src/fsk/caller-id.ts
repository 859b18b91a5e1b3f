import { parseCallerIdMessage } from '../cid/message.js';
import type { CallerIdEvent, Detector, Hook, MessageWaitingEvent } from '../contract.js';
import { SAMPLE_RATE } from '../contract.js';
import { type FskMessage, FskReceiver } from './receiver.js';
import { FSK_TUNING, type FskTuning } from './tuning.js';

/** Options of {@link createFskCallerId}. */
export interface FskCallerIdOptions {
  /**
   * Listens while the hook is off as well, for the caller of a second call (Type II: 80 marks, then the message, after the exchange's alert).
   * Default false: off-hook nothing is told.
   */
  readonly callWaiting?: boolean;
  /** Signals weaker than this are not listened to, -60 to -10 dBm0, default -47 (ETSI EN 300 659-1 and TIA-777 have receivers ignore -48 dBm). */
  readonly minLevelDbm0?: number;
}

/** A detector of FSK caller ID and message waiting. */
export type FskCallerIdDetector = Detector<CallerIdEvent | MessageWaitingEvent>;

/**
 * Detects FSK caller ID in the silence between rings: Bell 202 and V.23, single and multiple data message format. A message is told once it
 * is complete, its checksum and structure hold, and no other reading of the signal comes near it. Messages that an exchange repeats are told
 * each time; the driver knows when a ringing period ends.
 *
 * @throws {TypeError} for an option out of its range
 * @source GR-30, TIA-777, ETSI EN 300 659-1
 */
export function createFskCallerId(options: FskCallerIdOptions = {}): FskCallerIdDetector {
  const minLevelDbm0 = options.minLevelDbm0 ?? FSK_TUNING.minLevelDbm0;
  if (!(minLevelDbm0 >= -60 && minLevelDbm0 <= -10)) throw new TypeError('minLevelDbm0 must be -60 to -10');
  return createTunedFskCallerId({ callWaiting: options.callWaiting ?? false }, { ...FSK_TUNING, minLevelDbm0 });
}

/** As {@link createFskCallerId}, with every number of its judgement. For the package's own tests. */
export function createTunedFskCallerId(
  options: { readonly callWaiting: boolean },
  tuning: FskTuning,
): FskCallerIdDetector {
  const told: (CallerIdEvent | MessageWaitingEvent)[] = [];
  const none: readonly (CallerIdEvent | MessageWaitingEvent)[] = [];
  const receiver = new FskReceiver(tuning, (message) => {
    const event = judge(message, tuning, receiver.taken);
    if (event !== undefined) told.push(event);
  });
  let deaf = false;
  return {
    push(samples: Int16Array, hook: Hook) {
      if (told.length > 0) told.length = 0;
      if (hook === 'off' && !options.callWaiting) {
        if (!deaf) receiver.forget();
        deaf = true;
        receiver.skip(samples.length);
        return none;
      }
      deaf = false;
      for (let i = 0; i < samples.length; i++) receiver.push(samples[i] as number);
      return told.length === 0 ? none : told;
    },
    signal: () => none,
    flush() {
      told.length = 0;
      // A message that is not complete is none.
      receiver.reset();
      deaf = false;
      return none;
    },
    reset() {
      told.length = 0;
      receiver.reset();
      deaf = false;
    },
  };
}

function judge(message: FskMessage, tuning: FskTuning, now: number): CallerIdEvent | MessageWaitingEvent | undefined {
  if (message.margin < tuning.margin || message.share < tuning.messageShare || message.worstByte < tuning.byteShare)
    return undefined;
  const parsed = parseCallerIdMessage(message.bytes);
  if (!parsed.ok) return undefined;
  const stamp = { atMs: toMs(message.carrierAt), detectedMs: toMs(now) };
  return parsed.message.type === 'cid'
    ? { ...parsed.message, method: 'fsk', ...stamp }
    : { ...parsed.message, ...stamp };
}

function toMs(samples: number): number {
  return Math.round((samples * 10_000) / SAMPLE_RATE) / 10;
}
