import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { systemClock } from '@cordboard/driver-kit';
import { type SerialPbx, serialPbx } from '@cordboard/simulator';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCommandLine } from '../src/index.js';
import { orderOf } from '../src/pbx/order.js';
import { askHidden } from '../src/pbx/password.js';

let folder: string;
let out: string[];
let err: string[];
let sim: SerialPbx;
let at: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-pbx-'));
  out = [];
  err = [];
  sim = serialPbx({ clock: systemClock, lines: 4, extensions: 8, password: '4711', line: { kind: 'tcp' } }).start();
  const { host, port } = await sim.listen({ port: 0 });
  at = `${host}:${port}`;
  vi.stubEnv('CORDBOARD_PBX_PASSWORD', '4711');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sim.close();
  await rm(folder, { recursive: true, force: true });
});

function run(argv: readonly string[], more: { readonly terminal?: 'terminal' } = {}): Promise<number> {
  out = [];
  err = [];
  const output = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line), ...more };
  return runCommandLine(['pbx', ...argv], { folder, signal: new AbortController().signal, output });
}
const to = (...argv: readonly string[]): readonly string[] => [...argv, '--tcp', at];
const lines = (): Record<string, unknown>[] => out.map((line) => JSON.parse(line));

describe('get and set', () => {
  test('one value over a range, counted up, each by its own outcome and the exit code of the worst', async () => {
    expect(await run(to('set', 'flashTime=600', '--index', '1..4'))).toBe(0);
    expect(lines()).toEqual([1, 2, 3, 4].map((index) => ({ id: 'flashTime', index, code: 'ok', value: 600 })));
    expect(await run(to('set', 'flashTime=601', 'gain.in=13', '--index', '4,9'))).toBe(1);
    expect(lines().map(({ code }) => code)).toEqual(['ok', 'noDevice', 'range', 'range']);
    expect(await run(to('set', 'extension.number=802', '--index', '1..8', '--count-up'))).toBe(0);
    expect(await run(to('get', 'extension.number'))).toBe(0);
    expect(lines().map(({ value }) => value)).toEqual(['802', '803', '804', '805', '806', '807', '808', '809']);
    expect(await run(to('set', 'ringAssignment.day=1-3,8', '--index', '2'))).toBe(0);
    expect(await run(to('get', 'ringAssignment.day', '--index', '1..2'), { terminal: 'terminal' })).toBe(0);
    expect(out[1]).toMatch(/^ringAssignment\.day +2 +1-3,8$/u);
    expect(await run(to('get', '--group', 'lines'))).toBe(0);
    expect(lines().every(({ code }) => code === 'ok')).toBe(true);
    expect(lines()).toHaveLength(16 * 4);
  });

  test('a dry run writes nothing and says what would change', async () => {
    expect(await run(to('set', 'dayNight.mode=night', '--index', '0', '--dry-run'))).toBe(0);
    expect(lines()).toEqual([{ id: 'dayNight.mode', index: 0, dryRun: 'change', from: 0, to: 1 }]);
    expect(await run(to('set', 'dayNight.mode=day', '--index', '0', '--dry-run'), { terminal: 'terminal' })).toBe(0);
    expect(out[0]).toMatch(/day -> day +unchanged$/u);
    expect(await run(to('set', 'warningTone=61', '--index', '801..802', '--dry-run'))).toBe(1);
    expect(lines().map(({ dryRun }) => dryRun)).toEqual(['range', 'range']);
    expect(sim.pbx.parameters.number(17, 0)).toBe(0);
  });

  test('secrets are never shown; where the password comes from', async () => {
    expect(await run(to('get', 'systemPassword'))).toBe(0);
    expect(out.join()).toContain('******');
    expect(await run(to('set', 'systemPassword=98765', '--index', '0'))).toBe(0);
    expect(`${out.join()}${err.join()}`).not.toMatch(/4711|98765/u);
    expect(await run(to('set', 'flashTime=600', '--index', '1'))).toBe(1);
    expect(err.join()).toMatch(/refused the system password.*auth\.forbidden/u);
    expect(await run(to('set', 'flashTime=600', '--index', '1', '--password', '98765'))).toBe(0);
    expect(err.join()).toMatch(/can be seen by everybody/u);
    await writeFile(join(folder, 'word'), '98765\n');
    expect(await run(to('set', 'flashTime=600', '--index', '1', '--password-file', 'word'))).toBe(0);
    expect(err).toEqual([]);
    vi.stubEnv('CORDBOARD_PBX_PASSWORD', '');
    expect(await run(to('set', 'flashTime=600', '--index', '1'))).toBe(2);
    expect(err.join()).toContain('CORDBOARD_PBX_PASSWORD');
    expect(await run(to('get', 'flashTime', '--index', '1'))).toBe(0);
  });

  test('wrong use is told before anything is asked of the PBX', async () => {
    expect(await run(to('get', 'nonsense'))).toBe(2);
    expect(await run(to('set', 'flashTime=soon', '--index', '1'))).toBe(2);
    expect(await run(to('set', 'flashTime', '--index', '1'))).toBe(2);
    expect(await run(to('set', 'flashTime=600', '--index', '4..1'))).toBe(2);
    expect(await run(['get', 'flashTime'])).toBe(2);
    expect(await run(to('get', 'flashTime', '--port', '/dev/none'))).toBe(2);
    expect(await run(['get', 'flashTime', '--profile', 'ws824-keypad'])).toBe(2);
    expect(await run(['get', 'flashTime', '--tcp', 'nowhere'])).toBe(2);
  });

  test('what there is to be set, without any PBX', async () => {
    expect(await run(['parameters', '--group', 'dialling', '--language', 'zh-CN'])).toBe(0);
    expect(lines()[0]).toMatchObject({ id: 'speedDial.number', places: 200, title: '缩位拨号号码' });
    expect(await run(['parameters', '--profile', 'ws824-keypad', '--model', 'gw600'], { terminal: 'terminal' })).toBe(
      0,
    );
    expect(out.join('\n')).toContain('charging.delay  (system; 1-99 s)');
    expect(await run(['parameters', '--item', '13'], { terminal: 'terminal' })).toBe(0);
    expect(out).toHaveLength(2);
    expect(out[0]).toBe('preferredDirection  (item 13.1; line; 0 both, 1 in, 2 out)');
    expect(out[1]).toMatch(/^ {4}Preferred direction\. .*Neither is barred\.$/u);
    expect(await run(['parameters', 'flashTime', 'attendant'], { terminal: 'terminal' })).toBe(0);
    expect(out.filter((_, at) => at % 2 === 0)).toEqual([
      'attendant  (item 27.1; line; 2-4 digits or empty)',
      'flashTime  (item 31.1; line; 80-1000 ms)',
    ]);
    for (const wrong of [['--item', '99'], ['flushTime']]) expect(await run(['parameters', ...wrong])).toBe(2);
  });
});

