import type { ReleaseCause } from '../contract/causes.js';
import type { AgentId, FlowId, IvrSessionId, PlaybackId, QueueId } from '../contract/ids.js';
import type { IvrAction, IvrInput } from '../contract/ivr-session.js';
import { createIvrSession, stepIvr } from '../ivr/index.js';
import { appended, MAX_PATH } from '../ivr/run.js';
import { IVR_SESSION_MACHINE, type IvrSessionEvent } from '../machines/ivr-session.js';
import { refuse } from './calls.js';
import { send } from './commands.js';
import { noteConsent } from './consent.js';
import { agentGoal, dial, goalOf } from './dial.js';
import { stopDialling } from './dialled.js';
import { flashTo, flashTransfer } from './flash.js';
import { endRinging, memberFailed, resultOf, ringGroup } from './flow-group.js';
import { askWorld, forgetQuestion } from './flow-questions.js';
import { endRecording, recordCaller, stopRecording } from './flow-recording.js';
import { keepGraph, placeOf, worldOf } from './flow-world.js';
import { keep } from './keepsakes.js';
import { release } from './legs.js';
import { connsOf, legOf } from './lookups.js';
import { takeOut } from './media.js';
import { joinQueue } from './queues.js';
import { changed, isFailure, nextId, type Run, step } from './run.js';
import type { Call, Conn, Flow } from './state.js';
import { startTimer, stopTimer } from './timers.js';
import { backToQueue } from './transfers.js';

/** Sends one connection of a call into a flow. It begins when the connection is up. */
export function startFlow(
  run: Run,
  call: Call,
  what: { readonly conn: Conn; readonly flow: FlowId; readonly returnTo?: Conn['id'] | undefined },
): void {
  const graph = run.ix.flows.get(what.flow);
  if (graph === undefined) return refuse(run, call, { conn: what.conn, cause: 'failure' });
  keepGraph(run, graph);
  if (call.flow !== undefined) endFlow(run, call);
  const id = nextId<IvrSessionId>(run, 'i');
  call.flow = {
    id,
    machine: 'running',
    state: createIvrSession(graph, worldOf(run, call, id).context, { variables: call.data }),
    connId: what.conn.id,
    returnTo: what.returnTo,
  };
  changed(run, call.id, 'flow');
  const leg = legOf(run, what.conn);
  if (leg?.state !== 'connected') return;
  // Before the first word: whoever is taken out of a bridge loses what is being said to them.
  takeOut(run, leg);
  feedFlow(run, call, { type: 'start' });
}

/** Tells a flow something and does what it asks for. `back`: the call comes back to it from a queue or a transfer. */
export function feedFlow(run: Run, call: Call, told: IvrInput | { readonly back: IvrInput }): void {
  const { flow } = call;
  if (flow === undefined) return;
  if ('back' in told) {
    if (move(run, flow, 'back') === 'moved') stepFlow(run, { call, flow }, told.back);
  } else if (move(run, flow, 'input') === 'moved') stepFlow(run, { call, flow }, told);
}

function stepFlow(run: Run, of: { readonly call: Call; readonly flow: Flow }, input: IvrInput): void {
  const { call, flow } = of;
  const before = flow.state;
  const { state, actions } = stepIvr(before, input, worldOf(run, call, flow.id));
  flow.state = state;
  if (flow.asked !== undefined && flow.asked.visit !== state.visit) forgetQuestion(run, flow);
  if (state.node !== before.node || state.flow !== before.flow) changed(run, call.id, 'flow');
  let heard: IvrInput[] | undefined;
  for (const action of actions) {
    // An action may have ended the session (hang-up, transfer): what follows it belongs to nobody.
    if (call.flow !== flow) return;
    const said = act(run, of, action);
    if (said === undefined) continue;
    heard ??= [];
    heard.push(said);
  }
  if (heard === undefined) return;
  for (const said of heard) if (call.flow === flow) feedFlow(run, call, said);
}

function move(run: Run, flow: Flow, event: IvrSessionEvent): 'moved' | 'stayed' {
  const next = step(run, IVR_SESSION_MACHINE, { state: flow.machine, event });
  if (next === undefined) return 'stayed';
  flow.machine = next;
  return 'moved';
}

