import { CtiError, type IvrGraph } from '@cordboard/cti-core';
import type { Observer } from '../coverage.js';
import { Chance } from './chance.js';
import { choicesOf } from './choices.js';
import { Drive } from './drive.js';
import { apply, type Move, printScript, type Script, type WorldOfScript } from './moves.js';
import type { FlowTestOptions } from './options.js';
import { shrink } from './shrink.js';
import { TestWorld } from './test-world.js';
import { Worlds } from './worlds.js';

/** What {@link randomWalks} does. */
export interface WalkOptions extends FlowTestOptions {
  /** Where chance begins; default 1. The same seed, the same walks. */
  readonly seed?: number;
  /** Default 1,000. */
  readonly walks?: number;
  /** Things that a caller does before falling silent; default 40. */
  readonly moves?: number;
  /** More that must hold at the end of each walk: gives what is wrong, or nothing. */
  readonly invariants?: Readonly<Record<string, (walk: Walked) => string | undefined>>;
}

/** The end of a walk. */
export interface Walked {
  readonly exit: Drive['exit'];
  readonly variables: Readonly<Record<string, string>>;
  /** `flow/node`, the newest 200. */
  readonly path: readonly string[];
  readonly passedMs: number;
  readonly script: Script;
}

/** A walk that something was wrong with, shrunk to the shortest script that still shows it. */
export interface WalkFailure {
  readonly invariant: string;
  readonly message: string;
  /** Which walk, from 0. */
  readonly walk: number;
  readonly script: Script;
  /** The script as a test to be pasted, for a flow called `flow`. */
  readonly test: string;
}

/** What random walks came to. */
export interface WalkReport {
  readonly seed: number;
  readonly walks: number;
  /** Nodes entered. */
  readonly nodes: number;
  /** Virtual time in all, ms. */
  readonly passedMs: number;
  readonly exits: Readonly<Record<'ended' | 'hungUp' | 'answered', number>>;
  /** The first failure; walks after it were not made. */
  readonly failure?: WalkFailure;
}

const MAX_SILENT_MS = 4 * 3_600_000;
const MAX_SILENT_NODES = 400;
const KEYS = '0123456789*#';

/**
 * Has callers do at random what can be done, right and wrong, until the flow is over for them: a caller who has done enough falls silent, and the flow must
 * come to an end by itself. Held to: no throw; nothing unknown or endless in the way; no node asks more often than its tries; the end comes; and the given
 * invariants. A failing walk is shrunk. Time, numbers, switches and lists vary too, where the options do not fix them.
 */
export function randomWalks(graph: IvrGraph, options: WalkOptions = {}): WalkReport {
  const { seed = 1, walks = 1000 } = options;
  const site = new TestWorld(graph, options);
  for (const flow of site.graphs.values()) options.coverage?.begins(flow);
  const vary = new Varying(site);
  const counts = { nodes: 0, passedMs: 0, exits: { ended: 0, hungUp: 0, answered: 0 } };
  for (let walk = 0; walk < walks; walk += 1) {
    const chance = new Chance(Math.imul(seed, 0x9e3779b1) + walk);
    const { script, wrong, end } = walkOnce({ chance, vary, options });
    counts.nodes += end.nodes;
    counts.passedMs += end.drive.nowMs;
    if (end.drive.exit !== undefined) counts.exits[end.drive.exit] += 1;
    if (wrong === undefined) continue;
    const judge = (candidate: Script) => replay(candidate, { vary, options }).wrong;
    const small = shrink(script, (candidate) => judge(candidate)?.invariant === wrong.invariant);
    const message = judge(small)?.message ?? wrong.message;
    const test = `// ${wrong.invariant}: ${message}\n${printScript(small, { flow: 'flow' })}`;
    const failure = { invariant: wrong.invariant, message, walk, script: small, test };
    return { seed, walks: walk + 1, ...counts, failure };
  }
  return { seed, walks, ...counts };
}

/**
 * Fails where a walk failed, with the test that shows it.
 * @throws {CtiError} `flow.invalid`
 */
export function expectSound(report: WalkReport): void {
  if (report.failure === undefined) return;
  const { test, walk } = report.failure;
  throw new CtiError(
    'flow.invalid',
    `walk ${walk} of seed ${report.seed} failed; the shortest way to show it:\n${test}\n`,
    {
      details: { seed: report.seed, walk },
    },
  );
}

/** Worlds to choose from; each is made once. */
class Varying {
  readonly site: TestWorld;
  readonly #moments: readonly string[];
  readonly #made = new Map<string, TestWorld>();

  constructor(site: TestWorld) {
    this.site = site;
    this.#moments = site.options.at === undefined ? new Worlds(site).moments : [];
  }

  choose(chance: Chance): WorldOfScript {
    const { options } = this.site;
    const modes = options.modes === undefined ? this.#modes(chance) : {};
    const at = this.#moments.length > 1 ? chance.of(this.#moments) : undefined;
    const from =
      options.from === undefined && chance.once(4) ? chance.of(['', '8001', '+12025550123', '01012345678']) : undefined;
    return {
      ...(at === undefined ? {} : { at }),
      ...(from === undefined ? {} : { from }),
      ...(Object.keys(modes).length === 0 ? {} : { modes }),
    };
  }

  world(of: WorldOfScript): TestWorld {
    const key = JSON.stringify(of);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.site.with(of);
    this.#made.set(key, made);
    return made;
  }

