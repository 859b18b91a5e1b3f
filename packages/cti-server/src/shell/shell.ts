import { createHash } from 'node:crypto';
import type { Engine, EngineEffect, EngineInput, EngineInputBody, TenantConfig } from '@cordboard/cti-core';
import { Journal, type JournalContent } from '../journal/journal.js';
import { factsOf } from './failure-facts.js';
import { InputWriter } from './input-writer.js';
import { type Cut, JournalCare } from './journal-care.js';
import type { ShellOptions } from './ports.js';
import { Stamper } from './stamps.js';
import { EngineTimers } from './timers.js';

/** Inputs that may wait for the disk before clients are told to come later. */
const BUSY_INPUTS = 10_000;
/** How often old files of the journal are looked for, ms. */
const SWEEP_MS = 3_600_000;
/** A file spans at most a day, and at most this part of the time that files are kept. */
const SPANS_KEPT = 7;
const MIN_SPAN_MS = 3_600_000;
const MAX_SPAN_MS = 86_400_000;

/**
 * The order of things: an input is stamped, written and synced, then applied, then its effects are carried out. After a crash the same inputs are applied again and nothing is sent twice.
 */
export class Shell {
  readonly #options: ShellOptions;
  readonly #journal: Journal;
  readonly #engine: Engine;
  readonly #stamper: Stamper;
  readonly #timers: EngineTimers;
  readonly #recovered: 'recovered' | 'new';
  readonly #tornBytes: number;
  readonly #writer: InputWriter;
  readonly #care: JournalCare;
  #loop: Promise<void> | undefined;
  #state: 'open' | 'stopped' | 'failed' = 'open';
  #stopping: Promise<void> | undefined;
  #sweep: 'due' | 'done' = 'done';
  #cancelSweep: () => void = () => undefined;
  #submitted = 0;
  #applied = 0;
  #waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  #configHash: string;
  #inputs = 0;
  #failures = 0;
  #lastSyncMs: number | undefined;

