import type { ConnectionState } from '../contract/views.js';
import { ignore, type Machine } from './table.js';

/** What happens to a connection. `held`, `retrieved` and `queued` are told when the switch has confirmed them. */
export type ConnectionEvent = 'alerting' | 'connected' | 'held' | 'retrieved' | 'queued' | 'failed' | 'cleared';

const doubled = ignore('fault:doubledEvent');
const late = ignore('fault:reorderedEvent');
const afterEnd = ignore('fault:lateEvent');

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
      queued: 'queued',
      failed: 'failed',
      cleared: 'null',
    },
    alerting: {
      alerting: doubled,
      connected: 'connected',
      held: 'reject',
      retrieved: 'reject',
      queued: 'queued',
      failed: 'failed',
      cleared: 'null',
    },
    connected: {
      alerting: late,
      connected: doubled,
      held: 'held',
      retrieved: ignore('fault:phoneHold'),
      queued: 'queued',
      failed: 'failed',
      cleared: 'null',
    },
    held: {
      alerting: late,
      connected: doubled,
      held: ignore('fault:phoneHold'),
      retrieved: 'connected',
      queued: 'queued',
      failed: 'failed',
      cleared: 'null',
    },
    queued: {
      alerting: late,
      connected: 'connected',
      held: 'held',
      retrieved: 'connected',
      queued: ignore('race:queuedAgain'),
      failed: 'failed',
      cleared: 'null',
    },
    failed: {
      alerting: late,
      connected: late,
      held: 'reject',
      retrieved: 'reject',
      queued: 'reject',
      failed: doubled,
      cleared: 'null',
    },
    null: {
      alerting: afterEnd,
      connected: afterEnd,
      held: afterEnd,
      retrieved: afterEnd,
      queued: 'reject',
      failed: 'reject',
      cleared: ignore('trace:asterisk/ari-duplicate-events'),
    },
  },
};
