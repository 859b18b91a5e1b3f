import { describe, expect, test } from 'vitest';
import type { IvrNode } from '../../src/contract/index.js';
import { Caller, graphOf, prompt } from './caller.js';

describe('queue and transfer', () => {
  const flow = graphOf({
    start: {
      type: 'queue',
      queue: 'sales',
      say: prompt('hello'),
      overflow: 'over',
      full: 'packed',
      returned: 'survey',
    },
    over: { type: 'return', result: 'over' },
    packed: { type: 'return', result: 'full' },
    survey: { type: 'return', result: 'back' },
  });

  test('a queue is joined after its announcement; each result has its edge', () => {
    for (const [result, end] of [
      ['overflow', 'over'],
      ['full', 'full'],
      ['returned', 'back'],
    ] as const) {
      const caller = new Caller(flow);
      expect(caller.did).toEqual(['collect start', 'at start', 'play zh/hello']);
      expect(caller.hearsOut().did).toEqual(['collect stop', 'enqueue sales']);
      expect(caller.presses('1').did).toEqual([]);
      expect(caller.gets({ type: 'queueResult', result }).did.at(-1)).toBe(`end return ${end}`);
    }
  });

  test('a full queue without an edge of its own overflows; a return without one ends', () => {
    const plain = graphOf({
      start: { type: 'queue', queue: 'sales', overflow: 'over' },
      over: { type: 'return', result: 'over' },
    });
    expect(new Caller(plain).gets({ type: 'queueResult', result: 'full' }).did.at(-1)).toBe('end return over');
    expect(new Caller(plain).gets({ type: 'queueResult', result: 'returned' }).did.at(-1)).toBe('end end');
  });

  test.each(['busy', 'noAnswer', 'failed'] as const)(
    'a transfer that is %s says so and leaves by that edge',
    (result) => {
      const caller = new Caller(
        graphOf({
          start: {
            type: 'transfer',
            to: { kind: 'extension', number: '8001' },
            failedSay: prompt('sorry'),
            busy: 'busy',
            noAnswer: 'noAnswer',
            failed: 'failed',
          },
          busy: { type: 'return', result: 'busy' },
          noAnswer: { type: 'return', result: 'noAnswer' },
          failed: { type: 'return', result: 'failed' },
        }),
      );
      expect(caller.did.slice(2)).toEqual(['collect stop', 'transfer extension 8001']);
      expect(caller.gets({ type: 'transferResult', result }).did).toEqual(['collect start', 'play zh/sorry']);
      expect(caller.hearsOut().did.at(-1)).toBe(`end return ${result}`);
    },
  );

  test.each([
    ['8001', 'transfer extension 8001'],
    ['13912345678', 'end return failed'],
    ['00900123456789', 'end return failed'],
    ['110', 'end return failed'],
    ['', 'end return failed'],
    ['nobody', 'end return failed'],
  ])('a variable that holds %j', (number, did) => {
    const caller = new Caller(
      graphOf({
        start: { type: 'set', assign: { goal: number }, next: 'go' },
        go: { type: 'transfer', to: { kind: 'variable', variable: 'goal' }, busy: 'no', noAnswer: 'no', failed: 'no' },
        no: { type: 'return', result: 'failed' },
      }),
    );
    expect(caller.did.at(-1)).toBe(did);
  });
});

test.each([
  ['8001', 'transfer extension 8001'],
  ['13912345678', 'transfer outside 13912345678'],
  ['110', 'end return failed'],
])('a variable that may hold an outside number and holds %j', (number, did) => {
  const to = { kind: 'variable', variable: 'goal', outside: 'allowed' } as const;
  const caller = new Caller(
    graphOf({
      start: { type: 'set', assign: { goal: number }, next: 'go' },
      go: { type: 'transfer', to, busy: 'no', noAnswer: 'no', failed: 'no' },
      no: { type: 'return', result: 'failed' },
    }),
  );
  expect(caller.did.at(-1)).toBe(did);
});

const ends: Record<string, IvrNode> = Object.fromEntries(
  ['busy', 'noAnswer', 'failed', 'timeout'].map((result) => [result, { type: 'return', result }]),
);

describe('groups of phones', () => {
  test('a transfer to a group', () => {
    const to = { kind: 'group', group: 'desk' } as const;
    const caller = new Caller(
      graphOf({
        start: { type: 'transfer', to, ringTimeoutMs: 15_000, busy: 'busy', noAnswer: 'noAnswer', failed: 'failed' },
        ...ends,
      }),
    );
    expect(caller.actions.at(-1)).toEqual({ type: 'transfer', to, ringTimeoutMs: 15_000 });
    expect(caller.gets({ type: 'transferResult', result: 'noAnswer' }).did.at(-1)).toBe('end return noAnswer');
  });

  const desk = (more: Partial<Extract<IvrNode, { type: 'orderDesk' }>> = {}): Caller =>
    new Caller(
      graphOf({
        start: {
          type: 'orderDesk',
          group: 'orders',
          say: prompt('hello'),
          timeout: 'timeout',
          failed: 'failed',
          ...more,
        },
        ...ends,
      }),
    );

  test('the order desk rings again and again for ten minutes, or as long as it says', () => {
    const caller = desk();
    expect(caller.did.at(-1)).toBe('play zh/hello');
    expect(caller.hearsOut().did).toEqual(['collect stop', 'transfer group orders 600000']);
    expect(desk({ maxMs: 30_000 }).hearsOut().did.at(-1)).toBe('transfer group orders 30000');
    expect(desk({ say: [] }).did.at(-1)).toBe('transfer group orders 600000');
  });

  test.each([
    ['noAnswer', 'timeout'],
    ['busy', 'timeout'],
    ['failed', 'failed'],
  ] as const)('%s leads to %s', (result, end) => {
    expect(desk().hearsOut().gets({ type: 'transferResult', result }).did).toEqual([
      'collect start',
      `at ${end}`,
      'collect stop',
      `end return ${end}`,
    ]);
  });

  test('after an outage nobody is rung again', () => {
    expect(desk().hearsOut().gets({ type: 'reenter' }).did.at(-1)).toBe('end return failed');
  });
});

test('a failed transfer whose announcement was cut by an outage says it again and dials nobody', () => {
  const caller = new Caller(
    graphOf({
      start: {
        type: 'transfer',
        to: { kind: 'extension', number: '8001' },
        failedSay: prompt('sorry'),
        busy: 'busy',
        noAnswer: 'noAnswer',
        failed: 'failed',
      },
      ...ends,
    }),
  ).gets({ type: 'transferResult', result: 'busy' });
  expect(caller.gets({ type: 'reenter' }).did).toEqual(['collect start', 'play zh/sorry']);
  expect(caller.hearsOut().did.at(-1)).toBe('end return busy');
});
