/** Most variables of one session, the system's own not counted: as many as a call's data may hold. */
export const MAX_VARIABLES = 64;
/** Longest value; longer ones are cut. */
export const MAX_VALUE_TEXT = 1000;
/** Set by the system; a flow reads them and cannot assign them. */
export const SYSTEM_VARIABLES = ['call.number', 'call.dialled', 'call.language'] as const;

const REFERENCE = /\{([A-Za-z][A-Za-z0-9_.-]{0,63})\}/g;
const SECRET = 'secret.';
/** `{secret.NAME}`: the name is one of the configuration. */
const SECRET_REFERENCE = /\{secret\.([A-Za-z0-9_-]{1,64})\}/g;

/** Is it a name that a flow may assign? A letter, then letters, digits, `_`, `.`, `-`; at most 64; neither `call.*` nor `secret.*`. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name) && !name.startsWith('call.') && !name.startsWith(SECRET);
}

/** A variable's value; empty when it was never set. No variable holds a secret. */
export function variable(variables: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(variables, name) && !name.startsWith(SECRET) ? (variables[name] ?? '') : '';
}

/** Puts variables into a text: `{name}` becomes its value, a name that was never set becomes nothing. At most 1,000 characters. */
export function fillIn(template: string, variables: Readonly<Record<string, string>>): string {
  if (!template.includes('{')) return template.slice(0, MAX_VALUE_TEXT);
  return template
    .slice(0, MAX_VALUE_TEXT)
    .replace(REFERENCE, (_, name: string) => variable(variables, name))
    .slice(0, MAX_VALUE_TEXT);
}

/**
 * Puts variables into a text for a service outside. `{secret.NAME}` of the template stays as it is, for the server to fill in; whatever a variable holds, and
 * whatever stands around it, no further reference to a secret comes about.
 * @param encode - what is done to the value of a variable before it is put in
 */
export function fillForService(
  template: string,
  variables: Readonly<Record<string, string>>,
  encode: (value: string) => string,
): string {
  let filled = '';
  let from = 0;
  const fill = (part: string): string =>
    // The brace is changed and not taken away: taking away could make a reference of what is left.
    part
      .replace(REFERENCE, (_, name: string) => encode(variable(variables, name)))
      .replaceAll(`{${SECRET}`, `(${SECRET}`);
  for (const match of template.matchAll(SECRET_REFERENCE)) {
    filled += fill(template.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return filled + fill(template.slice(from));
}

/** A value as a part of a URL. What would lead to another folder (`.` and `..`) becomes nothing: no encoding takes its meaning away (WHATWG URL, 4.4). */
export function urlPart(value: string): string {
  if (/^\.*$/.test(value)) return '';
  // Half of a surrogate pair has no encoding.
  return encodeURIComponent(
    value.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD'),
  );
}

/** A value as a part of a header: what could end the header becomes a space. */
export function headerPart(value: string): string {
  return value.replace(/\p{Cc}/gu, ' ');
}

/** The names of the variables that a text refers to, each once. */
export function referencesIn(template: string): readonly string[] {
  if (!template.includes('{')) return [];
  const names = new Set<string>();
  for (const match of template.matchAll(REFERENCE)) {
    const name = match[1] ?? '';
    if (!name.startsWith(SECRET)) names.add(name);
  }
  return [...names];
}
