import { expect, it } from 'vitest';
import { fuzz } from './run.js';
import type { Fed, FuzzSubject } from './subject.js';

const subject = (feed: (input: Uint8Array) => Fed): FuzzSubject => ({
  about: 'planted',
  corpus: [Buffer.from('a frame'), Buffer.from('another frame')],
  dictionary: [Buffer.from('\n')],
  leastMapped: 0.5,
  covers: new URL('.', import.meta.url),
  feed,
});
const GOOD: Fed = { mapped: true, frames: 1 };
const asked = { count: 2_000, seed: 1 };

it('finds nothing wrong with one that reads and forgets', async () => {
  const { faults, failed, wrong, frames, mapped } = await fuzz(
    subject((input) => ({ ...GOOD, kept: [...input] })),
    asked,
  );
  expect({ faults, failed, wrong, frames, mapped }).toEqual({
    faults: [],
    failed: 0,
    wrong: [],
    frames: 2_000,
    mapped: 1,
  });
});

it('finds one that keeps what it reads, however much garbage there is', async () => {
  const kept: Buffer[] = [];
  const { failed, wrong } = await fuzz(
    subject(() => {
      kept.push(Buffer.alloc(64 << 10));
      return GOOD;
    }),
    asked,
  );
  expect(failed).toBe(0);
  // 62.5 MiB; beside it the heap was seen to change by up to 1.4 MiB (84 measurements on a busy machine).
  expect(wrong).toEqual([expect.stringMatching(/^grew by 6[0-5] MiB$/)]);
});

it('finds one that throws and says at which inputs, the same ones each time', async () => {
  const throws = subject((input) => {
    if (input.includes(0)) throw new RangeError('a zero byte');
    return GOOD;
  });
  const first = await fuzz(throws, asked);
  expect(first.failed).toBeGreaterThan(5);
  expect(first.faults).toHaveLength(5);
  expect(first.faults[0]?.what).toContain('a zero byte');
  expect((await fuzz(throws, asked)).faults.map(({ input }) => input)).toEqual(first.faults.map(({ input }) => input));
});

it('finds that too little comes behind the framing', async () => {
  let n = 0;
  const { wrong } = await fuzz(
    subject(() => ({ ...GOOD, mapped: n++ % 4 === 0 })),
    asked,
  );
  expect(wrong).toEqual(['only 25.0 % came behind the framing']);
});