/** Does one thing that a flow asks for. @returns what the flow hears of it at once */
function act(run: Run, of: { readonly call: Call; readonly flow: Flow }, action: IvrAction): IvrInput | undefined {
  const { call, flow } = of;
  const conn = run.s.conns.get(flow.connId);
  const leg = conn === undefined ? undefined : legOf(run, conn);
  if (conn === undefined || leg === undefined) return undefined;
  const callId = call.id;
  const { id: legId, switchId } = leg;
  switch (action.type) {
    case 'play': {
      const playbackId = nextId<PlaybackId>(run, 'y');
      const { turn, media } = action;
      flow.playing = { playbackId, turn };
      send(run, { type: 'play', connectionId: legId, playbackId, media }, { switchId, legId, callId, turn });
      return undefined;
    }
    case 'stopPlay': {
      if (flow.playing === undefined) return undefined;
      const { playbackId } = flow.playing;
      send(run, { type: 'stopPlay', connectionId: legId, playbackId }, { switchId, legId, callId });
      flow.playing = undefined;
      return undefined;
    }
    case 'setTimer': {
      stopTimer(run, flow.timer?.timerId);
      const { turn, inMs } = action;
      flow.timer = { timerId: startTimer(run, inMs, { do: 'ivr', callId, turn }), turn };
      return undefined;
    }
    case 'cancelTimer':
      stopTimer(run, flow.timer?.timerId);
      flow.timer = undefined;
      return undefined;
    case 'collectDigits': {
      const { mode } = action;
      flow.collecting = mode === 'start' ? 'collecting' : undefined;
      send(run, { type: 'collectDigits', connectionId: legId, mode }, { switchId, legId, callId, mode });
      return undefined;
    }
    case 'ask':
      askWorld(run, of, action);
      return undefined;
    case 'record':
      return recordCaller(run, { call, flow, conn }, action);
    case 'stopRecord':
      if (flow.recording?.turn === action.turn) stopRecording(run, call, flow);
      return undefined;
    case 'keep':
      keep(run, call, action.what);
      return undefined;
    case 'enqueue': {
      move(run, flow, 'queued');
      const queueId = action.queue as QueueId;
      const how = {
        queueId,
        origin: 'flow' as const,
        priority: action.priority,
        overflowAfterMs: action.overflowAfterMs,
      };
      if (joinQueue(run, call, how) !== 'joined')
        feedFlow(run, call, { back: { type: 'queueResult', result: 'full' } });
      return undefined;
    }
    case 'transfer':
      move(run, flow, 'transferring');
      transfer(run, call, action);
      return undefined;
    case 'setData':
      // Never in place: views that were told hold the same object.
      call.data = { ...call.data, ...action.data };
      noteConsent(run, call, { data: action.data, by: 'flow' });
      changed(run, callId, 'data');
      return undefined;
    case 'visited': {
      call.ivrPath = appended(call.ivrPath, placeOf(run, action.flow, action.node), MAX_PATH);
      changed(run, callId, 'flow');
      return undefined;
    }
    case 'end':
      flowOver(run, call, { flow, conn, reason: action.reason });
      return undefined;
  }
}

function flowOver(
  run: Run,
  call: Call,
  what: { readonly flow: Flow; readonly conn: Conn; readonly reason: 'hangup' | 'end' | 'return' },
): void {
  const { flow, conn, reason } = what;
  const back = flow.returnTo === undefined ? undefined : run.s.conns.get(flow.returnTo);
  if (reason !== 'hangup' && back !== undefined && back.leaving === undefined) {
    endFlow(run, call);
    back.hold = undefined;
    back.pending = 'retrieve';
    return;
  }
  if (reason !== 'hangup' && flow.returnTo !== undefined && call.lastEntry !== undefined) {
    endFlow(run, call);
    return backToQueue(run, call, { backTo: call.lastEntry, cause: 'normalClearing' });
  }
  refuse(run, call, { conn, cause: 'normalClearing' });
  endFlow(run, call);
}

/** Somebody else talks with the caller now: the agent who sent them into the flow does not get them back. */
function handOver(run: Run, flow: Flow): void {
  const conn = flow.returnTo === undefined ? undefined : run.s.conns.get(flow.returnTo);
  flow.returnTo = undefined;
  if (conn !== undefined) release(run, conn, 'transferred');
}

