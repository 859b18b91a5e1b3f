import { asId, type CallAction, type CallId, type ClientCommand, type ClientCommandType } from '../../src/index.js';
import { ext, line, type PbxFloor } from './pbx.js';

/** Agents and where they sit; 8003 is a phone of nobody. */
export const AGENTS = { ann: '8001', bob: '8002', sue: '8009' } as const;
export type Who = keyof typeof AGENTS;
const PHONES = ['8001', '8002', '8009', '8003'] as const;
const LINES = ['1', '2', '3'] as const;
const OUTSIDE = '13912345678';

type Move = () => unknown;

/** What may happen next at the phones and lines; `n` chooses where there is a choice. */
export function movesOf(floor: PbxFloor, n: number): readonly Move[] {
  const moves: Move[] = [];
  const idle = PHONES.filter((phone) => floor.on(ext(phone)).length === 0);
  for (const one of LINES) {
    const [part] = floor.on(line(one));
    if (part === undefined) {
      const phones = idle.filter((_, at) => (n >> at) % 2 === 1);
      moves.push(() => floor.rings(n % 5 === 0 ? '' : `1370000000${one}`, phones, { line: one }));
      continue;
    }
    moves.push(() => floor.hangsUp(part));
    if (part.state === 'alerting') moves.push(() => floor.farAnswers(one));
    if (n % 7 === 0) {
      const calling = { number: '13600000000', presentation: 'allowed' } as const;
      moves.push(() => floor.link === 'up' && floor.event({ type: 'identified', connectionId: part.id, calling }));
    }
  }
  for (const phone of PHONES) moves.push(...phoneMoves(floor, phone, n));
  return moves;
}

function phoneMoves(floor: PbxFloor, phone: (typeof PHONES)[number], n: number): readonly Move[] {
  const at = ext(phone);
  const all = floor.on(at);
  const active = all.find((part) => part.held === undefined && part.state !== 'alerting');
  const rung = all.find((part) => part.state === 'alerting');
  const held = floor.heldAt(at);
  const other = PHONES[n % PHONES.length] ?? '8003';
  const to = n % 3 === 0 ? OUTSIDE : other;
  const order = n % 2 === 0;
  const moves: Move[] = [];
  if (rung !== undefined) {
    moves.push(() => floor.hangsUp(rung));
    if (active === undefined) moves.push(() => floor.answers(at));
  }
  if (active === undefined && rung === undefined && to !== phone) {
    moves.push(() => floor.dials(at, to, order ? { late: 'late' } : {}));
    moves.push(() => floor.picksUp(at));
    for (const slot of [1, 2, 3]) if (floor.slotOf(slot) !== undefined) moves.push(() => floor.unparks(at, slot));
  }
  if (held !== undefined) moves.push(() => floor.retrieves(held));
  if (active?.state !== 'connected') return moves;
  moves.push(() => floor.hangsUp(active));
  moves.push(() => floor.holds(active));
  if (other !== phone) moves.push(() => floor.sends(active, other));
  if (other !== phone) moves.push(() => floor.adds(active, other));
  moves.push(() => floor.parks(active, undefined, order ? 'leavesFirst' : 'parksFirst'));
  if (held !== undefined) {
    moves.push(() => floor.transfers(at, order ? 'leavesFirst' : 'movesFirst'));
    moves.push(() => floor.confers(at));
  }
  return moves;
}

const VERBS: { readonly [A in CallAction]?: ClientCommandType } = {
  answer: 'call.answer',
  reject: 'call.reject',
  clear: 'call.clear',
  hold: 'call.hold',
  retrieve: 'call.retrieve',
  consult: 'call.consult',
  transfer: 'call.transfer',
  completeTransfer: 'call.completeTransfer',
  cancelConsult: 'call.cancelConsult',
  alternate: 'call.alternate',
  conference: 'call.conference',
  addParty: 'call.addParty',
  park: 'call.park',
  flash: 'call.flash',
  forceRelease: 'supervise.forceRelease',
};

/** Everything that the pages show as possible now: who says it, and what. */
export function commandsOf(floor: PbxFloor, n: number): readonly (readonly [Who, ClientCommand])[] {
  const found: (readonly [Who, ClientCommand])[] = [];
  for (const who of Object.keys(AGENTS) as Who[]) {
    const agent = floor.engine.agent(asId(who));
    const to = n % 4 === 0 ? OUTSIDE : (PHONES[n % PHONES.length] ?? '8003');
    for (const callId of agent?.calls ?? []) {
      for (const action of actionsOf(floor, callId, who)) {
        const type = VERBS[action];
        if (type !== undefined) found.push([who, { type, callId, to } as ClientCommand]);
      }
    }
    if ((agent?.calls.length ?? 0) > 0) continue;
    found.push([who, { type: 'call.make', to }]);
    for (const service of agent?.services ?? []) {
      if (service === 'unpark') found.push([who, { type: 'call.unpark', slot: 1 + (n % 2) }]);
      else if (service === 'page') found.push([who, { type: 'call.page', zone: n % 10 }]);
      else if (service === 'redial') found.push([who, { type: 'call.redial' }]);
      else found.push([who, n % 2 === 0 ? { type: 'call.pickUp' } : { type: 'call.pickUp', from: to }]);
    }
  }
  return found;
}

/** What may be done with somebody's part of a call; for words that the page must not show, any at all. */
export function actionsOf(floor: PbxFloor, callId: CallId, who: Who): readonly CallAction[] {
  const parts = floor.engine.call(callId)?.connections ?? [];
  return parts.find((part) => part.agentId === who)?.actions ?? [];
}

/** Any command on any call of somebody, fitting or not. */
export function anyCommand(floor: PbxFloor, n: number): readonly [Who, ClientCommand] {
  const who = (Object.keys(AGENTS) as Who[])[n % 3] ?? 'ann';
  const types = Object.values(VERBS);
  const type = types[n % types.length] ?? 'call.clear';
  const calls = floor.engine.agent(asId(who))?.calls ?? [];
  return [who, { type, callId: calls[n % 2] ?? calls[0] ?? asId('none'), to: PHONES[n % 4] } as ClientCommand];
}
