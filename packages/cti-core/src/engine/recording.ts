import { type RecordingId, switchOf } from '../contract/ids.js';
import type { PhoneNumber } from '../contract/numbers.js';
import type { RecordingRecord } from '../contract/records.js';
import { RECORDING_MACHINE, type RecordingEvent } from '../machines/recording.js';
import { numberKey } from '../numbers/index.js';
import { can, send } from './commands.js';
import { recordingOver } from './flow-recording.js';
import { agentConfig, connsOf, customerConn, isParty, legOf, upParties } from './lookups.js';
import { changed, count, nextId, type Run, step } from './run.js';
import type { Call, Conn, Recording, SwitchState } from './state.js';
import { startTimer, stopTimer } from './timers.js';

const DAY_MS = 86_400_000;

/** A recording by rule that failed is begun once more after this. */
const AGAIN_MS = 1000;

/**
 * Begins what the rules ask for as soon as an agent and a customer are up (R1), and again when another agent takes the call over whose
 * calls are recorded. What somebody has stopped stays stopped for the agents who were there.
 */
export function recordByRule(run: Run, call: Call): void {
  const live = liveRecording(run, call);
  if (live !== undefined) {
    for (const conn of connsOf(run, call)) if (isAgentUp(run, conn)) conn.recorded = 'recorded';
    return;
  }
  if ((call.recordNotBeforeMs ?? 0) > run.at || !asksForIt(run, call)) return;
  const agents = connsOf(run, call).filter((conn) => isAgentUp(run, conn));
  const [first] = agents;
  if (first === undefined) return;
  const customer = customerConn(run, call, first.id);
  if (customer === undefined || legOf(run, customer)?.state !== 'connected' || mayNot(run, call)) return;
  const by = agents.find((conn) => conn.recorded === undefined && wanted(run, call, conn)) ?? first;
  const recording = startRecording(run, call, { conn: customer, agentId: by.agentId, cause: 'rule' });
  if (recording !== undefined) for (const conn of agents) conn.recorded = 'recorded';
}

function isAgentUp(run: Run, conn: Conn): boolean {
  return (
    conn.agentId !== undefined && isParty(conn) && conn.purpose === undefined && legOf(run, conn)?.state === 'connected'
  );
}

/** Is there an agent whose calls are to be recorded, and who has not been recorded in this one? */
function asksForIt(run: Run, call: Call): boolean {
  for (const conn of connsOf(run, call)) {
    if (conn.recorded === undefined && isAgentUp(run, conn) && wanted(run, call, conn)) return true;
  }
  return false;
}

/** A recording has failed: people are told, and what a rule asked for is tried once more. */
function recordingFailed(run: Run, recording: Recording): void {
  count(run, 'note.recording.failed');
  run.out.push({ kind: 'note', level: 'error', code: 'recording.failed', callId: recording.callId });
  const call = run.s.calls.get(recording.callId);
  if (call === undefined || recording.record.cause !== 'rule' || call.recordNotBeforeMs !== undefined) return;
  call.recordNotBeforeMs = run.at + AGAIN_MS;
  for (const conn of connsOf(run, call)) conn.recorded = undefined;
  startTimer(run, AGAIN_MS, { do: 'retry', callId: call.id });
}

function wanted(run: Run, call: Call, conn: Conn): boolean {
  const rule = conn.agentId === undefined ? 'never' : (agentConfig(run, conn.agentId)?.record ?? 'never');
  if (rule !== 'byQueue') return rule === 'always';
  return call.queueId !== undefined && run.ix.queues.get(call.queueId)?.record === 'always';
}

/** May this call not be recorded now? Holds against rules, agents and supervisors. */
export function mayNot(run: Run, call: Call): boolean {
  return forbiddenBy(run, call) !== undefined;
}

/** Why a call may not be recorded: the caller does not agree, or somebody who is in it, or whom it is about, has a number that is never recorded. */
export function forbiddenBy(run: Run, call: Call): 'consent' | 'neverRecord' | undefined {
  if (call.consent?.given === 'no') return 'consent';
  if (run.ix.never.size === 0) return undefined;
  if (isNever(run, call.customer)) return 'neverRecord';
  return upParties(run, call).some((conn) => isNever(run, conn.party)) ? 'neverRecord' : undefined;
}

function isNever(run: Run, number: PhoneNumber | undefined): boolean {
  const key = number === undefined ? undefined : numberKey(number);
  return key !== undefined && run.ix.never.has(key);
}

/** Records the customer's side of a call: it lasts through hold, consultation and merge. */
export function startRecording(
  run: Run,
  call: Call,
  what: { readonly conn: Conn; readonly agentId?: Conn['agentId']; readonly cause: RecordingRecord['cause'] },
): Recording | undefined {
  const leg = legOf(run, what.conn);
  if (leg === undefined || !can(run, leg.switchId, 'record')) return undefined;
  const rules = run.s.config.recording;
  // Of a caller alone there is one side to hear.
  const tracks = what.cause === 'flow' ? 'mixed' : rules.tracks;
  const recordingId = nextId<RecordingId>(run, 'w');
  const sent = send(
    run,
    { type: 'record', connectionId: leg.id, recordingId, tracks, format: rules.format },
    { switchId: leg.switchId, legId: leg.id, callId: call.id, recordingId },
  );
  if (sent === undefined) return undefined;
  const recording: Recording = {
    id: recordingId,
    callId: call.id,
    legId: leg.id,
    state: 'asked',
    record: {
      recordingId,
      callId: call.id,
      connectionId: what.conn.id,
      ...(what.agentId === undefined ? {} : { agentId: what.agentId }),
      ...(call.queueId === undefined ? {} : { queueId: call.queueId }),
      startedWallMs: run.wall,
      state: 'recording',
      files: [],
      format: rules.format,
      tracks,
      cause: what.cause,
      basis: rules.basis,
      ...(rules.announcement === undefined ? {} : { announcement: rules.announcement }),
      deleteAfterWallMs: run.wall + rules.retentionDays * DAY_MS,
      pauses: [],
    },
  };
  run.s.recordings.set(recordingId, recording);
  call.recordings.push(recordingId);
  return recording;
}

