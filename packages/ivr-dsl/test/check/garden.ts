import { edgesOf, type IvrGraph, type IvrNode, type Say } from '@cordboard/cti-core';
import type { Choices } from './random.js';
import type { SoundProgram } from './sound.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a planter says it has done: the code that must be raised, where, and the codes that the fault brings along. */
export interface Expected {
  readonly code: string;
  readonly flow: string;
  readonly node?: string;
  readonly along?: readonly string[];
}

/** Sound flows that one fault is planted into. */
export class Garden {
  readonly choices: Choices;
  readonly graphs: Mutable<IvrGraph>[];
  speech: SoundProgram['speech'];
  duplicates: string[] = [];
  #names = 0;

  constructor(program: SoundProgram, choices: Choices) {
    this.choices = choices;
    this.graphs = structuredClone(program.graphs) as Mutable<IvrGraph>[];
    this.speech = program.speech;
  }

  get main(): Mutable<IvrGraph> {
    const [main] = this.graphs;
    if (main === undefined) throw new RangeError('no flow');
    return main;
  }

  nodesOf(graph: IvrGraph): Record<string, IvrNode> {
    return graph.nodes as Record<string, IvrNode>;
  }

  name(what = 'planted'): string {
    this.#names += 1;
    return `${what}-${this.#names}`;
  }

  add(graph: IvrGraph, node: IvrNode, name = this.name()): string {
    this.nodesOf(graph)[name] = node;
    return name;
  }

  /** A node of a kind, anywhere. */
  node<T extends IvrNode['type']>(
    type: T,
    fits: (node: Extract<IvrNode, { type: T }>) => boolean = () => true,
  ):
    | { readonly graph: IvrGraph; readonly name: string; readonly node: Mutable<Extract<IvrNode, { type: T }>> }
    | undefined {
    const all = this.graphs.flatMap((graph) =>
      Object.entries(graph.nodes).flatMap(([name, node]) => {
        const one = node as Extract<IvrNode, { type: T }>;
        return node.type === type && fits(one) ? [{ graph, name, node: one }] : [];
      }),
    );
    return all.length === 0 ? undefined : this.choices.pick(all);
  }

  /** An edge, anywhere. */
  edge(): { readonly graph: Mutable<IvrGraph>; readonly name: string; readonly field: string; readonly to: string } {
    const graph = this.choices.pick(this.graphs);
    const all = Object.entries(graph.nodes).flatMap(([name, node]) =>
      // An edge that stands for an absent field cannot be changed in place.
      edgesOf(node)
        .filter(({ field }) => field !== 'returned' || (node.type === 'queue' && node.returned !== undefined))
        .map(({ field, to }) => ({ graph, name, field, to })),
    );
    return all.length === 0 ? { graph, name: '', field: '', to: graph.start } : this.choices.pick(all);
  }

  /** Leads an edge elsewhere. A flow without edges begins elsewhere. */
  lead(
    edge: { readonly graph: IvrGraph; readonly name: string; readonly field: string },
    to: string | undefined,
  ): void {
    const { graph, name, field } = edge;
    if (name === '') {
      (graph as Mutable<IvrGraph>).start = to ?? '';
      return;
    }
    const dot = field.indexOf('.');
    const path = dot < 0 ? [field] : [field.slice(0, dot), field.slice(dot + 1)];
    let holder = this.nodesOf(graph)[name] as unknown as Record<string, unknown>;
    if (path[0] === 'rules') path.splice(1, 1, ...(path[1] ?? '').split('.'));
    for (const step of path.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
    const last = path.at(-1) ?? '';
    if (to === undefined) delete holder[last];
    else holder[last] = to;
  }

  /** Puts a node on an edge: it is made with where the edge led. */
  splice(make: (next: string, graph: IvrGraph, name: string) => IvrNode): {
    readonly graph: Mutable<IvrGraph>;
    readonly flow: string;
    readonly node: string;
  } {
    const edge = this.edge();
    const name = this.name();
    this.add(edge.graph, make(edge.to, edge.graph, name), name);
    this.lead(edge, name);
    return { graph: edge.graph, flow: String(edge.graph.id), node: name };
  }

  /** A prompt of this form in every language. */
  prompt(graph: IvrGraph, form: (language: string) => string | { file?: string; text?: string }): Say {
    const key = this.name('prompt');
    (graph.prompts as Record<string, unknown>)[key] = Object.fromEntries(
      graph.languages.map((tag) => [tag, form(tag)]),
    );
    return [{ kind: 'prompt', prompt: key }];
  }
}

/** A planter: plants its fault where it can, or tells that it cannot here. */
export type Plant = (garden: Garden) => Expected | undefined;
