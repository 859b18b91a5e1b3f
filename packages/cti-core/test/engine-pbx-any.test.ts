import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asId, type Cdr, type ClientCommand, restoreEngine } from '../src/index.js';
import { ext, PbxFloor } from './support/pbx.js';
import { AGENTS, anyCommand, commandsOf, movesOf, type Who } from './support/pbx-moves.js';

/** What kind of thing happens, and which of those that can: the same numbers are the same day. */
const step = fc.record({
  kind: fc.nat(99),
  which: fc.nat(9999),
  n: fc.nat(9999),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Day {
  readonly floor = new PbxFloor().ready('ann', 'bob', 'sue');
  private unasked = 0;
  private asked = 0;

  take({ kind, which, n }: Step): void {
    const { floor } = this;
    if (kind < 35) return this.say(commandsOf(floor, n), which);
    if (kind < 40) return this.say([anyCommand(floor, n)], 0);
    const before = floor.commands.length;
    if (kind < 88) {
      const moves = movesOf(floor, n);
      moves[which % moves.length]?.();
    } else if (kind < 91) {
      if (floor.link === 'up') floor.down();
      else floor.up();
    } else if (kind < 94) floor.engine = restoreEngine(floor.engine.dump());
    else floor.wait([1, 700, 4000, 20_000][n % 4] ?? 1);
    // Nothing is asked of the switch but what somebody asked for.
    this.unasked += floor.commands.length - before;
  }

  private say(choices: readonly (readonly [Who, ClientCommand])[], which: number): void {
    const [who, command] = choices[which % Math.max(1, choices.length)] ?? [];
    if (who === undefined || command === undefined) return;
    this.asked += 1;
    const role = command.type.startsWith('supervise.') ? 'supervisor' : 'agent';
    this.floor.say(who, command, { id: `s${this.asked}`, role });
  }

  /** The model is the switch's truth: the same calls with the same parts, and agents who are where their phones are. */
  check(): void {
    const { floor } = this;
    if (floor.link === 'down') return;
    const byCall = new Map<string, Set<string>>();
    const board = floor.engine.snapshotOf(asId('board'));
    const shown = new Map<string, { callId: string; state: string; parkedAt: number | undefined }>();
    for (const call of board?.kind === 'board' ? board.calls : []) {
      for (const { connectionId, state, parkedAt } of call.connections) {
        shown.set(connectionId, { callId: call.callId, state, parkedAt });
      }
    }
    expect([...shown.keys()].sort()).toEqual([...floor.parts.keys()].sort());
    for (const part of floor.parts.values()) {
      const seen = shown.get(part.id);
      expect(seen?.state, part.device).toBe(part.held === undefined ? part.state : 'held');
      expect(seen?.parkedAt).toBe(part.slot);
      byCall.set(part.ref, (byCall.get(part.ref) ?? new Set()).add(seen?.callId ?? ''));
    }
    for (const ids of byCall.values()) expect(ids.size).toBe(1);
    expect(new Set([...byCall.values()].flatMap((ids) => [...ids])).size).toBe(byCall.size);
    for (const [who, seat] of Object.entries(AGENTS)) {
      expect(floor.state(who), who).toBe(floor.on(ext(seat)).length > 0 ? 'busy' : 'ready');
    }
  }

  end(): void {
    const { floor } = this;
    if (floor.link === 'down') floor.up();
    floor.wait(60_000);
    for (const part of [...floor.parts.values()]) floor.hangsUp(part);
    floor.wait(1000);
    const { liveCalls, legs, timers } = floor.engine.counters();
    expect({ liveCalls, legs, timers }).toEqual({ liveCalls: 0, legs: 0, timers: 0 });
    expect(JSON.parse(floor.engine.dump())).toMatchObject({ conns: {}, ops: {}, pops: {}, aliases: {}, asked: {} });
    expect(this.unasked).toBe(0);
    for (let n = 1; n <= this.asked; n += 1) {
      const kept = Object.keys(AGENTS).flatMap((who) => floor.outcomes.get(`${who}/s${n}`) ?? []);
      expect(kept, `request ${n}`).toHaveLength(1);
    }
    // Every call of the switch is in one record, and only in that.
    const refs = [...floor.cdrs.values()].flatMap((cdr) => cdr.nativeCallRefs ?? []);
    expect(new Set(refs).size).toBe(refs.length);
    for (const ref of floor.toldRefs) expect(refs).toContain(ref);
    for (const cdr of floor.cdrs.values()) {
      const sum = cdr.segments.reduce((ms, one) => ms + one.endMs - one.startMs, 0);
      expect(sum).toBe(cdr.durationMs);
      checkTalk(cdr);
      for (const { atMs } of cdr.transfers) expect(atMs).toBeLessThanOrEqual(cdr.durationMs);
      if (cdr.lostBetweenWallMs !== undefined) expect(cdr.lostBetweenWallMs[1]).toBe(cdr.endedWallMs);
    }
  }
}

/** A call was answered when somebody talked in it first, and all agents who talked are named. */
function checkTalk(cdr: Cdr): void {
  const talks = cdr.segments.filter((one) => one.kind === 'talking' || one.kind === 'conference');
  const answeredMs = cdr.answeredWallMs === undefined ? undefined : cdr.answeredWallMs - cdr.startedWallMs;
  expect(answeredMs).toBe(talks[0]?.startMs);
  if (cdr.outcome !== 'lostInOutage') expect(cdr.outcome === 'answered').toBe(talks.length > 0);
  for (const { agentId } of talks) if (agentId !== undefined) expect(cdr.agents).toContain(agentId);
}

test('whatever people and pages do with a key telephone system: one record a call, agents as their phones, nothing left', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 100 }), (steps) => {
      const day = new Day();
      for (const one of steps) {
        day.take(one);
        day.check();
      }
      day.end();
    }),
    // What it prints (`seed`, `path`) plays the day again here; to make it smaller takes longer than a test may.
    { numRuns: Number(process.env.CORDBOARD_RUNS ?? 60), endOnFailure: true },
  );
}, 120_000);
