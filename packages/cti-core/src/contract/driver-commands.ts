import type { ReleaseCause } from './causes.js';
import type { BridgeId, CallId, CommandId, ConnectionId, DeviceId, PlaybackId, RecordingId } from './ids.js';

/** What to dial. `device` must be one of the driver's switch; `number` goes out on `trunk` exactly as given (prefix and pauses added by the engine). */
export type DialTarget =
  | { readonly kind: 'device'; readonly device: DeviceId }
  | { readonly kind: 'number'; readonly trunk: DeviceId; readonly number: string };

/**
 * Sound to play, in order. `prompt` names a file of the voice library; `tone` a named tone; `silence` is a pause; `recording` is one of one file (`mixed`) that this
 * switch has made and finished, whatever connection it was of; `speech` are words: the shell puts a file of its speech service in their place, and a driver that gets
 * them refuses with `invalid`.
 */
export type MediaRef =
  | { readonly kind: 'prompt'; readonly prompt: string; readonly language?: string }
  | { readonly kind: 'recording'; readonly recordingId: RecordingId }
  | { readonly kind: 'speech'; readonly text: string; readonly language: string }
  | { readonly kind: 'tone'; readonly tone: 'ringback' | 'busy' | 'congestion' | 'beep' | 'dial' }
  | { readonly kind: 'silence'; readonly forMs: number }
  | { readonly kind: 'digits'; readonly text: string; readonly language?: string }
  | { readonly kind: 'number'; readonly value: number; readonly language?: string };

/** Marks a connection as ours, so that it is found and adopted after an outage. Set at first touch, on the wire. */
export interface Mark {
  readonly callId: CallId;
}

/** How a supervisor's connection takes part: hears both; speaks to the target alone; speaks to all. */
export type MonitorMode = 'listen' | 'whisper' | 'barge';

/**
 * The commands of the profiles `media`, `line` and `callControl`. Each carries an id and is answered exactly once by a {@link DriverReply}.
 * "Confirmed by" says which event shows that it happened: an accepted reply means only that the switch took it.
 */
