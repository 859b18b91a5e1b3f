import { DeskPage } from '../lab/desk-page.js';
import { oneCdr } from '../lab/floor.js';
import { SALES_NUMBER, SUPPORT_NUMBER } from '../lab/floor-config.js';
import { ServerFloor } from '../lab/server-floor.js';
import { CUSTOMER, MUSIC } from '../lab/talk.js';
import { TONE } from '../lab/tone-plan.js';
import type { Scenario } from '../scenario.js';

/** What becomes of a call when the page, or the server behind it, goes. */
export const scenarios: readonly Scenario[] = [
  {
    name: "desk: the agent's page reloads in mid-call",
    needs: ['switch', 'sipp', 'baresip', 'chromium'],
    async run(lab) {
      const pbx = await lab.switch();
      const floor = lab.keep(await ServerFloor.open({ link: pbx.link() }));
      lab.onFailure('server.txt', () => floor.log());
      lab.tells(() => floor.told());
      const phone = await lab.phone({ extension: '8001' });
      const ann = await DeskPage.open(lab, floor, 'ann');
      await ann.press('ready');
      const caller = await lab.caller({ to: SUPPORT_NUMBER, from: CUSTOMER, voice: TONE.caller1 });
      await phone.rings();
      await ann.popped();
      await phone.answer();
      await ann.hasCall('connected');
      const before = await ann.read<string>('[...window.desk.calls][0].id');
      await ann.page.reload();
      await ann.linked();
      await ann.hasCall('connected');
      const after = await ann.read<string>('[...window.desk.calls][0].id');
      if (after !== before) throw new Error('another call id after the reload');
      // The reloaded page is a whole desk: it holds and takes back, and pops nobody a second time.
      await ann.press('hold');
      await caller.hearing.hears(MUSIC);
      await ann.press('retrieve');
      await Promise.all([caller.hearing.hears([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
      const pops = await ann.read<number>('(window.pops ?? []).length');
      if (pops !== 0) throw new Error('the reloaded page popped again');
      await ann.press('hangUp');
      await caller.ended();
      await ann.cameBy('busy', 'wrapUp', 'ready');
      const cdr = await oneCdr(floor);
      if (cdr.callId !== before || cdr.endedBy !== 'agent') throw new Error(JSON.stringify(cdr));
      return cdr.segments.map((part) => part.kind).join(' ');
    },
  },
  {
    name: 'desk: a call while the server is dead rings a phone, one that lives goes on',
    needs: ['switch', 'sipp', 'baresip', 'chromium'],
    boundMs: 240_000,
    async run(lab) {
      const pbx = await lab.switch();
      const floor = lab.keep(await ServerFloor.open({ link: pbx.link() }));
      lab.onFailure('server.txt', () => floor.log());
      lab.tells(() => floor.told());
      const [phone, fallback] = [await lab.phone({ extension: '8004' }), await lab.phone({ extension: '8002' })];
      const cat = await DeskPage.open(lab, floor, 'cat');
      await cat.press('ready');
      const caller = await lab.caller({ to: SALES_NUMBER, from: CUSTOMER, voice: TONE.caller1 });
      await phone.rings();
      await phone.answer();
      await cat.hasCall('connected');
      // A phone that was lifted is connected before it is joined with its caller: a server that dies between the two leaves both alone.
      await Promise.all([caller.hearing.hears([TONE['8004']]), phone.hears.hears([TONE.caller1])]);
      await floor.kill();
      await pbx.isAlone();
      lab.note('the server is dead');
      const second = await lab.caller({ to: SUPPORT_NUMBER, from: '13900000002', voice: TONE.caller2 });
      // FreeSWITCH trusts the server for as long as its lease, and takes back after 30 s what it has parked for it meanwhile.
      await fallback.rings(pbx.kind === 'asterisk' ? {} : { withinMs: 75_000 });
      await fallback.answer();
      await Promise.all([
        second.hearing.hears([TONE['8002']]),
        fallback.hears.hears([TONE.caller2]),
        caller.hearing.hears([TONE['8004']]),
        phone.hears.hears([TONE.caller1]),
      ]);
      lab.note('the server is back');
      await floor.start();
      await cat.linked();
      await cat.hasCall('connected');
      await cat.sees('hold offered', '[...window.desk.calls][0]?.can("hold") === true');
      await cat.press('hold');
      await caller.hearing.hears(MUSIC);
      await cat.press('retrieve');
      await caller.hearing.hears([TONE['8004']]);
      await caller.hangUp();
      const cdr = await oneCdr(floor);
      if (cdr.outcome !== 'answered' || cdr.endedBy !== 'caller') throw new Error(JSON.stringify(cdr));
      // The other call is the switch's own: it goes on without us and leaves no record.
      await second.hearing.hears([TONE['8002']]);
      await second.hangUp();
      if ((await floor.cdrs()).length !== 1) throw new Error("a record of somebody else's call");
      return cdr.segments.map((part) => part.kind).join(' ');
    },
  },
];
