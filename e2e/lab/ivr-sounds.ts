import { bank } from '../../examples/ivr-bank/bank.js';
import { clinic } from '../../examples/ivr-clinic/clinic.js';
import { sine } from './pcm.js';
import { PROMPTS } from './tone-plan.js';

const LASTS_MS = 240;

/** Files that the examples' flows say, in their English or only form. */
function filesOf(graph: typeof clinic | typeof bank): readonly string[] {
  const files = Object.values(graph.prompts).flatMap(({ en }) =>
    typeof en === 'object' && en.file !== undefined ? [en.file] : [],
  );
  return [...new Set(files)];
}

/** Words of Asterisk's own that numbers are read with: `digits/7`, `digits/thousand`. */
const NUMBERS = ['0', '1', '2', '4', '5', '6', '30', '50', 'hundred', 'thousand'];

const tones = Object.values(PROMPTS).map(({ hz }) => hz);
/** Two prompts of the laboratory at once are never heard otherwise: each pair is a sound of its own. */
const pairs = tones.flatMap((low, at) => tones.slice(at + 1).map((high) => [low, high] as const));

/** The two frequencies of each sound, by its name in a flow or in Asterisk (`digits/7`, `beep`). */
export const IVR_SOUNDS: ReadonlyMap<string, readonly [number, number]> = new Map(
  [...filesOf(clinic), ...filesOf(bank), ...NUMBERS.map((name) => `digits/${name}`), 'beep'].map((name, index) => {
    const pair = pairs[index];
    if (pair === undefined) throw new Error('more sounds than pairs of tones');
    return [name, pair];
  }),
);

/** The frequencies of a sound. */
export function soundOf(name: string): readonly [number, number] {
  const pair = IVR_SOUNDS.get(name);
  if (pair === undefined) throw new Error(`no such sound: ${name}`);
  return pair;
}

/** The sounds as Asterisk finds them, below `sounds/en`. */
export function soundFiles(): ReadonlyMap<string, Int16Array> {
  return new Map(
    [...IVR_SOUNDS].map(([name, pair]) => {
      const own = name.startsWith('digits/') || name === 'beep';
      return [own ? name : `cordboard/${name}`, sine(pair, { ms: LASTS_MS })];
    }),
  );
}
