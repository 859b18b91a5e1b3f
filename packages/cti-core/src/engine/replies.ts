import type { DriverCommandType, DriverReply } from '../contract/driver-commands.js';
import type { CallId, CommandId } from '../contract/ids.js';
import { answerRefused, keepAfterAll } from './calls.js';
import { flashFailed } from './flash.js';
import { feedFlow } from './flows.js';
import { endLeg, giveUp } from './leg-end.js';
import { clearLeg } from './legs.js';
import { callOf, connsOfLeg } from './lookups.js';
import { mediaRefused } from './media.js';
import { nativeRefused } from './native-ask.js';
import { codeOf, failOp } from './ops.js';
import { moveRecording } from './recording.js';
import { changed, count, note, type Run } from './run.js';
import type { Asked, Flow, Leg, Until } from './state.js';
import { waitsForEnd } from './supervision.js';
import { startTimer, stopTimer } from './timers.js';

/** Keys that the switch would not collect are asked for again after this: until the flow wants none any more. */
const COLLECT_AGAIN_MS = 500;

/** Takes the one answer to a driver command. */
export function driverReply(run: Run, commandId: CommandId, reply: DriverReply): void {
  const asked = run.s.asked.get(commandId);
  if (asked === undefined) return count(run, 'ignored.reply');
  run.s.asked.delete(commandId);
  if (reply.outcome === 'accepted') return accepted(run, asked);
  const leg = asked.legId === undefined ? undefined : run.s.legs.get(asked.legId);
  for (const callId of callsAskedFor(run, asked)) run.tend.add(callId);
  count(run, `refused.${asked.type}.${reply.code}`);
  failWaiting(run, asked, { commandId, reply });
  refused(run, asked, { leg, code: reply.code, commandId });
}

/** The calls that a command was about. */
function callsAskedFor(run: Run, asked: Asked): ReadonlySet<CallId> {
  const calls = new Set<CallId>(asked.callId === undefined ? [] : [asked.callId]);
  for (const legId of asked.legIds ?? (asked.legId === undefined ? [] : [asked.legId])) {
    const leg = run.s.legs.get(legId);
    for (const conn of leg === undefined ? [] : connsOfLeg(run, leg)) calls.add(conn.callId);
  }
  return calls;
}

/** The switch will do it: what it has done comes as events. Only who waits for the answer itself has something to see. */
function accepted(run: Run, asked: Asked): void {
  if (run.s.ops.size > 0) {
    for (const callId of callsAskedFor(run, asked))
      if ((run.s.calls.get(callId)?.ops.length ?? 0) > 0) run.tend.add(callId);
  }
  const recording = asked.recordingId === undefined ? undefined : run.s.recordings.get(asked.recordingId);
  if (asked.type === 'controlRecording' && recording !== undefined) {
    if (asked.mode === 'pause') moveRecording(run, recording, { event: 'paused' });
    if (asked.mode === 'resume') moveRecording(run, recording, { event: 'resumed' });
  }
  if (asked.type === 'mute' && asked.legId !== undefined) {
    const leg = run.s.legs.get(asked.legId);
    for (const conn of leg === undefined ? [] : connsOfLeg(run, leg)) {
      conn.muted = asked.mode === 'mute' ? 'muted' : undefined;
      changed(run, conn.callId, 'muted');
    }
  }
}

function refused(
  run: Run,
  asked: Asked,
  what: { readonly leg: Leg | undefined; readonly code: string; readonly commandId: CommandId },
): void {
  const { leg, code } = what;
  if (leg?.nativeRef !== undefined) return nativeRefused(run, asked, { leg, code });
  switch (asked.type) {
    case 'originate':
      return leg === undefined ? undefined : originateRefused(run, leg, code);
    case 'redirect':
      if (leg?.givenBack === undefined) return;
      if (code === 'gone') return endLeg(run, leg, { release: { cause: 'transferred' } });
      // Without the link nothing is known: it is given back, or not, after the next snapshot.
      if (code === 'linkLost') leg.clearAskedMs = undefined;
      else keepAfterAll(run, leg);
      return;
    case 'clear':
      if (leg === undefined) return;
      if (code === 'gone') return endLeg(run, leg, { release: { cause: leg.clearing ?? 'normalClearing' } });
      leg.clearAskedMs = undefined;
      return;
    case 'bridge':
    case 'unbridge':
      for (const legId of asked.legIds ?? (leg === undefined ? [] : [leg.id])) {
        const one = run.s.legs.get(legId);
        // A refusal of what a later request has overtaken says nothing of that.
        if (one?.askedBy === what.commandId) mediaRefused(run, one, asked.type);
      }
      return;
    case 'answer':
      if (leg !== undefined && leg.direction === 'incoming') {
        if (code === 'linkLost') leg.answerAsked = undefined;
        // The caller has hung up; the word of it is still on the way.
        else if (code === 'gone') endLeg(run, leg, { release: { cause: 'normalClearing' } });
        else answerRefused(run, leg);
      } else if (leg !== undefined) {
        for (const conn of connsOfLeg(run, leg)) {
          if (conn.pending !== 'answer') continue;
          conn.pending = undefined;
          changed(run, conn.callId, 'pending');
        }
      }
      return;
    case 'flash':
      if (leg?.flash?.commandId === what.commandId) flashFailed(run, leg);
      return;
    case 'holdMusic':
      return note(run, 'music.refused', asked.callId);
    case 'record':
      if (asked.recordingId !== undefined) {
        const recording = run.s.recordings.get(asked.recordingId);
        const flow = leg === undefined ? undefined : flowOf(run, leg);
        // Without the link the flow waits: its node is entered again.
        if (code === 'linkLost' && flow?.recording?.recordingId === asked.recordingId) {
          stopTimer(run, flow?.recording?.timer);
          flow.recording = undefined;
        }
        if (recording !== undefined) moveRecording(run, recording, { event: 'failed', endedWallMs: run.wall });
      }
      return note(run, 'recording.refused', asked.callId);
    case 'play': {
      const call = asked.callId === undefined ? undefined : callOf(run, asked.callId);
      const flow = call?.flow;
      if (call === undefined || flow === undefined || asked.turn === undefined || flow.playing?.turn !== asked.turn)
        return;
      flow.playing = undefined;
      return feedFlow(run, call, { type: 'playbackFinished', turn: asked.turn, outcome: 'failed' });
    }
    case 'collectDigits': {
      const flow = asked.mode === 'start' && leg !== undefined ? flowOf(run, leg) : undefined;
      if (flow?.collecting === undefined) return;
      flow.collectAgainMs = run.at + COLLECT_AGAIN_MS;
      if (asked.callId !== undefined) startTimer(run, COLLECT_AGAIN_MS, { do: 'retry', callId: asked.callId });
      return;
    }
    case 'monitor':
      if (leg !== undefined && !waitsForEnd(leg, code)) {
        for (const conn of connsOfLeg(run, leg)) conn.pending = undefined;
        clearLeg(run, leg, 'failure');
      }
      return;
    default:
      return;
  }
}

