import { oneCdr } from '../lab/floor.js';
import { Phone } from '../lab/phone.js';
import { ServerFloor } from '../lab/server-floor.js';
import { lost, seat, talkWith } from '../lab/talk.js';
import { TONE } from '../lab/tone-plan.js';
import { until } from '../lab/wait.js';
import type { Scenario } from '../scenario.js';

/** A colleague's phone takes the place of an agent's (INVITE with Replaces): the caller goes on under the same call. */
export const scenarios: readonly Scenario[] = [
  {
    name: "pick-up: a colleague's phone takes a call that an agent talks in",
    needs: ['switch', 'sipPhone', 'sipp', 'baresip'],
    async run(lab) {
      const pbx = await lab.switch();
      const floor = lab.keep(await ServerFloor.open({ link: pbx.link() }));
      lab.onFailure('server.txt', () => floor.log());
      lab.tells(() => floor.told());
      const ann = await seat(lab, floor, { name: 'ann' });
      const colleague = await lab.sipPhone({ extension: '8005' });
      const { caller, call } = await talkWith(lab, ann);
      const there = ann.phone instanceof Phone ? ann.phone.calls[0] : undefined;
      if (there === undefined) throw new Error('no call to pick up');
      await colleague.pickUp(there, '8001');
      await colleague.talks();
      await Promise.all([
        caller.hearing.hears([TONE['8005']]),
        colleague.hears.hears([TONE.caller1]),
        ann.phone.closed(),
      ]);
      await lost(ann.desk, call.callId);
      await caller.hangUp();
      await colleague.closed();
      const cdr = await oneCdr(floor);
      if (cdr.callId !== call.callId || cdr.outcome !== 'answered') throw new Error(JSON.stringify(cdr));
      await until(async () => (await floor.liveCalls()) === 0, { what: 'no call to live on', everyMs: 50 });
      return cdr.segments.map((part) => part.kind).join(' ');
    },
  },
];
