import { describe, expect, test } from 'vitest';
import type { IvrNode } from '../../src/contract/index.js';
import { Caller, graphOf, prompt } from './caller.js';

const ends: Record<string, IvrNode> = Object.fromEntries(
  ['done', 'empty', 'failed', 'silent', 'lost'].map((result) => [result, { type: 'return', result }]),
);

describe('record', () => {
  const record = (more: Partial<Extract<IvrNode, { type: 'record' }>> = {}): IvrNode => ({
    type: 'record',
    say: prompt('hello'),
    variable: 'voice',
    next: 'done',
    empty: 'empty',
    failed: 'failed',
    ...more,
  });
  const flow = (more: Partial<Extract<IvrNode, { type: 'record' }>> = {}): Caller =>
    new Caller(graphOf({ start: record(more), ...ends }));

  test('announcement, tone, recording, and the variable names it', () => {
    const caller = flow({ box: 'sales', maxMs: 60_000, minMs: 2000 });
    expect(caller.did.at(-1)).toBe('play zh/hello+beep');
    expect(caller.hearsOut().did).toEqual(['record 2000-60000 sales']);
    const { turn } = caller.state;
    expect(caller.isRecorded(5000).did).toEqual([
      `data {"voice":"r${turn}"}`,
      'at done',
      'collect stop',
      'end return done',
    ]);
  });

  test('bounds and their defaults', () => {
    expect(flow().hearsOut().did).toEqual(['record 1000-120000']);
    expect(flow({ maxMs: 1e12, minMs: -4 }).hearsOut().did).toEqual(['record 0-3600000']);
  });

  test('with neither words nor tone it begins at once; with a tone alone after that', () => {
    expect(flow({ say: [], tone: 'none' }).did.slice(2)).toEqual(['record 1000-120000']);
    expect(flow({ say: [] }).did.slice(2)).toEqual(['play beep']);
    expect(flow({ tone: 'none' }).did.slice(2)).toEqual(['play zh/hello']);
  });

  test('its keys end it once, others are nothing', () => {
    const caller = flow().hearsOut();
    expect(caller.presses('5').did).toEqual([]);
    expect(caller.presses('#').did).toEqual(['stopRecord']);
    expect(caller.presses('#').did).toEqual([]);
    expect(caller.isRecorded(3000).did.at(-1)).toBe('end return done');
    const own = flow({ keys: ['1'] }).hearsOut();
    expect(own.presses('#').did).toEqual([]);
    expect(own.presses('1').did).toEqual(['stopRecord']);
    expect(flow({ keys: [] }).hearsOut().presses('#*1').did).toEqual([]);
  });

  test('keys after its end are for the next node, keys before its begin for none', () => {
    const caller = new Caller(
      graphOf({
        start: record({ next: 'review' }),
        review: { type: 'menu', say: prompt('menu'), keys: { 1: 'done' }, noInput: 'silent', noMatch: 'lost' },
        ...ends,
      }),
    );
    caller.presses('#1').hearsOut();
    expect(caller.state).toMatchObject({ phase: 'recording' });
    expect(caller.state.ahead).toBeUndefined();
    expect(caller.presses('#1').isRecorded(3000).did.at(-1)).toBe('end return done');
  });

  test.each([
    [999, 'empty'],
    [0, 'empty'],
    [Number.NaN, 'empty'],
    [1000, 'done'],
  ])('%s ms are %s', (durationMs, end) => {
    const caller = flow().hearsOut().isRecorded(durationMs);
    expect(caller.did.at(-1)).toBe(`end return ${end}`);
    expect(Object.hasOwn(caller.state.variables, 'voice')).toBe(end === 'done');
  });

  test('a recording that failed, and one of before', () => {
    expect(flow().hearsOut().isRecorded(9000, 'failed').did.at(-1)).toBe('end return failed');
    const caller = flow().hearsOut();
    const { turn } = caller.state;
    caller.gets({ type: 'reenter' });
    expect(caller.did).toEqual(['collect start', 'at start', 'play zh/hello+beep']);
    caller.hearsOut();
    const before = caller.state;
    expect(
      caller.gets({ type: 'recorded', turn, outcome: 'done', recordingId: 'old' as never, durationMs: 9 }).state,
    ).toBe(before);
    expect(before.visit).toBe(1);
  });

  test('what was recorded can be heard', () => {
    const caller = new Caller(
      graphOf({
        start: record({ next: 'hear' }),
        hear: {
          type: 'play',
          say: [
            { kind: 'recording', variable: 'voice' },
            { kind: 'recording', variable: 'none' },
          ],
          next: 'END',
        },
        ...ends,
      }),
    ).hearsOut();
    const { turn } = caller.state;
    expect(caller.isRecorded(2000).did.at(-1)).toBe(`play r${turn}`);
  });
});

