declare const brand: unique symbol;

/** A string that cannot be mistaken for another kind of id by the compiler; at run time a plain string. */
export type Brand<B extends string> = string & { readonly [brand]: B };

/** One switch of a tenant, as named in the configuration (`switches: { main: ... }`); 1-32 of `[a-z0-9-]`. */
export type SwitchId = Brand<'SwitchId'>;
/** One link (socket or cable) of a driver, such as `ari` or `ami`; unique within its switch. */
export type LinkId = Brand<'LinkId'>;
/**
 * What a call can reach: `<switch>:<kind>:<address>`, for example `main:extension:8001`, `main:trunk:carrier`,
 * `main:external:+8613900000000`. Built with {@link deviceId}, taken apart with {@link parseDeviceId}.
 */
export type DeviceId = Brand<'DeviceId'>;
/**
 * One device's part in a call, as the driver knows it: `<switch>~<native id>`. For connections that the switch made
 * the native id is the switch's own (a channel id); for those that we originate the engine chooses it
 * (`[A-Za-z0-9.-]{1,64}`) and the driver puts it on the wire, so that it can be found again after any loss.
 */
export type ConnectionId = Brand<'ConnectionId'>;
/** One call from the first ring to its CDR: `<epoch>-c<n>`; never used again after the end. */
export type CallId = Brand<'CallId'>;
/** The connections that hear each other; chosen by the engine, `[A-Za-z0-9.-]{1,64}`. */
export type BridgeId = Brand<'BridgeId'>;
/** One playback on one connection; chosen by the engine. */
export type PlaybackId = Brand<'PlaybackId'>;
/** One recording; chosen by the engine; also the stem of its file name. */
export type RecordingId = Brand<'RecordingId'>;
/** A command to a driver; chosen by the engine, unique within a journal. */
export type CommandId = Brand<'CommandId'>;
/** A command from a client; chosen by the client, unique per user and tenant, 1-64 characters. */
export type ClientCommandId = Brand<'ClientCommandId'>;
/** A person who handles calls, as named in the configuration. */
export type AgentId = Brand<'AgentId'>;
/** A signed-in account: an agent's, a supervisor's, an administrator's or a program's. */
export type UserId = Brand<'UserId'>;
/** A queue, as named in the configuration. */
export type QueueId = Brand<'QueueId'>;
/** One waiting of one call in one queue: `<epoch>-q<n>`. */
export type QueueEntryId = Brand<'QueueEntryId'>;
/** One offer of one queue entry to one agent: `<epoch>-r<n>`. */
export type ReservationId = Brand<'ReservationId'>;
/** One caller's way through one flow: `<epoch>-i<n>`. */
export type IvrSessionId = Brand<'IvrSessionId'>;
/** A flow, as named in the configuration. */
export type FlowId = Brand<'FlowId'>;
/** One screen pop for one agent and call: `<epoch>-p<n>`. */
export type PopId = Brand<'PopId'>;
/** A timer of the engine: `<epoch>-t<n>`. */
export type TimerId = Brand<'TimerId'>;
/** A question of the engine to the shell: `<epoch>-l<n>`. */
export type LookupId = Brand<'LookupId'>;
/** One connected client page or program; chosen by the server at connect. */
export type ClientId = Brand<'ClientId'>;
/** A stream of published events, such as `agent:ann`, `queue:support`, `board`. See {@link streamOf}. */
export type StreamId = Brand<'StreamId'>;

/** The kinds of device of ECMA-269 that the product knows. `trunk` is a group of lines, `line` one outside line, `park` a numbered park slot. */
export type DeviceKind = 'extension' | 'line' | 'trunk' | 'park' | 'external';

/** Casts a checked string to an id type. Use at edges only, after validation. */
export function asId<T extends Brand<string>>(text: string): T {
  return text as T;
}

/** Builds the id of a device; `address` is an extension number, a line or trunk name, or a dialled number. */
export function deviceId(switchId: SwitchId, kind: DeviceKind, address: string): DeviceId {
  return `${switchId}:${kind}:${address}` as DeviceId;
}

const KINDS: readonly DeviceKind[] = ['extension', 'line', 'trunk', 'park', 'external'];
const MAX_ADDRESS = 128;

/** Are the first `length` characters 1 to 32 of `a-z`, `0-9` and `-`? */
function isSwitchName(id: string, length: number): boolean {
  if (length < 1 || length > 32) return false;
  for (let at = 0; at < length; at += 1) {
    const code = id.charCodeAt(at);
    if ((code < 97 || code > 122) && (code < 48 || code > 57) && code !== 45) return false;
  }
  return true;
}

/** Counted in characters, of which some are two code units. */
function isTooLong(address: string): boolean {
  return address.length > MAX_ADDRESS && (address.length > 2 * MAX_ADDRESS || [...address].length > MAX_ADDRESS);
}

/** Takes a device id apart; `undefined` for text that is none. */
export function parseDeviceId(id: string): { switchId: SwitchId; kind: DeviceKind; address: string } | undefined {
  const kind = deviceKindOf(id);
  if (kind === undefined) return undefined;
  const first = id.indexOf(':');
  return { switchId: id.slice(0, first) as SwitchId, kind, address: id.slice(first + kind.length + 2) };
}

/** The kind of a device; `undefined` for text that is no device id. */
export function deviceKindOf(id: string): DeviceKind | undefined {
  // By hand and without pieces: this is asked several times for each event, and a regular expression costs five times as much.
  const first = id.indexOf(':');
  if (!isSwitchName(id, first)) return undefined;
  for (const kind of KINDS) {
    const second = first + 1 + kind.length;
    if (id.charCodeAt(second) !== 58 || !id.startsWith(kind, first + 1)) continue;
    const length = id.length - second - 1;
    return length === 0 || (length > MAX_ADDRESS && isTooLong(id.slice(second + 1))) ? undefined : kind;
  }
  return undefined;
}

/** Builds a connection id from a switch and the id that stands on its wire. */
export function connectionId(switchId: SwitchId, nativeId: string): ConnectionId {
  return `${switchId}~${nativeId}` as ConnectionId;
}

/** The part of a connection id that stands on the switch's wire. */
export function nativeIdOf(id: ConnectionId): string {
  return id.slice(id.indexOf('~') + 1);
}

/** The switch that a connection belongs to. */
export function switchOf(id: ConnectionId): SwitchId {
  return id.slice(0, Math.max(0, id.indexOf('~'))) as SwitchId;
}

/** The stream that carries one agent's, one queue's or the board's events. */
export function streamOf(kind: 'agent' | 'queue' | 'board', name = ''): StreamId {
  return (kind === 'board' ? 'board' : `${kind}:${name}`) as StreamId;
}
