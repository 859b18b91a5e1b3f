import { afterAll, expect, test } from 'vitest';
import { ask } from '../lab/ask.js';
import { LabBrowser } from '../lab/browser.js';
import { DeskPage } from '../lab/desk-page.js';
import { pause, until } from '../lab/wait.js';
import { msOf, passed, soxDecode, tonesIn } from './ears.js';
import { HUM, LineFloor, OWN } from './line-floor.js';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

test('the box is pulled out in mid-call: one record, a file that plays, and the next call works', async () => {
  const browser = await LabBrowser.start();
  closing.push(() => browser.close());
  const floor = await LineFloor.open({
    lines: ['one'],
    config: { routes: [{ number: OWN, to: { queue: 'desk' } }] },
  });
  closing.push(() => floor.close());
  const line = floor.line('one');
  line.phone.habit = 'answer';
  const ann = await DeskPage.open({ browser: async () => browser }, floor, 'ann');
  await ann.press('ready');
  await ann.isState('ready');
  const hums = [{ do: 'hum', hz: HUM.caller, forMs: 600_000 }] as const;
  expect(line.exchange.callIn({ number: '13900002222', answered: hums })).toBe(true);
  await ann.hasCall('connected');
  await passed(line.exchange, 3_000);
  line.unplug();
  line.phone.layDown();
  await pause(1_000);
  line.plugIn();
  const cdr = await floor.cdrOf('13900002222');
  expect(cdr).toMatchObject({ outcome: 'lostInOutage', agents: ['ann'] });
  const { bytes } = await floor.recordingOf(cdr);
  const tones = tonesIn(soxDecode(bytes));
  for (const hz of [HUM.caller, HUM.agent]) expect(msOf(tones, hz)).toBeGreaterThan(1_500);

  await until(async () => (await ask(`${floor.url}/readyz`)).status === 200, { what: 'the line to be back' });
  await until(() => ann.read<boolean>('window.desk.agent.state === "ready"'), { what: 'ann to be ready again' });
  // The line is used two seconds after it was.
  await until(() => line.exchange.callIn({ number: '13900003333', answered: hums }), { what: 'a line that is free' });
  await ann.hasCall('connected');
  line.exchange.hangUp();
  expect(await floor.cdrOf('13900003333')).toMatchObject({ outcome: 'answered', endedBy: 'caller' });
  expect(await floor.cdrs()).toHaveLength(2);
});
