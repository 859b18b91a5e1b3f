import {
  CtiError,
  isCtiError,
  PARAMETER_GROUPS,
  type ParameterAt,
  type ParameterCode,
  type ParameterOutcome,
  type ParameterValue,
  type ProgrammingFacet,
} from '@cordboard/cti-core';
import { BACKUP_FORMAT, BACKUP_VERSION, type Backup, type BackupEntry } from './backup-file.js';
import { EXTENSION_NUMBERS, type Extent, type ExtentReading, readExtent } from './places.js';
import { renumber } from './renumber.js';
import { isSameValue } from './values.js';

/** What is told of a switch in the head of a backup. */
export interface BackupHead {
  /** When it is taken, epoch ms. */
  readonly wallMs: number;
  readonly profile?: string;
  readonly model?: string;
  /** Told what of the catalogue the switch does not have; the backup has nothing of it. */
  readonly absent?: (places: readonly ParameterOutcome[]) => void;
}

/**
 * Reads all of a switch, or some groups, into a backup (row P5). Secret parameters are in it only when that is asked for, and marked.
 *
 * @throws {CtiError} as `ProgrammingFacet.get`; `driver.linkLost` also when the link went down on the way: half a backup is none; `command.notSupported` the switch can only
 *   be written to
 */
export async function takeBackup(facet: ProgrammingFacet, extent: Extent, head: BackupHead): Promise<Backup> {
  const reading = await wholeOf(facet, extent);
  if (isWriteOnly(reading)) {
    throw new CtiError(
      'command.notSupported',
      'this switch tells nothing of its parameters: there is nothing to back up',
    );
  }
  const secretIds = new Set(facet.catalogue.filter(({ secret }) => secret !== undefined).map(({ id }) => id));
  const parameters: BackupEntry[] = [];
  const { found, absent } = reading;
  for (const { id, index, value } of found) {
    if (value === undefined) continue;
    parameters.push({ id, index, value, ...(secretIds.has(id) ? { secret: 'secret' as const } : {}) });
  }
  const { wallMs, profile, model } = head;
  head.absent?.(absent);
  return {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    ...(profile === undefined ? {} : { profile }),
    ...(model === undefined ? {} : { model }),
    takenAt: new Date(wallMs).toISOString(),
    groups: extent.groups ?? PARAMETER_GROUPS,
    secrets: extent.secrets === 'include' ? 'included' : 'omitted',
    parameters,
    unread: found.flatMap(({ id, index, code, value }) => (value === undefined ? [{ id, index, code }] : [])),
  };
}

/** One thing in which a backup and a switch differ. */
export interface Difference extends ParameterAt {
  /**
   * `value`: both have it, otherwise. `onlyInFile`: the switch has no such place. `onlyInSwitch`: the file does not have it. `unknown`: no parameter of the catalogue.
   * `unreadable`: the switch does not tell it.
   */
  readonly kind: 'value' | 'onlyInFile' | 'onlyInSwitch' | 'unknown' | 'unreadable';
  readonly file?: ParameterValue;
  readonly switch?: ParameterValue;
  /** The values are not to be shown. */
  readonly secret?: 'secret';
}

/** What comparing found. */
export interface Comparison {
  /** Parameters that both have alike. */
  readonly equal: number;
  readonly differences: readonly Difference[];
}

/**
 * Compares a backup with a switch, for the groups of the backup. Secret parameters are compared where the file has them.
 *
 * @throws {CtiError} as {@link takeBackup}; `argument.invalid` the file has secret ones and no password is given
 */
export async function compareBackup(
  facet: ProgrammingFacet,
  backup: Backup,
  options: { readonly signal: AbortSignal; readonly password?: string },
): Promise<Comparison> {
  return (await examine(facet, backup, options)).comparison;
}

/** How far a restore has come. */
export type RestoreProgress = (done: number, of: number) => void;

/** How a backup is written back. */
export interface RestoreOptions {
  readonly signal: AbortSignal;
  readonly password: string;
  /** `dryRun`: only tells what it would write. Default `write`. */
  readonly mode?: 'write' | 'dryRun';
  readonly progress?: RestoreProgress;
}

/** What a restore did. */
export interface Restored {
  /** `done`: all that could be written was. `interrupted`: the link went down; the same restore goes on from there. */
  readonly outcome: 'done' | 'interrupted' | 'dryRun';
  /** Parameters that were right already. */
  readonly unchanged: number;
  /** One for each parameter that was written, in order; of a dry run none. */
  readonly written: readonly ParameterOutcome[];
  /** What differed before. */
  readonly differences: readonly Difference[];
  /** Parameters of the file that this catalogue does not have, or the switch does not. They stay in the file. */
  readonly left: readonly (ParameterAt & { readonly code: ParameterCode })[];
}

/** Parameters that are handed over at once: after each the progress is told. */
const BATCH = 128;

/**
 * Writes a backup back. Only what differs is written, so that a restore that was interrupted goes on by being asked for again. Extension numbers come first, also where
 * they change places among each other; then everything that is found by them. A switch that can only be written to is given all of the file, each time.
 *
 * @throws {CtiError} `driver.linkLost` while it was read or renumbered (ask again), `auth.forbidden`, `wait.aborted`
 */
