import type { ConfigInput } from '@cordboard/cti-protocol';
import { sales } from './sales.js';

/** What the configuration of the server needs for the sales line; a route of yours leads to `{ ivr: 'sales' }`. */
export const site = { flows: [sales], queues: { sales: { name: 'Sales' } } } satisfies Partial<ConfigInput>;
