import type { ClientCommand, ClientCommandType, ClientOutcome } from '../../contract/client-commands.js';
import type { EngineInput } from '../../contract/engine-io.js';
import { canonicalJson } from '../../journal/canonical.js';
import { sha256Hex } from '../../journal/sha256.js';
import { modeSet } from '../modes.js';
import { keepOutcome, keyOfCommand } from '../ops.js';
import { count, failure, isFailure, nextNumber, type Run } from '../run.js';
import * as agent from './agent-commands.js';
import type { Asking, Handler, Said } from './asking.js';
import * as call from './call-commands.js';
import { flowCall } from './flow-call.js';
import { servedHandler } from './native-dispatch.js';
import * as other from './other-commands.js';
import * as talk from './talk-commands.js';

/** First outcomes are kept for so long, by the stamps of the inputs. */
export const KEEP_MS = 600_000;

/** What no switch does whose calls the engine carries out. */
function unsupported(): Said {
  return failure('command.notSupported', 'the switch cannot do that now');
}

const HANDLERS: { readonly [T in ClientCommandType]: Handler<T> } = {
  'agent.logOn': agent.logOn,
  'agent.logOff': agent.logOff,
  'agent.ready': agent.ready,
  'agent.notReady': agent.notReady,
  'agent.doNotDisturb': agent.doNotDisturb,
  'agent.lease': agent.lease,
  'call.make': call.make,
  'flow.call': flowCall,
  'call.answer': call.answer,
  'call.reject': call.reject,
  'call.clear': call.clear,
  'call.hold': talk.hold,
  'call.retrieve': talk.retrieve,
  'call.mute': call.mute,
  'call.sendDigits': call.sendDigits,
  'call.consult': talk.consult,
  'call.completeTransfer': talk.completeTransfer,
  'call.cancelConsult': talk.cancelConsult,
  'call.alternate': talk.alternate,
  'call.conference': talk.conference,
  'call.transfer': talk.transfer,
  'call.addParty': talk.addParty,
  'call.dropParty': talk.dropParty,
  'call.mutePart': call.mutePart,
  'call.toFlow': talk.toFlow,
  'call.park': unsupported,
  'call.unpark': unsupported,
  'call.pickUp': unsupported,
  'call.page': unsupported,
  'call.redial': unsupported,
  'call.flash': unsupported,
  'call.record': other.record,
  'call.setData': call.setData,
  'supervise.monitor': other.monitor,
  'supervise.stop': other.stopMonitor,
  'supervise.forceRelease': other.forceRelease,
  'supervise.agentState': agent.agentState,
  'supervise.pickWaiting': agent.pickWaiting,
  'supervise.record': other.superviseRecord,
  'pop.claim': other.popClaim,
  'pop.acknowledge': other.popAcknowledge,
  'route.set': other.routeSet,
  'mode.set': modeSet,
  'queue.membership': agent.membership,
};

/** Takes one client command: once for each id, whatever the network does with it. */
export function clientCommand(run: Run, input: Extract<EngineInput, { kind: 'client' }>): void {
  const { actor, command, commandId } = input;
  const handler = handlerOf(command);
  if (handler === undefined)
    return tell(run, input, { outcome: 'failed', code: 'command.unknown', message: 'no such command' });
  if (command.type === 'agent.lease') return tell(run, input, outcomeOf(handler({ run, actor, commandId, command })));
  purge(run);
  const key = keyOfCommand(actor.userId, commandId);
  const body = sha256Hex(canonicalJson(command));
  const kept = run.s.kept.get(key);
  if (kept !== undefined) {
    count(run, 'commands.repeated');
    if (kept.body !== body) {
      return tell(run, input, {
        outcome: 'failed',
        code: 'command.duplicate',
        message: 'this command id was used for another command',
      });
    }
    if (kept.outcome !== undefined) tell(run, input, kept.outcome);
    return;
  }
  run.s.kept.set(key, { body, n: nextNumber(run, 'kept'), atMs: run.at });
  run.ix.keptOrder.push(key);
  const said = (servedHandler(run, input) ?? handler)({ run, actor, commandId, command });
  if (said !== 'waiting') keepOutcome(run, { userId: actor.userId, commandId }, outcomeOf(said));
}

function handlerOf(command: ClientCommand): ((asking: Asking) => Said) | undefined {
  return Object.hasOwn(HANDLERS, command.type) ? (HANDLERS[command.type] as (asking: Asking) => Said) : undefined;
}

function tell(run: Run, input: Extract<EngineInput, { kind: 'client' }>, outcome: ClientOutcome): void {
  run.outcomes.push({ kind: 'outcome', userId: input.actor.userId, commandId: input.commandId, outcome });
}

function outcomeOf(said: Said): ClientOutcome {
  if (said === 'done' || said === 'waiting') return { outcome: 'done' };
  if (!isFailure(said)) return { outcome: 'done', callId: said.callId };
  const { fail, message, details } = said;
  return { outcome: 'failed', code: fail, message, ...(details === undefined ? {} : { details }) };
}

/** Forgets the oldest outcomes. They are looked at in the order in which they came, so that this costs nothing per idle command. */
function purge(run: Run): void {
  const { ix, s } = run;
  while (ix.keptHead < ix.keptOrder.length) {
    const key = ix.keptOrder[ix.keptHead] ?? '';
    const kept = s.kept.get(key);
    if (kept !== undefined && (kept.outcome === undefined || run.at - kept.atMs < KEEP_MS)) break;
    s.kept.delete(key);
    ix.keptHead += 1;
  }
  if (ix.keptHead > 1000 && ix.keptHead * 2 > ix.keptOrder.length) {
    ix.keptOrder.splice(0, ix.keptHead);
    ix.keptHead = 0;
  }
}