export async function restoreBackup(
  facet: ProgrammingFacet,
  backup: Backup,
  options: RestoreOptions,
): Promise<Restored> {
  const { signal, password, mode = 'write', progress } = options;
  const found = await examine(facet, backup, { signal, password });
  const { equal: unchanged, differences } = found.comparison;
  if (mode === 'dryRun') return { outcome: 'dryRun', unchanged, written: [], differences, left: found.left };
  const written: ParameterOutcome[] = [];
  const numbers = found.toWrite.filter(({ id }) => id === EXTENSION_NUMBERS);
  if (numbers.length > 0) written.push(...(await renumber(facet, numbers, { signal, password })));
  // With the numbers others are found: what was no place before may be one now.
  const rest = numbers.length > 0 ? await examine(facet, backup, { signal, password }) : found;
  const todo = rest.toWrite.filter(({ id }) => id !== EXTENSION_NUMBERS);
  const all = written.length + todo.length;
  progress?.(written.length, all);
  let isLost = written.some(({ code }) => code === 'lost');
  // What a keypad writes together may not be cut apart.
  const batch = rest.access === 'writeOnly' ? Math.max(1, todo.length) : BATCH;
  for (let at = 0; at < todo.length && !isLost; at += batch) {
    const outcomes = await setOrLost(facet, todo.slice(at, at + batch), { signal, password });
    written.push(...outcomes);
    isLost = outcomes.some(({ code }) => code === 'lost');
    progress?.(written.length, all);
  }
  return {
    outcome: isLost ? 'interrupted' : 'done',
    unchanged,
    written,
    differences,
    left: rest.left,
  };
}

interface Examined {
  readonly comparison: Comparison;
  readonly toWrite: readonly BackupEntry[];
  readonly left: Restored['left'];
  readonly access: 'readable' | 'writeOnly';
}

/** Reads what the file is about, and puts both side by side. */
async function examine(
  facet: ProgrammingFacet,
  backup: Backup,
  options: { readonly signal: AbortSignal; readonly password?: string },
): Promise<Examined> {
  const { groups, secrets } = backup;
  const reading = await wholeOf(facet, {
    ...options,
    groups,
    ...(secrets === 'included' ? { secrets: 'include' as const } : {}),
  });
  const catalogue = new Map(facet.catalogue.map((parameter) => [parameter.id, parameter]));
  const onSwitch = new Map(reading.found.map((one) => [keyOf(one), one]));
  const absent = new Map(reading.absent.map((one) => [keyOf(one), one.code]));
  const differences: Difference[] = [];
  const toWrite: BackupEntry[] = [];
  const left: (ParameterAt & { readonly code: ParameterCode })[] = [];
  const access = isWriteOnly(reading) ? 'writeOnly' : 'readable';
  let equal = 0;
  for (const entry of backup.parameters) {
    const { id, index, value, secret } = entry;
    const there = onSwitch.get(keyOf(entry));
    onSwitch.delete(keyOf(entry));
    const about = { id, index, ...(secret === undefined ? {} : { secret }) };
    if (!catalogue.has(id)) {
      differences.push({ ...about, kind: 'unknown', file: value });
      left.push({ id, index, code: 'unsupported' });
    } else if (there === undefined && access === 'readable') {
      differences.push({ ...about, kind: 'onlyInFile', file: value });
      left.push({ id, index, code: absent.get(keyOf(entry)) ?? 'noDevice' });
    } else if (there?.value === undefined) {
      differences.push({ ...about, kind: 'unreadable', file: value });
      toWrite.push(entry);
    } else if (isSameValue(there.value, value)) equal++;
    else {
      differences.push({ ...about, kind: 'value', file: value, switch: there.value });
      toWrite.push(entry);
    }
  }
  const unread = new Set(backup.unread.map(keyOf));
  for (const { id, index, value } of access === 'writeOnly' ? [] : onSwitch.values()) {
    if (unread.has(keyOf({ id, index }))) continue;
    differences.push({
      id,
      index,
      kind: 'onlyInSwitch',
      ...(value === undefined ? {} : { switch: value }),
      ...(catalogue.get(id)?.secret === undefined ? {} : { secret: 'secret' as const }),
    });
  }
  return { comparison: { equal, differences }, toWrite, left, access };
}

/** Writes some of many: where the link is gone before the first of them, those before count all the same. */
async function setOrLost(
  facet: ProgrammingFacet,
  some: readonly BackupEntry[],
  options: { readonly signal: AbortSignal; readonly password: string },
): Promise<readonly ParameterOutcome[]> {
  try {
    return await facet.set(some, options);
  } catch (error) {
    if (!isCtiError(error, 'driver.linkLost')) throw error;
    return some.map(({ id, index }) => ({ id, index, code: 'lost' }));
  }
}

/** Reads all, or fails. */
async function wholeOf(facet: ProgrammingFacet, extent: Extent): Promise<ExtentReading> {
  const reading = await readExtent(facet, extent);
  if (reading.found.some(({ code }) => code === 'lost')) throw lostOnTheWay();
  return reading;
}

/** A switch that is programmed by its keypad. */
function isWriteOnly({ found, absent }: ExtentReading): boolean {
  return found.length === 0 && absent.length > 0 && absent.every(({ code }) => code === 'unsupported');
}

function lostOnTheWay(): CtiError {
  return new CtiError('driver.linkLost', 'the line to the switch was lost while its parameters were read');
}

function keyOf({ id, index }: ParameterAt): string {
  return `${id} ${index}`;
}
