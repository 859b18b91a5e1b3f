import { bytesRead, readBurst, type UartSettings } from '@cordboard/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf } from './kts/line.js';
import { SUBJECTS, type Subject } from './profiles-subjects.js';

const joined = (pieces: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(pieces));
const toldBy = ({ frames }: Subject): string[] => frames.map(({ told }) => told);

/** What is wrong with a reader; the planted ones below must be found by it. */
const ways: Readonly<Record<string, (subject: Subject) => string | undefined>> = {
  'every frame cut at every offset'(subject) {
    const all = joined(subject.frames.map(({ bytes }) => bytes));
    const want = toldBy(subject).join();
    for (let at = 0; at <= all.length; at += 1) {
      const reader = subject.reader();
      if ([...reader.push(all.slice(0, at)), ...reader.push(all.slice(at))].join() !== want) return `cut at ${at}`;
    }
    const reader = subject.reader();
    const bytewise = [...all].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    return bytewise.join() === want ? undefined : 'byte by byte';
  },

  'garbage between frames'(subject) {
    const want = toldBy(subject);
    const { failed, counterexample } = fc.check(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 80 }), { minLength: want.length, maxLength: want.length }),
        (rubbish) => {
          const reader = subject.reader();
          const told: string[] = [];
          for (const [index, { bytes }] of subject.frames.entries()) {
            told.push(...reader.push(rubbish[index] ?? new Uint8Array()));
            told.push(...reader.push(Buffer.from(subject.boundary)), ...reader.silence());
            told.push(...reader.push(bytes));
          }
          return told.join() === want.join();
        },
      ),
      { numRuns: 60, seed: 41 },
    );
    return failed ? JSON.stringify(counterexample) : undefined;
  },

  'every bit flipped'(subject) {
    const [first, second] = subject.frames;
    if (first === undefined || second === undefined) return 'no frames';
    let [wrong, flips] = [0, 0];
    for (let bit = 0; bit < first.bytes.length * 8; bit += 1) {
      const flipped = Uint8Array.from(first.bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const reader = subject.reader();
      const told = [...reader.push(flipped), ...reader.push(Buffer.from(subject.boundary)), ...reader.silence()];
      flips += 1;
      // A flip that changes nothing (case of a check's letters, the eighth of seven bits) may be delivered as what it is.
      if (told.some((one) => one !== first.told)) wrong += 1;
      if (reader.push(second.bytes).at(-1) !== second.told) return `bit ${bit} costs the next frame`;
    }
    if (subject.guard === 'check') return wrong === 0 ? undefined : `${wrong} wrong messages`;
    // Of the eight flips of a digit three give another digit; a text of letters without a check, as FIAS on TCP, may be anything.
    return wrong / flips < (subject.boundary === '' ? 0.75 : 0.6) ? undefined : `${wrong} of ${flips} not seen`;
  },

  'ten seconds of random bytes'(subject) {
    const random = randomOf(77);
    const count = (subject.serial.baudRate / 10) * 10;
    for (let run = 0; run < 4; run += 1) {
      const reader = subject.reader();
      const told = reader.push(Uint8Array.from({ length: count }, () => Math.floor(random() * 256)));
      told.push(...reader.silence());
      if (told.length > 0) return told[0];
    }
    return undefined;
  },

  'ten seconds at the wrong speed'(subject) {
    const { serial } = subject;
    const all = joined(subject.frames.map(({ bytes }) => bytes));
    const known = new Set(toldBy(subject));
    for (const ratio of [1 / 8, 1 / 4, 1 / 2, 2, 4, 8]) {
      const sent: UartSettings = { ...serial, baudRate: serial.baudRate * ratio };
      const rounds = Math.ceil((sent.baudRate * 10) / 10 / all.length);
      const reader = subject.reader();
      for (let round = 0; round < Math.min(rounds, 40); round += 1) {
        const read = bytesRead(readBurst(all, { sent, read: serial }, { gapBits: round % 5, phase: (round % 8) / 8 }));
        const told = [...reader.push(read), ...reader.silence()];
        if (told.length > 0) return `${ratio}: ${told[0]} ${known.has(told[0] ?? '') ? 'by chance' : ''}`;
      }
    }
    return undefined;
  },

  'a restart in the middle of every frame'(subject) {
    const [first, second, third = second] = subject.frames;
    if (first === undefined || second === undefined || third === undefined) return 'no frames';
    for (let at = 0; at < first.bytes.length; at += 1) {
      const reader = subject.reader();
      const told = [...reader.push(first.bytes.slice(0, at)), ...reader.reopen()];
      told.push(...reader.push(joined([second.bytes, third.bytes])));
      const want = subject.afterReopen === 'doubted' ? [third.told] : [second.told, third.told];
      const whole = [first.told, ...want];
      if (told.join() !== want.join() && told.join() !== whole.join()) return `cut at ${at}: ${told.join(' | ')}`;
      // What lacks nothing but its end of line may be delivered, and nothing shorter.
      if (told.length === whole.length && at < first.bytes.length - subject.boundary.length)
        return `half a frame at ${at}`;
    }
    return undefined;
  },
};

describe.each(SUBJECTS.map((subject) => [subject.name, subject] as const))('%s', (_name, subject) => {
  test.each(Object.entries(ways))('%s', (_what, way) => {
    expect(way(subject)).toBeUndefined();
  });
});

/** Readers that are wrong in one way. */
const planted: Readonly<Record<string, (subject: Subject) => Subject>> = {
  'forgets between pieces': (subject) => ({
    ...subject,
    reader: () => ({ push: (bytes) => subject.reader().push(bytes), silence: () => [], reopen: () => [] }),
  }),
  'delivers twice': (subject) => ({
    ...subject,
    reader() {
      const reader = subject.reader();
      return { ...reader, push: (bytes) => reader.push(bytes).flatMap((one) => [one, one]) };
    },
  }),
  'takes anything for the first frame': (subject) => ({
    ...subject,
    reader() {
      const reader = subject.reader();
      return {
        ...reader,
        push: (bytes) => [...reader.push(bytes), ...(bytes.length > 500 ? [subject.frames[0]?.told ?? ''] : [])],
      };
    },
  }),
  'goes on with half a frame of the line before': (subject) => ({
    ...subject,
    reader: () => ({ ...subject.reader(), reopen: () => [] }),
  }),
};

describe('planted defects', () => {
  test.each(Object.entries(planted))('a reader that %s is found out in every profile', (_what, plant) => {
    // Frames that say where they begin need no end of the one before.
    const subjects =
      plant === planted['goes on with half a frame of the line before']
        ? SUBJECTS.filter(({ name }) => name.startsWith('smdr'))
        : SUBJECTS;
    const missed = subjects.filter((subject) => Object.values(ways).every((way) => way(plant(subject)) === undefined));
    expect(missed.map(({ name }) => name)).toEqual([]);
  });
});
