import type { TenantConfig } from '../contract/config.js';
import type { Engine, EngineEffect, EngineInput, EngineOptions, StreamSnapshot } from '../contract/engine-io.js';
import { CtiError } from '../contract/errors.js';
import type { AgentId, CallId, QueueId, StreamId } from '../contract/ids.js';
import { TurnoverMap } from '../turnover-map.js';
import { Changes } from './changes.js';
import { clientCommand } from './client/dispatch.js';
import { addAgents, checkConfig, useConfig } from './config.js';
import { driverEvent } from './driver-events.js';
import { dumpState, loadState } from './dump.js';
import { timerFired } from './fired.js';
import { lookupAnswered } from './flow-questions.js';
import { emptyIndex, reindex } from './indexing.js';
import { presence } from './lease.js';
import { recallSeats } from './leg-end.js';
import { callOf, connsOf } from './lookups.js';
import { assignWork, refreshIdle } from './offers.js';
import { recovered, switchState } from './outage.js';
import { publishAll } from './publish.js';
import { closeOpen } from './release.js';
import { driverReply } from './replies.js';
import { type Counter, count, counterOf, type Run } from './run.js';
import { boardSnapshot, streamSnapshot } from './snapshots-of.js';
import type { State } from './state.js';
import { tendAll } from './tend.js';
import { Touched } from './touched.js';
import { agentView, callView, queueView } from './views.js';

/** The version that journals are bound to: replay refuses another one. */
export const CORE_VERSION = '0.1.0';

const NO_CONFIG: TenantConfig = {
  tenant: '',
  dialPlan: { countryCode: '86', internal: [], ownNumbers: [], emergency: [] },
  switches: [],
  devices: [],
  agents: [],
  queues: [],
  routes: [],
  flows: [],
  calendars: {},
  recording: { neverNumbers: [], format: 'wav', tracks: 'mixed', basis: '', retentionDays: 0 },
  notReadyReasons: [],
  timers: { commandMs: 5000, confirmMs: 10_000, clientLeaseMs: 30_000, popClaimMs: 2000, ringMs: 60_000, maxCallMs: 0 },
};

/** A new engine: it knows nothing until its first input, `boot`. */
export function createEngine(options: EngineOptions = {}): Engine {
  const nothing: State = {
    coreVersion: '',
    epoch: '',
    seed: 0,
    config: NO_CONFIG,
    mode: 'running',
    atMs: 0,
    wallMs: 0,
    offsetMin: 0,
    ids: {},
    switches: new Map(),
    calls: new TurnoverMap(),
    aliases: new Map(),
    legs: new TurnoverMap(),
    conns: new TurnoverMap(),
    agents: new Map(),
    entries: new TurnoverMap(),
    reservations: new TurnoverMap(),
    pops: new TurnoverMap(),
    recordings: new TurnoverMap(),
    asked: new TurnoverMap(),
    timers: new TurnoverMap(),
    ops: new TurnoverMap(),
    kept: new TurnoverMap(),
    lookups: new TurnoverMap(),
    seqs: new Map(),
    routes: new Map(),
    modes: {},
    zones: {},
    graphs: new Map(),
    presence: new Map(),
    devices: new Map(),
    limbo: new TurnoverMap(),
  };
  return new CoreEngine(nothing, options.events ?? 'tell');
}

/**
 * An engine that goes on where another one was dumped: the same inputs give the same effects and dumps as without the break.
 * @throws {CtiError} `journal.corrupt` for a text that is no dump, `journal.version` for one of another layout or core version
 */
export function restoreEngine(dump: string): Engine {
  const state = loadState(dump);
  if (state.coreVersion !== '' && state.coreVersion !== CORE_VERSION) throw otherVersion(state.coreVersion);
  return new CoreEngine(state, 'tell');
}

function otherVersion(version: string): CtiError {
  return new CtiError('journal.version', 'the journal was written by another version of the core', {
    details: { written: version.slice(0, 64), here: CORE_VERSION },
  });
}

/** Of most inputs nothing follows. The list at work is not lent then: the next input fills it. */
const NO_EFFECTS: readonly EngineEffect[] = [];

class CoreEngine implements Engine {
  private readonly run: Run;
  private readonly inputs: Counter;

  constructor(state: State, events: Run['events']) {
    this.run = {
      s: state,
      ix: emptyIndex(),
      events,
      counters: new Map(),
      cells: new Map(),
      last: { ids: [], count: 0, all: 0, conns: [], legs: [] },
      at: state.atMs,
      wall: state.wallMs,
      offset: state.offsetMin,
      out: [],
      tend: new Touched(),
      changes: new Changes(),
      ended: [],
      pops: new Touched(),
      links: [],
      agents: new Touched(),
      idle: new Touched(),
      queues: new Touched(),
      staffed: new Touched(),
      hungry: new Touched(),
      outcomes: [],
      flowWorld: undefined,
      stems: new Map(),
      place: { flow: '', node: '', text: '/' },
      recalls: [],
      lastAt: state.atMs,
      lastWall: state.wallMs,
    };
    reindex(this.run);
    this.inputs = counterOf(this.run, 'inputs');
  }

