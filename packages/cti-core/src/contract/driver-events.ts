import type { Evidence, Release } from './causes.js';
import type { DriverCapability, DriverProfile } from './driver.js';
import type { MonitorMode } from './driver-commands.js';
import type { BridgeId, CallId, ConnectionId, DeviceId, LinkId, PlaybackId, RecordingId } from './ids.js';
import type { RawParty } from './numbers.js';

/** May we act on it (`full`), or only watch (`observe`: other people's calls on a shared switch)? */
export type Control = 'full' | 'observe';

/** Who set up the connection: it came to us (`incoming`: the device called), or the switch calls the device (`outgoing`). */
export type ConnectionDirection = 'incoming' | 'outgoing';

/** What a device is doing, whoever's call it is. `unreachable`: not registered or out of order. */
export type DevicePresence = 'idle' | 'alerting' | 'busy' | 'held' | 'doNotDisturb' | 'unreachable' | 'unknown';

/**
 * What a telephone, a line or a park slot of a PBX is doing (row P2). `busyTone` and `howler` are heard at a phone that nobody talks on; `wrapUp` is the guard time of a line;
 * `taken` and `free` are states of a slot.
 */
export type DeviceState =
  | 'outOfService'
  | 'idle'
  | 'offHook'
  | 'dialling'
  | 'ringing'
  | 'ringback'
  | 'talking'
  | 'held'
  | 'parked'
  | 'conference'
  | 'busyTone'
  | 'howler'
  | 'wrapUp'
  | 'programming'
  | 'taken'
  | 'free'
  | 'unknown';

/** All that a switch tells of a device; what is absent is none. */
export interface DeviceDetail {
  readonly state: DeviceState;
  readonly direction?: 'in' | 'out' | 'internal';
  /** The phone or slot at the other side. */
  readonly peer?: DeviceId;
  readonly line?: DeviceId;
  /** The outside party, or the inside one where there is no outside party. */
  readonly party?: RawParty;
  readonly nativeCallRef?: string;
  /** Where calls to it are sent. */
  readonly forward?: string;
  readonly doNotDisturb?: 'on';
  readonly messageLamp?: 'on';
  /** Class of service, 1-6. */
  readonly classOfService?: number;
}

/** Why a link went down. `replaced`: another client took our place, the driver does not fight it. `overflow`: the peer sent more than the caps. */
export type LinkDownReason =
  | 'closed'
  | 'refused'
  | 'authFailed'
  | 'timeout'
  | 'protocol'
  | 'overflow'
  | 'replaced'
  | 'stopped';

/** One live connection as a switch shows it when asked. */
export interface ConnectionSnapshot {
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  readonly state: 'initiated' | 'alerting' | 'connected';
  readonly control: Control;
  readonly calling: RawParty;
  readonly called: RawParty;
  /** Our mark, when it carries one. */
  readonly callId?: CallId;
  readonly bridgeId?: BridgeId;
  /** As in `created`. */
  readonly nativeCallRef?: string;
  /** The park slot that it waits on. */
  readonly parkedAt?: number;
  /** Its phone holds it (phone-made hold). */
  readonly heldByDevice?: 'held';
}

/** All that lives on a switch after a (re)connect. What is not in it has ended. */
export interface SwitchSnapshot {
  readonly connections: readonly ConnectionSnapshot[];
  readonly recordings: readonly { readonly recordingId: RecordingId; readonly connectionId: ConnectionId }[];
  readonly monitors: readonly {
    readonly connectionId: ConnectionId;
    readonly targetId: ConnectionId;
    readonly mode: MonitorMode;
  }[];
  readonly devices: readonly {
    readonly device: DeviceId;
    readonly presence: DevicePresence;
    readonly detail?: DeviceDetail;
  }[];
}

interface OnConnection {
  readonly connectionId: ConnectionId;
  /** The switch's own stamp, epoch ms, kept as data only. */
  readonly nativeAtMs?: number;
}

/**
 * What a driver tells. Order: the events of one connection arrive in order, `created` first, `cleared` exactly once
 * and last. Between connections only {@link HAPPENS_BEFORE} holds.
 */
