import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokens } from '@cordboard/cti-server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCommandLine } from '../src/index.js';

let folder: string;
let out: string[];
let err: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-cli-'));
  out = [];
  err = [];
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const run = (argv: readonly string[], signal = new AbortController().signal): Promise<number> =>
  runCommandLine(argv, {
    folder,
    signal,
    output: { out: (line) => out.push(...line.split('\n')), err: (line) => err.push(...line.split('\n')) },
  });

const asterisk = {
  driver: 'asterisk',
  options: { ari: { url: 'http://127.0.0.1:8088', user: 'cti', password: 'hush-hush' } },
};

describe('configuration', () => {
  test.each([
    [
      'a field',
      { switches: { main: asterisk }, queues: { support: { ringTimeout: '20 parsecs' } } },
      /queues\.support\.ringTimeout: expected a duration/u,
    ],
    ['a typing mistake', { switches: { main: asterisk }, quues: {} }, /quues/u],
    [
      'a name that leads nowhere',
      { switches: { main: asterisk }, routes: [{ number: '100', to: { queue: 'sales' } }] },
      /"sales".*queues/u,
    ],
    ['a driver that is not there', { switches: { main: { driver: 'avaya' } } }, /switches\.main\.driver.*avaya/u],
    [
      'an option of a driver',
      { switches: { main: { driver: 'asterisk', options: { ari: { url: 'pbx' } } } } },
      /ari\.url/u,
    ],
  ])('%s is refused with its place and what was expected', async (_what, config, words) => {
    await writeFile(join(folder, 'cordboard.config.json'), JSON.stringify(config));
    expect(await run(['serve'])).toBe(2);
    expect(err.join('\n')).toMatch(words);
    expect(err.join('\n')).toContain('cordboard.config.json');
    expect([...out, ...err].join('\n')).not.toContain('hush-hush');
  });

  test('several problems have a line each', async () => {
    const config = { switches: { main: asterisk }, quues: {}, queues: { support: { priority: 'high' } } };
    await writeFile(join(folder, 'cordboard.config.json'), JSON.stringify(config));
    expect(await run(['serve'])).toBe(2);
    expect(err.slice(1).toSorted()).toEqual([
      '  queues.support.priority: expected a number',
      '  quues: unknown field',
      'cordboard: 2 problems [config.invalid]',
    ]);
  });

  test('wrong options of all drivers are told at once, each with its place in the file', async () => {
    const config = {
      switches: {
        main: { driver: 'asterisk', options: { ari: { url: 'pbx', user: 'cti', password: 'hush-hush' }, amy: {} } },
        other: { driver: 'freeswitch', options: { esl: { host: '', password: 'hush-hush' } } },
        third: { driver: 'avaya' },
      },
    };
    await writeFile(join(folder, 'cordboard.config.json'), JSON.stringify(config));
    expect(await run(['serve'])).toBe(2);
    expect(err.slice(1).toSorted()).toEqual([
      '  switches.main.options.amy: unknown field',
      expect.stringMatching(/^ {2}switches\.main\.options\.ari\.url: /u),
      '  switches.other.options.esl.host: expected at least 1 characters',
      '  switches.third.driver names a driver that is not installed: avaya',
      'cordboard: 4 problems [config.invalid]',
    ]);
    expect([...out, ...err].join('\n')).not.toContain('hush-hush');
  });

  test('fields, names and drivers are told together; a switch that is wrong itself is asked for no driver', async () => {
    const config = {
      timeZone: 'Mars/Olympus',
      switches: { main: asterisk, second: { driver: 'avaya' }, third: { drivr: 'avaya' } },
      routes: [{ number: '100', to: { queue: 'sales' } }],
    };
    await writeFile(join(folder, 'cordboard.config.json'), JSON.stringify(config));
    expect(await run(['serve'])).toBe(2);
    expect(err.slice(1)).toEqual([
      'cordboard: 4 problems [config.invalid]',
      "  timeZone: expected an IANA time zone such as 'Asia/Shanghai'",
      '  switches.third: expected a driver made by an adapter, or { driver, options }',
      expect.stringMatching(/^ {2}routes\.100\.to\.queue names "sales"/u),
      '  switches.second.driver names a driver that is not installed: avaya',
    ]);
  });

  test.each([
    ['replay', 'gone.journal'],
    ['journal', 'export', 'gone.journal', '--to', 'case.journal'],
  ])('%s of a file that is not there says so in one line', async (...argv) => {
    expect(await run(argv)).toBe(2);
    expect(err).toEqual([
      'cordboard: gone.journal: expected a journal file that can be read (ENOENT) [argument.invalid]',
    ]);
  });

  test('broken JSON names the line and quotes nothing', async () => {
    await writeFile(join(folder, 'c.json'), '{\n "password": "hush-hush"\n oops');
    expect(await run(['serve', '--config', 'c.json'])).toBe(2);
    expect(err.join('\n')).toMatch(/c\.json: expected JSON near line 3/u);
    expect(err.join('\n')).not.toContain('hush');
  });

  test('TypeScript that does not compile, exports nothing or lacks a variable says so, and leaves no file behind', async () => {
    for (const [text, words] of [
      ['export default {', /line 1/u],
      ['export const config = {};', /default export/u],
    ] as const) {
      await writeFile(join(folder, 'cordboard.config.ts'), text);
      expect(await run(['serve'])).toBe(2);
      expect(err.join('\n')).toMatch(words);
    }
    expect(await readdir(folder)).toEqual(['cordboard.config.ts']);
  });

  test.each([
    ['throws', "throw new TypeError('the site is not known\\n of two lines');", 'TypeError: the site is not known'],
    ['rejects', "export default Promise.reject(new RangeError('no site'));", 'RangeError: no site'],
    ['quotes what it reads', 'export default JSON.parse(\'{"password":hush-hush}\');', 'SyntaxError'],
    ['throws no error', "throw 'hush-hush';", 'no Error'],
    ['lacks a package', "import 'no-such-package'; export default {};", "Cannot find package 'no-such-package'"],
  ])('a module that %s while it is loaded is told in one line that names it', async (_what, text, words) => {
    await writeFile(join(folder, 'cordboard.config.ts'), text);
    for (const argv of [['serve'], ['doctor'], ['ivr', 'check', 'cordboard.config.ts']]) {
      expect(await run(argv)).toBe(2);
      const [line = '', ...more] = err.splice(0);
      expect(more).toEqual([]);
      expect(line).toContain(
        `${join(folder, 'cordboard.config.ts')}: expected a module that loads, not one that fails`,
      );
      expect(line).toContain(words);
      expect(line).not.toMatch(/hush|\.mjs/u);
    }
    expect(await readdir(folder)).toEqual(['cordboard.config.ts']);
  });

  test('what a module refuses in our words keeps them, with its file', async () => {
    const core = JSON.stringify(import.meta.resolve('@cordboard/cti-core'));
    const text = `import { CtiError } from ${core};
      throw new CtiError('config.invalid', 'environment variable PBX: expected a value', { details: { path: 'env.PBX' } });`;
    await writeFile(join(folder, 'cordboard.config.mjs'), text);
    expect(await run(['serve'])).toBe(2);
    expect(err.join('\n')).toMatch(/environment variable PBX: expected a value \[config\.invalid\]/u);
    expect(err.join('\n')).toContain(join(folder, 'cordboard.config.mjs'));
  });

  test('no file at all is told with the names that were looked for', async () => {
    expect(await run(['doctor'])).toBe(2);
    expect(err.join('\n')).toContain('cordboard.config.ts');
  });
});

