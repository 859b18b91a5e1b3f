import type { DeviceId, DialPlan, PhoneNumber } from '../contract/index.js';
import { compactNumber } from './dialled-text.js';
import { normalise } from './normalise.js';
import { isEmergency, isInternal } from './site.js';

/** Most characters of a number to dial, pauses and digits after them included. */
export const MAX_DIALLED = 40;

/**
 * What dialling a text means at this site.
 * - `internal`: an extension
 * - `outside`: `digits` go out exactly so (outside prefix, prefix rules and pauses applied; `0-9*#,`); `trunk` where a rule
 *   names one; `emergency` must pass every restriction and is never dialled by a machine's retry (L15)
 * - `invalid`: `letters` anything that is no telephone key, `+` or comma; `malformed` a `+` or comma where none can be
 */
export type DialDecision =
  | { readonly kind: 'internal'; readonly number: string }
  | {
      readonly kind: 'outside';
      readonly digits: string;
      readonly number: PhoneNumber;
      readonly trunk?: DeviceId;
      readonly emergency?: 'emergency';
    }
  | { readonly kind: 'invalid'; readonly reason: 'empty' | 'tooLong' | 'letters' | 'malformed' };

/**
 * Decides how to dial what a person or a flow gave. Total. An emergency number wins over everything, also behind an outside prefix
 * that people dial out of habit (unless that is an extension); rules do not rewrite it. `+` becomes national or international form.
 */
export function planDial(to: string, plan: DialPlan): DialDecision {
  if (to.length > MAX_DIALLED * 2) return { kind: 'invalid', reason: 'tooLong' };
  const compact = compactNumber(to);
  if (compact === '') return { kind: 'invalid', reason: 'empty' };
  if (compact.length > MAX_DIALLED) return { kind: 'invalid', reason: 'tooLong' };
  if (/[^\d*#+,]/.test(compact)) return { kind: 'invalid', reason: 'letters' };
  if (!/^\+?[\d*#]+(,[\d*#,]*)?$/.test(compact)) return { kind: 'invalid', reason: 'malformed' };
  const emergency = emergencyOf(compact, plan);
  if (emergency !== undefined) {
    return {
      kind: 'outside',
      digits: (plan.outsidePrefix ?? '') + emergency,
      number: normalise({ number: emergency, presentation: 'allowed' }, plan),
      emergency: 'emergency',
    };
  }
  if (isInternal(compact, plan)) return { kind: 'internal', number: compact };
  const comma = compact.indexOf(',');
  const subscriber = comma < 0 ? compact : compact.slice(0, comma);
  const number = normalise({ number: subscriber, presentation: 'allowed' }, plan);
  if (subscriber.startsWith('+') && number.e164 === undefined) return { kind: 'invalid', reason: 'malformed' };
  const dialled = subscriber.startsWith('+') ? nationalForm(number.e164 ?? '', plan) : subscriber;
  const rule = plan.prefixRules?.find((candidate) => dialled.startsWith(candidate.pattern));
  const cut = rule === undefined ? dialled : (rule.prefix ?? '') + dialled.slice(Math.max(0, rule.strip ?? 0));
  return {
    kind: 'outside',
    digits: (plan.outsidePrefix ?? '') + cut + (comma < 0 ? '' : compact.slice(comma)),
    number,
    ...(rule?.trunk === undefined ? {} : { trunk: rule.trunk }),
  };
}

function emergencyOf(compact: string, plan: DialPlan): string | undefined {
  if (isEmergency(compact, plan)) return compact;
  const habit = (plan.outsidePrefix ?? '').replace(/,/g, '');
  if (habit === '' || !compact.startsWith(habit) || isInternal(compact, plan)) return undefined;
  const rest = compact.slice(habit.length).replace(/^,+/, '');
  return isEmergency(rest, plan) ? rest : undefined;
}

/** An E.164 number as it is dialled at this site: with national or international prefix. */
export function nationalForm(e164: string, plan: DialPlan): string {
  const own = `+${plan.countryCode}`;
  if (!e164.startsWith(own)) return (plan.internationalPrefix ?? '00') + e164.slice(1);
  const rest = e164.slice(own.length);
  // China's mobiles and 400/800 numbers are dialled without the national prefix.
  if (plan.countryCode === '86' && /^(1[3-9]\d{9}|[48]00\d{7})$/.test(rest)) return rest;
  return (plan.nationalPrefix ?? '0') + rest;
}
