import {
  CtiError,
  type ParameterAt,
  type ParameterDefinition,
  type ParameterGroup,
  type ParameterOutcome,
  type ProgrammingFacet,
} from '@cordboard/cti-core';
import { MAX_LINES, MAX_PORTS } from './catalogue.js';

/** The parameter that says which extensions there are. */
export const EXTENSION_NUMBERS = 'extension.number';

/** What of a switch is looked at. */
export interface Extent {
  /** Default: all of them. */
  readonly groups?: readonly ParameterGroup[];
  /** Secret parameters too. Default: they are left out. */
  readonly secrets?: 'include';
  /** The system password, without which secret ones cannot be read. */
  readonly password?: string;
  readonly signal: AbortSignal;
}

/** The parameters of the groups that were asked for; secret ones only where they were asked for. */
export function parametersOf(
  catalogue: readonly ParameterDefinition[],
  { groups, secrets }: Pick<Extent, 'groups' | 'secrets'>,
): readonly ParameterDefinition[] {
  return catalogue.filter(
    ({ group, secret }) =>
      (groups === undefined || groups.includes(group)) && (secret === undefined || secrets === 'include'),
  );
}

/** What reading a switch found. */
export interface ExtentReading {
  /** In the order of the catalogue, also what could not be read, with its code. */
  readonly found: readonly ParameterOutcome[];
  /** Places and parameters of the catalogue that this switch does not have. */
  readonly absent: readonly ParameterOutcome[];
}

/**
 * Answers to a read that say: there is no such thing here. A switch of kts-1 says `range` of an item or field that it lacks, one that is programmed by its keypad
 * `unsupported` of everything. Source: docs/protocols/kts-1.md, section 13.
 */
const ABSENT: ReadonlySet<ParameterOutcome['code']> = new Set(['noDevice', 'range', 'unsupported']);

/**
 * Reads everything of some groups: every place that the catalogue has, told apart by whether this switch has it too.
 *
 * @throws {CtiError} as {@link ProgrammingFacet.get}
 */
export async function readExtent(facet: ProgrammingFacet, extent: Extent): Promise<ExtentReading> {
  const { signal, password } = extent;
  const parameters = parametersOf(facet.catalogue, extent);
  if (extent.secrets === 'include' && password === undefined) {
    throw new CtiError('argument.invalid', 'secret parameters can be read only with the system password', {
      details: { path: 'password' },
    });
  }
  const extensions = await extensionsOf(facet, signal);
  const what = parameters.flatMap((parameter) =>
    placesOf(parameter, extensions).map((index): ParameterAt => ({ id: parameter.id, index })),
  );
  const read = await facet.get(what, { signal, ...(password === undefined ? {} : { password }) });
  return {
    found: read.filter(({ code }) => !ABSENT.has(code)),
    absent: read.filter(({ code }) => ABSENT.has(code)),
  };
}

/**
 * Reads everything of some groups that the switch has, in the order of the catalogue. What cannot be read is told with its code; what the switch does not have is left out.
 *
 * @throws {CtiError} as {@link ProgrammingFacet.get}
 */
export async function readAll(facet: ProgrammingFacet, extent: Extent): Promise<readonly ParameterOutcome[]> {
  return (await readExtent(facet, extent)).found;
}

/** Numbers of the extensions of a switch, in ascending order. Switches without that parameter have none to tell. */
export async function extensionsOf(facet: ProgrammingFacet, signal: AbortSignal): Promise<readonly number[]> {
  const definition = facet.catalogue.find(({ id }) => id === EXTENSION_NUMBERS);
  if (definition === undefined) return [];
  const read = await facet.get(
    placesOf(definition, []).map((index) => ({ id: EXTENSION_NUMBERS, index })),
    { signal },
  );
  const numbers = read.flatMap(({ value }) =>
    typeof value === 'string' && /^\d{1,5}$/u.test(value) ? [Number(value)] : [],
  );
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** Every place that a parameter may have. Of extensions those that are given: there is no other way to know their numbers. */
export function placesOf(
  { scope, places }: Pick<ParameterDefinition, 'scope' | 'places'>,
  extensions: readonly number[],
): readonly number[] {
  const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, at) => at + 1);
  switch (scope) {
    case 'extension':
      return extensions;
    case 'line':
      return upTo(places ?? MAX_LINES);
    case 'port':
      return upTo(places ?? MAX_PORTS);
    case 'table':
      return upTo(places ?? 0);
    case 'system':
      return [0];
  }
}
