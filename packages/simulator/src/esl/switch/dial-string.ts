/** One far end to be called, with the variables meant for it alone. */
export interface DialTarget {
  readonly endpoint: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Whom to call: groups one after the other, the members of a group at once. */
export interface DialString {
  readonly groups: readonly (readonly DialTarget[])[];
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')', '<': '>' };

/** Cuts a text at a separator that stands outside of quotes and brackets. */
export function cutOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  const open: string[] = [];
  let quoted = false;
  let part = '';
  for (const char of text) {
    if (char === "'") quoted = !quoted;
    else if (!quoted && char in CLOSING && char !== '<') open.push(CLOSING[char] ?? '');
    else if (!quoted && char === open[open.length - 1]) open.pop();
    if (char === separator && !quoted && open.length === 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  parts.push(part);
  return parts;
}

/** Variables as `{a=1,b='x, y'}` holds them; `^^:` in front makes the colon the separator. */
export function parseVariables(text: string): Record<string, string> {
  const custom = /^\^\^(.)/u.exec(text);
  const pairs = custom === null ? cutOutside(text, ',') : text.slice(3).split(custom[1] ?? ',');
  const out: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    out[pair.slice(0, at).trim()] = pair
      .slice(at + 1)
      .replaceAll(/^'|'$/gu, '')
      .replaceAll("\\'", "'");
  }
  return out;
}

/** Takes the variables in brackets from the front of a text. */
function takeVariables(
  text: string,
  bracket: '{' | '[',
): { readonly variables: Record<string, string>; readonly rest: string } {
  let rest = text.trimStart();
  const variables: Record<string, string> = {};
  while (rest.startsWith(bracket)) {
    const end = endOfBracket(rest);
    if (end < 0) break;
    Object.assign(variables, parseVariables(rest.slice(1, end)));
    rest = rest.slice(end + 1).trimStart();
  }
  return { variables, rest };
}

function endOfBracket(text: string): number {
  const close = CLOSING[text[0] ?? ''];
  let quoted = false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (char === text[0]) depth++;
    else if (char === close && --depth === 0) return at;
  }
  return -1;
}

/** Reads `{all}[one]user/1000,[two]user/1001|user/1002`. */
export function parseDialString(text: string): DialString {
  const { variables, rest } = takeVariables(text, '{');
  const groups = cutOutside(rest, '|').map((group) =>
    cutOutside(group, ',')
      .map((one) => takeVariables(one, '['))
      .filter((one) => one.rest !== '')
      .map((one) => ({ endpoint: one.rest.trim(), variables: { ...variables, ...one.variables } })),
  );
  return { groups: groups.filter((group) => group.length > 0) };
}
