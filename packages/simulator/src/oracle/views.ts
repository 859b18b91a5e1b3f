import type {
  AgentState,
  AgentView,
  CallView,
  ConnectionId,
  ConnectionState,
  EngineEffect,
  EngineInput,
  QueueView,
  WorkKind,
} from '@cordboard/cti-core';
import type { Check, CheckContext } from './check.js';
import { phoneRests } from './rests.js';

/** From each state: where a connection may go (ECMA-269, 6.1.5). A connection that is not known yet is `null`. */
const CONNECTION_NEXT: Readonly<Record<ConnectionState, readonly ConnectionState[]>> = {
  null: ['initiated', 'alerting', 'connected', 'queued', 'held', 'failed'],
  initiated: ['alerting', 'connected', 'queued', 'failed', 'null'],
  alerting: ['connected', 'queued', 'failed', 'null'],
  connected: ['held', 'queued', 'null', 'failed'],
  held: ['connected', 'queued', 'null'],
  queued: ['connected', 'alerting', 'held', 'null'],
  failed: ['null'],
};

/** From each state: where an agent may go in one step. */
const AGENT_NEXT: Readonly<Record<AgentState, readonly AgentState[]>> = {
  loggedOff: ['notReady'],
  notReady: ['ready', 'loggedOff', 'busy', 'reserved', 'notReady'],
  ready: ['notReady', 'loggedOff', 'reserved', 'busy'],
  reserved: ['ready', 'notReady', 'busy', 'loggedOff'],
  busy: ['workingAfterCall', 'ready', 'notReady', 'loggedOff', 'reserved'],
  workingAfterCall: ['ready', 'notReady', 'loggedOff', 'busy', 'reserved'],
};

/** How long a ready agent and a fitting caller may stand beside each other: the routing delay is none, effects and their events take ms. */
const FORGOTTEN_MS = 1_500;

/** The latest views, as a client that subscribes to the board has them. */
export interface Board {
  readonly agents: Map<string, AgentView>;
  readonly calls: Map<string, CallView>;
  readonly queues: Map<string, QueueView>;
  /** Calls that were shown and are over, with what they were merged into. */
  readonly ended: Map<string, { readonly atMs: number; readonly into: string | undefined }>;
}

