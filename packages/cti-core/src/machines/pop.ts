import type { PopView } from '../contract/views.js';
import type { Machine } from './table.js';

/** `lapsed`: the claim was not acknowledged in time. `expired`: the call is over. */
export type PopEvent = 'claimed' | 'lapsed' | 'shown' | 'blocked' | 'dismissed' | 'expired';

/** Screen pop. A blocked pop may be claimed again by a page that is allowed to open it. */
export const POP_MACHINE: Machine<PopView['state'], PopEvent> = {
  name: 'pop',
  start: 'offered',
  end: ['expired'],
  table: {
    offered: {
      claimed: 'claimed',
      lapsed: 'reject',
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
      lapsed: 'reject',
      shown: 'reject',
      blocked: 'reject',
      dismissed: 'dismissed',
      expired: 'expired',
    },
    blocked: {
      claimed: 'claimed',
      lapsed: 'reject',
      shown: 'reject',
      blocked: 'reject',
      dismissed: 'dismissed',
      expired: 'expired',
    },
    dismissed: {
      claimed: 'reject',
      lapsed: 'reject',
      shown: 'reject',
      blocked: 'reject',
      dismissed: 'reject',
      expired: 'expired',
    },
    expired: {
      claimed: 'reject',
      lapsed: 'reject',
      shown: 'reject',
      blocked: 'reject',
      dismissed: 'reject',
      expired: 'reject',
    },
  },
};
