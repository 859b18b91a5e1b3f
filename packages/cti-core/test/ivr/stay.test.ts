import { describe, expect, test } from 'vitest';
import { asId, type IvrNode } from '../../src/contract/index.js';
import { Caller, graphOf, prompt } from './caller.js';

const menu = (keys: Record<string, string>): IvrNode => ({
  type: 'menu',
  say: prompt('menu'),
  keys,
  timeoutMs: 20_000,
  tries: 10,
  noInput: 'END',
  noMatch: 'END',
});
const bounds = { maxMs: 30_000 };

describe('the longest stay in a flow', () => {
  test('timers end no later than the stay, and then the flow is over', () => {
    const caller = new Caller(graphOf({ start: menu({}) }, { bounds }));
    expect(caller.later(4000).hearsOut().did).toEqual(['timer 20000']);
    expect(caller.later(20_000).waitsOut().did).toEqual(['play zh/menu']);
    expect(caller.later(4000).hearsOut().did).toEqual(['timer 2000']);
    expect(caller.later(2000).waitsOut().did).toEqual(['cancelTimer', 'collect stop', 'end end']);
    expect(caller.state.path.at(-1)).toBe('main/start!tooLong');
  });

  test('an announcement ends it when it is over, a key at once', () => {
    const spoken = new Caller(graphOf({ start: menu({}) }, { bounds }));
    expect(spoken.later(31_000).hearsOut().did).toEqual(['collect stop', 'end end']);
    const pressed = new Caller(graphOf({ start: menu({ 1: 'start' }) }, { bounds }));
    expect(pressed.later(31_000).presses('1').did).toEqual(['stopPlay', 'collect stop', 'end end']);
  });

  test('recordings and questions are bounded by it', () => {
    const record: IvrNode = { type: 'record', variable: 'v', next: 'END', empty: 'END', failed: 'END' };
    expect(new Caller(graphOf({ start: record }, { bounds })).hearsOut().did).toEqual(['record 1000-30000']);
    const query: IvrNode = { type: 'query', function: 'f@1', timeoutMs: 60_000, ways: {}, failed: 'END' };
    expect(new Caller(graphOf({ start: query }, { bounds })).did.at(-1)).toBe('timer 30000');
  });

  test('queues, transfers and outages do not count', () => {
    const caller = new Caller(
      graphOf(
        {
          start: { type: 'queue', queue: 'q', overflow: 'go' },
          go: menu({ 1: 'desk' }),
          desk: { type: 'orderDesk', group: 'g', timeout: 'go', failed: 'go' },
        },
        { bounds },
      ),
    );
    caller.later(3_600_000).gets({ type: 'queueResult', result: 'overflow' });
    expect(caller.later(10_000).presses('1').state.phase).toBe('transferring');
    caller.later(3_600_000).gets({ type: 'transferResult', result: 'noAnswer' });
    caller.later(3_600_000).gets({ type: 'reenter' });
    expect(caller.later(9000).hearsOut().did).toEqual(['timer 11000']);
    expect(caller.later(11_000).waitsOut().did.at(-1)).toBe('end end');
  });

  test('inputs that do not fit cost nothing and hide nothing', () => {
    const caller = new Caller(graphOf({ start: menu({}) }, { bounds }));
    caller.later(15_000).gets({ type: 'queueResult', result: 'full' });
    caller.later(5000).hearsOut();
    expect(caller.did).toEqual(['timer 10000']);
    expect(caller.state.stay).toEqual({ spentMs: 20_000, endMs: 30_000 });
  });

  test('a sub-flow has the shorter of its own and what is left', () => {
    const sub = (maxMs: number) =>
      graphOf(
        { start: menu({ 1: 'out' }), out: { type: 'return', result: 'x' } },
        { id: asId('sub'), bounds: { maxMs } },
      );
    const main = graphOf(
      { start: { type: 'subflow', flow: 'sub', results: { x: 'go' }, otherwise: 'END' }, go: menu({}) },
      { bounds },
    );
    const short = new Caller([main, sub(10_000)]);
    expect(short.later(5000).hearsOut().did).toEqual(['timer 5000']);
    expect(short.later(1000).presses('1').state).toMatchObject({
      flow: 'main',
      stay: { spentMs: 6000, endMs: 30_000 },
    });
    const long = new Caller([main, sub(100_000)]);
    expect(long.later(25_000).hearsOut().did).toEqual(['timer 5000']);
    const unbound = new Caller([{ ...main, bounds: {} }, sub(10_000)]).later(4000).hearsOut();
    expect(unbound.did).toEqual(['timer 6000']);
    expect(unbound.presses('1').state.stay).toBeUndefined();
  });

  test('a flow without a bound is not watched', () => {
    const caller = new Caller(graphOf({ start: menu({}) }));
    expect(caller.later(86_400_000).hearsOut().did).toEqual(['timer 20000']);
    expect(caller.state.stay).toBeUndefined();
  });
});