/** What the views say: legal steps, one reservation, nobody forgotten. Keeps the {@link Board} for the other checks. */
export function viewChecks(context: CheckContext, board: Board): Check {
  const connections = new Map<ConnectionId, ConnectionState>();
  const presence = new Map<string, string>();
  const forgottenSinceMs = new Map<string, number>();
  const rests = phoneRests();
  /** The kind of work of each queue. */
  const work = new Map<string, WorkKind>();

  /** A snapshot tells in one what happened one after the other while nobody was told: who was answered meanwhile may hold by now. */
  const mayBe = (before: ConnectionState, state: ConnectionState, input: EngineInput): boolean =>
    CONNECTION_NEXT[before].includes(state) ||
    (input.kind === 'driver' &&
      input.event.type === 'snapshot' &&
      CONNECTION_NEXT[before].includes('connected') &&
      CONNECTION_NEXT.connected.includes(state));

  function takeCall(call: CallView, input: EngineInput): void {
    const last = board.calls.get(call.callId);
    if (board.ended.has(call.callId)) context.fail('call-outlives-legs', `${call.callId} is shown after its end`);
    for (const { connectionId, state } of call.connections) {
      const before = connections.get(connectionId) ?? 'null';
      if (before !== state && !mayBe(before, state, input)) {
        context.fail('connection-legal', `${before} -> ${state}`);
      }
      connections.set(connectionId, state);
    }
    for (const { connectionId } of last?.connections ?? []) {
      if (!call.connections.some((item) => item.connectionId === connectionId)) connections.delete(connectionId);
    }
    board.calls.set(call.callId, call);
  }

  function takeAgent(agent: AgentView): void {
    const before = board.agents.get(agent.agentId)?.state ?? 'loggedOff';
    if (before !== agent.state && !AGENT_NEXT[before].includes(agent.state)) {
      context.fail('agent-legal', `${before} -> ${agent.state}`);
    }
    if (agent.state === 'reserved' && agent.reservation === undefined)
      context.fail('one-reservation', 'reserved without a reservation');
    if (agent.reservation !== undefined && agent.state !== 'reserved' && agent.state !== 'busy') {
      context.fail('one-reservation', `a reservation while ${agent.state}`);
    }
    board.agents.set(agent.agentId, agent);
  }

  function takeQueue(queue: QueueView): void {
    board.queues.set(queue.queueId, queue);
    const offered = queue.waiting.flatMap((entry) => entry.offeredTo ?? []);
    if (new Set(offered).size !== offered.length) context.fail('one-reservation', 'one agent is offered two callers');
  }

  /** Does a ready agent with an idle, reachable phone stand beside a caller whom nobody is offered? */
  function isStarving(queue: QueueView): boolean {
    if (!queue.waiting.some((entry) => entry.offeredTo === undefined)) return false;
    for (const agent of board.agents.values()) {
      if (agent.doNotDisturb === 'on') continue;
      if (agent.state !== 'ready' || !agent.queues.includes(queue.queueId) || agent.seat === undefined) continue;
      if (agent.readyFor?.includes(work.get(queue.queueId) ?? 'inbound') === false) continue;
      if (rests.untilMs(agent.seat) > context.nowMs()) continue;
      if ((presence.get(agent.seat) ?? 'idle') === 'idle') return true;
    }
    return false;
  }

  /** Is a caller shown as offered to an agent who has no connection in that call? */
  function isOfferedInVain(queue: QueueView): boolean {
    return queue.waiting.some(({ callId, offeredTo }) => {
      const connections = board.calls.get(callId)?.connections;
      return offeredTo !== undefined && connections?.some(({ agentId }) => agentId === offeredTo) === false;
    });
  }

  const FORGOTTEN = [
    ['beside a ready agent', isStarving],
    ['for an agent whose phone does not ring', isOfferedInVain],
  ] as const;

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      rests.applied(input, effects);
      if (input.kind === 'boot' || input.kind === 'config') {
        for (const queue of input.config.queues) work.set(queue.id, queue.work ?? 'inbound');
      }
      if (input.kind === 'driver') {
        const { event } = input;
        if (event.type === 'devicePresence') presence.set(event.device, event.presence);
        if (event.type === 'snapshot')
          for (const item of event.snapshot.devices) presence.set(item.device, item.presence);
      }
      for (const effect of effects) {
        if (effect.kind !== 'publish' || effect.stream !== 'board') continue;
        const { event } = effect;
        if (event.type === 'call') takeCall(event.call, input);
        if (event.type === 'agent') takeAgent(event.agent);
        if (event.type === 'queue') takeQueue(event.queue);
        if (event.type === 'callEnded' && event.stillLives === undefined) {
          board.calls.delete(event.callId);
          board.ended.set(event.callId, { atMs: input.atMs, into: event.mergedInto });
        }
      }
    },
    tick(): void {
      const nowMs = context.nowMs();
      const upSinceMs = context.upSinceMs();
      for (const { state, afterCallWorkUntilMs = Number.POSITIVE_INFINITY } of board.agents.values()) {
        const overdueMs = nowMs - Math.max(afterCallWorkUntilMs, upSinceMs ?? nowMs);
        if (state === 'workingAfterCall' && overdueMs > FORGOTTEN_MS)
          context.fail('work-ends', 'an agent works on after a call');
      }
      for (const queue of board.queues.values()) {
        for (const [how, isForgotten] of FORGOTTEN) {
          const key = `${queue.queueId} ${how}`;
          if (upSinceMs === undefined || !isForgotten(queue)) {
            forgottenSinceMs.delete(key);
            continue;
          }
          const sinceMs = Math.max(forgottenSinceMs.get(key) ?? nowMs, upSinceMs);
          forgottenSinceMs.set(key, sinceMs);
          if (nowMs - sinceMs > FORGOTTEN_MS) {
            context.fail('nobody-forgotten', `a caller waits in ${queue.queueId} ${how}`);
            forgottenSinceMs.set(key, nowMs + 60_000);
          }
        }
      }
    },
    end(): void {
      for (const callId of board.calls.keys()) context.fail('all-quiet', `call ${callId} is left`);
      for (const queue of board.queues.values())
        if (queue.waiting.length > 0) context.fail('all-quiet', `${queue.queueId} has a caller left`);
      for (const agent of board.agents.values()) {
        if (agent.state === 'busy' || agent.state === 'reserved')
          context.fail('all-quiet', `an agent is left ${agent.state}`);
        if (agent.calls.length > 0) context.fail('all-quiet', 'an agent is left with a call');
      }
    },
  };
}
