import type { IvrGraph } from '@cordboard/cti-core';
import type { CheckOptions, IvrProblem } from '../../src/check/check.js';
import type { Planted } from './plant.js';
import type { SoundProgram } from './sound.js';

/** The checker, or a broken one. */
export type Check = (graph: IvrGraph, options: CheckOptions) => readonly IvrProblem[];

/** All that a checker says of the flows of a program, as `flow code node`. */
export function findingsOf(
  check: Check,
  program: SoundProgram,
  more: CheckOptions = {},
): readonly (IvrProblem & { readonly flow: string })[] {
  const { graphs: flows, entries, speech, site } = program;
  const options = { flows, entries, speech, site, ...more } as CheckOptions;
  return flows.flatMap((graph) => check(graph, options).map((problem) => ({ ...problem, flow: String(graph.id) })));
}

/** What is wrong with a checker's answer to flows with one fault; `undefined`: it names the fault, and nothing beside what comes with it. */
export function missed(check: Check, { program, duplicates, expected }: Planted): string | undefined {
  const { code, flow, node, along = [] } = expected;
  const found = findingsOf(check, program, { duplicates });
  const named = (one: (typeof found)[number]): boolean => one.code === code && one.flow === flow && one.node === node;
  if (!found.some(named)) return `${code} of ${flow} ${node ?? ''} is not found, but ${list(found)}`;
  const beside = found.filter((one) => !named(one) && one.code !== code && !along.includes(one.code));
  return beside.length === 0 ? undefined : `beside ${code} of ${flow} ${node ?? ''}: ${list(beside)}`;
}

function list(found: readonly { readonly code: string; readonly flow: string; readonly path: string }[]): string {
  return found.map(({ code, flow, path }) => `${code} ${flow} ${path}`).join(', ') || 'nothing';
}
