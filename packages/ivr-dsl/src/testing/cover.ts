import { edgesOf, type IvrGraph, type IvrNode } from '@cordboard/cti-core';
import { edgeName } from '../coverage.js';
import { type Choice, choicesOf } from './choices.js';
import { Drive } from './drive.js';
import { apply, type Move, printScript, type Script, type WorldOfScript } from './moves.js';
import type { FlowTestOptions } from './options.js';
import { TestWorld } from './test-world.js';
import { Worlds } from './worlds.js';

/** How far {@link coverEdges} looks. */
export interface CoverOptions extends FlowTestOptions {
  /** Places that are looked at in all; default 20,000. A place is a node with what led there as far as it matters. */
  readonly maxPlaces?: number;
}

/** An edge that no script was found for. */
export interface Uncovered {
  readonly flow: string;
  /** `<node> <field>`. */
  readonly edge: string;
  readonly why: string;
}

/** Scripts that go through every edge that can be gone through. */
export interface CoverResult {
  /** Few scripts that go through all of them: each goes through one at least that those before do not. */
  readonly scripts: readonly Script[];
  readonly covered: number;
  readonly all: number;
  readonly uncovered: readonly Uncovered[];
  /** Places that were looked at. */
  readonly places: number;
  /** The scripts as the text of tests; see {@link printScript}. */
  toTests(names: { readonly flow: string; readonly options?: string }): string;
}

interface Trail {
  readonly choice: Choice;
  readonly before: Trail | undefined;
  readonly length: number;
}

interface Place {
  readonly drive: Drive;
  readonly trail: Trail | undefined;
  readonly world: WorldOfScript;
}

interface Target {
  readonly flow: string;
  readonly name: string;
  readonly node: IvrNode;
  readonly field: string;
}

const MAX_PLACES = 20_000;
const MAX_WORLDS = 200;
const MAX_LENGTH = 400;

/**
 * Looks for scripts that together go through every edge of the flow and of those it calls: keys that fit and that do not, silence, every answer of functions
 * and services, late and failing ones, what queues and transfers come to, times at which each rule of hours is the one that fits (in zones with daylight
 * saving too), numbers on lists and in areas, and switches. What the test's own options fix (handlers, lists) stays as it is. Deterministic. Each script
 * is run again before it is given.
 */
export function coverEdges(graph: IvrGraph, options: CoverOptions = {}): CoverResult {
  return new Search(graph, options).run();
}

class Search {
  readonly #world: TestWorld;
  readonly #worlds: Worlds;
  readonly #targets = new Map<string, Target>();
  readonly #found = new Map<string, Place>();
  readonly #visited = new Map<string, Place[]>();
  readonly #guards: readonly string[];
  readonly #maxPlaces: number;
  #places = 0;

  constructor(graph: IvrGraph, options: CoverOptions) {
    this.#world = new TestWorld(graph, options);
    this.#worlds = new Worlds(this.#world);
    this.#maxPlaces = options.maxPlaces ?? MAX_PLACES;
    for (const [flow, { nodes }] of this.#world.graphs) {
      for (const [name, node] of Object.entries(nodes)) {
        for (const { field } of edgesOf(node)) this.#targets.set(keyOf(flow, name, field), { flow, name, node, field });
      }
    }
    this.#guards = guardsIn([...this.#world.graphs.values()]);
  }