  apply(input: EngineInput): readonly EngineEffect[] {
    if (input.kind === 'boot' && input.coreVersion !== CORE_VERSION) throw otherVersion(input.coreVersion);
    if (input.kind === 'boot' || input.kind === 'config') checkConfig(input.config);
    const { run } = this;
    run.lastAt = run.s.atMs;
    run.lastWall = run.s.wallMs;
    // The stamps are monotone by contract; a shell that slips must not give a segment a negative length.
    run.at = Math.max(run.s.atMs, input.atMs);
    run.wall = input.wallMs;
    run.offset = input.offsetMin;
    run.s.atMs = run.at;
    run.s.wallMs = run.wall;
    run.s.offsetMin = run.offset;
    if (run.out.length > 0) run.out = [];
    this.inputs.n += 1;
    dispatch(run, input);
    finish(run);
    return run.out.length > 0 ? run.out : NO_EFFECTS;
  }

  lastSeq(stream: StreamId): number {
    return this.run.s.seqs.get(stream)?.seq ?? 0;
  }

  snapshotOf(stream: StreamId): StreamSnapshot | undefined {
    return stream === 'board' ? boardSnapshot(this.run) : streamSnapshot(this.run, stream);
  }

  agent(id: AgentId): ReturnType<Engine['agent']> {
    const agent = this.run.s.agents.get(id);
    return agent === undefined ? undefined : agentView(this.run, agent);
  }

  call(id: CallId): ReturnType<Engine['call']> {
    const call = callOf(this.run, id);
    return call === undefined ? undefined : callView(this.run, call);
  }

  agentsOf(id: CallId): readonly AgentId[] {
    const call = callOf(this.run, id);
    if (call === undefined) return [];
    const present = connsOf(this.run, call).flatMap(({ agentId }) => agentId ?? []);
    return [...new Set([...call.agents, ...(call.missed ?? []), ...present])];
  }

  queue(id: QueueId): ReturnType<Engine['queue']> {
    return this.run.ix.queues.has(id) ? queueView(this.run, id) : undefined;
  }

  dump(): string {
    return dumpState(this.run.s);
  }

  counters(): Readonly<Record<string, number>> {
    const { s, counters } = this.run;
    return {
      ...Object.fromEntries([...counters].map(([name, { n }]) => [name, n])),
      liveCalls: s.calls.size,
      legs: s.legs.size,
      waiting: s.entries.size,
      timers: s.timers.size,
    };
  }
}

function dispatch(run: Run, input: EngineInput): void {
  switch (input.kind) {
    case 'boot':
      return boot(run, input);
    case 'recovered':
      return recovered(run);
    case 'config':
      return useConfig(run, input.config);
    case 'driver':
      return driverEvent(run, input.switchId, input.event);
    case 'reply':
      return driverReply(run, input.commandId, input.reply);
    case 'client':
      return clientCommand(run, input);
    case 'presence':
      return presence(run, input);
    case 'timer':
      return timerFired(run, input.timerId);
    case 'lookup':
      return lookupAnswered(run, input.lookupId, input.result);
    case 'zones':
      return useZones(run, input.offsets);
    case 'clockJump':
      // Everything is measured by the monotone stamp; only records bear the new wall time from here on.
      run.out.push({ kind: 'note', level: 'warn', code: 'clock.jumped' });
      return;
    case 'drain':
      run.s.mode = input.mode === 'start' ? 'draining' : 'running';
      if (input.mode === 'start') closeOpen(run);
      if (input.mode === 'start' && awaited(run) === 0) run.out.push({ kind: 'drained' });
      return;
  }
}

/** Zones are at most 14 h from UTC; twice that is no zone. */
const MAX_OFFSET_MIN = 1680;

function useZones(run: Run, offsets: Readonly<Record<string, number>>): void {
  const sound = Object.entries(offsets).filter(([, min]) => Number.isInteger(min) && Math.abs(min) <= MAX_OFFSET_MIN);
  run.s.zones = { ...run.s.zones, ...Object.fromEntries(sound) };
}

function boot(run: Run, input: Extract<EngineInput, { kind: 'boot' }>): void {
  const { s } = run;
  if (s.epoch !== '') return count(run, 'ignored.boot');
  s.coreVersion = input.coreVersion;
  s.epoch = input.epoch;
  run.stems.clear();
  s.seed = input.seed;
  s.config = input.config;
  for (const { id } of input.config.switches) switchState(run, id);
  addAgents(run, input.config);
  reindex(run);
  for (const agent of input.config.agents) run.agents.add(agent.id);
  for (const queue of input.config.queues) run.queues.add(queue.id);
}

/** Calls that would not go on without us: those that a switch carries out by itself, or that are only watched, are not waited for. */
function awaited(run: Run): number {
  let n = 0;
  for (const call of run.s.calls.values()) if (call.native === undefined && call.watched === undefined) n += 1;
  return n;
}

/** Follows up on an input until nothing more follows from it, then tells. */
function finish(run: Run): void {
  const before = run.s.mode === 'draining' ? awaited(run) : 0;
  // Each round hands out work or ends calls; the bound only guards against a defect.
  for (let round = 0; round < 1000; round += 1) {
    if (run.tend.size > 0) tendAll(run);
    if (run.recalls.length > 0) recallSeats(run);
    if (run.idle.size > 0) refreshIdle(run);
    if (run.hungry.size > 0) assignWork(run);
    if (run.tend.size === 0 && run.idle.size === 0 && run.hungry.size === 0 && run.recalls.length === 0) break;
  }
  publishAll(run);
  if (before > 0 && awaited(run) === 0) run.out.push({ kind: 'drained' });
}
