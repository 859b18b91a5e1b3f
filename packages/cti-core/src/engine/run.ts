import type { AgentConfig, DeviceConfig, QueueConfig } from '../contract/config.js';
import type { DriverCapability } from '../contract/driver.js';
import type { CallChange, EngineEffect, PublishedEvent } from '../contract/engine-io.js';
import type { CtiErrorCode, CtiErrorDetails } from '../contract/errors.js';
import type { AgentId, CallId, ConnectionId, DeviceId, FlowId, PopId, QueueId, SwitchId } from '../contract/ids.js';
import type { IvrGraph } from '../contract/ivr-graph.js';
import { type Machine, stepMachine } from '../machines/table.js';
import type { LongestIdleRouter, WaitingEntry } from '../routing/longest-idle.js';
import type { RankedSet } from '../routing/ranked-set.js';
import type { Changes } from './changes.js';
import type { SeatGoal } from './dial.js';
import type { FlowWorld } from './flow-world.js';
import type { Service } from './planner.js';
import type { RouteIndex } from './route-index.js';
import type { Conn, Leg, State, Stream } from './state.js';
import type { Touched } from './touched.js';

/** What is computed from the state for speed and never written: rebuilt by `buildIndex`. */
export interface Index {
  router: LongestIdleRouter;
  agents: Map<AgentId, AgentConfig>;
  queues: Map<QueueId, QueueConfig>;
  flows: Map<FlowId, IvrGraph>;
  devices: Map<DeviceId, DeviceConfig>;
  /** Numbers by code: the site's under '', an agent's own under their id. */
  speedDial: Map<string, Map<string, string>>;
  /** Everyone who waits or is on offer, per queue, in the order of service. */
  waiting: Map<QueueId, RankedSet<WaitingEntry>>;
  loggedOn: Map<QueueId, number>;
  seats: Map<DeviceId, AgentId>;
  routes: RouteIndex;
  routeCalls: Map<string, number>;
  /** Keys of the numbers that are never recorded. */
  never: ReadonlySet<string>;
  /** Whose seat a device is by configuration, logged on or not. */
  owners: Map<DeviceId, AgentConfig[]>;
  legsOf: Map<SwitchId, Set<ConnectionId>>;
  /** Connections of each call that a switch carries out by itself: switch and its reference. */
  nativeCalls: Map<string, Set<ConnectionId>>;
  /** What can be had on each switch, for the capabilities that it told. */
  services: Map<SwitchId, { readonly told: readonly DriverCapability[]; readonly services: ReadonlySet<Service> }>;
  streams: { board: Stream | undefined; readonly agents: Map<AgentId, Stream>; readonly queues: Map<QueueId, Stream> };
  /** The present values of the switches that operators set; made anew when one has changed. */
  modes: Readonly<Record<string, string>> | undefined;
  /** What dialling a device of the site comes to. */
  seatGoals: Map<DeviceId, SeatGoal>;
  /** How many agents of each queue were ready when it was told last. */
  toldReady: Map<QueueId, number>;
  /** First outcomes in the order of their time, for the purge. */
  keptOrder: string[];
  keptHead: number;
}

/** How often something was. */
export interface Counter {
  n: number;
}

/** How often a cell of a machine was met, and the state that it leads to. */
export interface Cell {
  readonly counter: Counter;
  readonly next: string | undefined;
}

