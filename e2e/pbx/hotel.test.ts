import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@cordboard/driver-kit';
import { VirtualHotel } from '@cordboard/simulator';
import { afterEach, expect, test } from 'vitest';
import { until } from '../lab/wait.js';
import { PbxFloor, shows } from './floor.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

test('a guest checks in at the hotel, telephones from the room, and finds the call on the bill', async () => {
  const hotel = new VirtualHotel({ clock: systemClock, framing: 'stream' });
  const server = createServer((socket) => hotel.attach(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const folder = await mkdtemp(join(tmpdir(), 'cb-hotel-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const floor = await PbxFloor.open({
    pbx: { times: { wrapMs: 100, interDigitMs: 800 } },
    driver: {
      hotel: {
        transport: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
        timeZone: 'Asia/Shanghai',
        rooms: { list: { 101: '805', 102: '806' } },
        folder,
        charges: {
          rates: {
            currency: 'CNY',
            accessCodes: ['9'],
            rates: [{ prefix: '', kind: 'local', firstMs: 180_000, firstPrice: 22, unitMs: 60_000, unitPrice: 11 }],
          },
        },
      },
    },
  });
  ends.push(async () => hotel.detach());
  ends.push(() => floor.close());
  floor.box.outside.otherwise = { does: 'answer', ringFor: 100 };
  await until(() => hotel.isAlive, { what: 'the link to the hotel' });

  hotel.checkIn({ reservation: '4711', name: 'Doe', room: '101' });
  await until(() => floor.box.pbx.room('805')?.room.occupied === true, { what: 'the room to be let' });
  await until(() => floor.box.pbx.room('805')?.room.name === 'Doe', { what: 'the name of the guest' });

  const phone = floor.box.phone('805');
  phone.dial('966668888');
  await until(() => phone.status?.state === 'talking', { what: 'the talk', seen: () => phone.status });
  const board = await floor.board();
  await shows(board, 'extension:805', 'talking out +861066668888');
  const since = board.devices.get('kts:extension:805')?.since ?? 0;
  // A call of less than a second costs nothing.
  await until(() => board.serverNow() - since > 1_500, { what: 'a second of talk' });
  phone.hangUp();
  await until(() => hotel.charges.length === 1, { what: 'the charge', seen: () => hotel.charges });
  expect(hotel.charges[0]).toMatchObject({ room: '101', reservation: '4711', amount: 22, status: 'OK' });

  // The reception lights the lamp at the PC; the room's telephone shows it, and the page of the rooms says so.
  await floor.post('/v1/switches/kts/rooms', { type: 'messageLamp', room: 'kts:extension:805', mode: 'on' });
  expect(floor.box.pbx.room('805')?.lamp).toBe(true);
  hotel.checkOut('4711');
  await until(() => floor.box.pbx.room('805')?.room.occupied === false, { what: 'the room to be free' });
});
