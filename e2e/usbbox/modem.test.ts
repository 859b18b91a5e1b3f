import { DEVICE_KINDS } from '@cordboard/adapters-usbbox';
import { humSource, VirtualModem } from '@cordboard/adapters-usbbox/simulated';
import { systemClock } from '@cordboard/driver-kit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ask } from '../lab/ask.js';
import { LabBrowser } from '../lab/browser.js';
import { DeskPage } from '../lab/desk-page.js';
import { pause, until } from '../lab/wait.js';
import { msOf, passed, soxDecode, tonesIn } from './ears.js';
import { FAR_ENDS, HUM, LineFloor, type LineFloorOptions, OWN } from './line-floor.js';

let browser: LabBrowser;
let floor: LineFloor | undefined;
beforeAll(async () => {
  browser = await LabBrowser.start();
});
afterEach(async () => {
  await browser.closeDesk('ann');
  await floor?.close();
  floor = undefined;
});
afterAll(async () => {
  await browser?.close();
});

/** A voice modem that cannot hear while it plays, with ann's telephone in parallel to it. */
async function open(
  config: LineFloorOptions['config'] = {},
): Promise<{ readonly modem: VirtualModem; readonly on: LineFloor; readonly ann: DeskPage }> {
  const modem = new VirtualModem({ clock: systemClock, numbers: FAR_ENDS, phone: 'parallel' });
  modem.phone.voice = () => humSource(HUM.agent);
  modem.phone.patience = 1_000;
  const on = await LineFloor.open({
    lines: ['one'],
    kinds: DEVICE_KINDS,
    devices: () => ({ kind: 'v253', open: modem.serial, phone: 'parallel' }),
    config,
  });
  floor = on;
  const ann = await DeskPage.open({ browser: async () => browser }, on, 'ann');
  await ann.press('ready');
  await ann.isState('ready');
  return { modem, on, ann };
}

const HUMS = { do: 'hum', hz: HUM.caller, forMs: 600_000 } as const;
/** Keys as soon as the line is lifted: English, the desk. */
const KEYS = [
  { do: 'silence', forMs: 300 },
  { do: 'press', digits: '2' },
  { do: 'silence', forMs: 500 },
  { do: 'press', digits: '1' },
  HUMS,
] as const;

/**
 * Both voices of a talk are on the pair that the modem hears, so that they are in the file though the modem is half duplex. While it plays (prompts, music), the file holds
 * what it plays, and nothing of the caller: then the modem does not hear.
 */
const holdsBoth = (bytes: Buffer, leastMs: number): void => {
  const tones = tonesIn(soxDecode(bytes));
  for (const hz of [HUM.caller, HUM.agent]) expect(msOf(tones, hz)).toBeGreaterThan(leastMs);
};

/** The busy tone is heard by the modem as soon as nobody talks into it. */
const callerHangsUp = (modem: VirtualModem): void => {
  modem.exchange.hangUp();
  modem.phone.hush();
};

test('a modem: the customer pops before the second ring, and a caller who gives up is one record', async () => {
  const { modem, on, ann } = await open({ routes: [{ number: OWN, to: { queue: 'desk' } }] });
  expect(modem.callIn({ number: '13900001111' })).toBe(true);
  const ringsAgain = passed(modem.exchange, 5_000);
  const pop = await ann.popped();
  // When the page was shown, and not when this test came to see it.
  expect(pop.shownWallMs).toBeLessThan(await ringsAgain);
  expect(pop.number).toBe('+8613900001111');
  modem.exchange.hangUp();
  expect(await on.cdrOf('13900001111')).toMatchObject({ outcome: 'abandoned' });
});

test('a modem: IVR by keys, pop, the telephone beside it, recording, busy tone, one record', async () => {
  const { modem, on, ann } = await open();
  expect(modem.callIn({ number: '13900001111', name: 'LI NA', answered: KEYS })).toBe(true);
  const pop = await ann.popped();
  expect(pop.number).toBe('+8613900001111');
  expect(pop.path).toContain('front');
  expect(modem.hook).toBe('off');
  modem.phone.lift();
  await ann.hasCall('connected');
  await passed(modem.exchange, 4_000);
  callerHangsUp(modem);
  await ann.cameBy('busy', 'wrapUp', 'ready');
  modem.phone.layDown();
  const cdr = await on.cdrOf('13900001111');
  expect(cdr).toMatchObject({
    outcome: 'answered',
    endedBy: 'caller',
    queueId: 'desk',
    agents: ['ann'],
    direction: 'inbound',
  });
  expect(cdr.segments.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['flow', 'ringing', 'talking']));
  await until(() => modem.hook === 'on', { what: 'the modem to lay down', seen: () => modem.hook });
  const { record, bytes } = await on.recordingOf(cdr);
  expect(record.format).toBe('wav49');
  holdsBoth(bytes, 2_500);
});

test('a modem is pulled out in mid-call: one record, a file that plays, and the next call works', async () => {
  const { modem, on, ann } = await open();
  expect(modem.callIn({ number: '13900002222', answered: KEYS })).toBe(true);
  await ann.popped();
  modem.phone.lift();
  await ann.hasCall('connected');
  await passed(modem.exchange, 3_500);
  modem.unplug();
  modem.phone.layDown();
  await pause(1_000);
  modem.plugIn();
  const cdr = await on.cdrOf('13900002222');
  expect(cdr).toMatchObject({ outcome: 'lostInOutage', agents: ['ann'] });
  holdsBoth((await on.recordingOf(cdr)).bytes, 1_500);

  await until(async () => (await ask(`${on.url}/readyz`)).status === 200, { what: 'the line to be back' });
  await until(() => ann.read<boolean>('window.desk.agent.state === "ready"'), { what: 'ann to be ready again' });
  await until(() => modem.callIn({ number: '13900003333', answered: KEYS }), { what: 'a line that is free' });
  await until(() => ann.read<boolean>('[...window.desk.calls].length > 0'), {
    what: 'the next call',
  });
  modem.phone.lift();
  await ann.hasCall('connected');
  callerHangsUp(modem);
  expect(await on.cdrOf('13900003333')).toMatchObject({ outcome: 'answered', endedBy: 'caller' });
  expect(await on.cdrs()).toHaveLength(2);
});
