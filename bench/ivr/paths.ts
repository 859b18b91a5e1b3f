import { defineIvr, hangup, type IvrFlow, menu, play } from '@cordboard/ivr-dsl';
import { randomWalks } from '@cordboard/ivr-dsl/testing';
import { randomStream, virtualFloor } from '@cordboard/simulator';

/** Three menus below one another, an announcement at the end of each way. */
export const tree: IvrFlow = defineIvr(
  { id: 'tree', languages: ['en'], prompts: { ask: 'ask', told: 'told', again: 'again' } },
  {
    start: menu({ say: 'ask', keys: { 1: 'second', 2: 'told' }, noMatchSay: 'again', noInput: 'bye', noMatch: 'bye' }),
    second: menu({ say: 'ask', keys: { 1: 'third', 2: 'told' }, noMatchSay: 'again', noInput: 'bye', noMatch: 'bye' }),
    third: menu({ say: 'ask', keys: { 1: 'told', 2: 'start' }, noMatchSay: 'again', noInput: 'bye', noMatch: 'bye' }),
    told: play({ say: 'told', next: 'bye' }),
    bye: hangup(),
  },
);

/** Callers of tests, at random, on the interpreter alone. @returns how many ended */
export function walked(walks: number): number {
  const report = randomWalks(tree, { seed: 1, walks });
  if (report.failure !== undefined) throw new Error(report.failure.message);
  const { ended, hungUp } = report.exits;
  return ended + hungUp;
}

/** Whole calls on the simulator, through the engine: each caller presses three keys at random. @returns records kept */
export function called(calls: number): number {
  const floor = virtualFloor({ seed: 1, ivr: tree, queues: {}, journal: 'drop', events: 'drop', oracle: 'none' });
  const random = randomStream(1, 'keys');
  let records = 0;
  floor.onApplied = (_, effects) => {
    for (const effect of effects) if (effect.kind === 'record' && effect.record.table === 'cdr') records += 1;
  };
  for (let call = 0; call < calls; call += 1) {
    const caller = floor.caller(`+86139${String(call).padStart(8, '0')}`).dials('8100', { after: `${call * 100}ms` });
    for (let key = 0; key < 3; key += 1) caller.presses(String(random.int(1, 2)), { after: '2s' });
  }
  floor.run(calls * 100 + 120_000);
  return records;
}
