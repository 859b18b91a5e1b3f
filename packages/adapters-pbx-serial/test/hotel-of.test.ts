import { asId, deviceId, isCtiError, type RoomCommand, type SwitchId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { serialPbx } from '@cordboard/simulator';
import { expect, it } from 'vitest';
import { createPbxSerialDriver } from '../src/index.js';
import { randomOf } from './kts/line.js';

const main = asId<SwitchId>('main');
const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const room = deviceId(main, 'extension', '801');

it.each(['kts-bin/1', 'kts-ascii/1'] as const)(
  'a PBX that speaks %s does what a hotel asks, and says what it refuses',
  async (profile) => {
    const clock = new SimulatedClock();
    const sim = serialPbx({ clock, profile, extensions: 8, lines: 4 });
    sim.start();
    const wait = async (ms: number): Promise<void> => {
      for (let at = 0; at < ms; at += 50) {
        await clock.tick(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const driver = createPbxSerialDriver({ profile, transport: { open: async () => sim.hostEnd() } })(main, {
      clock,
      random: randomOf(4),
      log: LOG,
    });
    const { signal } = new AbortController();
    await driver.start(() => undefined, { signal });
    const hotel = driver.facets?.hotel;
    if (hotel === undefined) throw new Error('no rooms');
    const ask = async (command: RoomCommand): Promise<string> => {
      const done = hotel.carryOut(command, { signal }).then(
        () => 'done',
        (error: unknown) => (isCtiError(error) ? `${error.code} ${error.details.native ?? ''}` : String(error)),
      );
      await wait(1_000);
      return done;
    };
    await wait(5_000);
    const memory = sim.pbx.memory.port(1);
    expect(await ask({ type: 'checkIn', room, classOfService: 3, name: '张'.repeat(40) })).toBe('done');
    expect(memory.room).toMatchObject({ occupied: true, classOfService: 3, name: '张'.repeat(21) });
    expect(await ask({ type: 'checkIn', room })).toBe('driver.refused wrongstate');
    expect(await ask({ type: 'classOfService', room, classOfService: 2 })).toBe('done');
    expect(await ask({ type: 'classOfService', room, classOfService: 9 })).toBe('driver.refused range');
    expect(await ask({ type: 'name', room, name: 'Müller' })).toBe('done');
    expect(memory.room).toMatchObject({ classOfService: 2, name: 'Müller' });
    expect(await ask({ type: 'messageLamp', room, mode: 'on' })).toBe('done');
    expect(memory.lamp).toBe(true);
    expect(await ask({ type: 'messageLamp', room, mode: 'off' })).toBe('done');
    expect(memory.lamp).toBe(false);
    expect(await ask({ type: 'doNotDisturb', room, mode: 'on' })).toBe('done');
    expect(sim.pbx.extension('801')?.dnd).toBe(true);
    for (const [at, status] of (
      ['cleanVacant', 'cleanOccupied', 'dirtyVacant', 'dirtyOccupied', 'inspected', 'outOfOrder'] as const
    ).entries()) {
      expect(await ask({ type: 'roomStatus', room, status })).toBe('done');
      expect(memory.room.status).toBe(at + 1);
    }
    const tomorrow = new Date(sim.pbx.now() + 86_400_000).toISOString().slice(0, 19);
    expect(await ask({ type: 'wakeUp', room, at: tomorrow, repeat: 'daily' })).toBe('done');
    expect(memory.wake).toEqual({ at: Date.parse(`${tomorrow}Z`), daily: true });
    expect(await ask({ type: 'wakeUpClear', room })).toBe('done');
    expect(memory.wake).toBeUndefined();
    expect(await ask({ type: 'wakeUp', room, at: '2001-01-01T00:00:00' })).toBe('driver.refused range');
    expect(await ask({ type: 'move', room, to: deviceId(main, 'extension', '803') })).toBe('done');
    expect(sim.pbx.memory.port(3).room).toMatchObject({ occupied: true, name: 'Müller' });
    expect(await ask({ type: 'checkOut', room: deviceId(main, 'extension', '803') })).toBe('done');
    expect(sim.pbx.memory.port(3).room.occupied).toBe(false);
    expect(await ask({ type: 'checkOut', room: deviceId(main, 'extension', '999') })).toBe('driver.refused nodevice');
    expect(await ask({ type: 'checkOut', room: deviceId(main, 'line', '1') })).toBe('argument.invalid ');
    const stopped = driver.stop();
    await wait(2_000);
    await stopped;
    expect(await ask({ type: 'checkOut', room })).toBe('driver.linkLost ');
    await sim.close();
  },
);
