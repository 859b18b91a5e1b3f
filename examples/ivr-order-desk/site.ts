import type { ConfigInput } from '@cordboard/cti-protocol';
import { orders } from './orders.js';

/** What the configuration of the server needs for the order desk; a route of yours leads to `{ ivr: 'orders' }`. */
export const site = {
  flows: [orders],
  groups: { kitchen: { members: ['8001', '8002', '8003'], ring: 'all' } },
} satisfies Partial<ConfigInput>;
