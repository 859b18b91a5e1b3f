import {
  type AgentId,
  type AgentView,
  asId,
  type CallView,
  type Cdr,
  type ClientCommand,
  type ClientCommandId,
  type ClientId,
  type ClientOutcome,
  CORE_VERSION,
  type CtiDriver,
  createEngine,
  type Engine,
  type EngineEffect,
  type EngineInput,
  type EngineInputBody,
  type PopView,
  type PublishedEvent,
  type QueueId,
  type QueueView,
  type RecordingRecord,
  type StreamId,
  type SwitchId,
  streamOf,
  type UserId,
} from '@cordboard/cti-core';
import { readConfig, readIvrGraph } from '@cordboard/cti-protocol';
import { type Desk, type Floor, toldTo } from './floor.js';
import { type AgentName, type FloorOptions, floorConfig } from './floor-config.js';
import { labDriver } from './switch-link.js';
import { PATIENCE_MS } from './wait.js';

/**
 * The engine and the driver alone, in this process: real time, no durability, no network. What fails here is the fault of
 * one of the two.
 */
export class EngineFloor implements Floor {
  readonly engine: Engine = createEngine();
  /** Everything that went in, for a replay. */
  readonly inputs: EngineInput[] = [];
  /** A line for each input and effect, for a failure's report. */
  readonly trace: string[] = [];
  readonly notes: string[] = [];
  readonly #driver: CtiDriver;
  readonly #pending: EngineInputBody[] = [];
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #cdrs = new Map<string, Cdr>();
  readonly #recordings = new Map<string, RecordingRecord>();
  readonly #outcomes = new Map<string, (outcome: ClientOutcome) => void>();
  readonly #desks = new Map<string, EngineDesk>();
  readonly #abort = new AbortController();
  #state: 'idle' | 'busy' | 'closed' = 'idle';
  #command = 0;
  #synced = 0;

