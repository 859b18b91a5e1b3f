import {
  asId,
  type CallId,
  type ConnectionId,
  type DriverEvent,
  type LinkId,
  type SwitchId,
} from '@cordboard/cti-core';
import { LawChecker } from '@cordboard/driver-kit/conformance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXT_STATES, type KtsMessage, LINE_STATES } from '../wire/kts/index.js';
import { Board } from './board.js';
import { BoardView } from './board-view.js';
import { Calls } from './calls.js';
import { Devices } from './devices.js';
import { resync, snapshotOf } from './resync.js';

const SWITCH = asId<SwitchId>('m');
const EXTS = ['801', '802', '803', '804'];
const LINES = [1, 2, 3];

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined, freq: 2 });
const fields = {
  call: maybe(fc.integer({ min: 1, max: 4 })),
  peer: maybe(fc.constantFrom(...EXTS, '')),
  number: maybe(fc.constantFrom('139', '138', '', '.', '801')),
  dir: maybe(fc.constantFrom('in', 'out', 'internal', '#9')),
  end: maybe(fc.constantFrom('unknown', 'normal', 'busy', 'transferred', 'abandoned', 'noanswer', '#12')),
};
const ext = fc.constantFrom(...EXTS);
const line = fc.constantFrom(...LINES);
const told = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('extState'),
      ext,
      extState: fc.constantFrom(...EXT_STATES, '#40'),
      line: maybe(line),
      ...fields,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('lineState'),
      line,
      lineState: fc.constantFrom(...LINE_STATES, '#40'),
      ...fields,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('parkState'),
      slot: fc.constantFrom(1, 2),
      parkState: fc.constantFrom('free', 'taken', '#4'),
      call: fields.call,
      line: maybe(line),
      peer: maybe(ext),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('callerId'),
      line,
      presentation: fc.constantFrom('number', 'withheld', '#3'),
      call: fields.call,
      number: fields.number,
      nameBytes: maybe(fc.uint8Array({ maxLength: 8 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('digits'),
      ext,
      digits: fc.constantFrom('1', '9P12', 'F', '#'),
      call: fields.call,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('begun'), ext, call: fields.call }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('late') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('outage'), awayMs: fc.constantFrom(100, 100_000) }) },
);

const clean = (message: object): KtsMessage =>
  Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined)) as unknown as KtsMessage;

function bench(bend: (event: DriverEvent) => readonly DriverEvent[] = (event) => [event]) {
  const board = new Board();
  const laws = new LawChecker();
  const held = new Set<ConnectionId>();
  const faults: string[] = [];
  const linkId = asId<LinkId>('pbx');
  const tell = (told: DriverEvent): void => {
    for (const event of bend(told)) judge(event);
  };
  const judge = (event: DriverEvent): void => {
    laws.take(event);
    if (event.type === 'heldByDevice') {
      if (held.has(event.connectionId)) faults.push('held twice');
      held.add(event.connectionId);
    }
    if (event.type === 'retrievedByDevice' && !held.delete(event.connectionId)) faults.push('retrieved and not held');
    if (event.type === 'cleared') held.delete(event.connectionId);
  };
  const devices = new Devices({ switchId: SWITCH, lines: new Map() });
  const calls = new Calls({ switchId: SWITCH, devices, board: () => board, tell, epochOf: () => undefined });
  const view = new BoardView({ devices, calls, board: () => board, slots: 6 });
  calls.connections.boot = 1;
  const sync = (awayMs: number): void => {
    tell({ type: 'linkDown', linkId, reason: 'closed', capabilities: [] });
    calls.forgetDoubts();
    tell({ type: 'linkUp', linkId });
    resync(calls, { board, awayMs });
    const connections = snapshotOf(calls, devices);
    held.clear();
    for (const one of connections) if (one.heldByDevice !== undefined) held.add(one.connectionId);
    tell({ type: 'snapshot', snapshot: { connections, recordings: [], monitors: [], devices: view.all() } });
    tell({ type: 'linkSynced', linkId, capabilities: [] });
  };
  let ids = 0;
  const take = (step: { readonly type: string }): void => {
    if (step.type === 'late') return calls.endDoubts();
    if (step.type === 'outage') return sync((step as { awayMs?: number }).awayMs ?? 0);
    if (step.type === 'begun') {
      const { ext: at, call } = step as { ext?: string; call?: number };
      const connectionId = asId<ConnectionId>(`m~ours${++ids}`);
      return calls.begun({
        ext: at ?? '',
        connectionId,
        callId: asId<CallId>('c'),
        ...(call === undefined ? {} : { call: `c${call}` as const }),
      });
    }
    const message = clean(step);
    board.take(message);
    calls.take(message);
    view.show(message);
  };
  sync(0);
  return { take, calls, laws, faults };
}

/** Everybody lies down: what is left then is left for ever. */
function allIdle(): KtsMessage[] {
  return [
    ...EXTS.map((each) => ({ type: 'extState', ext: each, extState: 'idle', end: 'normal' }) as const),
    ...LINES.map((each) => ({ type: 'lineState', line: each, lineState: 'idle', end: 'normal' }) as const),
    ...EXTS.map((each) => ({ type: 'extState', ext: each, extState: 'idle', end: 'normal' }) as const),
  ];
}

/** @returns whether what was told is as it has to be */
function isSound(
  steps: readonly { readonly type: string }[],
  bend?: (event: DriverEvent) => readonly DriverEvent[],
): boolean {
  const { take, calls, laws, faults } = bench(bend);
  for (const step of [...steps, ...allIdle()]) take(step);
  calls.endDoubts();
  return laws.breaks.length === 0 && faults.length === 0 && calls.connections.size === 0;
}

const PLANTED: Readonly<Record<string, (event: DriverEvent) => readonly DriverEvent[]>> = {
  'that begin untold': (event) => (event.type === 'created' ? [] : [event]),
  'that end twice': (event) => (event.type === 'cleared' ? [event, event] : [event]),
  'that are answered twice': (event) => (event.type === 'connected' ? [event, event] : [event]),
  'that are held twice': (event) => (event.type === 'heldByDevice' ? [event, event] : [event]),
  'that nobody rings for': (event) => (event.type === 'connected' ? [{ ...event, type: 'alerting' }] : [event]),
};

describe('connections of whatever a PBX tells', () => {
  it('keep the laws, are bounded, and are gone when all is idle', () => {
    let events = 0;
    fc.assert(
      fc.property(fc.array(told, { maxLength: 60 }), (steps) => {
        const { take, calls, laws, faults } = bench();
        for (const step of steps) {
          take(step);
          expect(calls.connections.size).toBeLessThanOrEqual(60);
        }
        for (const message of allIdle()) take(message);
        calls.endDoubts();
        events += [...laws.reached.values()].reduce((sum, times) => sum + times, 0);
        expect({ breaks: laws.breaks, faults, left: calls.connections.all }).toEqual({
          breaks: [],
          faults: [],
          left: [],
        });
      }),
      { seed: 20_261_122, numRuns: Number(process.env.CORDBOARD_RUNS ?? 2_000) },
    );
    expect(events).toBeGreaterThan(30_000);
  }, 180_000);

  it.each(Object.entries(PLANTED))('are noticed when they are told as connections %s', (_, bend) => {
    const found = fc.check(
      fc.property(fc.array(told, { maxLength: 60 }), (steps) => isSound(steps, bend)),
      { seed: 1, numRuns: 200, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
