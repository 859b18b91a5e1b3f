import { compileDigitPattern, type DialPlan, type IvrNode, matchesDigitPattern } from '@cordboard/cti-core';

type Collect = Extract<IvrNode, { type: 'collect' }>;

/** What fits a `collect` node and what does not, as keys to press; at most four that fit. Without a key that ends the input, the wait for a further key does. */
export function inputsFor(
  node: Collect,
  dialPlan: DialPlan,
): { readonly good: readonly string[]; readonly wrong: readonly string[] } {
  const terminator = node.terminator === undefined ? '#' : node.terminator;
  const pattern = node.pattern === undefined ? undefined : compileDigitPattern(node.pattern);
  const fits = (digits: string): boolean =>
    digits.length >= node.min &&
    digits.length <= node.max &&
    (terminator === null || !digits.includes(terminator)) &&
    (node.pattern === undefined || (pattern !== undefined && matchesDigitPattern(pattern, digits)));
  const extension = dialPlan.internal[0]?.from ?? '';
  const samples = [
    ...(pattern === undefined ? [] : [sample(pattern, node.min)]),
    extension,
    '13800138000',
    '1'.repeat(Math.max(1, node.min)),
    '1'.repeat(node.max),
    '0'.repeat(Math.max(1, node.min)),
    '',
  ];
  const good = [...new Set(samples)].filter(fits).slice(0, 4);
  const bad = [
    '',
    '1'.repeat(Math.max(0, node.min - 1)),
    '0'.repeat(node.max),
    '9'.repeat(node.max),
    '*'.repeat(node.max),
    '*1'.slice(0, node.max),
  ];
  const wrong = [...new Set(bad)].filter((digits) => !fits(digits) && digits.length <= node.max);
  return {
    good: good.map((digits) => closed(digits, node)),
    wrong: wrong.map((digits) => closed(digits, node)).filter((keys) => keys !== ''),
  };
}

/** The input with the key that ends it, where it does not end by its length. */
function closed(digits: string, node: Collect): string {
  const terminator = node.terminator === undefined ? '#' : node.terminator;
  return digits.length >= node.max || terminator === null ? digits : digits + terminator;
}

function sample(pattern: NonNullable<ReturnType<typeof compileDigitPattern>>, min: number): string {
  let room = Math.max(0, min - pattern.parts.reduce((sum, part) => sum + part.min, 0));
  return pattern.parts
    .map((part) => {
      const more = Math.min(room, part.max - part.min);
      room -= more;
      return [...part.keys][0]?.repeat(part.min + more) ?? '';
    })
    .join('');
}
