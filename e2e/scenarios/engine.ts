import { EngineFloor } from '../lab/engine-floor.js';
import { cameBy, goReady, hasCall, inState, isNow, must, oneCdr, own } from '../lab/floor.js';
import { FRONT_NUMBER, SPEED_PREFIX, SUPPORT_NUMBER } from '../lab/floor-config.js';
import { PROMPTS, TONE } from '../lab/tone-plan.js';
import { pause } from '../lab/wait.js';
import type { Scenario } from '../scenario.js';

/** Engine and driver alone: what fails here is neither the server's nor the browser's fault. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'engine: menu, queue, agent, hang up',
    needs: ['switch', 'sipp', 'baresip'],
    async run(lab) {
      const pbx = await lab.switch();
      const floor = lab.keep(await EngineFloor.open({ link: pbx.link() }));
      lab.onFailure('engine.txt', () => floor.trace.join('\n'));
      lab.tells(() => floor.told());
      const phone = await lab.phone({ extension: '8001' });
      const ann = await floor.desk('ann');
      await goReady(ann);
      const caller = await lab.caller({ to: FRONT_NUMBER, from: '13900000001', voice: TONE.caller1 });
      await caller.answered();
      await caller.hearing.hears([PROMPTS['front-menu'].hz], { sinceMs: 0 });
      const pressedMs = caller.hearing.nowMs();
      await caller.press('1');
      await caller.hearing.hears([PROMPTS['sub-menu'].hz], { sinceMs: pressedMs });
      await caller.press('2');
      await phone.rings();
      await hasCall(ann, (call) => call.ivrPath.includes('front/products'), { what: 'a call with its IVR path' });
      await caller.hearing.hears([TONE.musicLow, TONE.musicHigh]);
      await phone.answer();
      await inState(ann, 'connected');
      await Promise.all([caller.hearing.hears([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
      const call = await inState(ann, 'connected');
      await must(ann, { type: 'call.hold', callId: call.callId });
      await caller.hearing.hears([TONE.musicLow, TONE.musicHigh]);
      await must(ann, { type: 'call.retrieve', callId: call.callId });
      await Promise.all([caller.hearing.hears([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
      await caller.hangUp();
      await cameBy(ann, 'busy', 'workingAfterCall', 'ready');
      const cdr = await oneCdr(floor);
      if (cdr.endedBy !== 'caller' || cdr.outcome !== 'answered') throw new Error(JSON.stringify(cdr));
      return cdr.segments.map((part) => part.kind).join(' ');
    },
  },
  {
    name: 'engine: after the talk a message, heard again by who left it, and phones that ring all at once',
    needs: ['switch', 'recordedSound', 'sipp', 'baresip'],
    async run(lab) {
      const pbx = await lab.switch();
      const floor = lab.keep(await EngineFloor.open({ link: pbx.link(), after: 'talk' }));
      lab.onFailure('engine.txt', () => floor.trace.join('\n'));
      lab.tells(() => floor.told());
      const [phone, bob, desk] = await Promise.all(
        (['8001', '8002', '8005'] as const).map((extension) => lab.phone({ extension })),
      );
      if (phone === undefined || bob === undefined || desk === undefined) throw new Error('no phones');
      const ann = await floor.desk('ann');
      await goReady(ann);
      const caller = await lab.caller({ to: SUPPORT_NUMBER, from: '13900000001', voice: TONE.caller1 });
      await phone.rings();
      await phone.answer();
      await Promise.all([caller.hearing.hears([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
      // The notice is said once, and begins while the phone still says goodbye.
      const sinceMs = caller.hearing.nowMs();
      await phone.hangUp();
      await caller.hearing.hears([PROMPTS['recording-notice'].hz], { sinceMs, forMs: 300 });
      await isNow(ann, 'ready');
      await pause(4000);
      await caller.press('#');
      // The own voice, from the switch's store, and a prompt behind it.
      const playedMs = caller.hearing.nowMs();
      await caller.hearing.hears([TONE.caller1]);
      await caller.hearing.hears([PROMPTS.closed.hz], { sinceMs: playedMs });
      await Promise.all([bob.rings(), desk.rings()]);
      await desk.answer();
      await Promise.all([caller.hearing.hears([TONE['8005']]), desk.hears.hears([TONE.caller1])]);
      await bob.closed();
      await caller.hangUp();
      const cdr = await oneCdr(floor);
      if (cdr.endedBy !== 'caller' || cdr.outcome !== 'answered' || cdr.missedBy !== undefined)
        throw new Error(JSON.stringify(cdr));
      return cdr.segments.map((part) => part.kind).join(' ');
    },
  },
  {
    name: 'engine: released by hand, then a short code dialled at the phone and at the page',
    needs: ['switch', 'sipp', 'baresip'],
    async run(lab) {
      const pbx = await lab.switch();
      const floor = lab.keep(await EngineFloor.open({ link: pbx.link(), release: 'manual' }));
      lab.onFailure('engine.txt', () => floor.trace.join('\n'));
      lab.tells(() => floor.told());
      const [phone, other] = await Promise.all([lab.phone({ extension: '8001' }), lab.phone({ extension: '8002' })]);
      const ann = await floor.desk('ann');
      await goReady(ann);
      const caller = await lab.caller({ to: SUPPORT_NUMBER, from: '13900000001', voice: TONE.caller1 });
      await phone.rings();
      await phone.answer();
      await Promise.all([caller.hearing.hears([TONE['8001']]), phone.hears.hears([TONE.caller1])]);
      await caller.hangUp();
      const call = await hasCall(ann, (one) => own(ann, one)?.awaits === 'release', { what: 'an open phone' });
      await pause(2_100);
      if (phone.calls.length !== 1 || ann.agent()?.state !== 'busy')
        throw new Error(`the phone was laid down; ann ${ann.agent()?.state}`);
      await must(ann, { type: 'call.clear', callId: call.callId });
      await phone.closed();
      const cdr = await oneCdr(floor);
      const left = cdr.segments.at(-1);
      if (cdr.endedBy !== 'caller' || left?.kind !== 'releasing' || left.endMs - left.startMs < 2000) {
        throw new Error(JSON.stringify(cdr));
      }
      await cameBy(ann, 'busy', 'workingAfterCall', 'ready');
      for (const at of ['phone', 'page'] as const) {
        const since = [phone.mark, other.mark] as const;
        if (at === 'phone') await phone.dial(`${SPEED_PREFIX}2`);
        else {
          await must(ann, { type: 'call.make', to: 'speed:2' });
          await phone.rings({ since: since[0] });
          await phone.answer();
        }
        await other.rings({ since: since[1] });
        await other.answer();
        await phone.hears.hears([TONE['8002']]);
        const made = await inState(ann, 'connected');
        await must(ann, { type: 'call.clear', callId: made.callId });
        await phone.closed({ since: since[0] });
        await isNow(ann, 'ready');
      }
      return cdr.segments.map((part) => part.kind).join(' ');
    },
  },
  {
    name: 'engine: a queue that dialled work does not block breaks into a call of the own making',
    needs: ['switch', 'callWaiting', 'sipp', 'baresip'],
    async run(lab) {
      const pbx = await lab.switch();
      const floor = lab.keep(await EngineFloor.open({ link: pbx.link(), blockedBy: ['workingAfterCall'] }));
      lab.onFailure('engine.txt', () => floor.trace.join('\n'));
      lab.tells(() => floor.told());
      const [phone, other] = await Promise.all([lab.phone({ extension: '8001' }), lab.phone({ extension: '8005' })]);
      const ann = await floor.desk('ann');
      await goReady(ann);
      await phone.dial('8005');
      await other.rings();
      await other.answer();
      await Promise.all([phone.hears.hears([TONE['8005']]), other.hears.hears([TONE['8001']])]);
      const own_ = await inState(ann, 'connected');
      const since = phone.mark;
      const caller = await lab.caller({ to: SUPPORT_NUMBER, from: '13900000001', voice: TONE.caller1 });
      await phone.rings({ since });
      await phone.answer();
      await caller.hearing.hears([TONE['8001']]);
      const held = await hasCall(ann, (one) => one.callId === own_.callId && own(ann, one)?.state === 'held', {
        what: 'the own call on hold',
      });
      await other.hears.hears([TONE.musicLow, TONE.musicHigh]);
      const by = own(ann, held)?.heldBy;
      await caller.hangUp();
      await hasCall(ann, () => ann.calls().length === 1, { what: 'its own call alone' });
      if (ann.agent()?.state !== 'busy') throw new Error(`${ann.agent()?.state} with a call on hold`);
      // A phone that holds the first call by itself takes it back by itself when the second one is over.
      if (by !== 'device') await must(ann, { type: 'call.retrieve', callId: own_.callId });
      await inState(ann, 'connected');
      await other.hears.hears([TONE['8001']]);
      await other.hangUp();
      await isNow(ann, 'ready');
      return `held by ${by}`;
    },
  },
];
