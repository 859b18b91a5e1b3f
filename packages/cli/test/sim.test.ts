import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommandLine } from '../src/index.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-sim-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the command until `use` has done with it. */
async function withSim(argv: readonly string[], use: (port: number) => Promise<void>): Promise<number> {
  const ending = new AbortController();
  let ready: (line: string) => void = () => undefined;
  const first = new Promise<string>((resolve) => {
    ready = resolve;
  });
  const err: string[] = [];
  const done = runCommandLine(['sim', '--json', ...argv], {
    folder,
    signal: ending.signal,
    output: { out: (line) => ready(line), err: (line) => err.push(line) },
  });
  const line = await Promise.race([first, done.then((code) => `ended with ${code}: ${err.join('\n')}`)]);
  if (line.startsWith('{')) await use((JSON.parse(line) as { esl: { port: number } }).esl.port);
  else expect(line).toMatch(/^ended with/u);
  ending.abort();
  return done;
}

/** Sends and reads until a text has come. */
function talk(port: number, send: string, until: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.includes(until)) {
        socket.destroy();
        resolve(text);
      }
    });
    socket.write(send);
  });
}

test('sim prints its port, takes the password given, and has the telephones and callers of its scenario', async () => {
  const scenario = {
    extensions: [{ number: '2000', habit: 'answer', after: 50 }],
    dialplan: [{ number: '8100', apps: ['answer', 'park'] }],
    // Again and again: one who calls once may have parked before this test listens.
    callers: [
      {
        number: '13800138000',
        name: 'Caller',
        dials: '8100',
        after: 200,
        every: 500,
        does: [{ hangUp: true, after: 100 }],
      },
    ],
  };
  await writeFile(join(folder, 'site.json'), JSON.stringify(scenario));
  const code = await withSim(['--esl', '0', '--scenario', 'site.json', '--password', 'secret'], async (port) => {
    expect(await talk(port, 'auth ClueCon\n\n', 'disconnect-notice')).toContain('-ERR invalid');
    const text = await talk(port, 'auth secret\n\nevent plain CHANNEL_PARK\n\n', 'CHANNEL_PARK');
    expect(text).toContain('Event-Name: CHANNEL_PARK');
    const answer = await talk(port, 'auth secret\n\napi originate user/2000 &park()\n\n', '+OK ');
    expect(answer).toContain('+OK accepted');
  });
  expect(code).toBe(0);
});

test('a scenario that is none is refused with its place and what was expected', async () => {
  await writeFile(
    join(folder, 'site.json'),
    JSON.stringify({ callers: [{ number: '1', dials: '2', does: [{ sing: 1 }] }] }),
  );
  const code = await withSim(['--esl', '0', '--scenario', 'site.json'], () => Promise.resolve());
  expect(code).toBe(2);
});
