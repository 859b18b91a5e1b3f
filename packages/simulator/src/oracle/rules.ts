import type { EngineEffect, EngineInput } from '@cordboard/cti-core';
import type { Leg } from '../switch/model.js';
import type { Check, CheckContext } from './check.js';
import type { Board } from './views.js';

/** So long a recording may run on: the way of a command, or its bound and its repetition after trouble. */
const PROMPT_MS = 3_000;
const SETTLED_MS = 40_000;
const CALM_MS = 60_000;

/** What agents and the configuration forbid: to ring who is not to be disturbed, to record who is never recorded. */
export function ruleChecks(context: CheckContext, board: Board): Check {
  /** Agents who asked for it and were told that it is done. */
  const quiet = new Set<string>();
  const asked = new Map<string, string>();
  let never: ReadonlySet<string> = new Set();
  const recordedSinceMs = new Map<string, number>();

  function takeCommand({ command, commandId, actor }: Extract<EngineInput, { kind: 'client' }>): void {
    if (command.type === 'supervise.agentState' && command.state === 'loggedOff') quiet.delete(command.agentId);
    if (actor.agentId === undefined) return;
    if (command.type === 'agent.doNotDisturb' && command.mode === 'on') asked.set(commandId, actor.agentId);
    else if (
      command.type === 'agent.doNotDisturb' ||
      command.type === 'agent.logOff' ||
      command.type === 'agent.logOn'
    ) {
      quiet.delete(actor.agentId);
    }
  }

  function takeEffect(effect: EngineEffect): void {
    if (effect.kind === 'outcome') {
      const agentId = asked.get(effect.commandId);
      asked.delete(effect.commandId);
      if (agentId !== undefined && effect.outcome.outcome === 'done') quiet.add(agentId);
    }
    if (effect.kind === 'publish' && effect.stream === 'board' && effect.event.type === 'agent') {
      const { agentId, state, reservation } = effect.event.agent;
      if (state === 'loggedOff') quiet.delete(agentId);
      if (quiet.has(agentId) && reservation !== undefined) {
        context.fail('undisturbed', 'a caller is reserved for an agent who is not to be disturbed');
      }
    }
    if (effect.kind !== 'driver' || effect.command.type !== 'originate') return;
    const { target, mark } = effect.command;
    const isOffer = [...board.queues.values()].some((queue) =>
      queue.waiting.some((entry) => entry.callId === mark.callId),
    );
    if (!isOffer || target.kind !== 'device') return;
    for (const agentId of quiet) {
      if (board.agents.get(agentId)?.seat === target.device) {
        context.fail('undisturbed', 'the phone of an agent who is not to be disturbed is rung for a queue');
      }
    }
  }

  function isNever(leg: Leg): boolean {
    const number = leg.direction === 'incoming' ? leg.calling.number : leg.called.number;
    return leg.party.kind === 'external' && leg.state === 'connected' && never.has(tail(number));
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      if (input.kind === 'boot' || input.kind === 'config')
        never = new Set(input.config.recording.neverNumbers.map(tail));
      if (input.kind === 'client') takeCommand(input);
      for (const effect of effects) takeEffect(effect);
    },
    tick(): void {
      const upSinceMs = context.upSinceMs();
      const nowMs = context.nowMs();
      for (const leg of never.size === 0 ? [] : context.pbx.legs.values()) {
        const runs = leg.recordings.some((recording) => recording.sinceMs !== undefined);
        const heard = leg.bridge === undefined ? [leg] : [...leg.bridge.members];
        if (upSinceMs === undefined || !runs || !heard.some(isNever)) {
          recordedSinceMs.delete(leg.connectionId);
          continue;
        }
        const sinceMs = Math.max(recordedSinceMs.get(leg.connectionId) ?? nowMs, upSinceMs);
        recordedSinceMs.set(leg.connectionId, sinceMs);
        if (nowMs - sinceMs > (nowMs - context.troubleMs() > CALM_MS ? PROMPT_MS : SETTLED_MS)) {
          recordedSinceMs.set(leg.connectionId, Number.POSITIVE_INFINITY);
          context.fail('never-recorded', 'a recording runs on with a number in the call that is never recorded');
        }
      }
    },
  };
}

/** Numbers are compared by their last eleven digits: prefixes are put on and taken off on the way. */
function tail(number: string): string {
  return number.replace(/\D/gu, '').slice(-11);
}
