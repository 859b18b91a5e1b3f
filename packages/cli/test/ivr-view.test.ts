import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAgent, type SocketConstructor } from '@cordboard/agent-sdk';
import { toJson } from '@cordboard/ivr-dsl';
import { Coverage, flowTest } from '@cordboard/ivr-dsl/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { frontFlow } from '../src/demo/flow.js';
import { runCommandLine } from '../src/index.js';
import { incoming, next, quietFloor } from './support.js';

let folder: string;
let out: string;
let err: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-view-'));
  out = '';
  err = '';
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const view = (...argv: readonly string[]): Promise<number> =>
  runCommandLine(['ivr', 'view', ...argv], {
    folder,
    signal: new AbortController().signal,
    output: {
      out: (line) => {
        out += `${line}\n`;
      },
      err: (line) => {
        err += `${line}\n`;
      },
    },
  });
const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const module = fileURLToPath(new URL('../src/demo/flow.ts', import.meta.url));

describe('a flow is drawn', () => {
  test('from its JSON and from the program that makes it, to the same text', async () => {
    await write('front.json', toJson(frontFlow));
    expect(await view('front.json')).toBe(0);
    const fromFile = out;
    expect(fromFile).toMatch(/^flowchart LR\n/u);
    out = '';
    expect(await view(module, '--mermaid')).toBe(0);
    expect(out).toBe(fromFile);
    expect(await view('front.json', '--dot')).toBe(0);
    expect(out).toContain('digraph "front" {');
  });

  test('of several, the one that is named', async () => {
    await write('all.json', JSON.stringify([frontFlow, { ...frontFlow, id: 'other' }]));
    expect(await view('all.json')).toBe(2);
    expect(err).toContain('expected --flow, one of front, other');
    expect(await view('all.json', '--flow', 'other', '--dot')).toBe(0);
    expect(out).toContain('digraph "other"');
  });

  test.each<[string, string, readonly string[]]>([
    ['nothing there', 'missing.json', []],
    ['no flow', 'empty.json', []],
    ['no coverage', 'front.json', ['--coverage', 'front.json']],
    ['no calls', 'front.json', ['--traffic', 'missing.json']],
    ['no such flow', 'front.json', ['--flow', 'back']],
    ['a page that cannot be written', 'front.json', ['--html', 'missing/page.html']],
  ])('%s is a wrong use, told in one line', async (_, file, more) => {
    await write('front.json', toJson(frontFlow));
    await write('empty.json', '{}');
    expect(await view(file, ...more)).toBe(2);
    expect(err).toMatch(/^cordboard: [\s\S]*expected/u);
    expect(err).not.toContain('    at ');
  });
});

describe('what lies over it', () => {
  test('coverage of several files of tests, in a folder', async () => {
    await mkdir(join(folder, 'coverage'));
    for (const [name, keys] of [
      ['a', '1'],
      ['b', '21'],
    ] as const) {
      const coverage = new Coverage();
      flowTest(frontFlow, { coverage }).presses(keys).listens();
      await write(`coverage/${name}.json`, coverage.toJson());
    }
    await write('front.json', toJson(frontFlow));
    expect(await view('front.json', '--coverage', 'coverage', '--html', 'front.html')).toBe(0);
    expect(err.trim()).toBe(join(folder, 'front.html'));
    const page = await readFile(join(folder, 'front.html'), 'utf8');
    expect(page).toContain('<option value="coverage"');
    expect(await view('front.json', '--coverage', 'coverage/a.json')).toBe(0);
    const untaken = (text: string): number => text.split('stroke:#b3261e,stroke-dasharray').length - 1;
    const alone = untaken(out);
    out = '';
    expect(await view('front.json', '--coverage', 'coverage')).toBe(0);
    expect(untaken(out)).toBeLessThan(alone);
  });

  test('calls, from a running floor and from a file of its records', { timeout: 120_000 }, async () => {
    const demo = await quietFloor();
    try {
      await using desk = await connectAgent({
        url: demo.ws,
        getToken: () => Promise.resolve(demo.tokens.agent),
        WebSocket: WebSocket as unknown as SocketConstructor,
      });
      await desk.ready();
      const offered = next(desk, 'callOffered');
      await incoming(demo.url, '+8613900000001');
      const { call } = await offered;
      await call.answer();
      const ended = next(desk, 'callEnded');
      await call.hangUp();
      await ended;
      // Its record is written behind what the desk is told.
      await demo.server.settled();
      expect(await view(module, '--traffic', demo.url)).toBe(2);
      expect(err).toContain('--token');
      expect(await view(module, '--traffic', demo.url, '--token', demo.tokens.supervisor)).toBe(0);
      expect(out).toMatch(/"start<br\/>menu<br\/>1 in/u);
      const answer = await fetch(`${demo.url}/v1/cdrs`, {
        headers: { authorization: `Bearer ${demo.tokens.supervisor}` },
      });
      await write('cdrs.json', await answer.text());
      const fromServer = out;
      out = '';
      expect(await view(module, '--traffic', 'cdrs.json')).toBe(0);
      expect(out).toBe(fromServer);
    } finally {
      await demo.stop();
    }
  });
});
