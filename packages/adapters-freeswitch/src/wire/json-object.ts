const UNICODE = 0x75;
const LAST_DIGIT = 0x39;
/** Quotes of name and value, colon, and comma or brace. */
const MARKS_PER_MEMBER = 6;

/**
 * All members of an object of strings, read by the runtime, which is quicker than any reader in script when all of them are wanted.
 *
 * It says less than the text: of repeated names it keeps the last, and it puts names that are numbers first. So the characters are
 * counted: when the names and values it gives do not make up the whole text, or a name may have moved, nothing is said.
 *
 * @param text - bytes held as Latin-1
 * @returns names and values as bytes held as Latin-1, in wire order; `undefined` when only the text tells all
 */
export function membersOf(text: string): Readonly<Record<string, string>> | undefined {
  const escapes = escapesIn(text);
  if (escapes < 0) return undefined;
  let members: unknown;
  try {
    members = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(members)) return undefined;
  let length = 1 + escapes;
  for (const name in members) {
    const value = members[name];
    if (typeof value !== 'string' || name.charCodeAt(0) <= LAST_DIGIT) return undefined;
    length += name.length + value.length + MARKS_PER_MEMBER;
  }
  return length === text.length ? (members as Readonly<Record<string, string>>) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Escapes of two characters for one; -1 when there is one for a code point, which may become several bytes. */
function escapesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
    if (text.charCodeAt(at + 1) === UNICODE) return -1;
    count += 1;
  }
  return count;
}
