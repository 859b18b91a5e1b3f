import { RETURN } from '@cordboard/cti-core';
import type { View } from './check.js';
import { type Found, found } from './problems.js';

/** Calls of flows that are not there, and edges for results that never come. */
export function subflows({ map, program, options }: View): Found[] {
  if (options.flows === undefined) return [];
  return map.nodes.flatMap((node, at) => {
    if (node.type !== 'subflow') return [];
    const place = (field: string) => ({ node: map.names[at] ?? '', field });
    const called = program.flows.get(node.flow);
    if (called === undefined) return [found('flow.unknown', place('flow'), node.flow)];
    const given = new Set<string>();
    for (const [at, one] of called.nodes.entries()) {
      if (one.type === 'return' && called.names[at] !== RETURN) given.add(one.result);
    }
    return Object.keys(node.results)
      .filter((result) => !given.has(result))
      .map((result) => found('result.unknown', place(`results.${result}`), result));
  });
}
