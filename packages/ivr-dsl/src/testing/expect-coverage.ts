import { CtiError, type IvrGraph } from '@cordboard/cti-core';
import type { Coverage } from '../coverage.js';

/**
 * Fails where the tests went through less of a flow than they should.
 * @throws {CtiError} `flow.invalid` that names what was never taken
 */
export function expectCoverage(
  coverage: Coverage,
  graph: IvrGraph,
  least: { readonly edges?: number; readonly nodes?: number },
): void {
  const of = coverage.of(graph);
  for (const kind of ['edges', 'nodes'] as const) {
    const wanted = least[kind];
    const { share, taken, all, missing } = of[kind];
    if (wanted === undefined || share >= wanted) continue;
    const listed = missing.slice(0, MAX_LISTED).map((name) => `\n  ${name}`);
    const more = missing.length > MAX_LISTED ? `\n  and ${missing.length - MAX_LISTED} more` : '';
    throw new CtiError(
      'flow.invalid',
      `${graph.id}: expected tests to go through ${percent(wanted)} of its ${kind}, they went through ${percent(share)} (${taken} of ${all}); never taken:${listed.join('')}${more}`,
      { details: { flow: graph.id, wanted, share } },
    );
  }
}

const MAX_LISTED = 30;

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}
