import { MenuCall, menuConfig } from './ivr/engine-menu.js';
import { called, walked } from './ivr/paths.js';
import { actorTransitions, nodeAfter, pureTransitions } from './ivr/xstate-menu.js';
import { defineBench } from './lib/bench.js';
import { cpuUs, inTurns, resultOf } from './lib/measure.js';
import { median, rounded } from './lib/stats.js';

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

/** Paths a second of CPU, the middle of three runs. */
function pathsPerSecond(run: (count: number) => number, count: number): number {
  const once = (): number => {
    const before = cpuUs();
    const ended = run(count);
    if (ended !== count) throw new Error(`${ended} of ${count} paths came to an end`);
    return (count * 1e6) / (cpuUs() - before);
  };
  once();
  return Math.round(median([1, 2, 3].map(once)));
}

export default defineBench({
  about:
    'A menu of three nodes: one key from node to node through engine.apply, commands to the switch and events for clients included, beside the same menu as an XState 5 machine: its pure transition(), which gives the actions back as ours gives effects, and its actor, which has neither a copy of the state nor effects to give; paths of random callers, in tests of a flow and as whole calls on the simulator',
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
    const aim = { name: 'aim', value: 1000 };
    const count = smoke ? 50 : 3000;
    report({ name: 'ivr.test.pathsPerSecond', value: pathsPerSecond(walked, count), unit: '1/s', reference: aim });
    report({ name: 'ivr.floor.pathsPerSecond', value: pathsPerSecond(called, count), unit: '1/s', reference: aim });
  },
});
