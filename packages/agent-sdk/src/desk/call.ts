import {
  asId,
  type CallId,
  type CallView,
  type ClientCommand,
  type ConnectionId,
  type ConnectionView,
  CtiError,
  type Pending,
} from '@cordboard/cti-core';
import type { Reply } from '../link/inflight.js';
import { type OtherParty, otherOf, ownConnection, type Party, partyOf } from '../model/party.js';
import { actionWords, type CallAction, type CallState, callStateWord } from '../model/words.js';
import type { Call, CallEnd, Settled, WaitOptions } from './types.js';

/** What a call needs of its desk. */
export interface CallDesk {
  readonly agentId: string;
  request(command: ClientCommand, signal: AbortSignal | undefined): Promise<Reply>;
  /** The call of that id, as soon as the desk knows it. */
  whenKnown(callId: CallId, signal: AbortSignal | undefined): Promise<Call>;
  queueName(queueId: string): string;
  /** The other call of a consultation: the waiting one, or the one that is asked. */
  counterpartOf(call: DeskCall): DeskCall | undefined;
}

const digitText = /^[0-9*#A-D]{1,64}$/;

/** A {@link Call} over the last view that the server told. */
export class DeskCall implements Call {
  readonly id: CallId;
  readonly #desk: CallDesk;
  #view: CallView;
  #own: ConnectionView | undefined;
  #end: CallEnd | undefined;

  constructor(desk: CallDesk, view: CallView) {
    this.#desk = desk;
    this.id = view.callId;
    this.#view = view;
    this.#own = ownConnection(view, desk.agentId);
  }

  /** Takes a newer view. */
  update(view: CallView): void {
    this.#view = view;
    this.#own = ownConnection(view, this.#desk.agentId);
  }

  /** It is over; the last view stays readable. */
  finish(end: CallEnd): void {
    this.#end = end;
  }

  /** The last view of the wire. */
  get view(): CallView {
    return this.#view;
  }

  /** My connection as the wire has it. */
  get own(): ConnectionView | undefined {
    return this.#own;
  }

  get aliases(): readonly CallId[] {
    return this.#view.aliases;
  }

  get state(): CallState {
    if (this.#end !== undefined) return 'ended';
    return this.#own === undefined ? 'queued' : callStateWord(this.#own.state);
  }

  get pending(): Pending | undefined {
    return this.#end === undefined ? this.#own?.pending : undefined;
  }

  get actions(): readonly CallAction[] {
    return this.#end === undefined ? actionWords(this.#own?.actions ?? []) : [];
  }

  can(action: CallAction): boolean {
    return this.actions.includes(action);
  }

  get direction(): CallView['direction'] {
    return this.#view.direction;
  }

  get caller(): Party {
    const { calling, connections } = this.#view;
    return partyOf(calling, connections.find((item) => item.party.raw === calling.raw)?.partyName);
  }

  get called(): Party {
    return partyOf(this.#view.called);
  }

  get customer(): Party | undefined {
    const { customer, match } = this.#view;
    if (customer === undefined) return undefined;
    const name = match?.decision === 'one' ? match.customers[0]?.name : undefined;
    return partyOf(customer, name ?? (this.caller.number === customer.display ? this.caller.name : undefined));
  }

  get peer(): Party {
    const { customer, others } = this;
    // A consultation knows the customer too, but the talk is with somebody else.
    if (customer !== undefined && this.consultOf === undefined) return customer;
    const talking = others.find((item) => item.role === 'party' || item.role === 'consult');
    if (talking !== undefined) return talking;
    return this.#view.connections[0]?.agentId === this.#desk.agentId ? this.called : this.caller;
  }

  get others(): readonly OtherParty[] {
    const own = this.#own?.connectionId;
    return this.#view.connections.filter((it) => it.connectionId !== own && it.state !== 'null').map(otherOf);
  }

  get queue(): Call['queue'] {
    const { queueId } = this.#view;
    return queueId === undefined ? undefined : { id: queueId, name: this.#desk.queueName(queueId) };
  }

  get ivrPath(): readonly string[] {
    return this.#view.ivrPath;
  }

  get data(): Readonly<Record<string, string>> {
    return this.#view.data;
  }

  get match(): CallView['match'] {
    return this.#view.match;
  }

  get muted(): 'muted' | undefined {
    return this.#own?.muted;
  }

  get heldBy(): 'agent' | 'device' | undefined {
    return this.#own?.heldBy;
  }

  get awaits(): 'release' | undefined {
    return this.#end === undefined ? this.#own?.awaits : undefined;
  }

  get recordings(): CallView['recordings'] {
    return this.#view.recordings;
  }

  get startedAt(): number {
    return this.#view.startedWallMs;
  }

  get since(): number {
    return this.#own?.sinceWallMs ?? this.#view.startedWallMs;
  }

  get consultOf(): CallId | undefined {
    return this.#view.consultOf;
  }

  get end(): CallEnd | undefined {
    return this.#end;
  }

  answer(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.answer', callId: this.id }, options);
  }

  reject(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.reject', callId: this.id }, options);
  }

  hangUp(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.clear', callId: this.id }, options);
  }

  hold(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.hold', callId: this.id }, options);
  }

  retrieve(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.retrieve', callId: this.id }, options);
  }

  mute(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.mute', callId: this.id, mode: 'mute' }, options);
  }

  unmute(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.mute', callId: this.id, mode: 'unmute' }, options);
  }

  sendDigits(digits: string, options?: WaitOptions): Promise<Settled> {
    if (!digitText.test(digits)) {
      return Promise.reject(new CtiError('argument.invalid', 'digits are 1-64 of 0-9, *, #, A-D'));
    }
    return this.#do({ type: 'call.sendDigits', callId: this.id, digits }, options);
  }

  async consult(to: string, options: WaitOptions & { readonly note?: string } = {}): Promise<Call> {
    const { signal, note } = options;
    const reply = await this.#desk.request(
      { type: 'call.consult', callId: this.id, to, ...(note === undefined ? {} : { note }) },
      signal,
    );
    return this.#desk.whenKnown(reply.callId ?? this.id, signal);
  }

  complete(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.completeTransfer', callId: this.#idFor('complete') }, options);
  }

  cancel(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.cancelConsult', callId: this.#idFor('cancel') }, options);
  }

  swap(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.alternate', callId: this.#idFor('swap') }, options);
  }

  conference(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.conference', callId: this.#idFor('conference') }, options);
  }

  transfer(to: string, options: WaitOptions & { readonly note?: string } = {}): Promise<Settled> {
    const { note } = options;
    const command: ClientCommand = {
      type: 'call.transfer',
      callId: this.id,
      to,
      ...(note === undefined ? {} : { note }),
    };
    return this.#do(command, options);
  }

  addParty(to: string, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.addParty', callId: this.id, to }, options);
  }

  dropParty(connectionId: ConnectionId, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.dropParty', callId: this.id, connectionId: asId(connectionId) }, options);
  }

  muteParty(connectionId: ConnectionId, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.mutePart', callId: this.id, connectionId, mode: 'mute' }, options);
  }

  unmuteParty(connectionId: ConnectionId, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.mutePart', callId: this.id, connectionId, mode: 'unmute' }, options);
  }

  async park(options: WaitOptions & { readonly slot?: number } = {}): Promise<number | undefined> {
    const { slot, signal } = options;
    const command = { type: 'call.park', callId: this.id, ...(slot === undefined ? {} : { slot }) } as const;
    return (await this.#desk.request(command, signal)).slot;
  }

  flash(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.flash', callId: this.id }, options);
  }

  toFlow(flow: string, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.toFlow', callId: this.id, flow }, options);
  }

  startRecording(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.record', callId: this.id, mode: 'start' }, options);
  }

  stopRecording(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.record', callId: this.id, mode: 'stop' }, options);
  }

  pauseRecording(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.record', callId: this.id, mode: 'pause' }, options);
  }

  resumeRecording(options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.record', callId: this.id, mode: 'resume' }, options);
  }

  setData(data: Readonly<Record<string, string>>, options?: WaitOptions): Promise<Settled> {
    return this.#do({ type: 'call.setData', callId: this.id, data }, options);
  }

  async #do(command: ClientCommand, options: WaitOptions = {}): Promise<Settled> {
    const reply = await this.#desk.request(command, options.signal);
    return reply.outcome;
  }

  /** Of the two calls of a consultation, the one that the server lets do it; this one when neither says so. */
  #idFor(action: CallAction): CallId {
    if (this.can(action)) return this.id;
    const other = this.#desk.counterpartOf(this);
    return other?.can(action) === true ? other.id : this.id;
  }
}
