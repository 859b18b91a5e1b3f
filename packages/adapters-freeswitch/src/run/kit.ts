import {
  type DriverEvent,
  type DriverHost,
  type DriverReply,
  isCtiError,
  type Refusal,
  type SwitchId,
} from '@cordboard/cti-core';
import type { FreeswitchOptions } from '../driver-options.js';
import type { MapEffect } from '../map/effects.js';
import type { Leg } from '../map/leg.js';
import type { CallModel } from '../map/to-core.js';
import type { Moves } from './moves.js';

/** One `sendmsg execute`: an application on a channel, known again by its id. */
export interface Execution {
  readonly app: string;
  readonly arg: string;
  /** Comes back as `Application-UUID`. */
  readonly eventId: string;
}

/** What the parts of the driver share: the switch to talk to, the calls, and the way to tell the core. */
export interface Kit {
  readonly switchId: SwitchId;
  readonly options: FreeswitchOptions;
  readonly host: DriverHost;
  readonly model: CallModel;
  readonly moves: Moves;
  /** Tells the core, in order. */
  readonly emit: (event: DriverEvent) => void;
  /** Carries out what the model says has to follow. */
  readonly follow: (effects: readonly MapEffect[]) => void;
  /**
   * Runs an `api` command over the link that is up, and gives what it printed.
   *
   * @throws {CtiError} `driver.linkLost` when none is up or it goes down, `wait.aborted` with the signal, `driver.timeout` without one
   */
  readonly api: (line: string, signal?: AbortSignal) => Promise<string>;
  /** Queues an application on a channel. @returns what FreeSWITCH replied @throws {CtiError} as `api` */
  readonly execute: (leg: Leg, execution: Execution, signal?: AbortSignal) => Promise<string>;
  /** Runs a command of the driver's own: a failure is logged and changes nothing else. Never rejects. */
  readonly tidy: (line: string) => Promise<void>;
  /** A timer that ends with the link; the returned function cancels it. */
  readonly later: (delayMs: number, run: () => void) => () => void;
}

/** The command was taken. */
export const ACCEPTED: DriverReply = { outcome: 'accepted' };

/** The command was not taken. */
export function refused(code: Refusal, native?: string): DriverReply {
  return { outcome: 'refused', code, ...(native === undefined ? {} : { native: native.slice(0, 128) }) };
}

/** What a failure to get an answer means for a command. */
export function replyOfError(error: unknown): DriverReply {
  if (isCtiError(error, 'driver.timeout')) return refused('timeout');
  if (isCtiError(error, 'driver.stopped')) return refused('stopped');
  if (isCtiError(error, 'driver.linkLost') || isCtiError(error, 'wait.aborted')) return refused('linkLost');
  if (isCtiError(error, 'wire.unsafeValue')) return refused('invalid');
  return refused('rejected', isCtiError(error) ? error.code : 'internal');
}
