import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJson } from '@cordboard/ivr-dsl';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { frontFlow } from '../src/demo/flow.js';
import { runCommandLine } from '../src/index.js';

let folder: string;
let out: string;
let err: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-check-'));
  out = '';
  err = '';
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const check = (...argv: readonly string[]): Promise<number> =>
  runCommandLine(['ivr', 'check', ...argv], {
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

const night = {
  format: 'cordboard-ivr/1',
  id: 'night',
  languages: ['en'],
  start: 'start',
  nodes: {
    start: {
      type: 'menu',
      say: [{ kind: 'text', text: 'Press 1 for the guard, 2 for the office.' }],
      keys: { 1: 'guard', 2: 'office' },
      noInput: 'END',
      noMatch: 'END',
    },
    guard: { type: 'queue', queue: 'guard', overflow: 'END' },
    office: { type: 'hangup' },
  },
  prompts: {},
};
const config = (nodes: object, more: object = {}): string =>
  JSON.stringify({
    switches: {
      main: { driver: 'asterisk', options: { ari: { url: 'http://127.0.0.1:8088', user: 'cti', password: 'x' } } },
    },
    queues: { guard: {} },
    flows: { night: { ...night, nodes: { ...night.nodes, ...nodes } } },
    ...more,
  });

describe('a file', () => {
  test('without a finding ends with 0', async () => {
    await write('night.json', JSON.stringify(night));
    expect(await check('night.json')).toBe(0);
    expect(out).toBe('0 findings in 1 flow\n');
  });

  test('a module that exports a flow is read like its JSON', async () => {
    await write('front.json', toJson(frontFlow));
    expect(await check(module, '--json')).toBe(await check('front.json', '--json'));
    const [fromModule, fromFile] = out.split('\n');
    expect(fromModule).toBe(fromFile);
  });

  test('with findings ends with 1, and each says what, where, how to come there, and what to do', async () => {
    const wrong = { ...night, nodes: { ...night.nodes, office: { type: 'play', say: [], next: 'nowhere' } } };
    await write('night.json', JSON.stringify(wrong));
    expect(await check('night.json')).toBe(1);
    expect(out).toBe(
      [
        'night  target.unknown  nodes.office.next',
        '  an edge leads to a node that the flow does not have: nowhere',
        '  way:  start.keys.2',
        '  hint: add the node, or lead the edge to one that is there, END, BACK or RETURN',
        '1 finding in 1 flow',
        '',
      ].join('\n'),
    );
    out = '';
    expect(await check('night.json', '--json')).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      findings: 1,
      flows: [{ flow: 'night', problems: [{ code: 'target.unknown', node: 'office', way: ['start.keys.2'] }] }],
    });
  });

  test('a key that stands twice in the text is a finding', async () => {
    await write('night.json', JSON.stringify(night).replace('{"1":"guard"', '{"1":"office","1":"guard"'));
    expect(await check('night.json')).toBe(1);
    expect(out).toContain('night  key.duplicate  nodes.start.keys.1');
  });

  test('that is no flow, or not there, ends with 2', async () => {
    await write('bad.json', '{"format":"cordboard-ivr/1","id":"x"}');
    expect(await check('bad.json')).toBe(2);
    expect(await check('nobody.json')).toBe(2);
    expect(await check('bad.json', '--json')).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ unreadable: { code: 'flow.invalid' } });
    expect(await check()).toBe(2);
    expect(err).toContain('expected a file, or --all');
  });
});

describe('all flows of a configuration', () => {
  test('are held against what it has', async () => {
    const ask = {
      type: 'http',
      method: 'GET',
      url: 'https://elsewhere.example/x',
      timeoutMs: 1000,
      ways: {},
      otherwise: 'END',
      failed: 'END',
    };
    const phone = {
      type: 'transfer',
      to: { kind: 'extension', number: '77' },
      busy: 'END',
      noAnswer: 'END',
      failed: 'END',
    };
    const find = { type: 'query', function: 'find@1', ways: {}, failed: 'phone' };
    await write('cordboard.config.json', config({ office: { ...ask, failed: 'find' }, find, phone }));
    expect(await check('--all', '--json')).toBe(1);
    const { flows } = JSON.parse(out) as { flows: { problems: { code: string; node: string }[] }[] };
    expect(flows.flatMap(({ problems }) => problems.map(({ code, node }) => `${code} ${node}`)).toSorted()).toEqual([
      'function.unknown find',
      'http.host office',
      'speech.missing start',
      'transfer.unknown phone',
    ]);
  });

  test('a clean one ends with 0, a missing one with 2', async () => {
    const said = { ...night.nodes.start, say: [{ kind: 'prompt', prompt: 'menu' }] };
    const flows = { night: { ...night, nodes: { ...night.nodes, start: said }, prompts: { menu: { en: 'menu' } } } };
    expect(await check('--all')).toBe(2);
    await write('cordboard.config.json', config({}, { flows }));
    expect(await check('--all')).toBe(0);
    expect(out).toBe('0 findings in 1 flow\n');
  });

  test('a file may be held against one too', async () => {
    await write('site.json', config({}));
    const wrong = { ...night, nodes: { ...night.nodes, guard: { ...night.nodes.guard, queue: 'gard' } } };
    await write('night.json', JSON.stringify(wrong));
    expect(await check('night.json', '--config', 'site.json')).toBe(1);
    expect(out).toContain('night  queue.unknown  nodes.guard.queue');
  });
});
