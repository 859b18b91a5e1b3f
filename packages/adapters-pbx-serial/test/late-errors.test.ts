import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { asId, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forwardBytes, startHotelBridge } from '../src/hotel/index.js';
import { createPbxSerialDriver, type OpenTransport, openSmdrIntake, pbxRooms } from '../src/index.js';
import { openTcp } from '../src/profile/index.js';

const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const main = asId<SwitchId>('main');
const base = { clock: systemClock, random: () => 0.5 };
const host = { ...base, log: LOG };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-late-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A port that takes everything and answers nothing. */
class MutePort extends Duplex {
  override _read(): void {
    // Nothing ever comes.
  }
  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    done();
  }
}

/** Whatever opens a port; `start` resolves with what ends it. */
const HOLDERS: Readonly<Record<string, (open: OpenTransport) => Promise<() => Promise<unknown>>>> = {
  'a driver of kts-1': async (open) => {
    const driver = createPbxSerialDriver({ profile: 'kts-bin/1', transport: { open } })(main, host);
    const abort = new AbortController();
    void driver.start(() => undefined, { signal: abort.signal }).catch(() => undefined);
    return () => driver.stop();
  },
  'a bridge to a hotel': async (open) => {
    const pbx = { carryOut: async () => undefined, listen: () => () => undefined };
    const transport = { framing: 'serial', open } as const;
    const options = { folder, timeZone: 'UTC', rooms: { prefix: '8' }, transport };
    const run = await startHotelBridge({ ...base, pbx, switchId: main, told: () => undefined, options });
    return () => run.stop();
  },
  'an intake of call records': async (open) => {
    const intake = openSmdrIntake({ ...base, open, format: 'kx-td', timeZone: 'UTC', sink: {} });
    intake.start();
    return () => intake.stop();
  },
  'a second port': async (open) => {
    const forward = forwardBytes({ ...base, open });
    return () => forward.stop();
  },
  'a driver of rooms': async (open) => {
    const rooms = { profile: 'shenou-uso', transport: { open }, timeZone: 'UTC', records: folder } as const;
    const driver = pbxRooms({ ...rooms, guestClass: 2, vacantClass: 6 })(main, host);
    const abort = new AbortController();
    void driver.start(() => undefined, { signal: abort.signal }).catch(() => undefined);
    return () => driver.stop();
  },
};

describe('a port that tells an error after it was let go of', () => {
  it.each(Object.entries(HOLDERS))('does not end the process: %s', async (_, hold) => {
    const port = new MutePort();
    let tell: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const stop = await hold(async () => {
      // Who asked has it when the event loop has turned.
      setImmediate(tell);
      return port;
    });
    await opened;
    const closed = once(port, 'close');
    await stop();
    await closed;
    expect(() => port.emit('error', new Error('EIO'))).not.toThrow();
  });

  it('does not end the process: nobody holds it yet', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const socket = await openTcp({ host: '127.0.0.1', port: address.port })(new AbortController().signal);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    expect(() => socket.destroy(new Error('EIO'))).not.toThrow();
    await closed;
    await new Promise((resolve) => server.close(resolve));
  });
});
