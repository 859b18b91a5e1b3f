import type {
  AgentConfig,
  AgentView,
  CallView,
  ConnectionId,
  DriverEvent,
  EngineEffect,
  EngineInput,
  QueueConfig,
} from '@cordboard/cti-core';
import type { Check, CheckContext } from './check.js';
import type { Board } from './views.js';

/** What blocks a queue's callers where the configuration says nothing else. */
const BLOCKS = ['workingAfterCall', 'dialled'] as const;

/** Who is offered what, and who lets go: the kinds of work, work that blocks, release by hand. To be asked before the {@link Board} is brought up to date. */
export function fitChecks(context: CheckContext, board: Board): Check {
  const queues = new Map<string, QueueConfig>();
  const agents = new Map<string, AgentConfig>();
  const reserved = new Set<string>();
  /** Connections that the engine wants to end, and those that have been joined with another one. */
  const clearing = new Set<string>();
  const talked = new Set<string>();
  const members = new Map<string, Set<string>>();
  let mode: 'serving' | 'draining' = 'serving';

  function takeOffer(input: EngineInput, agent: AgentView): void {
    const { reservation } = agent;
    if (reservation === undefined || reserved.has(reservation.reservationId)) return;
    reserved.add(reservation.reservationId);
    // A supervisor gives whom they want to whom they want.
    if (input.kind === 'client' && input.command.type === 'supervise.pickWaiting') {
      if (input.command.toAgent === agent.agentId) return;
    }
    const queue = queues.get(reservation.queueId);
    if (queue === undefined) return;
    const work = queue.work ?? 'inbound';
    const kinds = agent.next === undefined ? agent.readyFor : agent.next.readyFor;
    if (kinds?.includes(work) === false) {
      context.fail('offer-fits', `${agent.agentId} is offered ${work} work and is ready for ${kinds.join(', ')}`);
    }
    takeBlocked(input, agent, queue);
  }

  function takeBlocked(input: EngineInput, agent: AgentView, queue: QueueConfig): void {
    const before = board.agents.get(agent.agentId);
    const blocks = queue.blockedBy ?? BLOCKS;
    const { afterCallWorkUntilMs: untilMs = 0 } = before ?? {};
    const isWorking = before?.state === 'workingAfterCall' && input.atMs < untilMs && input.kind !== 'client';
    if (isWorking && blocks.includes('workingAfterCall')) {
      context.fail('offer-fits', `${agent.agentId} is offered a caller of ${queue.id} during after-call work`);
    }
    if (agent.state !== 'busy') return;
    if (blocks.includes('dialled')) {
      context.fail('offer-fits', `${agent.agentId} is offered a caller of ${queue.id} in a call`);
      return;
    }
    for (const callId of agent.calls) {
      const call = callId === agent.reservation?.callId ? undefined : board.calls.get(callId);
      const own = call?.connections.find((item) => item.agentId === agent.agentId);
      if (call?.direction === 'inbound' || own?.awaits !== undefined) {
        context.fail('offer-fits', `${agent.agentId} is offered a caller of ${queue.id} in the call of another one`);
      }
    }
  }

  function takeEvent(event: DriverEvent): void {
    if (event.type === 'bridged') {
      const together = (members.get(event.bridgeId) ?? new Set()).add(event.connectionId);
      members.set(event.bridgeId, together);
    } else if (event.type === 'unbridged') members.get(event.bridgeId)?.delete(event.connectionId);
    else if (event.type === 'snapshot') members.clear();
  }

  /** Does the engine end the part of an agent who lets go by hand, only because the other party has left? */
  function takeClear(input: EngineInput, connectionId: string): void {
    if (input.kind !== 'driver' || input.event.type !== 'cleared' || mode === 'draining') return;
    const goneId = input.event.connectionId;
    const call = callOf(connectionId);
    if (call === undefined || clearing.has(connectionId) || clearing.has(goneId)) return;
    const own = call.connections.find((item) => item.connectionId === connectionId);
    const [other, ...more] = call.connections.filter((item) => item !== own);
    if (own?.agentId === undefined || agents.get(own.agentId)?.release !== 'manual') return;
    if (other?.connectionId !== goneId || more.length > 0 || own.state !== 'connected' || other.state !== 'connected')
      return;
    if (board.agents.get(own.agentId)?.calls.length !== 1 || !talked.has(connectionId) || !talked.has(goneId)) return;
    if (context.pbx.legs.get(connectionId as ConnectionId) === undefined) return;
    context.fail(
      'released-by-hand',
      `the part of ${own.agentId}, who lets go by hand, is ended when the other has left`,
    );
  }

  function callOf(connectionId: string): CallView | undefined {
    for (const call of board.calls.values())
      if (call.connections.some((item) => item.connectionId === connectionId)) return call;
    return undefined;
  }

  function forget(connectionId: string): void {
    clearing.delete(connectionId);
    talked.delete(connectionId);
    for (const together of members.values()) together.delete(connectionId);
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      if (input.kind === 'boot' || input.kind === 'config') {
        queues.clear();
        for (const queue of input.config.queues) queues.set(queue.id, queue);
        for (const agent of input.config.agents) agents.set(agent.id, agent);
      }
      if (input.kind === 'drain') mode = input.mode === 'start' ? 'draining' : 'serving';
      if (input.kind === 'driver') takeEvent(input.event);
      for (const effect of effects) {
        if (effect.kind === 'driver' && effect.command.type === 'clear') {
          takeClear(input, effect.command.connectionId);
          clearing.add(effect.command.connectionId);
        }
        if (effect.kind !== 'publish' || effect.stream !== 'board' || effect.event.type !== 'agent') continue;
        takeOffer(input, effect.event.agent);
      }
      if (input.kind === 'driver' && input.event.type === 'cleared') forget(input.event.connectionId);
      for (const together of members.values()) if (together.size > 1) for (const id of together) talked.add(id);
    },
  };
}
