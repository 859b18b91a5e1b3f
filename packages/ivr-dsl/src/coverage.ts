import { CtiError, edgesOf, type IvrGraph } from '@cordboard/cti-core';

/** What is told of the way through a flow while it is gone. */
export interface Observer {
  visited(flow: string, node: string): void;
  /** `field` as `edgesOf` names it. */
  took(flow: string, node: string, field: string): void;
}

/** How often the nodes and edges of one version of a flow were gone through. An edge's name is `<node> <field>`, such as `pick keys.1`. */
export interface FlowCounts {
  readonly version: string;
  readonly nodes: Readonly<Record<string, number>>;
  readonly edges: Readonly<Record<string, number>>;
}

/** What `toJson` writes and the views read. */
export interface CoverageFile {
  readonly format: 'cordboard-ivr-coverage/1';
  readonly flows: Readonly<Record<string, FlowCounts>>;
}

/** A share of a flow that tests have gone through. */
export interface Share {
  readonly taken: number;
  readonly all: number;
  /** 1 where there is nothing to take. */
  readonly share: number;
  /** What was never taken, in the flow's order. */
  readonly missing: readonly string[];
}

/** The coverage of one flow. */
export interface FlowCoverage {
  readonly nodes: Share;
  readonly edges: Share;
}

/** The name of an edge in coverage and views. */
export function edgeName(node: string, field: string): string {
  return `${node} ${field}`;
}

/**
 * Collects over any number of tests which nodes and edges callers went through; give it to them as `coverage`. Another version of a flow begins anew:
 * what was counted on the version before says nothing of this one.
 */
export class Coverage implements Observer {
  readonly #flows = new Map<string, Counting>();
  readonly #versions = new Map<string, string>();

  /** Tells which version of a flow the next counts are of. */
  begins(graph: IvrGraph): void {
    if (this.#versions.get(graph.id) === graph.version) return;
    this.#versions.set(graph.id, graph.version);
    this.#flows.set(graph.id, { version: graph.version, nodes: new Map(), edges: new Map() });
  }

  visited(flow: string, node: string): void {
    count(this.#flows.get(flow)?.nodes, node, 1);
  }

  took(flow: string, node: string, field: string): void {
    count(this.#flows.get(flow)?.edges, edgeName(node, field), 1);
  }

  /** What was gone through of a flow in this very version. */
  of(graph: IvrGraph): FlowCoverage {
    const counts = this.#flows.get(graph.id);
    const own = counts?.version === graph.version ? counts : undefined;
    return {
      nodes: shareOf(Object.keys(graph.nodes), own?.nodes),
      edges: shareOf(
        Object.entries(graph.nodes).flatMap(([name, node]) => edgesOf(node).map(({ field }) => edgeName(name, field))),
        own?.edges,
      ),
    };
  }

  /** Adds what another collector counted: of another file of tests, or read from {@link Coverage.toJson}. Of a flow in two versions, the other's stays. */
  merge(other: CoverageFile): this {
    for (const [flow, { version, nodes, edges }] of Object.entries(other.flows)) {
      const known = this.#flows.get(flow);
      const into = known?.version === version ? known : { version, nodes: new Map(), edges: new Map() };
      this.#versions.set(flow, version);
      this.#flows.set(flow, into);
      for (const [name, times] of Object.entries(nodes)) count(into.nodes, name, times);
      for (const [name, times] of Object.entries(edges)) count(into.edges, name, times);
    }
    return this;
  }

  /** The counts as plain data. */
  toFile(): CoverageFile {
    return {
      format: 'cordboard-ivr-coverage/1',
      flows: Object.fromEntries(
        [...this.#flows].map(([flow, { version, nodes, edges }]) => [
          flow,
          { version, nodes: Object.fromEntries(nodes), edges: Object.fromEntries(edges) },
        ]),
      ),
    };
  }

  /** The text of a file that the views read and {@link readCoverage} gives back. */
  toJson(): string {
    return `${JSON.stringify(this.toFile(), null, 1)}\n`;
  }
}

interface Counting {
  readonly version: string;
  readonly nodes: Map<string, number>;
  readonly edges: Map<string, number>;
}

/**
 * Counts out of the text of a file.
 * @throws {CtiError} `argument.invalid` for a text that is none
 */
export function readCoverage(json: string): CoverageFile {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new CtiError('argument.invalid', 'coverage: expected a JSON text', { cause });
  }
  if (!isRecord(value) || value.format !== 'cordboard-ivr-coverage/1' || !isRecord(value.flows)) refuse('format');
  for (const [flow, counts] of Object.entries(value.flows)) {
    const sound =
      isRecord(counts) && typeof counts.version === 'string' && isCounts(counts.nodes) && isCounts(counts.edges);
    if (!sound) refuse(`flows.${flow}`);
  }
  return value as unknown as CoverageFile;
}

function refuse(path: string): never {
  const expected = 'a file that Coverage.toJson wrote';
  throw new CtiError('argument.invalid', `coverage: expected ${expected}`, { details: { path, expected } });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((times) => Number.isSafeInteger(times) && Number(times) >= 0);
}

function shareOf(names: readonly string[], counts: ReadonlyMap<string, number> | undefined): Share {
  const missing = names.filter((name) => (counts?.get(name) ?? 0) === 0);
  const taken = names.length - missing.length;
  return { taken, all: names.length, share: names.length === 0 ? 1 : taken / names.length, missing };
}

function count(into: Map<string, number> | undefined, name: string, times: number): void {
  into?.set(name, (into.get(name) ?? 0) + times);
}
