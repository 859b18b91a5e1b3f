import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { monthOfCalls, SmdrFeed, SmdrPrinter } from '@cordboard/simulator';
import { describe, expect, test } from 'vitest';
import type { OpenTransport } from '../src/profile/index.js';
import {
  openSmdrIntake,
  type SmdrArchive,
  type SmdrIntake,
  type SmdrIntakeOptions,
  type SmdrOther,
  type SmdrRecord,
} from '../src/smdr/index.js';
import { type Fault, type LineEnd, line } from './kts/line.js';

/** An archive in memory that can be out of order. */
function memory(before: readonly SmdrRecord[] = []): SmdrArchive & { readonly all: SmdrRecord[]; failing: number } {
  const all = [...before];
  return {
    all,
    failing: 0,
    async append(records) {
      if (this.failing > 0) {
        this.failing -= 1;
        throw new Error('the disk is full');
      }
      all.push(...records);
    },
    latest: async (count) => all.slice(-count),
    async *query() {
      yield* all;
    },
    async *follow({ all: from = 0 }) {
      yield { records: all.slice(from), cursor: { all: all.length } };
    },
  };
}

/** A place where lines are opened: the test has the other ends. */
function place(clock: SimulatedClock, baudRate: number, fault?: Fault) {
  const ends: LineEnd[] = [];
  const hosts: LineEnd[] = [];
  const sent: Uint8Array[] = [];
  const open: OpenTransport = async () => {
    const [host, pbx] = line({ clock, baudRate, ...(fault === undefined ? {} : { fault }) });
    pbx.on('data', (bytes: Uint8Array) => sent.push(bytes));
    ends.push(pbx);
    hosts.push(host);
    return host.asTransport();
  };
  const last = (): LineEnd => ends.at(-1) as LineEnd;
  return {
    open,
    sent,
    say: (text: string) => last().write(Buffer.from(text, 'latin1')),
    /** The cable is pulled: the host sees its end close. */
    pull: () => hosts.at(-1)?.destroy(),
    opened: () => ends.length,
  };
}

const call = (n: number): string =>
  `11/22/26 10:0${n % 10}AM   103 03 ${String(5_550_000 + n).padEnd(25)}      00:00'10`;

function intakeOn(clock: SimulatedClock, more: Partial<SmdrIntakeOptions> & Pick<SmdrIntakeOptions, 'open'>) {
  const records: SmdrRecord[] = [];
  const others: SmdrOther[] = [];
  const intake: SmdrIntake = openSmdrIntake({
    clock,
    random: () => 0.5,
    format: 'kx-td',
    timeZone: 'UTC',
    ...more,
    sink: {
      records: (list) => void records.push(...list),
      other: (one) => void others.push(one),
      ...more.sink,
    },
  });
  return { intake, records, others, numbers: () => records.map(({ number = '' }) => Number(number) - 5_550_000) };
}