describe('listen', () => {
  const listen = (more: Partial<Extract<IvrNode, { type: 'listen' }>> = {}): IvrNode => ({
    type: 'listen',
    say: prompt('menu'),
    variable: 'city',
    phrases: ['Beijing', 'Wuhan'],
    tries: 2,
    noInputSay: [prompt('again')],
    noMatchSay: [prompt('wrong')],
    next: 'done',
    noInput: 'silent',
    noMatch: 'lost',
    failed: 'failed',
    ...more,
  });
  const flow = (more: Partial<Extract<IvrNode, { type: 'listen' }>> = {}): Caller =>
    new Caller(graphOf({ start: listen(more), ...ends }));

  test('announcement, recording, question, words', () => {
    const caller = flow();
    expect(caller.did.at(-1)).toBe('play zh/menu');
    expect(caller.hearsOut().did).toEqual(['record 200-8000']);
    const { turn } = caller.state;
    expect(caller.isRecorded(1500).did).toEqual(['ask speech 5000x1', 'timer 10000']);
    expect(caller.asked).toMatchObject({
      key: `s1:main/start:1:r${turn}`,
      question: { type: 'speech', recordingId: `r${turn}`, language: 'zh', phrases: ['Beijing', 'Wuhan'] },
    });
    expect(caller.isAnswered('match', { text: 'Wuhan', other: 'x' }).did).toEqual([
      'cancelTimer',
      'data {"city":"Wuhan"}',
      'at done',
      'collect stop',
      'end return done',
    ]);
  });

  test('any key ends the answer', () => {
    expect(flow().hearsOut().presses('5').did).toEqual(['stopRecord']);
  });

  test.each([
    ['noInput', {}, 'again'],
    ['noMatch', {}, 'wrong'],
    ['match', { text: 'Shanghai' }, 'wrong'],
    ['match', {}, 'wrong'],
    ['nonsense', { text: 'Wuhan' }, 'wrong'],
  ])('%s %j is said to be %s, then asked again', (way, values, said) => {
    const caller = flow().hearsOut().isRecorded(1500).isAnswered(way, values);
    expect(caller.did).toEqual(['cancelTimer', `play zh/${said}`]);
    expect(caller.hearsOut().did).toEqual(['play zh/menu']);
    expect(caller.hearsOut().did).toEqual(['record 200-8000']);
  });

  test('rounds are counted, by their last outcome it is left', () => {
    const silent = flow().hearsOut().isRecorded(100);
    expect(silent.did).toEqual(['play zh/again']);
    expect(silent.hearsOut().hearsOut().isRecorded(100).did.at(-1)).toBe('end return silent');
    expect(flow({ tries: 1 }).hearsOut().isRecorded(900).isAnswered('noMatch').did.at(-1)).toBe('end return lost');
  });

  test('without a service, without a recording, without phrases', () => {
    expect(flow().hearsOut().isRecorded(900).isAnswered(undefined).did.at(-1)).toBe('end return failed');
    expect(flow().hearsOut().isRecorded(900).waitsOut().did.at(-1)).toBe('end return failed');
    expect(flow().hearsOut().isRecorded(900, 'failed').did.at(-1)).toBe('end return failed');
    const open = flow({ phrases: [] }).hearsOut().isRecorded(900).isAnswered('match', { text: 'anything' });
    expect(open.state.variables.city).toBe('anything');
  });

  test('after a restart it is asked anew, rounds kept', () => {
    const caller = flow().hearsOut().isRecorded(100).hearsOut().hearsOut().isRecorded(1500);
    expect(caller.gets({ type: 'reenter' }).did).toEqual(['collect start', 'at start', 'play zh/menu']);
    expect(caller.hearsOut().isRecorded(50).did.at(-1)).toBe('end return silent');
  });
});

