import type { ParameterCode, ParameterDefinition, ParameterType, ParameterValue } from '@cordboard/cti-core';

/** A parameter as its check needs it: `empty` lets in an empty value beside those that the type names. */
export type Checkable = Pick<ParameterDefinition, 'type'> & { readonly empty?: 'allowed' };

/** Characters of a telephone number as switches keep it. Source: docs/protocols/kts-1.md, section 4. */
const DIGITS = /^[0-9*#+A-DPF.]*$/u;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/u;

/** What is wrong with a value for a parameter: its kind, or its size. `undefined`: nothing. */
export function faultOf(parameter: Checkable, value: ParameterValue): 'wrongType' | 'range' | undefined {
  const { type, empty } = parameter;
  switch (type.kind) {
    case 'number':
      if (typeof value !== 'number' || !Number.isInteger(value)) return 'wrongType';
      return value < type.min || value > type.max ? 'range' : undefined;
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'wrongType';
    case 'digits':
      if (typeof value !== 'string' || !DIGITS.test(value)) return 'wrongType';
      if (value === '' && empty === 'allowed') return undefined;
      return value.length < type.min || value.length > type.max ? 'range' : undefined;
    case 'text':
      if (typeof value !== 'string' || /[\p{Cc}\p{Surrogate}]/u.test(value)) return 'wrongType';
      return Buffer.byteLength(value) > type.max ? 'range' : undefined;
    case 'time':
      if (typeof value !== 'string') return 'wrongType';
      return value === '' || TIME.test(value) ? undefined : 'range';
    case 'set':
      return faultOfSet(type, value);
  }
}

function faultOfSet(
  type: Extract<ParameterType, { kind: 'set' }>,
  value: ParameterValue,
): (ParameterCode & ('wrongType' | 'range')) | undefined {
  if (!Array.isArray(value)) return 'wrongType';
  const isSorted = value.every((one, at) => Number.isInteger(one) && (at === 0 || one > Number(value[at - 1])));
  if (!isSorted) return 'wrongType';
  return value.some((one) => one < 1 || one > type.max) ? 'range' : undefined;
}

/** Are two values the same? */
export function isSameValue(one: ParameterValue | undefined, other: ParameterValue | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, at) => each === other[at]);
  }
  return one === other;
}

/**
 * Reads what a person writes as a value: `on`, `off`, a word of the parameter's list, `1-4,8` for a set, else as it stands.
 * `undefined` where it can be none of its kind; whether it is in range says {@link faultOf}.
 */
export function parseValue(type: ParameterType, text: string): ParameterValue | undefined {
  switch (type.kind) {
    case 'number': {
      const word = type.words?.indexOf(text) ?? -1;
      if (word >= 0) return type.min + word;
      return /^\d{1,9}$/u.test(text) ? Number(text) : undefined;
    }
    case 'flag':
      if (/^(on|true|1)$/u.test(text)) return true;
      return /^(off|false|0)$/u.test(text) ? false : undefined;
    case 'set':
      return parseSet(text, type.max);
    default:
      return text;
  }
}

/** `1-4,8` as numbers, sorted and without repeats; empty for none. `undefined` where it is none of that form. */
export function parseSet(text: string, max: number): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of text === '' ? [] : text.split(',')) {
    const [, first, last = first] = /^(\d{1,5})(?:(?:-|\.\.)(\d{1,5}))?$/u.exec(part.trim()) ?? [];
    const from = Number(first);
    const to = Number(last);
    if (first === undefined || to < from || to > max) return undefined;
    for (let each = from; each <= to; each++) found.add(each);
  }
  return [...found].sort((one, other) => one - other);
}

/** A value as {@link parseValue} reads it. */
export function formatValue(type: ParameterType, value: ParameterValue): string {
  if (Array.isArray(value)) return formatSet(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (type.kind === 'number' && typeof value === 'number') return type.words?.[value - type.min] ?? String(value);
  return String(value);
}

function formatSet(set: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < set.length; ) {
    const from = set[at] ?? 0;
    let to = from;
    while (set[at + 1] === to + 1) {
      to++;
      at++;
    }
    at++;
    parts.push(from === to ? String(from) : `${from}-${to}`);
  }
  return parts.join(',');
}
