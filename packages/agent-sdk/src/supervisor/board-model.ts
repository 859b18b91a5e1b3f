import {
  type CallView,
  type ConnectionView,
  type DeviceView,
  type ModeView,
  type MonitorMode,
  type PublishedEvent,
  parseDeviceId,
  type QueueView,
  type StreamSnapshot,
} from '@cordboard/cti-core';
import { agentInfoOf } from '../desk/desk-model.js';
import type { StreamSink } from '../link/stream-reader.js';
import { otherOf, partyOf } from '../model/party.js';
import type { BoardAgent, BoardCall, BoardDevice, BoardEvents, BoardQueue } from './types.js';

type Told = Exclude<keyof BoardEvents, 'reset' | 'linkChanged'>;

/** Where a board's changes go; `onReset` when everything is new. */
export interface BoardTeller {
  readonly emit: <K extends Told>(name: K, event: BoardEvents[K]) => void;
  readonly onReset: () => void;
}

const isMonitor = (connection: ConnectionView): connection is ConnectionView & { role: MonitorMode } =>
  connection.role === 'listen' || connection.role === 'whisper' || connection.role === 'barge';

function boardCallOf(view: CallView): BoardCall {
  const live = view.connections.filter((item) => item.state !== 'null');
  const agents = live.flatMap((item) => (item.agentId === undefined || isMonitor(item) ? [] : [item.agentId]));
  return {
    id: view.callId,
    aliases: view.aliases,
    direction: view.direction,
    caller: partyOf(view.calling),
    called: partyOf(view.called),
    ...(view.customer === undefined ? {} : { customer: partyOf(view.customer) }),
    ...(view.queueId === undefined ? {} : { queueId: view.queueId }),
    ivrPath: view.ivrPath,
    data: view.data,
    parts: live.map(otherOf),
    agents: [...new Set(agents)],
    monitors: live.filter(isMonitor).map((item) => ({
      mode: item.role,
      ...(item.agentId === undefined ? {} : { agentId: item.agentId }),
    })),
    startedAt: view.startedWallMs,
    recording: view.recordings.at(-1)?.state,
  };
}

function boardQueueOf(view: QueueView): BoardQueue {
  return {
    id: view.queueId,
    name: view.name,
    waitingCount: view.waitingCount,
    agentsReady: view.agentsReady,
    agentsLoggedOn: view.agentsLoggedOn,
    waiting: view.waiting.map((entry) => ({
      callId: entry.callId,
      caller: partyOf(entry.caller),
      since: entry.enqueuedWallMs,
      priority: entry.priority,
      offers: entry.offers,
      ...(entry.offeredTo === undefined ? {} : { offeredTo: entry.offeredTo }),
    })),
  };
}

function boardDeviceOf(view: DeviceView): BoardDevice {
  const { kind, address } = parseDeviceId(view.device) ?? { kind: 'external', address: view.device };
  const { party, partyName, forward, ...detail } = view.detail ?? {};
  return {
    id: view.device,
    kind,
    address,
    presence: view.presence,
    ...detail,
    ...(party === undefined ? {} : { party: partyOf(party, partyName) }),
    ...(forward === undefined ? {} : { forward: partyOf(forward) }),
    since: view.sinceWallMs,
  };
}

/** All that the board stream has told. */
export class BoardModel implements StreamSink {
  readonly agents = new Map<string, BoardAgent>();
  readonly queues = new Map<string, BoardQueue>();
  readonly calls = new Map<string, BoardCall>();
  readonly modes = new Map<string, ModeView>();
  readonly devices = new Map<string, BoardDevice>();
  readonly #teller: BoardTeller;

  constructor(teller: BoardTeller) {
    this.#teller = teller;
  }

  reset(snapshot: StreamSnapshot): void {
    if (snapshot.kind !== 'board') return;
    this.agents.clear();
    this.queues.clear();
    this.calls.clear();
    this.modes.clear();
    this.devices.clear();
    for (const view of snapshot.devices ?? []) this.devices.set(view.device, boardDeviceOf(view));
    for (const view of snapshot.modes ?? []) this.modes.set(view.mode, view);
    for (const view of snapshot.agents) this.agents.set(view.agentId, { ...agentInfoOf(view), calls: view.calls });
    for (const view of snapshot.queues) this.queues.set(view.queueId, boardQueueOf(view));
    for (const view of snapshot.calls) this.calls.set(view.callId, boardCallOf(view));
    this.#teller.onReset();
  }

  event(event: PublishedEvent): void {
    const { emit } = this.#teller;
    switch (event.type) {
      case 'agent': {
        const agent: BoardAgent = { ...agentInfoOf(event.agent), calls: event.agent.calls };
        this.agents.set(agent.id, agent);
        emit('agentChanged', { agent });
        break;
      }
      case 'queue': {
        const queue = boardQueueOf(event.queue);
        this.queues.set(queue.id, queue);
        emit('queueChanged', { queue });
        break;
      }
      case 'call': {
        const call = boardCallOf(event.call);
        this.calls.set(call.id, call);
        emit('callChanged', { call });
        break;
      }
      case 'callEnded':
        this.#ended(event);
        break;
      case 'link':
        emit('switchChanged', { switchId: event.switchId, state: event.state });
        break;
      case 'mode':
        this.modes.set(event.mode.mode, event.mode);
        emit('modeChanged', { mode: event.mode });
        break;
      case 'device': {
        const device = boardDeviceOf(event);
        this.devices.set(device.id, device);
        emit('deviceChanged', { device });
        break;
      }
      case 'pop':
        break;
      default:
        event satisfies never;
    }
  }

  #ended(event: Extract<PublishedEvent, { type: 'callEnded' }>): void {
    // One agent's part is over: the call's own view follows.
    if (event.stillLives !== undefined) return;
    this.calls.delete(event.callId);
    const { mergedInto, end, callId } = event;
    const how = mergedInto === undefined ? 'ended' : 'merged';
    this.#teller.emit('callEnded', {
      callId,
      end: { ...end, how, ...(mergedInto === undefined ? {} : { into: mergedInto }) },
    });
  }
}
