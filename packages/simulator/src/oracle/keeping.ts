import type {
  CallView,
  Cdr,
  ConnectionId,
  DriverEvent,
  EngineEffect,
  EngineInput,
  TenantConfig,
} from '@cordboard/cti-core';
import type { Check, CheckContext } from './check.js';
import type { Board } from './views.js';

/** How long something may be so before it counts: a command's bound and its confirmation, with room. */
const SETTLED_MS = 40_000;
/** So long after the last trouble it must be prompt. */
const CALM_MS = 60_000;
const PROMPT_MS = 7_000;

/** So often at least a caller must have been asked to be joined, with several agents, before the system gives up on them. */
const JOINS_TRIED = 5;

/** Nobody is lost by what the system decides: callers, members who were muted, agents who wait for a caller. */
export function keepingChecks(context: CheckContext, board: Board): Check {
  let config: TenantConfig | undefined;
  let mode: 'serving' | 'draining' = 'serving';
  /** Calls that lasted too long, or whose caller the switch would not join with anybody. */
  const excused = new Set<string>();
  /** How often each connection was asked to be joined with another one, in vain so far. */
  const joins = new Map<string, number>();
  const members = new Map<string, Set<string>>();
  /** Who muted which connection, by their commands. */
  const mutedBy = new Map<string, { readonly agentId: string; readonly callId: string }>();
  /** Agents who sent their caller into a flow and wait, `call/agent`. */
  const lent = new Map<string, { readonly agentId: string; readonly callId: string }>();
  const sinceMs = new Map<string, number>();
  /** Waiting callers by queue before this input. */
  const waiting = new Map<string, number>();

  function takeCommand(input: Extract<EngineInput, { kind: 'client' }>): void {
    const { command } = input;
    const { agentId } = input.actor;
    if (agentId === undefined) return;
    if (command.type === 'call.mutePart') {
      if (command.mode === 'mute') mutedBy.set(command.connectionId, { agentId, callId: command.callId });
      else mutedBy.delete(command.connectionId);
    }
    if (command.type === 'call.toFlow') {
      const { callId } = command;
      lent.set(`${callId}/${agentId}`, { agentId, callId });
    }
    if (command.type === 'call.hold' || command.type === 'call.retrieve') lent.delete(`${command.callId}/${agentId}`);
  }

  /** The first queue on the way of a caller, along its overflows, that takes one more. */
  function roomFrom(queueId: string): string | undefined {
    const tried = new Set<string>();
    let id: string | undefined = queueId;
    while (id !== undefined && !tried.has(id)) {
      const current: string = id;
      tried.add(current);
      const queue = config?.queues.find((one) => one.id === current);
      if (queue === undefined) return undefined;
      if (queue.maxWaiting === 0 || (waiting.get(current) ?? 0) < queue.maxWaiting) return current;
      id = queue.overflow.kind === 'queue' ? queue.overflow.queue : undefined;
    }
    return undefined;
  }

  function takeEvent(event: DriverEvent): void {
    if (event.type === 'cleared') joins.delete(event.connectionId);
    if (event.type === 'unbridged') members.get(event.bridgeId)?.delete(event.connectionId);
    if (event.type !== 'bridged') return;
    const together = (members.get(event.bridgeId) ?? new Set()).add(event.connectionId);
    members.set(event.bridgeId, together);
    if (together.size > 1) for (const id of together) joins.delete(id);
  }

  /** Is a caller let go whom the switch would not join with one agent after the other? A call without a queue has nobody else to try. */
  function takeNote({ code, callId }: Extract<EngineEffect, { kind: 'note' }>): void {
    if (callId === undefined) return;
    if (code === 'call.tooLong') excused.add(callId);
    if (code !== 'bridge.refused') return;
    const connections = board.calls.get(callId)?.connections ?? [];
    if (connections.some(({ connectionId }) => (joins.get(connectionId) ?? 0) >= JOINS_TRIED)) excused.add(callId);
  }

  function takeCdr(cdr: Cdr): void {
    // Of an end that nobody is named for the system must answer as well.
    if ((cdr.endedBy !== 'system' && cdr.endedBy !== 'unknown') || cdr.direction !== 'inbound') return;
    if (cdr.cause === 'lostInOutage') return;
    if (excused.has(cdr.callId) || cdr.endedAt.kind === 'flow') return;
    // While the server drains a new caller is given back to the switch's own dialplan.
    if (mode === 'draining' && cdr.cause === 'transferred' && cdr.agents.length === 0) return;
    const dialled = config?.routes.find((route) => route.number === cdr.called.raw)?.to;
    const queued = cdr.queueId ?? (dialled?.kind === 'queue' ? dialled.queue : undefined);
    if (queued === undefined) return;
    const last = cdr.transfers.at(-1);
    const room = roomFrom(queued);
    if (last?.outcome === 'failed' && room !== undefined) {
      context.fail('transfer-keeps', `a failed transfer ends a call that came from ${queued}: ${cdr.cause}`);
    } else if (room !== undefined && (cdr.cause !== 'normalClearing' || cdr.agents.length === 0)) {
      context.fail('let-go-rightly', `the system lets a caller go (${cdr.cause}) although ${room} has room`);
    }
  }

  function lasts(key: string, wrong: 'wrong' | 'right'): boolean {
    const upSinceMs = context.upSinceMs();
    if (wrong === 'right' || upSinceMs === undefined) {
      sinceMs.delete(key);
      return false;
    }
    const nowMs = context.nowMs();
    const fromMs = Math.max(sinceMs.get(key) ?? nowMs, upSinceMs);
    sinceMs.set(key, fromMs);
    return nowMs - fromMs > (nowMs - context.troubleMs() > CALM_MS ? PROMPT_MS : SETTLED_MS);
  }

  /** Is anybody's voice cut off by one who is not there any more? */
  function checkMutes(): void {
    for (const [connectionId, { agentId }] of mutedBy) {
      const leg = context.pbx.legs.get(connectionId as ConnectionId);
      const call = callWith(connectionId);
      if (leg === undefined || call === undefined) {
        mutedBy.delete(connectionId);
        sinceMs.delete(`mute ${connectionId}`);
        continue;
      }
      const isThere = call.connections.some((item) => item.agentId === agentId);
      if (lasts(`mute ${connectionId}`, leg.muted !== undefined && !isThere ? 'wrong' : 'right')) {
        mutedBy.delete(connectionId);
        context.fail('unmuted', 'a member stays muted although the agent who muted it has left');
      }
    }
  }

  /** Does an agent wait in a call whose caller talks with somebody else? */
  function checkLent(): void {
    for (const [key, { agentId, callId }] of lent) {
      const call = board.calls.get(callId);
      const own = call?.connections.find((item) => item.agentId === agentId);
      if (call === undefined || own === undefined) {
        lent.delete(key);
        sinceMs.delete(key);
        continue;
      }
      const others = call.connections.filter(
        (item) => item.agentId !== agentId && item.state === 'connected' && item.role === 'party',
      );
      if (lasts(key, own.state === 'held' && others.length > 1 ? 'wrong' : 'right')) {
        lent.delete(key);
        context.fail('not-kept', 'an agent is held in a call whose caller is with somebody else');
      }
    }
  }

  function callWith(connectionId: string): CallView | undefined {
    for (const call of board.calls.values()) {
      if (call.connections.some((item) => item.connectionId === connectionId)) return call;
    }
    return undefined;
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      if (input.kind === 'boot' || input.kind === 'config') config = input.config;
      if (input.kind === 'drain') mode = input.mode === 'start' ? 'draining' : 'serving';
      if (input.kind === 'client') takeCommand(input);
      if (input.kind === 'driver') takeEvent(input.event);
      for (const effect of effects) if (effect.kind === 'note') takeNote(effect);
      for (const effect of effects) {
        if (effect.kind === 'driver' && effect.command.type === 'bridge')
          for (const id of effect.command.connectionIds) joins.set(id, (joins.get(id) ?? 0) + 1);
        if (effect.kind === 'record' && effect.record.table === 'cdr') takeCdr(effect.record.value);
        if (effect.kind === 'publish' && effect.stream === 'board' && effect.event.type === 'queue')
          waiting.set(effect.event.queue.queueId, effect.event.queue.waitingCount);
      }
    },
    tick(): void {
      checkMutes();
      checkLent();
    },
  };
}
