import { type IvrGraph, SYSTEM_VARIABLES } from '@cordboard/cti-core';
import { type FlowMap, mapFlow } from './flow-map.js';
import { readsOf, writesOf } from './variables-of.js';

/** A variable of a program that notes whether the caller agrees to be recorded. */
export const CONSENT = 'recording.consent';

/** All flows that a call may pass, laid out together: they share their variables. */
export interface Program {
  readonly flows: ReadonlyMap<string, FlowMap>;
  /** Every variable's number. */
  readonly variables: ReadonlyMap<string, number>;
  /** Called flows before those that call them, where they do not call one another. */
  readonly order: readonly FlowMap[];
  /** Flows that a call can begin in. */
  readonly entries: ReadonlySet<string>;
}

/** Lays flows out. `entries`: where calls begin; default: the flows that no other one calls, and `first`. */
export function programOf(
  graphs: readonly IvrGraph[],
  given: { readonly first?: string; readonly variables: readonly string[]; readonly entries?: readonly string[] },
): Program {
  const flows = new Map(graphs.map((graph) => [String(graph.id), mapFlow(graph)]));
  const variables = new Map<string, number>();
  const meet = (name: string): void => {
    if (!variables.has(name)) variables.set(name, variables.size);
  };
  for (const name of [...SYSTEM_VARIABLES, CONSENT, ...given.variables]) meet(name);
  const called = new Set<string>();
  for (const { nodes, order } of flows.values()) {
    for (const at of order) {
      const node = nodes[at];
      if (node === undefined) continue;
      if (node.type === 'subflow') called.add(node.flow);
      for (const { variable } of readsOf(node)) meet(variable);
      for (const name of writesOf(node)) meet(name);
    }
  }
  const roots = [...flows.keys()].filter((id) => !called.has(id));
  const entries = new Set(
    given.entries ?? (given.first === undefined || called.has(given.first) ? roots : [...roots, given.first]),
  );
  if (entries.size === 0 && given.first !== undefined) entries.add(given.first);
  return { flows, variables, order: calledFirst(flows), entries };
}

function calledFirst(flows: ReadonlyMap<string, FlowMap>): readonly FlowMap[] {
  const done = new Set<string>();
  const order: FlowMap[] = [];
  const stack: { readonly map: FlowMap; readonly calls: readonly string[]; at: number }[] = [];
  const enter = (id: string): void => {
    const map = flows.get(id);
    if (map === undefined || done.has(id)) return;
    done.add(id);
    const calls = map.order.flatMap((at) => {
      const node = map.nodes[at];
      return node?.type === 'subflow' ? [node.flow] : [];
    });
    stack.push({ map, calls, at: 0 });
  };
  for (const id of flows.keys()) {
    enter(id);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const call = top.calls[top.at];
      top.at += 1;
      if (call !== undefined) enter(call);
      else {
        order.push(top.map);
        stack.pop();
      }
    }
  }
  return order;
}
