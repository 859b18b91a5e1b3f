import { virtualFloor } from '@cordboard/simulator';
import { expect, test } from 'vitest';
import { clinic } from '../clinic.js';
import { site } from '../site.js';

/** The clinic on a floor that opens on Monday at nine: ann and bob at the desk, nan the nurse. */
function open(seed: number) {
  const floor = virtualFloor({
    seed,
    ivr: clinic,
    queues: { desk: { agents: ['ann', 'bob'] }, nurse: { agents: ['nan'] } },
    modes: site.modes,
    change: (config) => ({ ...config, calendars: site.calendars }),
  });
  floor.open();
  return floor;
}

test('in English to the nurse, who talks with the caller: one record with the whole way', async () => {
  const floor = open(1);
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('2', { after: '4s' })
    .presses('2', { after: '4s' });
  caller.talks({ for: '90s' }).hangsUp();
  await floor.runUntil(caller.ended);
  expect(caller.heard).toEqual(expect.arrayContaining(['clinic/choose', 'clinic/front-en', 'clinic/wait-en']));
  expect(floor.cdrOf(caller)).toMatchObject({
    outcome: 'answered',
    queue: 'nurse',
    agents: ['nan'],
    endedBy: 'caller',
    ivrPath: ['clinic/start', 'clinic/start.2', 'clinic/house', 'clinic/hours', 'clinic/front', 'clinic/nurse'],
  });
  floor.checkInvariants();
});

test('the house is switched to the night by hand: a message with a number, heard again before it is kept', async () => {
  const floor = open(2);
  floor.setMode('house', 'night');
  const caller = floor.caller('+8613900000000').dials('8100', { after: '1s' }).presses('2', { after: '4s' });
  // Closed, the question and the tone; then eleven seconds of message.
  caller.presses('#', { after: '20s' }).presses('1', { after: '4s' }).presses('3', { after: '30s' });
  caller.presses('13800001111#', { after: '4s' });
  await floor.runUntil(caller.ended);
  const [message, ...others] = floor.messages.values();
  expect(others).toEqual([]);
  expect(message).toMatchObject({ box: 'clinic', state: 'new', contact: '+8613800001111' });
  expect(message?.durationMs).toBeGreaterThan(5_000);
  expect(caller.heard).toContain(`recording:${message?.recordingId}`);
  const cdr = floor.cdrOf(caller);
  expect(cdr).toMatchObject({ outcome: 'completedInFlow', agents: [] });
  expect(JSON.stringify([cdr, floor.events])).not.toContain('13800001111');
  floor.checkInvariants();
});

test('who hangs up while speaking has left a message all the same', async () => {
  const floor = open(3);
  floor.setMode('house', 'night');
  const caller = floor.caller('+8613900000000').dials('8100', { after: '1s' }).presses('1', { after: '4s' });
  caller.hangsUp({ after: '25s' });
  await floor.runUntil(caller.ended);
  expect([...floor.messages.values()]).toMatchObject([
    { box: 'clinic', state: 'new', caller: { e164: '+8613900000000' } },
  ]);
  floor.checkInvariants();
});

test('nobody is free: after three minutes the caller asks to be called back', async () => {
  const floor = open(4);
  for (const name of ['ann', 'bob', 'nan']) floor.agent(name).isOnBreak();
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('2', { after: '4s' })
    .presses('1', { after: '4s' });
  caller.presses('1', { after: '190s' });
  await floor.runUntil(caller.ended);
  expect([...floor.callbacks.values()]).toMatchObject([{ queueId: 'desk', number: { e164: '+8613900000000' } }]);
  floor.checkInvariants();
});

test.each(['digit', 'playbackFinished'])(
  'the server dies at a %s and comes back: the caller goes on and is served once',
  async (at) => {
    const floor = open(5);
    const caller = floor.caller('+8613900000000').dials('8100').presses('2', { after: '4s' });
    floor.run('3s');
    floor.host.crashAfterNextInput(2_000, at);
    caller.presses('1', { after: '8s' }).presses('1', { after: '6s' }).talks({ for: '20s' }).hangsUp();
    await floor.runUntil(caller.ended);
    expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'answered', queue: 'desk' });
    floor.checkInvariants();
  },
);
