import type { BridgeId, ConnectionId, ConnectionSnapshot, DriverEvent, SwitchSnapshot } from '@cordboard/cti-core';

/** A connection that a driver fully controls, as it keeps it. */
export interface KeptConnection
  extends Pick<
    ConnectionSnapshot,
    'connectionId' | 'device' | 'direction' | 'state' | 'calling' | 'called' | 'callId'
  > {
  /** Has `created` been told? What the core does not know yet is in no snapshot. */
  readonly told: 'no' | 'yes';
  readonly hold: 'none' | 'byDevice';
}

/** What {@link liveSnapshot} is made of. */
export interface LiveParts<C extends KeptConnection> {
  readonly connections: readonly C[];
  /** The engine's name of the bridge that a connection is in. */
  readonly bridgeOf: (connection: C) => BridgeId | undefined;
  /** Connections of calls that are only watched. */
  readonly observed: readonly ConnectionSnapshot[];
  readonly recordings: readonly {
    readonly recordingId: SwitchSnapshot['recordings'][number]['recordingId'];
    readonly leg: { readonly connectionId: ConnectionId };
  }[];
  readonly monitors: readonly {
    readonly supervisor: { readonly connectionId: ConnectionId };
    readonly target: { readonly connectionId: ConnectionId };
    readonly mode: SwitchSnapshot['monitors'][number]['mode'];
  }[];
  readonly devices: SwitchSnapshot['devices'];
}

/** The `snapshot` of what a driver of the `media` profile keeps now. A recording of a connection that is not told is left out. */
export function liveSnapshot<C extends KeptConnection>(parts: LiveParts<C>): DriverEvent {
  const ours = parts.connections
    .filter(({ told }) => told === 'yes')
    .map((one) => connectionOf(one, parts.bridgeOf(one)));
  const known = new Set(ours.map(({ connectionId }) => connectionId));
  return {
    type: 'snapshot',
    snapshot: {
      connections: [...ours, ...parts.observed],
      recordings: parts.recordings
        .map(({ recordingId, leg }) => ({ recordingId, connectionId: leg.connectionId }))
        .filter(({ connectionId }) => known.has(connectionId)),
      monitors: parts.monitors.map(({ supervisor, target, mode }) => ({
        connectionId: supervisor.connectionId,
        targetId: target.connectionId,
        mode,
      })),
      devices: parts.devices,
    },
  };
}

function connectionOf(one: KeptConnection, bridgeId: BridgeId | undefined): ConnectionSnapshot {
  return {
    connectionId: one.connectionId,
    device: one.device,
    direction: one.direction,
    state: one.state,
    control: 'full',
    calling: one.calling,
    called: one.called,
    ...(one.callId === undefined ? {} : { callId: one.callId }),
    ...(bridgeId === undefined ? {} : { bridgeId }),
    ...(one.hold === 'none' ? {} : { heldByDevice: 'held' as const }),
  };
}
