/** Longest text that is looked at; what a switch or a person gives beyond it is cut or refused. */
export const MAX_NUMBER_TEXT = 64;

/**
 * Takes the decoration out of a telephone number: spaces, dashes, dots, slashes, brackets, the invisible direction marks that
 * address books paste along, and full-width digits. What is left may still hold letters.
 */
export function compactNumber(text: string): string {
  // Switches send nothing else.
  if (text.length <= MAX_NUMBER_TEXT && /^[+*#0-9]*$/.test(text)) return text;
  return text
    .slice(0, MAX_NUMBER_TEXT)
    .normalize('NFKC')
    .replace(/[\s\-./()[\]\p{Cf}\p{Pd}]+/gu, '');
}

/** Is `digits` within the range `from`-`to`, all three of one length? */
export function inRange(digits: string, range: { readonly from: string; readonly to: string }): boolean {
  return (
    digits.length > 0 &&
    digits.length === range.from.length &&
    digits.length === range.to.length &&
    digits >= range.from &&
    digits <= range.to
  );
}
