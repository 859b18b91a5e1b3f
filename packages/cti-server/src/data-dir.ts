import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CtiError } from '@cordboard/cti-core';

/** Keys that a data folder keeps for itself. Whoever has the folder has them: guard it as a whole. */
export interface DataKeys {
  readonly tokenSecret: Uint8Array;
  readonly journalKey: Uint8Array;
  readonly referenceKey: Uint8Array;
}

/** A server's folder of journal, records and recordings; held by one process at a time. */
export interface DataDir {
  readonly dir: string;
  readonly journalDir: string;
  readonly databaseFile: string;
  readonly keys: DataKeys;
  /** Lets go of it. Twice is once. */
  release(): Promise<void>;
}

/** Name of the file with the key of a journal's digits, beside the journal's files. */
export const JOURNAL_KEY_FILE = 'journal.key';

/**
 * Makes the folder where it is absent, takes its lock, reads its keys or makes them.
 *
 * @throws {CtiError} `resource.conflict` when another process works in it
 */
export async function openDataDir(path: string): Promise<DataDir> {
  const dir = resolve(path);
  const journalDir = join(dir, 'journal');
  await mkdir(journalDir, { recursive: true, mode: 0o700 });
  const lock = join(dir, 'lock');
  await takeLock(lock);
  try {
    const keys = {
      tokenSecret: await keyFile(join(dir, 'token.key')),
      journalKey: await keyFile(join(journalDir, JOURNAL_KEY_FILE)),
      referenceKey: await keyFile(join(dir, 'reference.key')),
    };
    return {
      dir,
      journalDir,
      databaseFile: join(dir, 'records.sqlite'),
      keys,
      release: () => rm(lock, { force: true }),
    };
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
}

/** Reads a key file; `undefined` when there is none. */
export async function readKey(file: string): Promise<Uint8Array | undefined> {
  try {
    return Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function keyFile(file: string): Promise<Uint8Array> {
  const known = await readKey(file);
  if (known !== undefined && known.length >= 32) return known;
  const key = randomBytes(32);
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(`${key.toString('base64url')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
}

/** The lock holds the process id. One of a process that is gone, or of this one's earlier life, is taken over. */
async function takeLock(file: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => '0'));
    if (owner !== process.pid && isAlive(owner)) break;
    await rm(file, { force: true });
  }
  throw new CtiError(
    'resource.conflict',
    'the data folder is in use by another process: stop it, or choose another folder',
    {
      details: { file },
    },
  );
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
