import type { Engine, EngineEffect, EngineInput } from '../contract/engine-io.js';
import { canonicalJson } from './canonical.js';
import { Sha256, sha256Hex } from './sha256.js';

/** What a replay gave: equal hashes mean effects and state that are equal byte for byte. */
export interface ReplayResult {
  readonly inputs: number;
  readonly effects: number;
  /** SHA-256 over the canonical JSON of every effect, in order, a line each. */
  readonly effectsHash: string;
  /** SHA-256 of the engine's dump at the end. */
  readonly stateHash: string;
}

/** Hashes effects as they come, so that a run and its replay can be compared without keeping either. */
export class EffectHasher {
  private readonly hash = new Sha256();
  private count = 0;

  /** Adds the effects of one input. */
  add(effects: readonly EngineEffect[]): void {
    this.count += effects.length;
    for (const effect of effects) this.hash.updateText(`${canonicalJson(effect)}\n`);
  }

  /** Ends it. */
  end(): { readonly effects: number; readonly effectsHash: string } {
    return { effects: this.count, effectsHash: this.hash.hex() };
  }
}

/**
 * Feeds a journal's inputs to an engine and hashes what comes out. `onStep` sees each input with its effects.
 * @throws {CtiError} `journal.version` when the journal is of another core version
 */
export function replay(
  inputs: Iterable<EngineInput>,
  engine: Engine,
  onStep?: (input: EngineInput, effects: readonly EngineEffect[]) => void,
): ReplayResult {
  const hasher = new EffectHasher();
  let count = 0;
  for (const input of inputs) {
    const effects = engine.apply(input);
    hasher.add(effects);
    onStep?.(input, effects);
    count += 1;
  }
  return { inputs: count, ...hasher.end(), stateHash: sha256Hex(engine.dump()) };
}
