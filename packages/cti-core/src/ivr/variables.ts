/** Most variables of one session, the system's own not counted: as many as a call's data may hold. */
export const MAX_VARIABLES = 64;
/** Longest value; longer ones are cut. */
export const MAX_VALUE_TEXT = 1000;
/** Set by the system; a flow reads them and cannot assign them. */
export const SYSTEM_VARIABLES = ['call.number', 'call.dialled', 'call.language'] as const;

const REFERENCE = /\{([A-Za-z][A-Za-z0-9_.-]{0,63})\}/g;

/** Is it a name that a flow may assign? A letter, then letters, digits, `_`, `.`, `-`; at most 64; not `call.*`. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name) && !name.startsWith('call.');
}

/** A variable's value; empty when it was never set. */
export function variable(variables: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(variables, name) ? (variables[name] ?? '') : '';
}

/** Puts variables into a text: `{name}` becomes its value, a name that was never set becomes nothing. At most 1,000 characters. */
export function fillIn(template: string, variables: Readonly<Record<string, string>>): string {
  return template
    .slice(0, MAX_VALUE_TEXT)
    .replace(REFERENCE, (_, name: string) => variable(variables, name))
    .slice(0, MAX_VALUE_TEXT);
}

/** The names that a text refers to, each once. */
export function referencesIn(template: string): readonly string[] {
  return [...new Set([...template.matchAll(REFERENCE)].map((match) => match[1] ?? ''))];
}
