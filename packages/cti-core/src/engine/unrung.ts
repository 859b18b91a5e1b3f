import type { ReleaseCause } from '../contract/causes.js';
import { takeReady } from './agent-wants.js';
import { legOf } from './lookups.js';
import { isPhonesOwn, phoneRefused, restPhone } from './rest.js';
import type { Run } from './run.js';
import type { Agent, Conn } from './state.js';

/** Why a ringing was in vain. `lost`: the switch could not be reached; `unsure`: nobody knows whether it rang. */
export type Unanswered = ReleaseCause | 'lost' | 'unsure' | 'refusedByAgent';

/** A phone that refuses faster than this is not tried again at once, whatever the queue says of phones that ring out. */
const QUICK_MS = 1000;

/** Causes that speak of the switch, whatever phone was rung. */
const OF_THE_SWITCH: ReadonlySet<Unanswered> = new Set(['unsure', 'congestion', 'failure', 'shutdown', 'lostInOutage']);

/** Causes that speak of a phone that cannot be rung: true of the phone, unless the switch says so of every one. */
const OF_THE_PHONE: ReadonlySet<Unanswered> = new Set(['deviceUnreachable', 'unallocatedNumber', 'incompatible']);

/**
 * An agent's phone was not answered. Only who did not lift a phone that rang, or refused, is not ready for it. A phone that was not rung is tried again after
 * a rest, and its agent is not ready when it has become clear that it is the phone and not the switch.
 */
export function judgeUnanswered(
  run: Run,
  agent: Agent,
  what: {
    readonly conn: Conn;
    readonly why: Unanswered;
    /** When the ringing was asked for. */
    readonly sinceMs: number;
    readonly rule: 'notReady' | 'ready';
  },
): void {
  const { conn, why, rule } = what;
  const waited = run.at - what.sinceMs < QUICK_MS ? 'short' : 'long';
  // Nobody's fault: the agent stays where they are in the order.
  if (why === 'lost') return;
  const leg = legOf(run, conn);
  const says = speaksOf(why, leg?.state === 'alerting' || waited === 'long' ? 'rang' : 'silent');
  if (says === 'agent') {
    if (rule === 'ready' && waited === 'long') agent.idleSinceMs = run.at;
    else takeReady(run, agent, why === 'rejected' || why === 'refusedByAgent' ? 'rejected' : 'ringNoAnswer');
    return;
  }
  // Behind those whose phones may ring.
  agent.idleSinceMs = run.at;
  restPhone(run, agent);
  if (leg === undefined) return;
  phoneRefused(run, conn, leg.switchId);
  if (says === 'phone' && isPhonesOwn(run, agent, leg.switchId))
    takeReady(run, agent, why === 'rejected' ? 'rejected' : 'deviceDown');
}

function speaksOf(why: Unanswered, phone: 'rang' | 'silent'): 'agent' | 'phone' | 'switch' {
  if (why === 'refusedByAgent') return 'agent';
  if (OF_THE_SWITCH.has(why)) return 'switch';
  if (OF_THE_PHONE.has(why)) return 'phone';
  if (phone === 'rang' || why === 'busy') return 'agent';
  return why === 'unknown' ? 'switch' : 'phone';
}
