import type { PopView } from '../contract/views.js';
import { ignore, type Machine } from './table.js';

/** `lapsed`: the claim was not acknowledged in time. `expired`: the call is over. */
export type PopEvent = 'claimed' | 'lapsed' | 'shown' | 'blocked' | 'dismissed' | 'expired';

const lapse = ignore('race:popLapse');

/** Screen pop. A blocked pop may be claimed again by a page that is allowed to open it. */
export const POP_MACHINE: Machine<PopView['state'], PopEvent> = {
  name: 'pop',
  start: 'offered',
  end: ['expired'],
  table: {
    offered: {
      claimed: 'claimed',
      lapsed: lapse,
      shown: 'reject',
      blocked: 'reject',
      dismissed: 'reject',
      expired: 'expired',
    },
    claimed: {
      claimed: 'reject',
      lapsed: 'offered',
      shown: 'shown',
      blocked: 'blocked',
      dismissed: 'dismissed',
      expired: 'expired',
    },
    shown: {
      claimed: 'reject',
      lapsed: lapse,
      shown: ignore('race:shownTwice'),
      blocked: 'reject',
      dismissed: 'dismissed',
      expired: 'expired',
    },
    blocked: {
      claimed: 'claimed',
      lapsed: lapse,
      shown: 'reject',
      blocked: ignore('race:shownTwice'),
      dismissed: 'dismissed',
      expired: 'expired',
    },
    dismissed: {
      claimed: 'reject',
      lapsed: lapse,
      shown: 'reject',
      blocked: 'reject',
      dismissed: ignore('race:shownTwice'),
      expired: 'expired',
    },
    expired: {
      claimed: 'reject',
      lapsed: lapse,
      shown: 'reject',
      blocked: 'reject',
      dismissed: 'reject',
      expired: ignore('race:popExpired'),
    },
  },
};
