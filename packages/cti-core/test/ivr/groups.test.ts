import { describe, expect, test } from 'vitest';
import type { IvrNode } from '../../src/contract/index.js';
import { Caller, graphOf, prompt } from './caller.js';

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
