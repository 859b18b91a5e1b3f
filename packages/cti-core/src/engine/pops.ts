import type { AgentId, LookupId, PopId } from '../contract/ids.js';
import type { CustomerMatch, PopView } from '../contract/views.js';
import { POP_MACHINE, type PopEvent } from '../machines/pop.js';
import { maskNumber } from '../numbers/index.js';
import { without } from './lists.js';
import { agentConfig, callOf, connOfAgent, keyOf, queueConfig } from './lookups.js';
import { changed, type Failure, failure, nextId, type Run, step } from './run.js';
import type { Call, Conn, Pop } from './state.js';
import { agentStream } from './streams.js';
import { startTimer, stopTimer } from './timers.js';
import { callView } from './views.js';

/** Asks the host who the customer is. @returns the question, when there is a number to ask with */
export function askCustomer(run: Run, call: Call): LookupId | undefined {
  const number = call.customer;
  if (number === undefined || number.presentation !== 'allowed' || keyOf(number) === '') return undefined;
  const lookupId = nextId<LookupId>(run, 'l');
  run.s.lookups.set(lookupId, call.id);
  run.out.push({ kind: 'lookup', lookupId, lookup: { type: 'customer', number, callId: call.id } });
  return lookupId;
}

/** The host's answer. One that comes after the end of its call changes nothing. */
export function customerFound(run: Run, call: Call, match: CustomerMatch): void {
  call.match = match;
  changed(run, call.id, 'match');
  for (const popId of call.pops) {
    const pop = run.s.pops.get(popId);
    if (pop === undefined || pop.state !== 'offered') continue;
    pop.match = match;
    pop.url = urlOf(run, call, pop.agentId);
    run.pops.add(popId);
  }
  const consultation = call.consultedBy === undefined ? undefined : run.s.calls.get(call.consultedBy);
  if (consultation !== undefined) customerFound(run, consultation, match);
}

/** Pops the customer on an agent's screen: once for each agent and call, merged ones counted as one. */
export function offerPop(
  run: Run,
  call: Call,
  what: {
    readonly conn: Pick<Conn, 'agentId' | 'role' | 'leaving'>;
    readonly at: 'alerting' | 'connected';
    /** Not for who takes part: it stands until the call is over. */
    readonly stays?: 'stays';
  },
): void {
  const { agentId } = what.conn;
  if (agentId === undefined || call.customer === undefined || what.conn.role !== 'party') return;
  if (what.conn.leaving !== undefined) return;
  for (const popId of call.pops) {
    const known = run.s.pops.get(popId);
    if (known?.agentId !== agentId) continue;
    known.stays ??= what.stays;
    return;
  }
  const pop: Pop = {
    id: nextId<PopId>(run, 'p'),
    callId: call.id,
    agentId,
    at: what.at,
    url: urlOf(run, call, agentId),
    state: 'offered',
    stays: what.stays,
  };
  if (call.match !== undefined) pop.match = call.match;
  run.s.pops.set(pop.id, pop);
  call.pops.push(pop.id);
  run.pops.add(pop.id);
}

/** What the place where an agent sits, else the queue, else the site says of the screen pop (S2). */
function popRule(run: Run, call: Call, agentId: AgentId): { readonly url: string | undefined; readonly at: Pop['at'] } {
  const seat = run.s.agents.get(agentId)?.seat;
  const device = seat === undefined ? undefined : run.ix.devices.get(seat);
  const queue = queueConfig(run, call);
  const site = run.s.config.pop;
  return {
    url: device?.popUrl ?? queue?.popUrl ?? site?.url,
    at: device?.popAt ?? queue?.popAt ?? site?.at ?? 'alerting',
  };
}

/** When an agent's screen pops for a call. */
export function popsAt(run: Run, call: Call, agentId: AgentId | undefined): Pop['at'] {
  return agentId === undefined ? 'alerting' : popRule(run, call, agentId).at;
}