  private constructor(options: ShellOptions, journal: Journal, content: JournalContent | undefined) {
    this.#options = options;
    this.#journal = journal;
    this.#recovered = content === undefined ? 'new' : 'recovered';
    this.#tornBytes = content?.tornBytes ?? 0;
    const { maker, seal, sink } = options;
    const snapshot = content?.snapshot;
    this.#engine = snapshot === undefined ? maker.create() : maker.restore(seal.openText(snapshot.engine));
    this.#configHash = snapshot?.configHash ?? '';
    let last: { atMs: number; wallMs: number } | undefined = snapshot;
    for (const hidden of content?.inputs ?? []) {
      const input = seal.reveal(hidden);
      last = input;
      this.#noteConfig(input);
      for (const effect of this.#apply(input)) sink.recall(effect);
    }
    this.#stamper = new Stamper(options.clock, options.timeZone, last);
    this.#timers = new EngineTimers({
      clock: options.clock,
      nowMs: () => this.#stamper.nowMs(),
      fire: (timerId) => this.submit({ kind: 'timer', timerId }),
    });
    const { clock, log, keepMs } = options;
    this.#care = new JournalCare({ journal, seal, clock, log, keepMs, flush: () => sink.flush() });
    this.#writer = new InputWriter({
      write: (inputs) => journal.write(inputs.map((input) => options.seal.hide(input))),
      nowMs: () => options.clock.nowMs(),
    });
  }

  /**
   * Opens the journal and rebuilds the state that it leads to. Nothing is sent before {@link start}.
   *
   * @throws {CtiError} `journal.version`, `journal.corrupt`
   */
  static async open(options: ShellOptions): Promise<Shell> {
    const fileBytes = options.fileBytes === undefined ? {} : { fileBytes: options.fileBytes };
    const { journal, content } = await Journal.open({
      storage: options.storage,
      coreVersion: options.maker.version,
      fileMs: Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, options.keepMs / SPANS_KEPT)),
      ...fileBytes,
    });
    return new Shell(options, journal, content);
  }

  /** The engine, for reading. Every input that it has seen is durable. */
  get engine(): Pick<Engine, 'lastSeq' | 'snapshotOf' | 'agent' | 'call' | 'agentsOf' | 'queue' | 'counters'> {
    return this.#engine;
  }

  /** See `EngineInput`, `boot`. Empty before {@link start} on a new journal. */
  get epoch(): string {
    return this.#journal.epoch;
  }

  /** The journal's clock now, ms. */
  get nowMs(): number {
    return this.#stamper.nowMs();
  }

  /** Is the disk so far behind that clients should come later? */
  get isBusy(): boolean {
    return this.#writer.pending >= BUSY_INPUTS;
  }

  /** Figures for metrics and REST. */
  get figures(): {
    readonly inputs: number;
    readonly failures: number;
    readonly pending: number;
    readonly timers: number;
    readonly tornBytes: number;
    readonly lastSyncMs: number | undefined;
  } {
    return {
      inputs: this.#inputs,
      failures: this.#failures,
      pending: this.#writer.pending,
      timers: this.#timers.size,
      tornBytes: this.#tornBytes,
      lastSyncMs: this.#lastSyncMs,
    };
  }

  /** The journal's files. */
  files(): ReturnType<Journal['files']> {
    return this.#journal.files();
  }

  /** Tells the engine how the journal begins or that it came back, and of a changed configuration. Resolves when that was applied. */
  async start(): Promise<void> {
    const { config, maker } = this.#options;
    if (this.#recovered === 'new') {
      const epoch = randomName(this.#options.random);
      await this.#journal.begin(epoch);
      const seed = Math.floor(this.#options.random() * 0x7fff_ffff);
      this.submit({ kind: 'boot', coreVersion: maker.version, epoch, seed, config });
    } else {
      this.submit({ kind: 'recovered' });
      if (hashOf(config) !== this.#configHash) this.submit({ kind: 'config', config });
    }
    await this.settled();
    this.#timers.start();
    this.#planSweep();
  }

  /** Takes an input. It is applied when it is durable. After {@link stop} or a failed disk it is dropped. */
  submit(body: EngineInputBody): void {
    if (this.#state !== 'open') return;
    const { stamp, jumpMs } = this.#stamper.stamp();
    if (jumpMs !== 0) this.#take({ ...stamp, kind: 'clockJump', byMs: jumpMs });
    const { atMs, wallMs, offsetMin } = stamp;
    // Spread last and alone: fields that follow a spread cost a microsecond each, two spreads more than the engine's work.
    this.#take({ atMs, wallMs, offsetMin, ...body });
    this.#loop ??= this.#run();
  }

  /** Resolves when all that was submitted before has been applied, or cannot be any more. What comes meanwhile is not waited for. */
  applied(): Promise<void> {
    if (this.#loop === undefined || this.#applied >= this.#submitted) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ count: this.#submitted, resolve }));
  }

  /** Resolves when nothing is left to be applied: on a floor that works this may never be. */
  async settled(): Promise<void> {
    while (this.#loop !== undefined) await this.#loop;
  }

  /** Applies what came before, writes a snapshot and closes the journal. Twice is once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const isOpen = this.#state === 'open';
    if (isOpen) this.#state = 'stopped';
    this.#timers.stop();
    this.#cancelSweep();
    await this.settled();
    await this.#care.settled();
    try {
      if (isOpen && (this.#state as string) === 'stopped' && this.#inputs > 0) {
        const cut = this.#cut();
        const isQuiet = (this.#engine.counters().liveCalls ?? 0) === 0;
        await this.#care.finish(isQuiet ? { ...cut, stopped: 'clean' } : cut);
      }
    } finally {
      await this.#journal.close();
    }
  }

  #take(input: EngineInput): void {
    this.#submitted += 1;
    this.#writer.push(input);
  }

  async #run(): Promise<void> {
    await Promise.resolve();
    let doing: keyof typeof STOPPED = 'write';
    try {
      for (;;) {
        doing = 'write';
        const batch = this.#writer.oldest();
        if (batch === undefined) {
          if (this.#sweep === 'done' && !this.#writer.isHeld) break;
          doing = 'rotate';
          this.#sweep = 'done';
          if (this.#care.wantsNextFile) await this.#care.nextFile(this.#cut());
          else this.#care.sweep();
          this.#writer.release();
          continue;
        }
        await batch.durable;
        this.#lastSyncMs = this.#options.clock.nowMs() - batch.beganMs;
        this.#writer.landed();
        doing = 'carryOut';
        for (const input of batch.inputs) {
          this.#noteConfig(input);
          this.#inputs += 1;
          for (const effect of this.#apply(input)) this.#carryOut(effect);
        }
        this.#options.sink.settle();
        this.#tellApplied(batch.inputs.length);
        // The state that is kept is that of a moment at which no input is between disk and engine.
        if (this.#care.wantsNextFile) this.#writer.hold();
      }
    } catch (error) {
      this.#fail(STOPPED[doing], error);
    } finally {
      this.#loop = undefined;
    }
  }

  #fail(what: string, error: unknown): void {
    this.#state = 'failed';
    this.#timers.stop();
    this.#cancelSweep();
    this.#tellApplied(Number.POSITIVE_INFINITY);
    const { code, cause, reason, at } = factsOf(error);
    const { log, onFailure } = this.#options;
    log.error(`${what}: nothing is carried out any more`, { code, cause, reason, at });
    try {
      onFailure(error);
    } catch {
      log.error('a listener to failures failed itself');
    }
  }

  #tellApplied(count: number): void {
    this.#applied += count;
    if (this.#waiters.length === 0) return;
    const waiters = this.#waiters;
    this.#waiters = waiters.filter((waiter) => waiter.count > this.#applied);
    for (const waiter of waiters) if (waiter.count <= this.#applied) waiter.resolve();
  }

  #carryOut(effect: EngineEffect): void {
    if (effect.kind === 'setTimer') this.#timers.set(effect.timerId, effect.dueAtMs);
    else if (effect.kind === 'cancelTimer') this.#timers.cancel(effect.timerId);
    else this.#options.sink.carryOut(effect);
  }

  /** The engine promises not to throw; should it, one input is lost and the rest of the floor lives on, now and in every replay. */
  #apply(input: EngineInput): readonly EngineEffect[] {
    try {
      return this.#engine.apply(input);
    } catch (error) {
      this.#failures += 1;
      const { code, cause, reason, at } = factsOf(error);
      const { kind } = input;
      this.#options.log.error('the engine failed on an input, which is lost', { kind, code, cause, reason, at });
      return [];
    }
  }

  #noteConfig(input: EngineInput): void {
    if (input.kind === 'boot' || input.kind === 'config') this.#configHash = hashOf(input.config);
  }

  #cut(): Cut {
    return {
      atMs: this.#stamper.nowMs(),
      wallMs: Math.floor(this.#options.clock.wallMs()),
      engine: this.#engine.dump(),
      configHash: this.#configHash,
    };
  }

  #planSweep(): void {
    this.#cancelSweep = this.#options.clock.setTimer(SWEEP_MS, () => {
      this.#sweep = 'due';
      this.#loop ??= this.#run();
      this.#planSweep();
    });
  }
}

/** What kept the shell from going on. */
const STOPPED = {
  write: 'the journal cannot be written',
  carryOut: 'the effects of an input cannot be carried out',
  rotate: 'the journal cannot be brought into its next file',
} as const;

/** Identity of a configuration, independent of nothing: key order counts, since both sides come from the same reader. */
export function hashOf(config: TenantConfig): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex');
}

/** 8 characters of `[a-z0-9]`. */
function randomName(random: () => number): string {
  return Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join('');
}
