import type { View } from './check.js';
import { type FlowMap, type Step, wayBy } from './flow-map.js';
import { type Found, found } from './problems.js';
import { CONSENT } from './program.js';
import { readsOf, writesBy } from './variables-of.js';

/** Findings for which a way of their own is looked for; the others get the shortest of all. */
const MAX_WAYS = 100;

/** Variables that nothing sets, and those that are not set on every way. */
export function unsetReads(view: View): Found[] {
  const { map, program, sure, known } = view;
  const reached = new Set(map.order);
  let ways = 0;
  return map.nodes.flatMap((node, at) =>
    readsOf(node).flatMap(({ field, variable }) => {
      const place = { node: map.names[at] ?? '', field };
      if (!known.has(variable)) return [found('variable.unknown', place, variable)];
      if (!reached.has(at) || sure === undefined || sure.isSet(at, program.variables.get(variable) ?? 0)) return [];
      ways += 1;
      const way =
        ways > MAX_WAYS
          ? undefined
          : wayWithout(map, at, (from, edge) => {
              const before = map.nodes[from];
              return before !== undefined && writesBy(before, edge).includes(variable);
            });
      return [{ ...found('variable.unset', place, variable), ...(way === undefined ? {} : { way }) }];
    }),
  );
}

/** What was collected under a mask, and the caller's number, where they must not be. */
export function leaks({ map, program, perhaps }: View): Found[] {
  if (perhaps === undefined) return [];
  return map.order.flatMap((at) => {
    const node = map.nodes[at];
    if (node === undefined) return [];
    return readsOf(node).flatMap(({ field, variable, use }) => {
      const number = program.variables.get(variable) ?? 0;
      const place = { node: map.names[at] ?? '', field };
      const masked = perhaps.isMasked(at, number);
      if (use === 'url' && (masked || perhaps.isNumber(at, number))) return [found('privacy.url', place, variable)];
      return use === 'shown' && perhaps.isKeyedIn(at, number) ? [found('privacy.shown', place, variable)] : [];
    });
  });
}

/** Recordings of callers who have not agreed, where the flow promises that there are none. */
export function recordings(view: View): Found[] {
  const { map, sure, perhaps } = view;
  if (map.graph.bounds?.recordingNeeds !== 'consent' || sure === undefined) return [];
  return map.order.flatMap((at) => {
    const agreed = sure.agreed(at) && perhaps?.tookBack(at) !== true;
    if (agreed || !records(view, map, at)) return [];
    const way = wayWithout(map, at, (from, edge) => {
      const node = map.nodes[from];
      return node?.type === 'set' && edge === 'next' && node.assign[CONSENT] === 'yes';
    });
    return [{ ...found('consent.missing', { node: map.names[at] ?? '' }), ...(way === undefined ? {} : { way }) }];
  });
}

function records(view: View, map: FlowMap, at: number): boolean {
  const node = map.nodes[at];
  switch (node?.type) {
    case 'record':
    case 'listen':
      return true;
    case 'queue':
      return view.options.site?.queues?.some(({ id, record }) => id === node.queue && record === 'always') === true;
    case 'subflow': {
      const known = view.recorded.get(node.flow);
      if (known !== undefined) return known === 'yes';
      // Flows that call one another: what is found on the way counts.
      view.recorded.set(node.flow, 'no');
      const found = view.sureProgram.comesTo(node.flow, (inner, place) => records(view, inner, place));
      view.recorded.set(node.flow, found ? 'yes' : 'no');
      return found;
    }
    default:
      return false;
  }
}

/** The shortest way to a node by edges that do not set something. */
function wayWithout(
  map: FlowMap,
  target: number,
  sets: (from: number, field: string) => boolean,
): readonly string[] | undefined {
  const by = new Map<number, Step | undefined>([[map.start, undefined]]);
  const queue = [map.start];
  for (let index = 0; index < queue.length && !by.has(target); index += 1) {
    const from = queue[index] ?? -1;
    for (const { field, target: to } of map.ways[from] ?? []) {
      if (to < 0 || by.has(to) || sets(from, field)) continue;
      by.set(to, { from, field });
      queue.push(to);
    }
  }
  return by.has(target) ? wayBy(map.names, (node) => by.get(node), target) : undefined;
}
