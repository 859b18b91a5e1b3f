import { goReady, must } from '../lab/floor.js';
import type { AgentName } from '../lab/floor-config.js';
import { tenthOf } from '../lab/kill-points.js';
import type { LabSwitch } from '../lab/lab-switch.js';
import { RobustCall } from '../lab/robust-call.js';
import { RobustDial } from '../lab/robust-dial.js';
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

/** What a play is given: a server of its own on the scenario's switch, on which nobody has logged on yet. */
interface Stage {
  readonly pbx: LabSwitch;
  readonly floor: ServerFloor;
  desk(name: AgentName): Promise<ServerDesk>;
  /** From here on boundaries count. */
  begin(): void;
}

/** A call that is played again and again. */
interface Drama {
  readonly call: string;
  /** Lanes that share its boundaries. */
  readonly lanes: number;
  readonly needs: Scenario['needs'];
  /** Brings the phones. */
  cast(lab: ScenarioLab): Promise<(stage: Stage) => Promise<Pick<Played, 'faults' | 'story'>>>;
}

/** A caller walks the menu, is served, held, passed on after a consultation; a supervisor listens and barges. */
const inbound: Drama = {
  call: 'the call',
  lanes: 2,
  needs: ['switch', 'sipp', 'baresip'],
  async cast(lab) {
    const [ann, bob] = [await lab.phone({ extension: '8001' }), await lab.phone({ extension: '8002' })];
    const sue = await lab.deskPhone({ extension: '8003' });
    return async (stage) => {
      const desks = { ann: await stage.desk('ann'), bob: await stage.desk('bob'), sue: await stage.desk('sue') };
      await goReady(desks.ann);
      await must(desks.bob, { type: 'agent.logOn' });
      await must(desks.sue, { type: 'agent.logOn' });
      await until(() => desks.ann.agent()?.state === 'ready', { what: 'ann to be ready' });
      stage.begin();
      const call = new RobustCall({ pbx: stage.pbx, floor: stage.floor, ann, bob, sue });
      const faults: string[] = [];
      let cdr = '';
      try {
        cdr = (await call.play(desks)).segments.map((part) => part.kind).join(' ');
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
      }
      const rings = call.rings();
      if (rings.ann !== 1) faults.push(`ann's phone rang ${rings.ann} times`);
      if (rings.bob !== 1) faults.push(`bob's phone rang ${rings.bob} times`);
      const story = `${call.diary.join(', ')}; ${cdr}; rings ${rings.ann}/${rings.bob}`;
      return { faults: [...faults, ...call.faults], story };
    };
  },
};

/** An agent calls a customer outside by a click. */
const dialled: Drama = {
  call: 'a call that an agent dials',
  lanes: 1,
  needs: ['asterisk', 'sipp', 'baresip'],
  async cast(lab) {
    const phone = await lab.sipPhone({ extension: '8001' });
    const outside = await lab.outside();
    return async (stage) => {
      const ann = await stage.desk('ann');
      await must(ann, { type: 'agent.logOn' });
      stage.begin();
      const call = new RobustDial({ floor: stage.floor, phone, outside });
      const faults: string[] = [];
      let cdr = '';
      try {
        cdr = (await call.play(ann)).segments.map((part) => part.kind).join(' ');
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
      }
      const story = `${call.diary.join(', ')}; ${cdr}; ${call.counts}`;
      await Promise.all([phone.hangUpAll(), outside.hangUpAll()]);
      return { faults: [...faults, ...call.faults], story };
    };
  },
};

