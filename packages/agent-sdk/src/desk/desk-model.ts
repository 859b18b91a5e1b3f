import type {
  AgentView,
  CallId,
  CallView,
  DeviceView,
  PopView,
  PublishedEvent,
  StreamSnapshot,
} from '@cordboard/cti-core';
import { CtiError, parseDeviceId } from '@cordboard/cti-core';
import type { StreamSink } from '../link/stream-reader.js';
import { isOriginator, ownConnection, partChange, partyOf } from '../model/party.js';
import { agentStateWord } from '../model/words.js';
import { type CallDesk, DeskCall } from './call.js';
import type { AgentInfo, CallEnd, CallList, DeskEvents, ParkedCall } from './types.js';

type Emit = <K extends keyof DeskEvents>(name: K, event: DeskEvents[K]) => void;

/** The agent's view in everyday words. */
export function agentInfoOf(view: AgentView): AgentInfo {
  const { agentId, name, state, reason, sinceWallMs, doNotDisturb, next, readyFor, seat, seatPresence, queues } = view;
  const { services = [] } = view;
  return {
    id: agentId,
    name,
    state: agentStateWord(state),
    since: sinceWallMs,
    queues,
    services,
    ...(reason === undefined ? {} : { reason }),
    ...(doNotDisturb === undefined ? {} : { doNotDisturb }),
    ...(next === undefined ? {} : { next }),
    ...(readyFor === undefined ? {} : { readyFor }),
    ...(seat === undefined ? {} : { seat }),
    ...(seatPresence === undefined ? {} : { seatPresence }),
  };
}

/** The calls and the agent of one desk. Named events are told from differences between two looks, so that a missed time is told like a seen one. */
export class DeskModel implements StreamSink, CallList {
  readonly #calls = new Map<string, DeskCall>();
  readonly #pops = new Map<string, PopView>();
  readonly #parked = new Map<number, ParkedCall>();
  /** Calls of others that ring here, or did when their last part here was seen. */
  readonly #ringing = new Set<string>();
  readonly #emit: Emit;
  readonly #deskOf: () => CallDesk;
  #agent: AgentInfo | undefined;

  /** @param deskOf - the desk that the calls act through; asked for with each new call */
  constructor(emit: Emit, deskOf: () => CallDesk) {
    this.#emit = emit;
    this.#deskOf = deskOf;
  }

