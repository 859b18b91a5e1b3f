import type { AgentDesk, Supervisor } from '@cordboard/agent-sdk';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../lab/wait.js';
import { callOf, PASSWORD, PbxFloor, shows } from './floor.js';

const MEI = '13912345678';
const E164 = '+8613912345678';

let floor: PbxFloor;
let board: Supervisor;
let ann: AgentDesk;
let bob: AgentDesk;
beforeAll(async () => {
  floor = await PbxFloor.open({ pbx: { times: { wrapMs: 100 } } });
  // Whoever is called outside rings a moment and answers; a line rings at Ann's and Bob's.
  floor.box.outside.otherwise = { does: 'answer', ringFor: 200 };
  await floor.post('/v1/switches/kts/parameters/write', {
    items: [1, 2, 3, 4, 5, 6, 7, 8].map((index) => ({ id: 'ringAssignment.day', index, value: [1, 2] })),
    password: PASSWORD,
  });
  board = await floor.board();
  ann = await floor.desk('ann');
  bob = await floor.desk('bob');
});
afterAll(() => floor?.close());
afterEach(() => floor.quiet());

/** The record of the only call since there were so many. */
const recordAfter = async (before: number) => {
  await until(async () => (await floor.cdrs()).length > before, { what: 'the record' });
  await floor.quiet();
  const all = await floor.cdrs();
  expect(all).toHaveLength(before + 1);
  return all[0];
};

test('a caller rings: the board shows it, the configured seats pop, one answers at the PC, and one record is kept', async () => {
  const before = (await floor.cdrs()).length;
  const pops = new Set<string>();
  const missed: string[] = [];
  const stops = [ann, bob].flatMap((desk) => [
    desk.on('pop', ({ pop }) => pops.add(`${desk.agent.id} ${pop.url} ${pop.popId}`)),
    desk.on('callMissed', () => missed.push(desk.agent.id)),
  ]);
  const caller = floor.ring(1, MEI);
  const call = await callOf(ann, 'alerting');
  await callOf(bob, 'alerting');
  await shows(board, 'line:1', `ringing in ${E164}`);
  await shows(board, 'extension:801', `ringing in ${E164}`);
  await until(() => pops.size >= 2, { what: 'both screens to pop', seen: () => [...pops] });
  expect(await call.answer()).toBe('done');
  expect(caller.answered()).toBe(true);
  await shows(board, 'line:1', `talking in ${E164}`);
  await shows(board, 'extension:802', 'idle');
  caller.hangUp();
  expect(await recordAfter(before)).toMatchObject({
    direction: 'inbound',
    outcome: 'answered',
    agents: ['ann'],
    endedBy: 'caller',
  });
  const url = `/customer?number=${encodeURIComponent(E164)}`;
  expect([...pops].map((each) => each.split(' ').slice(0, 2).join(' ')).toSorted()).toEqual([
    `ann ${url}`,
    `bob ${url}`,
  ]);
  // Ann has taken it: nobody missed it.
  expect(missed).toEqual([]);
  for (const stop of stops) stop();
});
