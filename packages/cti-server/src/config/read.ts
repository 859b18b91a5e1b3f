import { CtiError, type DriverFactory, type IvrGraph, isCtiError, type SwitchId } from '@cordboard/cti-core';
import {
  allProblems,
  fromZodError,
  type ResolvedConfig,
  readConfig,
  readIvrGraph,
  type SwitchChecker,
  type SwitchChoice,
} from '@cordboard/cti-protocol';
import { checkIvr, type IvrProblemCode } from '@cordboard/ivr-dsl';
import { ZodError } from 'zod';

/** Makes a driver factory of plain options, for configurations in JSON: `{ "driver": "asterisk", "options": { ... } }`. */
export type DriverMaker = (options: unknown) => DriverFactory;
/** Driver makers by the name that a configuration uses. */
export type DriverRegistry = Readonly<Record<string, DriverMaker>>;

/**
 * The value of an environment variable.
 *
 * @throws {CtiError} `config.invalid` with the variable's name when it is not set and there is no `otherwise`
 */
export function env(name: string, otherwise?: string): string {
  const value = process.env[name] ?? otherwise;
  if (value !== undefined && value !== '') return value;
  throw new CtiError('config.invalid', `environment variable ${name}: expected a value`, {
    details: { path: `env.${name}`, expected: 'a value' },
  });
}

/** Findings with which a call would be lost; the others are advice, which the checker's own command tells. */
const FATAL: ReadonlySet<IvrProblemCode> = new Set<IvrProblemCode>([
  'start.unknown',
  'target.unknown',
  'prompt.unknown',
  'language.unknown',
  'pattern.unsafe',
  'collect.lengths',
]);

/** Reads one flow: its form, and whether its edges lead anywhere. @throws {CtiError} `flow.invalid` with `path` and `expected` */
export function readFlow(value: unknown, path: string): IvrGraph {
  const graph = readIvrGraph(value, path);
  const problems = checkIvr(graph, { speech: 'available' }).filter(({ code }) => FATAL.has(code));
  if (problems.length === 0) return graph;
  throw allProblems(
    problems.map(({ code, message, path: inside }) => {
      const place = [path, inside].filter(Boolean).join('.');
      return new CtiError('flow.invalid', `${place}: ${message}`, {
        details: { path: place, expected: message, problem: code },
      });
    }),
  );
}

/** Reads a whole configuration. See {@link readConfig}. */
export function readServerConfig(input: unknown, checkSwitches?: SwitchChecker): ResolvedConfig {
  return readConfig(input, readFlow, checkSwitches);
}

/**
 * The driver factories of a configuration. All that is wrong with drivers and their options is told in one error.
 *
 * @throws {CtiError} `config.unresolved` for a driver name that nobody registered; `config.invalid` for wrong options, or what a maker
 *   throws for them
 */
export function factoriesOf(switches: readonly SwitchChoice[], registry: DriverRegistry): Map<SwitchId, DriverFactory> {
  const factories = new Map<SwitchId, DriverFactory>();
  const wrong: CtiError[] = [];
  for (const one of switches) {
    try {
      factories.set(one.id as SwitchId, factoryOf(one, registry));
    } catch (error) {
      if (!isCtiError(error)) throw error;
      // A maker knows its options' own names alone; where they stand in the file is known here.
      wrong.push(
        error.cause instanceof ZodError ? fromZodError(error.code, error.cause, `switches.${one.id}.options`) : error,
      );
    }
  }
  if (wrong.length > 0) throw allProblems(wrong);
  return factories;
}

function factoryOf({ id, driver, options }: SwitchChoice, registry: DriverRegistry): DriverFactory {
  if (typeof driver === 'function') return driver as unknown as DriverFactory;
  if (Object.hasOwn(registry, driver) && registry[driver] !== undefined) return registry[driver](options ?? {});
  const known = Object.keys(registry);
  throw new CtiError('config.unresolved', `switches.${id}.driver names a driver that is not installed: ${driver}`, {
    details: { path: `switches.${id}.driver`, name: driver, expectedIn: 'drivers', known },
  });
}
