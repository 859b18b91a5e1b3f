import { DeskPage } from '../lab/desk-page.js';
import { oneCdr } from '../lab/floor.js';
import { FRONT_NUMBER } from '../lab/floor-config.js';
import { checkRecording, Phases } from '../lab/phases.js';
import { replayEverywhere } from '../lab/replays.js';
import { ServerFloor } from '../lab/server-floor.js';
import { CUSTOMER, MUSIC } from '../lab/talk.js';
import { PROMPTS, TONE } from '../lab/tone-plan.js';
import { pause, until } from '../lab/wait.js';
import type { Scenario } from '../scenario.js';

const NOTE = 'asks about invoice 7';
/** Long enough for a recording's phase to be judged. */
const TALK_MS = 1_200;

/** One real call, end to end, with every part of the product in it. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'real call: menu, queue, agent, pop, hold, consult, complete, supervise, record',
    needs: ['switch', 'sipp', 'baresip', 'chromium'],
    // The newer Node may have to be fetched meanwhile.
    boundMs: 480_000,
    async run(lab) {
      const pbx = await lab.switch();
      const [floor, phoneA, phoneB, phoneS] = await Promise.all([
        ServerFloor.open({ link: pbx.link(), afterCallWork: '2s' }),
        lab.phone({ extension: '8001' }),
        lab.phone({ extension: '8002' }),
        lab.phone({ extension: '8003' }),
      ]);
      lab.keep(floor);
      lab.onFailure('server.txt', () => floor.log());
      lab.tells(() => floor.told());
      const ann = await DeskPage.open(lab, floor, 'ann');
      const bob = await DeskPage.open(lab, floor, 'bob');
      await ann.press('ready');
      await ann.isState('ready');
      await bob.press('logOn');
      await bob.isState('notReady');

      lab.note('the caller dials and walks the menu');
      const caller = await lab.caller({ to: FRONT_NUMBER, from: CUSTOMER, voice: TONE.caller1 });
      await caller.answered();
      await caller.hearing.hears([PROMPTS['front-menu'].hz], { sinceMs: 0 });
      const pressedMs = caller.hearing.nowMs();
      await caller.press('1');
      await caller.hearing.hears([PROMPTS['sub-menu'].hz], { sinceMs: pressedMs });
      await caller.press('2');
      await phoneA.rings();
      const pop = await ann.popped();
      if (!pop.number.endsWith(CUSTOMER)) throw new Error(`popped number ${pop.number}`);
      if (!pop.path.startsWith('front/start,front/front,front/products')) throw new Error(`popped path ${pop.path}`);

      const phases = new Phases();
      const both = async (what: string, phone: typeof phoneA, voice: number): Promise<void> => {
        await Promise.all([caller.hearing.hears([voice]), phone.hears.hears([TONE.caller1])]);
        phases.begin(
          what,
          [TONE.caller1, voice],
          [
            { ear: caller.hearing, freqs: [voice] },
            { ear: phone.hears, freqs: [TONE.caller1] },
          ],
        );
        await pause(TALK_MS);
        phases.end();
      };
      const music = async (what: string): Promise<void> => {
        await caller.hearing.hears(MUSIC);
        phases.begin(what, [TONE.caller1, ...MUSIC], [{ ear: caller.hearing, freqs: MUSIC }]);
        await pause(TALK_MS);
        phases.end();
      };

      lab.note('ann answers');
      await phoneA.answer();
      await ann.hasCall('connected');
      await both('before hold', phoneA, TONE['8001']);

      lab.note('hold and retrieve');
      await ann.press('hold');
      await ann.hasCall('held');
      await music('hold');
      await ann.press('retrieve');
      await ann.hasCall('connected');
      await both('after hold', phoneA, TONE['8001']);

      lab.note('consult bob, complete');
      await ann.passOn('consult', '8002', NOTE);
      await phoneB.rings();
      const second = await bob.popped();
      if (second.number !== pop.number || second.note !== NOTE) throw new Error(`bob's pop: ${JSON.stringify(second)}`);
      await phoneB.answer();
      await Promise.all([phoneA.hears.hears([TONE['8002']]), phoneB.hears.hears([TONE['8001']])]);
      await music('consult');
      await ann.press('complete');
      await both('after the merge', phoneB, TONE['8002']);
      await ann.cameBy('busy', 'wrapUp', 'ready');

      lab.note('sue listens, whispers, barges');
      const browser = await lab.browser();
      const sue = (await browser.desk('sue', `${floor.url}/lab/supervisor#${floor.tokens.sue ?? ''}`)).page;
      await sue.waitForFunction('window.board?.calls.size === 1');
      const supervise = (verb: string): Promise<unknown> =>
        sue.evaluate(`window.board.${verb}({ callId: [...window.board.calls.keys()][0], agentId: 'bob' })`);
      const lifted = async (): Promise<void> => {
        await phoneS.rings();
        await phoneS.answer();
      };
      await Promise.all([supervise('listen'), lifted()]);
      await Promise.all([
        phoneS.hears.hears([TONE.caller1, TONE['8002']]),
        caller.hearing.hears([TONE['8002']]),
        phoneB.hears.hears([TONE.caller1]),
      ]);
      await supervise('whisper');
      phases.begin('whisper', [TONE.caller1, TONE['8002']], [{ ear: caller.hearing, freqs: [TONE['8002']] }]);
      await Promise.all([
        phoneS.hears.hears([TONE.caller1, TONE['8002']]),
        caller.hearing.hears([TONE['8002']], { forMs: 800 }),
        phoneB.hears.hears([TONE.caller1, TONE['8003']], { forMs: 800 }),
      ]);
      phases.end();
      await supervise('barge');
      await Promise.all([
        phoneS.hears.hears([TONE.caller1, TONE['8002']]),
        caller.hearing.hears([TONE['8002'], TONE['8003']]),
        phoneB.hears.hears([TONE.caller1, TONE['8003']]),
      ]);
      phases.begin(
        'barge',
        [TONE.caller1, TONE['8002'], TONE['8003']],
        [
          { ear: caller.hearing, freqs: [TONE['8002'], TONE['8003']] },
          { ear: phoneB.hears, freqs: [TONE.caller1, TONE['8003']] },
        ],
      );
      await pause(TALK_MS);
      phases.end();

      lab.note('the caller hangs up');
      await caller.hangUp();
      await Promise.all([phoneB.closed(), phoneS.closed()]);
      // Bob was not ready when the call came to him: after it he is so again.
      await bob.cameBy('busy', 'wrapUp', 'notReady');
      await bob.press('ready');
      await bob.isState('ready');

      const cdr = await oneCdr(floor);
      if (cdr.agents.join() !== 'ann,bob' || cdr.merged.length !== 1 || cdr.endedBy !== 'caller') {
        throw new Error(`the record: ${JSON.stringify(cdr)}`);
      }
      const [recording] = await until(
        async () => {
          const all = await floor.recordings();
          return all.length === 1 && all[0]?.state === 'done' ? all : undefined;
        },
        { what: 'one finished recording', everyMs: 100, seen: () => floor.log().slice(-800) },
      );
      if (recording === undefined) throw new Error('no recording');
      const file = await until(
        async () => {
          const answer = await floor.raw(`/v1/recordings/${recording.recordingId}/files/0`);
          return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : undefined;
        },
        { what: 'the file of the recording', everyMs: 100 },
      );
      const figures = checkRecording(file, phases.all, { startedWallMs: recording.startedWallMs });
      lab.note('the journal is replayed elsewhere');
      for (const name of ['ann', 'bob', 'sue']) await browser.closeDesk(name);
      await pause(500);
      const replayed = await replayEverywhere(floor.journalFile, await floor.hashAndDie());
      return `${cdr.segments.map((part) => part.kind).join(' ')}; ${figures}; replayed: ${replayed}`;
    },
  },
];