describe('what is kept', () => {
  const kept = (node: IvrNode, variables: Readonly<Record<string, string>> = {}, from = '13912345678'): Caller =>
    new Caller(graphOf({ start: { type: 'set', assign: variables, next: 'keep' }, keep: node, ...ends })).as(from);
  const keeps = (caller: Caller) => caller.actions.flatMap((action) => (action.type === 'keep' ? [action.what] : []));

  test('a message is thrown away, or completed by a number', () => {
    const message = { type: 'message', variable: 'voice', next: 'done' } as const;
    const variables = { voice: 'r7', n: '010-6234 5678', odd: '12*', none: 'x' };
    expect(keeps(kept({ ...message, does: 'discard' }, variables))).toEqual([{ kind: 'discard', recordingId: 'r7' }]);
    const contact = (variable?: string) =>
      keeps(kept({ ...message, does: 'contact', ...(variable === undefined ? {} : { contact: variable }) }, variables));
    expect(contact('n')).toEqual([{ kind: 'contact', recordingId: 'r7', number: '+861062345678' }]);
    expect(contact('odd')).toEqual([{ kind: 'contact', recordingId: 'r7', number: '12*' }]);
    expect(contact()).toEqual([{ kind: 'contact', recordingId: 'r7', number: '+8613912345678' }]);
    expect(contact('none')).toEqual([]);
    expect(keeps(kept({ ...message, does: 'discard' }))).toEqual([]);
  });

  test.each([
    ['5', [{ kind: 'score', survey: 'service', score: 5 }]],
    ['-1', [{ kind: 'score', survey: 'service', score: -1 }]],
    ['', []],
    ['1.5', []],
    ['x', []],
    ['9'.repeat(10), []],
  ])('a score of %j', (stars, what) => {
    const caller = kept({ type: 'score', survey: 'service', variable: 'stars', next: 'done' }, { stars });
    expect(keeps(caller)).toEqual(what);
    expect(caller.did.at(-1)).toBe('end return done');
  });

  const callback: IvrNode = { type: 'callback', queue: 'sales', next: 'done', refused: 'failed' };
  test.each([
    ['13912345678', '+8613912345678'],
    ['8001', '8001'],
    ['', undefined],
    ['anonymous', undefined],
    ['110', undefined],
    ['95588', undefined],
  ])('a wish to be called back at the own number %j', (from, number) => {
    const caller = kept(callback, {}, from);
    expect(keeps(caller)).toEqual(number === undefined ? [] : [{ kind: 'callback', queue: 'sales', number }]);
    expect(caller.did.at(-1)).toBe(`end return ${number === undefined ? 'failed' : 'done'}`);
  });
  test.each([
    ['62345678', '+861062345678'],
    ['9120', undefined],
    ['120', undefined],
    ['123', undefined],
    ['01088880000', undefined],
    ['62001999', undefined],
  ])('a wish to be called back at %j, as keyed in', (n, number) => {
    const site = {
      countryCode: '86',
      areaCode: '10',
      internal: [],
      ownNumbers: ['88880000'],
      emergency: ['120', '62001999'],
      outsidePrefix: '9',
    };
    const flow = graphOf({
      start: { type: 'set', assign: { n }, next: 'keep' },
      keep: { ...callback, variable: 'n' },
      ...ends,
    });
    expect(keeps(new Caller(flow, { dialPlan: site }))).toEqual(
      number === undefined ? [] : [{ kind: 'callback', queue: 'sales', number }],
    );
  });
});