  run(): CoverResult {
    const tried = new Set<string>();
    const worlds: WorldOfScript[] = [{}];
    for (let next = worlds.shift(); next !== undefined; next = worlds.shift()) {
      const key = JSON.stringify(next);
      if (tried.has(key) || tried.size >= MAX_WORLDS || this.#places >= this.#maxPlaces) continue;
      tried.add(key);
      this.#explore(next);
      if (worlds.length === 0) worlds.push(...this.#worldsWanted(tried));
    }
    const scripts = this.#few();
    const uncovered = [...this.#targets].flatMap(([key, target]) =>
      this.#found.has(key) ? [] : [this.#because(target)],
    );
    return {
      scripts,
      covered: this.#found.size,
      all: this.#targets.size,
      uncovered,
      places: this.#places,
      toTests: (names) => scripts.map((script) => printScript(script, names)).join('\n'),
    };
  }

  /** Breadth first through what can be done in one world; a place that was seen in it is not looked at again. */
  #explore(world: WorldOfScript): void {
    const seen = new Set<string>();
    const open: Place[] = [];
    const first = new Drive(this.#world.with(world));
    const begin = (drive: Drive, trail: Trail | undefined, act: () => void): void => {
      const place: Place = { drive, trail, world };
      drive.observer = {
        visited: (flow, node) => this.#came(flow, node, place),
        took: (flow, node, field) => {
          const key = keyOf(flow, node, field);
          if (!this.#found.has(key)) this.#found.set(key, place);
        },
      };
      act();
      const key = this.#keyOf(drive);
      if (seen.has(key) || drive.exit !== undefined || (trail?.length ?? 0) > MAX_LENGTH) return;
      seen.add(key);
      this.#places += 1;
      open.push(place);
    };
    begin(first, undefined, () => {
      first.start();
      first.passNow();
    });
    for (let at = 0; at < open.length && this.#places < this.#maxPlaces; at += 1) {
      const place = open[at];
      if (place === undefined) break;
      for (const choice of choicesOf(place.drive)) {
        const drive = place.drive.copy();
        const trail = { choice, before: place.trail, length: (place.trail?.length ?? 0) + 1 };
        begin(drive, trail, () => {
          for (const move of choice) apply(drive, move);
        });
        if (this.#found.size === this.#targets.size) return;
      }
    }
  }

  #came(flow: string, node: string, place: Place): void {
    const key = `${flow} ${node}`;
    const known = this.#visited.get(key);
    if (known === undefined) this.#visited.set(key, [place]);
    else if (known.length < 4 && !known.some(({ world }) => world === place.world)) known.push(place);
  }

  /** Where a flow stands, as far as it matters for what comes: tries, ways back, and variables that decide something. */
  #keyOf({ state, asked }: Drive): string {
    const back = state.menus.at(-1) ?? '';
    const stack = state.stack.map(({ flow, node }) => `${flow}/${node}`).join('>');
    const values = this.#guards.map((name) => state.variables[name] ?? '').join('|');
    const said = `${state.saying ?? ''} ${state.outcome ?? ''} ${JSON.stringify(state.answer ?? '')}`;
    const held = `${state.tries} ${state.digits.length} ${state.ahead ?? ''} ${asked === undefined ? '' : 'asked'} ${said}`;
    return [state.flow, state.node, state.phase, held, back, stack, values].join('\u0001');
  }

  /** Worlds in which a node that was reached may take an edge that it has not taken yet. */
  #worldsWanted(tried: ReadonlySet<string>): readonly WorldOfScript[] {
    const wanted = new Map<string, WorldOfScript>();
    for (const [key, { flow, name, node, field }] of this.#targets) {
      if (this.#found.has(key)) continue;
      for (const place of this.#visited.get(`${flow} ${name}`) ?? []) {
        for (const world of this.#worlds.for(node, field, place.world)) {
          const text = JSON.stringify(world);
          if (!tried.has(text)) wanted.set(text, world);
        }
      }
    }
    return [...wanted.values()];
  }

  /** Scripts from the longest on, as long as they bring something; each is run once more. */
  #few(): readonly Script[] {
    const places = [...new Set(this.#found.values())].sort((a, b) => (b.trail?.length ?? 0) - (a.trail?.length ?? 0));
    const left = new Set(this.#found.keys());
    const scripts: Script[] = [];
    for (const place of places) {
      const script = { world: place.world, moves: movesOf(place.trail) };
      const taken = this.#edgesOf(script).filter((key) => left.has(key));
      if (taken.length === 0) continue;
      for (const key of taken) left.delete(key);
      scripts.push(script);
    }
    for (const key of left) this.#found.delete(key);
    return scripts;
  }

  #edgesOf(script: Script): readonly string[] {
    const taken = new Set<string>();
    const drive = new Drive(this.#world.with(script.world));
    drive.observer = {
      visited: () => undefined,
      took: (flow, node, field) => void taken.add(keyOf(flow, node, field)),
    };
    drive.start();
    drive.passNow();
    for (const move of script.moves) apply(drive, move);
    return [...taken];
  }

  #because({ flow, name, node, field }: Target): Uncovered {
    const edge = edgeName(name, field);
    const cut = this.#places >= this.#maxPlaces ? `; the search was cut at ${this.#maxPlaces} places` : '';
    if (!this.#visited.has(`${flow} ${name}`)) return { flow, edge, why: `no way to the node was found${cut}` };
    return { flow, edge, why: `${reasonFor(node, field, this.#world.options)}${cut}` };
  }
}

function keyOf(flow: string, node: string, field: string): string {
  return `${flow}\u0001${edgeName(node, field)}`;
}

function movesOf(trail: Trail | undefined): readonly Move[] {
  const choices: Choice[] = [];
  for (let at = trail; at !== undefined; at = at.before) choices.push(at.choice);
  return choices.reverse().flat();
}

/** Variables whose value decides where a node leads. */
function guardsIn(graphs: readonly IvrGraph[]): readonly string[] {
  const names = graphs.flatMap(({ nodes }) =>
    Object.values(nodes).flatMap((node) => {
      if (node.type === 'transfer' && node.to.kind === 'variable') return [node.to.variable];
      if ((node.type === 'callback' || node.type === 'fax') && node.variable !== undefined) return [node.variable];
      return [];
    }),
  );
  return [...new Set(names)].slice(0, 16);
}

function reasonFor(node: IvrNode, field: string, options: FlowTestOptions): string {
  switch (node.type) {
    case 'hours':
      return 'no time was found at which this is the first rule that fits';
    case 'list':
      return options.lists === undefined
        ? 'another rule before it names the same list'
        : 'no number of the test is on this list and on none before it';
    case 'area':
      return 'no number was found that this rule fits and none before it';
    case 'menu':
      return field === 'noMatch'
        ? 'every key has an edge'
        : 'the key never counted there: another choice takes it, or it is cut off before';
    case 'collect':
      return 'no such input was found';
    case 'compute':
    case 'query':
      return Object.hasOwn(options.functions ?? {}, node.function)
        ? "the test's own handler never answers so"
        : 'no answer led there';
    case 'http':
      return options.http === undefined ? 'no answer led there' : "the test's own handler never answers so";
    case 'subflow':
      return 'the sub-flow is not among the flows of the test, or never gives this result';
    case 'play':
    case 'set':
    case 'language':
    case 'message':
    case 'score':
      return 'the node was never left';
    default:
      return 'nothing that was tried led there';
  }
}
