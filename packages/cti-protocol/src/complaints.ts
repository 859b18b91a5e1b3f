import type * as z from 'zod';

/** One thing that is wrong in data from outside: where, and what was expected there. Never the value itself. */
export interface Complaint {
  readonly path: string;
  readonly expected: string;
}

type Issue = z.core.$ZodIssue;

/** Every complaint of a schema, in the order of its fields. Goes into the branch of a union that came nearest. */
export function complaintsOf(issues: readonly Issue[], root = ''): readonly Complaint[] {
  const all = issues.flatMap((issue) => complaintsOfOne(issue, joinPath(root, issue.path)));
  return all.length === 0 ? [{ path: root, expected: 'expected another value' }] : all;
}

function complaintsOfOne(issue: Issue, path: string): readonly Complaint[] {
  if (issue.code === 'invalid_union') {
    // The one branch for values of this kind is the one that was meant, else the one that complains less than all others.
    const [ofKind, another] = issue.errors.filter((branch) => !isOtherKind(branch));
    if (ofKind !== undefined && another === undefined && goesDeeper(ofKind)) return complaintsOf(ofKind, path);
    const [nearest, next] = issue.errors.toSorted((a, b) => a.length - b.length);
    const isClear = nearest !== undefined && nearest.length < (next?.length ?? Number.POSITIVE_INFINITY);
    if (isClear && goesDeeper(nearest)) return complaintsOf(nearest, path);
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: joinPath(path, [key]), expected: 'unknown field' }));
  }
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    return issue.issues.slice(0, 1).map((inner) => ({ path, expected: `as a key, ${wordsOf(inner)}` }));
  }
  return [{ path, expected: wordsOf(issue) }];
}

const isOtherKind = ([first, ...rest]: readonly Issue[]): boolean =>
  first !== undefined && rest.length === 0 && first.code === 'invalid_type' && first.path.length === 0;

const goesDeeper = (issues: readonly Issue[]): boolean =>
  issues.some((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys');

function joinPath(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    root,
  );
}

/** What a schema of the library expected, by its name there. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
};

const FORMATS: Readonly<Record<string, string>> = {
  url: "a URL such as 'https://pbx.example.com'",
  date: "a date such as '2026-10-01'",
  datetime: "a time such as '2026-10-01T08:00:00Z'",
};

const MAX_VALUES = 20;

/** Our schemas say in lower case what they expect; the library's own texts begin with a capital and speak of its insides. */
function wordsOf(issue: Issue): string {
  if (/^[a-z]/u.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? 'another kind of value'}`;
    case 'invalid_value':
      return `expected ${orList(issue.values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))))}`;
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue)}`;
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue)}`;
    case 'invalid_format':
      return `expected ${FORMATS[issue.format] ?? (issue.pattern === undefined ? 'another form of text' : `text of the form ${issue.pattern}`)}`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    default:
      return 'expected another value';
  }
}

function unitOf({ origin }: { readonly origin: string }): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' || origin === 'set' || origin === 'map' ? ' entries' : '';
}

function orList(values: readonly string[]): string {
  const shown = values.slice(0, MAX_VALUES);
  if (shown.length < values.length) shown.push('...');
  const last = shown.pop() ?? 'nothing';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}
