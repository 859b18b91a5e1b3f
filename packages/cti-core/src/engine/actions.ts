import type { CallAction } from '../contract/views.js';
import { connsOf, isParty, legOf } from './lookups.js';
import { nativeActions } from './native-actions.js';
import { isNative } from './native-calls.js';
import { type Service, servicesOf } from './planner.js';
import { liveRecording, mayNot } from './recording.js';
import type { Run } from './run.js';
import type { Call, Conn } from './state.js';

/**
 * What may be done with a connection now, from its state, its control and what the switch can do. On an agent's own connection: the
 * agent's services, and those of supervisors on it. On another party's: muting it, and leaving it out of a conference.
 */
export function actionsOf(run: Run, call: Call, conn: Conn): CallAction[] {
  const leg = legOf(run, conn);
  if (leg === undefined || leg.control !== 'full' || conn.leaving !== undefined || leg.clearing !== undefined)
    return [];
  if (isNative(call)) return nativeActions(run, call, { conn, leg });
  const services = servicesOf(run, leg.switchId);
  const can = (service: Service): boolean => services.has(service);
  if (!isParty(conn)) return can('clear') ? ['stopMonitor'] : [];
  // Of the others: all, those that are not being dialled any more, and those that are agents.
  let others = 0;
  let up = 0;
  let agents = 0;
  for (const other of connsOf(run, call)) {
    if (other === conn || !isParty(other) || other.leaving !== undefined) continue;
    others += 1;
    if (other.purpose === undefined) up += 1;
    if (other.agentId !== undefined) agents += 1;
  }
  if (conn.agentId === undefined) {
    const member: CallAction[] = [];
    const isUp = leg.state === 'connected' && agents > 0;
    if (isUp && can('mute')) member.push(conn.muted === undefined ? 'mute' : 'unmute');
    if (others >= 2 && can('dropParty')) member.push('dropParty');
    return member;
  }
  const actions: CallAction[] = [];
  if (conn.state === 'alerting' || conn.state === 'initiated') {
    if (conn.state === 'alerting' && can('answer')) actions.push('answer');
    if (can('clear')) actions.push(conn.purpose === 'makeSeat' ? 'clear' : 'reject');
    return actions;
  }
  if (can('clear')) actions.push('clear');
  const talking = conn.state === 'connected' && conn.hold === undefined;
  if (talking && up > 0) {
    if (can('hold')) actions.push('hold');
    if (can('mute')) actions.push(conn.muted === undefined ? 'mute' : 'unmute');
    if (can('sendDigits')) actions.push('sendDigits');
    if (call.consultedBy === undefined && call.consultOf === undefined) {
      if (can('consult')) actions.push('consult');
      if (can('blindTransfer') || can('flashTransfer')) actions.push('transfer');
    }
    if (can('addParty')) actions.push('addParty');
    if (can('toFlow') && call.consultOf === undefined) actions.push('returnToFlow');
    recordingActions(run, call, { actions, may: can('record') });
  }
  if (conn.state === 'held' && conn.hold !== 'device' && can('retrieve') && !busyElsewhere(run, conn))
    actions.push('retrieve');
  if (call.consultOf !== undefined && run.s.calls.has(call.consultOf)) {
    if (can('completeTransfer')) actions.push('completeTransfer');
    actions.push('cancelConsult');
    if (up > 0 && can('alternate')) actions.push('alternate');
    if (up > 0 && can('conference')) actions.push('conference');
  }
  if (conn.state !== 'queued' && up > 0) {
    for (const mode of ['listen', 'whisper', 'barge'] as const) if (can(mode)) actions.push(mode);
    if (can('clear')) actions.push('forceRelease');
  } else if (conn.open !== undefined && can('clear')) actions.push('forceRelease');
  actions.push('setData');
  return actions;
}

function busyElsewhere(run: Run, conn: Conn): boolean {
  const leg = legOf(run, conn);
  return (leg?.conns ?? []).some((id) => {
    const other = id === conn.id ? undefined : run.s.conns.get(id);
    return other !== undefined && other.hold === undefined && other.leaving === undefined;
  });
}

function recordingActions(run: Run, call: Call, what: { readonly actions: CallAction[]; readonly may: boolean }): void {
  if (!what.may) return;
  const recording = liveRecording(run, call);
  if (recording === undefined) {
    if (!mayNot(run, call)) what.actions.push('startRecording');
    return;
  }
  what.actions.push('stopRecording');
  if (recording.state === 'recording') what.actions.push('pauseRecording');
  if (recording.state === 'paused') what.actions.push('resumeRecording');
}
