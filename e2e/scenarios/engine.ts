import { EngineFloor } from '../lab/engine-floor.js';
import { goReady, hasCall, inState, isNow, must, oneCdr } from '../lab/floor.js';
import { FRONT_NUMBER } from '../lab/floor-config.js';
import { PROMPTS, TONE } from '../lab/tone-plan.js';
import type { Scenario } from '../scenario.js';

/** Engine and driver alone: what fails here is neither the server's nor the browser's fault. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'engine: menu, queue, agent, hang up',
    needs: ['asterisk', 'sipp', 'baresip'],
    async run(lab) {
      const asterisk = await lab.asterisk();
      const floor = lab.keep(await EngineFloor.open({ ariPort: asterisk.ports.ari, amiPort: asterisk.ports.ami }));
      lab.onFailure('engine.txt', () => floor.trace.join('\n'));
      const phone = await lab.phone({ extension: '8001' });
      const ann = await floor.desk('ann');
      await goReady(ann);
      const caller = await lab.caller({ to: FRONT_NUMBER, from: '13900000001', voice: TONE.caller1 });
      await caller.answered();
      await caller.hearing.hears([PROMPTS['front-menu'].hz]);
      await caller.press('1');
      await caller.hearing.hears([PROMPTS['sub-menu'].hz]);
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
      await isNow(ann, 'workingAfterCall');
      await isNow(ann, 'ready');
      const cdr = await oneCdr(floor);
      if (cdr.endedBy !== 'caller' || cdr.outcome !== 'answered') throw new Error(JSON.stringify(cdr));
      return cdr.segments.map((part) => part.kind).join(' ');
    },
  },
];
