import type { CallChange, PublishedEvent } from '../contract/engine-io.js';
import { deviceKindOf, parseDeviceId, type SwitchId } from '../contract/ids.js';
import type { AgentStay } from '../contract/records.js';
import type { DeviceView } from '../contract/views.js';
import { publicState, sameKinds } from './agent-wants.js';
import { callOf, connsOf } from './lookups.js';
import { queuesOf } from './offers.js';
import { expireLeft, popView } from './pops.js';
import type { Run } from './run.js';
import type { Agent, Call, Stream } from './state.js';
import { agentStream, boardStream, queueStream } from './streams.js';
import { agentView, callView, queueView } from './views.js';

/**
 * Publishes what changed in this input: links, the ends of agents' parts, calls, the ends of calls, pops, agents, queues, and at last the outcomes.
 * A part ends before the calls are told, because its agent may be rung for the same call again; of a call's end the agents hear before the
 * queue, and the board last. Views are built for what changed only.
 */
export function publishAll(run: Run): void {
  // Most inputs change little: what holds nothing is neither walked nor emptied. A new list costs less than to cut one to nothing.
  if (run.pops.size > 0) expireLeft(run);
  if (run.links.length > 0) {
    for (const event of run.links) publish(run, linkStreams(run, event), event);
    run.links = [];
  }
  const { ended } = run;
  if (ended.length > 0) {
    for (const { streams, event, part } of ended) if (part !== undefined) publish(run, streams, endNow(run, event));
  }
  if (run.changes.size > 0) publishCalls(run);
  if (ended.length > 0) {
    for (const { streams, event, part } of ended) if (part === undefined) publish(run, streams, event);
    run.ended = [];
  }
  if (run.pops.size > 0) publishPops(run);
  if (run.agents.size > 0) publishAgents(run);
  if (run.staffed.size > 0 || run.queues.size > 0) publishQueues(run);
  if (run.outcomes.length === 0) return;
  for (const outcome of run.outcomes) run.out.push(outcome);
  run.outcomes = [];
}

/** An agent has left and everybody else is on the way out: the call is over for that agent, however long the switch takes to say so. */
function endNow(run: Run, event: PublishedEvent | undefined): PublishedEvent | undefined {
  if (event?.type !== 'callEnded' || event.stillLives === undefined) return event;
  const call = callOf(run, event.callId);
  if (call !== undefined && connsOf(run, call).some((conn) => conn.leaving === undefined)) return event;
  const { stillLives: _goesOn, ...over } = event;
  return over;
}

/** A link concerns everyone who sits at its switch, and so do its park slots, which all of them can take calls from. */
function linkStreams(run: Run, event: PublishedEvent): readonly Stream[] {
  const switchId = event.type === 'link' ? event.switchId : event.type === 'device' ? slotSwitch(event) : undefined;
  if (switchId === undefined) return [boardStream(run)];
  const streams: Stream[] = [];
  for (const { id } of run.s.config.agents) {
    const seat = run.s.agents.get(id)?.seat;
    if (seat?.startsWith(`${switchId}:`) === true) streams.push(agentStream(run, id));
  }
  streams.push(boardStream(run));
  return streams;
}

function slotSwitch({ device }: DeviceView): SwitchId | undefined {
  return deviceKindOf(device) === 'park' ? parseDeviceId(device)?.switchId : undefined;
}

/** Tells one event on some streams, each with its own contiguous number. */
function publish(run: Run, streams: readonly Stream[], event: PublishedEvent | undefined): void {
  for (const stream of streams) publishOn(run, stream, event);
}

function publishOn(run: Run, stream: Stream, event: PublishedEvent | undefined): void {
  stream.seq += 1;
  if (event !== undefined && run.events === 'tell')
    run.out.push({ kind: 'publish', stream: stream.id, seq: stream.seq, atWallMs: run.wall, event });
}

function publishCalls(run: Run): void {
  const { changes } = run;
  for (let at = 0; at < changes.size; at += 1) {
    const callId = changes.callAt(at);
    const call = callId === undefined ? undefined : run.s.calls.get(callId);
    if (call !== undefined) publishCall(run, call, changes.wordsAt(at));
  }
  changes.clear();
}

