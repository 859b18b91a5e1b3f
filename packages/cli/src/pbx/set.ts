import { type Filling, faultOf, isSameValue, overRange, parseValue, renumber } from '@cordboard/adapters-pbx-serial';
import { CtiError, type ParameterAt, type ParameterOutcome, type ParameterValue } from '@cordboard/cti-core';
import type { ExitCode } from '../commands/context.js';
import { definitionOf, placesOfText } from './get.js';
import { definitionsOf, HIDDEN, printOutcomes, shown } from './print.js';
import type { PbxRun } from './run.js';

/** What is written where. */
export interface SetOptions {
  /** `id=value`. */
  readonly assignments: readonly string[];
  readonly index: string;
  readonly fill: Filling;
  readonly mode: 'write' | 'dryRun';
}

type Write = ParameterAt & { readonly value: ParameterValue };

/** Writes parameters and prints what became of each; of a dry run what would change. */
export async function setParameters(options: SetOptions, run: PbxRun): Promise<ExitCode> {
  const writes = options.assignments.flatMap((one) => writesOf(one, options, run));
  if (options.mode === 'dryRun') return tellChanges(writes, run);
  const { facet, context } = run;
  const how = { signal: context.signal, password: await run.password() };
  // Numbers that change places among each other are refused one by one.
  const isNumbering = writes.length > 1 && writes.every(({ id }) => id === 'extension.number');
  const outcomes: readonly ParameterOutcome[] = isNumbering
    ? await renumber(facet, writes, how)
    : await facet.set(writes, how);
  return printOutcomes(outcomes, run);
}

function writesOf(assignment: string, { index, fill }: SetOptions, run: PbxRun): readonly Write[] {
  const [, id = '', text = ''] = /^([^=]+)=(.*)$/su.exec(assignment) ?? [];
  if (id === '') throw new CtiError('argument.invalid', 'expected ID=VALUE, such as flashTime=600');
  const { type } = definitionOf(run, id);
  const first = parseValue(type, text);
  if (first === undefined) {
    throw new CtiError('argument.invalid', `the value of ${id} is not of its kind`, {
      details: {
        path: id,
        expected: type.kind === 'number' && type.words !== undefined ? type.words.join(', ') : type.kind,
      },
    });
  }
  const places = placesOfText(index);
  // Counted over the places as they are given, gaps or not.
  const values = overRange(id, { from: 0, to: places.length - 1 }, { first, type, fill });
  return places.map((at, nth) => ({ id, index: at, value: values[nth]?.value ?? first }));
}

/** Reads what there is and tells what would be otherwise. Nothing is written. */
async function tellChanges(writes: readonly Write[], { facet, context, form }: PbxRun): Promise<ExitCode> {
  const definitions = definitionsOf(facet.catalogue);
  const now = await facet.get(writes, { signal: context.signal });
  let code: ExitCode = 0;
  writes.forEach(({ id, index, value }, at) => {
    const definition = definitions.get(id);
    const fault = definition === undefined ? undefined : faultOf(definition, value);
    const { code: read = 'failed', value: was } = now[at] ?? {};
    const isSecret = definition?.secret !== undefined;
    const verdict = fault ?? (read === 'ok' || isSecret || read === 'unsupported' ? undefined : read);
    if (verdict !== undefined) code = 1;
    const change = verdict ?? (was !== undefined && isSameValue(was, value) ? 'unchanged' : 'change');
    if (form === 'json') {
      const told = isSecret ? { to: HIDDEN } : { ...(was === undefined ? {} : { from: was }), to: value };
      context.output.out(JSON.stringify({ id, index, dryRun: change, ...told }));
      return;
    }
    const from = was === undefined ? '?' : shown(definition, was);
    context.output.out(
      `${id.padEnd(26)}${String(index).padStart(6)}  ${from} -> ${shown(definition, value)}  ${change}`,
    );
  });
  return code;
}
