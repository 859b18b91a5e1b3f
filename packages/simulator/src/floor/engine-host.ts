import {
  type ClientCommandId,
  type ClientOutcome,
  type ClientRequest,
  type CommandId,
  type DriverCommand,
  type DriverEvent,
  type DriverReply,
  type Engine,
  type EngineEffect,
  type EngineInput,
  type EngineInputBody,
  type Lookup,
  type LookupId,
  type LookupResult,
  type SwitchId,
  type TenantConfig,
  type TimerId,
  TurnoverMap,
  type UserId,
} from '@cordboard/cti-core';
import type { Scheduler } from '../scheduler.js';
import type { Job, Timer } from '../timer-queue.js';

/** A switch as the host uses it: {@link VirtualSwitch} is one. */
export interface SwitchPort {
  readonly options: { readonly switchId: SwitchId };
  open(consumer: (event: DriverEvent) => void): void;
  /** Takes a command; its answer comes with it. */
  submit(command: DriverCommand, answer: (reply: DriverReply, command: DriverCommand) => void): void;
  close(): void;
}

/** What watches a host: checks, clients, statistics. */
export interface HostObserver {
  /** An input was applied. `lost`: the process died before any of the effects was carried out. */
  applied?(input: EngineInput, effects: readonly EngineEffect[], fate: 'carriedOut' | 'lost'): void;
  /** The process died. */
  crashed?(): void;
  /** A new one has replayed the journal; its state should be the dead one's. */
  recovered?(dumps: { readonly before: string; readonly after: string }): void;
}

/** How a look-up is answered: after so long; after so long something else is tried; never. */
export type LookupPlan =
  | { readonly afterMs: number; readonly result: LookupResult }
  | { readonly afterMs: number; readonly next: () => LookupPlan }
  | 'never';

/** What a host needs. */
export interface HostOptions {
  readonly clock: Scheduler;
  readonly createEngine: () => Engine;
  readonly switches: readonly SwitchPort[];
  readonly config: TenantConfig;
  readonly seed: number;
  readonly coreVersion: string;
  /** Minutes ahead of UTC; default 480. */
  readonly offsetMin?: number;
  /** Answers look-ups; default: nobody is known, after 20 ms. */
  readonly lookup?: (lookup: Lookup) => LookupPlan;
  readonly observer?: HostObserver;
  /** Keep every input, for replays and crashes; default `keep`. Long runs for speed alone drop it. */
  readonly journal?: 'keep' | 'drop';
}

const NOBODY: LookupResult = { outcome: 'found', match: { decision: 'none', customers: [] } };
const NO_ANSWER: LookupResult = { outcome: 'failed' };
const LOOKUP_MS = 20;

/** A timer of the engine. */
class EngineTimer implements Job {
  readonly #timerId: TimerId;
  readonly #due: (timerId: TimerId) => void;

  constructor(timerId: TimerId, due: (timerId: TimerId) => void) {
    this.#timerId = timerId;
    this.#due = due;
  }

  run(): void {
    this.#due(this.#timerId);
  }
}

/**
 * The shell of an engine in virtual time: stamps and journals inputs, carries out effects, keeps timers and look-ups, and can be killed and started
 * again from its journal. What a server does with sockets and files this does in memory, in the same order.
 */
