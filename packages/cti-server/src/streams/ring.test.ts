import { asId, type PublishedEvent } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { EventText } from './event-text.js';
import { EventRing } from './ring.js';

const event: PublishedEvent = { type: 'callEnded', callId: asId('c1'), end: { cause: 'normalClearing' } };
const item = (seq: number) => ({ seq, atWallMs: seq, text: new EventText(event) });
const seqs = (ring: EventRing, from: number) => ring.after(from)?.map(({ seq }) => seq);

test('gives what came after a place, and nothing where some of it is gone or the place was never reached', () => {
  const ring = new EventRing(3);
  expect([ring.lastSeq, seqs(ring, 0)]).toEqual([0, undefined]);
  for (const seq of [5, 6, 7]) ring.push(item(seq));
  expect([seqs(ring, 3), seqs(ring, 4), seqs(ring, 6), seqs(ring, 7), seqs(ring, 8)]).toEqual([
    undefined,
    [5, 6, 7],
    [7],
    [],
    undefined,
  ]);
});

test('keeps at least as many as it is made for, and less than twice as many', () => {
  const ring = new EventRing(3);
  for (let seq = 1; seq <= 20; seq += 1) {
    ring.push(item(seq));
    const kept = Array.from({ length: 20 }, (_, from) => seqs(ring, from)?.length ?? 0);
    expect(Math.max(...kept)).toBeGreaterThanOrEqual(Math.min(seq, 3));
    expect(Math.max(...kept)).toBeLessThan(6);
  }
});

test('with a hole in the numbers gives nothing over it', () => {
  const ring = new EventRing(10);
  for (const seq of [1, 2, 4, 5]) ring.push(item(seq));
  expect([seqs(ring, 2), seqs(ring, 3)]).toEqual([undefined, [4, 5]]);
});
