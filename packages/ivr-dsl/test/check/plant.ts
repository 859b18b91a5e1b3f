import { type Expected, Garden, type Plant } from './garden.js';
import { OUTSIDE } from './plants-outside.js';
import { RULES } from './plants-rules.js';
import { WAYS } from './plants-ways.js';
import { WORDS } from './plants-words.js';
import { choicesOf } from './random.js';
import { type SoundProgram, soundProgram } from './sound.js';

/** A planter for each code. */
export const PLANTS: Readonly<Record<string, Plant>> = { ...WAYS, ...WORDS, ...RULES, ...OUTSIDE };

/** Flows with one fault. */
export interface Planted {
  readonly seed: number;
  readonly program: SoundProgram;
  readonly duplicates: readonly string[];
  readonly expected: Expected;
}

/** Sound flows of this seed, or of one of the next for which the planter has a use, with its fault in them. */
export function plantedProgram(code: string, seed: number): Planted {
  const plant = PLANTS[code];
  if (plant === undefined) throw new RangeError(code);
  for (let turn = 0; turn < 200; turn += 1) {
    const at = seed + turn * 100_003;
    const sound = soundProgram(at, 8);
    const garden = new Garden(sound, choicesOf(at ^ 0x5eed));
    const expected = plant(garden);
    if (expected === undefined) continue;
    const program = { ...sound, graphs: garden.graphs, speech: garden.speech };
    return { seed: at, program, duplicates: garden.duplicates, expected };
  }
  throw new RangeError(`${code}: no flow has a place for it`);
}
