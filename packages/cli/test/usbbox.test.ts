import { usbbox } from '@cordboard/adapters-usbbox';
import { SimulatedBox } from '@cordboard/adapters-usbbox/simulated';
import { isCtiError } from '@cordboard/cti-core';
import { createServer } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import { expect, test } from 'vitest';
import { DRIVERS } from '../src/commands/serve.js';
import { examine } from '../src/doctor/doctor.js';

const line = { name: 'one', device: { kind: 'simulated' }, phone: { extension: '8001' } };
const described = ({ findings }: { findings: readonly { id: string; level: string }[] }): Record<string, string> =>
  Object.fromEntries(findings.map(({ id, level }) => [id, level]));

function pathsOf(options: unknown): string {
  try {
    createServer({ switches: { box: { driver: 'usbbox', options } } }, { drivers: DRIVERS });
  } catch (error) {
    return isCtiError(error) ? error.message : String(error);
  }
  return 'taken';
}

test('a JSON configuration names analog lines, and is told each wrong field by its whole path', () => {
  expect(pathsOf({ lines: [line] })).toBe('taken');
  expect(pathsOf({ lines: [{ ...line, device: { kind: 'v12' } }] })).toContain(
    'switches.box.options.lines[0].device.kind',
  );
  expect(pathsOf({ lines: [{ ...line, device: { kind: 'simulated', callers: [{ number: 'x' }] } }] })).toContain(
    'switches.box.options.lines[0].device.callers[0].number',
  );
  expect(pathsOf({ lines: [{ ...line, flashMs: 5 }] })).toContain('switches.box.options.lines[0].flashMs');
  expect(pathsOf({ lines: [] })).toContain('switches.box.options.lines');
});

test('doctor opens each line, says what the box lacks, and that nobody can ask it about power cuts', async () => {
  const box = new SimulatedBox({ clock: systemClock });
  box.line('gone').unplug();
  const watches = new SimulatedBox({
    clock: systemClock,
    abilities: { sound: 'none', hook: 'none', phone: 'none', detects: new Set(['ring']), listensOnHook: 'deaf' },
  });
  const driver = usbbox({
    recordings: '/tmp/recordings',
    lines: [
      line,
      { name: 'gone', device: box.device('gone') },
      { name: 'there', device: box.device('there') },
      { name: 'watches', device: watches.device('watches'), phone: { extension: '8002' } },
    ],
  });
  const [report] = await examine([{ id: 'box', driver }]);
  expect(described(report ?? { findings: [] })).toEqual({
    'line.one.opens': 'ok',
    'line.one.fallback': 'unknown',
    'line.gone.opens': 'failed',
    'line.there.opens': 'ok',
    'line.there.fallback': 'unknown',
    'line.watches.opens': 'ok',
    'line.watches.sound': 'warning',
    'line.watches.callerId': 'warning',
    'line.watches.phone': 'failed',
    'line.watches.fallback': 'ok',
    prompts: 'warning',
  });
  expect(
    report?.findings.filter(({ level, id, fix }) => (level === 'failed' || id.endsWith('there.fallback')) && !fix),
  ).toEqual([]);
  expect([box.openDevices, watches.openDevices]).toEqual([0, 0]);
});
