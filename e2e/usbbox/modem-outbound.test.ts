import { DEVICE_KINDS } from '@cordboard/adapters-usbbox';
import { VirtualModem } from '@cordboard/adapters-usbbox/simulated';
import { systemClock } from '@cordboard/driver-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../lab/wait.js';
import { Ear } from './ears.js';
import { FAR_ENDS, LineFloor, PEOPLE } from './line-floor.js';

/** How a call out ends: what the record says of it. */
const FATES = [
  ['busy', '13900000001', { result: 'busy', by: 'tone' }],
  ['congestion', '13900000002', { result: 'congestion', by: 'tone' }],
  ['a number that nobody has', '13900000003', { result: 'unallocated', by: 'tone' }],
  ['nobody answers', '13900000004', { result: 'noAnswer', by: 'ringback' }],
  ['an announcement', '13900000005', { result: 'answeredOrAnnouncement', by: 'voice' }],
  ['colour ring-back, then an answer', '13900000006', { result: 'answeredOrAnnouncement', by: 'voice-after-crbt' }],
  ['ringback that breaks off', '13900000007', { result: 'answered', by: 'ringback-broken' }],
] as const;

/**
 * Nobody can make the telephone beside a modem ring, and a modem of one way at a time joins nobody to its line: whoever shall dial by a click has a telephone at another
 * box, and the modem is a duplex one (`+VTR`).
 */
const MODEMS = FATES.map(
  (_fate, index) => new VirtualModem({ clock: systemClock, numbers: FAR_ENDS, duplex: 'full', seed: index + 1 }),
);
const SEATS = MODEMS.map((_modem, index) => `seat${index}`);
const LINES = [...MODEMS.map((_modem, index) => `modem${index}`), ...SEATS];

let floor: LineFloor;
beforeAll(async () => {
  floor = await LineFloor.open({
    lines: LINES,
    seats: SEATS,
    kinds: DEVICE_KINDS,
    devices: (name, box) => {
      const modem = MODEMS[LINES.indexOf(name)];
      return modem === undefined ? box.device(name) : { kind: 'v253', open: modem.serial };
    },
    config: {
      agents: Object.fromEntries(
        MODEMS.map((_modem, index) => [
          PEOPLE[index] ?? '',
          { name: PEOPLE[index] ?? '', seat: `${8_001 + MODEMS.length + index}`, queues: [] },
        ]),
      ),
      timers: { ring: '15s' },
    },
  });
  // The last that a modem is told at its start.
  await until(() => MODEMS.every(({ commands }) => commands.includes('AT+VLS=0')), { what: 'the modems to be open' });
});
afterAll(() => floor?.close());

test.concurrent.each(FATES)('a click to dial on a voice modem: %s', async (_, number, { result, by }) => {
  const at = FATES.findIndex(([, each]) => each === number);
  const line = floor.line(`seat${at}`);
  line.phone.habit = 'answer';
  const ear = new Ear();
  line.phone.listener = ear.listen;
  const desk = await floor.desk(PEOPLE[at] ?? '');
  await desk.logOn();
  const call = await desk.dial(number);
  if (result === 'answered' || by === 'voice-after-crbt') {
    await until(() => call.others.some(({ state }) => state === 'connected'), {
      what: 'the answer',
      withinMs: 90_000,
      seen: () => call.others,
    });
    // Whoever answers is heard at the telephone, through the modem.
    const before = ear.ms;
    await until(() => ear.ms - before > 1_000, { what: 'a second of the talk' });
    expect(ear.loudest(before)).toBeGreaterThan(500);
    await call.hangUp();
  }
  const cdr = await floor.cdrOf(number, 90_000);
  expect(cdr).toMatchObject({ direction: 'outbound', progress: { result, evidence: { by } } });
  expect(MODEMS.flatMap(({ exchange }) => exchange.dialledNumbers)).toContain(number);
  const confidence = cdr.progress?.evidence.confidence ?? 2;
  if (result === 'answeredOrAnnouncement') expect(confidence).toBeLessThanOrEqual(0.5);
  else expect(confidence).toBeGreaterThan(0.5);
  expect(confidence).toBeLessThanOrEqual(1);
});
