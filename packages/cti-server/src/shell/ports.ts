import type { Clock, Engine, EngineEffect, Logger, TenantConfig } from '@cordboard/cti-core';
import type { Seal } from '../journal/seal.js';
import type { JournalStorage } from '../journal/storage.js';

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
