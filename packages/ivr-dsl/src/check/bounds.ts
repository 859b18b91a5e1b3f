import type { IvrNode, IvrPrompt, Say } from '@cordboard/cti-core';
import type { View } from './check.js';
import { edgeKey, type FlowMap, type Step, wayBy } from './flow-map.js';
import { silentNodes } from './loops.js';
import { type Found, found } from './problems.js';
import type { Program } from './program.js';
import { saysOf } from './variables-of.js';

/** How long a recorded prompt whose words are not known is taken to last. */
export const PROMPT_MS = 5000;
// Words a minute of an announcement: about 14 letters, or four Chinese characters, a second.
const LETTER_MS = 70;
const CHARACTER_MS = 250;
/** A value read aloud: a number of eight keys, a date, an amount. */
const VALUE_MS = 5000;
const RECORDING_MS = 120_000;
/** What the shell may take on top of the tries of a question. */
const QUESTION_MARGIN_MS = 5000;

/** What is added up along a way. */
type Measure = 'menus' | 'ms';

/** Flows whose longest way, or whose most menus on a way, exceed what they promise. A way that comes back to where it was is not followed again: that is the caller's own doing. */
export function bounds(view: View): Found[] {
  const { map, program, options } = view;
  const { depth, maxMs } = map.graph.bounds ?? {};
  const promptMs = options.promptMs ?? PROMPT_MS;
  const deep = depth === undefined ? [] : exceeded(map, { program, promptMs, measure: 'menus' }, depth);
  if (maxMs === undefined) return deep.map((one) => ({ code: 'bounds.depth', ...one }));
  const [silent] = silentNodes(view);
  const long: readonly Pick<Found, 'node' | 'way'>[] =
    silent === undefined
      ? exceeded(map, { program, promptMs, measure: 'ms' }, maxMs)
      : [found('bounds.duration', { node: map.names[silent] ?? '' })];
  return [
    ...deep.map((one): Found => ({ code: 'bounds.depth', ...one })),
    ...long.map((one): Found => ({ ...one, code: 'bounds.duration' })),
  ];
}

interface Measuring {
  readonly program: Program;
  readonly promptMs: number;
  readonly measure: Measure;
}

/** The first node on the worst way at which the bound is passed, and the way to it. */
function exceeded(
  map: FlowMap,
  measuring: Measuring,
  bound: number,
): readonly { readonly node: string; readonly way: readonly string[] }[] {
  const { total, by, worst } = longest(map, measuring, new Map());
  if (worst < 0 || (total[worst] ?? 0) <= bound) return [];
  let at = worst;
  for (let from = by[at]; from !== undefined && (total[from.from] ?? 0) > bound; from = by[at]) at = from.from;
  return [{ node: map.names[at] ?? '', way: wayBy(map.names, (node) => by[node], at) }];
}

interface Longest {
  /** The most that adds up on a way to each node, its own part included. */
  readonly total: readonly number[];
  readonly by: readonly (Step | undefined)[];
  readonly worst: number;
}

function longest(map: FlowMap, measuring: Measuring, called: Map<string, number>): Longest {
  const { nodes, names, ways, order, retreats, start } = map;
  const total: number[] = names.map(() => -1);
  const by: (Step | undefined)[] = names.map(() => undefined);
  let worst = start;
  if (start >= 0) total[start] = 0;
  for (const at of order) {
    const node = nodes[at];
    if (node === undefined) continue;
    const here = (total[at] ?? 0) + cost(node, map, { ...measuring, called });
    total[at] = here;
    if (here > (total[worst] ?? 0)) worst = at;
    for (const [index, { target, field }] of (ways[at] ?? []).entries()) {
      if (target < 0 || retreats.has(edgeKey(at, index)) || (total[target] ?? -1) >= here) continue;
      total[target] = here;
      by[target] = { from: at, field };
    }
  }
  return { total, by, worst };
}

function cost(node: IvrNode, map: FlowMap, measuring: Measuring & { readonly called: Map<string, number> }): number {
  const { program, measure, called } = measuring;
  if (node.type === 'subflow') {
    const known = called.get(node.flow);
    if (known !== undefined) return known;
    const inner = program.flows.get(node.flow);
    // A flow that calls itself is counted once.
    called.set(node.flow, 0);
    if (inner === undefined) return 0;
    const { total, worst } = longest(inner, measuring, called);
    const sum = worst < 0 ? 0 : (total[worst] ?? 0);
    called.set(node.flow, sum);
    return sum;
  }
  if (measure === 'menus') return node.type === 'menu' ? 1 : 0;
  return stay(node, map, measuring.promptMs);
}

/** The longest stay in a node, ms; waiting for people (queues, transfers, order desks) is not counted. */
function stay(node: IvrNode, map: FlowMap, promptMs: number): number {
  const speak = (say: Say | undefined): number =>
    (say ?? []).reduce((sum, item) => sum + itemMs(item, map, promptMs), 0);
  const said = speak('say' in node ? node.say : undefined);
  const again = saysOf(node)
    .filter(([field]) => field.startsWith('no'))
    .reduce((most, [, say]) => Math.max(most, speak(say)), 0);
  switch (node.type) {
    case 'play':
      return said * (node.loop ?? 1);
    case 'menu': {
      const longer = Object.keys(node.keys).some((key) => key.length === 2) ? (node.interDigitMs ?? 3000) : 0;
      const rounds = node.tries ?? 3;
      return rounds * (said + (node.timeoutMs ?? 5000) + longer) + (rounds - 1) * again;
    }
    case 'collect': {
      const rounds = node.tries ?? 3;
      return rounds * (said + (node.timeoutMs ?? 5000) + node.max * (node.interDigitMs ?? 3000)) + (rounds - 1) * again;
    }
    case 'listen': {
      const rounds = node.tries ?? 3;
      return rounds * (said + (node.maxMs ?? 8000) + (node.timeoutMs ?? 5000)) + (rounds - 1) * again;
    }
    case 'record':
      return said + (node.maxMs ?? 120_000);
    case 'area':
      return node.rules.some(({ province, city, carrier }) => (province ?? city ?? carrier) !== undefined)
        ? (node.timeoutMs ?? 2000) + QUESTION_MARGIN_MS
        : 0;
    case 'http':
    case 'compute':
    case 'query':
    case 'fax':
      return Math.max(said, (node.timeoutMs ?? 5000) * (node.tries ?? 1) + QUESTION_MARGIN_MS);
    case 'transfer':
      return said + speak(node.failedSay);
    default:
      return said;
  }
}

function itemMs(item: Say[number], { graph }: FlowMap, promptMs: number): number {
  switch (item.kind) {
    case 'silence':
      return item.forMs;
    case 'text':
      return wordsMs(item.text);
    case 'say':
      return VALUE_MS;
    case 'recording':
      return RECORDING_MS;
    case 'prompt': {
      const forms: readonly IvrPrompt[] = Object.hasOwn(graph.prompts, item.prompt)
        ? Object.values(graph.prompts[item.prompt] ?? {})
        : [];
      return forms.reduce(
        (most, form) =>
          Math.max(most, typeof form === 'object' && form.text !== undefined ? wordsMs(form.text) : promptMs),
        0,
      );
    }
  }
}

function wordsMs(words: string): number {
  const wide = [...words.matchAll(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/gu)].length;
  return wide * CHARACTER_MS + (words.length - wide) * LETTER_MS;
}
