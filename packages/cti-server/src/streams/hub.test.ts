import { asId, type CallView, type PublishedEvent, type StreamId } from '@cordboard/cti-core';
import type { MaskClass } from '@cordboard/cti-protocol/types';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { describe, expect, test } from 'vitest';
import { readServerConfig } from '../config/read.js';
import type { Bundle } from './bundle.js';
import { GATHER_MS, type Outlet, StreamHub, type StreamReader } from './hub.js';
import { Masker } from './masker.js';
import { References } from './references.js';

const BOARD = asId<StreamId>('board');
const QUEUE = asId<StreamId>('queue:support');
const ANN = asId<StreamId>('agent:ann');

interface Events {
  readonly stream: string;
  readonly items: readonly { readonly seq: number; readonly event: PublishedEvent }[];
}

/** The texts of frames that stand one after the other in what was written. */
function textsOf(written: Buffer): Events[] {
  const texts: Events[] = [];
  for (let at = 0; at < written.length; ) {
    const short = written[at + 1] ?? 0;
    const [head, length] =
      short < 126 ? [2, short] : short === 126 ? [4, written.readUInt16BE(at + 2)] : [10, written.readUInt32BE(at + 6)];
    texts.push(JSON.parse(written.toString('utf8', at + head, at + head + length)) as Events);
    at += head + length;
  }
  return texts;
}

/** A client's page: notes each write to it. */
class Page implements Outlet {
  readonly writes: Buffer[] = [];
  #taken: Bundle | undefined = undefined;