/** Plays the call on a server of its own; at boundary `killAt` the server is killed, and started again at once on the same data. */
async function play(
  lab: ScenarioLab,
  act: Awaited<ReturnType<Drama['cast']>>,
  killAt: number | undefined,
): Promise<Played> {
  const pbx = await lab.switch();
  const floor = await ServerFloor.open({
    link: pbx.link(),
    afterCallWork: '0s',
    // What a kill leaves behind may have to ring out before it is tried again.
    ringTimeout: '15s',
    ring: '15s',
    // A key pressed while the server is away may meet another menu than it was meant for: that leads to sales.
    annIn: ['support', 'sales'],
    ...(killAt === undefined ? {} : { killAt }),
  });
  let revived = 0;
  const broken: string[] = [];
  const closing = new AbortController();
  const revive = (async () => {
    for (;;) {
      await floor.gone(900_000).catch(() => undefined);
      if (closing.signal.aborted || floor.alive) return;
      revived += 1;
      await floor.start();
    }
  })().catch((error: unknown) => {
    // Told with the other faults, not to nobody.
    broken.push(`it did not come back: ${String(error).slice(0, 400)}`);
  });
  try {
    const { faults, story } = await act({
      pbx,
      floor,
      desk: async (name) => (await floor.desk(name)) as ServerDesk,
      begin: () => floor.tell('count'),
    });
    // Runs differ in length: a boundary near the end may not be reached.
    const all = [...faults, ...broken, ...(revived > 1 ? [`the server was revived ${revived} times`] : [])];
    const passed = killAt === undefined ? (await floor.boundaries()).passed : 0;
    if (all.length > 0) {
      const trace = await floor.trace().catch(String);
      const log = floor.log();
      lab.onFailure(`trace-${killAt ?? 'none'}.txt`, () => `${trace}\n\n${log}`);
    }
    const boundaries = killAt === undefined ? passed : revived;
    return { faults: all, boundaries, story: `${floor.killedAt()}: ${story}` };
  } finally {
    closing.abort();
    await floor.close();
    await revive;
    await pbx.quiet();
  }
}

function killing(drama: Drama, which: 'tenth' | 'all', lane: number): Scenario {
  const where = which === 'all' ? 'every effect boundary' : 'a tenth of the effect boundaries';
  const part = drama.lanes === 1 ? '' : ` (${lane + 1} of ${drama.lanes})`;
  return {
    name: `kill: the server at ${where} of ${drama.call}${part}`,
    needs: drama.needs,
    boundMs: which === 'all' ? 7_200_000 : 1_200_000,
    runIn: which === 'all' ? 'deep' : 'test',
    async run(lab) {
      const seed = Number(process.env.CORDBOARD_KILL_SEED ?? Math.floor(Math.random() * 1_000_000));
      const act = await drama.cast(lab);
      const stories: string[] = [];
      lab.onFailure('stories.txt', () => stories.join('\n'));
      lab.tells(() => stories.slice(-1).join());
      const whole = await play(lab, act, undefined);
      stories.push(`without a kill: ${whole.story}`);
      if (whole.faults.length > 0) throw new Error(`without a kill: ${whole.faults.join('; ')}`);
      const { lanes } = drama;
      const only = process.env.CORDBOARD_KILL_AT?.split(',').map(Number);
      const every = Array.from({ length: whole.boundaries }, (_, at) => at + 1);
      const ours =
        which === 'tenth'
          ? tenthOf(whole.boundaries, { seed, lanes, lane })
          : every.filter((point) => point % lanes === lane);
      const points = only === undefined ? ours : every.filter((point) => only.includes(point));
      const failures: string[] = [];
      let killed = 0;
      for (const point of points) {
        const { faults, story, boundaries } = await play(lab, act, point);
        killed += boundaries;
        stories.push(`at ${point}: ${story} ${faults.join('; ')}`);
        if (faults.length > 0) failures.push(`at ${point}: ${faults.join('; ')}`);
      }
      if (failures.length > 0) {
        throw new Error(
          `seed ${seed}, ${failures.length} of ${points.length} kills: ${failures.map((one) => one.slice(0, 900)).join('\n')}`,
        );
      }
      return `seed ${seed}: killed ${killed} times, at ${points.length} of ${whole.boundaries} boundaries`;
    },
  };
}

/** The server dies without a word, wherever it may be in the call. */
export const scenarios: readonly Scenario[] = [inbound, dialled].flatMap((drama) =>
  Array.from({ length: drama.lanes }, (_, lane) => [killing(drama, 'tenth', lane), killing(drama, 'all', lane)]).flat(),
);