test('wrong use ends with 2 and says more on stderr alone', async () => {
  expect(await run(['nonsense'])).toBe(2);
  expect(await run(['demo', '--port', '70000'])).toBe(2);
  expect(await run(['token'])).toBe(2);
  expect(out).toEqual([]);
  expect(err.join('\n')).toContain('expected a whole number from 0 to 65535');
  expect(await run(['--help'])).toBe(0);
  expect(out.join('\n')).toContain('serve');
  expect(await run(['--version'])).toBe(0);
  expect(out.at(-1)).toMatch(/^\d+\.\d+\.\d+$/u);
});

describe('token', () => {
  const secret = 'a secret of at least thirty-two characters';

  test('is one that the server of that configuration takes', async () => {
    const config = { tenant: 'acme', switches: { main: asterisk }, server: { tokenSecret: secret } };
    await writeFile(join(folder, 'cordboard.config.json'), JSON.stringify(config));
    expect(await run(['token', '--user', 'ann', '--ttl', '1h', '--json'])).toBe(0);
    const made = JSON.parse(out.at(-1) ?? '') as { readonly token: string };
    const tokens = new Tokens({ secret: new TextEncoder().encode(secret), tenant: 'acme', wallMs: Date.now });
    expect(await tokens.check(made.token)).toMatchObject({
      userId: 'ann',
      role: 'agent',
      agentId: 'ann',
      tenant: 'acme',
    });
  });

  test('needs a role that exists, a duration in bounds, and a key', async () => {
    await writeFile(join(folder, 'cordboard.config.json'), JSON.stringify({ switches: { main: asterisk } }));
    expect(await run(['token', '--user', 'ann', '--role', 'boss'])).toBe(2);
    expect(await run(['token', '--user', 'ann', '--ttl', '99d'])).toBe(2);
    expect(await run(['token', '--user', 'ann'])).toBe(2);
    expect(err.join('\n')).toContain('server.tokenSecret');
  });
});

test('the demo prints one JSON line when it is ready, ends when asked, and leaves no folder behind', async () => {
  // Its own place for what is temporary: other demos run on this machine.
  vi.stubEnv('TMPDIR', folder);
  const ending = new AbortController();
  const done = run(['demo', '--json', '--port', '0', '--traffic', '0'], ending.signal);
  await expect.poll(() => out.length).toBe(1);
  const ready = JSON.parse(out[0] ?? '') as { url: string; ws: string; tokens: Record<string, string>; ready: boolean };
  expect(ready).toMatchObject({ ready: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/u) });
  expect(ready.ws).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/ws$/u);
  expect(Object.keys(ready.tokens)).toEqual(['agent', 'supervisor', 'admin']);
  expect((await fetch(ready.url)).status).toBe(200);
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^cordboard-demo-/u)]);
  ending.abort();
  expect(await done).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  await expect(fetch(ready.url)).rejects.toThrow();
});
