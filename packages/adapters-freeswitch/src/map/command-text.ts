import { CtiError } from '@cordboard/cti-core';

/** What ends a command, a header or a string of C. */
const LINE = /[\r\n\0]/;

/**
 * The words of one `api` command. The event socket takes a line; FreeSWITCH splits it at blanks, reads quotes and, in `originate`, braces.
 * Each word must be of characters that none of them reads.
 *
 * @throws {CtiError} `wire.unsafeValue` when a word could be read as more than itself
 */
export function commandText(...words: readonly string[]): string {
  for (const text of words) {
    if (text === '' || /[\s'"\\`]/u.test(text) || LINE.test(text)) {
      throw new CtiError(
        'wire.unsafeValue',
        'a word of a command holds a character that FreeSWITCH would read as more than itself',
      );
    }
  }
  return words.join(' ');
}

/** A value that stands for itself wherever FreeSWITCH reads it: letters and digits of any script, and `_ . : + * # @ / -`. */
const PLAIN = /^[\p{L}\p{M}\p{N}_.:+*#@/-]*$/u;

/**
 * The variables of an `originate`, `{a=b,c='d e'}`.
 *
 * @throws {CtiError} `wire.unsafeValue` when a value holds what could end it: callers make values safe first, see {@link safeName}
 */
export function variablesText(variables: Readonly<Record<string, string>>): string {
  const parts = Object.entries(variables).map(([name, value]) => {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name) || !PLAIN.test(value.replaceAll(' ', ''))) {
      throw new CtiError(
        'wire.unsafeValue',
        `the value of the variable ${name.slice(0, 64)} can not be written safely`,
      );
    }
    return `${name}=${value.includes(' ') ? `'${value}'` : value}`;
  });
  return `{${parts.join(',')}}`;
}

/**
 * What of a number goes into a command: digits, letters and `+ * # . _ -`. Everything else (`{}`, `^^`, quotes, commas, line ends) is left out.
 */
export function safeNumber(text: string): string {
  return text.replace(/[^0-9A-Za-z+*#._-]/g, '').slice(0, 64);
}

/**
 * What of a name goes into a command: letters, marks and digits of any script, and `_ . + -`; everything else becomes a blank. A name comes from
 * outside, and in FreeSWITCH commas, quotes, braces, `^^`, `${` and `\` have a meaning of their own.
 */
export function safeName(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_.+-]+/gu, ' ')
    .trim()
    .slice(0, 80)
    .trim();
}