  private constructor(options: FloorOptions) {
    const log = (level: string) => (message: string, fields?: unknown) => {
      this.trace.push(`${stamp()} driver ${level}: ${message} ${JSON.stringify(fields ?? {})}`);
    };
    this.#driver = labDriver(options.link)(asId<SwitchId>('main'), {
      clock: {
        nowMs: () => performance.now(),
        wallMs: () => Date.now(),
        setTimer: (delayMs, callback) => {
          const timer = setTimeout(callback, delayMs);
          return () => clearTimeout(timer);
        },
      },
      random: Math.random,
      log: { debug: () => undefined, info: log('info'), warn: log('warn'), error: log('error') },
    });
  }

  /** Boots the engine and waits until the switch is synced. */
  static async open(options: FloorOptions): Promise<EngineFloor> {
    const floor = new EngineFloor(options);
    const { tenant } = readConfig(floorConfig(options), readIvrGraph);
    const epoch = `e${Date.now().toString(36)}`;
    floor.submit({ kind: 'boot', coreVersion: CORE_VERSION, epoch, seed: 1, config: tenant });
    await floor.#driver.start((event) => floor.submit({ kind: 'driver', switchId: asId<SwitchId>('main'), event }), {
      signal: floor.#abort.signal,
    });
    const deadline = Date.now() + PATIENCE_MS;
    while (floor.#synced === 0) {
      if (Date.now() > deadline) throw new Error(`the switch was not synced\n${floor.trace.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return floor;
  }

  /** Takes an input; inputs that come while one is worked on wait. */
  submit(body: EngineInputBody): void {
    if (this.#state === 'closed') return;
    this.#pending.push(body);
    if (this.#state === 'busy') return;
    this.#state = 'busy';
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) this.#apply(next);
    this.#state = 'idle';
  }

  async desk(name: AgentName): Promise<Desk> {
    const known = this.#desks.get(name);
    if (known !== undefined) return known;
    const desk = new EngineDesk(this, name);
    this.#desks.set(name, desk);
    this.submit({
      kind: 'presence',
      userId: asId<UserId>(name),
      clientId: asId<ClientId>(`page-${name}`),
      agentId: asId<AgentId>(name),
      state: 'online',
    });
    return desk;
  }

  /** Says a command as somebody. */
  say(name: AgentName, command: ClientCommand): Promise<ClientOutcome> {
    this.#command += 1;
    const commandId = asId<ClientCommandId>(`c${this.#command}`);
    const outcome = new Promise<ClientOutcome>((resolve) => this.#outcomes.set(`${name} ${commandId}`, resolve));
    this.submit({
      kind: 'client',
      commandId,
      actor: {
        userId: asId<UserId>(name),
        role: name === 'sue' ? 'supervisor' : 'agent',
        agentId: asId<AgentId>(name),
        clientId: asId<ClientId>(`page-${name}`),
      },
      command,
    });
    return outcome;
  }

  async cdrs(): Promise<readonly Cdr[]> {
    return [...this.#cdrs.values()];
  }

  async recordings(): Promise<readonly RecordingRecord[]> {
    return [...this.#recordings.values()];
  }

  async queue(name: string): Promise<QueueView | undefined> {
    return this.engine.queue(asId<QueueId>(name));
  }

  async liveCalls(): Promise<number> {
    return this.engine.counters().liveCalls ?? 0;
  }

  /** What each desk was told, and the last that went in and came out, for a failure's report. */
  told(): string {
    return [...[...this.#desks.values()].map(toldTo), ...this.trace.slice(-6).map((line) => line.slice(0, 160))].join(
      '\n',
    );
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#abort.abort();
    await this.#driver.stop();
  }

  #apply(body: EngineInputBody): void {
    const input: EngineInput = { atMs: Math.floor(performance.now()), wallMs: Date.now(), offsetMin: 480, ...body };
    this.inputs.push(input);
    if (body.kind !== 'boot') this.trace.push(`${stamp()} > ${JSON.stringify(body)}`);
    if (body.kind === 'driver' && body.event.type === 'linkSynced') this.#synced += 1;
    for (const effect of this.engine.apply(input)) this.#carryOut(effect);
  }

  #carryOut(effect: EngineEffect): void {
    if (effect.kind !== 'publish') this.trace.push(`${stamp()}   < ${JSON.stringify(effect)}`);
    switch (effect.kind) {
      case 'driver': {
        const { commandId } = effect.command;
        void this.#driver.execute(effect.command).then((reply) => this.submit({ kind: 'reply', commandId, reply }));
        return;
      }
      case 'setTimer': {
        const { timerId } = effect;
        const fire = (): void => {
          this.#timers.delete(timerId);
          this.submit({ kind: 'timer', timerId });
        };
        this.#timers.set(timerId, setTimeout(fire, Math.max(0, effect.dueAtMs - performance.now())));
        return;
      }
      case 'cancelTimer':
        clearTimeout(this.#timers.get(effect.timerId));
        this.#timers.delete(effect.timerId);
        return;
      case 'publish':
        for (const desk of this.#desks.values()) if (desk.stream === effect.stream) desk.told.push(effect.event);
        return;
      case 'record':
        if (effect.record.table === 'cdr') {
          if (this.#cdrs.has(effect.record.key)) this.notes.push(`cdr ${effect.record.key} again`);
          this.#cdrs.set(effect.record.key, effect.record.value);
        }
        if (effect.record.table === 'recording') this.#recordings.set(effect.record.key, effect.record.value);
        return;
      case 'lookup': {
        const match = { decision: 'one', customers: [{ id: 'c-1', name: 'Li Na' }] } as const;
        const { lookupId } = effect;
        queueMicrotask(() => this.submit({ kind: 'lookup', lookupId, result: { outcome: 'found', match } }));
        return;
      }
      case 'outcome':
        this.#outcomes.get(`${effect.userId} ${effect.commandId}`)?.(effect.outcome);
        return;
      case 'note':
        this.notes.push(effect.code);
        return;
      case 'drained':
        return;
    }
  }
}

class EngineDesk implements Desk {
  readonly name: AgentName;
  readonly stream: StreamId;
  readonly told: PublishedEvent[] = [];
  readonly #floor: EngineFloor;

  constructor(floor: EngineFloor, name: AgentName) {
    this.#floor = floor;
    this.name = name;
    this.stream = streamOf('agent', name);
  }

  command(command: ClientCommand): Promise<ClientOutcome> {
    return this.#floor.say(this.name, command);
  }

  agent(): AgentView | undefined {
    return this.#floor.engine.agent(asId<AgentId>(this.name));
  }

  calls(): readonly CallView[] {
    const snapshot = this.#floor.engine.snapshotOf(this.stream);
    return snapshot?.kind === 'agent' ? snapshot.calls : [];
  }

  pops(): readonly PopView[] {
    const snapshot = this.#floor.engine.snapshotOf(this.stream);
    return snapshot?.kind === 'agent' ? snapshot.pops : [];
  }
}

function stamp(): string {
  return new Date().toISOString().slice(14, 23);
}
