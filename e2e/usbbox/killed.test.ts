import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type AgentDesk, connectAgent, type SocketConstructor } from '@cordboard/agent-sdk';
import type { Cdr, RecordingRecord } from '@cordboard/cti-core';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask } from '../lab/ask.js';
import { bundleOf } from '../lab/bundle.js';
import { until } from '../lab/wait.js';
import { msOf, soxDecode, tonesIn } from './ears.js';
import { HUM, OWN } from './line-floor.js';

const dir = mkdtempSync(join(tmpdir(), 'cb-line-killed-'));
let child: ChildProcess | undefined;
let desk: AgentDesk | undefined;
afterEach(async () => {
  await desk?.close();
  child?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

/** A configuration as a file of JSON has it, whose line is simulated; with a caller, or without. */
function configFile(callers: readonly object[]): string {
  const file = join(dir, 'cordboard.config.json');
  const line = { name: 'one', ownNumber: OWN, phone: { extension: '8001' }, device: { kind: 'simulated', callers } };
  const config = {
    server: { port: 0, dataDir: join(dir, 'data') },
    dialPlan: { countryCode: '86', areaCode: '10', internal: [{ from: '8001', to: '8099' }], ownNumbers: [OWN] },
    switches: {
      box: { driver: 'usbbox', options: { lines: [line], recordings: join(dir, 'lines') }, defaultTrunk: 'line:one' },
    },
    agents: { ann: { seat: '8001', queues: ['desk'] } },
    queues: { desk: { record: 'always' } },
    routes: [{ number: OWN, to: { queue: 'desk' } }],
    recording: { basis: 'consentAnnounced', format: 'wav49' },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

const program = async (...args: readonly string[]): Promise<ChildProcess> =>
  spawn(process.execPath, [await bundleOf('packages/cli/src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** How much of the talk is on the disk: a block of WAV49 has 65 bytes for 40 ms. */
function recordedMs(): number {
  const folder = join(dir, 'lines');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.reduce((all, name) => all + (statSync(join(folder, name)).size / 65) * 40, 0);
}

/** The first line that the command prints. */
async function firstLine(command: ChildProcess): Promise<string> {
  if (command.stdout === null) throw new Error('no output');
  let said = '';
  command.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  let line: string | undefined;
  createInterface({ input: command.stdout }).once('line', (text) => {
    line = text;
  });
  return until(
    () => {
      if (line === undefined && command.exitCode !== null) throw new Error(`ended with ${command.exitCode}: ${said}`);
      return line;
    },
    { what: 'a line of the command', withinMs: 90_000, seen: () => said },
  );
}

async function serve(file: string): Promise<string> {
  child = await program('serve', '--config', file, '--json');
  const { url } = JSON.parse(await firstLine(child)) as { readonly url: string };
  return url;
}

test('the server is killed while it records: the file plays and is served, and the call has one record', async () => {
  const file = configFile([
    { number: '13900004444', after: '1s', answered: [{ do: 'hum', hz: HUM.caller, forMs: 600_000 }] },
  ]);
  const url = await serve(file);
  const token = async (role: string): Promise<string> =>
    firstLine(await program('token', '--user', 'ann', '--role', role, '--config', file));
  const [agent, admin] = await Promise.all([token('agent'), token('admin')]);
  desk = await connectAgent({ url, getToken: () => agent, WebSocket: WebSocket as unknown as SocketConstructor });
  await desk.ready();
  const { calls } = desk;
  await until(() => [...calls].some(({ state }) => state === 'connected'), {
    what: 'the talk',
    withinMs: 90_000,
    seen: () => [desk?.agent.state, ...[...calls].map(({ state }) => state)],
  });
  await until(() => recordedMs() > 4_000, {
    what: 'four seconds of it on the disk',
    withinMs: 90_000,
    seen: recordedMs,
  });
  const gone = once(child as ChildProcess, 'exit');
  child?.kill('SIGKILL');
  await gone;
  await desk.close();

  const again = await serve(configFile([]));
  const headers = { authorization: `Bearer ${admin}` };
  const items = async <T>(path: string): Promise<readonly T[]> =>
    ((await (await ask(`${again}/v1/${path}`, { headers })).json()) as { readonly items: readonly T[] }).items;
  await until(async () => (await items<Cdr>('cdrs')).length > 0, { what: 'the record', withinMs: 90_000 });
  // A switch that comes back is given a minute to tell how what it recorded has ended; a line cannot.
  let seen: readonly RecordingRecord[] = [];
  const recording = await until(
    async () => {
      seen = await items<RecordingRecord>('recordings');
      return seen.find(({ state }) => state === 'done');
    },
    { what: 'the recording', withinMs: 150_000, everyMs: 200, seen: () => seen },
  );
  const content = await until(
    async () => {
      const answer = await ask(`${again}/v1/recordings/${encodeURIComponent(recording.recordingId)}/files/0`, {
        headers,
      });
      return answer.status === 200 ? answer : undefined;
    },
    { what: 'the file', withinMs: 90_000, everyMs: 200 },
  );
  const tones = tonesIn(soxDecode(Buffer.from(await content.arrayBuffer())));
  expect(msOf(tones, HUM.caller)).toBeGreaterThan(2_500);
  const cdrs = await items<Cdr>('cdrs');
  expect(cdrs).toHaveLength(1);
  expect(cdrs[0]).toMatchObject({ outcome: 'lostInOutage', agents: ['ann'], recordings: [recording.recordingId] });
}, 400_000);