  release(): void {
    if (this.#taken !== undefined) this.writes.push(this.#taken.whole);
    this.#taken = undefined;
  }

  reader(maskClass: MaskClass): StreamReader {
    return {
      maskClass,
      take: (frame, _seq, due) => {
        this.#taken = this.#taken === undefined ? frame : this.#taken.with(frame);
        due.push(this);
      },
    };
  }

  get frames(): Events[] {
    return this.writes.flatMap(textsOf);
  }
}

function begin() {
  const { tenant } = readServerConfig({ switches: { main: () => undefined }, dialPlan: { countryCode: '86' } });
  const masker = new Masker(tenant, new References(new Uint8Array(32), 'main'));
  const clock = new SimulatedClock(0);
  const hub = new StreamHub(masker, { pace: clock });
  const seqs = new Map<StreamId, number>();
  const page = (maskClass: MaskClass, ...streams: readonly StreamId[]): Page => {
    const made = new Page();
    for (const stream of streams) hub.add(stream, made.reader(maskClass));
    return made;
  };
  const publish = (event: PublishedEvent, ...streams: readonly StreamId[]): void => {
    for (const stream of streams) {
      const seq = (seqs.get(stream) ?? 0) + 1;
      seqs.set(stream, seq);
      hub.publish(stream, { seq, atWallMs: 7, event });
    }
  };
  return { hub, masker, clock, page, publish, tenant };
}

const call = (text: string, name = '王小明'): PublishedEvent => {
  const caller = { raw: text, e164: `+86${text}`, display: text, presentation: 'allowed' } as const;
  const view: CallView = {
    callId: asId('c1'),
    aliases: [],
    direction: 'inbound',
    calling: caller,
    called: { raw: '4008001000', display: '4008001000', presentation: 'allowed' },
    startedWallMs: 1,
    ivrPath: [],
    data: { note: `asked for ${text}` },
    match: { decision: 'one', customers: [{ id: '7', name }] },
    connections: [],
    recordings: [],
  };
  return { type: 'call', change: 'held', call: view };
};

describe('frames of a turn', () => {
  test('of the same streams and rights are one and the same bytes in one write', () => {
    const { hub, page, publish } = begin();
    const pages = [1, 2, 3].map(() => page('clear', QUEUE, BOARD));
    const masked = page('masked', QUEUE, BOARD);
    publish(call('13900001111'), QUEUE, BOARD);
    publish(call('13900002222'), BOARD);
    hub.settle();
    for (const { writes } of pages) {
      expect(writes).toHaveLength(1);
      expect(writes[0]).toBe(pages[0]?.writes[0]);
    }
    expect(pages[0]?.frames.map(({ stream, items }) => [stream, items.map(({ seq }) => seq)])).toEqual([
      ['queue:support', [1]],
      ['board', [1, 2]],
    ]);
    expect(masked.writes).toHaveLength(1);
    expect(masked.writes[0]?.toString()).not.toMatch(/0000(?:1111|2222)/u);
  });

  test('hold texts of any length and script', () => {
    const { hub, page, publish } = begin();
    const one = page('clear', ANN);
    for (const length of [1, 100, 30_000]) publish(call('13900001111', '王'.repeat(length)), ANN);
    hub.settle();
    const names = one.frames.flatMap(({ items }) =>
      items.map(({ event }) => (event.type === 'call' ? event.call.match?.customers[0]?.name.length : 0)),
    );
    expect(names).toEqual([1, 100, 30_000]);
  });
});

describe('on a busy floor', () => {
  test("boards and queues are gathered into one write, in order; an agent's own never waits", () => {
    const { hub, clock, page, publish } = begin();
    const board = page('clear', QUEUE, BOARD);
    const ann = page('clear', ANN);
    for (let turn = 0; turn < 4; turn += 1) {
      publish(call('13900001111'), QUEUE, BOARD, ANN);
      hub.settle();
      expect(ann.writes).toHaveLength(turn + 1);
    }
    expect(board.writes).toHaveLength(1);
    clock.advance(GATHER_MS - 1);
    expect(board.writes).toHaveLength(1);
    clock.advance(1);
    expect(board.writes).toHaveLength(2);
    expect(board.frames.filter(({ stream }) => stream === 'board').map(({ items }) => items[0]?.seq)).toEqual([
      1, 2, 3, 4,
    ]);
    clock.advance(GATHER_MS);
    publish(call('13900001111'), BOARD);
    hub.settle();
    expect(board.writes).toHaveLength(3);
  });

  test('nothing is left unwritten when the hub is closed', () => {
    const { hub, clock, page, publish } = begin();
    const board = page('clear', BOARD);
    for (let turn = 0; turn < 3; turn += 1) {
      publish(call('13900001111'), BOARD);
      hub.settle();
    }
    hub.close();
    expect(board.frames.flatMap(({ items }) => items.map(({ seq }) => seq))).toEqual([1, 2, 3]);
    clock.advance(GATHER_MS * 2);
    hub.close();
    expect(board.writes).toHaveLength(2);
  });
});

describe('events for those who come back', () => {
  const events = (frames: readonly Buffer[] | undefined): unknown[] =>
    (frames ?? []).flatMap(textsOf).flatMap(({ items }) => items);

  for (const maskClass of ['clear', 'masked', 'hidden'] as const) {
    test(`are what those who stayed were told, mask class ${maskClass}`, () => {
      const { hub, page, publish } = begin();
      const stayed = page(maskClass, BOARD);
      for (let index = 0; index < 450; index += 1) {
        publish(call(`139000${10_000 + index}`), BOARD);
        if (index % 7 === 0) hub.settle();
      }
      hub.settle();
      hub.close();
      const told = stayed.frames.flatMap(({ items }) => items);
      expect(told).toHaveLength(450);
      for (const from of [0, 1, 200, 449]) {
        expect(events(hub.after(BOARD, from, maskClass)?.frames)).toEqual(told.slice(from));
      }
      expect(hub.after(BOARD, 451, maskClass)).toBeUndefined();
    });
  }

  test('are also those of an earlier run, which nobody is told anew', () => {
    const { hub, page } = begin();
    for (const seq of [1, 2]) hub.recall(QUEUE, { seq, atWallMs: seq, event: call(`1390000${seq}`) });
    const stayed = page('clear', QUEUE);
    hub.settle();
    hub.recall(BOARD, { seq: 7, atWallMs: 7, event: call('13900007') });
    expect(stayed.writes).toEqual([]);
    hub.publish(QUEUE, { seq: 3, atWallMs: 3, event: call('13900003') });
    hub.settle();
    expect(stayed.frames.flatMap(({ items }) => items.map(({ seq }) => seq))).toEqual([3]);
    const seqs = (id: StreamId, from: number) =>
      hub
        .after(id, from, 'clear')
        ?.frames.flatMap(textsOf)
        .flatMap(({ items }) => items.map(({ seq }) => seq));
    expect([seqs(QUEUE, 0), seqs(QUEUE, 2), seqs(BOARD, 6), seqs(BOARD, 5)]).toEqual([[1, 2, 3], [3], [7], undefined]);
  });

  test('follow a changed configuration: what became internal is shown', () => {
    const { hub, masker, publish, tenant } = begin();
    publish(call('61234'), BOARD);
    hub.settle();
    const shown = (): string => String(hub.after(BOARD, 0, 'masked')?.frames[0]);
    expect(shown()).not.toContain('"raw":"61234"');
    const internal = [{ from: '60000', to: '69999' }];
    masker.configure({ ...tenant, dialPlan: { ...tenant.dialPlan, internal } });
    expect(shown()).toContain('"raw":"61234"');
  });
});
