import { DeviceKeypadLine, KeypadProgramming } from '@cordboard/adapters-pbx-serial';
import { DEVICE_KINDS } from '@cordboard/adapters-usbbox';
import { KeypadCircuit, KeypadLanguage, Scheduler } from '@cordboard/simulator';
import { describe, expect, test } from 'vitest';
import { VirtualModem } from '../../adapters-usbbox/src/simulated/index.js';

const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const { signal } = new AbortController();
const writes = [
  ...[
    ['lineSetup.connection', 2],
    ['lineSetup.callerIdDelay', 1],
    ['lineSetup.answering', 0],
    ['lineSetup.attendantWhen', 3],
    ['lineSetup.restriction', 1],
  ].map(([id, value]) => ({ id: String(id), index: 3, value: Number(value) })),
  { id: 'classOfService.unlocked', index: 7, value: 2 },
  { id: 'classOfService.locked', index: 7, value: 6 },
];

/** The driver's modem, on a virtual one, on an extension of a switch that is programmed by its keypad. */
describe.each(['modem', 'sound'] as const)('ws824-keypad by a V.253 modem whose keys are made by: %s', (dials) => {
  test('parameters are taken; the line is laid down', async () => {
    const clock = new Scheduler(Date.UTC(2026, 10, 22));
    const language = new KeypadLanguage({ model: 'ws824' });
    const circuit = new KeypadCircuit({ language });
    const modem = new VirtualModem({ clock, noiseDbm0: null, duplex: dials === 'sound' ? 'full' : 'half' });
    // In the place of the public exchange behind it.
    Object.assign(modem.exchange, {
      loop: (state: 'open' | 'closed') => circuit.hook(state === 'closed' ? 'off' : 'on'),
      run: (spoken: Int16Array, heard: Int16Array) => circuit.run(spoken, heard),
    });
    const make = DEVICE_KINDS.v253;
    if (make === undefined) throw new Error('no such kind');
    const duplex = dials === 'sound' ? { duplex: 'full' } : {};
    const device = make(
      { kind: 'v253', open: modem.serial, dials, ...duplex },
      { clock, random: () => 0.5, log: LOG },
    )();
    const line = new DeviceKeypadLine({ clock, device });
    const facet = new KeypadProgramming({ line, log: LOG, model: 'ws824' });
    let isDone = false;
    const work = facet.set(writes, { signal, password: '1967590' }).finally(() => {
      isDone = true;
    });
    work.catch(() => undefined);
    for (let steps = 0; !isDone && steps < 200_000; steps++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isDone) clock.step();
    }
    const done = await work;
    expect(done.map(({ code }) => code)).toEqual(Array(writes.length).fill('unverified'));
    expect([...language.saved]).toEqual([
      ['01 03', '21031'],
      ['14 007', '26'],
    ]);
    expect(modem.hook).toBe('on');
    const closed = line.close();
    for (let steps = 0; steps < 500; steps++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.step();
    }
    await closed;
    expect(modem.isOpen).toBe(false);
  });
});