export type DriverCommand =
  /** Dials. Confirmed by `created`, then `alerting`, `connected` or `cleared`. Stops ringing after `ringTimeoutMs` (1,000-300,000) with cause `noAnswer`. */
  | (Base & {
      readonly type: 'originate';
      readonly connectionId: ConnectionId;
      readonly target: DialTarget;
      readonly mark: Mark;
      readonly callerNumber?: string;
      readonly callerName?: string;
      readonly ringTimeoutMs: number;
      /** Ask the phone to answer by itself (`Alert-Info`/`Call-Info: answer-after=0`); the phone may ignore it. */
      readonly autoAnswer?: 'ask';
      /** Ask the phone to show the call without sound (`Alert-Info`); the phone may ignore it. Not beside `autoAnswer`. */
      readonly ring?: 'silent';
    })
  /** Takes charge of an incoming connection and sets our mark. No event follows. */
  | (Base & { readonly type: 'claim'; readonly connectionId: ConnectionId; readonly mark: Mark })
  /** Sends ringing to an unanswered incoming connection. No event follows. */
  | (Base & { readonly type: 'ring'; readonly connectionId: ConnectionId })
  /** Answers an incoming connection. Confirmed by `connected`. */
  | (Base & { readonly type: 'answer'; readonly connectionId: ConnectionId })
  /** Ends a connection in any state. Confirmed by `cleared` (with this cause unless the switch tells a better one). */
  | (Base & { readonly type: 'clear'; readonly connectionId: ConnectionId; readonly cause: ReleaseCause })
  /** Makes the bridge if absent and adds the connections, each leaving any bridge that it was in. Others in it stay. Stops hold music of the added ones. Confirmed by `bridged` per connection. */
  | (Base & { readonly type: 'bridge'; readonly bridgeId: BridgeId; readonly connectionIds: readonly ConnectionId[] })
  /** Takes a connection out of its bridge; it stays up and hears silence. An empty bridge is destroyed. Confirmed by `unbridged`. */
  | (Base & { readonly type: 'unbridge'; readonly connectionId: ConnectionId })
  /** Hold music to one connection (never to the rest of its bridge). No event follows; the accepted reply confirms. */
  | (Base & {
      readonly type: 'holdMusic';
      readonly connectionId: ConnectionId;
      readonly mode: 'start' | 'stop';
      readonly musicClass?: string;
    })
  /** Plays to one connection. Confirmed by `playbackStarted`; ends with exactly one `playbackFinished`, also when it cannot play. */
  | (Base & {
      readonly type: 'play';
      readonly connectionId: ConnectionId;
      readonly playbackId: PlaybackId;
      readonly media: readonly MediaRef[];
    })
  /** Stops a playback. Confirmed by its `playbackFinished` (`stopped`). An ended playback: accepted, no event. */
  | (Base & { readonly type: 'stopPlay'; readonly connectionId: ConnectionId; readonly playbackId: PlaybackId })
  /** Switches the delivery of `digit` events for a connection. Where the switch always tells them, accepted without effect. */
  | (Base & { readonly type: 'collectDigits'; readonly connectionId: ConnectionId; readonly mode: 'start' | 'stop' })
  /** Sends 1-64 of `0-9*#A-D` to the far end of the connection. `toneMs` and `gapMs` 40-1,000. */
  | (Base & {
      readonly type: 'sendDigits';
      readonly connectionId: ConnectionId;
      readonly digits: string;
      readonly toneMs: number;
      readonly gapMs: number;
    })
  /** The connection's own voice is (not) heard by others. The accepted reply confirms. */
  | (Base & { readonly type: 'mute'; readonly connectionId: ConnectionId; readonly mode: 'mute' | 'unmute' })
  /** Records both directions of a connection, through holds and bridges, until stopped or cleared. Confirmed by `recordingStarted`; ends with exactly one `recordingFinished`. `mixed` is one file, `separate` one per direction. */
  | (Base & {
      readonly type: 'record';
      readonly connectionId: ConnectionId;
      readonly recordingId: RecordingId;
      readonly tracks: 'mixed' | 'separate';
      readonly format: 'wav' | 'ulaw' | 'wav49';
    })
  /** Pauses (silence or a gap), resumes or stops a recording. The accepted reply confirms pause and resume; `recordingFinished` confirms stop. */
  | (Base & {
      readonly type: 'controlRecording';
      readonly connectionId: ConnectionId;
      readonly recordingId: RecordingId;
      readonly mode: 'pause' | 'resume' | 'stop';
    })
  /** Lets the supervisor's connected connection hear, whisper to or join the target. Again with another mode: switches. Confirmed by `monitoring`; barge puts the supervisor in the target's bridge first (`bridged` comes before `monitoring`). */
  | (Base & {
      readonly type: 'monitor';
      readonly connectionId: ConnectionId;
      readonly targetId: ConnectionId;
      readonly mode: MonitorMode;
    })
  /** Ends monitoring of a supervisor's connection, which stays up. Confirmed by `monitoring` with mode `null`. */
  | (Base & { readonly type: 'stopMonitor'; readonly connectionId: ConnectionId })
  /**
   * Line profile: a hook flash on the line of the connection, then `digits` (1-64 of `0-9*#A-D`, a comma is a pause of one second) to the PBX behind it.
   * `stay`: the connection goes on (the PBX holds its party and gives another, or `digits` brought it back). `leave`: the line goes on-hook after the digits, by which the
   * PBX transfers its party; confirmed by `cleared` (cause `transferred`), and by nothing that the other phone rings.
   */
  | (Base & {
      readonly type: 'flash';
      readonly connectionId: ConnectionId;
      readonly digits?: string;
      readonly after: 'stay' | 'leave';
    })
  /**
   * Gives the connection back to the switch's own dialplan: to `number` there, else on to what the dialplan does with a call when nobody
   * takes it (its fallback). Confirmed by `cleared` (cause `transferred`) as far as we are concerned.
   */
  | (Base & { readonly type: 'redirect'; readonly connectionId: ConnectionId; readonly number?: string })
  | ServiceCommand;

/**
 * The commands of the `callControl` profile beside `answer`, `clear`, `sendDigits` and `flash` (`stay`): services on devices in the words of ECMA-269, which the switch
 * carries out. `connectionId` is the acting device's own connection; where the service makes it, the engine chooses it. Digits are 1-32 of `0-9*#A-D`, as the switch takes
 * them, without an access code.
 */
