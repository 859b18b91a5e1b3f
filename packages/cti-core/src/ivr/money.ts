import type { MediaRef } from '../contract/index.js';

/** Currencies whose smaller unit is not the hundredth part: digits after the point by ISO 4217. */
const DECIMALS: Readonly<Record<string, number>> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
]);

/** Digits after the point of an amount in this currency. */
function decimalsOf(currency: string): number {
  return Object.hasOwn(DECIMALS, currency) ? (DECIMALS[currency] ?? 2) : 2;
}

/**
 * The prompts that a flow must have to say amounts in a currency: the names of its units. Optional ones beside them: `.one` after either
 * (the singular), `money.<currency>.tenth` (Chinese alone: 角), and `money.minus`.
 */
export function moneyPrompts(currency: string): readonly string[] {
  const key = `money.${currency}`;
  return decimalsOf(currency) === 0 ? [`${key}.major`] : [`${key}.major`, `${key}.minor`];
}

/**
 * An amount read aloud: `1250` of `CNY` is "12 yuan 50 fen", or "12 yuan 5 jiao" in Chinese where the flow names tenths. A part of nought is left
 * out. `undefined` for a text that is no whole number of at most 15 digits.
 *
 * @param word - the sound of a prompt in the language that is spoken, if there is one
 */
export function moneyMedia(
  text: string,
  what: { readonly currency: string; readonly language: string },
  word: (prompt: string) => MediaRef | undefined,
): readonly MediaRef[] | undefined {
  if (!/^-?\d{1,15}$/.test(text)) return undefined;
  const { currency, language } = what;
  const amount = Math.abs(Number(text));
  const scale = 10 ** decimalsOf(currency);
  const major = Math.floor(amount / scale);
  const minor = amount % scale;
  const number = (value: number): MediaRef => ({ kind: 'number', value, language });
  const unit = (value: number, name: string): readonly MediaRef[] => {
    const one = value === 1 ? word(`money.${currency}.${name}.one`) : undefined;
    return [number(value), ...listOf(one ?? word(`money.${currency}.${name}`))];
  };
  const said = [
    ...(Number(text) < 0 ? listOf(word('money.minus')) : []),
    ...(major > 0 || minor === 0 ? unit(major, 'major') : []),
  ];
  if (minor === 0) return said;
  if (scale !== 100 || !/^zh\b/i.test(language) || word(`money.${currency}.tenth`) === undefined) {
    return [...said, ...unit(minor, 'minor')];
  }
  const tenths = Math.floor(minor / 10);
  const rest = minor % 10;
  return [
    ...said,
    // 十二元零五分: the empty place between two others is spoken.
    ...(tenths > 0 ? unit(tenths, 'tenth') : major > 0 ? [number(0)] : []),
    ...(rest > 0 ? unit(rest, 'minor') : []),
  ];
}

function listOf(ref: MediaRef | undefined): readonly MediaRef[] {
  return ref === undefined ? [] : [ref];
}
