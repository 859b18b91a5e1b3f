import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@cordboard/driver-kit';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualHotel } from '../../simulator/src/hotel/index.js';

const CALLS = 40;
/** So many postings are answered to a life that is killed when it has kept enough. */
const ANSWERED = 3;
let folder: string;
let program: string;
let server: Server;
let hotel: VirtualHotel;
let child: ChildProcess | undefined;
let heard: (text: string) => void = () => undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-hotel-killed-'));
  program = join(folder, 'program.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./hotel/program.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@cordboard/source'],
    external: ['serialport', 'exceljs'],
    logLevel: 'error',
  });
  hotel = new VirtualHotel({ clock: systemClock, framing: 'stream', told: (_way, text) => heard(text) });
  server = createServer((socket) => hotel.attach(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  hotel.guests.set('R1', { reservation: 'R1', name: 'Doe', room: '101' });
});

afterEach(async () => {
  child?.kill('SIGKILL');
  hotel.detach();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const start = (): ChildProcess => {
  const { port } = server.address() as AddressInfo;
  child = spawn(process.execPath, [program, join(folder, 'data'), String(port), String(CALLS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return child;
};

it('loses and doubles no charge when it is killed again and again in the middle of posting and of keeping', async () => {
  // Killed when it has kept so many calls, or when the hotel has the so-manieth posting of that life and the bridge does not know of it.
  const deaths = [{ kept: 5 }, { posted: 3 }, { posted: 1 }, { kept: 1 }, { posted: 6 }, { kept: 40 }, { posted: 4 }];
  hotel.faults.answerDelayMs = 20;
  for (const death of deaths) {
    const living = start();
    const gone = once(living, 'exit');
    const kill = (): void => {
      living.kill('SIGKILL');
    };
    if (death.posted !== undefined) {
      let left = death.posted;
      heard = (text) => {
        if (!text.startsWith('PS|')) return;
        left -= 1;
        if (left > 0) return;
        hotel.faults.swallowAnswers = 1;
        kill();
      };
    } else {
      // On a slow disk all calls would be posted before the last is kept, and none be left for the lives that follow.
      let left = ANSWERED;
      heard = (text) => {
        if (!text.startsWith('PS|')) return;
        left -= 1;
        if (left < 0) hotel.faults.swallowAnswers = 1;
      };
      living.stdout?.on('data', (text: Buffer) => {
        if (text.toString().includes(`kept ${death.kept}\n`)) kill();
      });
    }
    const [, signal] = await gone;
    expect(signal).toBe('SIGKILL');
    heard = () => undefined;
    hotel.faults.swallowAnswers = 0;
  }
  const booked = new Promise<void>((resolve) => {
    heard = () => {
      if (hotel.charges.length >= CALLS) resolve();
    };
    if (hotel.charges.length >= CALLS) resolve();
  });
  start();
  await booked;
  expect(hotel.charges.map(({ amount }) => amount)).toEqual(Array.from({ length: CALLS }, (_, at) => at + 1));
  expect(hotel.charges.map(({ sequence }) => Number(sequence))).toEqual(
    Array.from({ length: CALLS }, (_, at) => at + 1),
  );
  expect(hotel.repeats).toBeGreaterThanOrEqual(deaths.filter(({ posted }) => posted !== undefined).length);
}, 300_000);
