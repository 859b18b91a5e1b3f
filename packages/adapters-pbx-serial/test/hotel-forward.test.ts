import { Duplex } from 'node:stream';
import { CtiError } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ForwardLoss, forwardBytes, forwardShenou } from '../src/hotel/forward/index.js';
import type { SmdrRecord } from '../src/smdr/record.js';

/** A port that takes bytes when it is let. */
class SlowPort extends Duplex {
  readonly got: Buffer[] = [];
  #taken: (() => void) | undefined;
  isOpen = false;

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, taken: () => void): void {
    this.got.push(bytes);
    if (this.isOpen) setImmediate(taken);
    else this.#taken = taken;
  }

  letGo(): void {
    this.isOpen = true;
    this.#taken?.();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function until(isSo: () => boolean): Promise<void> {
  for (let at = 0; at < 10_000 && !isSo(); at++) await turn();
  expect(isSo()).toBe(true);
}

it('brings every byte in order to a port that comes and goes', async () => {
  const clock = new SimulatedClock();
  const ports: SlowPort[] = [];
  let isThere = false;
  const forward = forwardBytes({
    clock,
    random: () => 0.5,
    open: async () => {
      if (!isThere) throw new CtiError('link.closed', 'away');
      const port = new SlowPort();
      port.letGo();
      ports.push(port);
      return port;
    },
  });
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 251);
  forward.write(bytes.subarray(0, 50_000));
  await clock.tick(20_000);
  expect(forward.waitingBytes).toBe(50_000);
  isThere = true;
  await clock.tick(20_000);
  forward.write(bytes.subarray(50_000));
  await until(() => forward.waitingBytes === 0);
  expect(Uint8Array.from(Buffer.concat(ports.flatMap(({ got }) => got)))).toEqual(bytes);
  expect(forward.loss).toEqual({ droppedBytes: 0, uncertainBytes: 0 });
  await forward.stop();
  await forward.stop();
  expect(clock.pendingTimers).toBe(0);
});

it('drops whole lines when there is no room, counts every byte, and tells', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 20, maxLength: 60 }), async (lengths) => {
      const clock = new SimulatedClock();
      const port = new SlowPort();
      const told: ForwardLoss[] = [];
      const forward = forwardBytes({
        clock,
        random: () => 0.5,
        limitBytes: 2_048,
        open: async () => port,
        lost: (loss) => told.push(loss),
      });
      await clock.tick();
      const lines = lengths.map((length, at) => `${String(at).padStart(4, '0')}${'.'.repeat(length)}\r\n`);
      const text = lines.join('');
      for (let at = 0; at < text.length; at += 37) forward.write(Buffer.from(text.slice(at, at + 37)));
      port.letGo();
      await until(() => forward.waitingBytes === 0);
      const got = Buffer.concat(port.got).toString();
      expect(got.length + forward.loss.droppedBytes).toBe(text.length);
      for (const each of got.split('\r\n').slice(0, -1)) expect(lines).toContain(`${each}\r\n`);
      expect(told.length > 0).toBe(forward.loss.droppedBytes > 0);
      await forward.stop();
    }),
    {
      numRuns: 60,
      examples: [[[1, 116, 348, 1, 77, 1, 35, 183, 244, 10, 188, 52, 53, 1, 169, 1, 389, 1, 180, 199, 1]]],
    },
  );
});

it('says of which bytes nobody knows whether they arrived', async () => {
  const clock = new SimulatedClock();
  const ports = [new SlowPort(), new SlowPort()];
  const states: string[] = [];
  let dialled = 0;
  const forward = forwardBytes({
    clock,
    random: () => 0.5,
    open: async () => ports[dialled++] ?? new SlowPort(),
    state: (state) => states.push(state),
  });
  await clock.tick();
  forward.write(Buffer.from('one\r\n'));
  forward.write(Buffer.from('two\r\n'));
  ports[0]?.destroy();
  await turn();
  ports[1]?.letGo();
  await clock.tick(5_000);
  await until(() => forward.waitingBytes === 0);
  expect(Buffer.concat(ports[1]?.got ?? []).toString()).toBe('two\r\n');
  expect(forward.loss).toEqual({ droppedBytes: 0, uncertainBytes: 5 });
  expect(states).toEqual(['up', 'down', 'up']);
  await forward.stop();
});

it('writes records as Shenou does, and says which it cannot', async () => {
  const port = new SlowPort();
  port.letGo();
  const forward = forwardBytes({ clock: new SimulatedClock(), random: () => 0.5, open: async () => port });
  const record: SmdrRecord = {
    start: '2026-11-22T11:00:00',
    durationMs: 60_000,
    extension: '8101',
    direction: 'out',
    number: '013912345678',
    costMinor: 250,
    doubts: [],
    raw: '',
  };
  expect(forwardShenou(record, forward)).toBe(true);
  expect(forwardShenou({ ...record, number: '0'.repeat(40) }, forward)).toBe(false);
  await until(() => forward.waitingBytes === 0 && port.got.length > 0);
  expect(Buffer.concat(port.got).toString()).toBe(
    `T20261122110000 000100 ${' '.repeat(16)}8101    013912345678${' '.repeat(12)}08 250\r\n`,
  );
  await forward.stop();
});
