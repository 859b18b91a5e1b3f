import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asId } from '@cordboard/cti-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createBridgeKind, type LineDeviceSink } from '../src/index.js';
import { ExchangeLine } from '../src/simulated/exchange-line.js';
import type { FarStep } from '../src/simulated/index.js';
import { DeviceBench, turn } from './device-bench.js';
import { FakeBoxHost } from './fake-box-host.js';
import { collect } from './heap.js';

const TOKEN = 'correct horse battery';
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A place for a host that is not TCP; its buffers are small. */
function socketPath(): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\box-${process.pid}-${ends.length}`;
  const folder = mkdtempSync(join(tmpdir(), 'box-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'box.sock');
}

/** A line of the fake host with an exchange behind it, in step with the clock of a bench. */
class ExchangeBehindHost {
  readonly exchange: ExchangeLine;
  readonly numbers = new Map<string, readonly FarStep[]>();
  readonly orders: string[] = [];
  readonly states: string[] = [];
  refuses: string | undefined;
  readonly #host: FakeBoxHost;
  #played: Int16Array[] = [];
  #hook: 'on' | 'off' = 'on';
  #flash = 0;

  constructor(host: FakeBoxHost) {
    this.#host = host;
    this.exchange = new ExchangeLine(
      { seed: 5, noiseDbm0: -60, dialled: (number) => this.numbers.get(number), datetime: () => '11220915' },
      (signal) => host.event('1', { type: 'signal', signal }),
    );
    host.lines.set('1', {
      order: ({ what, ...rest }) => {
        this.orders.push([what, ...Object.values(rest)].join(' '));
        if (this.refuses === what) return false;
        if (what === 'hook') this.#loop(rest.state === 'off' ? 'off' : 'on');
        if (what === 'flash') this.#flash = Number(rest.forMs) / 20;
        return true;
      },
      played: (samples) => {
        // At most 200 ms, as the page says.
        if (samples.length > 0 && this.#played.length < 10) this.#played.push(samples);
      },
      opened: () => {
        this.states.push('opened');
      },
      gone: () => {
        this.states.push('gone');
        this.#loop('on');
      },
    });
  }

  /** 20 ms. */
  run(): void {
    if (this.#flash > 0) {
      this.exchange.loop(--this.#flash > 0 ? 'open' : 'closed');
    }
    const played = new Int16Array(160);
    const next = this.#played.shift();
    if (next !== undefined && this.#hook === 'off') played.set(next.subarray(0, 160));
    const heard = new Int16Array(160);
    this.exchange.run(played, heard);
    this.#host.sound('1', heard);
  }

  #loop(hook: 'on' | 'off'): void {
    this.#hook = hook;
    this.exchange.loop(hook === 'off' ? 'closed' : 'open');
  }
}

async function bridged(how: { readonly path?: string; readonly token?: string } = {}) {
  const host = new FakeBoxHost(TOKEN);
  const line = new ExchangeBehindHost(host);
  const port = await host.listen(how.path);
  ends.push(() => host.close());
  const bench = new DeviceBench({
    kinds: { bridge: createBridgeKind() },
    lines: [
      {
        name: 'one',
        device: {
          kind: 'bridge',
          line: '1',
          token: how.token ?? TOKEN,
          ...(how.path === undefined ? { port } : { path: how.path }),
        },
      },
    ],
  });
  ends.push(() => bench.stop());
  const tick = (): void => {
    cancel = bench.clock.setTimer(20, () => {
      line.run();
      tick();
    });
  };
  let cancel: () => void = () => undefined;
  tick();
  ends.push(() => cancel());
  bench.inStep = async () => {
    await turn();
    // A connection takes a moment of the real world: the clock stands until the host has opened the line.
    await really(() => line.states.length > 0);
    await host.pinged();
  };
  await bench.start();
  return { host, line, bench, port };
}

async function answered({ bench, line }: Awaited<ReturnType<typeof bridged>>) {
  const since = bench.events.length;
  expect(line.exchange.callIn({ number: '13800001111', answered: [{ do: 'silence', forMs: 3_600_000 }] })).toBe(true);
  const { connectionId, calling } = await bench.sees('created', { since });
  await bench.accepted({ type: 'answer', connectionId });
  await bench.sees('connected', { since });
  return { connectionId, calling };
}

describe('a line of a box host', () => {
  it.each(['tcp', 'path'])(
    'plays a whole call over %s: caller ID, answer, keys both ways, flash, hang-up',
    async (way) => {
      const one = await bridged(way === 'path' ? { path: socketPath() } : {});
      const { bench, line } = one;
      const { connectionId, calling } = await answered(one);
      expect(calling.number).toBe('13800001111');
      line.exchange.press('42#');
      await bench.pass(1_500);
      expect(
        bench
          .of('digit')
          .map((each) => each.digit)
          .join(''),
      ).toBe('42#');
      await bench.accepted({ type: 'sendDigits', connectionId, digits: '17', toneMs: 90, gapMs: 90 });
      await bench.pass(1_500);
      expect(line.exchange.keysHeard).toBe('17');
      line.exchange.hangUp();
      await bench.sees('cleared', { withinMs: 6_000 });
      await bench.pass(200);
      expect(bench.story(connectionId).at(-1)).toBe('cleared normalClearing');
      expect(line.orders).toEqual(['hook on', 'hook off', 'hook on'].slice(line.orders.length === 2 ? 1 : 0));
    },
  );

  it('dials by sound, and takes a refused order for what it is', async () => {
    const one = await bridged();
    const { bench, line } = one;
    line.numbers.set('10086', [{ do: 'ringback', cycles: 1 }, { do: 'answer' }, { do: 'say', forMs: 60_000 }]);
    const connectionId = bench.id();
    await bench.accepted({
      type: 'originate',
      connectionId,
      target: { kind: 'number', trunk: bench.line('one'), number: '10086' },
      mark: { callId: asId('c1') },
      ringTimeoutMs: 60_000,
    });
    await bench.sees('connected', { withinMs: 40_000 });
    expect(line.exchange.dialledNumbers).toEqual(['10086']);
    line.refuses = 'flash';
    expect(await bench.replied({ type: 'flash', connectionId, after: 'stay' })).toMatchObject({ outcome: 'refused' });
    line.refuses = undefined;
    await bench.accepted({ type: 'flash', connectionId, after: 'stay' });
    expect(line.orders.at(-1)).toBe('flash 300');
  });

  it('is lost with its call at garbage, and opened again; the host has put it on-hook', async () => {
    const one = await bridged();
    const { bench, host, line } = one;
    await answered(one);
    bench.inStep = turn;
    host.raw('1', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1, 2, 3));
    const down = await bench.sees('linkDown');
    expect(down.reason).toBe('protocol');
    await until(bench, () => line.states.length === 3);
    expect(line.states).toEqual(['opened', 'gone', 'opened']);
    expect(bench.of('snapshot').at(-1)?.snapshot.connections).toEqual([]);
    line.exchange.hangUp();
    bench.inStep = () => host.pinged();
    await bench.pass(5_000);
    await answered(one);
  });

  it('survives halves of frames, and is lost when the rest never comes and nothing else does', async () => {
    const one = await bridged();
    const { bench, host } = one;
    const frame = Buffer.from('{"type":"event","event":{"type":"digit","from":"line","digit":"5"}}');
    const whole = Buffer.concat([Buffer.of(0, 0, 0, frame.length + 1, 1), frame]);
    const { connectionId } = await answered(one);
    // Sound of the exchange would come in between: this is the whole of the wire for a moment.
    for (const byte of whole) host.raw('1', Uint8Array.of(byte));
    await bench.pass(100);
    expect(bench.story(connectionId)).toContain('digit 5');
    bench.inStep = turn;
    host.raw('1', Uint8Array.of(0, 0, 0xff, 0xff, 1));
    // What follows is swallowed by the frame that is never whole, until its length is reached or the host is given up.
    host.sound = () => undefined;
    host.event = () => undefined;
    const down = await bench.sees('linkDown', { withinMs: 30_000 });
    expect(down.reason).toBe('protocol');
  });

  it('passes over what it does not know', async () => {
    const one = await bridged();
    const { bench, host } = one;
    await answered(one);
    host.event('1', { type: 'somethingNew', of: 'version 2' });
    host.event('1', { type: 'digit', from: 'line', digit: 'ten' });
    host.raw('1', Buffer.from('0000000309aabb', 'hex'));
    host.raw('1', Buffer.from('0000000402aabbcc', 'hex'));
    await bench.pass(500);
    expect(bench.of('linkDown')).toEqual([]);
    expect(bench.of('digit')).toEqual([]);
  });

  it('drops sound for a host that does not read, and nothing piles up; the talk goes on when it does', async () => {
    const one = await bridged({ path: socketPath() });
    const { bench, host, line } = one;
    const { connectionId } = await answered(one);
    await bench.accepted({ type: 'holdMusic', connectionId, mode: 'start' });
    collect();
    const before = process.memoryUsage().arrayBuffers;
    bench.inStep = turn;
    host.socketOf('1')?.pause();
    // Sound goes on towards the client, and is answered; none of the answers is read.
    await bench.pass(120_000);
    collect();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16e6);
    expect(bench.of('linkDown')).toEqual([]);
    host.socketOf('1')?.resume();
    bench.inStep = async () => {
      await turn();
      await host.pinged();
    };
    await bench.accepted({ type: 'holdMusic', connectionId, mode: 'stop' });
    await bench.pass(1_000);
    await bench.accepted({ type: 'sendDigits', connectionId, digits: '66', toneMs: 90, gapMs: 90 });
    await bench.pass(2_000);
    expect(line.exchange.keysHeard).toBe('66');
  }, 180_000);

  it.each([
    ['a wrong token', { token: 'not the right one!' }, undefined],
    ['a host that lies', {}, 'liar'],
    ['a host that says nothing', {}, 'mute'],
  ] as const)('is not opened with %s', async (_what, options, temper) => {
    const host = new FakeBoxHost(TOKEN);
    if (temper !== undefined) host.temper = temper;
    host.lines.set('1', { order: () => true, played: () => undefined, gone: () => undefined });
    const port = await host.listen();
    ends.push(() => host.close());
    const bench = new DeviceBench({
      kinds: { bridge: createBridgeKind() },
      lines: [{ name: 'one', device: { kind: 'bridge', line: '1', port, token: TOKEN, ...options } }],
    });
    ends.push(() => bench.stop());
    await bench.start();
    await until(bench, () => host.calls > 0);
    await bench.pass(15_000);
    expect(bench.of('linkUp')).toEqual([]);
  });

  it.each(['line', 'busy', 'device', 'version'])('says that the host refuses: %s', async (code) => {
    const host = new FakeBoxHost(TOKEN);
    host.refuses = code;
    const port = await host.listen();
    ends.push(() => host.close());
    const bench = new DeviceBench({
      kinds: {},
      lines: [
        {
          name: 'x',
          device: () => {
            throw new Error('unused');
          },
        },
      ],
    });
    const context = { clock: bench.clock, random: () => 0, log: console };
    const sink: LineDeviceSink = {
      event: () => undefined,
      heard: () => undefined,
      wanted: () => 'nothing',
      phoneHeard: () => undefined,
      phoneWanted: () => 'nothing',
    };
    const device = createBridgeKind()({ kind: 'bridge', line: '1', port, token: TOKEN }, context)();
    expect(() => device.abilities).toThrow(/once it is open/);
    await expect(device.open(sink, { signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'device.refused',
      details: { why: code },
    });
    await device.close();
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('is over at once when its host is killed in mid-call', async () => {
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--conditions=@cordboard/source',
        fileURLToPath(new URL('box-host-process.ts', import.meta.url)),
        TOKEN,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    ends.push(() => void child.kill('SIGKILL'));
    const port = await portOf(child);
    const bench = new DeviceBench({
      kinds: { bridge: createBridgeKind() },
      lines: [{ name: 'one', device: { kind: 'bridge', line: '1', port, token: TOKEN } }],
    });
    ends.push(() => bench.stop());
    // The other process lives in real time, and may be held up: the clock goes no faster than that.
    bench.inStep = () => new Promise((resolve) => setTimeout(resolve, 20));
    await bench.start();
    await until(bench, () => bench.of('linkSynced').length > 0);
    child.stdin?.write('ring\n');
    await until(bench, () => bench.of('created').length > 0);
    const { connectionId, calling } = bench.of('created')[0] ?? expect.fail('no call');
    expect(calling.number).toBe('13800001111');
    const answer = bench.give({ type: 'answer', connectionId });
    await until(bench, () => bench.of('connected').length > 0);
    await answer;
    child.kill('SIGKILL');
    await until(bench, () => bench.of('linkDown').length > 0);
    expect(bench.of('linkDown')[0]?.reason).toBe('closed');
    await bench.pass(1_000);
    expect(bench.of('snapshot').at(-1)?.snapshot.connections).toEqual([]);
  });
});

/** Another process, and the sockets of this one, may be held up for so long. */
const BOUND_MS = 60_000;

/** Looks again and again, and lets the clock go on. */
async function until(bench: DeviceBench, met: () => boolean): Promise<void> {
  for (const endMs = Date.now() + BOUND_MS; !met(); await bench.pass(20))
    if (Date.now() > endMs) expect.fail('it did not happen');
}

/** Looks again and again while the clock stands. */
async function really(met: () => boolean): Promise<void> {
  for (const endMs = Date.now() + BOUND_MS; !met(); await new Promise((resolve) => setTimeout(resolve, 1)))
    if (Date.now() > endMs) expect.fail('it did not happen');
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (bytes) => {
      const found = /port (\d+)/.exec(String(bytes));
      if (found !== null) resolve(Number(found[1]));
    });
    child.once('exit', () => reject(new Error('the host ended')));
  });
}
