import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAgent, type SocketConstructor } from '@cordboard/agent-sdk';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { runCommandLine } from '../src/index.js';
import { incoming, next, quietFloor, until } from './support.js';

interface Replayed {
  readonly inputs: number;
  readonly effectsHash: string;
  readonly stateHash: string;
}

test('the journal of a call replays alike each time, and scrubbed it still replays and names nobody', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-journal-'));
  await using demo = await quietFloor();
  await using desk = await connectAgent({
    url: demo.ws,
    getToken: () => demo.tokens.agent,
    WebSocket: WebSocket as unknown as SocketConstructor,
  });
  await desk.ready();
  const offered = next(desk, 'callOffered');
  await incoming(demo.url, '+8613900000004');
  const { call } = await offered;
  await call.answer();
  await until(desk, call, 'connected');
  await call.setData({ remark: 'wants a visit' });
  await call.hangUp();
  await demo.server.settled();

  const run = async (...argv: string[]): Promise<unknown> => {
    const out: string[] = [];
    const err: string[] = [];
    const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
    const context = { folder, signal: new AbortController().signal, output };
    expect(await runCommandLine([...argv, '--json'], context), err.join('\n')).toBe(0);
    return JSON.parse(out.at(-1) ?? '');
  };
  // As it stands now: a living floor writes on.
  await cp(demo.server.journalDir ?? '', join(folder, 'journal'), { recursive: true });
  const file = join(folder, 'journal', '00000001.journal');
  await run('journal', 'export', file, '--to', 'clear.journal');
  const first = (await run('replay', 'clear.journal')) as Replayed;
  expect(first.inputs).toBeGreaterThan(20);
  expect(await run('replay', 'clear.journal')).toEqual(first);

  await run('journal', 'export', file, '--to', 'scrubbed.journal', '--scrub');
  const clear = await readFile(join(folder, 'clear.journal'), 'utf8');
  const scrubbed = await readFile(join(folder, 'scrubbed.journal'), 'utf8');
  for (const secret of ['13900000004', 'wants a visit']) {
    expect(clear).toContain(secret);
    expect(scrubbed).not.toContain(secret);
  }
  expect(((await run('replay', 'scrubbed.journal')) as Replayed).inputs).toBe(first.inputs);
  await rm(folder, { recursive: true, force: true });
});
