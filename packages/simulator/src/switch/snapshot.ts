import type { ConnectionSnapshot, DevicePresence, SwitchSnapshot } from '@cordboard/cti-core';
import type { SwitchFloor } from './floor.js';
import type { Leg } from './model.js';

/** All that lives on the switch now, as a driver would find it by asking. */
export function snapshotOf(pbx: SwitchFloor): SwitchSnapshot {
  const legs = [...pbx.legs.values()].filter((leg) => leg.hidden === undefined);
  return {
    connections: legs.map(connectionOf),
    recordings: legs.flatMap(({ connectionId, recordings }) =>
      recordings.map(({ recordingId }) => ({ recordingId, connectionId })),
    ),
    monitors: legs.flatMap(({ connectionId, monitor }) =>
      monitor === undefined ? [] : [{ connectionId, targetId: monitor.target.connectionId, mode: monitor.mode }],
    ),
    devices: pbx.extensions.map(({ device, presence }) => ({ device, presence: presence as DevicePresence })),
  };
}

function connectionOf(leg: Leg): ConnectionSnapshot {
  const { connectionId, device, direction, state, control, calling, called, callId, bridge, heldByDevice } = leg;
  return {
    connectionId,
    device,
    direction,
    state: state === 'ended' ? 'connected' : state,
    control,
    calling,
    called,
    ...(callId === undefined ? {} : { callId }),
    ...(bridge === undefined ? {} : { bridgeId: bridge.bridgeId }),
    ...(heldByDevice === undefined ? {} : { heldByDevice }),
  };
}
