import { asId, edgesOf, type IvrBounds, type IvrGraph, type IvrNode, type IvrPrompt } from '@cordboard/cti-core';
import { Maker } from './maker.js';
import { type Choices, choicesOf } from './random.js';
import { site } from './site.js';
import { LANGUAGES, type Language } from './words-for.js';

/** Flows of a site, as a random author without a fault writes them, and what is known beside them. */
export interface SoundProgram {
  readonly graphs: readonly IvrGraph[];
  /** Calls begin in the first. */
  readonly entries: readonly string[];
  readonly speech: 'available' | 'none';
  readonly site: typeof site;
}

/** What a flow that is called gives and needs. */
export interface Callable {
  readonly id: string;
  /** Variables that must be set before. */
  readonly needs: readonly string[];
  /** Results, each with a variable that is surely set by it. */
  readonly results: Readonly<Record<string, string | undefined>>;
}

/** Writes flows without a fault: one that calls begin in, and up to three that are called. The same seed, the same flows. */
export function soundProgram(seed: number, size = 12): SoundProgram {
  const choices = choicesOf(seed);
  const languages = choices.some(LANGUAGES, 1 + choices.below(3));
  const speech = choices.often(70) ? 'available' : 'none';
  const consent = choices.often(40) ? 'needed' : 'not';
  const callables: Callable[] = [];
  const graphs: IvrGraph[] = [];
  for (let index = choices.below(4); index > 0; index -= 1) {
    const id = `sub${index}`;
    const needs = choices.often(60) ? [`${id}.given`] : [];
    const made = flow(choices, {
      id,
      languages,
      speech,
      consent,
      callables: [...callables],
      needs,
      size: 3 + choices.below(size),
    });
    graphs.push(made.graph);
    callables.push({ id, needs, results: made.results });
  }
  const main = flow(choices, {
    id: 'main',
    languages,
    speech,
    consent,
    callables,
    needs: undefined,
    size: size + choices.below(size),
  });
  const called = new Set(['main']);
  for (const id of called) {
    const graph = [main.graph, ...graphs].find((one) => one.id === id);
    for (const node of Object.values(graph?.nodes ?? {})) if (node.type === 'subflow') called.add(node.flow);
  }
  const used = graphs.filter(({ id }) => called.has(id));
  return { graphs: [main.graph, ...used], entries: ['main'], speech, site };
}

/** What a flow is written from. */
export interface Brief {
  readonly id: string;
  readonly languages: readonly Language[];
  readonly speech: 'available' | 'none';
  readonly consent: 'needed' | 'not';
  readonly callables: readonly Callable[];
  /** Absent for a flow that calls begin in. */
  readonly needs: readonly string[] | undefined;
  readonly size: number;
}

function flow(
  choices: Choices,
  brief: Brief,
): { readonly graph: IvrGraph; readonly results: Readonly<Record<string, string | undefined>> } {
  const nodes: Record<string, IvrNode> = {};
  const prompts: Record<string, Record<string, IvrPrompt>> = {};
  const maker = new Maker(choices, brief, { nodes, prompts });
  const start = maker.start();
  prune(start, nodes);
  const bounds: IvrBounds = {
    ...(brief.consent === 'needed' ? { recordingNeeds: 'consent' } : {}),
    ...(choices.often(30) ? { depth: 400, maxMs: 86_400_000 } : {}),
  };
  const graph: IvrGraph = {
    format: 'cordboard-ivr/1',
    id: asId(brief.id),
    version: '1',
    languages: [...brief.languages],
    start,
    nodes,
    prompts,
    ...(Object.keys(bounds).length === 0 ? {} : { bounds }),
  };
  const given = new Set(Object.values(graph.nodes).flatMap((node) => (node.type === 'return' ? [node.result] : [])));
  return { graph, results: Object.fromEntries(Object.entries(maker.results).filter(([result]) => given.has(result))) };
}

/** Takes out what was written and then led to by nothing. */
function prune(start: string, nodes: Record<string, IvrNode>): void {
  const used = new Set([start]);
  for (const name of used) {
    const node = nodes[name];
    for (const { to } of node === undefined ? [] : edgesOf(node)) if (Object.hasOwn(nodes, to)) used.add(to);
  }
  for (const name of Object.keys(nodes)) if (!used.has(name)) delete nodes[name];
}
