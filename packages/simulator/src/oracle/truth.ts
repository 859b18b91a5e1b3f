import type {
  CallView,
  ConnectionId,
  ConnectionView,
  DriverEvent,
  EngineEffect,
  EngineInput,
  TenantConfig,
} from '@cordboard/cti-core';
import type { Check, CheckContext } from './check.js';
import type { Board } from './views.js';

/** How long views and switch may differ while the link is up: a command's bound and its confirmation, twice, with room. */
const SETTLED_MS = 40_000;

/** So long after the last trouble everything must be prompt: events come at most some seconds late. */
const CALM_MS = 60_000;
const PROMPT_MS = 6_000;

/** What the views say against what the switch said and what is true on it. */
export function truthChecks(context: CheckContext, board: Board): Check {
  const { pbx } = context;
  /** Connections as the switch told of them, by the inputs alone. */
  const told = new Map<string, 'initiated' | 'alerting' | 'connected'>();
  const gone = new Set<string>();
  /** Told to have begun after they were told gone: events that overtook each other. To let those go is right. */
  const begunLate = new Set<string>();
  const asked = new Map<string, number>();
  const dialled = new Map<string, number>();
  /** Numbers of flows: each caller who comes by may be put through. */
  const exempt = new Set<string>();
  const wrongSinceMs = new Map<string, number>();

  function takeEvent(event: DriverEvent): void {
    switch (event.type) {
      case 'created':
        if (gone.has(event.connectionId)) begunLate.add(event.connectionId);
        else told.set(event.connectionId, told.get(event.connectionId) ?? 'initiated');
        countAsked(event.direction === 'incoming' ? event.called.number : undefined);
        return;
      case 'alerting':
        if (told.get(event.connectionId) === 'initiated') told.set(event.connectionId, 'alerting');
        return;
      case 'connected':
        if (told.has(event.connectionId)) told.set(event.connectionId, 'connected');
        return;
      case 'cleared':
        told.delete(event.connectionId);
        gone.add(event.connectionId);
        return;
      case 'replaced': {
        const place = told.get(event.connectionId);
        // Who picks up what rings may have told before that it is up.
        if (place !== undefined && told.has(event.by) && told.get(event.by) !== 'connected') told.set(event.by, place);
        return;
      }
      case 'transferRequested':
        if (event.kind === 'blind') countAsked(event.to.number);
        return;
      case 'snapshot': {
        const shown = new Map(event.snapshot.connections.map((item) => [item.connectionId as string, item.state]));
        for (const id of told.keys()) if (!shown.has(id)) gone.add(id);
        for (const { connectionId, direction, called } of event.snapshot.connections) {
          if (direction === 'incoming' && !told.has(connectionId)) countAsked(called.number);
        }
        told.clear();
        for (const [id, state] of shown) told.set(id, state);
        return;
      }
      default:
        return;
    }
  }

  function countAsked(number: string | undefined): void {
    if (number !== undefined) asked.set(tail(number), (asked.get(tail(number)) ?? 0) + 1);
  }

  function takeView(call: CallView): void {
    for (const connection of call.connections) {
      if (connection.state === 'null') continue;
      const id = legId(connection.connectionId);
      if (gone.has(id)) context.fail('connection-gone', `a cleared connection is shown as ${connection.state}`);
      const state = told.get(id);
      const claims = connection.state === 'connected' || connection.state === 'held';
      if (claims && state !== 'connected')
        context.fail('connection-true', `shown as ${connection.state}, told as ${state ?? 'unknown'}`);
      if (connection.state === 'alerting' && state === undefined)
        context.fail('connection-true', 'shown as alerting, never told of');
    }
  }

  function takeCommand(effect: Extract<EngineEffect, { kind: 'driver' }>): void {
    const { command } = effect;
    const ids = command.type === 'bridge' ? command.connectionIds : [command.connectionId];
    for (const id of ids) {
      if (!gone.has(id) || (command.type === 'clear' && begunLate.has(id))) continue;
      context.fail('connection-gone', `${command.type} for a cleared connection`);
    }
    if (command.type !== 'originate') return;
    // A phone that refuses at once comes and goes between two ticks: somebody was on the way all the same, and is again after a pause.
    for (const { connectionId } of board.calls.get(command.mark.callId)?.connections ?? [])
      wrongSinceMs.delete(`stranded ${legId(connectionId)}`);
    if (command.target.kind !== 'number') return;
    const number = tail(command.target.number);
    if (exempt.has(number)) return;
    dialled.set(number, (dialled.get(number) ?? 0) + 1);
    if ((dialled.get(number) ?? 0) > (asked.get(number) ?? 0))
      context.fail('dialled-once', 'a number is dialled more often than asked for');
  }

  /** True now: how long has it been so without a break of the link? */
  function lastsTooLong(key: string, verdict: { readonly isWrong: boolean }): boolean {
    const upSinceMs = context.upSinceMs();
    const nowMs = context.nowMs();
    if (!verdict.isWrong || upSinceMs === undefined) {
      wrongSinceMs.delete(key);
      return false;
    }
    const sinceMs = Math.max(wrongSinceMs.get(key) ?? nowMs, upSinceMs);
    wrongSinceMs.set(key, sinceMs);
    const isCalm = nowMs - context.troubleMs() > CALM_MS;
    if (nowMs - sinceMs <= (isCalm ? PROMPT_MS : SETTLED_MS)) return false;
    wrongSinceMs.set(key, nowMs + 600_000);
    return true;
  }

  function checkLegs(): void {
    const used = new Set<string>();
    for (const call of board.calls.values()) for (const item of call.connections) used.add(legId(item.connectionId));
    for (const leg of pbx.legs.values()) {
      if (leg.hidden || leg.control === 'observe' || leg.callId === undefined) continue;
      // An agent's connection serves one call after another: only what no living call shows has outlived its own.
      const isLeft = endOf(leg.callId, board) === 'ended' && !used.has(leg.connectionId);
      if (lastsTooLong(`leg ${leg.connectionId}`, { isWrong: isLeft })) {
        context.fail('leg-outlives-call', `a ${leg.state} connection lives after its call`);
      }
    }
  }

  function checkHearing(call: CallView): void {
    const parties = call.connections.filter((item) => item.role === 'party' || item.role === 'consult');
    const talking = parties.filter((item) => item.state === 'connected');
    const bridges = new Set(talking.map((item) => bridgeOf(item)));
    const split = talking.length > 1 && (bridges.size > 1 || bridges.has(undefined));
    const isHeld = parties.some((item) => item.heldBy === 'device' || item.state === 'held');
    if (lastsTooLong(`hears ${call.callId}`, { isWrong: split && !isHeld })) {
      context.fail('hears', 'parties are shown as talking and do not hear each other');
    }
    for (const held of parties) {
      if (held.state !== 'held' || held.heldBy === 'device') continue;
      const heard = bridgeOf(held);
      const others = talking.filter(
        (item) => legId(item.connectionId) !== legId(held.connectionId) && bridgeOf(item) === heard,
      );
      if (lastsTooLong(`held ${held.connectionId}`, { isWrong: heard !== undefined && others.length > 0 })) {
        context.fail('hears', 'a held party is still in the bridge');
      }
    }
  }

  /** An agent who talks is busy. */
  function checkAgents(call: CallView): void {
    for (const { agentId, state, pending, connectionId, role } of call.connections) {
      const shown = agentId === undefined ? undefined : board.agents.get(agentId)?.state;
      const isIn = (state === 'connected' || state === 'held') && role === 'party' && pending === undefined;
      const isWrong = isIn && (shown === 'ready' || shown === 'workingAfterCall' || shown === 'notReady');
      if (lastsTooLong(`agent ${connectionId}`, { isWrong }))
        context.fail('agent-legal', `an agent in a call is shown as ${shown}`);
    }
  }

  /** A caller from outside who hears no announcement, waits in no queue and has nobody on the way. */
  function checkStranded(): void {
    for (const leg of pbx.legs.values()) {
      if (leg.hidden || leg.state !== 'connected' || leg.party.kind !== 'external' || leg.control === 'observe')
        continue;
      const heard = (leg.bridge?.members.length ?? 0) > 1 || leg.playbacks.length > 0 || leg.collecting !== undefined;
      if (lastsTooLong(`stranded ${leg.connectionId}`, { isWrong: !heard && isAlone(leg.connectionId) })) {
        context.fail('not-stranded', 'a caller is alone in a call and waits for nobody');
      }
    }
  }

  /** Is it the only one of its call, and in no queue? */
  function isAlone(id: ConnectionId): boolean {
    for (const call of board.calls.values()) {
      const own = call.connections.find((item) => item.connectionId === id);
      if (own !== undefined)
        return call.connections.length === 1 && own.state !== 'queued' && own.pending !== 'transfer';
    }
    return true;
  }

  function bridgeOf(connection: ConnectionView): string | undefined {
    return pbx.legs.get(legId(connection.connectionId) as ConnectionId)?.bridge?.bridgeId;
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      if (input.kind === 'driver') takeEvent(input.event);
      if (input.kind === 'boot') for (const number of flowNumbers(input.config)) exempt.add(tail(number));
      if (input.kind === 'client' && 'to' in input.command) countAsked(input.command.to);
      for (const effect of effects) {
        if (effect.kind === 'driver') takeCommand(effect);
        if (effect.kind === 'publish' && effect.stream === 'board' && effect.event.type === 'call')
          takeView(effect.event.call);
      }
    },
    tick(): void {
      checkLegs();
      checkStranded();
      for (const call of board.calls.values()) {
        checkHearing(call);
        checkAgents(call);
        const alive = call.connections.some((item) => pbx.legs.has(legId(item.connectionId) as ConnectionId));
        if (lastsTooLong(`call ${call.callId}`, { isWrong: !alive }))
          context.fail('call-outlives-legs', 'a call without a living connection is shown');
      }
    },
    end(): void {
      for (const leg of pbx.legs.values()) {
        if (leg.hidden === undefined && leg.control === 'full')
          context.fail('leg-outlives-call', `a ${leg.state} connection is left on the switch`);
      }
    },
  };
}

/** The driver's connection under a connection of a view: an agent's second and third one share it. */
function legId(id: ConnectionId): string {
  const plus = id.lastIndexOf('+');
  return plus < 0 ? id : id.slice(0, plus);
}

/** Numbers are compared by their last eleven digits: prefixes are put on and taken off on the way. */
function tail(number: string): string {
  return number.replace(/\D/gu, '').slice(-11);
}

function flowNumbers(config: TenantConfig): string[] {
  return config.flows
    .flatMap((flow) => Object.values(flow.nodes))
    .flatMap((node) => (node.type === 'transfer' && node.to.kind === 'outside' ? [node.to.number] : []));
}

function endOf(callId: string, board: Board): 'ended' | 'alive' | 'unknown' {
  let id = callId;
  for (let hop = 0; hop < 16; hop++) {
    const end = board.ended.get(id);
    if (end === undefined) return board.calls.has(id) ? 'alive' : 'unknown';
    if (end.into === undefined) return 'ended';
    id = end.into;
  }
  return 'unknown';
}
