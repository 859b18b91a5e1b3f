import type { ParameterAt, ParameterDefinition, ParameterValue } from '@cordboard/cti-core';
import fc from 'fast-check';

/** A parameter and the value that it is to have. */
export interface Write extends ParameterAt {
  readonly value: ParameterValue;
}

/** Any value that is good for a parameter, on a switch with so many lines and ports. */
export function goodValue(
  { type, id }: ParameterDefinition,
  size: { readonly lines: number; readonly ports: number },
): fc.Arbitrary<ParameterValue> {
  switch (type.kind) {
    case 'number':
      return fc.integer({ min: type.min, max: type.max });
    case 'flag':
      return fc.boolean();
    case 'digits':
      return fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: type.min, maxLength: type.max });
    case 'text':
      return fc.string({ unit: fc.constantFrom(...'abc 经理'), maxLength: Math.floor(type.max / 3) });
    case 'time': {
      const some = fc
        .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
        .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
      // An alarm clock without a time cannot be a daily one.
      return id === 'alarm.time' ? some : fc.oneof(fc.constant(''), some);
    }
    case 'set': {
      const last = type.of === 'line' ? size.lines : size.ports;
      return fc.uniqueArray(fc.integer({ min: 1, max: last })).map((all) => all.sort((one, other) => one - other));
    }
    default:
      throw new Error(`no value for ${id}`);
  }
}

/** At least 300 writes over every parameter but the system password, the numbers of extensions and line hunting, each to another value than a new switch has. */
export function manyWrites(
  catalogue: readonly ParameterDefinition[],
  options: {
    readonly lines: number;
    readonly ports: number;
    readonly extensions: readonly number[];
    readonly seed: number;
  },
): readonly Write[] {
  const { lines, extensions, seed } = options;
  // A line that hunts to itself is refused, and whether it does depends on which it is.
  const parameters = catalogue.filter(({ id }) => !['systemPassword', 'extension.number', 'huntTo'].includes(id));
  return parameters.flatMap((parameter, nth) => {
    const { scope, places = 0, id } = parameter;
    const all = { extension: extensions, line: numbers(lines), port: [], table: numbers(places), system: [0] }[scope];
    const some = all.slice(0, scope === 'extension' ? 12 : 8);
    const values = fc.sample(goodValue(parameter, options), { seed: seed + nth, numRuns: some.length });
    return some.flatMap((index, at) => {
      const value = values[at];
      return value === undefined ? [] : [{ id, index, value }];
    });
  });
}

function numbers(last: number): readonly number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}
