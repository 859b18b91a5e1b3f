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
const PERCENT = 0x25;
/** With more escapes than these it is quicker to go over all characters than from one escape to the next. */
const FEW = 3;
const SCRATCH_BYTES = 16_384;
const scratch = Buffer.alloc(SCRATCH_BYTES);

/**
 * Undoes percent-encoding, to bytes held as Latin-1. What is no escape (`100%`, `%zz`) stays as it is. `+` is a plus:
 * FreeSWITCH writes blanks as `%20` and never as `+`.
 */
export function percentDecode(latin1: string): string {
  let at = latin1.indexOf('%');
  if (at < 0) return latin1;
  let text = '';
  let from = 0;
  for (let count = 0; at >= 0; count++) {
    if (count === FEW && latin1.length - from <= SCRATCH_BYTES) return text + decodeAll(latin1, from);
    const byte = byteAt(latin1, at);
    if (byte < 0) {
      at = latin1.indexOf('%', at + 1);
      continue;
    }
    text += latin1.slice(from, at) + CHARACTERS[byte];
    from = at + 3;
    at = latin1.indexOf('%', from);
  }
  return text + latin1.slice(from);
}

/** The byte of an escape, or a negative number when none stands there. */
function byteAt(text: string, at: number): number {
  return (HEX[text.charCodeAt(at + 1) & 0xff] ?? 0) * 16 + (HEX[text.charCodeAt(at + 2) & 0xff] ?? 0);
}

function decodeAll(latin1: string, start: number): string {
  let to = 0;
  for (let at = start; at < latin1.length; at++) {
    const code = latin1.charCodeAt(at);
    const byte = code === PERCENT ? byteAt(latin1, at) : -1;
    scratch[to] = byte < 0 ? code : byte;
    to += 1;
    if (byte >= 0) at += 2;
  }
  return scratch.toString('latin1', 0, to);
}
