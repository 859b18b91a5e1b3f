import { generateDtmfCallerId, generateFskCallerId } from '@cordboard/telephony-dsp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clinic } from '../../examples/ivr-clinic/clinic.js';
import { LabBrowser } from '../lab/browser.js';
import { DeskPage } from '../lab/desk-page.js';
import { until } from '../lab/wait.js';
import { Ear, msOf, passed, soxDecode, stretches, tonesIn } from './ears.js';
import { HUM, LineFloor, OWN } from './line-floor.js';

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

const openDesk = async (on: LineFloor): Promise<DeskPage> => {
  const desk = await DeskPage.open({ browser: async () => browser }, on, 'ann');
  await desk.press('ready');
  await desk.isState('ready');
  return desk;
};

/** Keys as soon as the line is lifted: English, the desk. */
const KEYS = [
  { do: 'silence', forMs: 300 },
  { do: 'press', digits: '2' },
  { do: 'silence', forMs: 500 },
  { do: 'press', digits: '1' },
  { do: 'hum', hz: HUM.caller, forMs: 600_000 },
] as const;

/** When the exchange is done with telling the number: after the first ring of a second and a pause, or before any ring. */
const TOLD_MS = {
  fsk: 1_600 + generateFskCallerId(new Uint8Array(26)).length / 8,
  dtmf: 300 + generateDtmfCallerId({ number: '13900001111' }).length / 8,
};

/** The bell rings again five seconds after its first time; DTMF comes before that, and then its first ring. */
const secondRingMs = (callerId: 'fsk' | 'dtmf'): number => (callerId === 'fsk' ? 5_000 : TOLD_MS.dtmf + 350 + 5_000);

test.each(['fsk', 'dtmf'] as const)('the customer pops before the second ring: %s', async (callerId) => {
  floor = await LineFloor.open({ lines: ['one'], config: { routes: [{ number: OWN, to: { queue: 'desk' } }] } });
  const line = floor.line('one');
  const ann = await openDesk(floor);
  const calledWallMs = Date.now();
  expect(line.exchange.callIn({ number: '13900001111', callerId })).toBe(true);
  const ringsAgain = passed(line.exchange, secondRingMs(callerId));
  const pop = await ann.popped();
  // When the page was shown, and not when this test came to see it.
  const poppedMs = pop.shownWallMs - calledWallMs;
  expect(pop.shownWallMs).toBeLessThan(await ringsAgain);
  expect(pop.number).toBe('+8613900001111');
  console.log(`${callerId}: popped ${(poppedMs - TOLD_MS[callerId]).toFixed(0)} ms after the end of the caller ID`);
  line.exchange.hangUp();
  expect(await floor.cdrOf('13900001111')).toMatchObject({ outcome: 'abandoned' });
});

test.each([
  ['FSK after the first ring', { callerId: 'fsk', name: 'LI NA' }],
  ['DTMF before the first ring', { callerId: 'dtmf' }],
] as const)('a call with its number in %s: pop, IVR, hold, recording, busy tone, one record', async (_, caller) => {
  floor = await LineFloor.open({
    lines: ['one'],
    config: { routes: [{ number: OWN, to: { ivr: clinic }, popTo: { agent: 'ann' } }] },
  });
  const line = floor.line('one');
  const far = new Ear();
  line.exchange.listener = far.listen;
  const ann = await openDesk(floor);
  expect(line.exchange.callIn({ number: '13900001111', ...caller, answered: KEYS })).toBe(true);
  const ringsAgain = passed(line.exchange, secondRingMs(caller.callerId));

  // The customer stands on the screen before the bell would ring again; the flow has only begun.
  const pop = await ann.popped();
  expect(pop.shownWallMs).toBeLessThan(await ringsAgain);
  expect(pop.number).toBe('+8613900001111');

  await until(() => line.phone.bell === 'rings', { what: 'the local phone to ring' });
  line.phone.lift();
  await ann.hasCall('connected');
  await passed(line.exchange, 2_500);
  // The caller says nothing for a while, the agent goes on.
  line.exchange.script([
    { do: 'silence', forMs: 2_000 },
    { do: 'hum', hz: HUM.caller, forMs: 600_000 },
  ]);
  await passed(line.exchange, 4_500);
  const beforeHold = far.ms;
  await ann.press('hold');
  await ann.hasCall('held');
  await passed(line.exchange, 2_500);
  const music = msOf(tonesIn(far.samples().subarray(beforeHold * 8)), HUM.music);
  expect(music).toBeGreaterThan(1_500);
  await ann.press('retrieve');
  await ann.hasCall('connected');
  await passed(line.exchange, 2_500);
  line.exchange.hangUp();
  await ann.cameBy('busy', 'wrapUp', 'ready');

  const cdr = await floor.cdrOf('13900001111');
  expect(cdr).toMatchObject({
    outcome: 'answered',
    endedBy: 'caller',
    queueId: 'desk',
    agents: ['ann'],
    direction: 'inbound',
  });
  expect(cdr.segments.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['flow', 'ringing', 'talking', 'held']));
  expect(cdr.called.raw).toBe(OWN);
  expect(cdr.ivrPath).toEqual(expect.arrayContaining(['clinic/start', 'clinic/front']));
  const { record, path, bytes } = await floor.recordingOf(cdr);
  expect(record.format).toBe('wav49');
  const part = await floor.raw(path, { headers: { range: 'bytes=4-63' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 4-63/${bytes.length}`]);
  expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), bytes.subarray(4, 64))).toBe(0);
  const tones = tonesIn(soxDecode(bytes));
  expect(stretches(tones, HUM.caller, 900).slice(0, 3)).toEqual(['on', 'off', 'on']);
  expect(stretches(tones, HUM.agent, 900).slice(0, 3)).toEqual(['on', 'off', 'on']);
});