export type ServiceCommand =
  /** Make Call: `device` (a phone without a connection, or whose only one it holds) calls. On `trunk` where given, else on a free one. Confirmed by `created` of `connectionId`. */
  | (Base & {
      readonly type: 'makeCall';
      readonly connectionId: ConnectionId;
      readonly device: DeviceId;
      readonly to: string;
      readonly trunk?: DeviceId;
      readonly account?: string;
      readonly mark: Mark;
    })
  /** Hold Call. Confirmed by `heldByDevice`. */
  | (Base & { readonly type: 'hold'; readonly connectionId: ConnectionId })
  /** Retrieve Call; what the device talks in meanwhile is put on hold. Confirmed by `retrievedByDevice`. */
  | (Base & { readonly type: 'retrieve'; readonly connectionId: ConnectionId })
  /** Transfer Call: the others of `connectionId` and of `heldId`, both of one device, are joined. Confirmed by `cleared` of both (cause `transferred`). */
  | (Base & { readonly type: 'transfer'; readonly connectionId: ConnectionId; readonly heldId: ConnectionId })
  /** Single Step Transfer Call: the others of `connectionId` go to `to`, which rings. Confirmed by its `cleared` (cause `transferred`). */
  | (Base & { readonly type: 'singleStepTransfer'; readonly connectionId: ConnectionId; readonly to: string })
  /** Conference Call: joins the calls of `connectionId` and `heldId` with their device in it. Confirmed by `movedCall` or `retrievedByDevice`. */
  | (Base & { readonly type: 'conference'; readonly connectionId: ConnectionId; readonly heldId: ConnectionId })
  /** Single Step Conference Call: another is called in. Confirmed by `created` in the same call of the switch. */
  | (Base & { readonly type: 'singleStepConference'; readonly connectionId: ConnectionId; readonly to: string })
  /** Park Call on a numbered slot (the first free one where absent). Confirmed by its `cleared` (cause `transferred`) and `parked` of whom it talked with. */
  | (Base & { readonly type: 'park'; readonly connectionId: ConnectionId; readonly slot?: number })
  /** Takes what is parked. Confirmed by `created` of `connectionId` in the parked one's call of the switch. */
  | (Base & {
      readonly type: 'unpark';
      readonly connectionId: ConnectionId;
      readonly device: DeviceId;
      readonly slot: number;
      readonly mark: Mark;
    })
  /** Directed Pickup Call of what alerts at `from`; Group Pickup Call where absent. Confirmed by `created` of `connectionId`. */
  | (Base & {
      readonly type: 'pickUp';
      readonly connectionId: ConnectionId;
      readonly device: DeviceId;
      readonly from?: DeviceId;
      readonly mark: Mark;
    })
  /** Speaks through the loudspeakers of a zone, 0 (all) to 9. Confirmed by `created` of `connectionId`. */
  | (Base & {
      readonly type: 'page';
      readonly connectionId: ConnectionId;
      readonly device: DeviceId;
      readonly zone: number;
      readonly mark: Mark;
    })
  /** Last Number Redial. Confirmed by `created` of `connectionId`. */
  | (Base & {
      readonly type: 'redial';
      readonly connectionId: ConnectionId;
      readonly device: DeviceId;
      readonly mark: Mark;
    });

interface Base {
  readonly commandId: CommandId;
  /** The driver answers `timeout` when the switch has not replied for so long; 100-60,000 ms. */
  readonly boundMs: number;
}

/** The types of {@link ServiceCommand}. */
export const SERVICE_COMMANDS = [
  'makeCall',
  'hold',
  'retrieve',
  'transfer',
  'singleStepTransfer',
  'conference',
  'singleStepConference',
  'park',
  'unpark',
  'pickUp',
  'page',
  'redial',
] as const satisfies readonly ServiceCommand['type'][];

/** A command of the profiles `media` and `line`: on connections and bridges, not services of the switch. */
export type MediaCommand = Exclude<DriverCommand, ServiceCommand>;

const SERVICES: ReadonlySet<string> = new Set(SERVICE_COMMANDS);

/** Is it one that only a switch of the `callControl` profile carries out? */
export function isServiceCommand(command: DriverCommand): command is ServiceCommand {
  return SERVICES.has(command.type);
}

/** The `type` of every driver command. */
export type DriverCommandType = DriverCommand['type'];

/** Why a driver did not do it. `gone`: no such connection, playback, recording any more. `rejected`: the switch said no. `invalid`: not a command this driver could ever take. */
export const REFUSALS = [
  'notSupported',
  'linkLost',
  'timeout',
  'gone',
  'conflict',
  'rejected',
  'invalid',
  'stopped',
] as const;
/** One of {@link REFUSALS}. */
export type Refusal = (typeof REFUSALS)[number];

/** The one answer to a command. `native` is the switch's own words, at most 128 characters, without numbers or names. */
export type DriverReply =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly code: Refusal; readonly native?: string };
