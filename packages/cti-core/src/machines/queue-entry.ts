import { ignore, type Machine } from './table.js';

/** One waiting of one call in one queue. */
export type QueueEntryState = 'waiting' | 'offered' | 'accepted' | 'abandoned' | 'overflowed' | 'withdrawn';
/** `refused`: the agent's phone was not answered; `withdrawn`: taken out by a person or a configuration. */
export type QueueEntryEvent = 'offered' | 'refused' | 'accepted' | 'abandoned' | 'overflowed' | 'withdrawn';

/** Queue entry. */
export const QUEUE_ENTRY_MACHINE: Machine<QueueEntryState, QueueEntryEvent> = {
  name: 'queueEntry',
  start: 'waiting',
  end: ['accepted', 'abandoned', 'overflowed', 'withdrawn'],
  table: {
    waiting: {
      offered: 'offered',
      refused: 'reject',
      accepted: 'reject',
      abandoned: 'abandoned',
      overflowed: 'overflowed',
      withdrawn: 'withdrawn',
    },
    offered: {
      offered: 'reject',
      refused: 'waiting',
      accepted: 'accepted',
      abandoned: 'abandoned',
      overflowed: ignore('race:overflowWhileOffered'),
      withdrawn: 'withdrawn',
    },
    accepted: {
      offered: 'reject',
      refused: 'reject',
      accepted: 'reject',
      abandoned: 'reject',
      overflowed: 'reject',
      withdrawn: 'reject',
    },
    abandoned: {
      offered: 'reject',
      refused: 'reject',
      accepted: 'reject',
      abandoned: 'reject',
      overflowed: 'reject',
      withdrawn: 'reject',
    },
    overflowed: {
      offered: 'reject',
      refused: 'reject',
      accepted: 'reject',
      abandoned: 'reject',
      overflowed: 'reject',
      withdrawn: 'reject',
    },
    withdrawn: {
      offered: 'reject',
      refused: 'reject',
      accepted: 'reject',
      abandoned: 'reject',
      overflowed: 'reject',
      withdrawn: 'reject',
    },
  },
};
