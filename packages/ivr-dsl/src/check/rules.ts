import { type AreaRule, compileDigitPattern, type IvrNode } from '@cordboard/cti-core';
import type { View } from './check.js';
import { type Found, found } from './problems.js';

/** Fields whose values can never do what they are for: lengths and patterns of input, rules about areas and lists that earlier ones cover. */
export function fields({ map }: View): Found[] {
  return map.nodes.flatMap((node, at) => {
    const name = map.names[at] ?? '';
    if (node.type === 'collect') return lengths(name, node);
    if (node.type === 'area') {
      const never = covered(node.rules).map((index) => `rules.${index}`);
      const always = node.rules.some(
        (rule) => rule.prefixes === undefined && PARTS.every((part) => rule[part] === undefined),
      );
      return [...never, ...(always ? ['otherwise'] : [])].map((field) => found('area.covered', { node: name, field }));
    }
    if (node.type !== 'list') return [];
    const seen = new Set<string>();
    return node.rules.flatMap(({ list }, index) => {
      const again = seen.has(list);
      seen.add(list);
      return again ? [found('list.covered', { node: name, field: `rules.${index}` }, list)] : [];
    });
  });
}

function lengths(name: string, node: Extract<IvrNode, { type: 'collect' }>): Found[] {
  if (node.min > node.max) return [found('collect.lengths', { node: name, field: 'min' })];
  if (node.pattern === undefined) return [];
  const place = { node: name, field: 'pattern' };
  const pattern = compileDigitPattern(node.pattern);
  if (pattern === undefined) return [found('pattern.unsafe', place, node.pattern)];
  const shortest = pattern.parts.reduce((sum, part) => sum + part.min, 0);
  const longest = pattern.parts.reduce((sum, part) => sum + part.max, 0);
  return shortest <= node.max && longest >= node.min ? [] : [found('collect.lengths', place, node.pattern)];
}

/** Rules that fit only where earlier ones do: for each of its prefixes one that is as long or shorter, and asks for no more. */
function covered(rules: readonly AreaRule[]): readonly number[] {
  const seen = new Set<string>();
  const never: number[] = [];
  for (const [index, rule] of rules.entries()) {
    const prefixes = rule.prefixes ?? [''];
    if (prefixes.every((prefix) => isCovered(seen, prefix, rule))) never.push(index);
    for (const prefix of prefixes) seen.add(keyOf(prefix, rule));
  }
  return never;
}

const PARTS = ['province', 'city', 'carrier'] as const;

function keyOf(prefix: string, parts: Pick<AreaRule, (typeof PARTS)[number]>): string {
  return JSON.stringify([prefix, ...PARTS.map((part) => parts[part] ?? null)]);
}

function isCovered(seen: ReadonlySet<string>, prefix: string, rule: AreaRule): boolean {
  for (let length = 0; length <= Math.min(prefix.length, 32); length += 1) {
    for (let taken = 0; taken < 8; taken += 1) {
      const parts = Object.fromEntries(
        PARTS.flatMap((part, bit) => {
          const value = rule[part];
          return value === undefined || (taken & (1 << bit)) === 0 ? [] : [[part, value]];
        }),
      );
      if (seen.has(keyOf(prefix.slice(0, length), parts))) return true;
    }
  }
  return false;
}
