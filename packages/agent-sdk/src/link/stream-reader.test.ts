import { asId, type PublishedEvent, type StreamId, type StreamSnapshot, type SwitchId } from '@cordboard/cti-core';
import type { EventItem } from '@cordboard/cti-protocol/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StreamReader } from './stream-reader.js';

const event = (seq: number): PublishedEvent => ({ type: 'link', switchId: asId<SwitchId>(`s${seq}`), state: 'up' });
const item = (seq: number): EventItem => ({ seq, atWallMs: 0, event: event(seq) });
const board: StreamSnapshot = { kind: 'board', agents: [], queues: [], calls: [] };

test('whatever is repeated, cut or left out, each event comes through once and in order', () => {
  const frames = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 8 })), { maxLength: 60 });
  fc.assert(
    fc.property(frames, fc.integer({ min: 0, max: 10 }), (pieces, start) => {
      const seen: number[] = [];
      const reader = new StreamReader(asId<StreamId>('board'), {
        reset: () => undefined,
        event: (told) => seen.push(told.type === 'link' ? Number(told.switchId.slice(1)) : -1),
      });
      expect(reader.events([item(1)])).toEqual({ outcome: 'hole' });
      reader.reset({ epoch: 'e', seq: start }, board);
      for (const [from, length] of pieces) {
        const before = reader.cursor?.seq ?? 0;
        const outcome = reader.events(Array.from({ length }, (_, index) => item(from + index)));
        const reachable = from <= before + 1 || length === 0;
        expect(outcome.outcome).toBe(reachable ? 'read' : 'hole');
      }
      expect(seen).toEqual(seen.map((_, index) => start + 1 + index));
      expect(reader.cursor?.seq).toBe(start + seen.length);
    }),
  );
});

test('events that cannot be read keep their place and are counted', () => {
  const seen: string[] = [];
  const reader = new StreamReader(asId<StreamId>('board'), {
    reset: () => undefined,
    event: (told) => seen.push(told.type),
  });
  reader.reset({ epoch: 'e', seq: 0 }, board);
  const strange = { seq: 1, atWallMs: 0, event: { type: 'hologram' } } as unknown as EventItem;
  const broken = { seq: 2, atWallMs: 0, event: { type: 'call', call: {} } } as unknown as EventItem;
  expect(reader.events([strange, broken, item(3)])).toEqual({ outcome: 'read', ignored: 2 });
  expect(seen).toEqual(['link']);
});