/** One engine at work: its state, the stamps of the present input and what has come of it so far. */
export interface Run {
  readonly s: State;
  readonly ix: Index;
  /** Are events made, or only counted? */
  readonly events: 'tell' | 'count';
  readonly counters: Map<string, Counter>;
  /**
   * What `connsOf` found last, and for what: the ids of a call, how many there were, and how many connections there were in all. `legs` are those of
   * `conns`, or none when a leg has come or gone since.
   */
  readonly last: {
    ids: readonly ConnectionId[];
    count: number;
    all: number;
    conns: readonly Conn[];
    legs: readonly (Leg | undefined)[];
  };
  /** Cells that were met: machine, state, event. */
  readonly cells: Map<string, Map<string, Map<string, Cell>>>;
  at: number;
  wall: number;
  offset: number;
  out: EngineEffect[];
  /** Calls to look at again before the input is done. */
  readonly tend: Touched<CallId>;
  /** What is to be told of calls. */
  readonly changes: Changes;
  /**
   * `part`: of one agent, who may have another part in the call by now, which is told after it. An event that shows a call may be left out
   * where events are only counted.
   */
  ended: {
    readonly streams: readonly Stream[];
    readonly event: PublishedEvent | undefined;
    readonly part?: 'part' | undefined;
  }[];
  readonly pops: Touched<PopId>;
  links: PublishedEvent[];
  readonly agents: Touched<AgentId>;
  readonly idle: Touched<AgentId>;
  readonly queues: Touched<QueueId>;
  /** Queues of agents that were touched: told when the number of those who are ready has changed. */
  readonly staffed: Touched<QueueId>;
  readonly hungry: Touched<QueueId>;
  outcomes: EngineEffect[];
  /** What the flow that is stepped may look at. */
  flowWorld: FlowWorld | undefined;
  /** What ids of a kind begin with. */
  readonly stems: Map<string, string>;
  /** The place that was named last. */
  readonly place: { flow: string; node: string; text: string };
  /** Calls whose seat must ring again when the leg in hand is gone. */
  recalls: CallId[];
  /** The stamps of the input before this one: the last moment of which something is known. */
  lastAt: number;
  lastWall: number;
}

/** A request that cannot be met: becomes the outcome of the client's command. Not an exception. */
export interface Failure {
  readonly fail: CtiErrorCode;
  readonly message: string;
  readonly details?: CtiErrorDetails;
}

/** Makes a failure. `message` follows the rules of {@link CtiError}. */
export function failure(fail: CtiErrorCode, message: string, details?: CtiErrorDetails): Failure {
  return details === undefined ? { fail, message } : { fail, message, details };
}

/** Is it a failure? */
export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'fail' in value;
}

/** Adds to a counter. */
export function count(run: Run, name: string): void {
  counterOf(run, name).n += 1;
}

/** The counter of that name. */
export function counterOf(run: Run, name: string): Counter {
  const known = run.counters.get(name);
  if (known !== undefined) return known;
  const made: Counter = { n: 0 };
  run.counters.set(name, made);
  return made;
}

/** Tells people of something odd. `code` is stable. */
export function note(run: Run, code: string, callId?: CallId): void {
  count(run, `note.${code}`);
  run.out.push(
    callId === undefined ? { kind: 'note', level: 'warn', code } : { kind: 'note', level: 'warn', code, callId },
  );
}

/** The next number of a kind of id. */
export function nextNumber(run: Run, kind: string): number {
  const n = (run.s.ids[kind] ?? 0) + 1;
  run.s.ids[kind] = n;
  return n;
}

/** The next id of a kind: `<epoch>-<kind><n>`. */
export function nextId<T extends string>(run: Run, kind: string): T {
  let stem = run.stems.get(kind);
  if (stem === undefined) {
    stem = `${run.s.epoch}-${kind}`;
    run.stems.set(kind, stem);
  }
  return (stem + nextNumber(run, kind)) as T;
}

/** Steps a machine, counts the cell, and says the state afterwards; `undefined` when nothing moved. */
export function step<S extends string, E extends string>(
  run: Run,
  machine: Machine<S, E>,
  at: { readonly state: S; readonly event: NoInfer<E> },
): S | undefined {
  const { state, event } = at;
  // Kept by its cell: putting the name together costs more than the step.
  const known = run.cells.get(machine.name)?.get(state)?.get(event);
  if (known !== undefined) {
    known.counter.n += 1;
    return known.next as S | undefined;
  }
  const result = stepMachine(machine, state, event);
  const next = result.outcome === 'moved' ? result.state : undefined;
  const counter = counterOf(run, `${result.outcome}.${machine.name}.${state}.${event}`);
  counter.n += 1;
  inner(inner(run.cells, machine.name), state).set(event, { counter, next });
  return next;
}

function inner<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, V>();
  map.set(key, made);
  return made;
}

/** A call's new view is to be published with this word. */
export function changed(run: Run, callId: CallId, change: CallChange): void {
  run.changes.add(callId, change);
  run.tend.add(callId);
}