  #modes(chance: Chance): Readonly<Record<string, string>> {
    const modes: Record<string, string> = {};
    for (const { nodes } of this.site.graphs.values()) {
      for (const node of Object.values(nodes)) {
        if (node.type === 'mode') modes[node.mode] = chance.of([...Object.keys(node.ways), '']) ?? '';
      }
    }
    return modes;
  }
}

interface Wrong {
  readonly invariant: string;
  readonly message: string;
}
interface Around {
  readonly vary: Varying;
  readonly options: WalkOptions;
}
interface End {
  readonly drive: Drive;
  readonly nodes: number;
}

function walkOnce({ chance, vary, options }: Around & { readonly chance: Chance }) {
  const world = vary.choose(chance);
  const moves: Move[] = [];
  const next = (drive: Drive): Move | undefined => {
    if (moves.length >= (options.moves ?? 40)) return undefined;
    if (queued.length === 0) queued.push(...chosen(drive, chance));
    const move = queued.shift();
    if (move !== undefined) moves.push(move);
    return move;
  };
  const queued: Move[] = [];
  const { wrong, end } = run(vary.world(world), next, { options, script: () => ({ world, moves }) });
  return { script: { world, moves }, wrong, end };
}

function chosen(drive: Drive, chance: Chance): readonly Move[] {
  if (chance.once(120)) return [{ move: 'hangsUp' }];
  if (chance.once(6)) return [{ move: 'presses', keys: KEYS.charAt(chance.below(KEYS.length)) }];
  if (chance.once(12)) return [{ move: 'waits', ms: 500 * (1 + chance.below(20)) }];
  return chance.of(choicesOf(drive)) ?? [];
}

function replay(script: Script, { vary, options }: Around): { readonly wrong: Wrong | undefined } {
  let at = 0;
  const next = (): Move | undefined => {
    const move = script.moves[at];
    at += 1;
    return move;
  };
  return run(vary.world(script.world), next, { options, script: () => script });
}

interface Telling {
  readonly options: WalkOptions;
  readonly script: () => Script;
}

/** Goes one way to its end and judges it. */
function run(world: TestWorld, next: (drive: Drive) => Move | undefined, { options, script }: Telling) {
  const drive = new Drive(world);
  const rounds = new Rounds(drive, options.coverage);
  const end = (): End => ({ drive, nodes: rounds.nodes });
  try {
    drive.start();
    drive.passNow();
    for (let move = next(drive); move !== undefined && drive.exit === undefined; move = next(drive)) apply(drive, move);
    fallSilent(drive, rounds);
  } catch (error) {
    return {
      wrong: { invariant: 'throws', message: error instanceof Error ? error.message : String(error) },
      end: end(),
    };
  }
  return { wrong: judged(drive, rounds, { options, script }), end: end() };
}

/** Does nothing more: whoever is waited for comes, what is asked fails, and the flow ends by itself. */
function fallSilent(drive: Drive, rounds: Rounds): void {
  const until = drive.nowMs + MAX_SILENT_MS;
  const enough = rounds.nodes + MAX_SILENT_NODES;
  while (drive.exit === undefined && drive.nowMs < until && rounds.nodes < enough) {
    const { phase } = drive.state;
    if (phase === 'queued' || phase === 'transferring') drive.isAnswered();
    else if (drive.asked !== undefined) apply(drive, { move: 'answers', reply: 'fails' });
    else if (!drive.passNext()) return;
  }
}

function judged(drive: Drive, rounds: Rounds, { options, script }: Telling): Wrong | undefined {
  const { path } = drive.state;
  const broken = path.at(-1)?.split('!')[1];
  if (broken !== undefined) return { invariant: broken, message: `the flow breaks off at ${path.at(-1) ?? ''}` };
  if (rounds.wrong !== undefined) return { invariant: 'tries', message: rounds.wrong };
  if (drive.exit === undefined) {
    return {
      invariant: 'end',
      message: `a caller who does nothing more is still at ${path.at(-1) ?? ''} after hours or hundreds of nodes`,
    };
  }
  const walked = { exit: drive.exit, variables: drive.state.variables, path, passedMs: drive.nowMs, script: script() };
  for (const [invariant, holds] of Object.entries(options.invariants ?? {})) {
    const message = holds(walked);
    if (message !== undefined) return { invariant, message };
  }
  return undefined;
}

/** Counts the rounds of asking in each visit of a node. */
class Rounds {
  nodes = 0;
  wrong: string | undefined;
  #asked = 0;

  constructor(drive: Drive, coverage: Observer | undefined) {
    drive.observer = {
      visited: (flow, node) => {
        this.nodes += 1;
        this.#asked = 0;
        coverage?.visited(flow, node);
      },
      took: (flow, node, field) => coverage?.took(flow, node, field),
    };
    drive.tap = ({ type }) => {
      const { saying, stretch, flow, node } = drive.state;
      if (type !== 'play' || saying !== 'main' || (stretch ?? 0) > 0) return;
      this.#asked += 1;
      const { node: here } = drive;
      const isAsking = here?.type === 'menu' || here?.type === 'collect' || here?.type === 'listen';
      if (isAsking && this.#asked > (here.tries ?? 3))
        this.wrong = `${flow}/${node} asks more often than ${here.tries ?? 3} times`;
    };
  }
}
