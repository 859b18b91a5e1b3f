import type { TenantConfig } from '../contract/config.js';
import type { DriverCapability, DriverProfile } from '../contract/driver.js';
import type {
  ConnectionDirection,
  DeviceDetail,
  DevicePresence,
  DriverEvent,
  SwitchSnapshot,
} from '../contract/driver-events.js';
import type {
  AgentId,
  BridgeId,
  CallId,
  CommandId,
  ConnectionId,
  DeviceId,
  LinkId,
  LookupId,
  PopId,
  QueueEntryId,
  RecordingId,
  ReservationId,
  StreamId,
  SwitchId,
  TimerId,
} from '../contract/ids.js';
import type { IvrGraph } from '../contract/ivr-graph.js';
import type { TurnoverMap } from '../turnover-map.js';
import type { Call, Conn, Leg } from './state-calls.js';
import type { Asked, Kept, Op, Timer } from './state-requests.js';
import type { Agent, Entry, Pop, Recording, Reservation } from './state-work.js';

export type * from './state-calls.js';
export type * from './state-requests.js';
export type * from './state-work.js';

/** One switch. `media`: calls can be acted on. `downSince`: what is missing in the next snapshot ended after it. */
export interface SwitchState {
  readonly id: SwitchId;
  links: LinkId[];
  media: 'up' | 'down';
  profile: DriverProfile;
  capabilities: DriverCapability[];
  downSinceMs?: number | undefined;
  downSinceWallMs?: number | undefined;
  /** Callers and leftovers that a snapshot showed, acted on when the link is synced. */
  fresh: Extract<DriverEvent, { type: 'created' }>[];
  ghosts: ConnectionId[];
  /** What the first snapshot showed with references of the switch: met when it has told what kind of switch it is. */
  unmet?: SwitchSnapshot['connections'][number][] | undefined;
  /** The last ringing of phones, oldest first, while one of them could not be rung. */
  phones?: { device: DeviceId; outcome: 'rang' | 'refused'; atMs: number }[] | undefined;
}

/** What a switch told last of a device beside its presence, and since when it is so. */
export interface KnownDevice {
  readonly detail: DeviceDetail | undefined;
  readonly sinceMs: number;
  readonly sinceWallMs: number;
}

/** A connection that takes somebody's place; which one is told next. */
export interface Limbo {
  readonly switchId: SwitchId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  state: Leg['state'];
  bridgeId?: BridgeId | undefined;
}

/** A stream, and the number of the last event that was told on it. */
export interface Stream {
  readonly id: StreamId;
  seq: number;
}

/** Everything that matters, as plain data; {@link dumpState} writes it, {@link loadState} reads it. */
export interface State {
  coreVersion: string;
  epoch: string;
  seed: number;
  config: TenantConfig;
  mode: 'running' | 'draining';
  atMs: number;
  wallMs: number;
  offsetMin: number;
  ids: Record<string, number>;
  switches: Map<SwitchId, SwitchState>;
  calls: TurnoverMap<CallId, Call>;
  aliases: Map<CallId, CallId>;
  legs: TurnoverMap<ConnectionId, Leg>;
  conns: TurnoverMap<ConnectionId, Conn>;
  agents: Map<AgentId, Agent>;
  entries: TurnoverMap<QueueEntryId, Entry>;
  reservations: TurnoverMap<ReservationId, Reservation>;
  pops: TurnoverMap<PopId, Pop>;
  recordings: TurnoverMap<RecordingId, Recording>;
  asked: TurnoverMap<CommandId, Asked>;
  timers: TurnoverMap<TimerId, Timer>;
  ops: TurnoverMap<string, Op>;
  kept: TurnoverMap<string, Kept>;
  lookups: TurnoverMap<LookupId, CallId>;
  seqs: Map<StreamId, Stream>;
  routes: Map<string, 'enabled' | 'paused'>;
  /** Switches that were set by hand. */
  modes: Readonly<Record<string, string>>;
  /** Minutes that zones are ahead of UTC. */
  zones: Readonly<Record<string, number>>;
  graphs: Map<string, IvrGraph>;
  presence: Map<DeviceId, DevicePresence>;
  devices: Map<DeviceId, KnownDevice>;
  limbo: TurnoverMap<ConnectionId, Limbo>;
  /** Runs to the end of the first lease of all; earlier when that was renewed meanwhile. */
  leaseTimer?: { readonly timerId: TimerId; readonly dueAtMs: number } | undefined;
}
