import {
  asId,
  type CallId,
  type ClientCommand,
  CtiError,
  type DeviceId,
  type PopId,
  type PopView,
  streamOf,
  WORK_KINDS,
  type WorkKind,
} from '@cordboard/cti-core';
import type { SpeedDialEntry } from '@cordboard/cti-protocol/types';
import { hostOf } from '../base/host.js';
import { EventHub } from '../base/hub.js';
import { type ConnectOptions, type OpenLink, openLink } from '../link/connect.js';
import type { Reply } from '../link/inflight.js';
import type { LinkState } from '../link/link-state.js';
import { askRest } from '../link/rest.js';
import type { Welcome } from '../link/server-link.js';
import type { CallDesk, DeskCall } from './call.js';
import {
  type Ask,
  type CallNote,
  type CallNoteText,
  type MissedCall,
  missedCalls,
  readNote,
  writeNote,
} from './call-log.js';
import { DeskModel } from './desk-model.js';
import type { AgentDesk, AgentInfo, Call, CallList, DeskEvents, ParkedCall, Settled, WaitOptions } from './types.js';

/** Options of {@link connectAgent}. */
export type AgentOptions = ConnectOptions;

/** How long a new call may be unknown after the server said that it exists. */
const knownMs = 10_000;

/** What the pop needs of a desk, beyond what everyone sees. */
export interface DeskInternals {
  readonly tab: string;
  readonly pops: readonly PopView[];
  readonly clock: ReturnType<typeof hostOf>['clock'];
  readonly random: () => number;
  readonly log: ReturnType<typeof hostOf>['log'];
  claimPop(popId: PopId): Promise<Reply>;
  acknowledgePop(popId: PopId, outcome: 'shown' | 'blocked' | 'dismissed'): Promise<Reply>;
}

const internals = new WeakMap<AgentDesk, DeskInternals>();

/**
 * The inside of a desk made by {@link connectAgent}.
 * @throws {CtiError} `argument.invalid` for any other object
 */
export function internalsOf(desk: AgentDesk): DeskInternals {
  const found = internals.get(desk);
  if (found === undefined) throw new CtiError('argument.invalid', 'the desk was not made by connectAgent');
  return found;
}

class LinkedDesk implements AgentDesk {
  readonly #hub: EventHub<DeskEvents>;
  readonly #options: AgentOptions;
  readonly #host: ReturnType<typeof hostOf>;
  readonly #model: DeskModel;
  readonly #ask: Ask = (path, ask) => askRest(this.#options, path, ask);
  #open: OpenLink | undefined;
  #lastDialled: string | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#host = hostOf(options);
    this.#hub = new EventHub(this.#host.log);
    const calls: CallDesk = {
      agentId: '',
      request: (command, signal) => this.#request(command, signal),
      whenKnown: (callId, signal) => this.#whenKnown(callId, signal),
      queueName: (queueId) => queueNameOf(this.#open?.link.welcome, queueId),
      counterpartOf: (call: DeskCall) => this.#model.counterpartOf(call),
    };
    this.#model = new DeskModel(
      (name, event) => this.#hub.emit(name, event),
      () => ({ ...calls, agentId: this.#model.agent.id }),
    );
  }

  async connect(): Promise<void> {
    this.#open = await openLink(this.#options, {
      streamFor: agentStream,
      sink: this.#model,
      onState: (state, before) => this.#hub.emit('linkChanged', { state, before }),
      onTold: () => this.#hub.emit('speedDialChanged', { speedDial: this.speedDial }),
    });
    internals.set(this, this.#internals(this.#open));
  }

  on<K extends keyof DeskEvents & string>(
    name: K,
    listener: (event: DeskEvents[K]) => unknown,
    options?: { readonly signal?: AbortSignal },
  ): () => void {
    return this.#hub.on(name, listener, options);
  }

  get agent(): AgentInfo {
    return this.#model.agent;
  }

  get calls(): CallList {
    return this.#model;
  }

  get link(): LinkState {
    return this.#open?.link.state ?? 'connecting';
  }

  get notReadyReasons(): readonly string[] {
    return this.#open?.link.welcome?.notReadyReasons ?? [];
  }

  get workKinds(): readonly WorkKind[] {
    const queues = this.#open?.link.welcome?.queues ?? [];
    const given = queues.filter(({ queueId }) => this.agent.queues.includes(queueId));
    return WORK_KINDS.filter((kind) => given.some(({ work = 'inbound' }) => work === kind));
  }

  get speedDial(): readonly SpeedDialEntry[] {
    return this.#open?.link.welcome?.speedDial ?? [];
  }

  serverNow(): number {
    return this.#open?.link.serverNow() ?? this.#host.clock.wallMs();
  }

  logOn(options: WaitOptions & { readonly seat?: string } = {}): Promise<Settled> {
    const { seat } = options;
    return this.#do({ type: 'agent.logOn', ...(seat === undefined ? {} : { seat: asId<DeviceId>(seat) }) }, options);
  }