describe('backup, restore, compare', () => {
  test('backed up, changed, compared, restored, equal', async () => {
    await run(to('set', 'speedDial.number=01065001000', '--index', '1..40', '--count-up'));
    expect(await run(to('backup', 'a.json'))).toBe(0);
    expect((await stat(join(folder, 'a.json'))).mode & 0o777).toBe(0o600);
    // Of 128 ports and 32 lines this PBX has 8 and 4.
    expect(err).toEqual(['cordboard: 568 places of the catalogue are not on this PBX (--verbose names them)']);
    expect(lines().at(-1)).toMatchObject({ absent: 568, unread: [] });
    expect(await run(to('backup', 'verbose.json', '--verbose'))).toBe(0);
    expect(err).toHaveLength(569);
    expect(err.at(-1)).toBe('cordboard: flashTime 32 is not on this PBX: noDevice');
    expect(await run(to('backup', 'a.json'))).toBe(2);
    expect(await run(to('compare', 'a.json'))).toBe(0);
    expect(lines().at(-1)).toMatchObject({ different: 0 });
    sim.pbx.memory.parameters.clear();
    expect(await run(to('compare', 'a.json'))).toBe(1);
    expect(lines()).toHaveLength(41);
    expect(lines()[0]).toEqual({ id: 'speedDial.number', index: 1, kind: 'value', file: '01065001000', switch: '' });
    expect(await run(to('restore', 'a.json', '--dry-run'))).toBe(0);
    expect(lines()).toHaveLength(40);
    expect(sim.pbx.parameters.text(20, 1)).toBe('');
    expect(await run(to('restore', 'a.json'))).toBe(0);
    expect(lines().at(-1)).toMatchObject({ outcome: 'done', written: 40, failed: 0, left: 0 });
    expect(await run(to('compare', 'a.json'), { terminal: 'terminal' })).toBe(0);
  });

  test('a file that was changed, or is none, is refused; secrets only when asked for', async () => {
    await run(to('set', 'personalPassword.password=55555', '--index', '3'));
    expect(await run(to('backup', 'open.json', '--group', 'dialling'))).toBe(0);
    expect(await readFile(join(folder, 'open.json'), 'utf8')).not.toMatch(/55555|personalPassword/u);
    expect(await run(to('backup', 'secret.json', '--group', 'dialling', '--secrets'))).toBe(0);
    const text = await readFile(join(folder, 'secret.json'), 'utf8');
    expect(text).toContain('"value":"55555"');
    sim.pbx.memory.parameters.clear();
    expect(await run(to('compare', 'secret.json'))).toBe(1);
    expect(`${out.join()}${err.join()}`).not.toContain('55555');
    expect(await run(to('restore', 'secret.json'))).toBe(0);
    expect(sim.pbx.parameters.text(21, 3)).toBe('55555');
    await writeFile(join(folder, 'bad.json'), text.replace('55555', '66666'));
    expect(await run(to('restore', 'bad.json'))).toBe(2);
    expect(err.join('\n')).toMatch(/in bad\.json[\s\S]*checksum/u);
    expect(await run(to('restore', 'none.json'))).toBe(2);
    await chmod(join(folder, 'bad.json'), 0o600);
  });
});

