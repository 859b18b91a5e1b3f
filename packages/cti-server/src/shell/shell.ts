import { createHash } from 'node:crypto';
import {
  type Clock,
  type Engine,
  type EngineEffect,
  type EngineInput,
  type EngineInputBody,
  isCtiError,
  type Logger,
  type TenantConfig,
} from '@cordboard/cti-core';
import { Journal, type JournalContent } from '../journal/journal.js';
import type { Seal } from '../journal/seal.js';
import type { JournalStorage } from '../journal/storage.js';
import { Stamper } from './stamps.js';
import { EngineTimers } from './timers.js';

/** Makes engines of one core version. */
export interface EngineMaker {
  readonly version: string;
  create(): Engine;
  /** From the text of `dump()`. */
  restore(text: string): Engine;
}

/** What the shell's owner does with effects. */
export interface EffectSink {
  /** Carries one live effect out. Must not throw and must not wait. */
  carryOut(effect: EngineEffect): void;
  /** An effect of an input that was journaled by an earlier run: only what is an upsert or a memory may be done. */
  recall(effect: EngineEffect): void;
  /** All inputs of a batch were applied: send what was gathered. */
  settle(): void;
  /** Makes durable what came out so far; a snapshot follows. */
  flush(): Promise<void>;
}

/** What a shell is made of. */
export interface ShellOptions {
  readonly maker: EngineMaker;
  readonly storage: JournalStorage;
  readonly seal: Seal;
  readonly sink: EffectSink;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly config: TenantConfig;
  readonly timeZone: string;
  readonly fileBytes?: number;
  /** How long old journal files are kept, ms. */
  readonly keepMs: number;
  /** The journal cannot be written any more: nothing is carried out from here on. */
  readonly onFailure: (error: unknown) => void;
}

/** Inputs that may wait for the disk before clients are told to come later. */
const BUSY_INPUTS = 10_000;
/** Inputs of one batch: bounds how long the thread is held after a sync. */
const BATCH_INPUTS = 2000;

/**
 * The order of things: an input is stamped, written and synced, then applied, then its effects are carried out.
 * Inputs that arrive while the disk works are the next batch. After a crash the same inputs are applied again and nothing is sent twice.
 */
export class Shell {
  readonly #options: ShellOptions;
  readonly #journal: Journal;
  readonly #engine: Engine;
  readonly #stamper: Stamper;
  readonly #timers: EngineTimers;
  readonly #recovered: 'recovered' | 'new';
  readonly #tornBytes: number;
  #pending: EngineInput[] = [];
  #loop: Promise<void> | undefined;
  #state: 'open' | 'stopped' | 'failed' = 'open';
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
      ...fileBytes,
    });
    return new Shell(options, journal, content);
  }

  /** The engine, for reading. Every input that it has seen is durable. */
  get engine(): Pick<Engine, 'lastSeq' | 'snapshotOf' | 'agent' | 'call' | 'queue' | 'counters'> {
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
    return this.#pending.length >= BUSY_INPUTS;
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
      pending: this.#pending.length,
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
  }

  /** Takes an input. It is applied when it is durable. After {@link stop} or a failed disk it is dropped. */
  submit(body: EngineInputBody): void {
    if (this.#state !== 'open') return;
    const { stamp, jumpMs } = this.#stamper.stamp();
    if (jumpMs !== 0) this.#pending.push({ ...stamp, kind: 'clockJump', byMs: jumpMs });
    this.#pending.push({ ...stamp, ...body });
    this.#loop ??= this.#run();
  }

  /** Resolves when all that was submitted so far has been applied, or cannot be any more. */
  async settled(): Promise<void> {
    while (this.#loop !== undefined) await this.#loop;
  }

  /** Applies what came so far, writes a snapshot and closes the journal. Twice is once. */
  async stop(): Promise<void> {
    await this.settled();
    if (this.#state !== 'open') return;
    this.#timers.stop();
    this.#state = 'stopped';
    if (this.#inputs > 0) await this.#rotate();
    await this.#journal.close();
  }

  async #run(): Promise<void> {
    // Everything that one turn of the event loop brings becomes one batch.
    await Promise.resolve();
    let doing: keyof typeof STOPPED = 'write';
    try {
      while (this.#pending.length > 0) {
        const batch = this.#pending.splice(0, BATCH_INPUTS);
        const beganMs = this.#options.clock.nowMs();
        doing = 'write';
        await this.#journal.write(batch.map((input) => this.#options.seal.hide(input)));
        this.#lastSyncMs = this.#options.clock.nowMs() - beganMs;
        doing = 'carryOut';
        for (const input of batch) {
          this.#noteConfig(input);
          this.#inputs += 1;
          for (const effect of this.#apply(input)) this.#carryOut(effect);
        }
        this.#options.sink.settle();
        doing = 'rotate';
        if (this.#journal.wantsRotation) await this.#rotate();
      }
    } catch (error) {
      this.#state = 'failed';
      this.#timers.stop();
      const { code, cause, reason, at } = factsOf(error);
      this.#options.log.error(`${STOPPED[doing]}: nothing is carried out any more`, { code, cause, reason, at });
      this.#options.onFailure(error);
    } finally {
      this.#loop = undefined;
    }
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

  async #rotate(): Promise<void> {
    await this.#options.sink.flush();
    const wallMs = Math.floor(this.#options.clock.wallMs());
    const isQuiet = this.#state === 'stopped' && (this.#engine.counters().liveCalls ?? 0) === 0;
    await this.#journal.rotate({
      atMs: this.#stamper.nowMs(),
      wallMs,
      engine: this.#options.seal.sealText(this.#engine.dump()),
      configHash: this.#configHash,
      ...(isQuiet ? { stopped: 'clean' } : {}),
    });
    await this.#journal.prune(wallMs - this.#options.keepMs);
  }
}

/** What kept the shell from going on. */
const STOPPED = {
  write: 'the journal cannot be written',
  carryOut: 'the effects of an input cannot be carried out',
  rotate: 'the journal cannot be brought into its next file',
} as const;

/** What may be logged of a failure: our codes and texts, which hold nothing personal; of others the code or class and the place. */
interface FailureFacts {
  readonly code: string;
  /** The system's code of what caused it. */
  readonly cause?: string;
  readonly reason?: string;
  readonly at?: string;
}

function factsOf(error: unknown): FailureFacts {
  if (isCtiError(error)) {
    const cause = (error.cause as { readonly code?: unknown } | undefined)?.code;
    return { code: error.code, reason: error.message, ...(typeof cause === 'string' ? { cause } : {}) };
  }
  if (!(error instanceof Error)) return { code: 'server.internal' };
  const { code } = error as { readonly code?: unknown };
  const at = /\n\s+at (.{1,200})/u.exec(error.stack ?? '')?.[1];
  const place = at === undefined ? {} : { at };
  return { code: typeof code === 'string' ? code : 'server.internal', reason: error.name, ...place };
}

/** Identity of a configuration, independent of nothing: key order counts, since both sides come from the same reader. */
export function hashOf(config: TenantConfig): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex');
}

/** 8 characters of `[a-z0-9]`. */
function randomName(random: () => number): string {
  return Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join('');
}
