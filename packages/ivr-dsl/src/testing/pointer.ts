/** A field of an answer as text: RFC 6901's pointer (`/customer/name`) or the name of a top field. `undefined` for what is not there or no plain value. */
export function fieldOf(body: unknown, pointer: string): string | undefined {
  const path = pointer.startsWith('/')
    ? pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : [pointer];
  let value = body;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Longest text that an answer brings in. */
const MAX_TEXT = 1000;

/** The values of an answer by variable, as the node wants them kept. */
export function kept(body: unknown, keep: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(keep).flatMap(([variable, field]) => {
      const value = fieldOf(body, field);
      return value === undefined ? [] : [[variable, value]];
    }),
  );
}
