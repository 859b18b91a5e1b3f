import type { PhoneNumber } from '../contract/numbers.js';
import { listHolds } from '../ivr/caller-number.js';
import { isEmergency } from '../numbers/site.js';
import type { Run } from './run.js';

/** What the firewall says of a caller from outside (L12): turned away, or let in, perhaps with a priority of their own. */
export function screenCaller(run: Run, caller: PhoneNumber): 'refused' | { readonly priority?: number } {
  const { firewall, dialPlan } = run.s.config;
  if (firewall === undefined || isEmergency(caller.raw, dialPlan)) return {};
  if (firewall.refuse?.some((list) => holds(run, list, caller)) === true) return 'refused';
  const favour = firewall.favour?.find(({ list }) => holds(run, list, caller));
  return favour === undefined ? {} : { priority: favour.priority };
}

/** May this outside number be dialled? Emergency numbers never come here. */
export function mayDialOut(run: Run, number: PhoneNumber): boolean {
  const lists = run.s.config.firewall?.outbound;
  return lists === undefined || lists.some((list) => holds(run, list, number));
}

function holds(run: Run, list: string, number: PhoneNumber): boolean {
  const { lists, dialPlan } = run.s.config;
  const named = lists !== undefined && Object.hasOwn(lists, list) ? lists[list] : undefined;
  return named !== undefined && listHolds(named, number.e164 ?? number.raw, dialPlan);
}
