import { formatValue } from '@cordboard/adapters-pbx-serial';
import type { ParameterDefinition, ParameterOutcome, ParameterValue } from '@cordboard/cti-core';
import type { ExitCode } from '../commands/context.js';
import type { PbxRun } from './run.js';

/** Stands in the place of secret values. */
export const HIDDEN = '******';

/** What people read beside a code; `ok` needs none. */
const WORDS: Readonly<Record<string, string>> = {
  unverified: 'taken; it cannot be read back',
  range: 'refused: out of range',
  noDevice: 'refused: there is none',
  readOnly: 'refused: it can only be read',
  wrongType: 'refused: not of this kind',
  denied: 'refused: needs the password',
  unsupported: 'not supported',
  mismatch: 'taken, but it reads otherwise',
  failed: 'failed',
  lost: 'not known: the line was lost',
};

/** The definitions of a catalogue by their ids. */
export function definitionsOf(catalogue: readonly ParameterDefinition[]): ReadonlyMap<string, ParameterDefinition> {
  return new Map(catalogue.map((one) => [one.id, one]));
}

/** A value for people; of a secret one nothing. */
export function shown(definition: ParameterDefinition | undefined, value: ParameterValue | undefined): string {
  if (definition?.secret !== undefined) return HIDDEN;
  if (value === undefined) return '';
  return definition === undefined ? JSON.stringify(value) : formatValue(definition.type, value) || '-';
}

/** Prints outcomes. @returns 1 when one of them is neither `ok` nor `unverified` */
export function printOutcomes(outcomes: readonly ParameterOutcome[], { facet, form, context }: PbxRun): ExitCode {
  const definitions = definitionsOf(facet.catalogue);
  for (const { value, ...outcome } of outcomes) {
    const { id, index, code } = outcome;
    const definition = definitions.get(id);
    if (form === 'json') {
      const told = value === undefined ? undefined : definition?.secret === undefined ? value : HIDDEN;
      context.output.out(JSON.stringify({ ...outcome, ...(told === undefined ? {} : { value: told }) }));
      continue;
    }
    const word = code === 'ok' ? '' : `  ${WORDS[code] ?? code}`;
    context.output.out(
      `${id.padEnd(26)}${String(index).padStart(6)}  ${value === undefined ? '' : shown(definition, value)}${word}`,
    );
  }
  return outcomes.every(({ code }) => code === 'ok' || code === 'unverified') ? 0 : 1;
}