describe('a line of call records', () => {
  test('is inert until started, sends nothing, and ends with no timer left', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 9_600);
    const { intake, numbers } = intakeOn(clock, { open: at.open });
    await clock.tick(60_000);
    expect([at.opened(), clock.pendingTimers]).toEqual([0, 0]);
    intake.start();
    await clock.tick(1);
    at.say(`${call(1)}\r\n`);
    await clock.tick(30_000);
    expect(numbers()).toEqual([1]);
    expect(at.sent).toEqual([]);
    await intake.stop();
    await intake.stop();
    expect([clock.pendingTimers, intake.state.kind]).toEqual([0, 'stopped']);
  });

  test('a carriage return is sent only when asked for, and never to a KX-TD within ten seconds', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 9_600);
    const { intake } = intakeOn(clock, { open: at.open, wake: {} });
    intake.start();
    await clock.tick(9_990);
    expect(at.sent).toEqual([]);
    await clock.tick(100);
    expect(at.sent.map((bytes) => [...bytes])).toEqual([[13]]);
    at.pull();
    await clock.tick(5_000);
    expect(at.opened()).toBe(2);
    at.pull();
    await clock.tick(60_000);
    // Never on a line that is gone.
    expect(at.sent).toHaveLength(2);
    await intake.stop();
    const wrong = (more: Partial<SmdrIntakeOptions>) => () => intakeOn(clock, { open: at.open, ...more });
    expect(wrong({ wake: { afterMs: 5_000 } })).toThrow('argument.invalid');
    expect(wrong({ format: 'kx-ta', wake: { afterMs: 0 } })).not.toThrow();
    expect(wrong({ silentMs: 10 })).toThrow('argument.invalid');
    expect(wrong({ timeZone: 'Nowhere/None' })).toThrow('argument.invalid');
  });

  test('a cable pulled in a record: the part is told, a replayed block is dropped, new calls are kept', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 9_600);
    const archive = memory();
    const { intake, others, numbers } = intakeOn(clock, { open: at.open, archive });
    intake.start();
    await clock.tick(1);
    at.say(`${[1, 2, 3, 4].map(call).join('\r\n')}\r\n${call(5).slice(0, 30)}`);
    await clock.tick(5_000);
    at.pull();
    await clock.tick(20_000);
    at.say(`${[2, 3, 4, 5, 6].map(call).join('\r\n')}\r\n`);
    await clock.tick(5_000);
    expect(numbers()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(others.filter(({ kind }) => kind === 'partial')).toHaveLength(1);
    expect(intake.counts).toMatchObject({ records: 6, repeats: 3, waiting: 0, connections: 2 });
    expect(archive.all.map(({ doubts }) => doubts)).toEqual(Array(6).fill([]));
    await intake.stop();
  });

  test('a host that was killed knows a replay by its archive; two equal calls are both kept', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 9_600);
    const first = memory();
    const before = intakeOn(clock, { open: at.open, archive: first });
    before.intake.start();
    await clock.tick(1);
    at.say(`${[1, 2, 3, 4].map(call).join('\r\n')}\r\n`);
    await clock.tick(5_000);
    // Not stopped: killed.
    const second = memory(first.all);
    const at2 = place(clock, 9_600);
    const after = intakeOn(clock, { open: at2.open, archive: second });
    after.intake.start();
    await clock.tick(1);
    at2.say(`${[2, 3, 4, 5, 5].map(call).join('\r\n')}\r\n`);
    await clock.tick(5_000);
    expect(after.numbers()).toEqual([5, 5]);
    expect(after.records.map(({ doubts }) => doubts)).toEqual([['perhapsDouble'], ['perhapsDouble']]);
    expect(second.all).toHaveLength(6);
    await Promise.all([before.intake.stop(), after.intake.stop()]);
  });

  test('records that might begin a replay wait two seconds of silence at most', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 9_600);
    const { intake, numbers } = intakeOn(clock, { open: at.open });
    intake.start();
    await clock.tick(1);
    at.say(`${call(1)}\r\n${call(2)}\r\n`);
    await clock.tick(3_000);
    at.pull();
    await clock.tick(10_000);
    at.say(`${call(1)}\r\n`);
    await clock.tick(1_000);
    expect(numbers()).toEqual([1, 2]);
    await clock.tick(2_000);
    expect(numbers()).toEqual([1, 2, 1]);
    await intake.stop();
  });

  test('a disk that fails loses nothing and doubles nothing; at the end the loss is told', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 0);
    const archive = memory();
    const failures: unknown[] = [];
    const { intake, numbers } = intakeOn(clock, {
      open: at.open,
      archive,
      sink: { archiveFailed: (error) => void failures.push(error) },
    });
    intake.start();
    await clock.tick(1);
    archive.failing = 3;
    at.say(`${Array.from({ length: 50 }, (_, n) => call(n)).join('\r\n')}\r\n`);
    await clock.tick(1_500);
    expect(intake.counts).toMatchObject({ records: 50, waiting: 50 });
    await clock.tick(5_000);
    expect(failures).toHaveLength(3);
    expect(archive.all.map(({ number }) => Number(number) - 5_550_000)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
    expect(numbers()).toHaveLength(50);
    archive.failing = 1_000;
    at.say(`${call(77)}\r\n`);
    await clock.tick(100);
    await expect(intake.stop()).rejects.toThrow('store.unavailable');
    expect(clock.pendingTimers).toBe(0);
  });

  test('a line that must not be silent is opened anew', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 9_600);
    const { intake } = intakeOn(clock, { open: at.open, silentMs: 60_000 });
    intake.start();
    await clock.tick(50_000);
    at.say(`${call(1)}\r\n`);
    await clock.tick(50_000);
    expect(at.opened()).toBe(1);
    await clock.tick(30_000);
    expect(at.opened()).toBe(2);
    await intake.stop();
  });

  test('every byte is handed on as it came', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 9_600);
    const bytes: Buffer[] = [];
    const { intake } = intakeOn(clock, {
      open: at.open,
      sink: { bytes: (piece) => void bytes.push(Buffer.from(piece)) },
    });
    intake.start();
    await clock.tick(1);
    const all = Uint8Array.from({ length: 256 }, (_, n) => n);
    at.say(Buffer.from(all).toString('latin1'));
    await clock.tick(5_000);
    expect(Buffer.concat(bytes)).toEqual(Buffer.from(all));
    await intake.stop();
  });
});