/** Moves a recording by its table and keeps its record. */
export function moveRecording(
  run: Run,
  recording: Recording,
  what: { readonly event: RecordingEvent } & Partial<RecordingRecord>,
): 'moved' | 'stayed' {
  const { event, ...more } = what;
  const next = step(run, RECORDING_MACHINE, { state: recording.state, event });
  if (next === undefined) return 'stayed';
  recording.state = next;
  const { record } = recording;
  if (event === 'started') recording.startedMs ??= run.at;
  const open = record.pauses.at(-1);
  const pauses =
    event === 'paused'
      ? [...record.pauses, { fromWallMs: run.wall }]
      : open !== undefined && open.toWallMs === undefined
        ? [...record.pauses.slice(0, -1), { ...open, toWallMs: run.wall }]
        : record.pauses;
  recording.record = {
    ...record,
    ...more,
    pauses,
    callId: recording.callId,
    state: next === 'asked' ? 'recording' : next,
  };
  run.out.push({ kind: 'record', record: { table: 'recording', key: recording.id, value: recording.record } });
  if (next === 'failed') recordingFailed(run, recording);
  if (run.s.calls.has(recording.callId)) changed(run, recording.callId, 'recording');
  if (next === 'done' || next === 'failed') recordingOver(run, recording);
  return 'moved';
}

/** The recording of a talk that runs or is paused, the latest first; what a flow records of a caller is the flow's own. */
export function liveRecording(run: Run, call: Call): Recording | undefined {
  for (let i = call.recordings.length - 1; i >= 0; i -= 1) {
    const recording = run.s.recordings.get(call.recordings[i] ?? ('' as RecordingId));
    if (recording === undefined || recording.record.cause === 'flow') continue;
    if (recording.state !== 'done' && recording.state !== 'failed') return recording;
  }
  return undefined;
}

/** The names by which every driver opens the files of a recording whose end it has not told (`CtiDriver.openRecording`). */
function filesOf({ record }: Recording): readonly string[] {
  const { recordingId, tracks, format } = record;
  const ending = format === 'wav49' ? 'WAV' : format;
  const names = tracks === 'mixed' ? [recordingId] : [`${recordingId}-in`, `${recordingId}-out`];
  return names.map((name) => `${name}.${ending}`);
}

/**
 * Nobody told of the end of a recording: it may have ended while the server or the link was away. It is not counted as failed without
 * looking: `done`, marked `unsure`, with the files that there would be; who fetches them finds out.
 */
export function closeUntold(run: Run, recording: Recording): void {
  moveRecording(run, recording, {
    event: 'finished',
    endedWallMs: run.wall,
    files: filesOf(recording),
    unsure: 'unsure',
  });
}

/** What a switch shows of recordings after a (re)connect. What is missing has ended; the driver may still tell how, for a while. */
export function catchUpRecordings(
  run: Run,
  state: Pick<SwitchState, 'id' | 'media'>,
  shown: readonly { readonly recordingId: RecordingId }[],
): void {
  const live = new Set(shown.map((one) => one.recordingId));
  for (const recording of [...run.s.recordings.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (switchOf(recording.legId) !== state.id || recording.state === 'done' || recording.state === 'failed') continue;
    if (live.has(recording.id)) {
      isHeardOf(run, recording);
      if (recording.state === 'asked') moveRecording(run, recording, { event: 'started', startedWallMs: run.wall });
    } else if (recording.state !== 'asked' || state.media !== 'up') {
      awaitWord(run, recording);
    }
  }
}

/** It runs after all: nobody waits for its last word. */
export function isHeardOf(run: Run, recording: Recording): void {
  stopTimer(run, recording.untold);
  recording.untold = undefined;
  recording.untoldSinceMs = undefined;
}

function awaitWord(run: Run, recording: Recording): void {
  if (recording.untold !== undefined) return;
  recording.untoldSinceMs = run.at;
  recording.untold = startTimer(run, LAST_WORD_MS, { do: 'recordingEnd', recordingId: recording.id });
}

/** How long after its call a recording may still be reported; then it has failed. */
const LAST_WORD_MS = 60_000;

/** The call is over. Recordings whose end has not been told stay in the model until it is, or for a minute. */
export function endRecordings(run: Run, call: Call): void {
  for (const id of call.recordings) {
    const recording = run.s.recordings.get(id);
    if (recording === undefined) continue;
    if (recording.state === 'done' || recording.state === 'failed') run.s.recordings.delete(id);
    else awaitWord(run, recording);
  }
}
