import { extensionsOf, parametersOf, parsePlaces, placesOf, readAll } from '@cordboard/adapters-pbx-serial';
import { CtiError, type ParameterGroup } from '@cordboard/cti-core';
import type { ExitCode } from '../commands/context.js';
import { printOutcomes } from './print.js';
import type { PbxRun } from './run.js';

/** What is read: by ids, by groups, or all; at some places or at all that there are. */
export interface GetOptions {
  readonly ids: readonly string[];
  readonly index?: string;
  readonly groups?: readonly ParameterGroup[];
}

/** Reads parameters and prints them. Secret ones are read only where they are named, and never shown. */
export async function getParameters({ ids, index, groups }: GetOptions, run: PbxRun): Promise<ExitCode> {
  const { facet, context } = run;
  const { signal } = context;
  if (ids.length === 0 && index === undefined) {
    return printOutcomes(await readAll(facet, { signal, ...(groups === undefined ? {} : { groups }) }), run);
  }
  const wanted =
    ids.length === 0
      ? parametersOf(facet.catalogue, { ...(groups === undefined ? {} : { groups }) })
      : ids.map((id) => definitionOf(run, id));
  const places = index === undefined ? undefined : placesOfText(index);
  const extensions = places === undefined ? await extensionsOf(facet, signal) : [];
  const what = wanted.flatMap((one) => (places ?? placesOf(one, extensions)).map((at) => ({ id: one.id, index: at })));
  const isSecret = wanted.some(({ secret }) => secret !== undefined);
  const read = await facet.get(what, { signal, ...(isSecret ? { password: await run.password() } : {}) });
  // Without places to look at, those that are not there are of no interest.
  return printOutcomes(places === undefined ? read.filter(({ code }) => code !== 'noDevice') : read, run);
}

/** The parameter of an id. @throws {CtiError} `argument.invalid` */
export function definitionOf({ facet }: PbxRun, id: string): PbxRun['facet']['catalogue'][number] {
  const found = facet.catalogue.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new CtiError('argument.invalid', `no parameter ${id}: cordboard pbx parameters lists all`, {
    details: { path: 'id' },
  });
}

/** Places as written. @throws {CtiError} `argument.invalid` */
export function placesOfText(text: string): readonly number[] {
  const places = parsePlaces(text);
  if (places !== undefined) return places;
  throw new CtiError('argument.invalid', '--index is none', {
    details: { path: 'index', expected: '801..828 or 1,3,5' },
  });
}
