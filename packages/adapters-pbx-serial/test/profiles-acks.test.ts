import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { describe, expect, test } from 'vitest';
import { type CdrStore, KtsLink } from '../src/link/index.js';
import { KTS_ASCII, KTS_BIN, type KtsProfile } from '../src/profile/index.js';
import type { MessageOf } from '../src/wire/index.js';
import { type Fault, line, randomOf } from './kts/line.js';
import { type PbxMemory, TestPbx } from './kts/pbx.js';

class Kept implements CdrStore {
  readonly records: MessageOf<'cdr'>[] = [];
  async position(store: number): Promise<number | undefined> {
    return this.records.findLast((record) => record.store === store)?.record;
  }
  async keep(records: readonly MessageOf<'cdr'>[]): Promise<void> {
    this.records.push(...records);
  }
}

const isAck = (profile: KtsProfile, bytes: Uint8Array): boolean => {
  let found = false;
  profile.createDecoder().push(bytes, (frame) => {
    const { message } = frame as { readonly message?: { readonly type: string } };
    if (message?.type === 'ack') found = true;
  });
  return found;
};

/** What a line does to acknowledgements and to frames. Hotel and NEC links have theirs in hotel-link and nec-shenou. */
const FAULTS: Readonly<Record<string, (profile: KtsProfile, random: () => number) => Fault>> = {
  'half of the acknowledgements are lost': (profile, random) => (bytes) =>
    isAck(profile, bytes) && random() < 0.5 ? new Uint8Array() : bytes,
  'every acknowledgement comes twice': (profile) => (bytes) =>
    isAck(profile, bytes) ? Uint8Array.from(Buffer.concat([bytes, bytes])) : bytes,
  'every frame comes twice': () => (bytes) => Uint8Array.from(Buffer.concat([bytes, bytes])),
  'a fifth of the frames are lost': (_profile, random) => (bytes) => (random() < 0.2 ? new Uint8Array() : bytes),
  'a fifth of the frames have a flipped bit': (_profile, random) => (bytes) => {
    if (random() >= 0.2) return bytes;
    const flipped = Uint8Array.from(bytes);
    const at = Math.floor(random() * bytes.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return flipped;
  },
};

describe.each([KTS_BIN, KTS_ASCII].map((profile) => [profile.id, profile] as const))('%s', (_id, profile) => {
  test.each(Object.entries(FAULTS))('every record once and in order where %s', async (_what, make) => {
    const clock = new SimulatedClock();
    const memory: PbxMemory = { store: 7, first: 1, next: 1, records: new Map() };
    const kept = new Kept();
    const fault = make(profile, randomOf(5));
    let write: (bytes: Uint8Array) => void = () => undefined;
    const pbx = new TestPbx({ clock, profile, memory, boot: 1, port: { write: (bytes) => write(bytes) } });
    const link = new KtsLink({
      clock,
      random: randomOf(6),
      profile,
      records: kept,
      open: async () => {
        const [host, far] = line({ clock, fault });
        far.on('data', (bytes: Uint8Array) => pbx.hear(bytes));
        write = (bytes) => void far.write(bytes);
        return host.asTransport();
      },
      sink: {},
    });
    link.start();
    for (let told = 0; told < 60; told += 1) {
      pbx.record();
      for (let step = 0; step < 5; step += 1) await clock.tick(100);
    }
    for (let step = 0; step < 1_200 && memory.records.size > 0; step += 1) await clock.tick(100);
    await link.stop();
    pbx.powerOff();
    expect(kept.records.map(({ record }) => record)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
    // The PBX forgets what was acknowledged, and only that.
    expect(memory.records.size).toBe(0);
  });
});