/** Fills the URL template that the configuration chooses. A restricted agent's page gets the number with its middle hidden. */
function urlOf(run: Run, call: Call, agentId: AgentId): string | undefined {
  const queue = queueConfig(run, call);
  const known = popRule(run, call, agentId).url;
  const template = call.match?.decision === 'none' ? (run.s.config.pop?.createUrl ?? known) : known;
  if (template === undefined) return undefined;
  const masked = agentConfig(run, agentId)?.numbers === 'masked';
  const customer = call.customer === undefined || !masked ? call.customer : maskNumber(call.customer);
  const one = call.match?.decision === 'one' ? call.match.customers[0] : undefined;
  const values: Record<string, string> = {
    'caller.number': customer?.e164 ?? customer?.raw ?? '',
    'called.number': call.called.e164 ?? call.called.raw,
    'queue.id': queue?.id ?? '',
    'queue.name': queue?.name ?? '',
    'call.id': call.id,
    'ivr.path': call.ivrPath.join(','),
    'customer.id': one?.id ?? '',
    'customer.name': one?.name ?? '',
    'agent.id': agentId,
  };
  return template.replace(/\{([a-z][\w.]{0,63})\}/giu, (whole, name: string) => {
    if (name.startsWith('data.')) return encodeURIComponent(call.data[name.slice(5)] ?? '');
    return Object.hasOwn(values, name) ? encodeURIComponent(values[name] ?? '') : whole;
  });
}

/** A tab takes a pop. */
export function claimPop(run: Run, pop: Pop, tab: string): Failure | undefined {
  if (pop.state === 'claimed' && pop.claimedBy === tab) return undefined;
  if (movePop(run, pop, 'claimed') !== 'moved') return failure('pop.gone', 'another tab has this pop');
  pop.claimedBy = tab;
  pop.timer = startTimer(run, run.s.config.timers.popClaimMs, { do: 'popClaim', popId: pop.id });
  return undefined;
}

/** A tab says what became of its pop. */
export function acknowledgePop(
  run: Run,
  pop: Pop,
  what: { readonly tab: string; readonly outcome: 'shown' | 'blocked' | 'dismissed' },
): Failure | undefined {
  if (pop.claimedBy !== what.tab) return failure('pop.gone', 'another tab has this pop');
  if (pop.state === what.outcome) return undefined;
  if (movePop(run, pop, what.outcome) !== 'moved') return failure('pop.gone', 'this pop is over');
  stopTimer(run, pop.timer);
  pop.timer = undefined;
  return undefined;
}

/** Moves a pop by its table. */
export function movePop(run: Run, pop: Pop, event: PopEvent): 'moved' | 'stayed' {
  const next = step(run, POP_MACHINE, { state: pop.state, event });
  if (next === undefined) return 'stayed';
  pop.state = next;
  if (next === 'offered') pop.claimedBy = undefined;
  run.pops.add(pop.id);
  return 'moved';
}

/** Pops that would be told as offered to agents who have left their call, or are on the way out, are over instead. */
export function expireLeft(run: Run): void {
  for (const popId of run.pops.all()) {
    const pop = run.s.pops.get(popId);
    const call = pop?.state === 'offered' ? callOf(run, pop.callId) : undefined;
    if (pop === undefined || call === undefined || pop.stays !== undefined) continue;
    if (connOfAgent(run, call, pop.agentId) !== undefined) continue;
    expirePops(run, call, pop.agentId);
  }
}

/** The call, or one agent's part in it, is over: nothing pops any more. */
export function expirePops(run: Run, call: Call, agentId?: AgentId): void {
  if (call.pops.length === 0) return;
  for (const popId of [...call.pops]) {
    const pop = run.s.pops.get(popId);
    if (pop === undefined || (agentId !== undefined && pop.agentId !== agentId)) continue;
    movePop(run, pop, 'expired');
    stopTimer(run, pop.timer);
    run.ended.push({
      streams: [agentStream(run, pop.agentId)],
      event: run.events === 'count' ? undefined : { type: 'pop', pop: popView(pop), call: callView(run, call) },
      part: agentId === undefined ? undefined : 'part',
    });
    run.pops.delete(popId);
    run.s.pops.delete(popId);
    call.pops = without(call.pops, popId);
  }
}

/** Whether a route has put the call on an agent's screen, where it is seen until it is over, whatever the agent's phone does. */
export function popStays(run: Run, call: Call, agentId: AgentId): boolean {
  return call.pops.some((popId) => {
    const pop = run.s.pops.get(popId);
    return pop?.agentId === agentId && pop.stays !== undefined;
  });
}

/** A pop as clients see it. */
export function popView(pop: Pop): PopView {
  const { id: popId, callId, agentId, at, state, url, match, claimedBy } = pop;
  const view: { -readonly [K in keyof PopView]: PopView[K] } = { popId, callId, agentId, at, state };
  if (url !== undefined) view.url = url;
  if (match !== undefined) view.match = match;
  if (claimedBy !== undefined) view.claimedBy = claimedBy;
  return view;
}
