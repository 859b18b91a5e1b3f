import type { ConnectionState } from '../contract/views.js';
import { ignore, type Machine } from './table.js';

/** What happens to a connection. `held` and `retrieved` are told when the switch has confirmed them. */
export type ConnectionEvent =
  | 'alerting'
  | 'connected'
  | 'held'
  | 'retrieved'
  | 'queued'
  | 'unqueued'
  | 'failed'
  | 'cleared';

const doubled = ignore('fault:eventDoubled');

/** Connection states of ECMA-269, 6.1.5; an instance begins when its device is dialled or calls in. */
export const CONNECTION_MACHINE: Machine<ConnectionState, ConnectionEvent> = {
  name: 'connection',
  start: 'initiated',
  end: ['null'],
  table: {
    initiated: {
      alerting: 'alerting',
      connected: 'connected',
      held: 'reject',
      retrieved: 'reject',
      queued: 'reject',
      unqueued: 'reject',
      failed: 'failed',
      cleared: 'null',
    },
    alerting: {
      alerting: doubled,
      connected: 'connected',
      held: 'reject',
      retrieved: 'reject',
      queued: 'reject',
      unqueued: 'reject',
      failed: 'failed',
      cleared: 'null',
    },
    connected: {
      alerting: 'reject',
      connected: doubled,
      held: 'held',
      retrieved: 'reject',
      queued: 'queued',
      unqueued: 'reject',
      failed: 'reject',
      cleared: 'null',
    },
    held: {
      alerting: 'reject',
      connected: 'reject',
      held: doubled,
      retrieved: 'connected',
      queued: 'reject',
      unqueued: 'reject',
      failed: 'reject',
      cleared: 'null',
    },
    queued: {
      alerting: 'reject',
      connected: doubled,
      held: 'held',
      retrieved: 'reject',
      queued: 'reject',
      unqueued: 'connected',
      failed: 'reject',
      cleared: 'null',
    },
    failed: {
      alerting: 'reject',
      connected: 'reject',
      held: 'reject',
      retrieved: 'reject',
      queued: 'reject',
      unqueued: 'reject',
      failed: 'reject',
      cleared: 'null',
    },
    null: {
      alerting: 'reject',
      connected: 'reject',
      held: 'reject',
      retrieved: 'reject',
      queued: 'reject',
      unqueued: 'reject',
      failed: 'reject',
      cleared: ignore('race:clearedAfterGivenUp'),
    },
  },
};
