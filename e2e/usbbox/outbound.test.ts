import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../lab/wait.js';
import { Ear } from './ears.js';
import { FAR_ENDS, LineFloor, PEOPLE } from './line-floor.js';

let floor: LineFloor;
const LINES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

beforeAll(async () => {
  floor = await LineFloor.open({
    lines: LINES,
    config: {
      dialPlan: {
        countryCode: '86',
        areaCode: '10',
        internal: [{ from: '8001', to: '8099' }],
        // An outside line, and a second for it to come.
        outsidePrefix: '9,',
      },
      timers: { ring: '15s' },
    },
  });
  for (const [number, steps] of Object.entries(FAR_ENDS)) floor.box.numbers.set(`9${number}`, steps);
});
afterAll(() => floor?.close());

test.concurrent.each([
  ['busy', '13900000001', { result: 'busy', by: 'tone' }],
  ['congestion', '13900000002', { result: 'congestion', by: 'tone' }],
  ['a number that nobody has', '13900000003', { result: 'unallocated', by: 'tone' }],
  ['nobody answers', '13900000004', { result: 'noAnswer', by: 'ringback' }],
  ['an announcement', '13900000005', { result: 'answeredOrAnnouncement', by: 'voice' }],
  ['colour ring-back, then an answer', '13900000006', { result: 'answeredOrAnnouncement', by: 'voice-after-crbt' }],
  ['ringback that breaks off', '13900000007', { result: 'answered', by: 'ringback-broken' }],
  ['an answer with reversed polarity', '13900000008', { result: 'answered', by: 'polarity' }],
] as const)('a click to dial: %s', async (_, number, { result, by }) => {
  const at = Object.keys(FAR_ENDS).indexOf(number);
  const line = floor.line(LINES[at] ?? 'a');
  line.phone.habit = 'answer';
  const ear = new Ear();
  line.phone.listener = ear.listen;
  const desk = await floor.desk(PEOPLE[at] ?? 'ann');
  await desk.logOn();
  const call = await desk.dial(number);
  // The dial tone of the exchange, and then whatever becomes of the number, long before any answer.
  await until(() => ear.heard(450) >= 300, { what: 'the agent to hear the line', everyMs: 100 });
  if (result === 'answered' || by === 'voice-after-crbt') {
    await until(() => call.others.some(({ state }) => state === 'connected'), {
      what: 'the answer',
      withinMs: 90_000,
      seen: () => call.others,
    });
    await call.hangUp();
  }
  const cdr = await floor.cdrOf(number, 90_000);
  expect(cdr).toMatchObject({ direction: 'outbound', progress: { result, evidence: { by } } });
  expect(floor.box.lines.flatMap(({ exchange }) => exchange.dialledNumbers)).toContain(`9${number}`);
  const confidence = cdr.progress?.evidence.confidence ?? 2;
  if (result === 'answeredOrAnnouncement') expect(confidence).toBeLessThanOrEqual(0.5);
  else expect(confidence).toBeGreaterThan(0.5);
  expect(confidence).toBeLessThanOrEqual(1);
});

test('a click to dial that the agent gives up while it rings', async () => {
  floor.box.numbers.set('913900000009', [{ do: 'ringback' }]);
  const { phone } = floor.line('a');
  phone.layDown();
  phone.habit = 'answer';
  const desk = await floor.desk('ann');
  const call = await desk.dial('13900000009');
  await until(() => call.others.some(({ state }) => state === 'alerting'), { what: 'ringback', withinMs: 90_000 });
  await call.hangUp();
  expect(await floor.cdrOf('13900000009')).toMatchObject({
    outcome: 'noAnswer',
    endedBy: 'agent',
  });
});
