/** Most characters of one value that an answer may give to a flow. */
export const MAX_VALUE = 1000;

/**
 * The text at a JSON pointer (RFC 6901). A name without a slash in front is one of the top. Numbers and truth values become their texts, `null` and what is
 * not there the empty one.
 *
 * @returns `undefined` for an object, a list, or a text of more than {@link MAX_VALUE} characters: no flow could hold it
 */
export function textAt(document: unknown, pointer: string): string | undefined {
  const path = pointer.startsWith('/') ? pointer.slice(1).split('/') : pointer === '' ? [] : [pointer];
  let here: unknown = document;
  for (const part of path) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(here)) here = /^(0|[1-9]\d{0,8})$/u.test(key) ? here[Number(key)] : undefined;
    else if (typeof here === 'object' && here !== null && Object.hasOwn(here, key)) here = (here as Json)[key];
    else return '';
  }
  return textOf(here);
}

type Json = Readonly<Record<string, unknown>>;

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.length <= MAX_VALUE ? value : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}
