import { type IvrGraph, SYSTEM_VARIABLES } from '@cordboard/cti-core';
import { announcements, reserved } from './announcements.js';
import { bounds } from './bounds.js';
import { subflows } from './calls.js';
import { type FlowMap, wayTo } from './flow-map.js';
import { HINTS } from './hints.js';
import { openingHours } from './hours.js';
import { services } from './http.js';
import { keys } from './keys.js';
import { loopsWithoutInput, silentLoops } from './loops.js';
import { type Perhaps, perhapsOf } from './may.js';
import { type Sure, type SureProgram, sureOf } from './must.js';
import { type Found, IVR_PROBLEMS, type IvrProblem } from './problems.js';
import { type Program, programOf } from './program.js';
import { leaks, recordings, unsetReads } from './reads.js';
import { fields } from './rules.js';
import { type CheckSite, siteNames } from './site.js';
import { writesOf } from './variables-of.js';
import { endless, targets, unreachable } from './ways.js';

export { IVR_PROBLEMS, type IvrProblem, type IvrProblemCode } from './problems.js';
export type { CheckSite } from './site.js';

/** What the checker may know beside the flow. What is absent is not held against it. */
export interface CheckOptions {
  /** All flows: calls of sub-flows are held against them, and variables are followed through them. Absent: such calls are not checked. */
  readonly flows?: readonly IvrGraph[];
  /** Flows that calls begin in, by their ids. Default: those that no other flow calls. What a flow is called with counts only for the others. */
  readonly entries?: readonly string[];
  /** Variables that come with the call or from a flow that calls this one. */
  readonly variables?: readonly string[];
  /** Is there a speech service for words without a file? Default `none`. */
  readonly speech?: 'available' | 'none';
  /** What the site has: names in the flow are held against it. */
  readonly site?: CheckSite;
  /** Names that stand twice in one object of the flow's JSON text, by their paths (`nodes.pick.keys.1`): the value itself does not show them. */
  readonly duplicates?: readonly string[];
  /** Years whose changes of the clocks are looked at; default 2026 to 2030. */
  readonly years?: { readonly from: number; readonly to: number };
  /** How long a recorded prompt whose words are not known lasts, ms, for `bounds.maxMs`; default 5,000. */
  readonly promptMs?: number;
}

/** What the rules look at. */
export interface View {
  readonly map: FlowMap;
  readonly program: Program;
  readonly options: CheckOptions;
  /** Every variable that anything sets. */
  readonly known: ReadonlySet<string>;
  readonly sureProgram: SureProgram;
  /** Absent for a flow that no call comes to. */
  readonly sure: Sure | undefined;
  readonly perhaps: Perhaps | undefined;
  /** Flows that record callers who had not agreed before, as far as known. */
  readonly recorded: Map<string, 'yes' | 'no'>;
}

const RULES: readonly ((view: View) => readonly Found[])[] = [
  targets,
  announcements,
  reserved,
  keys,
  unsetReads,
  fields,
  openingHours,
  siteNames,
  services,
  leaks,
  recordings,
  subflows,
  unreachable,
  loopsWithoutInput,
  silentLoops,
  endless,
  bounds,
];

/**
 * Looks for what is wrong with a flow, in the order of its nodes within each kind of finding; empty when nothing is. Total: any graph whose
 * form is right, and such as lack edges. Time: near to linear in nodes, edges and variables; rules of opening hours and ways back are
 * compared up to a bound, beyond which nothing is found by them.
 */
export function checkIvr(graph: IvrGraph, options: CheckOptions = {}): readonly IvrProblem[] {
  const others = (options.flows ?? []).filter(({ id }) => id !== graph.id);
  return checked([graph, ...others], options, graph.id)(graph.id);
}

/** Checks all flows of a site, which may call one another, each by its id; the work that they have in common is done once. */
export function checkAllIvr(
  flows: readonly IvrGraph[],
  options: Omit<CheckOptions, 'flows' | 'duplicates'> = {},
): ReadonlyMap<string, readonly IvrProblem[]> {
  const check = checked(flows, { ...options, flows });
  return new Map(flows.map(({ id }) => [id, check(id)]));
}

function checked(
  flows: readonly IvrGraph[],
  options: CheckOptions,
  first?: string,
): (id: string) => readonly IvrProblem[] {
  const { variables = [], entries } = options;
  const program = programOf(flows, {
    variables,
    ...(first === undefined ? {} : { first }),
    ...(entries === undefined ? {} : { entries }),
  });
  const sureProgram = sureOf(program, variables);
  const perhaps = perhapsOf(program);
  const known = new Set<string>([...SYSTEM_VARIABLES, ...variables]);
  for (const { nodes } of program.flows.values())
    for (const node of nodes) for (const name of writesOf(node)) known.add(name);
  const recorded: View['recorded'] = new Map();
  return (id) => {
    const map = program.flows.get(id);
    if (map === undefined) return [];
    const about = {
      map,
      program,
      options,
      known,
      sureProgram,
      recorded,
      sure: sureProgram.of(id),
      perhaps: perhaps(id),
    };
    const numbers = new Map(map.names.map((name, at) => [name, at]));
    return RULES.flatMap((rule) => rule(about)).map((one) => {
      const at = one.node === undefined ? undefined : numbers.get(one.node);
      return problemOf(one, one.way ?? (at === undefined ? [] : wayTo(map, at)));
    });
  };
}

function problemOf({ code, node, field, about }: Found, way: readonly string[]): IvrProblem {
  const path = [...(node === undefined ? [] : ['nodes', node]), ...(field === undefined ? [] : [field])].join('.');
  const message = about === undefined ? IVR_PROBLEMS[code] : `${IVR_PROBLEMS[code]}: ${about}`;
  return { code, ...(node === undefined ? {} : { node }), path, message, way, hint: HINTS[code] };
}