/** The flow that speaks with a leg. */
function flowOf(run: Run, leg: Leg): Flow | undefined {
  for (const conn of connsOfLeg(run, leg)) {
    const flow = run.s.calls.get(conn.callId)?.flow;
    if (flow?.connId === conn.id) return flow;
  }
  return undefined;
}

function originateRefused(run: Run, leg: Leg, code: string): void {
  if (code === 'linkLost') {
    leg.seen = leg.seen === 'yes' ? 'yes' : 'unsure';
    return;
  }
  // Its events say that it was done, whatever became of the answer.
  if (leg.seen === 'yes') return;
  if (code === 'timeout') {
    // It may ring all the same: asked to stop, and its events are turned away from now on.
    return giveUp(run, leg);
  }
  endLeg(run, leg, { release: { cause: code === 'rejected' || code === 'gone' ? 'deviceUnreachable' : 'failure' } });
}

function failWaiting(
  run: Run,
  asked: Asked,
  what: { readonly commandId: CommandId; readonly reply: Extract<DriverReply, { outcome: 'refused' }> },
): void {
  for (const callId of callsAskedFor(run, asked)) {
    const call = callOf(run, callId);
    for (const key of [...(call?.ops ?? [])]) {
      const op = run.s.ops.get(key);
      const waits = op?.until.some((until) => concerns(run, { until, asked }, what)) ?? false;
      if (op === undefined || !waits) continue;
      if (asked.type === 'clear' && what.reply.code === 'gone') continue;
      const served = call?.native !== undefined;
      const hint = asked.type === 'answer' && !served ? ': lift the phone by hand, or let it answer by itself' : '';
      const conflict = asked.type === 'answer' && !served && what.reply.code === 'conflict';
      const { native } = what.reply;
      failOp(run, op, {
        code: conflict ? 'command.notSupported' : codeOf(what.reply.code),
        message: `the switch refused ${asked.type}${hint}`,
        // What the switch itself says of it: no numbers and names are in that.
        ...(served && native !== undefined ? { details: { reason: native.slice(0, 128) } } : {}),
      });
    }
  }
}

/** Services that bring the connection which is waited for. */
const BRINGING: ReadonlySet<DriverCommandType> = new Set(['makeCall', 'unpark', 'pickUp', 'page', 'redial']);

function concerns(
  run: Run,
  about: { readonly until: Until; readonly asked: Asked },
  what: { readonly commandId: CommandId; readonly reply: Extract<DriverReply, { outcome: 'refused' }> },
): boolean {
  const { until, asked } = about;
  switch (until.is) {
    case 'asked':
    case 'reply':
      return until.commandId === what.commandId;
    case 'seen':
      return (asked.type === 'originate' || BRINGING.has(asked.type)) && until.legId === asked.legId;
    case 'up':
      return (asked.type === 'originate' || asked.type === 'answer') && until.legId === asked.legId;
    case 'legGone':
      return (asked.type === 'clear' || asked.type === 'flash') && until.legId === asked.legId;
    case 'recording':
      return asked.recordingId === until.recordingId;
    case 'monitoring':
      return asked.type === 'monitor' && until.legId === asked.legId;
    case 'state':
      // In conflict with what the switch is still doing: asked again.
      if (what.reply.code === 'conflict') return false;
      return asked.type === (until.state === 'held' ? 'unbridge' : 'bridge') && isLatest(run, asked, what.commandId);
    case 'talking':
      return asked.type === 'bridge';
    case 'connGone':
    case 'parked':
    case 'joined':
    case 'newPart':
      return false;
  }
}

/** Is it what was asked of its legs last? */
function isLatest(run: Run, asked: Asked, commandId: CommandId): boolean {
  const legs = asked.legIds ?? (asked.legId === undefined ? [] : [asked.legId]);
  return legs.some((legId) => run.s.legs.get(legId)?.askedBy === commandId);
}
