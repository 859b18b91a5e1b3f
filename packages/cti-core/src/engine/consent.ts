import type { RecordingRecord } from '../contract/records.js';
import { send } from './commands.js';
import { forbiddenBy, liveRecording } from './recording.js';
import { changed, type Run } from './run.js';
import type { Call, Recording } from './state.js';
import { startTimer } from './timers.js';

/** The key of a call's data by which flows and agents say whether the caller agrees to be recorded: `yes` or `no`. */
const KEY = 'recording.consent';

/** A stop that the switch refused or lost is asked for again after this. */
const AGAIN_MS = 5000;

/** Keeps what data that has just been set says of the caller's consent. Any other text than `yes` or `no` says nothing. */
export function noteConsent(
  run: Run,
  call: Call,
  what: {
    readonly data: Readonly<Record<string, string>>;
    readonly by: NonNullable<RecordingRecord['consent']>['by'];
  },
): void {
  const given = Object.hasOwn(what.data, KEY) ? what.data[KEY] : undefined;
  if ((given !== 'yes' && given !== 'no') || call.consent?.given === given) return;
  call.consent = { given, atWallMs: run.wall, by: what.by };
  changed(run, call.id, 'recording');
}

/** Carries the caller's consent into the records of the recordings that run. */
export function obeyConsent(run: Run, call: Call): void {
  const waiting = call.consultOf === undefined ? undefined : run.s.calls.get(call.consultOf);
  if (waiting?.consent !== undefined && call.consent === undefined) call.consent = waiting.consent;
  const { consent } = call;
  const live = consent === undefined ? undefined : liveRecording(run, call);
  if (consent === undefined || live === undefined) return;
  const { record } = live;
  if (record.consent?.given !== consent.given || record.consent.atWallMs !== consent.atWallMs) {
    live.record = { ...record, consent };
    if (live.state !== 'asked') keep(run, live);
  }
}

/**
 * Ends the recordings of a call that may not be recorded (any more), and those that nobody wants any more. Before its parties are joined: not a word of the
 * newcomer is kept.
 */
export function stopForbidden(run: Run, call: Call): void {
  if (call.recordings.length === 0) return;
  const reason = forbiddenBy(run, call);
  for (const id of call.recordings) {
    const recording = run.s.recordings.get(id);
    if (recording === undefined || (reason === undefined && recording.unwantedMs === undefined)) continue;
    const runs = recording.state === 'recording' || recording.state === 'paused';
    if (runs || (recording.state === 'asked' && recording.unwantedMs !== undefined))
      stop(run, call, { recording, reason });
  }
}

function stop(
  run: Run,
  call: Call,
  what: { readonly recording: Recording; readonly reason: 'consent' | 'neverRecord' | undefined },
): void {
  const { recording, reason } = what;
  const leg = run.s.legs.get(recording.legId);
  if (
    leg === undefined ||
    leg.clearing !== undefined ||
    (recording.stopAskedMs !== undefined && run.at - recording.stopAskedMs < AGAIN_MS)
  )
    return;
  const sent = send(
    run,
    { type: 'controlRecording', connectionId: leg.id, recordingId: recording.id, mode: 'stop' },
    { switchId: leg.switchId, legId: leg.id, callId: call.id, recordingId: recording.id, mode: 'stop' },
  );
  if (sent === undefined) return;
  recording.stopAskedMs = run.at;
  startTimer(run, AGAIN_MS, { do: 'retry', callId: call.id });
  if (reason === undefined || recording.record.stopped !== undefined) return;
  recording.record = { ...recording.record, stopped: { reason, atWallMs: run.wall } };
  keep(run, recording);
}

function keep(run: Run, { id, record }: Recording): void {
  run.out.push({ kind: 'record', record: { table: 'recording', key: id, value: record } });
}
