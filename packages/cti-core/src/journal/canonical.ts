/**
 * JSON with one spelling for each value: keys in the order of their UTF-16 code units, no spaces, absent and undefined alike.
 * Maps are written as objects. Only plain data: numbers must be finite.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries: [string, unknown][] =
    value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  // Plain comparison of code units: the order must not depend on a locale.
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const parts: string[] = [];
  for (const [key, one] of entries) if (one !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(one)}`);
  return `{${parts.join(',')}}`;
}
