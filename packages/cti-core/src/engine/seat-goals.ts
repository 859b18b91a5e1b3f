import { type AgentId, type DeviceId, parseDeviceId, type SwitchId } from '../contract/ids.js';
import type { PhoneNumber } from '../contract/numbers.js';
import { normalise } from '../numbers/index.js';
import type { SeatGoal } from './dial.js';
import { agentConfig } from './lookups.js';
import type { Run } from './run.js';

/** Devices whose goals are kept. */
const MAX_SEAT_GOALS = 10_000;

/** A device of the site: dialled itself, or at the outside number where it stands (A3). */
export function seatGoal(run: Run, seat: DeviceId): SeatGoal {
  const { seatGoals } = run.ix;
  const known = seatGoals.get(seat);
  if (known !== undefined) return known;
  // Only the configuration goes into it; anybody may dial any extension, so that not every one is kept.
  if (seatGoals.size >= MAX_SEAT_GOALS) seatGoals.clear();
  const goal = findSeatGoal(run, seat);
  seatGoals.set(seat, goal);
  return goal;
}

function findSeatGoal(run: Run, seat: DeviceId): SeatGoal {
  const dial = run.s.config.devices.find((device) => device.id === seat)?.dial;
  const address = parseDeviceId(seat)?.address ?? '';
  return {
    kind: 'device',
    device: seat,
    target: dial === undefined ? { kind: 'device', device: seat } : { kind: 'number', ...dial },
    switchId: switchOfDevice(dial?.trunk ?? seat),
    party: partyOf(run, address),
  };
}

/** The seat of an agent as a goal that is theirs. */
export function goalAtSeat(run: Run, agentId: AgentId, seat: DeviceId): SeatGoal {
  const { kind, device, target, switchId, party } = seatGoal(run, seat);
  return { agentId, name: agentConfig(run, agentId)?.name, kind, device, target, switchId, party };
}

/** The switch that dials a goal. */
export function switchOfGoal({ switchId, target }: SeatGoal): SwitchId {
  return switchId ?? switchOfDevice(target.kind === 'device' ? target.device : target.trunk);
}

/** The switch that a device belongs to. */
export function switchOfDevice(device: DeviceId): SwitchId {
  return (parseDeviceId(device)?.switchId ?? '') as SwitchId;
}

/** A number as the dial plan reads it. */
export function partyOf(run: Run, number: string): PhoneNumber {
  return normalise({ number, presentation: number === '' ? 'unavailable' : 'allowed' }, run.s.config.dialPlan);
}
