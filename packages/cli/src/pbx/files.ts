import { randomUUID } from 'node:crypto';
import { access, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Backup,
  compareBackup,
  type Difference,
  formatBackup,
  parseBackup,
  restoreBackup,
  takeBackup,
} from '@cordboard/adapters-pbx-serial';
import { CtiError, type ParameterGroup, type ParameterOutcome } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { type ExitCode, withFile } from '../commands/context.js';
import { definitionsOf, HIDDEN, printOutcomes, shown } from './print.js';
import type { PbxRun } from './run.js';

/** What a backup holds, and whether it may take another's place. */
export interface BackupOptions {
  readonly groups?: readonly ParameterGroup[];
  readonly secrets?: 'include';
  readonly over?: 'force';
  readonly detail?: 'verbose';
}

/** What was not read or written is told one by one up to this many; more by `--verbose` alone. */
const TOLD = 10;

/** Writes a backup. The file is whole or not there, and only its owner can read it. */
export async function backup(file: string, options: BackupOptions, run: PbxRun): Promise<ExitCode> {
  const { facet, profile, context, form } = run;
  const { groups, secrets, over } = options;
  if (secrets !== undefined && run.through !== undefined) {
    throw new CtiError('command.notSupported', 'a server shows no passwords: stop it for a backup with --secrets');
  }
  const path = resolve(context.folder, file);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere && over === undefined) {
    throw new CtiError('argument.invalid', `${file} is there already: --force writes over it`, {
      details: { path: 'file' },
    });
  }
  let absent: readonly ParameterOutcome[] = [];
  const taken = await takeBackup(
    facet,
    {
      signal: context.signal,
      ...(groups === undefined ? {} : { groups }),
      ...(secrets === undefined ? {} : { secrets, password: await run.password() }),
    },
    {
      wallMs: systemClock.wallMs(),
      ...(profile === undefined ? {} : { profile }),
      absent: (places) => {
        absent = places;
      },
    },
  );
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(unfinished, formatBackup(taken), { mode: 0o600, flag: 'wx' });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  const { parameters, unread } = taken;
  if (form === 'json') {
    const sum = { file, parameters: parameters.length, absent: absent.length, unread, secrets: taken.secrets };
    context.output.out(JSON.stringify(sum));
  } else context.output.out(`${parameters.length} parameters in ${file}`);
  if (absent.length > 0) {
    const more = options.detail === undefined ? ' (--verbose names them)' : '';
    context.output.err(`cordboard: ${absent.length} places of the catalogue are not on this PBX${more}`);
  }
  if (options.detail !== undefined) tellEach(absent, { word: 'is not on this PBX', ...options }, run);
  tellEach(unread, { word: 'could not be read', ...options }, run);
  return unread.length === 0 ? 0 : 1;
}

/** Tells which places something is true of: the first few, or all. */
function tellEach(
  places: readonly { readonly id: string; readonly index: number; readonly code: string }[],
  { word, detail }: { readonly word: string; readonly detail?: 'verbose' },
  { context }: PbxRun,
): void {
  const told = detail === undefined ? places.slice(0, TOLD) : places;
  for (const { id, index, code } of told) context.output.err(`cordboard: ${id} ${index} ${word}: ${code}`);
  const rest = places.length - told.length;
  if (rest > 0) context.output.err(`cordboard: and ${rest} more (--verbose names them)`);
}

/** How a backup is written back. */
export interface RestoreFileOptions {
  readonly mode: 'write' | 'dryRun';
  readonly detail?: 'verbose';
}

/** Writes a backup back, or tells what it would write. */
export async function restore(file: string, options: RestoreFileOptions, run: PbxRun): Promise<ExitCode> {
  const { facet, context, form } = run;
  const { mode } = options;
  const read = await readBackup(file, run);
  const needsPassword = mode === 'write' || read.secrets === 'included';
  const password = needsPassword ? await run.password() : '';
  const done = await restoreBackup(facet, read, {
    signal: context.signal,
    password,
    mode,
    ...(form === 'rows' ? { progress: (at: number, of: number) => context.output.err(`${at} of ${of}`) } : {}),
  });
  if (mode === 'dryRun') {
    printDifferences(done.differences, run);
    return 0;
  }
  const failed = done.written.filter(({ code }) => code !== 'ok' && code !== 'unverified');
  printOutcomes(failed, run);
  tellEach(done.left, { word: 'was left out', ...options }, run);
  const sum = {
    outcome: done.outcome,
    written: done.written.length - failed.length,
    unchanged: done.unchanged,
    failed: failed.length,
    left: done.left.length,
  };
  if (form === 'json') context.output.out(JSON.stringify(sum));
  else
    context.output.out(
      `${sum.written} written, ${sum.unchanged} were right already, ${sum.failed} failed, ${sum.left} left out`,
    );
  if (done.outcome === 'interrupted')
    context.output.err('cordboard: the line was lost; the same command goes on from here');
  return failed.length + done.left.length === 0 && done.outcome === 'done' ? 0 : 1;
}

/** Lists what differs. */
export async function compare(file: string, run: PbxRun): Promise<ExitCode> {
  const { facet, context, form } = run;
  const read = await readBackup(file, run);
  const { equal, differences } = await compareBackup(facet, read, {
    signal: context.signal,
    ...(read.secrets === 'included' ? { password: await run.password() } : {}),
  });
  printDifferences(differences, run);
  if (form === 'json') context.output.out(JSON.stringify({ equal, different: differences.length }));
  else context.output.out(`${equal} equal, ${differences.length} different`);
  return differences.length === 0 ? 0 : 1;
}

function readBackup(file: string, { context }: PbxRun): Promise<Backup> {
  return withFile(file, context, async () => {
    const text = await readFile(resolve(context.folder, file), 'utf8').catch((cause: unknown) => {
      throw new CtiError('argument.invalid', 'the backup cannot be read', { cause });
    });
    return parseBackup(text);
  });
}

function printDifferences(differences: readonly Difference[], { facet, form, context }: PbxRun): void {
  const definitions = definitionsOf(facet.catalogue);
  for (const { file, switch: there, ...difference } of differences) {
    const { id, index, kind, secret } = difference;
    if (form === 'json') {
      const values = { ...(file === undefined ? {} : { file }), ...(there === undefined ? {} : { switch: there }) };
      const hidden =
        secret === undefined ? values : Object.fromEntries(Object.keys(values).map((key) => [key, HIDDEN]));
      context.output.out(JSON.stringify({ ...difference, ...hidden }));
      continue;
    }
    const definition = definitions.get(id);
    const say = (value: typeof file): string => (secret === undefined ? shown(definition, value) : HIDDEN);
    context.output.out(
      `${id.padEnd(26)}${String(index).padStart(6)}  file ${say(file)}  switch ${say(there)}  ${kind}`,
    );
  }
}
