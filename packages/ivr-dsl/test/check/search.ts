import { edgesOf, type IvrGraph } from '@cordboard/cti-core';
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
  const told = found.find(named);
  const graph = program.graphs.find(({ id }) => id === flow);
  const strayed = told === undefined || graph === undefined ? undefined : astray(graph, told);
  if (strayed !== undefined) return `${code} of ${flow} ${node ?? ''}: ${strayed}`;
  const beside = found.filter((one) => !named(one) && one.code !== code && !along.includes(one.code));
  return beside.length === 0 ? undefined : `beside ${code} of ${flow} ${node ?? ''}: ${list(beside)}`;
}

/** Findings whose way is the shortest on which they are ones, or the worst. */
const WAYS_OF_THEIR_OWN = new Set(['variable.unset', 'consent.missing', 'bounds.depth', 'bounds.duration']);

/** Does the way of a finding lead from the start to its node, and is none shorter? What does not, in words. */
function astray(graph: IvrGraph, { code, node, way }: IvrProblem): string | undefined {
  if (node === undefined) return undefined;
  const fewest = new Map([[graph.start, 0]]);
  for (const [name, edges] of fewest) {
    const from = Object.hasOwn(graph.nodes, name) ? graph.nodes[name] : undefined;
    for (const { to } of from === undefined ? [] : edgesOf(from)) if (!fewest.has(to)) fewest.set(to, edges + 1);
  }
  if (!fewest.has(node)) return way.length === 0 ? undefined : 'a way is told to where none leads';
  let at = graph.start;
  for (const step of way) {
    const from = graph.nodes[at];
    const edge = from === undefined ? undefined : edgesOf(from).find(({ field }) => `${at}.${field}` === step);
    if (edge === undefined) return `the way has no edge ${step}`;
    at = edge.to;
  }
  if (at !== node) return `the way leads to ${at}`;
  return way.length > (fewest.get(node) ?? 0) && !WAYS_OF_THEIR_OWN.has(code) ? 'there is a shorter way' : undefined;
}

function list(found: readonly { readonly code: string; readonly flow: string; readonly path: string }[]): string {
  return found.map(({ code, flow, path }) => `${code} ${flow} ${path}`).join(', ') || 'nothing';
}