export class EngineHost {
  readonly journal: EngineInput[] = [];
  readonly #options: HostOptions;
  readonly #switches: ReadonlyMap<SwitchId, SwitchPort>;
  readonly #timers = new TurnoverMap<TimerId, Timer>();
  readonly #lookups = new TurnoverMap<LookupId, 'asked'>();
  readonly #outcomes = new TurnoverMap<string, (outcome: ClientOutcome) => void>();
  readonly #queue: EngineInput[] = [];
  readonly #epoch = 'sim';
  readonly #offsetMin: number;
  #engine: Engine;
  #state: 'new' | 'running' | 'down' = 'new';
  /** Grows with each life of the process: what an earlier one asked for is not answered. */
  #life = 0;
  #answered = this.#ears();
  #draining: 'draining' | undefined;
  #dieAfterNext: { readonly downMs: number; readonly at: string | undefined } | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#offsetMin = options.offsetMin ?? 480;
    this.#engine = options.createEngine();
    this.#switches = new Map(options.switches.map((pbx) => [pbx.options.switchId, pbx]));
  }

  /** The engine of the present life. */
  get engine(): Engine {
    return this.#engine;
  }

  /** False while the process is down. */
  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Boots the engine and opens the switches. */
  start(): void {
    this.#state = 'running';
    const { coreVersion, seed, config } = this.#options;
    this.input({ kind: 'boot', coreVersion, epoch: this.#epoch, seed, config });
    this.#openSwitches();
  }

  /** Takes one input; while another one is being applied it waits its turn. Ignored while the process is down. */
  input(body: EngineInputBody): void {
    if (this.#state === 'running') this.#take(stamped(body, this.#options.clock, this.#offsetMin));
  }

  /** A client's command; `settled` hears its outcome, unless the process dies before. */
  client(request: ClientRequest, settled?: (outcome: ClientOutcome) => void): void {
    if (settled !== undefined) this.#outcomes.set(outcomeKey(request.actor.userId, request.commandId), settled);
    this.input({ kind: 'client', ...request });
  }

  /**
   * Kills the process when the next input is in the journal and none of its effects is carried out; starts it again after `downMs`.
   * `at`: an input kind, or the type of a driver event, to wait for.
   */
  crashAfterNextInput(downMs: number, at?: string): void {
    this.#dieAfterNext = { downMs, at };
  }

  /** Stops for good. */
  stop(): void {
    this.#die();
    for (const pbx of this.#options.switches) pbx.close();
  }

  /** Takes an input of this moment; time stands still until all that wait have been applied. */
  #take(input: EngineInput): void {
    if (this.#draining) {
      this.#queue.push(input);
      return;
    }
    this.#draining = 'draining';
    this.#apply(input);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#apply(next);
    this.#draining = undefined;
  }

  // Most inputs are of these three kinds: each is put together once, with its stamp.

  #told(switchId: SwitchId, event: DriverEvent): void {
    const { clock } = this.#options;
    const atMs = clock.nowMs();
    this.#take({ atMs, wallMs: clock.wallMs(), offsetMin: this.#offsetMin, kind: 'driver', switchId, event });
  }

  #hear(commandId: CommandId, reply: DriverReply): void {
    const { clock } = this.#options;
    const atMs = clock.nowMs();
    this.#take({ atMs, wallMs: clock.wallMs(), offsetMin: this.#offsetMin, kind: 'reply', commandId, reply });
  }

  #timerRan(timerId: TimerId): void {
    const { clock } = this.#options;
    const atMs = clock.nowMs();
    this.#take({ atMs, wallMs: clock.wallMs(), offsetMin: this.#offsetMin, kind: 'timer', timerId });
  }

  #apply(input: EngineInput): void {
    if (this.#state !== 'running') return;
    const { clock, observer } = this.#options;
    if (this.#options.journal !== 'drop') this.journal.push(input);
    const effects = this.#engine.apply(input);
    const dies = this.#dieAfterNext === undefined ? undefined : this.#diesNow(input);
    observer?.applied?.(input, effects, dies === undefined ? 'carriedOut' : 'lost');
    if (dies === undefined) {
      // Most effects are for clients, and here there are none.
      for (const effect of effects) if (effect.kind !== 'publish') this.#carryOut(effect);
      return;
    }
    this.#dieAfterNext = undefined;
    this.#die();
    for (const pbx of this.#options.switches) pbx.close();
    observer?.crashed?.();
    clock.setTimer(dies.downMs, () => this.#recover());
  }

  #diesNow(input: EngineInput): { readonly downMs: number } | undefined {
    const at = this.#dieAfterNext?.at;
    const fits = at === undefined || at === input.kind || (input.kind === 'driver' && at === input.event.type);
    return fits ? this.#dieAfterNext : undefined;
  }

  /** One function for all commands of a life: what an earlier one asked for is not answered. */
  #ears(): (reply: DriverReply, command: DriverCommand) => void {
    const life = this.#life;
    return (reply, { commandId }) => {
      if (life === this.#life) this.#hear(commandId, reply);
    };
  }

  #die(): void {
    this.#state = 'down';
    this.#life++;
    this.#answered = this.#ears();
    this.#queue.length = 0;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#lookups.clear();
    this.#outcomes.clear();
  }

  #recover(): void {
    const before = this.#engine.dump();
    this.#engine = this.#options.createEngine();
    const asked = new Set<LookupId>();
    for (const input of this.journal) {
      if (input.kind === 'lookup') asked.delete(input.lookupId);
      for (const effect of this.#engine.apply(input)) {
        if (effect.kind === 'lookup') asked.add(effect.lookupId);
      }
    }
    this.#options.observer?.recovered?.({ before, after: this.#engine.dump() });
    this.#state = 'running';
    // Timers that ran are told again by the engine itself.
    this.input({ kind: 'recovered' });
    for (const lookupId of asked) this.input({ kind: 'lookup', lookupId, result: { outcome: 'failed' } });
    this.#openSwitches();
  }

  #openSwitches(): void {
    const life = this.#life;
    for (const pbx of this.#options.switches) {
      const { switchId } = pbx.options;
      pbx.open((event) => {
        if (life === this.#life) this.#told(switchId, event);
      });
    }
  }

  #carryOut(effect: EngineEffect): void {
    switch (effect.kind) {
      case 'driver':
        this.#switches.get(effect.switchId)?.submit(effect.command, this.#answered);
        return;
      case 'setTimer':
        this.#setTimer(effect.timerId, effect.dueAtMs);
        return;
      case 'cancelTimer':
        this.#timers.get(effect.timerId)?.cancel();
        this.#timers.delete(effect.timerId);
        return;
      case 'lookup':
        this.#lookUp(effect.lookupId, effect.lookup);
        return;
      case 'outcome': {
        const key = outcomeKey(effect.userId, effect.commandId);
        const settled = this.#outcomes.get(key);
        this.#outcomes.delete(key);
        settled?.(effect.outcome);
        return;
      }
      case 'publish':
      case 'record':
      case 'note':
      case 'drained':
        return;
    }
  }

  #setTimer(timerId: TimerId, dueAtMs: number): void {
    this.#timers.get(timerId)?.cancel();
    const { clock } = this.#options;
    this.#timers.set(timerId, clock.timer(dueAtMs - clock.nowMs(), new EngineTimer(timerId, this.#due)));
  }

  readonly #due = (timerId: TimerId): void => {
    this.#timers.delete(timerId);
    this.#timerRan(timerId);
  };

  #lookUp(lookupId: LookupId, lookup: Lookup): void {
    this.#lookups.set(lookupId, 'asked');
    const plan = this.#options.lookup?.(lookup);
    this.#answer(lookupId, plan ?? { afterMs: LOOKUP_MS, result: lookup.type === 'ivr' ? NO_ANSWER : NOBODY });
  }

  #answer(lookupId: LookupId, plan: LookupPlan): void {
    if (plan === 'never') return;
    const life = this.#life;
    this.#options.clock.setTimer(plan.afterMs, () => {
      if (life !== this.#life || !this.#lookups.has(lookupId)) return;
      if ('next' in plan) {
        this.#answer(lookupId, plan.next());
        return;
      }
      this.#lookups.delete(lookupId);
      this.input({ kind: 'lookup', lookupId, result: plan.result });
    });
  }
}

/** Written out for the frequent ones of those that come as bodies: spreads cost more than all else that a host does. */
function stamped(body: EngineInputBody, clock: Scheduler, offsetMin: number): EngineInput {
  const atMs = clock.nowMs();
  const wallMs = clock.wallMs();
  switch (body.kind) {
    case 'presence': {
      const { userId, clientId, agentId, state } = body;
      return agentId === undefined
        ? { atMs, wallMs, offsetMin, kind: 'presence', userId, clientId, state }
        : { atMs, wallMs, offsetMin, kind: 'presence', userId, clientId, agentId, state };
    }
    case 'lookup':
      return { atMs, wallMs, offsetMin, kind: 'lookup', lookupId: body.lookupId, result: body.result };
    default:
      return { atMs, wallMs, offsetMin, ...body };
  }
}

function outcomeKey(userId: UserId, commandId: ClientCommandId): string {
  return `${userId}\n${commandId}`;
}
