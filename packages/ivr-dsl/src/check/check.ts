import type { IvrGraph } from '@cordboard/cti-core';
import { announcements, fields, variables } from './contents.js';
import type { IvrProblem } from './problems.js';
import { subflows } from './subflows.js';
import { endless, loopsWithoutInput, unknownTargets, unreachable } from './ways.js';

export { IVR_PROBLEMS, type IvrProblem, type IvrProblemCode } from './problems.js';

/** What the checker may know beside the flow. */
export interface CheckOptions {
  /** All flows: calls of sub-flows are held against them. Absent: such calls are not checked. */
  readonly flows?: readonly IvrGraph[];
  /** Variables that come with the call or from a flow that calls this one. */
  readonly variables?: readonly string[];
  /** Is there a speech service for texts? Default `none`. */
  readonly speech?: 'available' | 'none';
}

/**
 * Looks for what is wrong with a flow, in the order of its nodes within each kind of finding; empty when nothing is. Total: any graph
 * whose form is right. Time: nodes times edges at worst.
 */
export function checkIvr(graph: IvrGraph, options: CheckOptions = {}): readonly IvrProblem[] {
  return [
    ...unknownTargets(graph),
    ...announcements(graph, options.speech ?? 'none'),
    ...variables(graph, [...(options.variables ?? []), ...(options.flows ?? []).flatMap(setIn)]),
    ...fields(graph),
    ...(options.flows === undefined ? [] : subflows(graph, options.flows)),
    ...unreachable(graph),
    ...loopsWithoutInput(graph),
    ...endless(graph),
  ];
}

/** Variables are shared by all flows of a call: what another flow sets may be read here. */
function setIn(graph: IvrGraph): readonly string[] {
  return Object.values(graph.nodes).flatMap((node) => {
    if (node.type === 'set') return Object.keys(node.assign);
    return node.type === 'collect' ? [node.variable] : [];
  });
}
