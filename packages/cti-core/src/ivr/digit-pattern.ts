/** One position of a pattern: which keys, how often. */
interface Part {
  readonly keys: string;
  readonly min: number;
  readonly max: number;
}

/** A checked pattern over telephone keys. Made by {@link compileDigitPattern}. */
export interface DigitPattern {
  readonly parts: readonly Part[];
}

/** Longest pattern text. */
export const MAX_PATTERN_TEXT = 200;
/** Most repetitions that a pattern may ask for; also the most keys that a node collects. */
export const MAX_DIGITS = 64;

const DIGITS = '0123456789';
const KEYS = `${DIGITS}*#`;

/**
 * Reads a pattern of the safe subset of regular expressions: keys (`7`, `\*`, `#`), `\d`, `.` (any key), classes (`[0-9]`, `[^0]`), each with
 * `?`, `{n}` or `{n,m}` (m at most 64), `^` at the start and `$` at the end (both are implied). `undefined` for anything else:
 * groups, alternatives, `*`, `+`, `{n,}` and references are refused, so that no input can make matching slow.
 */
export function compileDigitPattern(text: string): DigitPattern | undefined {
  if (text.length > MAX_PATTERN_TEXT) return undefined;
  const body = text.replace(/^\^/, '').replace(/\$$/, '');
  const token = /(\\[d*#]|\.|[0-9#]|\[\^?(?:\\[d*#]|[0-9]-[0-9]|[0-9*#])+\])(\?|\{\d{1,2}(?:,\d{1,2})?\})?/y;
  const parts: Part[] = [];
  while (token.lastIndex < body.length) {
    const match = token.exec(body);
    if (match === null) return undefined;
    const keys = keysOf(match[1] ?? '');
    const [min, max] = timesOf(match[2]);
    if (keys === '' || min > max || max > MAX_DIGITS) return undefined;
    parts.push({ keys, min, max });
  }
  return { parts };
}

/** Does the whole input fit? Time: keys of the input times parts of the pattern times their bounds. */
export function matchesDigitPattern(pattern: DigitPattern, input: string): boolean {
  if (input.length > MAX_DIGITS) return false;
  let reached = new Set([0]);
  for (const part of pattern.parts) {
    const next = new Set<number>();
    for (const start of reached) {
      let end = start;
      let times = 0;
      while (times < part.min && end < input.length && part.keys.includes(input.charAt(end))) {
        end += 1;
        times += 1;
      }
      if (times < part.min) continue;
      next.add(end);
      while (times < part.max && end < input.length && part.keys.includes(input.charAt(end))) {
        end += 1;
        times += 1;
        next.add(end);
      }
    }
    reached = next;
  }
  return reached.has(input.length);
}

function keysOf(unit: string): string {
  if (unit === '\\d') return DIGITS;
  if (unit === '.') return KEYS;
  if (unit.startsWith('\\')) return unit.slice(1);
  if (!unit.startsWith('[')) return unit;
  const inverted = unit.startsWith('[^');
  let inside = '';
  for (const [item] of unit.slice(inverted ? 2 : 1, -1).matchAll(/\\[d*#]|[0-9]-[0-9]|[0-9*#]/g)) {
    inside += item.length === 3 ? DIGITS.slice(Number(item[0]), Number(item[2]) + 1) : keysOf(item);
  }
  return inverted ? [...KEYS].filter((key) => !inside.includes(key)).join('') : inside;
}

function timesOf(quantifier: string | undefined): readonly [number, number] {
  if (quantifier === undefined) return [1, 1];
  if (quantifier === '?') return [0, 1];
  const [min = '', max = min] = quantifier.slice(1, -1).split(',');
  return [Number(min), Number(max)];
}