/** Does a flow have the caller now: saying, waiting in its queue, or dialling for them? */
export function inFlow(call: Call): boolean {
  return call.flow !== undefined && call.flow.machine !== 'suspended' && call.flow.machine !== 'ended';
}

function transfer(run: Run, call: Call, action: Extract<IvrAction, { type: 'transfer' }>): void {
  const { to } = action;
  const { flow } = call;
  if (to.kind === 'group') {
    const result = flow === undefined ? undefined : ringGroup(run, { call, flow }, action);
    if (result !== undefined) feedFlow(run, call, { back: { type: 'transferResult', result } });
    return;
  }
  if (to.kind !== 'agent') {
    const flash = flashTo(run, call, to.number);
    if (flash !== undefined && flashTransfer(run, call, { ...flash, by: 'system', to: to.number }) === 'asked') return;
  }
  const goal = to.kind === 'agent' ? agentGoal(run, to.agent as AgentId) : goalOf(run, to.number);
  // An own number that leads to a queue. One that leads to a flow is not followed: flows could send a call round for ever.
  if (!isFailure(goal) && goal.kind === 'queue') {
    if (joinQueue(run, call, { queueId: goal.queueId, origin: 'route' }) === 'joined') return endFlow(run, call);
  }
  if (isFailure(goal) || goal.kind !== 'device') {
    const result = isFailure(goal) && goal.fail === 'agent.state' ? 'busy' : 'failed';
    feedFlow(run, call, { back: { type: 'transferResult', result } });
    return;
  }
  const ringMs = action.ringTimeoutMs ?? run.s.config.timers.ringMs;
  dial(run, call, { goal, ring: { purpose: 'flow', ringMs, from: call.calling, fromName: call.callingName } });
}

/** The goal of a flow's transfer has answered: the flow is over. */
export function flowTransferDone(run: Run, call: Call): void {
  // Phones that rang beside it have missed nothing.
  for (const conn of connsOf(run, call)) if (conn.purpose === 'flow') conn.spared = 'spared';
  if (call.flow !== undefined) handOver(run, call.flow);
  endFlow(run, call);
}

/** The goal of a flow's transfer was not reached: the flow goes on. */
export function flowTransferFailed(run: Run, call: Call, cause: ReleaseCause): void {
  if (call.flow?.machine !== 'transferring') return;
  if (call.flow.ringing !== undefined) return memberFailed(run, call, cause);
  feedFlow(run, call, { back: { type: 'transferResult', result: resultOf(cause) } });
}

/** An agent has taken the call over: the flow keeps its place, for the way back. */
export function endFlowTaken(run: Run, call: Call): void {
  const { flow } = call;
  if (flow === undefined || flow.machine === 'suspended') return;
  if (flow.machine !== 'queued') return flowTransferDone(run, call);
  silence(run, call, flow);
  handOver(run, flow);
  move(run, flow, 'taken');
}

/** The flow of a call is over. */
export function endFlow(run: Run, call: Call): void {
  const { flow } = call;
  if (flow === undefined) return;
  silence(run, call, flow);
  move(run, flow, 'ended');
  call.flow = undefined;
  stopDialling(run, call, 'flow');
  changed(run, call.id, 'flow');
}

function silence(run: Run, call: Call, flow: Flow): void {
  stopTimer(run, flow.timer?.timerId);
  flow.timer = undefined;
  forgetQuestion(run, flow);
  endRecording(run, call, flow);
  endRinging(run, flow);
  const conn = connsOf(run, call).find((one) => one.id === flow.connId);
  const leg = conn === undefined ? undefined : legOf(run, conn);
  if (leg === undefined || leg.clearing !== undefined) return;
  const callId = call.id;
  const { id: legId, switchId } = leg;
  if (flow.playing !== undefined) {
    const { playbackId } = flow.playing;
    send(run, { type: 'stopPlay', connectionId: legId, playbackId }, { switchId, legId, callId });
  }
  flow.playing = undefined;
  if (flow.collecting !== undefined)
    send(run, { type: 'collectDigits', connectionId: legId, mode: 'stop' }, { switchId, legId, callId, mode: 'stop' });
  flow.collecting = undefined;
}
