import type { Machine } from './table.js';

/** One offer of one queue entry to one agent. */
export type ReservationState = 'dialling' | 'alerting' | 'accepted' | 'refused' | 'withdrawn';
/** `failed`: busy, rejected, rang out, unreachable. `withdrawn`: the caller left or a person took the call elsewhere. */
export type ReservationEvent = 'alerting' | 'connected' | 'failed' | 'withdrawn';

/** Reservation. */
export const RESERVATION_MACHINE: Machine<ReservationState, ReservationEvent> = {
  name: 'reservation',
  start: 'dialling',
  end: ['accepted', 'refused', 'withdrawn'],
  table: {
    dialling: { alerting: 'alerting', connected: 'accepted', failed: 'refused', withdrawn: 'withdrawn' },
    alerting: {
      alerting: 'reject',
      connected: 'accepted',
      failed: 'refused',
      withdrawn: 'withdrawn',
    },
    accepted: { alerting: 'reject', connected: 'reject', failed: 'reject', withdrawn: 'reject' },
    refused: { alerting: 'reject', connected: 'reject', failed: 'reject', withdrawn: 'reject' },
    withdrawn: { alerting: 'reject', connected: 'reject', failed: 'reject', withdrawn: 'reject' },
  },
};
