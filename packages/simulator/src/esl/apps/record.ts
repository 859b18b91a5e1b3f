import { startTape } from '../switch/tape.js';
import type { App } from './app.js';

/** `record PATH [LIMIT s] [silence ...]`: records until a key, its limit or the end; the channel does nothing else meanwhile. */
const record: App = (run) => {
  const { sw, channel } = run;
  const [path = '', limit] = run.data.trim().split(/\s+/u);
  const tape = startTape(sw, channel, { path, limitS: undefined, by: 'app' });
  const terminators = channel.get('playback_terminators') ?? '*';
  const before = channel.onDigit;
  const finish = (): void => {
    cancel?.();
    channel.onDigit = before;
    tape.stop('command');
    run.done();
  };
  const cancel = Number(limit) > 0 ? sw.after(Number(limit) * 1_000, finish) : undefined;
  channel.onDigit = (digit) => {
    if (!terminators.includes(digit)) return 'left';
    channel.set('playback_terminator_used', digit);
    finish();
    return 'taken';
  };
  run.onLeave((_why, next) => {
    cancel?.();
    channel.onDigit = before;
    tape.stop('hangup');
    next();
  });
};

/** `record_session PATH`: records on while the channel does other things. */
const recordSession: App = ({ sw, channel, data, done }) => {
  const [path = ''] = data
    .trim()
    .replace(/\+\d+$/u, '')
    .split(/\s+/u);
  if (path !== '' && !channel.tapes.has(path)) startTape(sw, channel, { path, limitS: undefined, by: 'api' });
  done();
};

const stopRecordSession: App = ({ channel, data, done }) => {
  const path = data.trim();
  for (const tape of [...channel.tapes.values()]) if (path === 'all' || tape.path === path) tape.stop('command');
  done();
};

/** Recording. */
export const RECORD_APPS = {
  record,
  record_session: recordSession,
  stop_record_session: stopRecordSession,
} as const;
