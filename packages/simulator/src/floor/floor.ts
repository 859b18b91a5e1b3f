import {
  type AgentId,
  asId,
  type CallbackRecord,
  type CallId,
  type Cdr,
  type ClientCommandId,
  type ClientId,
  CORE_VERSION,
  createEngine,
  type Engine,
  type EngineEffect,
  type EngineInput,
  type IvrGraph,
  type Lookup,
  type LookupResult,
  type MessageRecord,
  type PublishedEvent,
  type RecordEffect,
  type ScoreRecord,
  type TenantConfig,
  type UserId,
} from '@cordboard/cti-core';
import { Oracle } from '../oracle/oracle.js';
import { Scheduler } from '../scheduler.js';
import type { SwitchOptions } from '../switch/model.js';
import { VirtualSwitch } from '../switch/virtual-switch.js';
import { FloorAgent, type Given, type LookedAt } from './agent.js';
import { type FloorServices, planOf } from './answers.js';
import { FloorCaller } from './caller.js';
import { agentNames, FLOOR_SWITCH, type FloorQueue, type FloorShape, floorConfig, seatNumber } from './config.js';
import { EngineHost, type LookupPlan } from './engine-host.js';
import { inMs, type Time } from './time.js';

/** Monday, 5 January 2026, 09:00 in UTC+8. */
const START_WALL_MS = Date.UTC(2026, 0, 5, 1);
const NOT_KNOWN: LookupResult = { outcome: 'found', match: { decision: 'none', customers: [] } };
const MAX_EVENTS = 100_000;

/** A floor: its shape, the seed of everything random on it, and what may be put in the place of its parts. */
export interface FloorOptions extends Omit<FloorShape, 'flows'> {
  readonly seed: number;
  /** The flow that callers meet first; or several, of which the first one is met. */
  readonly ivr?: IvrGraph | readonly IvrGraph[];
  readonly createEngine?: () => Engine;
  readonly faults?: SwitchOptions['faults'];
  readonly promptMs?: SwitchOptions['promptMs'];
  readonly outsideExists?: SwitchOptions['outsideExists'];
  readonly orders?: SwitchOptions['orders'];
  /** Answers look-ups of customers, and of flows where `services` is not given. Default: nobody is known, after 20 ms; flows get no answer. */
  readonly lookup?: (lookup: Lookup) => LookupPlan;
  /** Answers what flows ask. */
  readonly services?: FloorServices;
  /** Minutes that zones are ahead of UTC from the start, by IANA name. */
  readonly zones?: Readonly<Record<string, number>>;
  /** Keep the journal, for replays and crashes; default `keep`. */
  readonly journal?: 'keep' | 'drop';
  /**
   * Keep what the board shows as {@link VirtualFloor.events}; default `keep`, at most 100,000. Where it is dropped and there is no oracle either, the
   * engine makes no events at all, unless it is one of the caller's own.
   */
  readonly events?: 'keep' | 'drop';
  /** Judge it as it goes; default `judge`. */
  readonly oracle?: 'judge' | 'none';
}

/** A CDR, with its queue under the word that tests like to read. */
export type FloorCdr = Cdr & { readonly queue?: string };

/**
 * A whole call centre in memory and virtual time: engine, switch, callers, agents. Nothing happens until it is run; the same seed and the same calls
 * of its methods give the same day.
 */
export class VirtualFloor {
  readonly clock = new Scheduler(START_WALL_MS);
  readonly pbx: VirtualSwitch;
  readonly host: EngineHost;
  readonly oracle: Oracle;
  /** What the board was told, in order. */
  readonly events: PublishedEvent[] = [];
  readonly #shape: FloorShape;
  readonly #config: TenantConfig;
  readonly #agents = new Map<string, FloorAgent>();
  readonly #supervisors = new Map<string, FloorAgent>();
  readonly #board: LookedAt;
  readonly #zones: FloorOptions['zones'];
  /** What flows asked, in order: each question once for each time that it was put. */
  readonly questions: (Extract<Lookup, { type: 'ivr' }> & { readonly atMs: number })[] = [];
  /** What flows kept, the latest of each. */
  readonly messages = new Map<string, MessageRecord>();
  readonly scores = new Map<string, ScoreRecord>();
  readonly callbacks = new Map<string, CallbackRecord>();
  #commands = 0;
  #state: 'new' | 'open' = 'new';

