import type { DriverEvent, DriverHost, SwitchId } from '@cordboard/cti-core';
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
