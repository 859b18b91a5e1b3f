import type { DialPlan, PhoneNumber } from '../contract/index.js';

/** How a person of this site writes it: numbers of the own country in national form, others with `+`. */
export function displayE164(e164: string, plan: DialPlan): string {
  const own = `+${plan.countryCode}`;
  if (!e164.startsWith(own)) return e164;
  const rest = e164.slice(own.length);
  if (plan.countryCode === '86') return displayChinese(rest, plan.nationalPrefix ?? '0');
  return `${plan.nationalPrefix ?? '0'}${rest}`;
}

function displayChinese(rest: string, nationalPrefix: string): string {
  if (/^1[3-9]\d{9}$/.test(rest)) return `${rest.slice(0, 3)} ${rest.slice(3, 7)} ${rest.slice(7)}`;
  if (/^[48]00\d{7}$/.test(rest)) return `${rest.slice(0, 3)} ${rest.slice(3, 6)} ${rest.slice(6)}`;
  // Area codes 10 and 2x have two digits, all others three.
  const areaLength = /^(10|2\d)/.test(rest) ? 2 : 3;
  const local = rest.slice(areaLength);
  const split = local.length - 4;
  return split > 0
    ? `${nationalPrefix}${rest.slice(0, areaLength)} ${local.slice(0, split)} ${local.slice(split)}`
    : `${nationalPrefix}${rest}`;
}

/**
 * The number as a restricted agent may see it: no `e164`, and in `raw` and `display` the middle digits as `*`
 * (`139****5678`). Of 9 and more digits the first three and last four stay, of 7 and 8 the first two and last two. Shorter ones are
 * extensions and service numbers and stay whole.
 */
export function maskNumber(number: PhoneNumber): PhoneNumber {
  const national = number.e164 === undefined ? number.raw : number.display === '' ? number.e164 : number.display;
  return {
    raw: maskDigits(national.replace(/[^\d*#+]/g, '')),
    display: maskDigits(number.display),
    presentation: number.presentation,
  };
}

/** {@link maskNumber} for a text: its digits counted from both ends, all other characters kept. */
export function maskDigits(text: string): string {
  const total = text.replace(/\D/g, '').length;
  if (total < 7) return text;
  const [head, tail] = total >= 9 ? [3, 4] : [2, 2];
  let index = 0;
  return text.replace(/\d/g, (digit) => {
    index += 1;
    return index > head && index <= total - tail ? '*' : digit;
  });
}
