import { describe, expect, test } from 'vitest';
import {
  checkIvr,
  defineIvr,
  END,
  levels,
  menu,
  play,
  returns,
  subflow,
  survey,
  tapered,
  voicemail,
} from '../src/index.js';
import { flowTest } from '../src/testing/index.js';

const options = {
  id: 'box',
  languages: ['en'],
  prompts: {
    greeting: 'greeting',
    special: 'special',
    review: 'review',
    again: 'again',
    number: 'number',
    kept: 'kept',
    empty: 'empty',
    sorry: 'sorry',
    rate: 'rate',
    thanks: 'thanks',
    once: 'once',
    twice: 'twice',
  },
} as const;

describe('voicemail', () => {
  const box = defineIvr(options, {
    start: voicemail('office', {
      greeting: 'greeting',
      greetings: [{ list: 'vip', greeting: 'special' }],
      only: { lists: ['vip', 'known'], otherwise: 'refused' },
      review: { say: 'review', againSay: 'again' },
      contact: { say: 'number' },
      keptSay: 'kept',
      max: '1m',
      next: END,
      empty: play({ say: 'empty', next: END }),
      failed: 'refused',
    }),
    refused: play({ say: 'sorry', next: END }),
  });
  const lists = { vip: ['13900000001'], known: ['13900000002'] };
  const call = (from: string) => flowTest(box, { from, lists });
  const known = () => call('13900000002');

  test('is sound', () => {
    expect(checkIvr(box)).toEqual([]);
  });

  test('greets callers by their list, and takes messages of listed callers alone', () => {
    call('13900000001').hears('special').neverHears('greeting').expects.toRecord('office');
    known().hears('greeting').neverHears('special').expects.toRecord('office');
    call('13900000003').hears('sorry').neverHears('greeting').isOver({ by: 'end' });
  });

  test('1 plays the message again, 3 asks for a number, which is kept with it', () => {
    known()
      .says('please call me')
      .presses('#')
      .hears('review')
      .presses('1')
      .hears('review')
      .presses('3')
      .hears('number')
      .presses('01065001001#')
      .hears('kept')
      .expects.toKeep({ kind: 'contact' })
      .isOver({ by: 'end' });
  });

  test('2 throws it away and takes another one for the same box', () => {
    known()
      .says('that was wrong')
      .presses('#')
      .presses('2')
      .hears('again')
      .expects.toKeep({ kind: 'discard' })
      .expects.toRecord('office')
      .says('this one is better')
      .presses('#')
      .hears('review');
  });

  test('silence at the review and at the number keeps the message', () => {
    const caller = known().says('please call me back').presses('#').waits('5m').isOver({ by: 'end' });
    expect(caller.path.at(-1)).toBe('box/start.kept');
    expect(caller.actions.some(({ type }) => type === 'keep')).toBe(false);
  });

  test('nothing said, and nothing that could record', () => {
    known().listens().presses('#').hears('empty');
    known().recordingFails().hears('sorry');
  });

  test('the number is no data of the call', () => {
    const caller = known()
      .says('please call me back')
      .presses('#')
      .presses('3')
      .hears('number')
      .presses('01065001001#')
      .listens();
    expect(JSON.stringify(caller.data)).not.toContain('1065001001');
  });

  test('without a review it is one node', () => {
    const plain = defineIvr(options, {
      start: voicemail('office', { greeting: 'greeting', variable: 'msg', next: END, empty: END, failed: END }),
    });
    expect(plain.nodes).toEqual({
      start: expect.objectContaining({ type: 'record', variable: 'msg', box: 'office', next: END }),
    });
  });
});

describe('survey', () => {
  const rate = defineIvr(
    { ...options, id: 'rate' },
    {
      start: survey('csat', {
        say: 'rate',
        levels: levels(0, 10),
        noInputSay: tapered('once', 'twice'),
        thanks: 'thanks',
        ways: { 0: returns('angry') },
        next: returns('rated'),
        skipped: returns('skipped'),
      }),
    },
  );

  test('keeps the score and gives a result', () => {
    flowTest(rate)
      .presses('7')
      .hears('thanks')
      .expects.toKeep({ kind: 'score', survey: 'csat', score: 7 })
      .isOver({ result: 'rated' });
    flowTest(rate).presses('10').expects.toKeep({ score: 10 }).expects.toSet('score', '10').isOver({ result: 'rated' });
    flowTest(rate).presses('1').waits('10s').expects.toKeep({ score: 1 }).isOver({ result: 'rated' });
    flowTest(rate).presses('0').hears('thanks').expects.toKeep({ score: 0 }).isOver({ result: 'angry' });
  });

  test('asks again, otherwise each time, and is skipped', () => {
    const caller = flowTest(rate)
      .hears('rate')
      .waits('8s')
      .hears('once')
      .waits('12s')
      .hears('twice')
      .waits('1m')
      .isOver({ result: 'skipped' });
    expect(caller.actions.some(({ type }) => type === 'keep')).toBe(false);
  });

  test('a flow that calls it has an edge for each result, and its score', () => {
    const asks = defineIvr(
      { ...options, id: 'asks' },
      {
        start: subflow(rate, { results: { rated: 'after', skipped: END, angry: END }, otherwise: END }),
        after: menu({ say: 'thanks', keys: { 1: END }, noInput: END, noMatch: END }),
      },
    );
    flowTest(asks, { flows: [rate] })
      .presses('9')
      .listens()
      .isAt('after');
    expect(checkIvr(asks, { flows: [asks, rate] })).toEqual([]);
  });

  test.each([
    [{ 1: 1 }, 'asks.nodes.start.levels'],
    [{ 1: 0.5, 2: 1 }, 'asks.nodes.start.levels.1'],
    [{ 1: 1e9, 2: 1 }, 'asks.nodes.start.levels.1'],
    [{}, 'asks.nodes.start.levels'],
  ])('%j are no levels', (wrong, path) => {
    const make = () =>
      defineIvr(
        { ...options, id: 'asks' },
        { start: survey('csat', { say: 'rate', levels: wrong, next: END, skipped: END }) },
      );
    expect(make).toThrow(expect.objectContaining({ details: expect.objectContaining({ path }) }));
  });

  test.each([
    [5, 1],
    [1, 1],
    [-1, 5],
    [0, 100],
    [0.5, 3],
    [0, Number.NaN],
  ])('%d to %d are no levels', (from, to) => {
    expect(() => levels(from, to)).toThrow(expect.objectContaining({ code: 'argument.invalid' }));
  });
});
