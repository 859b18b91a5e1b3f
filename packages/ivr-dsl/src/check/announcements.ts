import { isVariableName, moneyPrompts, type SayItem } from '@cordboard/cti-core';
import type { View } from './check.js';
import { type Found, found } from './problems.js';
import { saysOf, writesOf } from './variables-of.js';

/** What is said: prompts, languages, words for a speech service. */
export function announcements({ map, options }: View): Found[] {
  const { graph } = map;
  const speech = options.speech ?? 'none';
  const prompt = (name: string, place: { readonly node: string; readonly field: string }): Found[] => {
    const forms = Object.hasOwn(graph.prompts, name) ? graph.prompts[name] : undefined;
    if (forms === undefined) return [found('prompt.unknown', place, name)];
    return graph.languages.flatMap((language) => {
      const form = Object.hasOwn(forms, language) ? forms[language] : undefined;
      if (form === undefined) return [found('prompt.language', place, `${name}, ${language}`)];
      const isFile = typeof form === 'string' || form.file !== undefined;
      return isFile || speech === 'available' ? [] : [found('speech.missing', place, `${name}, ${language}`)];
    });
  };
  return map.nodes.flatMap((node, at) => {
    const name = map.names[at] ?? '';
    const unknown =
      node.type === 'language' && !graph.languages.includes(node.language)
        ? [found('language.unknown', { node: name, field: 'language' }, node.language)]
        : [];
    const said = saysOf(node).flatMap(([field, say]) =>
      say.flatMap((item, index) => {
        const place = { node: name, field: `${field}.${index}` };
        if (item.kind === 'text') return speech === 'none' ? [found('speech.missing', place)] : [];
        return promptsOf(item).flatMap((one) => prompt(one, place));
      }),
    );
    return [...unknown, ...said];
  });
}

function promptsOf(item: SayItem): readonly string[] {
  if (item.kind === 'prompt') return [item.prompt];
  return item.kind === 'say' && item.as === 'money' ? moneyPrompts(item.currency) : [];
}

/** Names that cannot be set. */
export function reserved({ map }: View): Found[] {
  return map.nodes.flatMap((node, at) =>
    writesOf(node)
      .filter((variable) => !isVariableName(variable))
      .map((variable) => found('variable.reserved', { node: map.names[at] ?? '' }, variable)),
  );
}
