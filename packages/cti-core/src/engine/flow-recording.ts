import type { RecordingId } from '../contract/ids.js';
import type { IvrAction, IvrInput, IvrKeepsake } from '../contract/ivr-session.js';
import type { MessageRecord } from '../contract/records.js';
import { isUp } from './commands.js';
import { feedFlow } from './flows.js';
import { legOf } from './lookups.js';
import { mayNot, moveRecording, startRecording } from './recording.js';
import { count, nextId, type Run } from './run.js';
import type { Call, Conn, Flow, Recording } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** A recording that ends unasked is followed by `cleared` within this (Asterisk and FreeSWITCH: some ms). */
const LEAVING_MS = 500;

/** Records the caller of a flow. @returns what the flow is to be told at once, when nothing is recorded */
export function recordCaller(
  run: Run,
  of: { readonly call: Call; readonly flow: Flow; readonly conn: Conn },
  action: Extract<IvrAction, { type: 'record' }>,
): IvrInput | undefined {
  const { call, flow, conn } = of;
  const { turn, maxMs, minMs, box } = action;
  endRecording(run, call, flow);
  // Nothing goes out while the switch is away: the node is entered again when it is back.
  if (!isUp(run, legOf(run, conn)?.switchId ?? call.switchId)) return undefined;
  const recording = mayNot(run, call) ? undefined : startRecording(run, call, { conn, cause: 'flow' });
  if (recording === undefined) {
    const recordingId = nextId<RecordingId>(run, 'w');
    return { type: 'recorded', turn, outcome: 'failed', recordingId, durationMs: 0 };
  }
  recording.maxMs = maxMs;
  if (box !== undefined) recording.message = { box, minMs, caller: call.customer ?? call.calling };
  const timer = startTimer(run, maxMs, { do: 'recordEnd', callId: call.id, recordingId: recording.id });
  flow.recording = { recordingId: recording.id, turn, stage: 'running', timer };
  return undefined;
}

/** The flow has heard enough: the switch is asked to end it. What it has become is told when the switch has said so. */
export function stopRecording(run: Run, call: Call, flow: Flow): void {
  const { recording } = flow;
  if (recording === undefined || recording.stage !== 'running') return;
  recording.stage = 'stopping';
  stopTimer(run, recording.timer);
  recording.timer = startTimer(run, run.s.config.timers.confirmMs, {
    do: 'recordEnd',
    callId: call.id,
    recordingId: recording.recordingId,
  });
  unwant(run, call, recording.recordingId);
}

/** The flow goes on without waiting for the end of what it records; that stays what it is, a message too. */
export function endRecording(run: Run, call: Call, flow: Flow): void {
  const { recording } = flow;
  if (recording === undefined) return;
  stopTimer(run, recording.timer);
  flow.recording = undefined;
  unwant(run, call, recording.recordingId);
}

/** Nobody wants this recording to go on: it is asked to end until it has. */
export function unwant(run: Run, call: Call, recordingId: RecordingId): void {
  const recording = run.s.recordings.get(recordingId);
  if (recording === undefined || recording.state === 'done' || recording.state === 'failed') return;
  recording.unwantedMs ??= run.at;
  run.tend.add(call.id);
}

/** The time of a recording is over, or nobody has told of its end in time. */
export function recordEndFired(run: Run, call: Call, recordingId: RecordingId): void {
  const { flow } = call;
  const recording = run.s.recordings.get(recordingId);
  if (flow?.recording?.recordingId !== recordingId || recording === undefined)
    return count(run, 'ignored.timer.recording');
  if (flow.recording.stage === 'over') return goOn(run, call, recording);
  if (flow.recording.stage === 'running') return stopRecording(run, call, flow);
  const leg = run.s.legs.get(recording.legId);
  if (leg !== undefined && !isUp(run, leg.switchId)) {
    // The snapshot will say what became of it.
    flow.recording.timer = startTimer(run, run.s.config.timers.confirmMs, {
      do: 'recordEnd',
      callId: call.id,
      recordingId,
    });
    return;
  }
  if (recording.state === 'asked')
    return void moveRecording(run, recording, { event: 'failed', endedWallMs: run.wall });
  // The caller goes on; the switch is asked to end it until it has.
  keepMessage(run, recording);
  goOn(run, call, recording);
}

/** A recording of a flow has ended: it is a message if it is long enough, whoever is still there, and the flow that waits for it goes on. */
export function recordingOver(run: Run, recording: Recording): void {
  if (recording.record.cause !== 'flow') return;
  if (recording.state === 'done') keepMessage(run, recording);
  const call = run.s.calls.get(recording.callId);
  const waiting = call?.flow?.recording;
  if (call === undefined || waiting?.recordingId !== recording.id) return;
  if (waiting.stage === 'stopping' || recording.state === 'failed') return goOn(run, call, recording);
  // Nobody asked for its end: the caller is hanging up, and what comes after the node is not for one who has left.
  stopTimer(run, waiting.timer);
  waiting.stage = 'over';
  waiting.timer = startTimer(run, LEAVING_MS, { do: 'recordEnd', callId: call.id, recordingId: recording.id });
}

function goOn(run: Run, call: Call, recording: Recording): void {
  const { flow } = call;
  if (flow?.recording === undefined) return;
  const { turn, timer } = flow.recording;
  stopTimer(run, timer);
  flow.recording = undefined;
  const outcome = recording.state === 'failed' ? 'failed' : 'done';
  const durationMs = lengthOf(run, recording);
  feedFlow(run, call, { type: 'recorded', turn, outcome, recordingId: recording.id, durationMs });
}

/** What was said for long enough is in its box. Told again when the switch has measured it; what was done with it meanwhile stands. */
function keepMessage(run: Run, recording: Recording): void {
  const { message } = recording;
  const durationMs = lengthOf(run, recording);
  if (message === undefined || (message.kept === undefined && durationMs < message.minMs)) return;
  if (message.kept?.durationMs === durationMs) return;
  const { id: recordingId, callId } = recording;
  const { box, caller } = message;
  message.kept = { recordingId, callId, box, caller, leftWallMs: run.wall, state: 'new', ...message.kept, durationMs };
  tell(run, message.kept);
}

/** As the switch measured it, else by our own clock: never more than was asked for. */
function lengthOf(run: Run, { record, startedMs, maxMs, unwantedMs, untoldSinceMs }: Recording): number {
  if (record.durationMs !== undefined) return record.durationMs;
  if (startedMs === undefined) return 0;
  const untilMs = Math.min(untoldSinceMs ?? run.at, unwantedMs ?? run.at);
  return Math.max(0, Math.min(untilMs - startedMs, maxMs ?? Number.POSITIVE_INFINITY));
}

/** Changes a message of this call: throws it away, or notes the number to call back. */
export function changeMessage(run: Run, call: Call, what: Extract<IvrKeepsake, { kind: 'discard' | 'contact' }>): void {
  const recording = run.s.recordings.get(what.recordingId);
  const message = recording?.callId === call.id ? recording.message : undefined;
  if (message?.kept === undefined || message.kept.state === 'discarded') return count(run, 'ignored.message');
  message.kept =
    what.kind === 'discard' ? { ...message.kept, state: 'discarded' } : { ...message.kept, contact: what.number };
  tell(run, message.kept);
}

function tell(run: Run, value: MessageRecord): void {
  run.out.push({ kind: 'record', record: { table: 'message', key: value.recordingId, value } });
}
