import type { Machine } from './table.js';

/**
 * One caller's way through one flow, as the engine sees it; inside `running` the interpreter walks the graph.
 * `suspended`: an agent has taken the call over; the caller may come back to where the flow stood.
 */
export type IvrSessionMachineState = 'running' | 'queued' | 'transferring' | 'suspended' | 'ended';
/**
 * `input`: a key, the end of an announcement, a timer. A flow that queues or transfers has ended all three before, so that none of them can come.
 * `taken`: by an agent of its queue; the answer to its transfer is `ended`.
 */
export type IvrSessionEvent = 'input' | 'queued' | 'transferring' | 'back' | 'taken' | 'ended';

/** IVR session. */
export const IVR_SESSION_MACHINE: Machine<IvrSessionMachineState, IvrSessionEvent> = {
  name: 'ivrSession',
  start: 'running',
  end: ['ended'],
  table: {
    running: {
      input: 'running',
      queued: 'queued',
      transferring: 'transferring',
      back: 'reject',
      taken: 'reject',
      ended: 'ended',
    },
    queued: {
      input: 'reject',
      queued: 'reject',
      transferring: 'reject',
      back: 'running',
      taken: 'suspended',
      ended: 'ended',
    },
    transferring: {
      input: 'reject',
      queued: 'reject',
      transferring: 'reject',
      back: 'running',
      taken: 'reject',
      ended: 'ended',
    },
    suspended: {
      input: 'reject',
      queued: 'reject',
      transferring: 'reject',
      back: 'running',
      taken: 'reject',
      ended: 'ended',
    },
    ended: {
      input: 'reject',
      queued: 'reject',
      transferring: 'reject',
      back: 'reject',
      taken: 'reject',
      ended: 'reject',
    },
  },
};
