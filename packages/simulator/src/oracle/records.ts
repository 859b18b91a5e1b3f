import type { AgentStay, Cdr, DriverEvent, EngineEffect, EngineInput, RecordingRecord } from '@cordboard/cti-core';
import type { Check, CheckContext } from './check.js';

/** Who hangs up as they are joined has talked to nobody. */
const HEARD_MS = 1_000;
const TALK: ReadonlySet<string> = new Set(['talking', 'conference']);

/** What stays in the books: CDRs, stays, recordings. */
export function recordChecks(context: CheckContext, cdrs: Map<string, Cdr>): Check {
  const seen = new Map<string, { readonly sinceMs: number }>();
  const merged = new Map<string, string>();
  const over = new Set<string>();
  const stays = new Map<string, AgentStay[]>();
  const recordings = new Map<string, RecordingRecord>();
  /** The connection that each call from outside began with, and who heard somebody by what the switch told. */
  const firstOf = new Map<string, string>();
  const heardBy = new Set<string>();
  /** When the wall clock was last set: epoch times across that say nothing. */
  let jumpedMs = -1;
  /** Since when each one is in each bridge, ms. */
  const bridges = new Map<string, Map<string, number>>();
  const agents = new Map<
    string,
    { state: string; sinceMs: number; loggedOnMs: number; perState: Map<string, number> }
  >();

  function takeCdr(cdr: Cdr, atMs: number): void {
    const before = cdrs.get(cdr.callId);
    cdrs.set(cdr.callId, cdr);
    if (
      before !== undefined &&
      JSON.stringify({ ...before, recordings: [] }) !== JSON.stringify({ ...cdr, recordings: [] })
    ) {
      context.fail('cdr-once', `${cdr.callId} has two that differ`);
    }
    if (!seen.has(cdr.callId)) context.fail('cdr-once', `${cdr.callId} has one and was never shown`);
    if (merged.has(cdr.callId)) context.fail('cdr-once', `merged ${cdr.callId} has one of its own`);
    let atEndMs: number | undefined;
    let total = 0;
    for (const { startMs, endMs } of cdr.segments) {
      if (atEndMs !== undefined && startMs !== atEndMs)
        context.fail('cdr-adds-up', `a segment starts at ${startMs} after ${atEndMs}`);
      if (endMs < startMs) context.fail('cdr-adds-up', 'a segment ends before it starts');
      total += endMs - startMs;
      atEndMs = endMs;
    }
    if (total !== cdr.durationMs) context.fail('cdr-adds-up', `segments give ${total} of ${cdr.durationMs} ms`);
    const sinceMs = seen.get(cdr.callId)?.sinceMs;
    if (
      sinceMs !== undefined &&
      cdr.cause !== 'lostInOutage' &&
      before === undefined &&
      Math.abs(atMs - sinceMs - cdr.durationMs) > 1_000
    ) {
      context.fail('cdr-true', `lasted ${atMs - sinceMs} ms, says ${cdr.durationMs}`);
    }
    const talk = cdr.segments.find((segment) => TALK.has(segment.kind));
    const heard = firstOf.get(cdr.callId);
    if (heard !== undefined && heardBy.has(heard) && cdr.outcome !== 'answered' && cdr.outcome !== 'lostInOutage') {
      context.fail('cdr-true', `outcome ${cdr.outcome} of one who heard somebody`);
    }
    if ((cdr.answeredWallMs === undefined) !== (talk === undefined))
      context.fail(
        'cdr-true',
        `${cdr.answeredWallMs === undefined ? 'not ' : ''}answered ${talk === undefined ? 'without' : 'with'} talk`,
      );
    if (cdr.outcome !== 'lostInOutage' && (cdr.outcome === 'answered') !== (talk !== undefined))
      context.fail('cdr-true', `outcome ${cdr.outcome} ${talk === undefined ? 'without' : 'with'} talk`);
    if (talk !== undefined && cdr.answeredWallMs !== cdr.startedWallMs + talk.startMs)
      context.fail(
        'cdr-true',
        `answered at ${(cdr.answeredWallMs ?? 0) - cdr.startedWallMs} ms, talk from ${talk.startMs}`,
      );
    for (const segment of cdr.segments) {
      if (segment.agentId !== undefined && segment.kind === 'talking' && !cdr.agents.includes(segment.agentId)) {
        context.fail('cdr-true', 'an agent talked who is not among its agents');
      }
    }
    if (
      jumpedMs < (sinceMs ?? 0) &&
      cdr.answeredWallMs !== undefined &&
      (cdr.answeredWallMs < cdr.startedWallMs || cdr.answeredWallMs > cdr.endedWallMs)
    ) {
      context.fail('cdr-true', 'answered outside of its time');
    }
  }

  function takeStay(stay: AgentStay): void {
    const list = stays.get(stay.agentId) ?? [];
    stays.set(stay.agentId, list);
    const last = list.at(-1);
    if (last !== undefined) {
      if (stay.n === last.n) list.pop();
      else if (stay.n !== last.n + 1) context.fail('stays-add-up', `stay ${stay.n} after ${last.n}`);
      else if (
        stay.fromMs < last.toMs ||
        (stay.fromMs !== last.toMs && last.state !== 'loggedOff' && stay.state !== 'notReady')
      ) {
        context.fail('stays-add-up', `a stay from ${stay.fromMs} after one to ${last.toMs}`);
      }
    }
    if (stay.toMs < stay.fromMs) context.fail('stays-add-up', 'a stay ends before it starts');
    list.push(stay);
  }

  function takeBridging(event: DriverEvent, atMs: number): void {
    if (event.type === 'bridged') {
      const members = bridges.get(event.bridgeId) ?? new Map<string, number>();
      if (!members.has(event.connectionId)) members.set(event.connectionId, atMs);
      bridges.set(event.bridgeId, members);
    } else if (event.type === 'unbridged') part(bridges.get(event.bridgeId), event.connectionId, atMs);
    else if (event.type === 'cleared') for (const members of bridges.values()) part(members, event.connectionId, atMs);
    else if (event.type === 'snapshot') bridges.clear();
  }

  function part(members: Map<string, number> | undefined, id: string, atMs: number): void {
    const sinceMs = members?.get(id);
    if (members === undefined || sinceMs === undefined) return;
    members.delete(id);
    for (const [other, otherMs] of members) {
      if (atMs - Math.max(sinceMs, otherMs) >= HEARD_MS) heardBy.add(id).add(other);
    }
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      if (input.kind === 'clockJump') jumpedMs = input.atMs;
      if (input.kind === 'driver') takeBridging(input.event, input.atMs);
      for (const effect of effects) {
        if (effect.kind === 'publish' && effect.stream === 'board') {
          const { event } = effect;
          if (event.type === 'call' && !seen.has(event.call.callId)) {
            seen.set(event.call.callId, { sinceMs: input.atMs });
            const [first] = event.call.connections;
            if (first !== undefined && event.call.direction === 'inbound')
              firstOf.set(event.call.callId, first.connectionId);
          }
          if (event.type === 'callEnded' && event.stillLives === undefined) {
            over.add(event.callId);
            if (event.mergedInto !== undefined) merged.set(event.callId, event.mergedInto);
          }
          if (event.type === 'agent') clockAgent(input.atMs, event.agent);
        }
        if (effect.kind !== 'record') continue;
        const { record } = effect;
        if (record.table === 'cdr') takeCdr(record.value, input.atMs);
        if (record.table === 'agentStay') takeStay(record.value);
        if (record.table === 'recording') recordings.set(record.key, record.value);
      }
    },
    end(): void {
      for (const callId of merged.keys()) {
        if (cdrs.has(callId)) context.fail('cdr-once', `merged ${callId} has one of its own`);
      }
      for (const callId of over) {
        if (!merged.has(callId) && !cdrs.has(callId)) context.fail('cdr-once', `${callId} ended without one`);
      }
      for (const callId of seen.keys()) if (!over.has(callId)) context.fail('cdr-once', `${callId} never ended`);
      for (const { state } of recordings.values()) {
        if (state === 'recording' || state === 'paused') context.fail('recording-ends', `a recording is left ${state}`);
      }
      for (const [agentId, { state, perState }] of agents) {
        if (state !== 'loggedOff') continue;
        const own = new Map<string, number>();
        for (const stay of stays.get(agentId) ?? [])
          own.set(stay.state, (own.get(stay.state) ?? 0) + stay.toMs - stay.fromMs);
        for (const [name, ms] of perState) {
          if (name !== 'loggedOff' && (own.get(name) ?? 0) !== ms) {
            context.fail('stays-add-up', `${name}: stays give ${own.get(name) ?? 0} of ${ms} ms`);
          }
        }
      }
    },
  };

  function clockAgent(atMs: number, view: { readonly agentId: string; readonly state: string }): void {
    const clocked = agents.get(view.agentId) ?? {
      state: 'loggedOff',
      sinceMs: atMs,
      loggedOnMs: 0,
      perState: new Map(),
    };
    clocked.perState.set(clocked.state, (clocked.perState.get(clocked.state) ?? 0) + atMs - clocked.sinceMs);
    agents.set(view.agentId, { ...clocked, state: view.state, sinceMs: atMs });
  }
}