  /** @throws {CtiError} `server.internal` before the first content of the stream */
  get agent(): AgentInfo {
    if (this.#agent === undefined) throw new CtiError('server.internal', 'the desk has no content yet');
    return this.#agent;
  }

  /** Pops that are offered or claimed. */
  get pops(): readonly PopView[] {
    return [...this.#pops.values()];
  }

  /** Who waits on park slots, by slot. */
  get parked(): readonly ParkedCall[] {
    return [...this.#parked.values()].sort((a, b) => a.slot - b.slot);
  }

  get size(): number {
    return this.#calls.size;
  }

  get(id: string): DeskCall | undefined {
    const call = this.#calls.get(id);
    if (call !== undefined) return call;
    for (const other of this.#calls.values()) if (other.aliases.some((alias) => alias === id)) return other;
    return undefined;
  }

  getOrThrow(id: string): DeskCall {
    const call = this.get(id);
    if (call === undefined)
      throw new CtiError('call.notFound', 'no such call at this desk', { details: { callId: id } });
    return call;
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  [Symbol.iterator](): Iterator<DeskCall> {
    return [...this.#calls.values()][Symbol.iterator]();
  }

  /** The other call of a consultation. */
  counterpartOf(call: DeskCall): DeskCall | undefined {
    if (call.consultOf !== undefined) return this.get(call.consultOf);
    for (const other of this.#calls.values()) if (other.consultOf === call.id) return other;
    return undefined;
  }

  reset(snapshot: StreamSnapshot): void {
    if (snapshot.kind !== 'agent') return;
    const first = this.#agent === undefined;
    this.#setAgent(snapshot.agent);
    const present = new Set<string>(snapshot.calls.map((view) => view.callId));
    for (const call of [...this.#calls.values()]) {
      if (present.has(call.id)) continue;
      const into = snapshot.calls.find((view) => view.aliases.includes(call.id))?.callId;
      this.#endCall(call, into === undefined ? { how: 'lost' } : { how: 'merged', into });
    }
    for (const view of snapshot.calls) this.#setCall(view, first ? 'silent' : 'told');
    this.#setSlots(snapshot.slots ?? [], first ? 'silent' : 'told');
    const before = new Map(this.#pops);
    this.#pops.clear();
    for (const pop of snapshot.pops) {
      this.#pops.set(pop.popId, pop);
      if (!first && before.get(pop.popId)?.state !== pop.state) {
        this.#emit('pop', { pop, call: this.get(pop.callId) });
      }
    }
  }

  event(event: PublishedEvent): void {
    switch (event.type) {
      case 'agent':
        // A stream may tell of others too.
        if (this.#agent === undefined || event.agent.agentId === this.#agent.id) this.#setAgent(event.agent);
        break;
      case 'call':
        this.#setCall(event.call, 'told');
        break;
      case 'callEnded':
        this.#ended(event);
        break;
      case 'pop':
        // Its call comes with it and may be news; a pop that is over may come after its call's end.
        if (event.pop.state === 'offered' || this.has(event.call.callId)) this.#setCall(event.call, 'told');
        this.#setPop(event.pop);
        break;
      case 'link':
        this.#emit('switchChanged', { switchId: event.switchId, state: event.state });
        break;
      case 'device':
        if (this.#setSlot(event) === 'changed') this.#emit('parkedChanged', { parked: this.parked });
        break;
      case 'mode':
      case 'queue':
        break;
      default:
        event satisfies never;
    }
  }

  #setAgent(view: AgentView): void {
    const before = this.#agent;
    const agent = agentInfoOf(view);
    this.#agent = agent;
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(agent)) {
      this.#emit('agentChanged', { agent, before });
    }
  }

  #setCall(view: CallView, telling: 'told' | 'silent'): void {
    const agentId = this.agent.id;
    const known = this.#calls.get(view.callId);
    const own = ownConnection(view, agentId);
    // A call that is only on its way to this agent is shown when the phone has a part in it.
    if (known === undefined && own === undefined) return;
    const before = known?.own?.state;
    const call = known ?? new DeskCall(this.#deskOf(), view);
    call.update(view);
    this.#calls.set(call.id, call);
    if (own?.state === 'alerting' && !isOriginator(view, agentId)) this.#ringing.add(call.id);
    else if (own !== undefined) this.#ringing.delete(call.id);
    if (telling === 'silent') return;
    const change = partChange(before, { state: own?.state, originator: isOriginator(view, agentId) });
    if (change !== undefined) this.#emit(change, { call });
    this.#emit('callUpdated', { call });
  }

  #ended(event: Extract<PublishedEvent, { type: 'callEnded' }>): void {
    const call = this.#calls.get(event.callId);
    if (call === undefined) return;
    const { mergedInto, stillLives, end } = event;
    if (mergedInto !== undefined) this.#endCall(call, { ...end, how: 'merged', into: mergedInto });
    else this.#endCall(call, { ...end, how: stillLives === undefined ? 'ended' : 'left' });
  }

  #endCall(call: DeskCall, end: CallEnd): void {
    // A colleague has taken it: then nobody has to call back.
    const isTaken = end.how === 'merged' || end.cause === 'answeredElsewhere';
    const isMissed = this.#ringing.delete(call.id) && !isTaken;
    this.#calls.delete(call.id);
    call.finish(end);
    this.#emit('callEnded', { call, end });
    if (isMissed) this.#emit('callMissed', { call });
  }

  #setSlots(slots: readonly DeviceView[], telling: 'told' | 'silent'): void {
    const before = JSON.stringify(this.parked);
    this.#parked.clear();
    for (const slot of slots) this.#setSlot(slot);
    if (telling === 'told' && JSON.stringify(this.parked) !== before)
      this.#emit('parkedChanged', { parked: this.parked });
  }

  #setSlot({ device, detail, sinceWallMs }: DeviceView): 'changed' | 'same' {
    const parts = parseDeviceId(device);
    const slot = Number(parts?.address);
    if (parts?.kind !== 'park' || !Number.isInteger(slot)) return 'same';
    if (detail?.state !== 'taken') return this.#parked.delete(slot) ? 'changed' : 'same';
    const party = detail.party === undefined ? {} : { party: partyOf(detail.party, detail.partyName) };
    this.#parked.set(slot, { slot, since: sinceWallMs, ...party });
    return 'changed';
  }

  #setPop(pop: PopView): void {
    const live = pop.state === 'offered' || pop.state === 'claimed';
    if (live) this.#pops.set(pop.popId, pop);
    else this.#pops.delete(pop.popId);
    this.#emit('pop', { pop, call: this.get(pop.callId as CallId) });
  }
}
