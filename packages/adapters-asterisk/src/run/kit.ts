import type { DriverEvent, DriverHost, DriverReply, SwitchId } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { AriAnswer } from '../link/ari-rest.js';
import type { AriRequest } from '../map/request.js';
import type { CallModel } from '../map/to-core.js';
import type { AsteriskOptions } from '../options.js';

/** What the parts of the driver share: the switch to talk to, the calls, and the way to tell the core. */
export interface Kit {
  readonly switchId: SwitchId;
  readonly options: AsteriskOptions;
  readonly host: DriverHost;
  readonly model: CallModel;
  /** Tells the core, in order. */
  readonly emit: (event: DriverEvent) => void;
  /**
   * Sends a request over the link that is up.
   *
   * @throws {CtiError} `driver.linkLost` when none is up or it goes down, `wait.aborted` with the signal
   */
  readonly send: (request: AriRequest, signal?: AbortSignal) => Promise<AriAnswer>;
  /** Sends a request of the driver's own: a failure is logged with its status and changes nothing else. */
  readonly tidy: (request: AriRequest) => Promise<void>;
  /** A timer that ends with the link; the returned function cancels it. */
  readonly later: (delayMs: number, run: () => void) => () => void;
}

/** Was the request carried out? */
export function isOk(answer: AriAnswer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/**
 * What an answer of Asterisk means for a command. Its own words stay out: some of them repeat what was asked, numbers included.
 */
export function replyOf(answer: AriAnswer): DriverReply {
  if (isOk(answer)) return ACCEPTED;
  const native = `HTTP ${answer.status}`;
  if (answer.status === 404) return refused('gone', native);
  if (answer.status === 409 || answer.status === 412 || answer.status === 422) return refused('conflict', native);
  return refused('rejected', native);
}
