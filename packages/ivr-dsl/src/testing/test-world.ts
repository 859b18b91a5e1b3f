import {
  type Calendar,
  CtiError,
  type DialPlan,
  type IvrGraph,
  type IvrPrompt,
  type IvrWorld,
  type MediaRef,
} from '@cordboard/cti-core';
import type { Observer } from '../coverage.js';
import { msOf } from '../duration.js';
import { CHINA, type FlowTestOptions } from './options.js';
import { type TracedEdge, type TracedGraph, traced } from './traced.js';
import { Zones } from './zone.js';

/** Everything around a session under test that does not change while it runs. */
export class TestWorld {
  readonly options: FlowTestOptions;
  readonly graph: IvrGraph;
  readonly graphs: ReadonlyMap<string, IvrGraph>;
  readonly dialPlan: DialPlan;
  readonly calendars: Readonly<Record<string, Calendar>>;
  readonly startWallMs: number;
  readonly promptMs: number;
  readonly #zones: Zones;
  readonly #named: readonly string[];
  readonly #traced: ReadonlyMap<string, TracedGraph>;
  readonly #words: Map<string, ReadonlyMap<string, SpokenFile>>;

  constructor(graph: IvrGraph, options: FlowTestOptions, from?: TestWorld) {
    this.options = options;
    this.graph = graph;
    this.graphs = from?.graphs ?? new Map([...(options.flows ?? []), graph].map((flow) => [flow.id, flow]));
    this.#traced =
      from === undefined ? new Map([...this.graphs].map(([id, flow]) => [id, traced(flow)])) : from.#traced;
    this.dialPlan = options.dialPlan ?? CHINA;
    this.calendars = options.calendars ?? {};
    this.promptMs = msOf(options.promptLasts ?? '3s', 'promptLasts');
    this.#zones = from === undefined ? new Zones() : from.#zones;
    this.#words = from === undefined ? new Map() : from.#words;
    this.#named = [...new Set([...this.graphs.values()].flatMap(zonesOf))];
    this.startWallMs = this.#moment(options.at ?? '2026-03-02T10:00');
  }

  /** The same site, with some of it changed. */
  with(options: FlowTestOptions): TestWorld {
    return new TestWorld(this.graph, { ...this.options, ...options }, this);
  }

  /** What a step at `nowMs` since the start may look at. */
  at(nowMs: number, observer: Observer | undefined): IvrWorld {
    const { from = '13900000000', dialled = '8100', modes = {}, lists = {} } = this.options;
    const wallMs = this.startWallMs + nowMs;
    const world = {
      context: {
        atMs: nowMs,
        wallMs,
        offsetMin: this.offsetMin(this.options.zone, wallMs),
        callerNumber: from,
        dialledNumber: dialled,
        session: 'test',
      },
      graph: this.graphNamed,
      calendars: this.calendars,
      dialPlan: this.dialPlan,
      modes,
      lists,
      zones: Object.fromEntries(this.#named.map((zone) => [zone, this.offsetMin(zone, wallMs)])),
      edge: (sign: string): string => {
        const edge = this.#edgeOf(sign);
        if (edge === undefined) return sign;
        observer?.took(edge.flow, edge.node, edge.field);
        return edge.to;
      },
    };
    return world;
  }

  /** A flow as the interpreter gets it: its edges hold signs. */
  readonly graphNamed = (flow: string, version?: string): IvrGraph | undefined => {
    const graph = this.#traced.get(flow)?.graph;
    return version === undefined || graph?.version === version ? graph : undefined;
  };

  #edgeOf(sign: string): TracedEdge | undefined {
    if (!sign.startsWith('\u0000')) return undefined;
    return this.#traced.get(sign.slice(1, sign.lastIndexOf(' ')))?.edges.get(sign);
  }

  /** Minutes that the zone, or without one the site, is ahead of UTC. */
  offsetMin(zone: string | undefined, wallMs: number): number {
    const site = this.options.zone;
    const known = zone === undefined ? undefined : this.#zones.offsetMin(zone, wallMs);
    const ofSite = site === undefined ? undefined : this.#zones.offsetMin(site, wallMs);
    return known ?? ofSite ?? this.options.offsetMin ?? 480;
  }

  /** The moment of a local time, given as if it were UTC, in a zone or at the site. */
  wallOf(zone: string | undefined, localMs: number): number {
    const named = zone ?? this.options.zone;
    const moment = named === undefined ? undefined : this.#zones.momentOf(named, localMs);
    return moment ?? localMs - (this.options.offsetMin ?? 480) * 60_000;
  }

  /** What a piece of sound says: its words where they are known, and the keys of the prompts that have it. */
  spoken(flow: string, media: MediaRef): SpokenFile {
    switch (media.kind) {
      case 'prompt':
        return this.#filesOf(flow).get(media.prompt) ?? { keys: [], words: media.prompt };
      case 'speech':
        return { keys: this.#filesOf(flow).get(`words ${media.text}`)?.keys ?? [], words: media.text };
      case 'digits':
        return { keys: [], words: [...media.text].join(' ') };
      case 'number':
        return { keys: [], words: String(media.value) };
      case 'silence':
        return { keys: [], words: '' };
      case 'tone':
        return { keys: [], words: `[${media.tone}]` };
      case 'recording':
        return { keys: [], words: '[recording]' };
    }
  }

  /** How long a piece of sound lasts. */
  lasts(media: MediaRef): number {
    if (media.kind === 'silence') return media.forMs;
    if (media.kind === 'digits') return media.text.length * 500;
    return media.kind === 'tone' ? 200 : this.promptMs;
  }

  #filesOf(flow: string): ReadonlyMap<string, SpokenFile> {
    const known = this.#words.get(flow);
    if (known !== undefined) return known;
    const files = new Map<string, { keys: string[]; words: string }>();
    for (const [key, forms] of Object.entries(this.graphs.get(flow)?.prompts ?? {})) {
      for (const form of Object.values(forms)) {
        const { name, words } = formOf(form);
        const entry = files.get(name);
        if (entry === undefined) files.set(name, { keys: [key], words: words ?? key });
        else if (!entry.keys.includes(key)) entry.keys.push(key);
      }
    }
    this.#words.set(flow, files);
    return files;
  }

  #moment(at: string): number {
    const local = Date.parse(`${at}Z`);
    if (Number.isNaN(local)) throw new CtiError('argument.invalid', "at: expected a time such as '2026-03-02T10:00'");
    const { zone, offsetMin = 480 } = this.options;
    if (zone === undefined) return local - offsetMin * 60_000;
    const moment = this.#zones.momentOf(zone, local);
    if (moment === undefined) {
      throw new CtiError('argument.invalid', "zone: expected the name of a zone such as 'Europe/Paris'");
    }
    return moment;
  }
}

/** What a file of the voice library says. Without words, the key of its prompt stands for them. */
export interface SpokenFile {
  readonly keys: readonly string[];
  readonly words: string;
}

function formOf(form: IvrPrompt): { readonly name: string; readonly words?: string } {
  if (typeof form === 'string') return { name: form };
  const { file, text } = form;
  return { name: file ?? `words ${text ?? ''}`, ...(text === undefined ? {} : { words: text }) };
}

/** The zones that a flow's hours name. */
export function zonesOf(graph: IvrGraph): readonly string[] {
  return Object.values(graph.nodes).flatMap((node) =>
    node.type === 'hours' && node.zone !== undefined ? [node.zone] : [],
  );
}
