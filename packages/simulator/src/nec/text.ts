/** Exclusive or of everything behind the start of text, its end too: the block check. */
const checkOf = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum ^ byte, 0);

/** A text of the hotel link: STX, `1`, `!`, `L`, feature, length, function, body, ETX, check. Source: NDA-30115 p. 6, figure 4-1. */
export function hotelText(feature: string, code: string, body = ''): Uint8Array {
  const counted = feature.length + 2 + code.length + body.length;
  const inside = Buffer.from(`1!L${feature}${String(counted).padStart(2, '0')}${code}${body}\x03`, 'latin1');
  return Uint8Array.from([2, ...inside, checkOf([...inside])]);
}

/** What stands in a text that came in; undefined: its check is wrong. `counted`: what its length says. */
export function readHotelText(
  bytes: readonly number[],
): { feature: string; code: string; body: string; counted: number } | undefined {
  const check = bytes.at(-1);
  const inside = bytes.slice(1, -1);
  if (checkOf(inside) !== check) return undefined;
  const text = Buffer.from(inside.slice(0, -1)).toString('latin1');
  return { feature: text.slice(3, 5), counted: Number(text.slice(5, 7)), code: text.slice(7, 8), body: text.slice(8) };
}

/** Length of a text from the feature code on, as its sender must have counted it. */
export const countOf = ({ code, body }: { readonly code: string; readonly body: string }): number =>
  4 + code.length + body.length;

/** A call record: STX, `0`, `!`, 128 characters, ETX, parity. Source: NDA-24238 p. 404-406. */
export function recordFrame(data: string): Uint8Array {
  const inside = Buffer.from(`0!${data.padEnd(128).slice(0, 128)}\x03`, 'latin1');
  return Uint8Array.from([2, ...inside, checkOf([...inside])]);
}
