import type { AgentId, Engine, EngineEffect, EngineInput, QueueId, WorkKind } from '@cordboard/cti-core';
import { VirtualFloor } from '../floor/floor.js';
import type { Violation } from '../oracle/check.js';
import { ArmedFaults } from './armed.js';
import type { AgentStep, ConfigStep, Day, Fault, FaultKind, Step } from './day.js';
import { DAY_SUPERVISOR, dayFloor, withoutDesk } from './day-floor.js';
import { Players } from './players.js';
import { RaceWatch } from './races.js';

/** What became of a day. */
export interface DayResult {
  readonly seed: number;
  /** What did not hold, the first thing first. */
  readonly violations: readonly Violation[];
  readonly calls: number;
  readonly inputs: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly races: ReadonlyMap<string, number>;
  readonly orders: ReadonlyMap<string, number>;
  /** The engine's own counters at the end. */
  readonly counters: Readonly<Record<string, number>>;
  readonly cdrs: number;
}

/** How a day is played. */
export interface DayOptions {
  readonly createEngine?: () => Engine;
  /** Sees each input with its effects. */
  readonly watch?: (input: EngineInput, effects: readonly EngineEffect[]) => void;
}

const AFTER_LAST_STEP_MS = 200_000;

/** Plays a day to its end and judges it. Never throws because of what the engine does: that is a violation like any other. */
export function runDay(day: Day, options: DayOptions = {}): DayResult {
  const faults = new Map<FaultKind, number>();
  const reached = (kind: FaultKind): void => {
    faults.set(kind, (faults.get(kind) ?? 0) + 1);
    floor.oracle.noteTrouble();
  };
  const armed = new ArmedFaults(reached);
  const floor = new VirtualFloor({
    ...dayFloor(day.seed),
    faults: armed,
    ...(options.createEngine === undefined ? {} : { createEngine: options.createEngine }),
  });
  const races = new RaceWatch();
  let inputs = 0;
  let players: Players | undefined;
  floor.onApplied = (input, effects) => {
    inputs++;
    races.applied(input, effects);
    players?.applied(effects);
    options.watch?.(input, effects);
  };
  try {
    players = new Players(floor, reached);
    play(day, { floor, armed, reached, players });
  } catch (error) {
    floor.oracle.fail('never-throws', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return {
    seed: day.seed,
    violations: floor.oracle.violations,
    calls: day.steps.filter((step) => step.do === 'call' || step.do === 'make' || step.do === 'phoneMake').length,
    inputs,
    faults,
    races: races.reached,
    orders: floor.pbx.reached,
    counters: floor.host.engine.counters(),
    cdrs: floor.oracle.cdrs.size,
  };
}

interface Stage {
  readonly floor: VirtualFloor;
  readonly armed: ArmedFaults;
  readonly reached: (kind: FaultKind) => void;
  readonly players: Players;
}

function play(day: Day, stage: Stage): void {
  const { floor } = stage;
  for (const agent of floor.agents) agent.isLoggedOff();
  floor.supervisor(DAY_SUPERVISOR.name, DAY_SUPERVISOR.seat).answers({ after: 500 });
  floor.open();
  let lastMs = floor.clock.nowMs();
  for (const step of day.steps) {
    lastMs = Math.max(lastMs, step.atMs);
    floor.clock.setTimer(step.atMs - floor.clock.nowMs(), () => perform(step, stage));
  }
  const untilMs = lastMs + AFTER_LAST_STEP_MS;
  // A day that has gone wrong is not played further: what follows from it says nothing new.
  while (floor.oracle.violations.length === 0 && floor.clock.step(untilMs));
  if (floor.oracle.violations.length === 0) floor.end();
}

function perform(step: Step, stage: Stage): void {
  switch (step.do) {
    case 'call':
      stage.players.call(step);
      return;
    case 'make':
    case 'phoneMake':
      stage.players.make(step);
      return;
    case 'agent':
      wish(step, stage);
      return;
    case 'supervise':
      stage.players.supervise(step);
      return;
    case 'config':
      configure(step, stage);
      return;
    case 'fault':
      trouble(step.fault, stage);
      return;
  }
}

function configure({ what, forMs, maxCallMs }: ConfigStep, { floor }: Stage): void {
  const { config } = floor;
  const { timers } = config;
  floor.use(what === 'dropDesk' ? withoutDesk(config) : { ...config, timers: { ...timers, maxCallMs } });
  floor.clock.setTimer(forMs, () => floor.use(config));
}

/** Most are ready for everything, some for a part of it: by the time of day, so that a shrunk day does the same. */
const KINDS: readonly (readonly WorkKind[] | undefined)[] = [
  undefined,
  ['inbound'],
  undefined,
  ['callBack', 'dialled'],
  undefined,
];

function wish(step: AgentStep, { floor, reached }: Stage): void {
  const agent = floor.agent(step.agent);
  switch (step.wish) {
    case 'ready':
      agent.ready(KINDS[step.atMs % KINDS.length]);
      return;
    case 'break':
      agent.isOnBreak();
      return;
    case 'logOff':
      agent.isLoggedOff();
      return;
    case 'silent':
      reached('pageSilent');
      agent.goesSilent();
      return;
    case 'offline':
      agent.isOnline('offline');
      return;
    case 'logOnAgain':
      agent.give({ type: 'agent.logOn' });
      return;
    case 'doNotDisturb':
    case 'disturb':
      agent.give({ type: 'agent.doNotDisturb', mode: step.wish === 'disturb' ? 'off' : 'on' });
      return;
    case 'leaveQueue':
    case 'joinQueue': {
      const [agentId, queueId] = [step.agent as AgentId, 'support' as QueueId];
      const boss = floor.supervisor(DAY_SUPERVISOR.name, DAY_SUPERVISOR.seat);
      boss.give({ type: 'queue.membership', agentId, queueId, mode: step.wish === 'joinQueue' ? 'join' : 'leave' });
      return;
    }
  }
}

function trouble(fault: Fault, { floor, armed, reached }: Stage): void {
  const { pbx, host, clock } = floor;
  switch (fault.kind) {
    case 'linkLost':
      if (fault.at === undefined) {
        reached(fault.kind);
        pbx.cutLink(fault.forMs);
      } else {
        armed.cutAt(fault.at, () => {
          reached(fault.kind);
          clock.setTimer(1, () => pbx.cutLink(fault.forMs));
        });
      }
      return;
    case 'switchRestart':
      reached(fault.kind);
      pbx.restart(fault.forMs);
      return;
    case 'serverCrash':
      reached(fault.kind);
      host.crashAfterNextInput(fault.forMs, fault.at);
      return;
    case 'switchSilent':
      reached(fault.kind);
      pbx.freeze(fault.forMs);
      return;
    case 'phoneGone': {
      reached(fault.kind);
      const { phone } = floor.agent(fault.agent);
      pbx.setRegistered(phone, 'unregistered');
      clock.setTimer(fault.forMs, () => pbx.setRegistered(phone, 'registered'));
      return;
    }
    case 'clockJump':
      reached(fault.kind);
      clock.jumpWall(fault.byMs);
      host.input({ kind: 'clockJump', byMs: fault.byMs });
      return;
    case 'recordingLost':
      armed.atPause(() => {
        clock.setTimer(fault.afterMs, () => {
          if (pbx.loseRecordings() > 0) reached(fault.kind);
        });
      });
      return;
    case 'eventLate':
    case 'eventDoubled':
    case 'eventReordered':
    case 'commandRefused':
    case 'commandUnconfirmed':
    case 'commandUnanswered':
      armed.arm(fault);
      return;
  }
}
