/** Value of a hexadecimal digit by its character code; a large negative one for everything else. */
const HEX = new Int16Array(256).fill(-4_096);
for (const [base, from, count] of [
  [0, 48, 10],
  [10, 65, 6],
  [10, 97, 6],
] as const) {
  for (let n = 0; n < count; n++) HEX[from + n] = base + n;
}
const CHARACTERS: readonly string[] = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

/**
 * Undoes percent-encoding, to bytes held as Latin-1. What is no escape (`100%`, `%zz`) stays as it is. `+` is a plus:
 * FreeSWITCH writes blanks as `%20` and never as `+`.
 */
export function percentDecode(latin1: string): string {
  let at = latin1.indexOf('%');
  if (at < 0) return latin1;
  let text = '';
  let from = 0;
  while (at >= 0) {
    const byte = (HEX[latin1.charCodeAt(at + 1) & 0xff] ?? 0) * 16 + (HEX[latin1.charCodeAt(at + 2) & 0xff] ?? 0);
    if (byte >= 0 && at + 2 < latin1.length) {
      text += latin1.slice(from, at) + CHARACTERS[byte];
      from = at + 3;
      at = latin1.indexOf('%', from);
    } else {
      at = latin1.indexOf('%', at + 1);
    }
  }
  return text + latin1.slice(from);
}
