import { type PageLanguage, wordOf } from './words.js';

/** Text that is safe in an element or a quoted attribute of HTML and SVG. Signs that XML does not allow become spaces. */
export function escaped(text: string): string {
  return text
    .replace(/[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A word of the page that follows the switch of language: the key where there is one, else the text as it is. */
export function word(
  key: string,
  language: PageLanguage,
  otherwise = key,
): { readonly attribute: string; readonly text: string } {
  const known = wordOf(key, language);
  return known === undefined
    ? { attribute: '', text: escaped(otherwise) }
    : { attribute: ` data-t="${escaped(key)}"`, text: escaped(known) };
}

/** A word by its key, and what stands there where the page has no such word. */
interface Keyed {
  readonly key: string;
  readonly otherwise: string;
}

/** A word of the page in an element of HTML. */
export function spoken(element: string, key: string | Keyed, language: PageLanguage): string {
  const { attribute, text } = typeof key === 'string' ? word(key, language) : word(key.key, language, key.otherwise);
  return `<${element}${attribute}>${text}</${element.split(' ')[0] ?? ''}>`;
}

/** Cuts a text to a width, where a wide sign (Chinese, emoji) takes two places. */
export function cut(text: string, places: number): string {
  let left = places;
  let shown = '';
  for (const sign of text) {
    left -=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Extended_Pictographic}/u.test(
        sign,
      )
        ? 2
        : 1;
    if (left < 0) return `${shown.slice(0, -1)}…`;
    shown += sign;
  }
  return shown;
}
