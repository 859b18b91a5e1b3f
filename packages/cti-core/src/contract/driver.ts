import type { DriverCommand, DriverCommandType, DriverReply } from './driver-commands.js';
import type { DriverEvent } from './driver-events.js';
import type { DriverFacets } from './facets.js';
import type { RecordingId, SwitchId } from './ids.js';

/** What kind of switch is behind a driver. */
export type DriverProfile = 'media' | 'callControl' | 'line';

/**
 * One thing a driver can do: a command type, or a facet.
 * - `devices` tells `devicePresence`; `observe` tells calls that are not ours; `phoneHold`, `phoneTransfer` tells what phones do by themselves
 * - `monitor.whisper`, `monitor.barge`: modes of `monitor` beyond listening
 */
export type DriverCapability =
  | DriverCommandType
  | 'devices'
  | 'observe'
  | 'phoneHold'
  | 'phoneTransfer'
  | 'monitor.whisper'
  | 'monitor.barge';

/** Everything of the `media` profile but `observe`, which many switches need a link of its own for. */
export const MEDIA_CAPABILITIES: readonly DriverCapability[] = [
  'originate',
  'claim',
  'ring',
  'answer',
  'clear',
  'bridge',
  'unbridge',
  'holdMusic',
  'play',
  'stopPlay',
  'collectDigits',
  'sendDigits',
  'mute',
  'record',
  'controlRecording',
  'monitor',
  'stopMonitor',
  'redirect',
  'devices',
  'phoneHold',
  'phoneTransfer',
  'monitor.whisper',
  'monitor.barge',
];

/** What the shell lends a driver. Nothing else of the world is used: no global clock, timer or randomness. */
export interface DriverHost {
  readonly clock: Clock;
  /** 0 <= x < 1, for jitter and id prefixes only. */
  readonly random: () => number;
  readonly log: Logger;
}

/** Time as a port. `nowMs` is monotone; `wallMs` is epoch ms. */
export interface Clock {
  nowMs(): number;
  wallMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels and may be called at any time, any number of times. */
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** A structured logger. `fields` never hold phone numbers, digits, names or tokens. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
/** Plain values beside a log message. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The one consumer of a driver's events; called in order, never re-entered by the driver. */
export type DriverSink = (event: DriverEvent) => void;

/**
 * A driver translates between one switch and the core; it decides nothing. Inert until started. See architecture.md, "Driver contract".
 */
export interface CtiDriver {
  readonly switchId: SwitchId;
  readonly profile: DriverProfile;
  /** What it can do when all links are up. The set in force is told by `linkSynced` and `linkDown`. */
  readonly capabilities: ReadonlySet<DriverCapability>;
  /**
   * What can be done with the switch itself, apart from its calls. A facet that is absent is one that it lacks. Where only the switch can say what it offers, all that it
   * may offer stand here until its first link is up, and from then on those that it does; one that was taken before then rejects `command.notSupported`.
   */
  readonly facets?: DriverFacets;
  /**
   * Starts the link loops. Resolves at once when the loops run (the links may still be down: `linkUp` tells).
   * Aborting the signal is the same as `stop`.
   * @throws {CtiError} `driver.started` when started twice, `driver.stopped` after stop
   */
  start(sink: DriverSink, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Carries out one command. Never rejects: the answer is data, given exactly once within `boundMs`. */
  execute(command: DriverCommand): Promise<DriverReply>;
  /**
   * Opens a finished recording's file for reading, where the switch keeps it. `undefined` when there is none. Beside the names that
   * `recordingFinished` told, these always lead to the files: `<recordingId>.<ending>` (mixed), `<recordingId>-in.<ending>` and
   * `<recordingId>-out.<ending>` (separate), with the endings `wav`, `ulaw`, and `WAV` for `wav49`: nobody may have been there to be told.
   */
  openRecording(
    recordingId: RecordingId,
    file: string,
    options: { readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Ends all: answers pending commands `stopped`, closes links, leaves no timer, socket or listener. Idempotent, never rejects. Calls on the switch live on. */
  stop(): Promise<void>;
}

/** Makes a driver from checked options. Registered by name with the server; construction does no I/O. */
export type DriverFactory = (switchId: SwitchId, host: DriverHost) => CtiDriver;
