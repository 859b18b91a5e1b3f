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
  await until(() => caller.answered(), { what: 'the caller to be connected' });
  await shows(board, 'line:1', `talking in ${E164}`);
  await shows(board, 'extension:802', 'idle');
  await call.hold();
  await shows(board, 'extension:801', `held in ${E164}`);
  await call.retrieve();
  await shows(board, 'extension:801', `talking in ${E164}`);
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

test('a number is dialled from the PC: the own telephone takes a line, the far end answers, and the PC hangs up', async () => {
  const before = (await floor.cdrs()).length;
  const call = await ann.dial('01066668888');
  await callOf(ann, 'connected');
  await shows(board, 'extension:801', 'talking out +861066668888');
  await call.hangUp();
  expect(await recordAfter(before)).toMatchObject({
    direction: 'outbound',
    outcome: 'answered',
    agents: ['ann'],
    called: { e164: '+861066668888' },
  });
});

test('a caller is passed on after a question: one call, one record, and both agents stand in it', async () => {
  const before = (await floor.cdrs()).length;
  const caller = floor.ring(2, MEI);
  const call = await callOf(ann, 'alerting');
  await call.answer();
  const question = await call.consult('802');
  await (await callOf(bob, 'alerting')).answer();
  await until(() => question.state === 'connected', { what: 'the question to be heard' });
  await question.complete();
  await until(() => ann.calls.size === 0, { what: 'Ann to be out of it' });
  await shows(board, 'extension:802', `talking in ${E164}`);
  // The board of the supervisor and Bob's desk are told each on its own line.
  const bobHas = (): readonly string[] => [...bob.calls].map(({ id }) => id);
  await until(() => bobHas().join() === call.id, { what: 'Bob to have the call alone', seen: bobHas });
  caller.hangUp();
  expect(await recordAfter(before)).toMatchObject({ callId: call.id, agents: ['ann', 'bob'], endedBy: 'caller' });
});

test('a caller, an agent and a colleague talk together, and go apart', async () => {
  const caller = floor.ring(2, MEI);
  const call = await callOf(ann, 'alerting');
  await call.answer();
  const question = await call.consult('802');
  await (await callOf(bob, 'alerting')).answer();
  await until(() => question.state === 'connected', { what: 'the question to be heard' });
  await question.conference();
  for (const extension of ['801', '802']) {
    await until(() => board.devices.get(`kts:extension:${extension}`)?.state === 'conference', {
      what: `${extension} to be in the conference`,
      seen: () =>
        [...board.devices.values()].filter(({ kind }) => kind !== 'park').map(({ id, state }) => `${id} ${state}`),
    });
  }
  await (await callOf(ann, 'connected')).hangUp();
  await shows(board, 'extension:801', 'idle');
  await until(() => [...bob.calls].some(({ state }) => state === 'connected'), { what: 'Bob to talk on' });
  caller.hangUp();
});

test('six callers are parked in six slots, shown there, and taken back at another telephone', async () => {
  const slots = [1, 2, 3, 4, 5, 6];
  const number = (slot: number): string => `1390000000${slot}`;
  for (const slot of slots) {
    floor.ring(slot, number(slot));
    const call = await callOf(ann, 'alerting');
    await call.answer();
    expect(await call.park({ slot })).toBe(slot);
    await until(() => ann.calls.size === 0, { what: 'Ann to be free' });
  }
  for (const slot of slots) {
    await until(() => board.devices.get(`kts:park:${slot}`)?.state === 'taken', { what: `slot ${slot} to be taken` });
  }
  // The board of the supervisor and Bob's desk are told each on its own line.
  const parked = (): string => bob.parked.map(({ slot, party }) => `${slot} ${party?.e164}`).join();
  await until(() => parked() === slots.map((slot) => `${slot} +86${number(slot)}`).join(), {
    what: 'Bob to see the slots',
    seen: () => bob.parked,
  });
  for (const slot of slots.toReversed()) {
    const back = await bob.unpark(slot);
    await until(() => back.state === 'connected', { what: `Bob to talk with slot ${slot}`, seen: () => back.state });
    expect(back.peer.e164).toBe(`+86${number(slot)}`);
    await back.hangUp();
    await until(() => bob.calls.size === 0, { what: 'Bob to be free' });
  }
  await until(() => bob.parked.length === 0, { what: 'the slots to be empty', seen: () => bob.parked });
});

test('what rings at another telephone is picked up, and a zone is paged', async () => {
  const caller = floor.ring(2, MEI);
  await callOf(bob, 'alerting');
  const cat = await floor.desk('cat');
  const call = await cat.pickUp({ from: '802' });
  await until(() => call.state === 'connected', { what: 'Cat to talk' });
  await until(() => call.peer.e164 === E164, { what: 'Cat to know who it is', seen: () => call.peer });
  await shows(board, 'extension:801', 'idle');
  await call.hangUp();
  await until(() => caller.ended(), { what: 'the caller to be let go' });
  await until(() => cat.calls.size === 0, { what: 'Cat to be free' });
  const paging = await cat.page(0);
  await until(() => paging.state === 'connected', { what: 'Cat to be heard everywhere', seen: () => paging.state });
  await paging.hangUp();
});
