import { afterEach, expect, test } from 'vitest';
import { Caller } from './support/caller.js';
import { type FlowFloor, flowOf, say, startFlowFloor } from './support/flow-floor.js';

const CALLER = '+8613912345678';
const OWNER = '+8613800001111';
/** Long enough to stand in no time or random id by chance. */
const PIN = '47118036';
let floor: FlowFloor;
afterEach(() => floor.end());

const sorry = { type: 'play', say: say('sorry'), next: 'END' };
const leave = flowOf({
  speak: {
    type: 'record',
    say: say('speak'),
    variable: 'rec',
    box: 'office',
    next: 'thanks',
    empty: 'sorry',
    failed: 'sorry',
    minMs: 0,
  },
  thanks: { type: 'play', say: say('thanks'), next: 'END' },
  sorry,
});
const read = { type: 'query', function: 'cordboard-next-message@1', pass: { box: 'office' }, failed: 'sorry' };
/** As the DSL's `mailbox` lowers it, in short. */
const owner = flowOf(
  {
    pin: {
      type: 'collect',
      say: say('pin'),
      variable: 'pin',
      min: PIN.length,
      max: PIN.length,
      masked: true,
      timeoutMs: 30_000,
      interDigitMs: 30_000,
      next: 'open',
      noInput: 'END',
      noMatch: 'END',
    },
    open: {
      type: 'query',
      function: 'cordboard-open-box@1',
      pass: { box: 'office', pin: '{pin}' },
      ways: { open: 'read', wrong: 'pin', locked: 'sorry' },
      failed: 'sorry',
    },
    read: { ...read, keep: { m: 'recording' }, ways: { message: 'hear', none: 'none' } },
    hear: { type: 'play', say: [{ kind: 'recording', variable: 'm' }], next: 'heard' },
    heard: {
      type: 'query',
      function: 'cordboard-mark-message@1',
      pass: { box: 'office', recording: '{m}', state: 'heard' },
      ways: { done: 'read', gone: 'read' },
      failed: 'sorry',
    },
    none: { type: 'play', say: say('none'), next: 'END' },
    sorry,
  },
  { id: 'owner' },
);

async function leaveMessage(): Promise<void> {
  const caller = floor.call(CALLER);
  await caller.hears('speak');
  await expect.poll(() => caller.recordings, { interval: 20 }).toBe(1);
  await caller.presses('#');
  await caller.hears('thanks');
  await expect
    .poll(async () => (await floor.json<{ items: object[] }>('/v1/messages?box=office')).items.length, {})
    .toBe(1);
}

test('a message is heard from outside by PIN, once, and the PIN is in no log', async () => {
  floor = await startFlowFloor({
    flows: [leave, owner],
    boxes: { office: { pin: PIN } },
    routes: [
      { number: '4008001000', to: { ivr: 'front' } },
      { number: '4008001009', to: { ivr: 'owner' } },
    ],
  });
  await leaveMessage();
  const first = new Caller(floor.pbx, OWNER, '4008001009');
  await first.hears('pin');
  await first.presses('12345678');
  await first.hears('pin', 2);
  await first.presses(PIN);
  await first.hears('none');
  expect(first.heard).toEqual(['pin', 'pin', 'recording', 'none']);
  const [message] = (await floor.json<{ items: { state: string; marked?: { by: string } }[] }>('/v1/messages')).items;
  expect(message).toMatchObject({ state: 'heard', marked: { by: 'mailbox' } });
  const second = new Caller(floor.pbx, OWNER, '4008001009');
  await second.hears('pin');
  await second.presses(PIN);
  await second.hears('none');
  expect(second.heard).not.toContain('recording');
  expect(floor.log.join('')).not.toContain(PIN);
});

test('the owner is called when a message comes, hears it after the PIN, and is not called again', async () => {
  floor = await startFlowFloor({
    flows: [leave, owner],
    boxes: { office: { pin: PIN, callOut: { number: '13800001111', flow: 'owner', tries: 2, every: '60s' } } },
  });
  const called = new Caller(floor.pbx, '13800001111');
  await leaveMessage();
  await called.hears('pin');
  await called.presses(PIN);
  await called.hears('none');
  expect(called.heard).toEqual(['pin', 'recording', 'none']);
}, 120_000);

test('a box that leads to an unknown flow is refused with both places', async () => {
  const wrong = startFlowFloor({ flows: [leave], boxes: { office: { callOut: { number: '138', flow: 'nowhere' } } } });
  await expect(wrong).rejects.toThrow('boxes.office.callOut.flow');
  floor = await startFlowFloor({ flows: [leave] });
});
