import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@cordboard/cti-core';
import { type CtiServer, createServer } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import { type SerialPbx, serialPbx } from '@cordboard/simulator';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DRIVERS } from '../src/commands/serve.js';
import { runCommandLine } from '../src/index.js';
import { silent } from './support.js';

let folder: string;
let sim: SerialPbx;
let server: CtiServer;
let url: string;
let links: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-through-'));
  links = [];
  sim = serialPbx({ clock: systemClock, lines: 4, extensions: 8, password: '4711', line: { kind: 'tcp' } }).start();
  const at = await sim.listen({ port: 0 });
  const config = (port: number) => ({
    server: { host: '127.0.0.1', port, dataDir: join(folder, 'data') },
    switches: {
      kts: { driver: 'pbx-serial', options: { profile: 'kts-bin/1', transport: at, timeZone: 'Asia/Shanghai' } },
    },
    agents: { ann: { name: 'Ann', seat: '801' } },
  });
  const log: Logger = {
    ...silent,
    // Every loss of the line to the PBX is told.
    debug: (text, about) => {
      if (text === 'link' && about?.state === 'waiting') links.push(text);
    },
  };
  server = createServer(config(0), { drivers: DRIVERS, log });
  const address = await server.start();
  url = address.url;
  // The port that it got, as the configuration of a site has it.
  await writeFile(join(folder, 'site.json'), JSON.stringify(config(address.port)));
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
  vi.stubEnv('CORDBOARD_PBX_PASSWORD', '4711');
  const { token } = await server.makeToken({ userId: 'boss', role: 'admin', ttlS: 600 });
  await writeFile(join(folder, 'token'), `${token}\n`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop({ drain: 'now' });
  await sim.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(...argv: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await runCommandLine(['pbx', ...argv], { folder, signal: new AbortController().signal, output });
  return { code, rows: out.map((line) => JSON.parse(line)), err: err.join('\n') };
}

test('parameters, a backup, its comparison and the clock through a running server, which keeps its session', {
  timeout: 180_000,
}, async () => {
  for (const way of [
    ['--server', url, '--token-file', 'token'],
    ['-c', 'site.json'],
  ]) {
    const name = `${way.length}.json`;
    const read = await run('get', 'flashTime', '--index', '1..5', ...way);
    expect([read.code, read.rows.map(({ code }) => code)]).toEqual([1, ['ok', 'ok', 'ok', 'ok', 'noDevice']]);
    expect(await run('set', 'flashTime=700', 'attendant=', '--index', '2', ...way)).toMatchObject({
      code: 0,
      rows: [
        { code: 'ok', value: 700 },
        { code: 'ok', value: '' },
      ],
    });
    expect(sim.pbx.parameters.number(31, 2)).toBe(700);
    expect(await run('set', 'flashTime=600', '--index', '2', '--dry-run', ...way)).toMatchObject({
      rows: [{ dryRun: 'change', from: 700 }],
    });
    expect(await run('backup', name, ...way)).toMatchObject({ code: 0, rows: [{ absent: 568, unread: [] }] });
    expect(await run('compare', name, ...way)).toMatchObject({ code: 0, rows: [{ different: 0 }] });
    sim.pbx.memory.parameters.clear();
    expect((await run('restore', name, ...way)).rows.at(-1)).toMatchObject({ outcome: 'done', failed: 0 });
    expect(sim.pbx.parameters.number(31, 2)).toBe(700);
    sim.pbx.memory.parameters.clear();
    expect((await run('clock', '--set', ...way)).code).toBe(0);
    const secrets = await run('backup', 'secret.json', '--secrets', ...way);
    expect([secrets.code, secrets.err]).toEqual([1, expect.stringContaining('shows no passwords')]);
  }
  expect(links).toEqual([]);
});

test('what the server refuses is told as it is; who has no token, or another switch, is told so', {
  timeout: 180_000,
}, async () => {
  const way = ['--server', url, '--token-file', 'token'];
  vi.stubEnv('CORDBOARD_PBX_PASSWORD', '9999');
  const wrong = await run('set', 'flashTime=600', '--index', '1', ...way);
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/password.*\[auth\.forbidden\]$/u)]);
  expect((await run('get', 'flashTime', ...way, '--switch', 'other')).code).toBe(2);
  vi.stubEnv('CORDBOARD_TOKEN', '');
  expect((await run('get', 'flashTime', '--server', url)).code).toBe(2);
  vi.stubEnv('CORDBOARD_TOKEN', 'none');
  expect(await run('get', 'flashTime', '--server', url)).toMatchObject({
    code: 1,
    err: expect.stringContaining('auth.'),
  });
  expect((await run('get', 'flashTime', ...way, '--port', '/dev/ttyS0')).code).toBe(2);
  const nobody = await run('get', 'flashTime', '--server', 'http://127.0.0.1:1', '--token-file', 'token');
  expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('no server answers')]);
});

test('-c opens the port itself where its server does not run, and with --direct where it does', {
  timeout: 180_000,
}, async () => {
  const direct = await run('get', 'flashTime', '--index', '1', '-c', 'site.json', '--direct');
  expect([direct.code, direct.err]).toEqual([0, '']);
  await vi.waitFor(() => expect(links.length).toBeGreaterThan(0));
  await server.stop({ drain: 'now' });
  const alone = await run('get', 'flashTime', '--index', '1', '-c', 'site.json');
  expect([alone.code, alone.err]).toEqual([0, '']);
});
