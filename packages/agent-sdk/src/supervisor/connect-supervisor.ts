import {
  type AgentId,
  asId,
  type CallId,
  type ClientCommand,
  CtiError,
  type DeviceId,
  type ModeView,
  type MonitorMode,
  type QueueId,
  streamOf,
  type WorkKind,
} from '@cordboard/cti-core';
import { hostOf } from '../base/host.js';
import { EventHub } from '../base/hub.js';
import type { Settled, WaitOptions } from '../desk/types.js';
import { type ConnectOptions, type OpenLink, openLink } from '../link/connect.js';
import type { LinkState } from '../link/link-state.js';
import { BoardModel } from './board-model.js';
import type {
  BoardAgent,
  BoardCall,
  BoardDevice,
  BoardEvents,
  BoardQueue,
  MonitorTarget,
  Supervisor,
} from './types.js';

/** Options of {@link connectSupervisor}. */
export type SupervisorOptions = ConnectOptions;

class LinkedSupervisor implements Supervisor {
  readonly #hub: EventHub<BoardEvents>;
  readonly #model: BoardModel;
  readonly #options: SupervisorOptions;
  #open: OpenLink | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#hub = new EventHub(hostOf(options).log);
    this.#model = new BoardModel({
      emit: (name, event) => this.#hub.emit(name, event),
      onReset: () => this.#hub.emit('reset', { board: this }),
    });
  }

  async connect(): Promise<void> {
    this.#open = await openLink(this.#options, {
      streamFor: () => streamOf('board'),
      sink: this.#model,
      onState: (state, before) => this.#hub.emit('linkChanged', { state, before }),
    });
  }

  on<K extends keyof BoardEvents & string>(
    name: K,
    listener: (event: BoardEvents[K]) => unknown,
    options?: { readonly signal?: AbortSignal },
  ): () => void {
    return this.#hub.on(name, listener, options);
  }

  get agents(): ReadonlyMap<string, BoardAgent> {
    return this.#model.agents;
  }

  get queues(): ReadonlyMap<string, BoardQueue> {
    return this.#model.queues;
  }

  get calls(): ReadonlyMap<string, BoardCall> {
    return this.#model.calls;
  }

  get devices(): ReadonlyMap<string, BoardDevice> {
    return this.#model.devices;
  }

  get modes(): ReadonlyMap<string, ModeView> {
    return this.#model.modes;
  }

  get link(): LinkState {
    return this.#open?.link.state ?? 'connecting';
  }

  serverNow(): number {
    return this.#open?.link.serverNow() ?? hostOf(this.#options).clock.wallMs();
  }

  listen(target: MonitorTarget, options?: WaitOptions): Promise<Settled> {
    return this.#monitor(target, 'listen', options);
  }

  whisper(target: MonitorTarget, options?: WaitOptions): Promise<Settled> {
    return this.#monitor(target, 'whisper', options);
  }

  barge(target: MonitorTarget, options?: WaitOptions): Promise<Settled> {
    return this.#monitor(target, 'barge', options);
  }

  stop(callId: string, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'supervise.stop', callId: asId<CallId>(callId) }, options);
  }

  forceRelease(callId: string, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'supervise.forceRelease', callId: asId<CallId>(callId) }, options);
  }

  setAgent(
    agentId: string,
    state: 'ready' | 'notReady' | 'loggedOff',
    options: WaitOptions & { readonly reason?: string; readonly kinds?: readonly WorkKind[] } = {},
  ): Promise<Settled> {
    const { reason, kinds } = options;
    const about = {
      agentId: asId<AgentId>(agentId),
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(kinds === undefined ? {} : { kinds }),
    };
    return this.#do({ type: 'supervise.agentState', ...about }, options);
  }

  pickWaiting(callId: string, toAgent: string, options?: WaitOptions): Promise<Settled> {
    const about = { callId: asId<CallId>(callId), toAgent: asId<AgentId>(toAgent) };
    return this.#do({ type: 'supervise.pickWaiting', ...about }, options);
  }

  record(callId: string, mode: 'start' | 'stop', options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'supervise.record', callId: asId<CallId>(callId), mode }, options);
  }

  membership(
    target: { readonly agentId: string; readonly queueId: string },
    mode: 'join' | 'leave',
    options?: WaitOptions,
  ): Promise<Settled> {
    const about = { agentId: asId<AgentId>(target.agentId), queueId: asId<QueueId>(target.queueId), mode };
    return this.#do({ type: 'queue.membership', ...about }, options);
  }

  setRoute(routeId: string, enabled: 'enabled' | 'paused', options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'route.set', routeId, enabled }, options);
  }

  setMode(mode: string, value: string, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'mode.set', mode, value }, options);
  }

  close(): Promise<void> {
    this.#open?.close();
    this.#hub.clear();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #monitor(target: MonitorTarget, mode: MonitorMode, options?: WaitOptions): Promise<Settled> {
    const { callId, seat } = target;
    const agents = this.#model.calls.get(callId)?.agents;
    const agentId = target.agentId ?? (agents?.length === 1 ? agents[0] : undefined);
    if (agents === undefined && agentId === undefined) {
      throw new CtiError('call.notFound', 'no such call on the board', { details: { callId } });
    }
    if (agentId === undefined) {
      const message = 'the call has no agent, or several: name the one to supervise';
      throw new CtiError('argument.invalid', message, { details: { callId, agents: agents?.length ?? 0 } });
    }
    const about = { callId: asId<CallId>(callId), agentId: asId<AgentId>(agentId), mode };
    return this.#do(
      { type: 'supervise.monitor', ...about, ...(seat === undefined ? {} : { seat: asId<DeviceId>(seat) }) },
      options,
    );
  }

  async #do(command: ClientCommand, options: WaitOptions = {}): Promise<Settled> {
    const { link } = this.#open ?? {};
    if (link === undefined) throw new CtiError('client.closed', 'the board is not connected');
    return (await link.request(command, options.signal)).outcome;
  }
}

/**
 * Connects a supervisor's board and resolves when it is complete. After that it keeps itself connected, like an agent's
 * desk; what is too long ago to be told is replaced by a whole new board (`reset`).
 *
 * @throws {CtiError} `argument.invalid` (address), `auth.missing`, `auth.invalid`, `auth.forbidden` (not a supervisor's
 * token), `client.timeout` (server not reached in `connectTimeoutMs`), `wait.aborted`
 */
export async function connectSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const supervisor = new LinkedSupervisor(options);
  await supervisor.connect();
  return supervisor;
}