export type DriverEvent =
  /** The link is logged in; a `snapshot` and `linkSynced` follow. */
  | { readonly type: 'linkUp'; readonly linkId: LinkId }
  /** The full state, with the wire events of the time of asking merged in. */
  | { readonly type: 'snapshot'; readonly snapshot: SwitchSnapshot }
  /** From now on events are complete. `profile` absent: `media`. */
  | {
      readonly type: 'linkSynced';
      readonly linkId: LinkId;
      readonly capabilities: readonly DriverCapability[];
      readonly profile?: DriverProfile;
    }
  /** Nothing is known any more until the next snapshot. Commands under way were answered `linkLost` before this. */
  | {
      readonly type: 'linkDown';
      readonly linkId: LinkId;
      readonly reason: LinkDownReason;
      readonly capabilities: readonly DriverCapability[];
    }
  /** A connection exists. Incoming: the device calls `called.number` and waits unanswered. Outgoing: the switch dials the device. State `initiated`. */
  | (OnConnection & {
      readonly type: 'created';
      readonly device: DeviceId;
      readonly direction: ConnectionDirection;
      readonly control: Control;
      readonly calling: RawParty;
      readonly called: RawParty;
      readonly callId?: CallId;
      /** Groups connections of one call. Of the `callControl` profile always there, and which call it is; else a hint, no identity. */
      readonly nativeCallRef?: string;
    })
  /** The outgoing connection's device rings. State `alerting`. `evidence` where it is heard and not told. */
  | (OnConnection & { readonly type: 'alerting'; readonly evidence?: Evidence })
  /** Answered: two-way media. State `connected`. `evidence` where it is heard and not told: below 0.9 it may be an announcement. */
  | (OnConnection & { readonly type: 'connected'; readonly evidence?: Evidence })
  /** The phone itself put its call on hold, or took it back. The bridge is unchanged. */
  | (OnConnection & { readonly type: 'heldByDevice' })
  | (OnConnection & { readonly type: 'retrievedByDevice' })
  /** One key of the far end, `0-9*#A-D`. `toneMs` where told. */
  | (OnConnection & { readonly type: 'digit'; readonly digit: string; readonly toneMs?: number })
  | (OnConnection & { readonly type: 'bridged'; readonly bridgeId: BridgeId })
  | (OnConnection & { readonly type: 'unbridged'; readonly bridgeId: BridgeId })
  | (OnConnection & { readonly type: 'playbackStarted'; readonly playbackId: PlaybackId })
  /** `done`: to the end. `stopped`: by command or because the connection ended. `failed`: it could not be played. */
  | (OnConnection & {
      readonly type: 'playbackFinished';
      readonly playbackId: PlaybackId;
      readonly outcome: 'done' | 'stopped' | 'failed';
    })
  | (OnConnection & { readonly type: 'recordingStarted'; readonly recordingId: RecordingId })
  /** `files` are names that the driver's recording source can open; complete when told. */
  | (OnConnection & {
      readonly type: 'recordingFinished';
      readonly recordingId: RecordingId;
      readonly outcome: 'done' | 'failed';
      readonly files: readonly string[];
      readonly durationMs?: number;
    })
  /** The supervisor's connection now monitors so; `null`: no longer. */
  | (OnConnection & { readonly type: 'monitoring'; readonly targetId: ConnectionId; readonly mode: MonitorMode | null })
  /**
   * The phone of `connectionId` asked for a transfer (REFER). The driver has undone what the switch began, so that media
   * is as before, and holds the answer to the phone open: the engine carries the transfer out by its own plan and clears `connectionId`.
   * `blind`: the other party goes to `to`. `attended`: the other party of `connectionId` and the other party of `consultId` are joined.
   */
  | (OnConnection & { readonly type: 'transferRequested'; readonly kind: 'blind'; readonly to: RawParty })
  | (OnConnection & { readonly type: 'transferRequested'; readonly kind: 'attended'; readonly consultId: ConnectionId })
  /** The switch or phone has put `by` in the place of `connectionId` (pick-up, INVITE with Replaces); `cleared` of the old one (cause `replaced`) follows. `by` was `created` before. */
  | (OnConnection & { readonly type: 'replaced'; readonly by: ConnectionId })
  /**
   * The local phone `connectionId` of a line (`line` profile; `created` before, `incoming`, with an empty called number) was lifted by hand while `targetId`, the line's
   * connection, is in a call that no phone is in. Whoever lifts wants that call. It is joined by a `bridge`, or sent away by a `clear`.
   */
  | (OnConnection & { readonly type: 'lifted'; readonly targetId: ConnectionId })
  /**
   * Only now is it known who calls or who is called (`callControl`: a caller ID after the first ring, the digits that somebody dials at a phone). What is absent is as before.
   */
  | (OnConnection & { readonly type: 'identified'; readonly calling?: RawParty; readonly called?: RawParty })
  /** `callControl`: the switch has joined two of its calls (transfer, conference), and counts this connection to that one from now on. */
  | (OnConnection & { readonly type: 'movedCall'; readonly nativeCallRef: string })
  /** `callControl`: it waits on a numbered park slot and hears music; `null`: somebody has taken it. */
  | (OnConnection & { readonly type: 'parked'; readonly slot: number | null })
  /** The connection is gone. State `null`. */
  | (OnConnection & { readonly type: 'cleared'; readonly release: Release })
  /** A device changed, whoever's call it is (facet `devices`). */
  | {
      readonly type: 'devicePresence';
      readonly device: DeviceId;
      readonly presence: DevicePresence;
      /** Where the switch tells more than that. */
      readonly detail?: DeviceDetail;
    }
  /** The wire said what nobody understands: counted, at most 256 bytes of it kept, sampled at most once a second. */
  | { readonly type: 'unreadable'; readonly linkId: LinkId; readonly count: number; readonly sampleHex: string };

/** The `type` of every driver event. */
export type DriverEventType = DriverEvent['type'];

/**
 * The pairs of events on different connections or subjects whose order is guaranteed. A comparer of two runs holds
 * exactly these and the order within each connection; nothing else about order may be relied on.
 */
export const HAPPENS_BEFORE = [
  { id: 'HB-SNAPSHOT', first: 'linkUp', after: 'snapshot', scope: 'link' },
  { id: 'HB-SYNCED', first: 'snapshot', after: 'linkSynced', scope: 'link' },
  { id: 'HB-REPLACE', first: 'created(by)', after: 'replaced', scope: 'pair' },
  { id: 'HB-REPLACED-CLEARED', first: 'replaced', after: 'cleared(old)', scope: 'pair' },
  { id: 'HB-MONITOR', first: 'connected(supervisor)', after: 'monitoring', scope: 'pair' },
  { id: 'HB-MONITOR-END', first: 'monitoring(null)', after: 'cleared(target)', scope: 'pair' },
  { id: 'HB-LIFTED', first: 'created(phone)', after: 'lifted', scope: 'pair' },
  { id: 'HB-CONSULT-REFER', first: 'connected(consultId)', after: 'transferRequested(attended)', scope: 'pair' },
] as const;