test('the PBX of a configuration, and which of several', async () => {
  const [host = '', port = ''] = at.split(':');
  const one = {
    driver: 'pbx-serial',
    options: { profile: 'kts-bin/1', transport: { host, port: Number(port) }, records: 'records' },
  };
  const config = (switches: object): Promise<void> =>
    writeFile(join(folder, 'cordboard.config.json'), JSON.stringify({ switches, agents: {}, queues: {} }));
  await config({ main: one });
  expect(await run(['get', 'flashTime', '--index', '1', '-c', 'cordboard.config.json']), err.join()).toBe(0);
  await config({ main: one, other: one });
  expect(await run(['get', 'flashTime', '--index', '1', '-c', 'cordboard.config.json'])).toBe(2);
  expect(await run(['get', 'flashTime', '--index', '1', '-c', 'cordboard.config.json', '--switch', 'main'])).toBe(0);
  const hotel = { way: 'tcp', host: '127.0.0.1', port: 9, charges: 'charges' };
  await config({ main: { ...one, options: { ...one.options, hotel } } });
  expect(await run(['get', 'flashTime', '--index', '1', '-c', 'cordboard.config.json']), err.join()).toBe(0);
});

test('orders of a keypad, as they are asked for', async () => {
  const at = new Date(2026, 0, 2, 3, 4);
  expect(orderOf('clock', {}, at)).toEqual({ type: 'clock', at: '2026-01-02T03:04' });
  expect(orderOf('restrict', { level: 2, prefix: '00' })).toEqual({ type: 'restrict', level: 2, prefix: '00' });
  expect(() => orderOf('initialise', {})).toThrow('--yes');
  expect(orderOf('initialise', { sure: 'yes' })).toEqual({ type: 'initialise' });
  expect(await run(to('order', 'lock', '--pin', '4711'))).toBe(2);
  expect(await run(to('order', 'dance'))).toBe(2);
});

test('a password is typed without being shown, corrected, broken off', async () => {
  const { signal } = new AbortController();
  const keys = new PassThrough();
  const typed = askHidden(keys, signal);
  keys.write('47x');
  keys.write('\u007f11\r');
  expect(await typed).toBe('4711');
  const broken = askHidden(keys, signal);
  keys.write('4\u0003');
  await expect(broken).rejects.toMatchObject({ code: 'wait.aborted' });
});
