import { type DriverReply, isCtiError, type Refusal } from '@cordboard/cti-core';

/** The command was taken. */
export const ACCEPTED: DriverReply = { outcome: 'accepted' };

/** Longest text of a switch's own words in an answer, as the contract says. */
const MAX_NATIVE = 128;

/** The command was not taken. `native` are the switch's own words, cut at 128 characters. */
export function refused(code: Refusal, native?: string): DriverReply {
  return { outcome: 'refused', code, ...(native === undefined ? {} : { native: native.slice(0, MAX_NATIVE) }) };
}

/** What a failure to get an answer of the switch means for a command. */
export function replyOfError(error: unknown): DriverReply {
  if (isCtiError(error, 'driver.timeout')) return refused('timeout');
  if (isCtiError(error, 'driver.stopped')) return refused('stopped');
  if (isCtiError(error, 'driver.linkLost') || isCtiError(error, 'wait.aborted')) return refused('linkLost');
  // The wire has no form for a value of the command.
  if (isCtiError(error, 'wire.unsafeValue')) return refused('invalid');
  return refused('rejected', isCtiError(error) ? error.code : 'internal');
}
