import type { ConfigInput } from '@cordboard/cti-protocol';
import { bank } from './bank.js';

/** What the configuration of the server needs for the bank; a route of yours leads to `{ ivr: 'bank' }`. */
export const site = {
  flows: [bank],
  lists: { vip: ['+8613911111111'] },
  queues: { service: { name: 'Service' }, personal: { name: 'Personal' } },
  ivr: {
    // Flows reach no other service, and the key goes to no other.
    http: { allow: ['https://accounts.bank.example'] },
    secrets: { BANK_KEY: { env: 'BANK_KEY', for: ['https://accounts.bank.example'] } },
  },
} satisfies Partial<ConfigInput>;
