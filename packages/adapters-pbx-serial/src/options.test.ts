import { describe, expect, it } from 'vitest';
import { createPbxSerialDriver } from './driver.js';
import type { PbxSerialOptionsInput } from './options.js';

const RIGHT: PbxSerialOptionsInput = { profile: 'kts-bin/1', transport: { port: '/dev/ttyUSB0' } };
const pathOf = (input: unknown): unknown => {
  try {
    createPbxSerialDriver(input as PbxSerialOptionsInput);
    return undefined;
  } catch (error) {
    return (error as { readonly details?: { readonly path?: unknown } }).details?.path;
  }
};

describe('options of a PBX', () => {
  it('have defaults', () => {
    expect(createPbxSerialDriver(RIGHT).options).toMatchObject({
      transport: { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
      node: 0,
      slots: 6,
      backoffFirst: 500,
      backoffMax: 15_000,
    });
    const tcp = createPbxSerialDriver({ profile: 'kts-ascii/1', transport: { host: 'pbx' } });
    expect(tcp.options.transport).toEqual({ host: 'pbx', port: 4_710 });
  });

  it.each([
    ['profile', { ...RIGHT, profile: 'kts-bin/2' }],
    ['transport', { ...RIGHT, transport: {} }],
    ['transport.baudRate', { ...RIGHT, transport: { port: 'COM3', baudRate: 300 } }],
    ['transport.dataBits', { ...RIGHT, transport: { port: 'COM3', dataBits: 7 } }],
    ['transport.flow', { ...RIGHT, transport: { port: 'COM3', flow: 'xonxoff' } }],
    ['node', { ...RIGHT, node: 256 }],
    ['lines', { ...RIGHT, lines: { 1: { name: 'one' }, 2: { name: 'one' } } }],
    ['lines', { ...RIGHT, lines: { 1: { name: '2' }, 2: {} } }],
    ['lines.0', { ...RIGHT, lines: { 0: {} } }],
    ['lines.1.number', { ...RIGHT, lines: { 1: { number: 'abc' } } }],
    ['timeZone', { ...RIGHT, timeZone: 'Mars/Base' }],
    ['records', { ...RIGHT, records: { position: 1 } }],
    ['backoffMax', { ...RIGHT, backoffMax: '1h' }],
  ])('say where they are wrong: %s', (path, input) => {
    expect(pathOf(input)).toBe(path);
  });
});
