import type { MessageOf } from '../wire/kts/index.js';

/** Labels of the Encoding standard; GB18030 holds all of GBK. */
const LABELS: Readonly<Record<string, string>> = {
  ascii: 'windows-1252',
  gbk: 'gb18030',
  utf8: 'utf-8',
  latin1: 'windows-1252',
  shiftjis: 'shift_jis',
  big5: 'big5',
  utf16be: 'utf-16be',
};

/** Tried in turn where the PBX does not know: bytes that are UTF-8 by chance are rare; every byte is some character of the last. */
const GUESSES = ['utf-8', 'gb18030', 'windows-1252'] as const;
const MAX_CHARACTERS = 128;

function decode(label: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Decodes the bytes of a name; what is not in the charset that the PBX guessed is tried in others. */
export function decodeName(bytes: Uint8Array, charset = 'unknown'): string {
  const guessed = LABELS[charset];
  const labels = guessed === undefined ? GUESSES : [guessed, ...GUESSES];
  for (const label of labels) {
    const text = decode(label, bytes);
    if (text !== undefined) return tidy(text);
  }
  return '';
}

/** The name of a caller: the PBX's own UTF-8 where it is sure, else what its bytes say. */
export function nameOf({ name, nameBytes, charset }: MessageOf<'callerId'>): string | undefined {
  const text = name === undefined || name === '' ? decodeName(nameBytes ?? new Uint8Array(), charset) : tidy(name);
  return text === '' ? undefined : text;
}

/** Without controls and padding; at most 128 characters. */
function tidy(text: string): string {
  // Some exchanges fill up with zeros or blanks.
  const plain = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return [...plain].slice(0, MAX_CHARACTERS).join('');
}