describe('under load', () => {
  const month = monthOfCalls({ seed: 31, calls: 9_000, extensions: 128, lines: 32 });

  test('9600 Bd saturated for ten virtual minutes, the cable pulled twice: every record once', {
    timeout: 180_000,
  }, async () => {
    const clock = new SimulatedClock(Date.UTC(2026, 10, 30) % 1_000);
    const at = place(clock, 9_600);
    const archive = memory();
    const { intake, others } = intakeOn(clock, { open: at.open, archive });
    const feed = new SmdrFeed(new SmdrPrinter('kx-td'), month, { replay: 30 });
    intake.start();
    await clock.tick(1);
    let told = 0;
    at.say(feed.reopen(0));
    const endMs = clock.nowMs() + 600_000;
    const pulls = [endMs - 400_000, endMs - 150_000];
    while (clock.nowMs() < endMs) {
      // A second of the line at a time: the line is never idle.
      let text = '';
      while (text.length < 960) {
        const piece = feed.take();
        if (piece === undefined) break;
        text += piece.text;
        told += 1;
      }
      at.say(text);
      await clock.tick((text.length * 10_000) / 9_600);
      if (pulls[0] !== undefined && clock.nowMs() >= pulls[0]) {
        pulls.shift();
        at.pull();
        await clock.tick(20_000);
        const again = feed.reopen(0);
        at.say(again);
        await clock.tick((again.length * 10_000) / 9_600);
      }
    }
    await clock.tick(5_000);
    await intake.stop();
    expect(told).toBeGreaterThan(6_000);
    expect(intake.counts).toMatchObject({ records: told, unreadable: 0, waiting: 0, connections: 3 });
    // Of the thirty that are told again after each loss, those that were on the way when it came are no repeats.
    expect(intake.counts.repeats).toBeGreaterThan(40);
    expect(intake.counts.repeats).toBeLessThanOrEqual(60);
    expect(archive.all).toHaveLength(told);
    expect(others.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
  });

  test('200 records a second for a virtual minute: none waits longer than its second', async () => {
    const clock = new SimulatedClock();
    const at = place(clock, 0);
    const archive = memory();
    const { intake } = intakeOn(clock, {
      open: at.open,
      archive,
      format: 'generic-csv',
      settings: { table: { columns: ['start', 'duration', 'extension', 'number', 'recordNo'] } },
    });
    intake.start();
    await clock.tick(1);
    for (let n = 0; n < 12_000; n += 200) {
      const lines = Array.from({ length: 200 }, (_, k) => `2026-11-22 10:00:00,${k},10${k % 10},0575${n + k},${n + k}`);
      at.say(`${lines.join('\n')}\n`);
      await clock.tick(1_000);
      expect(archive.all.length).toBe(n + 200);
    }
    expect(archive.all.map(({ recordNo }) => Number(recordNo))).toEqual(Array.from({ length: 12_000 }, (_, n) => n));
    await intake.stop();
  });
});
