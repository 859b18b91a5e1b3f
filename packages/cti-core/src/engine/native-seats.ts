import { parseDeviceId, type SwitchId } from '../contract/ids.js';
import { SEAT_SERVICES, type SeatService } from '../contract/views.js';
import { can, isUp } from './commands.js';
import { isCallControl, isNative, type Served } from './native-calls.js';
import type { Run } from './run.js';
import type { Agent, Conn } from './state.js';

/** The switch that carries out what an agent's phone does by itself, where the agent sits at such a phone. */
export function seatSwitch(run: Run, agent: Agent | undefined): SwitchId | undefined {
  const switchId = agent?.seat === undefined ? undefined : parseDeviceId(agent.seat)?.switchId;
  return switchId !== undefined && isCallControl(run, switchId) ? switchId : undefined;
}

/** What can be asked for at a phone that is in no call. */
export function seatServices(run: Run, agent: Agent): readonly SeatService[] {
  const switchId = seatSwitch(run, agent);
  if (switchId === undefined || !isUp(run, switchId)) return [];
  return SEAT_SERVICES.filter((one) => can(run, switchId, one));
}

/** A connection of mine in a call that its switch carries out. */
export interface Mine {
  readonly call: Served;
  readonly conn: Conn;
}

/** My two calls at one phone: the one that I talk in and the one that I hold. */
export interface Pair {
  readonly active: Mine;
  readonly held: Mine;
}

/** The two calls of a phone of which this one is either, if one is held and the other one is not. */
export function pairOf(run: Run, conn: Conn): Pair | undefined {
  const agent = conn.agentId === undefined ? undefined : run.s.agents.get(conn.agentId);
  const mine = (agent?.conns ?? []).flatMap((id): Mine[] => {
    const own = run.s.conns.get(id);
    const call = own === undefined ? undefined : run.s.calls.get(own.callId);
    return own?.device === conn.device && call !== undefined && isNative(call) ? [{ call, conn: own }] : [];
  });
  const held = mine.find((one) => one.conn.state === 'held' && (conn.state !== 'held' || one.conn === conn));
  const active = mine.find((one) => one.conn.state !== 'held' && one.conn.state !== 'alerting');
  return held === undefined || active === undefined || held.call === active.call ? undefined : { held, active };
}
