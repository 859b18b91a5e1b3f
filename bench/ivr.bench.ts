import { MenuCall, menuConfig } from './ivr/engine-menu.js';
import { actorTransitions, nodeAfter, pureTransitions } from './ivr/xstate-menu.js';
import { defineBench } from './lib/bench.js';
import { inTurns, resultOf } from './lib/measure.js';
import { rounded } from './lib/stats.js';

/** Keys that one caller presses: four times round the three nodes. */
const KEYS = 12;

function usPerTransition(run: (count: number) => string, count: number): number {
  const before = process.hrtime.bigint();
  const at = run(count);
  const us = Number(process.hrtime.bigint() - before) / 1000 / count;
  if (at !== nodeAfter(count)) throw new Error(`the peer stands at ${at}`);
  return us;
}

function usPerKey(calls: number): number {
  const call = new MenuCall(menuConfig());
  for (let n = 0; n < calls; n += 1) call.play(KEYS);
  if (call.effects < 2 * KEYS * calls) throw new Error('a key stopped no announcement or began none');
  return call.keysNs / 1000 / (KEYS * calls);
}

export default defineBench({
  about:
    'A menu of three nodes: one key from node to node through engine.apply, commands to the switch and events for clients included, beside the same menu as an XState 5 machine: its pure transition(), which gives the actions back as ours gives effects, and its actor, which has neither a copy of the state nor effects to give',
  async run({ report, say, smoke }) {
    const calls = smoke ? 20 : 4000;
    const transitions = calls * KEYS;
    const results = await inTurns([
      { name: 'ours', measure: async () => usPerKey(calls) },
      { name: 'pure', measure: async () => usPerTransition(pureTransitions, smoke ? transitions : transitions / 4) },
      { name: 'actor', measure: async () => usPerTransition(actorTransitions, transitions) },
    ]);
    const us = (name: string): number => rounded(resultOf(results, name).median);
    say(`${transitions} keys; XState's own: transition ${us('pure')} us, actor ${us('actor')} us`);
    const { range } = resultOf(results, 'ours');
    const ours = { value: us('ours'), unit: 'us', range } as const;
    report({
      name: 'ivr.engine.usPerTransition',
      ...ours,
      reference: { name: 'XState transition()', value: us('pure') },
    });
    report({
      name: 'ivr.engine.usPerTransition.besideActor',
      ...ours,
      reference: { name: 'XState actor', value: us('actor') },
    });
    report({ name: 'ivr.engine.transitionsPerSecond', value: Math.round(1e6 / us('ours')), unit: '1/s' });
  },
});
