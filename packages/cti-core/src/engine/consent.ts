import type { RecordingRecord } from '../contract/records.js';
import { send } from './commands.js';
import { liveRecording } from './recording.js';
import { changed, type Run } from './run.js';
import type { Call } from './state.js';

/** The key of a call's data by which flows and agents say whether the caller agrees to be recorded: `yes` or `no`. */
const KEY = 'recording.consent';

/** A stop that the switch refused or lost is asked for again after this, when something else happens to the call. */
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

/** Carries the caller's consent into the records of the recordings that run, and ends them where it was refused. */
export function obeyConsent(run: Run, call: Call): void {
  const waiting = call.consultOf === undefined ? undefined : run.s.calls.get(call.consultOf);
  if (waiting?.consent !== undefined && call.consent === undefined) call.consent = waiting.consent;
  const { consent } = call;
  const live = consent === undefined ? undefined : liveRecording(run, call);
  if (consent === undefined || live === undefined) return;
  const { record } = live;
  if (record.consent?.given !== consent.given || record.consent.atWallMs !== consent.atWallMs) {
    live.record = { ...record, consent };
    if (live.state !== 'asked') {
      run.out.push({ kind: 'record', record: { table: 'recording', key: live.id, value: live.record } });
    }
  }
  if (consent.given !== 'no' || live.state === 'asked') return;
  const leg = run.s.legs.get(live.legId);
  if (leg === undefined || (live.stopAskedMs !== undefined && run.at - live.stopAskedMs < AGAIN_MS)) return;
  const about = { switchId: leg.switchId, legId: leg.id, callId: call.id, recordingId: live.id, mode: 'stop' } as const;
  const sent = send(run, { type: 'controlRecording', connectionId: leg.id, recordingId: live.id, mode: 'stop' }, about);
  if (sent !== undefined) live.stopAskedMs = run.at;
}
