import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const running: ChildProcess[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-closed-'));
});
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Starts the command line with a reader who takes one line and goes, as `head -1` does. */
async function readOneLine(argv: readonly string[]): Promise<{ line: string; stderr: string; code: number | null }> {
  const child = spawn(
    process.execPath,
    ['--conditions=@cordboard/source', '--import', import.meta.resolve('tsx'), main, ...argv],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.push(child);
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      if (!text.includes('\n')) return;
      child.stdout.destroy();
      resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('close', (code) => reject(new Error(`ended with ${code} before its first line: ${stderr}`)));
  });
  return { line, code: await ended, stderr };
}

test('a long list ends quietly when nobody reads on', { timeout: 180_000 }, async () => {
  // More than the pipe of a reader who has gone can hold, so that something is still to be written.
  const records = Array.from({ length: 20_000 }, (_, at) => `2026-11-22 09:30,60,801,1391234${at}`).join('\n');
  await writeFile(join(folder, 'calls.csv'), `${records}\n`);
  const columns = ['--format', 'generic-csv', '--columns', 'start,duration,extension,number'];
  const ended = await readOneLine(['smdr', 'parse', ...columns, 'calls.csv', '--json']);
  expect(JSON.parse(ended.line)).toMatchObject({ extension: '801' });
  expect([ended.stderr, ended.code]).toEqual(['', 0]);
});

test('a command that would go on for ever ends when nobody reads on', { timeout: 180_000 }, async () => {
  const open: Socket[] = [];
  const line = createServer((socket) => {
    open.push(socket);
    // The line is read on from here on: each record is one more chance to see that nobody is there.
    const more = setInterval(() => socket.write('2026-11-22 09:30,60,801,13912345678\r\n'), 20);
    socket.on('error', () => undefined);
    socket.on('close', () => clearInterval(more));
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const { port } = line.address() as { readonly port: number };
  try {
    const columns = ['--format', 'generic-csv', '--columns', 'start,duration,extension,number'];
    const ended = await readOneLine(['smdr', 'listen', ...columns, '--tcp', `127.0.0.1:${port}`, '--json']);
    expect(JSON.parse(ended.line)).toMatchObject({ extension: '801' });
    expect([ended.stderr, ended.code]).toEqual(['cordboard: the line is open\n', 0]);
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => line.close(resolve));
  }
});
