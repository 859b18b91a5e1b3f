import { MAX_DIGITS } from './digit-pattern.js';
import type { Run } from './run.js';
import { fillIn, isVariableName, MAX_VALUE_TEXT, MAX_VARIABLES, referencesIn } from './variables.js';

/** A value on its way into a variable; `covered`: it never becomes data of the call. */
type Value = readonly [text: string, cover: 'covered' | 'shown'];

/** Sets variables from templates, one after the other: a later one sees the earlier ones. What is made of masked variables is masked. */
export function assign(run: Run, templates: Readonly<Record<string, string>>): void {
  write(run, Object.entries(templates), (template, { variables, masked }) => [
    fillIn(template, variables),
    referencesIn(template).some((used) => masked.has(used)) ? 'covered' : 'shown',
  ]);
}

/** Keeps texts as they are, whatever stands in them: keys of the caller, answers of the world outside. */
export function keepValues(run: Run, values: Readonly<Record<string, string>>, covered: readonly string[] = []): void {
  write(run, Object.entries(values), (text, { name }) => [text, covered.includes(name) ? 'covered' : 'shown']);
}

/** Keeps the keys of a caller. */
export function keepDigits(run: Run, name: string, cover: 'covered' | 'shown'): void {
  write(run, [[name, run.state.digits.slice(0, MAX_DIGITS)]], (text) => [text, cover]);
}

interface Writing {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly masked: ReadonlySet<string>;
}

/** Names that a flow may not assign and what exceeds the bounds are left out. Publishes what no mask covers. */
function write(
  run: Run,
  entries: readonly (readonly [string, string])[],
  make: (text: string, writing: Writing) => Value,
): void {
  const variables = { ...run.state.variables };
  const masked = new Set(run.state.masked);
  const shown: Record<string, string> = {};
  for (const [name, text] of entries) {
    const known = Object.hasOwn(variables, name);
    if (!isVariableName(name) || (!known && Object.keys(variables).length >= MAX_VARIABLES)) continue;
    const [value, cover] = make(text, { name, variables, masked });
    const kept = value.slice(0, MAX_VALUE_TEXT);
    variables[name] = kept;
    if (cover === 'covered') {
      masked.add(name);
      delete shown[name];
    } else {
      masked.delete(name);
      shown[name] = kept;
    }
  }
  run.state.variables = variables;
  run.state.masked = masked.size > 0 ? [...masked] : undefined;
  if (Object.keys(shown).length > 0) run.actions.push({ type: 'setData', data: shown });
}
