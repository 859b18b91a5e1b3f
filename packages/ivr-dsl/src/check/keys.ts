import type { IvrGraph, IvrNode, IvrPrompt, Say } from '@cordboard/cti-core';
import type { View } from './check.js';
import { type Found, found } from './problems.js';
import { saysOf } from './variables-of.js';
import { keysIn } from './words.js';

type Menu = Extract<IvrNode, { type: 'menu' }>;

/** Keys of menus: those that begin others, those that stand twice in the text, and what the announcements say of them. */
export function keys({ map, options }: View): Found[] {
  const twice = (options.duplicates ?? []).map((path) => {
    const [first, ...rest] = path.split('.');
    const inside = rest.join('.');
    // Names of nodes may hold dots: the longest that is one.
    const node = first === 'nodes' ? longestName(map.graph, inside) : undefined;
    const field = node === undefined ? path : inside.slice(node.length + 1);
    return found('key.duplicate', { ...(node === undefined ? {} : { node }), ...(field === '' ? {} : { field }) });
  });
  const wrong = map.nodes.flatMap((node, at) => {
    const name = map.names[at] ?? '';
    return node.type === 'menu' ? [...ambiguous(name, node), ...announced(map.graph, name, node)] : [];
  });
  return [...twice, ...wrong];
}

function longestName(graph: IvrGraph, inside: string): string | undefined {
  for (let end = inside.length; end > 0; end = inside.lastIndexOf('.', end - 1)) {
    if (Object.hasOwn(graph.nodes, inside.slice(0, end))) return inside.slice(0, end);
  }
  return undefined;
}

function ambiguous(name: string, node: Menu): Found[] {
  if (node.interDigitMs !== undefined) return [];
  const all = Object.keys(node.keys);
  const begun = new Set(all.filter((key) => key.length === 2).map((key) => key.charAt(0)));
  return all
    .filter((key) => begun.has(key))
    .map((key) => found('key.ambiguous', { node: name, field: `keys.${key}` }, key));
}

function announced(graph: IvrGraph, name: string, node: Menu): Found[] {
  const handled = new Set(Object.keys(node.keys));
  const lost = new Map<string, string>();
  const silent = new Map<string, string>();
  for (const language of graph.languages) {
    const heard = hear(graph, node, language);
    for (const key of heard.keys) if (!handled.has(key)) lost.set(key, language);
    if (heard.rest === 'unknown') continue;
    for (const key of handled) if (!heard.keys.has(key)) silent.set(key, language);
  }
  return [
    ...[...lost].map(([key, language]) => found('key.notHandled', { node: name, field: 'say' }, `${key}, ${language}`)),
    ...[...silent].map(([key, language]) =>
      found('key.notAnnounced', { node: name, field: `keys.${key}` }, `${key}, ${language}`),
    ),
  ];
}

/** What a caller hears of keys in one language; `rest`: is there anything whose words are not known? */
function hear(
  graph: IvrGraph,
  node: Menu,
  language: string,
): { readonly keys: ReadonlySet<string>; readonly rest: 'known' | 'unknown' } {
  const keys = new Set<string>();
  // A menu that says nothing was announced by what came before it.
  let rest: 'known' | 'unknown' = node.say.length === 0 ? 'unknown' : 'known';
  const take = (words: string | undefined, languages: readonly string[]): void => {
    if (words === undefined) {
      rest = 'unknown';
      return;
    }
    let understood: 'yes' | 'no' = 'no';
    for (const tag of languages) {
      const said = keysIn(words, tag);
      if (said === 'unknown') continue;
      understood = 'yes';
      for (const key of said) keys.add(key);
    }
    if (understood === 'no') rest = 'unknown';
  };
  const say = (items: Say, part: 'main' | 'again'): void => {
    for (const item of items) {
      if (item.kind === 'text') take(item.text, textLanguages(item.text, graph.languages));
      else if (item.kind === 'prompt') {
        const words = wordsOf(graph, item.prompt, language);
        if (words !== undefined || part === 'main') take(words, heardIn(words ?? '', language, graph.languages));
      }
    }
  };
  for (const [field, items] of saysOf(node)) say(items, field === 'say' ? 'main' : 'again');
  return { keys, rest };
}

/** A text is said as it stands, whatever the caller's language is: it is read in those of the flow in which it announces something. */
function textLanguages(text: string, languages: readonly string[]): readonly string[] {
  const reading = languages.filter((tag) => {
    const said = keysIn(text, tag);
    return said !== 'unknown' && said.size > 0;
  });
  return reading.length > 0 ? reading : languages.slice(0, 1);
}

/** A prompt is said in the caller's language, and may speak to callers of the others as well: before a language is chosen, all are addressed. */
function heardIn(words: string, language: string, languages: readonly string[]): readonly string[] {
  const others = languages.filter((tag) => {
    const said = tag === language ? 'unknown' : keysIn(words, tag);
    return said !== 'unknown' && said.size > 0;
  });
  return [language, ...others];
}

function wordsOf(graph: IvrGraph, prompt: string, language: string): string | undefined {
  const forms = Object.hasOwn(graph.prompts, prompt) ? graph.prompts[prompt] : undefined;
  const form: IvrPrompt | undefined =
    forms === undefined || !Object.hasOwn(forms, language) ? undefined : forms[language];
  return typeof form === 'object' ? form.text : undefined;
}