  logOff(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'agent.logOff' }, options);
  }

  async ready(options: OfKinds = {}): Promise<Settled> {
    if (this.agent.state === 'loggedOff') await this.logOn(options);
    return this.#do({ type: 'agent.ready', ...kindsOf(options) }, options);
  }

  notReady(reason: string, options: OfKinds = {}): Promise<Settled> {
    return this.#do({ type: 'agent.notReady', reason, ...kindsOf(options) }, options);
  }

  doNotDisturb(mode: 'on' | 'off', options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'agent.doNotDisturb', mode }, options);
  }

  async dial(
    to: string,
    options: WaitOptions & { readonly data?: Readonly<Record<string, string>> } = {},
  ): Promise<Call> {
    const { data, signal } = options;
    this.#lastDialled = to;
    return this.#callOf({ type: 'call.make', to, ...(data === undefined ? {} : { data }) }, signal);
  }

  get parked(): readonly ParkedCall[] {
    return this.#model.parked;
  }

  unpark(slot: number, options: WaitOptions = {}): Promise<Call> {
    return this.#callOf({ type: 'call.unpark', slot }, options.signal);
  }

  pickUp(options: WaitOptions & { readonly from?: string } = {}): Promise<Call> {
    const { from, signal } = options;
    return this.#callOf({ type: 'call.pickUp', ...(from === undefined ? {} : { from }) }, signal);
  }

  page(zone: number, options: WaitOptions = {}): Promise<Call> {
    return this.#callOf({ type: 'call.page', zone }, options.signal);
  }

  get canRedial(): boolean {
    return this.#lastDialled !== undefined || this.agent.services.includes('redial');
  }

  redial(options?: WaitOptions): Promise<Call> {
    const last = this.#lastDialled;
    if (last === undefined && this.agent.services.includes('redial'))
      return this.#callOf({ type: 'call.redial' }, options?.signal);
    if (last === undefined) return Promise.reject(new CtiError('argument.invalid', 'nothing was dialled yet'));
    return this.dial(last, options);
  }

  get callCategories(): readonly string[] {
    return this.#open?.link.welcome?.callCategories ?? [];
  }

  missedCalls(options: WaitOptions & { readonly limit?: number } = {}): Promise<readonly MissedCall[]> {
    const { limit = 20, signal } = options;
    return missedCalls(this.#ask, { agentId: this.agent.id, limit, ...(signal === undefined ? {} : { signal }) });
  }

  readNote(callId: string, options: WaitOptions = {}): Promise<CallNote | undefined> {
    return readNote(this.#ask, callId, options);
  }

  writeNote(callId: string, note: CallNoteText & WaitOptions): Promise<void> {
    return writeNote(this.#ask, callId, note);
  }

  close(): Promise<void> {
    this.#lastDialled = undefined;
    this.#open?.close();
    this.#hub.clear();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #request(command: ClientCommand, signal: AbortSignal | undefined): Promise<Reply> {
    const { link } = this.#open ?? {};
    if (link === undefined) return Promise.reject(new CtiError('client.closed', 'the desk is not connected'));
    return link.request(command, signal);
  }

  async #do(command: ClientCommand, options: WaitOptions = {}): Promise<Settled> {
    return (await this.#request(command, options.signal)).outcome;
  }

  /** Asks for something that brings a call. */
  async #callOf(command: ClientCommand, signal: AbortSignal | undefined): Promise<Call> {
    const { callId } = await this.#request(command, signal);
    if (callId === undefined) throw new CtiError('server.internal', 'the server named no call');
    return this.#whenKnown(callId, signal);
  }

  /** The outcome of a command may come before the event that shows its call. */
  #whenKnown(callId: CallId, signal: AbortSignal | undefined): Promise<Call> {
    const known = this.#model.get(callId);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const settle = (result: Call | CtiError): void => {
        stop();
        cancelTimer();
        signal?.removeEventListener('abort', onAbort);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      const onAbort = (): void => settle(new CtiError('wait.aborted', 'the wait for the call was given up'));
      const stop = this.#hub.on('callUpdated', () => {
        const call = this.#model.get(callId);
        if (call !== undefined) settle(call);
      });
      const cancelTimer = this.#host.clock.setTimer(knownMs, () => {
        settle(new CtiError('call.notFound', 'the call ended before it was shown', { details: { callId } }));
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #internals(open: OpenLink): DeskInternals {
    const { link, tab } = open;
    const { clock, random, log } = this.#host;
    const model = this.#model;
    return {
      tab,
      clock,
      random,
      log,
      get pops() {
        return model.pops;
      },
      claimPop: (popId) => link.request({ type: 'pop.claim', popId, tab }),
      acknowledgePop: (popId, outcome) => link.request({ type: 'pop.acknowledge', popId, tab, outcome }),
    };
  }
}

type OfKinds = WaitOptions & { readonly kinds?: readonly WorkKind[] };

function kindsOf({ kinds }: OfKinds): { readonly kinds?: readonly WorkKind[] } {
  return kinds === undefined ? {} : { kinds };
}

/** What the server calls a queue. */
function queueNameOf(welcome: Welcome | undefined, queueId: string): string {
  return welcome?.queues?.find((queue) => queue.queueId === queueId)?.name ?? queueId;
}

function agentStream(welcome: Welcome): ReturnType<typeof streamOf> {
  if (welcome.agentId === undefined) throw new CtiError('auth.forbidden', 'this token belongs to no agent');
  return streamOf('agent', welcome.agentId);
}

/**
 * Connects an agent's desk and resolves when its state and calls are known. After that it keeps itself connected: a lost
 * link is `linkChanged`, what happened meanwhile is told when it is back, once, and commands that had no answer are
 * carried out once.
 *
 * @throws {CtiError} `argument.invalid` (address), `auth.missing`, `auth.invalid`, `auth.forbidden` (no agent's token),
 * `client.timeout` (server not reached in `connectTimeoutMs`), `wait.aborted`
 */
export async function connectAgent(options: AgentOptions): Promise<AgentDesk> {
  const desk = new LinkedDesk(options);
  await desk.connect();
  return desk;
}
