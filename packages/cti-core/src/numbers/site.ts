import type { DialPlan, PhoneNumber } from '../contract/index.js';
import { compactNumber, inRange } from './dialled-text.js';

/**
 * Emergency numbers when a plan lists none: police 110, fire 119, ambulance 120 and traffic 122 of China; 112 of
 * ITU-T E.161.1 and 3GPP TS 22.101, clause 10.1; 911 of North America, which E.161.1 names beside it.
 */
export const DEFAULT_EMERGENCY: readonly string[] = ['110', '119', '120', '122', '112', '911'];

/** Is it an emergency number of this site? An empty list means {@link DEFAULT_EMERGENCY}: no site can switch them off. */
export function isEmergency(number: string, plan: DialPlan): boolean {
  const list = plan.emergency.length > 0 ? plan.emergency : DEFAULT_EMERGENCY;
  return list.includes(compactNumber(number));
}

/** Is it an extension of this site (`plan.internal`)? */
export function isInternal(number: string, plan: DialPlan): boolean {
  const digits = compactNumber(number);
  return /^\d+$/.test(digits) && plan.internal.some((range) => inRange(digits, range));
}

/**
 * What a number is matched by (customer, firewall, last agent): `e164`, else the raw digits. `undefined` where there is nothing to
 * match by, such as `anonymous`: callers without a number are not one customer.
 */
export function numberKey(number: PhoneNumber): string | undefined {
  if (number.e164 !== undefined) return number.e164;
  const compact = compactNumber(number.raw);
  return /\d/.test(compact) ? compact : undefined;
}
