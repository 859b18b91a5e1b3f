import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServer, openDatabase } from '../src/index.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cordboard-newer-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('a database of a newer version is refused, and let go of, so that the process can end', async () => {
  const file = join(dir, 'records.sqlite');
  const database = await openDatabase(file);
  await database.exec('PRAGMA user_version = 1000');
  await database.close();
  const config = { server: { dataDir: dir, port: 0 }, switches: { main: { driver: 'lab' } } };
  await expect(
    createServer(config, {
      drivers: {
        lab: () => () => {
          throw new Error('not asked for');
        },
      },
    }).start(),
  ).rejects.toMatchObject({
    code: 'store.unavailable',
    details: { found: 1000 },
  });
  // The last connection that closes takes the log of the database away.
  expect(existsSync(`${file}-wal`)).toBe(false);
  expect(existsSync(join(dir, 'lock'))).toBe(false);
});
