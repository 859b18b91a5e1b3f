import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { openPath } from '@cordboard/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../src/index.js';

const hasSocat = spawnSync('socat', ['-V']).status === 0;
const N81 = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
/** A worked line of docs/protocols/kts-1.md, section 18. */
const HELLO = '>-,HELLO,ss=7,w=4*37\r\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-sim-serial-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the command until `use` has done with it. */
async function withSim(
  argv: readonly string[],
  use: (ready: Record<string, unknown>) => Promise<void>,
): Promise<string> {
  const ending = new AbortController();
  const err: string[] = [];
  let ready: (line: string) => void = () => undefined;
  const first = new Promise<string>((resolve) => {
    ready = resolve;
  });
  const done = runCommandLine(['sim', '--json', ...argv], {
    folder,
    signal: ending.signal,
    output: { out: (line) => ready(line), err: (line) => err.push(line) },
  });
  const line = await Promise.race([first, done.then(() => '')]);
  if (line !== '') await use(JSON.parse(line) as Record<string, unknown>);
  ending.abort();
  return `${await done} ${err.join('\n')}`;
}

/** What a host says to a reliable frame with this number: the PBX sends no more than four ahead. */
function acknowledgement(number: string): string {
  const body = `<${number},ACK`;
  const check = [...Buffer.from(body.slice(1))].reduce((xor, byte) => xor ^ byte, 0);
  return `${body}*${check.toString(16).padStart(2, '0')}\r\n`;
}

/** Sends, acknowledges, and reads until a text has come. */
async function talk(duplex: Duplex, send: string, until: string): Promise<string> {
  let text = '';
  let unread = '';
  duplex.write(send);
  for await (const chunk of duplex.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(until)) return text;
    const lines = `${unread}${String(chunk)}`.split('\n');
    unread = lines.pop() ?? '';
    const numbers = lines.flatMap((line) => /^[<!](\d+),(?!ACK)/u.exec(line)?.[1] ?? []);
    if (numbers.length > 0) duplex.write(numbers.map(acknowledgement).join(''));
  }
  return text;
}

test('a PBX over TCP says READY, welcomes the host, and one host takes the place of the other', async () => {
  const scenario = { lines: 4, extensions: 8, boot: 1, callers: [{ number: '13800138000', after: 50, every: 200 }] };
  await writeFile(join(folder, 'pbx.json'), JSON.stringify(scenario));
  const argv = ['--serial', 'tcp:0', '--profile', 'kts-ascii/1', '--scenario', 'pbx.json'];
  const ended = await withSim(argv, async (ready) => {
    expect(ready).toMatchObject({ profile: 'kts-ascii/1', lines: 4, extensions: 8 });
    const { port } = ready.tcp as { port: number };
    const first = connect({ host: '127.0.0.1', port });
    expect(await talk(first, HELLO, 'WELCOME')).toMatch(/^!-,READY,bt=1[\s\S]*<-,WELCOME,ss=7,bt=1,nl=4,nx=8,/u);
    const closed = new Promise<void>((resolve) => first.once('close', () => resolve()));
    // What it goes on to tell must be read, or the end behind it is never come to.
    first.on('error', () => undefined).resume();
    const second = connect({ host: '127.0.0.1', port });
    await closed;
    // SNAPGET as the first frame of the session: its check is the two-digit one.
    const said = await talk(second, `${HELLO}>0,SNAPGET,r=1*14\r\n`, 'SNAPEND');
    expect(said).toMatch(/^!-,READY/u);
    expect(said).toContain('<0,ACK*');
    second.destroy();
  });
  expect(ended).toBe('0 ');
});

test('what cannot be is said', async () => {
  const nothing = (): Promise<void> => Promise.reject(new Error('it ran'));
  expect(await withSim([], nothing)).toMatch(/^2 .*--serial/u);
  expect(await withSim(['--serial', 'tcp:0', '--esl', '0'], nothing)).toMatch(/^2 /u);
  expect(await withSim(['--serial', 'tcp:0', '--profile', 'none'], nothing)).toMatch(/^2 [\s\S]*kts-bin\/1/u);
  expect(await withSim(['--serial', join(folder, 'no-port')], nothing)).toMatch(/^1 /u);
  await writeFile(join(folder, 'bad.json'), JSON.stringify({ callers: [{ after: 'soon' }] }));
  expect(await withSim(['--serial', 'tcp:0', '--scenario', 'bad.json'], nothing)).toMatch(
    /^2 [\s\S]*callers\[0\]\.after/u,
  );
});

describe.skipIf(!hasSocat)('on a real pair of ptys', () => {
  let socat: ChildProcess;
  beforeEach(async () => {
    const pty = (name: string): string => `pty,raw,echo=0,link=${join(folder, name)}`;
    socat = spawn('socat', ['-d', '-d', pty('host'), pty('pbx')], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const said of socat.stderr ?? []) if (String(said).includes('starting data transfer loop')) break;
  });
  afterEach(async () => {
    const gone = once(socat, 'exit');
    if (socat.exitCode === null && socat.kill()) await gone;
  });

  test('speaks at the speed of the line', async () => {
    const argv = ['--serial', join(folder, 'pbx'), '--profile', 'kts-ascii/1', '--baud', '2400'];
    const ended = await withSim(argv, async (ready) => {
      expect(ready.serial).toBe(join(folder, 'pbx'));
      const host = await openPath(join(folder, 'host'), N81);
      const fromMs = performance.now();
      const said = await talk(host, HELLO, 'ne=1*');
      expect(said).toContain('WELCOME,ss=7');
      // HELLO is 22 bytes, WELCOME more than 100: at 240 bytes a second that is more than 0.4 s.
      expect(performance.now() - fromMs).toBeGreaterThan(400);
      host.destroy();
    });
    expect(ended).toBe('0 ');
  });
});
