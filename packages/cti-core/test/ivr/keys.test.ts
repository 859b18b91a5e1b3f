import { describe, expect, test } from 'vitest';
import type { IvrNode, Say } from '../../src/contract/index.js';
import { MAX_AHEAD } from '../../src/ivr/index.js';
import { Caller, graphOf, prompt } from './caller.js';

const fixed = (key: string): Say => [{ kind: 'prompt', prompt: key, bargeIn: 'none' }];
const menu = (more: Partial<Extract<IvrNode, { type: 'menu' }>> = {}): IvrNode => ({
  type: 'menu',
  say: prompt('menu'),
  keys: { 1: 'one', 2: 'two' },
  noInput: 'silent',
  noMatch: 'lost',
  ...more,
});
const ends: Record<string, IvrNode> = Object.fromEntries(
  ['one', 'two', 'ten', 'twelve', 'silent', 'lost'].map((result) => [result, { type: 'return', result }]),
);

describe('menus of two keys', () => {
  const flow = graphOf({
    start: menu({ keys: { 1: 'one', 10: 'ten', 12: 'twelve', 2: 'two', '*#': 'ten' }, interDigitMs: 1500, tries: 1 }),
    ...ends,
  });
  test.each([
    ['10', 'ten'],
    ['12', 'twelve'],
    ['2', 'two'],
    ['*#', 'ten'],
    ['15', 'lost'],
    ['**', 'lost'],
    ['3', 'lost'],
  ])('%s leads to %s', (keys, end) => {
    expect(new Caller(flow).presses(keys).did.at(-1)).toBe(`end return ${end}`);
    expect(new Caller(flow).hearsOut().presses(keys).did.at(-1)).toBe(`end return ${end}`);
  });

  test('the shorter one is taken when no further key comes in time', () => {
    const caller = new Caller(flow).presses('1');
    expect(caller.did).toEqual(['stopPlay', 'timer 1500']);
    expect(caller.waitsOut().did.at(-1)).toBe('end return one');
    const lone = new Caller(flow).presses('*');
    expect(lone.did).toEqual(['stopPlay', 'timer 1500']);
    expect(lone.waitsOut().did.at(-1)).toBe('end return lost');
  });

  test('a menu of single keys does not wait for a second one', () => {
    expect(new Caller(graphOf({ start: menu(), ...ends })).presses('1').did.at(-1)).toBe('end return one');
  });
});

describe('announcements before a repetition', () => {
  const again = { noInputSay: [prompt('again'), prompt('sorry')], noMatchSay: [prompt('wrong'), prompt('card')] };
  const flow = graphOf({ start: menu({ tries: 10, ...again }), ...ends });

  test('the n-th after the n-th time, the last one again and again', () => {
    const caller = new Caller(flow).hearsOut();
    for (const said of ['again', 'sorry', 'sorry', 'sorry']) {
      expect(caller.waitsOut().did).toEqual([`play zh/${said}`]);
      caller.hearsOut().hearsOut();
    }
  });

  test('silence and wrong keys are counted apart, and rounds together', () => {
    const caller = new Caller(flow).hearsOut().waitsOut().hearsOut();
    expect(caller.presses('7').did).toEqual(['stopPlay', 'play zh/wrong']);
    expect(caller.presses('7').did).toEqual(['stopPlay', 'play zh/card']);
    expect(caller.hearsOut().hearsOut().waitsOut().did).toEqual(['play zh/sorry']);
    expect(caller.state).toMatchObject({ tries: 4, silent: 2 });
  });

  test('counting goes on after a restart and begins anew in the next node', () => {
    const two = graphOf({
      start: menu({ tries: 10, ...again, keys: { 1: 'next' } }),
      next: menu({ tries: 10, ...again }),
    });
    const caller = new Caller(two).hearsOut().waitsOut().gets({ type: 'reenter' });
    expect(caller.hearsOut().waitsOut().did).toEqual(['play zh/sorry']);
    expect(caller.hearsOut().presses('1').hearsOut().waitsOut().did).toEqual(['play zh/again']);
  });

  test('an empty list is said by nobody', () => {
    const mute = new Caller(graphOf({ start: menu({ noInputSay: [], noMatchSay: [[]] }), ...ends }));
    expect(mute.hearsOut().waitsOut().did).toEqual(['play zh/menu']);
    expect(mute.presses('7').did).toEqual(['stopPlay', 'play zh/menu']);
  });

  test('a collect has them too', () => {
    const collect: IvrNode = {
      type: 'collect',
      say: prompt('card'),
      variable: 'c',
      min: 2,
      max: 2,
      ...again,
      tries: 4,
      next: 'END',
      noInput: 'END',
      noMatch: 'END',
    };
    const caller = new Caller(graphOf({ start: collect })).hearsOut();
    expect(caller.waitsOut().did).toEqual(['play zh/again']);
    expect(caller.presses('#').did).toEqual(['stopPlay', 'play zh/wrong']);
    expect(caller.hearsOut().hearsOut().waitsOut().did).toEqual(['play zh/sorry']);
  });
});