/** Tells a call on the streams of its agents, on that of the queue where it waits and the one that it has just left, and on the board. */
function publishCall(run: Run, call: Call, changes: readonly CallChange[]): void {
  const waitsIn = call.entryId === undefined ? undefined : run.s.entries.get(call.entryId)?.queueId;
  const left = changes.includes('unqueued') ? call.queueId : undefined;
  const view = run.events === 'count' ? undefined : callView(run, call);
  for (const change of changes) {
    const event: PublishedEvent | undefined = view === undefined ? undefined : { type: 'call', change, call: view };
    for (const agentId of call.watchers) publishOn(run, agentStream(run, agentId), event);
    if (waitsIn !== undefined) publishOn(run, queueStream(run, waitsIn), event);
    if (left !== undefined && left !== waitsIn) publishOn(run, queueStream(run, left), event);
    publishOn(run, boardStream(run), event);
  }
}

function publishPops(run: Run): void {
  for (const popId of run.pops.takeAll()) {
    const pop = run.s.pops.get(popId);
    const call = pop === undefined ? undefined : run.s.calls.get(pop.callId);
    if (pop === undefined || call === undefined) continue;
    const stream = agentStream(run, pop.agentId);
    if (run.events === 'count') stream.seq += 1;
    else publishOn(run, stream, { type: 'pop', pop: popView(pop), call: callView(run, call) });
  }
}

function publishAgents(run: Run): void {
  const board = boardStream(run);
  for (let agentId = run.agents.take(); agentId !== undefined; agentId = run.agents.take()) {
    const agent = run.s.agents.get(agentId);
    if (agent === undefined) continue;
    show(run, agent);
    const stream = agentStream(run, agentId);
    if (run.events === 'count') {
      stream.seq += 1;
      board.seq += 1;
    } else {
      const event: PublishedEvent = { type: 'agent', agent: agentView(run, agent) };
      publishOn(run, stream, event);
      publishOn(run, board, event);
    }
    // Told once more that they have gone; the configuration does not know them any more.
    const isOver = agent.wants === 'loggedOff' && agent.work === 'free' && agent.conns.length === 0;
    if (isOver && !run.ix.agents.has(agentId)) run.s.agents.delete(agentId);
  }
}

/** Writes down the public state when it has changed; the stay that ends becomes a record. */
function show(run: Run, agent: Agent): void {
  const now = publicState(run, agent);
  const { shown } = agent;
  const readyFor = now.state === 'ready' ? agent.kinds : undefined;
  const stays = now.state === shown.state && now.reason === shown.reason;
  if (stays && sameKinds(readyFor, shown.readyFor)) return;
  if (shown.state !== 'loggedOff') {
    agent.stays += 1;
    const stay: { -readonly [K in keyof AgentStay]: AgentStay[K] } = {
      agentId: agent.id,
      n: agent.stays,
      state: shown.state,
      fromMs: shown.stayMs ?? shown.sinceMs,
      toMs: run.at,
      fromWallMs: shown.stayWallMs ?? shown.sinceWallMs,
    };
    if (shown.reason !== undefined) stay.reason = shown.reason;
    if (shown.readyFor !== undefined) stay.readyFor = shown.readyFor;
    const key = `${agent.id}:${stay.fromWallMs}:${stay.n}`;
    run.out.push({ kind: 'record', record: { table: 'agentStay', key, value: stay } });
  }
  if ((shown.state === 'loggedOff') !== (now.state === 'loggedOff')) {
    const by = now.state === 'loggedOff' ? -1 : 1;
    for (const queueId of queuesOf(run, agent.id)) {
      run.ix.loggedOn.set(queueId, (run.ix.loggedOn.get(queueId) ?? 0) + by);
      run.queues.add(queueId);
    }
  }
  shown.state = now.state;
  shown.reason = now.reason;
  shown.readyFor = readyFor;
  if (!stays) {
    shown.sinceMs = run.at;
    shown.sinceWallMs = run.wall;
  }
  shown.stayMs = stays ? run.at : undefined;
  shown.stayWallMs = stays ? run.wall : undefined;
}

function publishQueues(run: Run): void {
  const { queues, staffed, ix } = run;
  const board = boardStream(run);
  for (let queueId = staffed.take(); queueId !== undefined; queueId = staffed.take()) {
    const told = ix.toldReady.get(queueId);
    if (told !== undefined && told !== ix.router.idleCount(queueId)) queues.add(queueId);
  }
  for (let queueId = queues.take(); queueId !== undefined; queueId = queues.take()) {
    // One that the configuration has dropped is told once more: that nobody waits there.
    if (ix.queues.has(queueId)) ix.toldReady.set(queueId, ix.router.idleCount(queueId));
    const stream = queueStream(run, queueId);
    if (run.events === 'count') {
      stream.seq += 1;
      board.seq += 1;
    } else {
      const event: PublishedEvent = { type: 'queue', queue: queueView(run, queueId) };
      publishOn(run, stream, event);
      publishOn(run, board, event);
    }
  }
}
