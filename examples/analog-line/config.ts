import { fileURLToPath } from 'node:url';
import { usbbox } from '@cordboard/adapters-usbbox';
import { defineConfig } from '@cordboard/cti-server';
import { defineIvr, hangup, menu, queue } from '@cordboard/ivr-dsl';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What callers hear: 1 for the shop, anything else as well. */
export const front = defineIvr(
  { id: 'front', languages: ['en'], prompts: { welcome: 'welcome', bye: 'bye' } },
  {
    start: menu({ say: 'welcome', keys: { 1: 'shop' }, noInput: 'shop', noMatch: 'shop' }),
    shop: queue('shop', { overflowAfter: '2m', overflow: 'bye' }),
    bye: hangup({ say: 'bye' }),
  },
);

/** One analog line. In the place of the simulated device name yours, such as `{ kind: 'v253', port: '/dev/ttyACM0' }`; the rest stays. */
const one = {
  name: 'one',
  ownNumber: '01065001000',
  phone: { extension: '8001' },
  device: {
    kind: 'simulated',
    // Somebody calls after five seconds, and again every half minute: presses 1, talks, hangs up.
    callers: [
      {
        number: '13900001111',
        name: 'LI NA',
        after: '5s',
        every: '30s',
        answered: [
          { do: 'silence', forMs: 1_000 },
          { do: 'press', digits: '1' },
          { do: 'say', forMs: 12_000 },
          { do: 'hangUp' },
        ],
      },
    ],
    // Who dials this from the desk hears ringback, and is answered after a while.
    numbers: { '13900002222': [{ do: 'ringback', cycles: 2 }, { do: 'answer' }, { do: 'say', forMs: 600_000 }] },
  },
};

/** The whole configuration: `npx cordboard serve --config examples/analog-line/config.ts`. */
export default defineConfig({
  dialPlan: {
    countryCode: '86',
    areaCode: '10',
    internal: [{ from: '8001', to: '8099' }],
    ownNumbers: [one.ownNumber],
  },
  switches: {
    box: {
      driver: usbbox({ lines: [one], language: 'en', prompts: here('prompts'), recordings: here('data/lines') }),
      defaultTrunk: 'line:one',
      callerNumber: one.ownNumber,
    },
  },
  server: { dataDir: here('data') },
  agents: { ann: { name: 'Ann', seat: '8001', queues: ['shop'] } },
  queues: {
    shop: { record: 'always', afterCallWork: '5s', popUrl: 'https://erp.example.com/c?phone={caller.number}' },
  },
  routes: [{ number: one.ownNumber, to: { ivr: front } }],
  recording: { basis: 'consentAnnounced', format: 'wav49' },
});
