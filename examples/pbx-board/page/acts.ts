import type { AgentDesk, BoardDevice, Call } from '@cordboard/agent-sdk';
import { type CardAct, stateOf } from './card.js';

/** Can the own telephone be asked for this now? */
export const has = (desk: AgentDesk, service: AgentDesk['agent']['services'][number]): boolean =>
  desk.agent.services.includes(service);

/** The call that the buttons of the board act on: the one that is talked in. */
export function activeCall(desk: AgentDesk): Call | undefined {
  return [...desk.calls].find(({ state }) => state === 'connected');
}

/** What can be done at a card, in the order of the buttons: only what the server lets the person do now. */
export function actsOf(desk: AgentDesk | undefined, device: BoardDevice): readonly CardAct[] {
  if (desk === undefined || desk.agent.state === 'loggedOff' || desk.agent.seat === device.id) return [];
  const call = activeCall(desk);
  if (device.kind === 'park') return parkActs({ desk, call, device });
  if (device.kind !== 'extension') return [];
  const state = stateOf(device);
  if (state === 'ringing' && call === undefined) {
    return has(desk, 'pickUp') ? [{ key: 'act.pickUp', do: () => desk.pickUp({ from: device.address }) }] : [];
  }
  if (state === 'outOfService' || state === 'unknown') return [];
  if (call === undefined) return [{ key: 'act.call', do: () => desk.dial(device.address) }];
  return [
    ...(call.can('transfer') ? [{ key: 'act.transfer', do: () => call.transfer(device.address) } as const] : []),
    ...(call.can('consult') ? [{ key: 'act.consult', do: () => call.consult(device.address) } as const] : []),
  ];
}

function parkActs(at: {
  readonly desk: AgentDesk;
  readonly call: Call | undefined;
  readonly device: BoardDevice;
}): readonly CardAct[] {
  const { desk, call, device } = at;
  const slot = Number(device.address);
  if (stateOf(device) === 'taken') {
    return call === undefined && has(desk, 'unpark') ? [{ key: 'act.takeBack', do: () => desk.unpark(slot) }] : [];
  }
  return call?.can('park') === true ? [{ key: 'act.park', do: () => call.park({ slot }) }] : [];
}
