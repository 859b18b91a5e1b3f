// A bridge in a process of its own, to be killed: hands in the same calls at each start, as a PBX does that was not told to forget them.
import process from 'node:process';
import { asId, type HotelFacet, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { startHotelBridge } from '../../src/hotel/index.js';

const [folder = '', port = '', calls = ''] = process.argv.slice(2);
const pbx: HotelFacet = { carryOut: async () => undefined, listen: () => () => undefined };
const running = await startHotelBridge({
  clock: systemClock,
  random: Math.random,
  pbx,
  switchId: asId<SwitchId>('main'),
  told: () => undefined,
  options: {
    folder,
    timeZone: 'UTC',
    rooms: { prefix: '8' },
    resync: 'never',
    transport: { host: '127.0.0.1', port: Number(port) },
  },
});
for (let call = 1; call <= Number(calls); call++) {
  await running.bridge.charge(
    {
      start: '2026-11-22T11:00:00',
      durationMs: 60_000,
      extension: '8101',
      direction: 'out',
      number: '013912345678',
      costMinor: call,
      doubts: [],
      raw: '',
    },
    `7.${call}`,
  );
  process.stdout.write(`kept ${call}\n`);
}