describe('pieces that keys do not cut short', () => {
  const say: Say = [...prompt('hello'), ...fixed('sorry'), ...prompt('menu'), ...prompt('card'), ...fixed('bye')];

  test('are said as stretches of their own', () => {
    const caller = new Caller(graphOf({ start: menu({ say }), ...ends }));
    expect(caller.did.at(-1)).toBe('play zh/hello');
    expect(caller.hearsOut().did).toEqual(['play zh/sorry']);
    expect(caller.hearsOut().did).toEqual(['play zh/menu+zh/card']);
    expect(caller.hearsOut().did).toEqual(['play zh/bye']);
    expect(caller.hearsOut().did).toEqual(['timer 5000']);
  });

  test('a key in a stretch that it cuts leads to the next that must be heard, then counts', () => {
    const caller = new Caller(graphOf({ start: menu({ say }), ...ends })).presses('1');
    expect(caller.did).toEqual(['stopPlay', 'play zh/sorry']);
    expect(caller.hearsOut().did).toEqual(['play zh/bye']);
    expect(caller.hearsOut().did.at(-1)).toBe('end return one');
  });

  test('a key in a stretch that it does not cut waits for its end', () => {
    const caller = new Caller(graphOf({ start: menu({ say: [...fixed('hello'), ...prompt('menu')] }), ...ends }));
    expect(caller.presses('2').did).toEqual([]);
    expect(caller.state.ahead).toBe('2');
    expect(caller.hearsOut().did.at(-1)).toBe('end return two');
  });

  test('keys pressed ahead leave out all but what must be heard', () => {
    const caller = new Caller(
      graphOf({ start: { type: 'play', say: prompt('hello'), next: 'ask' }, ask: menu({ say }), ...ends }),
    ).presses('1');
    expect(caller.hearsOut().did).toEqual(['at ask', 'play zh/sorry']);
    expect(caller.hearsOut().did).toEqual(['play zh/bye']);
    expect(caller.hearsOut().did.at(-1)).toBe('end return one');
  });

  test('a play that keys cut short still says them, and is not repeated', () => {
    const caller = new Caller(
      graphOf({ start: { type: 'play', say, loop: 3, bargeIn: true, next: 'ask' }, ask: menu(), ...ends }),
    );
    expect(caller.presses('2').did).toEqual(['stopPlay', 'play zh/sorry']);
    expect(caller.presses('1').did).toEqual([]);
    expect(caller.hearsOut().did).toEqual(['play zh/bye']);
    expect(caller.hearsOut().did).toEqual(['at ask', 'at two', 'collect stop', 'end return two']);
  });

  test('a play that keys do not cut short is one piece', () => {
    const caller = new Caller(graphOf({ start: { type: 'play', say, next: 'END' } }));
    expect(caller.did.at(-1)).toBe('play zh/hello+zh/sorry+zh/menu+zh/card+zh/bye');
  });
});

describe('keys pressed ahead', () => {
  const chain = graphOf({
    start: { type: 'play', say: prompt('hello'), next: 'first' },
    first: menu({ keys: { 1: 'mark' } }),
    mark: { type: 'set', assign: { seen: 'yes' }, next: 'second' },
    second: menu({ keys: { 2: 'number' } }),
    number: {
      type: 'collect',
      say: prompt('card'),
      variable: 'n',
      min: 1,
      max: 4,
      interDigitMs: 700,
      next: 'END',
      noInput: 'END',
      noMatch: 'END',
    },
    ...ends,
  });

  test('run through all nodes that ask, in order', () => {
    const caller = new Caller(chain).presses('1234#');
    expect(caller.did).toEqual([]);
    expect(caller.hearsOut().state.variables.n).toBe('34');
    expect(caller.did.filter((did) => did.startsWith('play'))).toEqual([]);
  });

  test('what is not enough is waited for between keys', () => {
    const caller = new Caller(chain).presses('123').hearsOut();
    expect(caller.did.at(-1)).toBe('timer 700');
    expect(caller.state).toMatchObject({ phase: 'waiting', node: 'number', digits: '3' });
    expect(caller.state.ahead).toBeUndefined();
  });

  test('a wrong one ends what was meant for other places', () => {
    const caller = new Caller(chain).presses('19999').hearsOut();
    expect(caller.state).toMatchObject({ node: 'second', phase: 'saying', tries: 1 });
    expect(caller.state.ahead).toBeUndefined();
  });

  test('are forgotten where a node wants to be answered anew', () => {
    for (const asks of [
      menu({ typeAhead: 'discard' }),
      {
        type: 'collect',
        say: prompt('card'),
        variable: 'n',
        min: 1,
        max: 1,
        typeAhead: 'discard',
        next: 'END',
        noInput: 'END',
        noMatch: 'END',
      } as const,
    ]) {
      const caller = new Caller(
        graphOf({ start: { type: 'play', say: prompt('hello'), next: 'asks' }, asks, ...ends }),
      );
      caller.presses('1').hearsOut();
      expect(caller.state).toMatchObject({ node: 'asks', phase: 'saying' });
      expect(caller.state.ahead).toBeUndefined();
      expect(caller.presses('1').state.phase).toBe('ended');
    }
  });

  test(`are ${MAX_AHEAD} at most`, () => {
    const caller = new Caller(chain).presses('1'.repeat(MAX_AHEAD));
    const before = caller.state;
    expect(caller.presses('1').state).toBe(before);
    expect(before.ahead).toHaveLength(MAX_AHEAD);
  });

  test('are forgotten when the caller waits for somebody, and after a restart', () => {
    const queue = graphOf({
      start: { type: 'queue', queue: 'sales', say: prompt('hello'), overflow: 'ask', returned: 'ask' },
      ask: menu(),
      ...ends,
    });
    const caller = new Caller(queue).presses('1').hearsOut();
    expect(caller.gets({ type: 'queueResult', result: 'returned' }).state).toMatchObject({
      node: 'ask',
      phase: 'saying',
    });
    expect(new Caller(chain).presses('1').gets({ type: 'reenter' }).state.ahead).toBeUndefined();
  });

  test('never become anything that is told', () => {
    const caller = new Caller(chain);
    for (const key of '7777') {
      caller.presses(key);
      expect(caller.actions).toEqual([]);
    }
  });
});