  constructor(options: FloorOptions) {
    const { ivr } = options;
    this.#shape = { ...options, ...(ivr === undefined ? {} : { flows: Array.isArray(ivr) ? ivr : [ivr as IvrGraph] }) };
    const { seed, faults, promptMs, outsideExists, orders, lookup, services, journal } = options;
    this.#zones = options.zones;
    const names = agentNames(this.#shape);
    this.pbx = new VirtualSwitch(
      {
        switchId: FLOOR_SWITCH,
        seed,
        extensions: [...names.map((_, place) => seatNumber(place)), ...(options.spareSeats ?? [])],
        ...(faults === undefined ? {} : { faults }),
        ...(promptMs === undefined ? {} : { promptMs }),
        ...(outsideExists === undefined ? {} : { outsideExists }),
        ...(orders === undefined ? {} : { orders }),
      },
      this.clock,
    );
    const judges = options.oracle !== 'none';
    const isWatched = judges || options.events !== 'drop';
    this.oracle = new Oracle(this.pbx, this.clock, { looks: judges ? 'eachSecond' : 'never' });
    this.#config = floorConfig(this.#shape);
    this.host = new EngineHost({
      clock: this.clock,
      createEngine: options.createEngine ?? (() => createEngine({ events: isWatched ? 'tell' : 'count' })),
      switches: [this.pbx],
      config: this.#config,
      seed,
      coreVersion: CORE_VERSION,
      observer: {
        applied: (input, effects) => {
          if (judges) this.oracle.applied(input, effects);
          this.#keep(effects, options.events ?? 'keep');
          this.onApplied?.(input, effects);
        },
        crashed: () => this.oracle.crashed(),
        recovered: (dumps) => this.oracle.recovered(dumps),
      },
      ...(lookup === undefined && services === undefined
        ? {}
        : {
            lookup: (asked: Lookup): LookupPlan =>
              asked.type === 'ivr' && services !== undefined
                ? planOf(asked, services)
                : (lookup?.(asked) ?? { afterMs: 20, result: NOT_KNOWN }),
          }),
      ...(journal === undefined ? {} : { journal }),
    });
    const { board } = this.oracle;
    this.#board = judges
      ? { agent: (name) => board.agents.get(name), call: (callId) => board.calls.get(callId) }
      : {
          agent: (name) => this.host.engine.agent(name as AgentId),
          call: (callId) => this.host.engine.call(callId as CallId),
        };
    for (const [place, name] of names.entries()) this.#agents.set(name, this.#person(name, seatNumber(place)));
  }

  /** Called after each input, when set. */
  onApplied: ((input: EngineInput, effects: readonly EngineEffect[]) => void) | undefined;

  /** Somebody outside, by number; the same number is the same person. */
  caller(number: string): FloorCaller {
    this.open();
    return new FloorCaller(this.pbx, number);
  }

  /** An agent of the floor. @throws {RangeError} for a name that no queue and no agent list has */
  agent(name: string): FloorAgent {
    this.open();
    const agent = this.#agents.get(name);
    if (agent === undefined) throw new RangeError('no such agent on this floor');
    return agent;
  }

  /** All agents, in the order of their seats. */
  get agents(): readonly FloorAgent[] {
    return [...this.#agents.values()];
  }

  /** Somebody who is no agent and gives commands: a supervisor at a spare seat. */
  supervisor(name: string, seat: string): FloorAgent {
    const known = this.#supervisors.get(name);
    const person = known ?? this.#person(name, seat, 'supervisor');
    this.#supervisors.set(name, person);
    return person;
  }

  /** A supervisor sets a switch that flows branch on. */
  setMode(mode: string, value: string): Given {
    this.open();
    const given: Given = {};
    const commandId = asId<ClientCommandId>(`floor-${this.#commands++}`);
    const actor = { userId: asId<UserId>('floor'), role: 'supervisor', clientId: asId<ClientId>('floor') } as const;
    this.host.client({ commandId, actor, command: { type: 'mode.set', mode, value } }, (outcome) => {
      given.outcome = outcome;
    });
    return given;
  }

  /** Boots the engine and brings the link up. Done by whatever needs it first. */
  open(): void {
    if (this.#state === 'open') return;
    this.#state = 'open';
    this.host.start();
    if (this.#zones !== undefined) this.host.input({ kind: 'zones', offsets: this.#zones });
    this.clock.runTo(this.clock.nowMs() + 200);
  }

  /** The configuration with which the floor began. */
  get config(): TenantConfig {
    return this.#config;
  }

  /** Puts a configuration in force, as soon as the server is there. */
  use(config: TenantConfig): void {
    if (this.host.isRunning) this.host.input({ kind: 'config', config });
    else this.clock.setTimer(1_000, () => this.use(config));
  }

  /** Lets time pass. */
  run(forTime: Time): void {
    this.#begin();
    this.clock.runTo(this.clock.nowMs() + inMs(forTime));
  }

  /**
   * Lets time pass until the condition holds, checked after everything that happens.
   * @throws {RangeError} when it does not hold within `within`, default 24 hours
   */
  async runUntil(condition: () => boolean, options: { readonly within?: Time } = {}): Promise<void> {
    this.#begin();
    await Promise.resolve();
    const untilMs = this.clock.nowMs() + inMs(options.within ?? '24h');
    while (!condition()) {
      if (!this.clock.step(untilMs)) throw new RangeError('the condition did not come to hold on this floor');
    }
    // What has been set off by it at the same moment belongs to it: events on their way, the CDR.
    this.clock.runTo(this.clock.nowMs() + 2_000);
  }

  /** The CDR of a caller's call, or of a call id. */
  cdrOf(call: FloorCaller | string): FloorCdr | undefined {
    let id = typeof call === 'string' ? call : call.callId;
    for (let hop = 0; id !== undefined && hop < 16; hop++) {
      const cdr = this.oracle.cdrs.get(id);
      if (cdr !== undefined) return { ...cdr, ...(cdr.queueId === undefined ? {} : { queue: cdr.queueId }) };
      id = this.oracle.board.ended.get(id)?.into as typeof id;
    }
    return undefined;
  }

  /**
   * Did every invariant hold so far?
   * @throws {Error} with every violation
   */
  checkInvariants(): void {
    const { violations } = this.oracle;
    if (violations.length === 0) return;
    throw new Error(violations.map(({ invariant, atMs, what }) => `${invariant} at ${atMs} ms: ${what}`).join('\n'));
  }

  /** Ends the day: everybody hangs up and logs off, what is under way comes to its end, and the oracle judges what is left. */
  end(): void {
    this.#begin();
    for (const leg of [...this.pbx.legs.values()]) this.pbx.hangUp(leg);
    this.clock.runTo(this.clock.nowMs() + 60_000);
    for (const leg of [...this.pbx.legs.values()]) this.pbx.hangUp(leg);
    this.clock.runTo(this.clock.nowMs() + 180_000);
    for (const agent of this.#agents.values()) agent.isLoggedOff();
    this.clock.runTo(this.clock.nowMs() + 60_000);
    this.oracle.end();
  }

  #begin(): void {
    this.open();
    for (const agent of this.#agents.values()) if (!agent.isTold) agent.ready();
  }

  #person(name: string, seat: string, role?: 'supervisor'): FloorAgent {
    const phone = this.pbx.party(seat);
    const { pbx, host } = this;
    return new FloorAgent({ name, pbx, host, board: this.#board, phone, ...(role === undefined ? {} : { role }) });
  }

  #keep(effects: readonly EngineEffect[], events: 'keep' | 'drop'): void {
    for (const effect of effects) {
      if (effect.kind === 'record') this.#keepRecord(effect.record);
      else if (effect.kind === 'lookup' && effect.lookup.type === 'ivr')
        this.questions.push({ ...effect.lookup, atMs: this.clock.nowMs() });
      else if (events === 'keep' && effect.kind === 'publish' && effect.stream === 'board')
        if (this.events.length < MAX_EVENTS) this.events.push(effect.event);
    }
  }

  #keepRecord(record: RecordEffect): void {
    if (record.table === 'message') this.messages.set(record.key, record.value);
    else if (record.table === 'score') this.scores.set(record.key, record.value);
    else if (record.table === 'callback') this.callbacks.set(record.key, record.value);
  }
}

/** Makes a floor. */
export function virtualFloor(
  options: FloorOptions & { readonly queues: Readonly<Record<string, FloorQueue>> },
): VirtualFloor {
  return new VirtualFloor(options);
}
