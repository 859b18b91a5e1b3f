import { afterEach, expect, test } from 'vitest';
import { ask } from '../lab/ask.js';
import { until } from '../lab/wait.js';
import { callOf, PbxFloor, shows } from './floor.js';

let floor: PbxFloor | undefined;
afterEach(async () => {
  await floor?.close();
  floor = undefined;
});

const isDown = (on: PbxFloor) =>
  until(async () => (await ask(`${on.url}/readyz`)).status === 503, {
    what: 'the link to be down',
    withinMs: 60_000,
  });

/** Numbers of the PBX's own records that were taken into the archive. */
async function archived(on: PbxFloor): Promise<string[]> {
  const numbers: string[] = [];
  for await (const { number = '' } of on.facets.records?.query({}) ?? []) numbers.push(number);
  return numbers;
}

test.each(['kts-bin/1', 'kts-ascii/1'] as const)(
  'the cable is pulled and put back in the middle of a call (%s): it goes on under its id, and has one record',
  async (profile) => {
    floor = await PbxFloor.open({ profile });
    const on = floor;
    const board = await on.board();
    const ann = await on.desk('ann');
    const caller = on.ring(1, '13912345678');
    const call = await callOf(ann, 'alerting');
    await call.answer();
    await shows(board, 'extension:801', 'talking in +8613912345678');
    await on.cable.pull();
    await isDown(on);
    // Nobody can see it, and it goes on: somebody else calls at another telephone meanwhile.
    const other = on.ring(2, '13900002222');
    await on.cable.plug();
    await on.box.openPath(on.cable.pbx);
    await on.synced();
    expect([...ann.calls].map(({ id }) => id)).toContain(call.id);
    await shows(board, 'line:2', 'ringing in +8613900002222');
    other.hangUp();
    caller.hangUp();
    await until(async () => (await on.cdrs()).length === 2, { what: 'the records' });
    const own = (await on.cdrs()).find(({ callId }) => callId === call.id);
    expect(own).toMatchObject({ outcome: 'answered', agents: ['ann'], endedBy: 'caller' });
    await until(async () => (await archived(on)).length >= 2, { what: "the PBX's own records to be archived" });
    await until(() => on.box.pbx.records().list.length === 0, { what: 'the PBX to be rid of them' });
    expect((await archived(on)).toSorted()).toEqual(['13900002222', '13912345678']);
  },
);

test('the PBX loses its power in the middle of a call: the call is over, the board is new, and both records are kept', async () => {
  floor = await PbxFloor.open();
  const on = floor;
  const board = await on.board();
  const ann = await on.desk('ann');
  on.ring(1, '13912345678');
  const call = await callOf(ann, 'alerting');
  await call.answer();
  await shows(board, 'line:1', 'talking in +8613912345678');
  on.box.losePower(300);
  await until(() => ann.calls.size === 0, {
    what: 'the call to be over',
    withinMs: 60_000,
    seen: () => [...ann.calls].map(({ state }) => state),
  });
  await on.synced();
  await shows(board, 'line:1', 'idle');
  await shows(board, 'extension:801', 'idle');
  await until(async () => (await on.cdrs()).length === 1, { what: 'the record' });
  expect((await on.cdrs())[0]).toMatchObject({ callId: call.id, agents: ['ann'], cause: 'lostInOutage' });
  await until(async () => (await archived(on)).length >= 1, { what: "the PBX's own record to be archived" });
  await until(() => on.box.pbx.records().list.length === 0, { what: 'the PBX to be rid of it' });
  expect(await archived(on)).toEqual(['13912345678']);
  // Everything works again.
  on.ring(3, '13900003333');
  await (await callOf(ann, 'alerting')).answer();
  await shows(board, 'line:3', 'talking in +8613900003333');
});
