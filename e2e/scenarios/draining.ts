import { EngineFloor } from '../lab/engine-floor.js';
import { SUPPORT_NUMBER } from '../lab/floor-config.js';
import { TONE } from '../lab/tone-plan.js';
import { until } from '../lab/wait.js';
import type { Scenario } from '../scenario.js';

/** What becomes of calls that come while a server is about to stop. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'draining: a new caller and a phone that dials get the dialplan of the switch',
    needs: ['switch', 'sipp', 'baresip'],
    async run(lab) {
      const pbx = await lab.switch();
      const floor = lab.keep(await EngineFloor.open({ link: pbx.link() }));
      lab.onFailure('engine.txt', () => floor.trace.join('\n'));
      lab.tells(() => floor.told());
      const [fallback, phone, other] = [
        await lab.phone({ extension: '8002' }),
        await lab.phone({ extension: '8005' }),
        await lab.phone({ extension: '8006' }),
      ];
      floor.submit({ kind: 'drain', mode: 'start' });
      const caller = await lab.caller({ to: SUPPORT_NUMBER, from: '13900000003', voice: TONE.caller1 });
      await fallback.rings();
      await fallback.answer();
      await Promise.all([caller.hearing.hears([TONE['8002']]), fallback.hears.hears([TONE.caller1])]);
      lab.note('the caller talks past us');
      await phone.dial('8006');
      await other.rings();
      const cdrs = await until(
        async () => {
          const all = await floor.cdrs();
          return all.length === 2 ? all : undefined;
        },
        { what: 'both records', seen: () => floor.told() },
      );
      for (const { cause, endedBy, agents } of cdrs) {
        if (cause !== 'transferred' || endedBy !== 'system' || agents.length > 0) throw new Error(JSON.stringify(cdrs));
      }
      await until(async () => (await floor.liveCalls()) === 0, { what: 'what was given back to be let go' });
      await caller.hangUp();
      return cdrs.map((cdr) => cdr.direction).join(' ');
    },
  },
];
