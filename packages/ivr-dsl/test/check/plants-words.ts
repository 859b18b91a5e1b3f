import type { IvrNode, MenuKey, Say } from '@cordboard/cti-core';
import type { Garden, Plant } from './garden.js';
import { announcing, type Language } from './words-for.js';

const KEYS: readonly MenuKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'];

/** A menu on an edge, announced in words for some keys and with edges for some. */
function menu(garden: Garden, announced: readonly MenuKey[], handled: readonly MenuKey[]) {
  const { choices } = garden;
  return garden.splice((next, graph) => {
    // In one of the languages the words are others, or all are the same.
    const wrong = choices.pick(graph.languages);
    const everywhere = choices.often(50);
    const words = (tag: string): string =>
      announcing(choices, tag as Language, everywhere || tag === wrong ? announced : handled);
    const say: Say = garden.prompt(graph, (tag) => ({ file: 'menu', text: words(tag) }));
    return {
      type: 'menu',
      say,
      keys: Object.fromEntries(handled.map((key) => [key, next])),
      noInput: 'END',
      noMatch: 'END',
    };
  });
}

/** Says something on an edge. */
const play = (garden: Garden, say: (graph: Parameters<Garden['prompt']>[0]) => Say) =>
  garden.splice((next, graph) => {
    const { choices } = garden;
    const said = say(graph);
    return choices.pick<IvrNode>([
      { type: 'play', say: said, next },
      { type: 'menu', say: [], keys: { 1: next }, noInputSay: [[], said], noInput: 'END', noMatch: 'END' },
      { type: 'collect', say: said, variable: 'asked', min: 1, max: 3, next, noInput: 'END', noMatch: next },
      { type: 'queue', queue: 'help', say: said, overflow: next, full: next },
      {
        type: 'transfer',
        to: { kind: 'agent', agent: 'ann' },
        failedSay: said,
        busy: next,
        noAnswer: next,
        failed: next,
      },
    ]);
  });

/** Faults of keys, announcements and input. */
export const WORDS: Readonly<Record<string, Plant>> = {
  'key.ambiguous': (garden) => {
    const first = garden.choices.pick(['1', '4', '*'] as const);
    const made = garden.splice((next) => ({
      type: 'menu',
      say: [],
      keys: { [first]: next, [`${first}7`]: 'END', 8: next },
      noInput: 'END',
      noMatch: 'END',
    }));
    return { code: 'key.ambiguous', ...made };
  },
  'key.duplicate': (garden) => {
    const menu = garden.node('menu', ({ keys }) => Object.keys(keys).length > 0);
    if (menu === undefined || menu.graph !== garden.main) return undefined;
    garden.duplicates = [`nodes.${menu.name}.keys.${garden.choices.pick(Object.keys(menu.node.keys))}`];
    return { code: 'key.duplicate', flow: 'main', node: menu.name };
  },
  'key.notHandled': (garden) => {
    const announced = garden.choices.some(KEYS, 2 + garden.choices.below(3));
    const made = menu(garden, announced, garden.choices.some(announced, announced.length - 1));
    return { code: 'key.notHandled', ...made };
  },
  'key.notAnnounced': (garden) => {
    const handled = garden.choices.some(KEYS, 2 + garden.choices.below(3));
    const made = menu(garden, garden.choices.some(handled, handled.length - 1), handled);
    return { code: 'key.notAnnounced', ...made };
  },
  'prompt.unknown': (garden) => {
    const made = play(garden, () => [{ kind: 'prompt', prompt: garden.choices.pick(['no.such', 'constructor']) }]);
    return { code: 'prompt.unknown', ...made };
  },
  'prompt.language': (garden) => {
    const made = play(garden, (graph) => {
      const say = garden.prompt(graph, () => 'file');
      const [item] = say;
      const forms =
        item?.kind === 'prompt' ? (graph.prompts as Record<string, Record<string, unknown>>)[item.prompt] : undefined;
      delete forms?.[garden.choices.pick(graph.languages)];
      return say;
    });
    return { code: 'prompt.language', ...made };
  },
  'language.unknown': (garden) => {
    const made = garden.splice((next) => ({ type: 'language', language: 'nl', next }));
    return { code: 'language.unknown', ...made };
  },
  'speech.missing': (garden) => {
    if (garden.speech === 'available') return undefined;
    const made = play(garden, (graph) =>
      garden.choices.often(50)
        ? [{ kind: 'text', text: 'Good morning' }]
        : garden.prompt(graph, () => ({ text: 'hm' })),
    );
    return { code: 'speech.missing', ...made };
  },
  'pattern.unsafe': (garden) => {
    const pattern = garden.choices.pick(['(\\d+)+', '\\d*', '[0-9', '\\d{3,}', 'a|b']);
    const made = garden.splice((next) => ({
      type: 'collect',
      say: [],
      variable: 'typed',
      min: 1,
      max: 9,
      pattern,
      next,
      noInput: 'END',
      noMatch: next,
    }));
    return { code: 'pattern.unsafe', ...made };
  },
  'collect.lengths': (garden) => {
    const wrong = garden.choices.pick([
      { min: 5, max: 4 },
      { min: 1, max: 4, pattern: '\\d{5}' },
      { min: 4, max: 8, pattern: '[1-9]\\d{1,2}' },
    ]);
    const made = garden.splice((next) => ({
      type: 'collect',
      say: [],
      variable: 'typed',
      ...wrong,
      next,
      noInput: 'END',
      noMatch: next,
    }));
    return { code: 'collect.lengths', ...made };
  },
};
