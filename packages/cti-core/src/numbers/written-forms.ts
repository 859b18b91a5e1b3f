import type { DialPlan, PhoneNumber } from '../contract/index.js';
import { compactNumber } from './dialled-text.js';
import { nationalForm } from './plan-dial.js';

/**
 * The ways in which one number is written at this site: as it came, E.164, as dialled within the country, as dialled within the own
 * area. Carriers differ in which one they send and people in which one they configure; two numbers with a form in common are one.
 */
export function writtenForms(number: PhoneNumber, plan: DialPlan): readonly string[] {
  const forms = new Set([compactNumber(number.raw)]);
  const { e164 } = number;
  if (e164 !== undefined) {
    forms.add(e164).add(nationalForm(e164, plan));
    const area = `+${plan.countryCode}${plan.areaCode ?? ''}`;
    if (plan.areaCode !== undefined && plan.areaCode !== '' && e164.startsWith(area))
      forms.add(e164.slice(area.length));
  }
  forms.delete('');
  return [...forms];
}
