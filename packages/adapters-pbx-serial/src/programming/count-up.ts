import { CtiError, type ParameterAt, type ParameterType, type ParameterValue } from '@cordboard/cti-core';

/** Values of a range: one and the same for all, or counted up from the first. */
export type Filling = 'same' | 'countUp';

/** Places written at once. */
const MAX_PLACES = 4_096;

/**
 * One parameter over a range of places (row P4): extension numbers 801 to 828 of ports 1 to 28, say. Digits that are counted up keep their length.
 *
 * @param range - `from` and `to` both among them
 * @throws {CtiError} `argument.invalid` no such range, or the value cannot be counted up so far
 */
export function overRange(
  id: string,
  range: { readonly from: number; readonly to: number },
  filling: { readonly first: ParameterValue; readonly type: ParameterType; readonly fill: Filling },
): readonly (ParameterAt & { readonly value: ParameterValue })[] {
  const { from, to } = range;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to - from >= MAX_PLACES) {
    throw new CtiError('argument.invalid', `a range goes up, and holds ${MAX_PLACES} places at most`, {
      details: { path: 'index', expected: '1..28' },
    });
  }
  const { first, fill } = filling;
  return Array.from({ length: to - from + 1 }, (_, step) => ({
    id,
    index: from + step,
    value: fill === 'same' ? first : countedUp(first, step),
  }));
}

function countedUp(first: ParameterValue, step: number): ParameterValue {
  if (typeof first === 'number') return first + step;
  if (typeof first === 'string' && /^\d+$/u.test(first)) {
    const next = String(BigInt(first) + BigInt(step)).padStart(first.length, '0');
    if (next.length === first.length) return next;
    throw new CtiError('argument.invalid', `counting up leaves ${first.length} digits before the range ends`, {
      details: { path: 'value' },
    });
  }
  throw new CtiError('argument.invalid', 'only numbers and digits can be counted up', { details: { path: 'value' } });
}

/** `801..828`, `801-828`, `7` or `1,3,5..8` as places, in the order given. `undefined` where it is none of that form. */
export function parsePlaces(text: string): readonly number[] | undefined {
  const places: number[] = [];
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(\d{1,5})(?:(?:\.\.|-)(\d{1,5}))?$/u.exec(part.trim()) ?? [];
    const from = Number(first);
    const to = Number(last);
    if (first === undefined || to < from || to > 65_535 || places.length + to - from >= MAX_PLACES) return undefined;
    for (let each = from; each <= to; each++) places.push(each);
  }
  return places;
}
