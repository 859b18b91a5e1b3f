import { ignore, type Machine } from './table.js';

/** A recording. `asked`: not confirmed yet. */
export type RecordingState = 'asked' | 'recording' | 'paused' | 'done' | 'failed';
/** What the switch tells of it. */
export type RecordingEvent = 'started' | 'paused' | 'resumed' | 'finished' | 'failed';

/** Recording. */
export const RECORDING_MACHINE: Machine<RecordingState, RecordingEvent> = {
  name: 'recording',
  start: 'asked',
  end: ['done', 'failed'],
  table: {
    // A pause may be confirmed before the switch tells that the recording began.
    asked: { started: 'recording', paused: 'paused', resumed: 'reject', finished: 'done', failed: 'failed' },
    recording: {
      started: ignore('fault:eventDoubled'),
      paused: 'paused',
      resumed: ignore('race:resumedTwice'),
      finished: 'done',
      failed: 'failed',
    },
    paused: {
      started: ignore('race:pausedBeforeStarted'),
      paused: ignore('race:pausedTwice'),
      resumed: 'recording',
      finished: 'done',
      failed: 'failed',
    },
    done: {
      started: 'reject',
      paused: 'reject',
      resumed: 'reject',
      finished: ignore('fault:eventDoubled'),
      failed: 'reject',
    },
    failed: { started: 'reject', paused: 'reject', resumed: 'reject', finished: 'reject', failed: 'reject' },
  },
};
