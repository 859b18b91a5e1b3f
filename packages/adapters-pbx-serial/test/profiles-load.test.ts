import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { monthOfCalls, SmdrFeed, SmdrPrinter } from '@cordboard/simulator';
import { describe, expect, test } from 'vitest';
import { type CdrStore, KtsLink } from '../src/link/index.js';
import { KTS_ASCII, KTS_BIN } from '../src/profile/index.js';
import { openSmdrIntake, SMDR_FORMATS, type SmdrOptions, type SmdrRecord } from '../src/smdr/index.js';
import type { MessageOf } from '../src/wire/index.js';
import { line, randomOf } from './kts/line.js';
import { type PbxMemory, TestPbx } from './kts/pbx.js';

const TEN_MINUTES_MS = 600_000;
const BAUD = 9_600;

class Kept implements CdrStore {
  readonly records: MessageOf<'cdr'>[] = [];
  async position(store: number): Promise<number | undefined> {
    return this.records.findLast((record) => record.store === store)?.record;
  }
  async keep(records: readonly MessageOf<'cdr'>[]): Promise<void> {
    this.records.push(...records);
  }
}

describe.each([KTS_BIN, KTS_ASCII].map((profile) => [profile.id, profile] as const))('%s', (_id, profile) => {
  test('9600 Bd, ten virtual minutes, never without a record to send: each once', { timeout: 180_000 }, async () => {
    const clock = new SimulatedClock();
    const memory: PbxMemory = { store: 7, first: 1, next: 1, records: new Map() };
    const kept = new Kept();
    let write: (bytes: Uint8Array) => void = () => undefined;
    let sentBytes = 0;
    const pbx = new TestPbx({ clock, profile, memory, boot: 1, port: { write: (bytes) => write(bytes) } });
    const downs: string[] = [];
    const link = new KtsLink({
      clock,
      random: randomOf(6),
      profile,
      records: kept,
      open: async () => {
        const [host, far] = line({ clock, baudRate: BAUD });
        far.on('data', (bytes: Uint8Array) => pbx.hear(bytes));
        write = (bytes) => {
          sentBytes += bytes.length;
          far.write(bytes);
        };
        return host.asTransport();
      },
      sink: { down: (reason) => downs.push(reason) },
    });
    link.start();
    let made = 0;
    for (let ms = 0; ms < TEN_MINUTES_MS; ms += 250) {
      while (memory.records.size < 40) {
        pbx.record();
        made += 1;
      }
      await clock.tick(250);
    }
    expect(downs).toEqual([]);
    for (let step = 0; step < 400 && memory.records.size > 0; step += 1) await clock.tick(100);
    await link.stop();
    pbx.powerOff();
    expect(kept.records.map(({ record }) => record)).toEqual(Array.from({ length: made }, (_, at) => at + 1));
    // The line had no second of rest to speak of.
    expect(sentBytes / ((TEN_MINUTES_MS / 1_000) * (BAUD / 10))).toBeGreaterThan(0.6);
  });
});

const COLUMNS = [
  'start',
  'duration',
  'ring',
  'extension',
  'line',
  'direction',
  'number',
  'accountCode',
  'cost',
  'recordNo',
] as const;
const OPTIONS: Readonly<Partial<Record<string, SmdrOptions>>> = {
  'generic-csv': {
    table: {
      columns: [...COLUMNS],
      directions: { out: ['O', 'out'], in: ['I', 'in'], internal: ['internal', 'X', 'int'] },
    },
  },
};

describe.each(SMDR_FORMATS)('smdr %s', (format) => {
  test('9600 Bd, ten virtual minutes, the cable pulled once: every record once and in order', {
    timeout: 180_000,
  }, async () => {
    const clock = new SimulatedClock();
    const month = monthOfCalls({ seed: 3, calls: 12_000, extensions: 64, lines: 16, traits: 'plain' });
    const feed = new SmdrFeed(new SmdrPrinter(format), month, { replay: 20 });
    const read: SmdrRecord[] = [];
    let say: (text: string) => void = () => undefined;
    let pull: () => void = () => undefined;
    const intake = openSmdrIntake({
      clock,
      random: randomOf(2),
      format,
      ...(OPTIONS[format] === undefined ? {} : { settings: OPTIONS[format] }),
      timeZone: 'UTC',
      open: async () => {
        const [host, far] = line({ clock, baudRate: BAUD });
        say = (text) => void far.write(Buffer.from(text, 'latin1'));
        pull = () => host.destroy();
        return host.asTransport();
      },
      sink: { records: (records) => void read.push(...records) },
    });
    intake.start();
    await clock.tick(1);
    say(feed.reopen(0));
    const printed: string[] = [];
    let isPulled = false;
    const endMs = clock.nowMs() + TEN_MINUTES_MS;
    while (clock.nowMs() < endMs) {
      let text = '';
      while (text.length < BAUD / 10) {
        const piece = feed.take();
        if (piece === undefined) break;
        text += piece.text;
        printed.push(piece.record.text.trimEnd());
      }
      if (text === '') break;
      say(text);
      await clock.tick((text.length * 10_000) / BAUD);
      if (isPulled || clock.nowMs() < endMs - TEN_MINUTES_MS / 2) continue;
      isPulled = true;
      pull();
      await clock.tick(20_000);
      const again = feed.reopen(0);
      say(again);
      await clock.tick((again.length * 10_000) / BAUD);
    }
    await clock.tick(5_000);
    await intake.stop();
    expect(intake.counts).toMatchObject({ unreadable: 0, connections: 2 });
    // Of the twenty that are told again those count that were read before; the line held a second of them.
    expect(intake.counts.repeats).toBeGreaterThan(2);
    expect(intake.counts.bytes).toBeGreaterThan(500_000);
    expect(read.map(({ raw }) => raw.trimEnd())).toEqual(printed);
  });
});
