import type { DriverProfile } from '@cordboard/cti-core';
import type { ConformanceCase } from './case.js';
import { callControlCases } from './cases/call-control.js';
import { callCases } from './cases/calls.js';
import { lineCases } from './cases/line.js';
import { linkCases } from './cases/links.js';
import { mediaCases } from './cases/media.js';
import { phoneCases } from './cases/phones.js';
import { recordingCases } from './cases/recordings.js';
import { startCases } from './cases/start.js';
import { LAWS, type LawId } from './laws.js';
import { Probe } from './probe.js';
import type { World } from './world.js';

/** Profiles whose services the engine composes of bridges and connections. */
const COMPOSED: readonly DriverProfile[] = ['media', 'line'];

/** Every case of the suite, in the order in which they run. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  ...startCases,
  ...callCases,
  ...mediaCases,
  ...recordingCases,
  ...phoneCases,
  ...linkCases,
  ...lineCases,
  ...callControlCases,
];

/** What became of one case or law. `reason`: why it was skipped, or what failed. */
export interface CaseResult {
  readonly id: string;
  readonly says: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly reason?: string;
  readonly ms: number;
}

/** What a run needs. */
export interface ConformanceOptions {
  /** Name of the driver, for the report. */
  readonly name: string;
  /** Opens the world; closed at the end. */
  readonly openWorld: () => Promise<World>;
  /** Cases that are known not to hold, each with its reason; they count as skipped. Cases that the driver's capabilities excuse need no entry. */
  readonly skip?: readonly { readonly case: string; readonly reason: string }[];
  /** Only these ids. */
  readonly only?: readonly string[];
  /** Stem of all ids of the run, `[A-Za-z0-9]{1,16}`; another one for each run against a switch that lives on. Default `cf`. */
  readonly nonce?: string;
  /** Told as it happens. */
  readonly onResult?: (result: CaseResult) => void;
}

/** The outcome of a run. */
export interface ConformanceReport {
  readonly name: string;
  readonly results: readonly CaseResult[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Runs the suite against one driver. Each case gets a fresh driver in the same world; besides its own sentence it is held against the
 * {@link LAWS}, which are reported as cases of their own: skipped when no case reached them.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const world = await options.openWorld();
  const results: CaseResult[] = [];
  const report = (result: CaseResult): void => {
    results.push(result);
    options.onResult?.(result);
  };
  const laws = new LawLedger();
  try {
    for (const item of CONFORMANCE_CASES) {
      if (options.only !== undefined && !options.only.includes(item.id)) continue;
      report(await runCase(item, { world, laws, options }));
    }
  } finally {
    await world.close();
  }
  for (const result of laws.results()) report(result);
  const count = (status: CaseResult['status']): number => results.filter((result) => result.status === status).length;
  return { name: options.name, results, passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** Runs one case in a world and resets the world after it. */
export async function runCase(
  item: ConformanceCase,
  context: { readonly world: World; readonly laws: LawLedger; readonly options: ConformanceOptions },
): Promise<CaseResult> {
  const { world, laws, options } = context;
  const { id, says } = item;
  const probe = new Probe(world, `${options.nonce ?? 'cf'}-${id.replaceAll('-', '')}`);
  const excuse = excuseOf(item, { world, probe });
  const skipped = options.skip?.find((entry) => entry.case === id);
  if (excuse !== undefined || skipped !== undefined) {
    return { id, says, status: 'skipped', reason: excuse ?? skipped?.reason ?? '', ms: 0 };
  }
  const startedMs = performance.now();
  const faults: string[] = [];
  const attempt = async (what: () => Promise<void>): Promise<void> => {
    try {
      await what();
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  };
  await attempt(() => item.run(probe));
  await attempt(() => probe.finish());
  await attempt(() => world.reset());
  faults.push(...probe.replyFaults.filter((fault) => !faults.some((known) => known.includes(fault))));
  laws.add(id, probe);
  const ms = performance.now() - startedMs;
  return faults.length === 0
    ? { id, says, status: 'passed', ms }
    : { id, says, status: 'failed', reason: faults.join('; '), ms };
}

function excuseOf(
  item: ConformanceCase,
  context: { readonly world: World; readonly probe: Probe },
): string | undefined {
  const { profile } = context.probe.driver;
  const { profiles = COMPOSED } = item;
  if (profiles !== 'every' && !profiles.includes(profile)) return `not of the profile ${profile}`;
  const lacking = item.needs?.find((capability) => !context.probe.driver.capabilities.has(capability));
  if (lacking !== undefined) return `the driver has no capability ${lacking}`;
  const unable = item.world?.find((ability) => !context.world.can.has(ability));
  return unable === undefined ? undefined : `the world cannot ${unable}`;
}

/** Gathers how the laws fared over all cases. */
export class LawLedger {
  readonly #reached = new Map<LawId, number>();
  readonly #breaks = new Map<LawId, string>();

  /** Adds what one case showed. */
  add(caseId: string, probe: Probe): void {
    for (const [law, times] of probe.laws.reached) this.#reached.set(law, (this.#reached.get(law) ?? 0) + times);
    for (const { law, what } of probe.laws.breaks)
      this.#breaks.set(law, this.#breaks.get(law) ?? `${what} (in ${caseId})`);
  }

  /** One result for each law: skipped when nothing could have broken it. */
  results(): CaseResult[] {
    return LAWS.map(({ id, says }) => {
      const broken = this.#breaks.get(id);
      if (broken !== undefined) return { id, says, status: 'failed', reason: broken, ms: 0 };
      if (!this.#reached.has(id)) return { id, says, status: 'skipped', reason: 'no case reached it', ms: 0 };
      return { id, says, status: 'passed', ms: 0 };
    });
  }
}

/** The part of a test runner that {@link describeDriver} uses; vitest and node:test have it. */
export interface SuiteRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
  beforeAll(body: () => Promise<void>): void;
  afterAll(body: () => Promise<void>): void;
}

/** Registers the suite with a test runner: one test per case and one per law. Skipped ones pass and print their reason through `onResult`. */
export function describeDriver(options: ConformanceOptions, runner: SuiteRunner): void {
  const laws = new LawLedger();
  let world: World | undefined;
  runner.describe(options.name, () => {
    runner.beforeAll(async () => {
      world = await options.openWorld();
    });
    runner.afterAll(async () => {
      await world?.close();
    });
    const judge = (result: CaseResult): void => {
      options.onResult?.(result);
      if (result.status === 'failed') throw new Error(`${result.id}: ${result.reason}`);
    };
    for (const item of CONFORMANCE_CASES) {
      if (options.only !== undefined && !options.only.includes(item.id)) continue;
      runner.it(`${item.id} ${item.says}`, async () => {
        if (world === undefined) throw new Error('the world did not open');
        judge(await runCase(item, { world, laws, options }));
      });
    }
    runner.it('laws of order', async () => {
      await Promise.resolve();
      for (const result of laws.results()) judge(result);
    });
  });
}
