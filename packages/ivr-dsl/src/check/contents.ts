import {
  compileDigitPattern,
  type HoursRule,
  type IvrGraph,
  type IvrNode,
  isVariableName,
  minutesOf,
  moneyPrompts,
  referencesIn,
  type Say,
  type SayItem,
  SYSTEM_VARIABLES,
} from '@cordboard/cti-core';
import { type IvrProblem, problem } from './problems.js';
import { each } from './ways.js';

/** What is said: prompts, languages, texts. */
export function announcements(graph: IvrGraph, speech: 'available' | 'none'): IvrProblem[] {
  return each(graph, (node, name) => [
    ...(node.type === 'language' && !graph.languages.includes(node.language)
      ? [problem('language.unknown', { node: name, field: 'language' }, node.language)]
      : []),
    ...saysOf(node).flatMap(([field, say]) =>
      say.flatMap((item, index) => {
        const place = { node: name, field: `${field}.${index}` };
        if (item.kind === 'text') return speech === 'none' ? [problem('speech.missing', place)] : [];
        return promptsOf(item).flatMap((prompt) => promptProblems(graph, prompt, place));
      }),
    ),
  ]);
}

function promptsOf(item: SayItem): readonly string[] {
  if (item.kind === 'prompt') return [item.prompt];
  return item.kind === 'say' && item.as === 'money' ? moneyPrompts(item.currency) : [];
}

function promptProblems(
  graph: IvrGraph,
  prompt: string,
  place: { readonly node: string; readonly field: string },
): IvrProblem[] {
  const files = Object.hasOwn(graph.prompts, prompt) ? graph.prompts[prompt] : undefined;
  if (files === undefined) return [problem('prompt.unknown', place, prompt)];
  return graph.languages
    .filter((language) => !Object.hasOwn(files, language))
    .map((language) => problem('prompt.language', place, `${prompt}, ${language}`));
}

/** Variables that are read but never set, and names that cannot be set. */
export function variables(graph: IvrGraph, known: readonly string[]): IvrProblem[] {
  const set = new Set<string>([...SYSTEM_VARIABLES, ...known]);
  for (const node of Object.values(graph.nodes)) for (const name of assignedBy(node)) set.add(name);
  return each(graph, (node, name) => [
    ...assignedBy(node)
      .filter((variable) => !isVariableName(variable))
      .map((variable) => problem('variable.reserved', { node: name }, variable)),
    ...readBy(node)
      .filter(([, variable]) => !set.has(variable))
      .map(([field, variable]) => problem('variable.unknown', { node: name, field }, variable)),
  ]);
}

/** Fields whose values can never do what they are for. */
export function fields(graph: IvrGraph): IvrProblem[] {
  return each(graph, (node, name) => {
    if (node.type === 'hours') {
      return node.rules.flatMap((rule, index) =>
        canFit(rule) ? [] : [problem('hours.invalid', { node: name, field: `rules.${index}` })],
      );
    }
    if (node.type !== 'collect') return [];
    if (node.min > node.max) return [problem('collect.lengths', { node: name, field: 'min' })];
    if (node.pattern === undefined) return [];
    const pattern = compileDigitPattern(node.pattern);
    if (pattern === undefined) return [problem('pattern.unsafe', { node: name, field: 'pattern' }, node.pattern)];
    const shortest = pattern.parts.reduce((sum, part) => sum + part.min, 0);
    const longest = pattern.parts.reduce((sum, part) => sum + part.max, 0);
    const possible = shortest <= node.max && longest >= node.min;
    return possible ? [] : [problem('collect.lengths', { node: name, field: 'pattern' }, node.pattern)];
  });
}

function canFit({ from = '00:00', to = '24:00', weekdays, dates }: HoursRule): boolean {
  const begin = minutesOf(from);
  return (
    begin !== undefined &&
    begin < 24 * 60 &&
    minutesOf(to) !== undefined &&
    // A range of equal ends means a whole day to some and nothing to others.
    from !== to &&
    weekdays?.length !== 0 &&
    dates?.length !== 0 &&
    (dates ?? []).every((range) => {
      const [first = '', last = first] = range.split('/');
      return isDate(first) && isDate(last) && first <= last;
    })
  );
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

/** The announcements of a node by their fields. */
function tapered(field: string, says: readonly Say[] | undefined): readonly (readonly [string, Say])[] {
  return (says ?? []).map((say, index) => [`${field}.${index}`, say]);
}

function saysOf(node: IvrNode): readonly (readonly [string, Say])[] {
  const says: readonly (readonly [string, Say | undefined])[] = [
    ['say', 'say' in node ? node.say : undefined],
    ...tapered('noInputSay', 'noInputSay' in node ? node.noInputSay : undefined),
    ...tapered('noMatchSay', 'noMatchSay' in node ? node.noMatchSay : undefined),
    ['failedSay', 'failedSay' in node ? node.failedSay : undefined],
  ];
  return says.flatMap(([field, say]) => (say === undefined ? [] : [[field, say] as const]));
}

function assignedBy(node: IvrNode): readonly string[] {
  if (node.type === 'set') return Object.keys(node.assign);
  return node.type === 'collect' ? [node.variable] : [];
}

function readBy(node: IvrNode): readonly (readonly [field: string, variable: string])[] {
  const said = saysOf(node).flatMap(([field, say]) =>
    say.flatMap((item, index) => {
      const names = item.kind === 'say' ? [item.variable] : item.kind === 'text' ? referencesIn(item.text) : [];
      return names.map((variable) => [`${field}.${index}`, variable] as const);
    }),
  );
  if (node.type === 'set') {
    const read = Object.entries(node.assign).flatMap(([target, value]) =>
      referencesIn(value).map((variable) => [`assign.${target}`, variable] as const),
    );
    return [...said, ...read];
  }
  if (node.type === 'transfer' && node.to.kind === 'variable') return [...said, ['to.variable', node.to.variable]];
  return said;
}
