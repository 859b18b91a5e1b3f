import { createHash } from 'node:crypto';
import {
  CtiError,
  PARAMETER_GROUPS,
  type ParameterAt,
  type ParameterGroup,
  type ParameterValue,
} from '@cordboard/cti-core';
import { z } from 'zod';

/** Says what kind of file it is. */
export const BACKUP_FORMAT = 'cordboard-pbx-parameters';
/** Version of the form of the file. A reader takes its own and older ones. */
export const BACKUP_VERSION = 1;
/** A switch of 128 extensions and 32 lines has 3,433 parameters, some 200 kB. */
const MAX_PARAMETERS = 100_000;
/** Largest file that is read, characters. */
export const MAX_BACKUP_CHARS = 32_000_000;

const place = z.number().int().min(0).max(65_535);
const value = z.union([z.number(), z.boolean(), z.string().max(256), z.array(z.number().int()).max(1_024)]);
const id = z.string().min(1).max(64);

/** One parameter of a file. */
export interface BackupEntry extends ParameterAt {
  readonly value: ParameterValue;
  /** It was read with the system password, and is to be kept from others. */
  readonly secret?: 'secret';
}

/** A parameter that could not be read when the file was made. */
export interface UnreadEntry extends ParameterAt {
  readonly code: string;
}

/** A backup as it stands in its file, without the checksum. */
export interface Backup {
  readonly format: typeof BACKUP_FORMAT;
  readonly version: number;
  /** `kts-bin/1`, where it was told. */
  readonly profile?: string | undefined;
  /** What the switch said of itself. */
  readonly model?: string | undefined;
  readonly takenAt: string;
  readonly groups: readonly ParameterGroup[];
  /** `included`: the file opens the switch to whoever has it. */
  readonly secrets: 'omitted' | 'included';
  readonly parameters: readonly BackupEntry[];
  readonly unread: readonly UnreadEntry[];
}

// Fields of a newer version are kept, since the checksum is over them as well.
const schema = z.looseObject({
  format: z.literal(BACKUP_FORMAT),
  version: z.number().int().min(1),
  profile: z.string().max(64).optional(),
  model: z.string().max(64).optional(),
  takenAt: z.string().max(32),
  groups: z.array(z.enum(PARAMETER_GROUPS)).max(PARAMETER_GROUPS.length),
  secrets: z.enum(['omitted', 'included']),
  parameters: z
    .array(z.looseObject({ id, index: place, value, secret: z.literal('secret').optional() }))
    .max(MAX_PARAMETERS),
  unread: z.array(z.looseObject({ id, index: place, code: z.string().max(32) })).max(MAX_PARAMETERS),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
});

/** The text of the file of a backup: JSON, one parameter a line, with its checksum. */
export function formatBackup(backup: Backup): string {
  const { parameters, unread, ...head } = backup;
  const rows = (all: readonly unknown[]): string => all.map((one) => `\n    ${JSON.stringify(one)}`).join(',');
  const lines = Object.entries(head).flatMap(([key, one]) =>
    one === undefined ? [] : [`  ${JSON.stringify(key)}: ${JSON.stringify(one)}`],
  );
  lines.push(`  "parameters": [${rows(parameters)}\n  ]`, `  "unread": [${rows(unread)}\n  ]`);
  lines.push(`  "sha256": "${checksumOf(backup)}"`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

/**
 * Reads the text of a file.
 *
 * @throws {CtiError} `config.invalid` it is none, is of a newer version, holds a parameter twice, or its checksum is not that of its content
 */
export function parseBackup(text: string): Backup {
  if (text.length > MAX_BACKUP_CHARS) throw invalid('it is larger than any backup', '');
  const read = readJson(text);
  const version = typeof read === 'object' && read !== null && 'version' in read ? read.version : undefined;
  if (typeof version === 'number' && version > BACKUP_VERSION) {
    throw invalid(`it is of version ${version}, and this program knows ${BACKUP_VERSION}`, 'version');
  }
  const parsed = schema.safeParse(read);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw invalid('it does not have the form of a backup', first === undefined ? '' : first.path.join('.'));
  }
  const { sha256, ...content } = parsed.data;
  if (checksumOf(content) !== sha256) {
    throw invalid('its checksum is not that of its content: it was changed, or is not whole', 'sha256');
  }
  const known = new Set<string>();
  for (const one of content.parameters) {
    const key = `${one.id} ${one.index}`;
    if (known.has(key)) throw invalid('it holds a parameter twice', 'parameters');
    known.add(key);
  }
  return content as Backup;
}

/** SHA-256, in hex, of the content as JSON with the keys of every object in ascending order and nothing between. */
export function checksumOf(content: object): string {
  return createHash('sha256').update(canonical(content)).digest('hex');
}

function canonical(one: unknown): string {
  if (Array.isArray(one)) return `[${one.map(canonical).join(',')}]`;
  if (typeof one !== 'object' || one === null) return JSON.stringify(one);
  const entries = Object.entries(one)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CtiError('config.invalid', 'the backup cannot be used: it is no JSON', { cause });
  }
}

function invalid(why: string, path: string): CtiError {
  return new CtiError('config.invalid', `the backup cannot be used: ${why}`, { details: { path } });
}
