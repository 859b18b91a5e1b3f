import type { DialPlan, PhoneNumber, RawParty } from '../contract/index.js';
import { compactNumber, MAX_NUMBER_TEXT } from './dialled-text.js';
import { displayE164 } from './display.js';
import { isInternal, numberKey } from './site.js';

/**
 * Reads a number as a switch tells it, by the site's dial plan. Total: any text gives a number, `e164` only where the plan is sure.
 * Read as: extension (no `e164`), `+` or international prefix, national prefix, China's mobiles and 400/800
 * numbers, the own country code without `+`, a national number without its prefix, a local number of the own area.
 * `display` is empty for a withheld number, else written for people. `presentation` is kept.
 */
export function normalise(party: RawParty, plan: DialPlan): PhoneNumber {
  const raw = party.number.slice(0, MAX_NUMBER_TEXT).replace(/[\u0000-\u001f\u007f]/g, '');
  const e164 = readE164(compactNumber(raw), plan);
  const shown = e164 === undefined ? raw.trim() : displayE164(e164, plan);
  const display = party.presentation === 'withheld' ? '' : shown;
  const { presentation } = party;
  return e164 === undefined ? { raw, display, presentation } : { raw, e164, display, presentation };
}

/** Is it one of the site's own outside numbers (`plan.ownNumbers`), however it is written? Own numbers are never a customer. */
export function isOwnNumber(number: PhoneNumber, plan: DialPlan): boolean {
  const key = numberKey(number);
  return (
    key !== undefined &&
    plan.ownNumbers.some((own) => numberKey(normalise({ number: own, presentation: 'allowed' }, plan)) === key)
  );
}

function readE164(compact: string, plan: DialPlan): string | undefined {
  const { countryCode, areaCode = '' } = plan;
  const nationalPrefix = plan.nationalPrefix ?? '0';
  const internationalPrefix = plan.internationalPrefix ?? '00';
  if (compact.startsWith('+')) return international(compact.slice(1), plan);
  if (!/^\d+$/.test(compact) || isInternal(compact, plan)) return undefined;
  if (internationalPrefix !== '' && compact.startsWith(internationalPrefix)) {
    return international(compact.slice(internationalPrefix.length), plan);
  }
  if (nationalPrefix !== '' && nationalPrefix !== countryCode && compact.startsWith(nationalPrefix)) {
    return national(compact.slice(nationalPrefix.length), plan);
  }
  if (countryCode === '86') {
    if (/^1[3-9]\d{9}$/.test(compact) || /^[48]00\d{7}$/.test(compact)) return national(compact, plan);
    // 1xx, 95xxx and 96xxx are service numbers of 3 to 8 digits; subscriber numbers begin with 2 to 8.
    if (compact.length < 9 && /^[019]/.test(compact)) return undefined;
  }
  // Carriers drop the plus sign; a local number of eleven digits that begins with the country code does not exist.
  if (compact.startsWith(countryCode) && compact.length >= Math.max(11, countryCode.length + 9)) {
    return international(compact, plan);
  }
  if (nationalPrefix === '' || compact.length >= 9) return national(compact, plan);
  return areaCode !== '' && compact.length >= 6 ? national(areaCode + compact, plan) : undefined;
}

function international(digits: string, plan: DialPlan): string | undefined {
  const { countryCode, nationalPrefix = '0' } = plan;
  // `+86 0755 ...`: a trunk zero that was left in; no Chinese (or other own-country) number keeps it after the country code.
  const doubled =
    nationalPrefix !== '' && nationalPrefix !== countryCode && digits.startsWith(countryCode + nationalPrefix);
  return valid(doubled ? countryCode + digits.slice(countryCode.length + nationalPrefix.length) : digits);
}

function national(digits: string, plan: DialPlan): string | undefined {
  return valid(plan.countryCode + digits);
}

/** ITU-T E.164, clause 6: at most 15 digits, no leading zero. Fewer than 7 is no subscriber anywhere. */
function valid(digits: string): string | undefined {
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : undefined;
}
