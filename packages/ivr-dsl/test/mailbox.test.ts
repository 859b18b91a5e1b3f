import { describe, expect, test } from 'vitest';
import {
  checkIvr,
  date,
  defineIvr,
  digits,
  END,
  mailbox,
  markMessage,
  nextMessage,
  openBox,
  play,
  type SayInput,
  time,
} from '../src/index.js';
import { coverEdges, flowTest } from '../src/testing/index.js';

const options = {
  id: 'owner',
  languages: ['en'],
  prompts: {
    box: 'box',
    pin: 'pin',
    wrong: 'wrong',
    message: 'message',
    menu: 'menu',
    none: 'none',
    sorry: 'sorry',
    'digit.0': 'd0',
    'digit.1': 'd1',
    'digit.2': 'd2',
    'digit.3': 'd3',
    'digit.4': 'd4',
    'digit.5': 'd5',
    'digit.6': 'd6',
    'digit.7': 'd7',
    'digit.8': 'd8',
    'digit.9': 'd9',
    bye: 'bye',
  },
} as const;

const says = {
  pinSay: 'pin',
  wrongSay: 'wrong',
  messageSay: 'message',
  menuSay: 'menu',
  noneSay: 'none',
  next: 'bye',
  refused: 'sorry',
  failed: 'sorry',
} as const;
const ends = { bye: play({ say: 'bye', next: END }), sorry: play({ say: 'sorry', next: END }) } as const;
const fixed = defineIvr(options, { start: mailbox('office', says), ...ends });
const asked = defineIvr(options, { start: mailbox(undefined, { ...says, boxSay: 'box' }), ...ends });

/** A box of the server, as far as a flow sees it. */
function box(messages: readonly string[], pin = '4711') {
  const state = new Map(messages.map((id) => [id, 'new']));
  let wrong = 0;
  const given: Record<string, string>[] = [];
  const functions = {
    [openBox.name]: (pass: Readonly<Record<string, string>>) => {
      given.push({ ...pass });
      if (pass.pin === pin && wrong < 5) return { way: 'open' };
      wrong += 1;
      return { way: wrong >= 5 ? 'locked' : 'wrong' };
    },
    [nextMessage.name]: () => {
      const next = [...state].find(([, one]) => one === 'new')?.[0];
      if (next === undefined) return { way: 'none' };
      return { way: 'message', values: { recording: next, caller: '13912345678', date: '2026-11-22', time: '08:30' } };
    },
    [markMessage.name]: (pass: Readonly<Record<string, string>>) => {
      const { recording = '' } = pass;
      if (!state.has(recording)) return { way: 'gone' };
      if (pass.state === 'deleted') state.delete(recording);
      else state.set(recording, pass.state ?? '');
      return { way: 'done' };
    },
  };
  return { state, given, functions };
}

describe('a mailbox', () => {
  test('is sound, with a box of its own and with one that is asked for', () => {
    for (const flow of [fixed, asked])
      expect(checkIvr(flow, { site: { functions: [openBox.name, nextMessage.name, markMessage.name] } })).toEqual([]);
  });

  test('plays the new messages after the PIN, and marks each as heard', () => {
    const { state, given, functions } = box(['m1', 'm2']);
    flowTest(fixed, { functions })
      .hears('pin')
      .presses('4711#')
      .hears('message')
      .hears('menu')
      .presses('3')
      .hears('message')
      .hears('menu')
      .presses('3')
      .hears('none')
      .hears('bye')
      .isOver({ by: 'end' });
    expect([...state]).toEqual([
      ['m1', 'heard'],
      ['m2', 'heard'],
    ]);
    expect(given).toEqual([{ box: 'office', pin: '4711' }]);
  });

  test('1 plays it again, 2 deletes it, silence leaves the box', () => {
    const { state, functions } = box(['m1', 'm2']);
    flowTest(fixed, { functions })
      .presses('4711#')
      .hears('menu')
      .presses('1')
      .hears('message')
      .hears('menu')
      .presses('2')
      .hears('message')
      .hears('menu')
      .waits('25s')
      .hears('bye')
      .neverHears('none')
      .isOver({ by: 'end' });
    expect([...state]).toEqual([['m2', 'heard']]);
  });

  test('a wrong PIN opens nothing; five of them lock it', () => {
    const { state, functions } = box(['m1']);
    const call = flowTest(fixed, { functions });
    for (let n = 0; n < 4; n += 1) call.hears('pin').presses('1234#').hears('wrong');
    call.hears('pin').presses('1234#').hears('sorry').neverHears('message').isOver({ by: 'end' });
    expect([...state]).toEqual([['m1', 'new']]);
  });

  test('who hangs up in a message has not heard it', () => {
    const { state, functions } = box(['m1']);
    flowTest(fixed, { functions }).presses('4711#').hears('message').hangsUp();
    expect([...state]).toEqual([['m1', 'new']]);
  });

  test('asks for the box where none is given', () => {
    const { given, functions } = box([]);
    flowTest(asked, { functions }).hears('box').presses('12#').hears('pin').presses('4711#').hears('none');
    expect(given).toEqual([{ box: '12', pin: '4711' }]);
  });

  test('says who called, and when', () => {
    const messageSay: SayInput<'message'> = [
      'message',
      digits('mailbox.caller'),
      date('mailbox.date'),
      time('mailbox.time'),
    ] as never;
    const flow = defineIvr(options, {
      start: mailbox('office', { ...says, messageSay }),
      ...ends,
    } as never) as typeof fixed;
    const { functions } = box(['m1']);
    flowTest(flow, { functions }).presses('4711#').hears('message');
  });

  test('every edge of it can be walked', () => {
    expect(coverEdges(fixed).uncovered).toEqual([]);
  });

  test('neither a box and boxSay, nor none of them', () => {
    expect(() => defineIvr(options, { start: mailbox('office', { ...says, boxSay: 'box' }), ...ends })).toThrow(
      /boxSay/u,
    );
    expect(() => defineIvr(options, { start: mailbox(undefined, says), ...ends })).toThrow(/boxSay/u);
  });
});
