import type {
  BridgeId,
  CallId,
  ConnectionDirection,
  ConnectionId,
  Control,
  DeviceId,
  DriverCommand,
  DriverEvent,
  MediaRef,
  MonitorMode,
  NativeCause,
  PlaybackId,
  RawParty,
  RecordingId,
  Refusal,
  ReleaseCause,
  SwitchId,
} from '@cordboard/cti-core';
import type { RandomStream } from '../random.js';
import type { Timer } from '../timer-queue.js';

/** A sound that is being played or waits its turn. */
export interface Playback {
  readonly playbackId: PlaybackId;
  readonly media: readonly MediaRef[];
  started?: 'started';
  cancelTimer?: () => void;
}

/** A recording that runs. `takenMs` is what it holds up to `sinceMs`; paused while `sinceMs` is absent. */
export interface RunningRecording {
  readonly recordingId: RecordingId;
  readonly tracks: 'mixed' | 'separate';
  takenMs: number;
  sinceMs?: number;
}

/** The connections that hear each other. */
export interface Bridge {
  readonly bridgeId: BridgeId;
  members: readonly Leg[];
}

/** One connection as it really is on the switch, whatever has been told of it. */
export interface Leg {
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  readonly control: Control;
  readonly calling: RawParty;
  readonly called: RawParty;
  readonly party: VirtualParty;
  readonly random: RandomStream;
  readonly startedMs: number;
  readonly nativeCallRef?: string;
  state: 'initiated' | 'alerting' | 'connected' | 'ended';
  callId?: CallId | undefined;
  bridge?: Bridge | undefined;
  heldByDevice?: 'held' | undefined;
  muted?: 'muted' | undefined;
  music?: 'playing' | undefined;
  collecting?: 'collecting' | undefined;
  readonly playbacks: Playback[];
  recordings: readonly RunningRecording[];
  monitor?: { readonly target: Leg; readonly mode: MonitorMode } | undefined;
  watchers: readonly Leg[];
  /** A direct call past us: the other side. */
  peer?: Leg | undefined;
  /** Until it rings, then while it does. */
  ringTimer?: Timer | undefined;
  /** The phone was asked to show the call without sound. */
  ring?: 'silent';
  /** No event of this connection is told before this. */
  tellFromMs: number;
  /** No command for this connection is carried out before this. */
  doFromMs: number;
  /** Past us: neither told nor shown in snapshots. */
  hidden?: 'hidden';
  release?: { readonly cause: ReleaseCause; readonly native?: NativeCause } | undefined;
}

/** The recording of that id which runs on a connection, if one does. */
export function runningOf(leg: Leg, recordingId: RecordingId): RunningRecording | undefined {
  return leg.recordings.find((recording) => recording.recordingId === recordingId);
}

/** What a telephone does when something happens to it. Each is called in the moment it happens on the switch, not when it is told. */
export interface PartyHooks {
  /** A call rings here. */
  ringing?(leg: Leg): void;
  /** The connection is up. */
  connected?(leg: Leg): void;
  /** It now hears the others in its bridge. */
  bridged?(leg: Leg): void;
  /** It no longer does. */
  unbridged?(leg: Leg): void;
  /** Something is played to it. */
  playing?(leg: Leg, playback: Playback): void;
  /** It is gone. */
  cleared?(leg: Leg): void;
}

/** A telephone: an extension of the switch, or somebody outside behind a trunk. */
export interface VirtualParty {
  readonly address: string;
  readonly kind: 'extension' | 'external';
  readonly device: DeviceId;
  /** How it calls itself to whom it calls. */
  name?: string;
  legs: readonly Leg[];
  registered: 'registered' | 'unregistered';
  doNotDisturb?: 'on';
  hooks: PartyHooks;
  /** Keys it received. */
  heard: string;
  legCount: number;
  presence: string;
  tellFromMs: number;
}

/** What goes wrong with one command: refused with a code; `lost`: accepted and never done; `mute` / `muteDone`: no answer in its bound, not done / done. */
export type CommandFault = { readonly refuse: Refusal } | 'lost' | 'mute' | 'muteDone';
/** What goes wrong with one event. `reorder`: told after the next event of another connection. */
export type EventFault = { readonly lateMs: number } | 'double' | 'reorder';

/** Where faults come in; asked for each command and event. */
export interface SwitchFaults {
  command?(command: DriverCommand): CommandFault | undefined;
  event?(event: DriverEvent): EventFault | undefined;
}

/** A virtual switch. */
export interface SwitchOptions {
  readonly switchId: SwitchId;
  readonly seed: number;
  /** Numbers of the phones. */
  readonly extensions: readonly string[];
  /** Names of the trunks; the first one brings calls from outside. Default `['carrier']`. */
  readonly trunks?: readonly string[];
  /** Which outside numbers exist; default all. */
  readonly outsideExists?: (number: string) => boolean;
  /** An extension that dials this in front of another extension's number reaches it past us. Default `99`. */
  readonly directPrefix?: string;
  /** Length of a prompt in ms; `undefined`: no such prompt. Default: 1.5 s for all but names that start with `missing`. */
  readonly promptMs?: (prompt: string) => number | undefined;
  readonly faults?: SwitchFaults;
  /** Order variations: drawn by the seed, or the plain order always. Default `drawn`. */
  readonly orders?: 'drawn' | 'plain';
}
