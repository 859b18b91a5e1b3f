import { isCtiError } from '@cordboard/cti-core';
import { createServer } from '@cordboard/cti-server';
import { expect, test } from 'vitest';
import { DRIVERS } from '../src/commands/serve.js';

function pathsOf(options: unknown, driver = 'pbx-serial'): string {
  try {
    createServer({ switches: { kts: { driver, options } } }, { drivers: DRIVERS });
  } catch (error) {
    return isCtiError(error) ? error.message : String(error);
  }
  return 'taken';
}

test('a JSON configuration names a PBX on a serial line, and is told each wrong field by its whole path', () => {
  const options = { profile: 'kts-bin/1', transport: { port: '/dev/ttyUSB0' }, records: 'data/pbx-records' };
  expect(pathsOf(options)).toBe('taken');
  expect(pathsOf({ ...options, transport: { host: '10.0.0.9' } })).toBe('taken');
  expect(pathsOf({ ...options, profile: 'kts-bin/9' })).toContain('switches.kts.options.profile');
  expect(pathsOf({ ...options, transport: { port: '/dev/ttyUSB0', dataBits: 7 } })).toContain(
    'switches.kts.options.transport.dataBits',
  );
  const hotel = {
    transport: { host: '10.0.0.8', port: 5_010 },
    timeZone: 'Asia/Shanghai',
    rooms: { prefix: '8' },
    folder: 'data/hotel',
  };
  expect(pathsOf({ ...options, hotel })).toBe('taken');
  expect(pathsOf({ ...options, hotel: { ...hotel, rooms: { prefix: 'x' } } })).toContain('hotel.rooms');
  const forward = { transport: { host: '127.0.0.1', port: 9 } };
  expect(pathsOf({ ...options, forward })).toBe('taken');
  expect(pathsOf({ ...options, forward: { ...forward, format: 'morse' } })).toContain('forward.format');
  const smdr = { format: 'kx-td', transport: { port: '/dev/ttyUSB0' }, timeZone: 'Asia/Shanghai', records: 'data/td' };
  expect(pathsOf({ ...smdr, forward }, 'pbx-smdr')).toBe('taken');
  expect(pathsOf({ ...smdr, wakeAfter: 1 }, 'pbx-smdr')).toContain('switches.kts.options.wakeAfter');
  const { records: _records, ...without } = options;
  expect(pathsOf({ ...without, hotel })).toContain('records');
  expect(pathsOf({ ...options, lines: { 1: { number: 'x' } } })).toContain('switches.kts.options.lines');
});
