import { once } from 'node:events';
import { connect } from 'node:net';
import { systemClock } from '@cordboard/driver-kit';
import { describe, expect, it } from 'vitest';
import { Scheduler } from '../../src/index.js';
import {
  type LineFaults,
  type PbxScenario,
  pbxOfScenario,
  SerialPbx,
  startScenario,
  WireLine,
} from '../../src/serial/index.js';
import { bench, START } from './host.js';

const SETTINGS = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 } as const;

describe('the speed of a line', () => {
  it('passes on baud/10 bytes a second in both directions, in portions, in order', () => {
    const clock = new Scheduler(START);
    const line = new WireLine({ clock, settings: SETTINGS, jitterMs: 5 });
    const portions: Uint8Array[] = [];
    const heard: number[] = [];
    const send = line.connect((bytes) => portions.push(bytes));
    line.onReceive((bytes) => heard.push(...bytes));
    const bytes = Uint8Array.from({ length: 9_600 }, (_, n) => n & 0xff);
    let leftMs = 0;
    line.write(bytes, { sent: () => (leftMs = clock.nowMs()) });
    send(bytes);
    clock.runTo(5_000);
    const count = portions.reduce((sum, one) => sum + one.length, 0);
    expect(count).toBeGreaterThan(4_780);
    expect(count).toBeLessThanOrEqual(4_800);
    expect(Math.abs(heard.length - count)).toBeLessThan(40);
    expect(Math.max(...portions.map((one) => one.length))).toBeLessThanOrEqual(16);
    expect(new Set(portions.map((one) => one.length)).size).toBeGreaterThan(10);
    clock.runTo(10_100);
    expect(portions.flatMap((one) => [...one])).toEqual([...bytes]);
    expect(heard).toEqual([...bytes]);
    expect(leftMs).toBeGreaterThanOrEqual(10_000);
    expect(leftMs).toBeLessThanOrEqual(10_005);
    expect(clock.pending).toBe(0);
  });

  it('lets what is urgent go in front of what waits, and never into the middle of it', () => {
    const clock = new Scheduler(START);
    const line = new WireLine({ clock, settings: SETTINGS });
    let text = '';
    line.connect((bytes) => (text += Buffer.from(bytes).toString()));
    for (const word of ['aaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbb', 'cccc']) line.write(Buffer.from(word));
    clock.runTo(5);
    for (const word of ['1', '2', '3']) line.write(Buffer.from(word), { place: 'front' });
    clock.runTo(1_000);
    expect(text).toBe('aaaaaaaaaaaaaaaaaaaaaaaaaa123bbbbcccc');
  });

  it('is not there on TCP', () => {
    const clock = new Scheduler(START);
    const line = new WireLine({ clock, kind: 'tcp', settings: SETTINGS });
    const portions: number[] = [];
    line.connect((bytes) => portions.push(bytes.length));
    line.write(new Uint8Array(50_000));
    clock.runTo(0);
    expect(portions).toEqual([50_000]);
  });
});

describe('what goes wrong on a line', () => {
  const through = (faults: LineFaults, count = 20_000): Uint8Array => {
    const clock = new Scheduler(START);
    const line = new WireLine({ clock, settings: { ...SETTINGS, baudRate: 115_200 }, faults });
    const got: number[] = [];
    line.connect((bytes) => got.push(...bytes));
    line.write(new Uint8Array(count).fill(0x55));
    clock.runTo(10_000);
    return Uint8Array.from(got);
  };
  it('happens as often as is asked for, the same for the same seed', () => {
    expect(through({ toHost: { drop: 0.1 } }).length / 20_000).toBeCloseTo(0.9, 1);
    expect(through({ toHost: { duplicate: 0.1 } }).length / 20_000).toBeCloseTo(1.1, 1);
    expect(through({ toHost: { garbage: 0.2 } }).length / 20_000).toBeCloseTo(1.2, 1);
    const flipped = through({ toHost: { flip: 0.05 } });
    expect(flipped.length).toBe(20_000);
    expect(flipped.filter((byte) => byte !== 0x55).length / 20_000).toBeCloseTo(0.05, 2);
    expect(through({ toHost: { flip: 0.05 } })).toEqual(flipped);
    expect(through({ toPbx: { drop: 1 } }).length).toBe(20_000);
  });

  it('stalls, and goes on', () => {
    const clock = new Scheduler(START);
    const line = new WireLine({ clock, settings: SETTINGS });
    let count = 0;
    line.connect((bytes) => (count += bytes.length));
    line.stall('toHost', 2_000);
    line.write(new Uint8Array(96));
    clock.runTo(2_000);
    expect(count).toBe(0);
    clock.runTo(2_110);
    expect(count).toBe(96);
  });

  it('loses all while the cable is out, and reads rubbish at the wrong speed', () => {
    const { sim, host } = bench();
    host.hello();
    sim.line.pull();
    host.run(30_000).take();
    expect(host.got).toEqual([]);
    sim.line.plug();
    host.run(6_000);
    expect(host.take('READY').length).toBeGreaterThan(0);
    const wrong = new SerialPbx({
      clock: host.clock,
      line: { host: { baudRate: 4_800, dataBits: 8, parity: 'none', stopBits: 1 } },
    });
    const read: number[] = [];
    wrong.line.connect((bytes) => read.push(...bytes));
    wrong.start();
    host.run(1_000);
    expect(read.length).toBeGreaterThan(3);
    expect(Buffer.from(read).toString('latin1')).not.toContain('KTS');
  });

  it('lets a session live through rare errors of every kind', () => {
    const { sim, host } = bench();
    host.begin();
    host.take();
    sim.line.faults = { toPbx: { garbage: 0.05 } };
    const answers: unknown[] = [];
    for (let n = 0; n < 40; n++) {
      for (let tries = 0; tries < 20 && answers.length <= n; tries++) {
        host.say({ word: 'TIMEGET', number: n + 2, one: { ref: 100 + n } });
        host.run(100);
        answers.push(...host.take('TIME').map(({ fields }) => fields.one.ref));
      }
    }
    // Every one is carried out once, however often it had to be said.
    expect(answers).toEqual(Array.from({ length: 40 }, (_, n) => 100 + n));
    expect(host.got.filter(({ state }) => state !== 'good')).toEqual([]);
  });

  it('delivers nothing of ten seconds of random bytes', () => {
    for (const profile of ['kts-bin/1', 'kts-ascii/1'] as const) {
      const { sim, host } = bench({ profile });
      host.begin();
      host.take();
      const before = sim.pbx.memory.parameters.size;
      sim.line.noise(
        'toPbx',
        Uint8Array.from({ length: 9_600 }, (_, n) => (n * n * 31 + (n >> 3) * 17) & 0xff),
      );
      host.run(100);
      expect(host.take().filter(({ word }) => word !== 'NAK' && word !== 'BEAT')).toEqual([]);
      expect(sim.pbx.memory.parameters.size).toBe(before);
      expect(host.ask('TIMEGET')?.word).toBe('TIME');
    }
  });
});

