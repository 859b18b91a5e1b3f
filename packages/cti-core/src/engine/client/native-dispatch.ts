import type { ClientCommand, ClientCommandType } from '../../contract/client-commands.js';
import type { EngineInput } from '../../contract/engine-io.js';
import { callOf } from '../lookups.js';
import { isNative } from '../native-calls.js';
import { seatSwitch } from '../native-seats.js';
import { failure, type Run } from '../run.js';
import type { Asking, Handler, Said } from './asking.js';
import * as served from './native-commands.js';
import * as seat from './native-seat.js';

type OnCall = { readonly [T in ClientCommandType]?: Handler<T> };

/** Commands on a call that its switch carries out. What is not here is done like anywhere else, or refused by the planner's table. */
const ON_CALLS: OnCall = {
  'call.reject': served.reject,
  'call.clear': served.clear,
  'call.hold': served.hold,
  'call.retrieve': served.retrieve,
  'call.sendDigits': served.sendDigits,
  'call.consult': seat.consult,
  'call.completeTransfer': served.completeTransfer,
  'call.cancelConsult': served.cancelConsult,
  'call.alternate': served.alternate,
  'call.conference': served.conference,
  'call.transfer': seat.transfer,
  'call.addParty': seat.addParty,
  'call.dropParty': () => failure('command.notSupported', 'the switch cannot do that now'),
  'call.park': served.park,
  'call.flash': served.flash,
};

/** Commands at a phone whose switch carries its calls out. */
const AT_SEATS: OnCall = {
  'call.make': seat.make,
  'call.unpark': seat.unpark,
  'call.pickUp': seat.pickUp,
  'call.page': seat.page,
  'call.redial': seat.redial,
};

/** How a command is carried out where the switch does it by itself; `undefined`: not by such a switch. */
export function servedHandler(
  run: Run,
  { actor, command }: Extract<EngineInput, { kind: 'client' }>,
): ((asking: Asking) => Said) | undefined {
  if (Object.hasOwn(AT_SEATS, command.type)) {
    const agent = actor.agentId === undefined ? undefined : run.s.agents.get(actor.agentId);
    return seatSwitch(run, agent) === undefined ? undefined : of(AT_SEATS, command);
  }
  if (!('callId' in command)) return undefined;
  const call = callOf(run, command.callId);
  if (call === undefined || !isNative(call)) return undefined;
  if (command.type === 'supervise.forceRelease')
    return (asking) => served.forceRelease(asking as Asking<'supervise.forceRelease'>, call);
  return of(ON_CALLS, command);
}

function of(handlers: OnCall, command: ClientCommand): ((asking: Asking) => Said) | undefined {
  return Object.hasOwn(handlers, command.type)
    ? (handlers[command.type] as ((asking: Asking) => Said) | undefined)
    : undefined;
}
