import { goReady, must } from '../lab/floor.js';
import type { Phone } from '../lab/phone.js';
import { RobustCall } from '../lab/robust-call.js';
import type { ServerDesk } from '../lab/server-desk.js';
import { ServerFloor } from '../lab/server-floor.js';
import { until } from '../lab/wait.js';
import type { Scenario, ScenarioLab } from '../scenario.js';

interface Played {
  readonly faults: readonly string[];
  /** Boundaries of the call when nothing was killed, else how often the server was. */
  readonly boundaries: number;
  readonly story: string;
}

/** Plays the call on a server of its own; at boundary `killAt` the server is killed, and started again at once on the same data. */
async function play(
  lab: ScenarioLab,
  phones: { readonly ann: Phone; readonly bob: Phone },
  killAt: number | undefined,
): Promise<Played> {
  const asterisk = await lab.asterisk();
  const floor = await ServerFloor.open({
    ariPort: asterisk.ports.ari,
    amiPort: asterisk.ports.ami,
    afterCallWork: '0s',
    ringTimeout: '10s',
    ...(killAt === undefined ? {} : { killAt }),
  });
  let revived = 0;
  const closing = new AbortController();
  const revive = (async () => {
    for (;;) {
      await floor.gone(120_000).catch(() => undefined);
      if (closing.signal.aborted || floor.alive) return;
      revived += 1;
      await floor.start();
    }
  })();
  try {
    const ann = (await floor.desk('ann')) as ServerDesk;
    const bob = (await floor.desk('bob')) as ServerDesk;
    await goReady(ann);
    await must(bob, { type: 'agent.logOn' });
    await until(() => ann.agent()?.state === 'ready', { what: 'ann to be ready' });
    floor.tell('count');
    const call = new RobustCall({ lab: asterisk, floor, ...phones });
    const faults: string[] = [];
    let cdr = '';
    try {
      cdr = (await call.play(ann, bob)).segments.map((part) => part.kind).join(' ');
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
    const { ann: annRings, bob: bobRings } = call.rings();
    if (annRings !== 1) faults.push(`ann's phone rang ${annRings} times`);
    if (bobRings !== 1) faults.push(`bob's phone rang ${bobRings} times`);
    // Runs differ in length: a boundary near the end may not be reached.
    if (revived > 1) faults.push(`the server was revived ${revived} times`);
    const passed = killAt === undefined ? (await floor.boundaries()).passed : 0;
    const story = `${floor.killedAt()}: ${call.diary.join(', ')}; ${cdr}; rings ${annRings}/${bobRings}`;
    const all = [...faults, ...call.faults];
    if (all.length > 0) {
      const trace = await floor.trace().catch(String);
      const log = floor.log();
      lab.onFailure(`trace-${killAt ?? 'none'}.txt`, () => `${trace}\n\n${log}`);
    }
    return { faults: all, boundaries: killAt === undefined ? passed : revived, story };
  } finally {
    closing.abort();
    await floor.close();
    await revive;
    await asterisk.cli('channel request hangup all').catch(() => '');
    await until(async () => (await asterisk.cli('core show channels count')).startsWith('0 active channels'), {
      what: 'a quiet switch',
      everyMs: 50,
    });
  }
}

/** Numbers from a seed (mulberry32), so that a failing choice can be had again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const LANES = 2;

function killing(lane: number, which: 'tenth' | 'all'): Scenario {
  return {
    name: `kill: the server at ${which === 'all' ? 'every effect boundary' : 'a tenth of the effect boundaries'} of the call (${lane + 1} of ${LANES})`,
    needs: ['asterisk', 'sipp', 'baresip'],
    boundMs: which === 'all' ? 7_200_000 : 600_000,
    runIn: which === 'all' ? 'deep' : 'test',
    async run(lab) {
      const seed = Number(process.env.CORDBOARD_KILL_SEED ?? Math.floor(Math.random() * 1_000_000));
      const phones = { ann: await lab.phone({ extension: '8001' }), bob: await lab.phone({ extension: '8002' }) };
      const stories: string[] = [];
      lab.onFailure('stories.txt', () => stories.join('\n'));
      const whole = await play(lab, phones, undefined);
      stories.push(`without a kill: ${whole.story}`);
      if (whole.faults.length > 0) throw new Error(`without a kill: ${whole.faults.join('; ')}`);
      const random = randomOf(seed + lane);
      const only = process.env.CORDBOARD_KILL_AT?.split(',').map(Number);
      const points = Array.from({ length: whole.boundaries }, (_, at) => at + 1).filter(
        (point) => only?.includes(point) ?? (point % LANES === lane && (which === 'all' || random() < 0.1)),
      );
      const failures: string[] = [];
      let killed = 0;
      for (const point of points) {
        const { faults, story, boundaries } = await play(lab, phones, point);
        killed += boundaries;
        stories.push(`at ${point}: ${story} ${faults.join('; ')}`);
        if (faults.length > 0) failures.push(`at ${point}: ${faults.join('; ')}`);
      }
      if (failures.length > 0) {
        throw new Error(
          `seed ${seed}, ${failures.length} of ${points.length} kills: ${failures[0]?.slice(0, 250) ?? ''}`,
        );
      }
      return `seed ${seed}: killed ${killed} times, at ${points.length} of ${whole.boundaries} boundaries`;
    },
  };
}

/** The server dies without a word, wherever it may be in the call. */
export const scenarios: readonly Scenario[] = [0, 1].flatMap((lane) => [killing(lane, 'tenth'), killing(lane, 'all')]);
