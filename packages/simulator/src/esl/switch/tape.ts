import type { Channel, RunningTape } from './channel.js';
import type { EslSwitch } from './esl-switch.js';

const SAMPLES_PER_MS = 8;
const WAV_HEAD_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

/** A recording of a channel: RECORD_START, MEDIA_BUG_START, and their ends. Its causes of completion mislead as the real ones do (freeswitch.md 40). */
export function startTape(
  sw: EslSwitch,
  channel: Channel,
  how: { readonly path: string; readonly limitS: number | undefined; readonly by: 'api' | 'app' },
): RunningTape {
  const { path, by } = how;
  const startedMs = sw.clock.nowMs();
  const isBug = by === 'api';
  const bug = [
    ['Media-Bug-Function', 'session_record'],
    ['Media-Bug-Target', path],
  ] as const;
  let cancel: (() => void) | undefined;
  const tape: RunningTape = {
    path,
    startedMs,
    bugId: sw.identity.uuid(),
    stop: (why) => {
      if (channel.tapes.get(path) !== tape) return;
      channel.tapes.delete(path);
      cancel?.();
      const ms = Math.round(sw.clock.nowMs() - startedMs);
      const samples = ms * SAMPLES_PER_MS;
      const cause = why === 'hangup' ? 'success-silence' : 'success-maxtime';
      channel.fill({
        record_file_size: String(WAV_HEAD_BYTES + samples * BYTES_PER_SAMPLE),
        record_samples: String(samples),
        record_seconds: String(Math.floor(ms / 1_000)),
        record_ms: String(ms),
      });
      if (isBug) channel.set('record_completion_cause', cause);
      sw.options.keepRecording(path, ms);
      sw.tell(channel, 'RECORD_STOP', {
        source: isBug ? 'RECORD_STOP' : 'RECORD_STOP_APP',
        trail: [['Record-File-Path', path], ...(isBug ? [['Record-Completion-Cause', cause] as const] : [])],
      });
      if (isBug) sw.tell(channel, 'MEDIA_BUG_STOP', { lead: bug });
    },
  };
  channel.tapes.set(path, tape);
  sw.tell(channel, 'RECORD_START', {
    source: isBug ? 'RECORD_START' : 'RECORD_START_APP',
    trail: [['Record-File-Path', path]],
  });
  if (isBug) sw.tell(channel, 'MEDIA_BUG_START', { lead: bug });
  if (how.limitS !== undefined) cancel = sw.after(how.limitS * 1_000, () => tape.stop('limit'));
  return tape;
}