const BUSY: PbxScenario = {
  lines: 8,
  extensions: 16,
  phones: [
    { number: '801', does: 'answer', talkFor: '20s' },
    { number: '802', does: 'answer', after: '1s' },
  ],
  acts: [{ phone: '803', after: '5s', does: 'dial', to: '804' }],
  callers: [{ number: '13800138000', name: '李四', after: '2s', every: '40s', talkFor: '15s' }],
  traffic: { callEvery: '8s', dialEvery: '10s', insideEvery: '15s' },
  parameters: [{ item: 8, index: 1, field: 1, value: [1, 2, 5] }],
  troubles: [{ after: '300s', what: 'losePower', for: '5s' }],
  faults: { toHost: { garbage: 0.001 } },
};

describe('a scenario', () => {
  const play = (seed: number): number[] => {
    const clock = new Scheduler(START);
    const sim = pbxOfScenario(BUSY, { clock, seed });
    const bytes: number[] = [];
    sim.line.connect((portion) => bytes.push(...portion));
    sim.start();
    const stop = startScenario(sim, BUSY);
    clock.runTo(600_000);
    stop();
    return bytes.concat(sim.pbx.memory.nextRecord);
  };
  it('gives the same bytes for the same seed', () => {
    expect(play(3)).toEqual(play(3));
    expect(play(3)).not.toEqual(play(4));
  });
  it('has calls in it', () => {
    expect(play(3).at(-1)).toBeGreaterThan(60);
  });
});

describe('over TCP', () => {
  it('serves one host at a time, and drops it when the power goes', async () => {
    const sim = new SerialPbx({ clock: systemClock, line: { kind: 'tcp' }, profile: 'kts-ascii/1', boot: 1 });
    const { port } = await sim.listen({ port: 0 });
    sim.start();
    try {
      const first = connect({ host: '127.0.0.1', port });
      const [said] = (await once(first, 'data')) as [Buffer];
      expect(said.toString()).toMatch(/^!-,READY/u);
      const firstClosed = once(first, 'close');
      const second = connect({ host: '127.0.0.1', port });
      await Promise.all([firstClosed, once(second, 'data')]);
      const secondClosed = once(second, 'close');
      sim.losePower();
      await secondClosed;
      const third = connect({ host: '127.0.0.1', port });
      const [again] = (await once(third, 'data')) as [Buffer];
      expect(again.toString()).toContain('bt=2');
      third.destroy();
    } finally {
      await sim.close();
      await sim.close();
    }
  });

  it('has one host at a time in memory too', async () => {
    const sim = new SerialPbx({ clock: systemClock, line: { kind: 'tcp' }, profile: 'kts-ascii/1' }).start();
    const first = sim.hostEnd();
    const closed = once(first, 'close');
    const second = sim.hostEnd();
    await Promise.all([closed, once(second, 'data')]);
    // Worked in docs/protocols/kts-1.md, section 18.
    second.write('>-,HELLO,ss=7,w=4*37\r\n>0,SNAPGET,r=1*14\r\n');
    let text = '';
    for await (const chunk of second.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      if (text.includes('SNAPEND') || text.includes('ERROR')) break;
    }
    expect(text).toContain('WELCOME');
    expect(text).not.toContain('ERROR');
    const gone = once(second, 'close');
    sim.losePower();
    await gone;
    await sim.close();
  });

  it('is a stream in memory too', async () => {
    const sim = new SerialPbx({ clock: systemClock, line: { pace: 'none' }, profile: 'kts-ascii/1' }).start();
    const end = sim.hostEnd();
    const [said] = (await once(end, 'data')) as [Buffer];
    expect(said.toString()).toMatch(/^!-,READY/u);
    end.destroy();
    await sim.close();
  });
});
