import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSmdrArchive } from '../src/smdr/index.js';

let folder: string;
let program: string;
let server: Server;
let child: ChildProcess | undefined;
let socket: Socket | undefined;
let connected: (socket: Socket) => void = () => undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-smdr-killed-'));
  program = join(folder, 'program.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./smdr/program.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@cordboard/source'],
    external: ['serialport', 'exceljs'],
    logLevel: 'error',
  });
  server = createServer((one) => {
    one.on('error', () => undefined);
    socket = one;
    connected(one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  child?.kill('SIGKILL');
  socket?.destroy();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const LAST = 100;
const call = (n: number): string =>
  `11/22/26 10:00AM ${100 + (n % 30)} 0${1 + (n % 4)} ${String(5_550_000 + n).padEnd(32)} 00:00'10 ....\r\n`;
const numbers = async (): Promise<number[]> => {
  const found: number[] = [];
  for await (const { number } of openSmdrArchive(join(folder, 'calls')).query({}))
    found.push(Number(number) - 5_550_000);
  return found;
};

test('killed again and again while it archives, with a reader beside it: every record once and in order', {
  timeout: 180_000,
}, async () => {
  let next = 0;
  // Killed when so many records of that life are on the disk; the next life gets the last hundred once more, as a PBX's buffer tells them.
  for (const until of [1, 250, 40, 700]) {
    const arrived = new Promise<Socket>((resolve) => {
      connected = resolve;
    });
    child = spawn(process.execPath, [program, join(folder, 'calls'), String((server.address() as AddressInfo).port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await arrived;
    const kept = await numbers();
    const from = Math.max(0, Math.min(next, kept.length) - LAST);
    for (next = from; next < kept.length + until + 300; next += 1) line.write(call(next));
    let told = 0;
    for await (const words of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      told += Number(words.split(' ')[1]);
      // A reader in another process sees whole blocks, in order, and never half of one.
      const seen = await numbers();
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, at) => at));
      if (told >= until) break;
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  const all = await numbers();
  expect(all.length).toBeGreaterThan(900);
  expect(all).toEqual(Array.from({ length: all.length }, (_, at) => at));
});
