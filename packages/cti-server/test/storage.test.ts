import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { folderStorage } from '../src/journal/storage.js';

const dirs: string[] = [];
afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cordboard-'));
  dirs.push(dir);
  return dir;
}

test('bytes of calls that overlap stand in the order of the calls', async () => {
  const dir = await folder();
  const file = await folderStorage(dir).openAppend('a');
  const lines = Array.from({ length: 50 }, (_, n) => `${n} ${'x'.repeat(n * 997)}\n`);
  await Promise.all(lines.map((line) => file.append(Buffer.from(line))));
  await file.close();
  expect(await readFile(join(dir, 'a'), 'utf8')).toBe(lines.join(''));
});

test('after a failure nothing is taken any more', async () => {
  const dir = await folder();
  const file = await folderStorage(dir).openAppend('a');
  await file.append(Buffer.from('good\n'));
  // The file is closed under it: the next write has nowhere to go.
  await file.close();
  await expect(file.append(Buffer.from('lost\n'))).rejects.toThrow();
  const other = await open(join(dir, 'b'), 'w');
  await expect(file.append(Buffer.from('later\n'))).rejects.toThrow();
  await other.close();
  expect(await readFile(join(dir, 'a'), 'utf8')).toBe('good\n');
  expect(await readFile(join(dir, 'b'), 'utf8')).toBe('');
});
