import { ignore, type Machine } from './table.js';

/** A recording. `asked`: not confirmed yet. */
export type RecordingState = 'asked' | 'recording' | 'paused' | 'done' | 'failed';
/** What the switch tells of it. */
export type RecordingEvent = 'started' | 'paused' | 'resumed' | 'finished' | 'failed';

const over = ignore('fault:lateEvent');

/** Recording. */
export const RECORDING_MACHINE: Machine<RecordingState, RecordingEvent> = {
  name: 'recording',
  start: 'asked',
  end: ['done', 'failed'],
  table: {
    asked: { started: 'recording', paused: 'reject', resumed: 'reject', finished: 'done', failed: 'failed' },
    recording: {
      started: ignore('fault:doubledEvent'),
      paused: 'paused',
      resumed: ignore('race:resumedTwice'),
      finished: 'done',
      failed: 'failed',
    },
    paused: {
      started: ignore('fault:doubledEvent'),
      paused: ignore('race:pausedTwice'),
      resumed: 'recording',
      finished: 'done',
      failed: 'failed',
    },
    done: { started: over, paused: over, resumed: over, finished: over, failed: over },
    failed: { started: over, paused: over, resumed: over, finished: over, failed: over },
  },
};
