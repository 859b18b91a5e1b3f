import { describe, expect, test } from 'vitest';
import type { IvrInput, IvrNode, IvrNodeType, IvrSessionState } from '../../src/contract/index.js';
import { Caller, graphOf, prompt } from './caller.js';

/** Every phase of every node that waits: what an input does, and which inputs do that. All others change nothing. */
const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'play, saying': { 'key kept': 'key 1, key #', '-> d': 'played, unplayed', 'play zh/hello': 'reenter' },
  'play cut, saying': { '-> d': 'key 1, key #, played, unplayed', 'play zh/hello': 'reenter' },
  'menu, saying': { '-> d': 'key 1', 'waiting #': 'key #', waiting: 'played, unplayed', 'play zh/hello': 'reenter' },
  'menu, waiting': { '-> d': 'key 1', 'waiting #': 'key #', 'play zh/again': 'timer', 'play zh/hello': 'reenter' },
  'menu, half a choice': { 'play zh/hello': 'key 1, timer, reenter', '-> e': 'key #' },
  'menu, saying again': { '-> d': 'key 1', 'waiting #': 'key #', 'play zh/hello': 'played, unplayed, reenter' },
  'collect, saying': { 'waiting 1': 'key 1', 'play zh/hello': 'key #, reenter', waiting: 'played, unplayed' },
  'collect, waiting': { 'waiting 1': 'key 1', 'play zh/hello': 'key #, timer, reenter' },
  'collect, some keys': { '-> d': 'key 1, key #, timer', 'play zh/hello': 'reenter' },
  'record, saying': { 'key kept': 'key 1, key #', record: 'played, unplayed', 'play zh/hello+beep': 'reenter' },
  'record, recording': {
    stopRecord: 'key #',
    '-> d': 'recorded',
    '-> f': 'recorded short',
    '-> c': 'unrecorded',
    'play zh/hello+beep': 'reenter',
  },
  'record, stopping': {
    'key kept': 'key 1, key #',
    '-> d': 'recorded',
    '-> f': 'recorded short',
    '-> c': 'unrecorded',
    'play zh/hello+beep': 'reenter',
  },
  'listen, saying': { 'key kept': 'key 1, key #', record: 'played, unplayed', 'play zh/hello': 'reenter' },
  'listen, recording': {
    stopRecord: 'key 1, key #',
    ask: 'recorded',
    'play zh/hello': 'recorded short, reenter',
    '-> c': 'unrecorded',
  },
  'listen, asking': { 'play zh/hello': '200, reenter', 'key kept': 'key 1, key #', '-> c': 'timer, no answer' },
  'http, start': {
    held: '200, timer, no answer',
    'key kept': 'key 1, key #',
    silent: 'played, unplayed',
    'ask, play zh/hello': 'reenter',
  },
  'http, said': {
    '-> d': '200',
    'key kept': 'key 1, key #',
    '-> c': 'timer, no answer',
    'ask, play zh/hello': 'reenter',
  },
  'http, held': { 'key kept': 'key 1, key #', '-> c': 'played, unplayed, reenter' },
  'query, start': {
    held: '200, timer, no answer',
    'key kept': 'key 1, key #',
    silent: 'played, unplayed',
    'ask, play zh/hello': 'reenter',
  },
  'query, said': {
    '-> d': '200',
    'key kept': 'key 1, key #',
    '-> c': 'timer, no answer',
    'ask, play zh/hello': 'reenter',
  },
  'query, held': { 'key kept': 'key 1, key #', '-> c': 'played, unplayed, reenter' },
  'compute, asking': { '-> d': '200', 'key kept': 'key 1, key #', '-> c': 'timer, no answer', ask: 'reenter' },
  'fax, start': {
    held: '200, timer, no answer',
    'key kept': 'key 1, key #',
    silent: 'played, unplayed',
    'ask, play zh/hello': 'reenter',
  },
  'fax, said': { '-> c': '200, timer, no answer', 'key kept': 'key 1, key #', 'ask, play zh/hello': 'reenter' },
  'fax, held': { 'key kept': 'key 1, key #', '-> c': 'played, unplayed, reenter' },
  'area, asking': { '-> e': '200, timer, no answer', 'key kept': 'key 1, key #', ask: 'reenter' },
  'queue, saying': { 'key kept': 'key 1, key #', enqueue: 'played, unplayed', 'play zh/hello': 'reenter' },
  'queue, queued': { '-> d': 'overflow', '-> h': 'full', '-> e': 'returned', 'play zh/hello': 'reenter' },
  'transfer, saying': { 'key kept': 'key 1, key #', transfer: 'played, unplayed', 'play zh/hello': 'reenter' },
  'transfer, transferring': { 'play zh/sorry': 'busy, no reply, unreached, reenter' },
  'transfer, saying why not': { 'key kept': 'key 1, key #', '-> d': 'played, unplayed', 'play zh/sorry': 'reenter' },
  'orderDesk, saying': { 'key kept': 'key 1, key #', transfer: 'played, unplayed', 'play zh/hello': 'reenter' },
  'orderDesk, transferring': { '-> d': 'busy, no reply', '-> c': 'unreached, reenter' },
  'hangup, saying': { 'key kept': 'key 1, key #', over: 'played, unplayed', 'play zh/hello': 'reenter' },
  'hangup, ended': {},
};

type Bring = (caller: Caller) => Caller;
interface Place {
  readonly node: IvrNode;
  /** Ways to bring a caller into each phase of the node, by a name of that phase. */
  readonly phases: Readonly<Record<string, Bring>>;
}

const say = prompt('hello');
const stay: Bring = (caller) => caller;
const outcomes = {
  noInput: 'a',
  noMatch: 'b',
  failed: 'c',
  next: 'd',
  otherwise: 'e',
  empty: 'f',
  refused: 'g',
  full: 'h',
};
const asking = {
  start: stay,
  said: (caller: Caller) => caller.hearsOut(),
  held: (caller: Caller) => caller.isAnswered('x'),
};
const places: Readonly<Record<string, Place>> = {
  play: { node: { type: 'play', say, next: 'd' }, phases: { saying: stay } },
  'play cut': { node: { type: 'play', say, bargeIn: true, next: 'd' }, phases: { saying: stay } },
  menu: {
    node: { type: 'menu', say, keys: { 1: 'd', '##': 'e' }, noInputSay: [prompt('again')], ...outcomes },
    phases: {
      saying: stay,
      waiting: (caller) => caller.hearsOut(),
      'half a choice': (caller) => caller.presses('#'),
      'saying again': (caller) => caller.hearsOut().waitsOut(),
    },
  },
  collect: {
    node: { type: 'collect', say, variable: 'v', min: 1, max: 3, ...outcomes },
    phases: { saying: stay, waiting: (caller) => caller.hearsOut(), 'some keys': (caller) => caller.presses('12') },
  },
  record: {
    node: { type: 'record', say, variable: 'v', ...outcomes },
    phases: {
      saying: stay,
      recording: (caller) => caller.hearsOut(),
      stopping: (caller) => caller.hearsOut().presses('#'),
    },
  },
  listen: {
    node: { type: 'listen', say, variable: 'v', ...outcomes },
    phases: {
      saying: stay,
      recording: (caller) => caller.hearsOut(),
      asking: (caller) => caller.hearsOut().isRecorded(900),
    },
  },
  http: {
    node: { type: 'http', say, method: 'GET', url: 'https://x.example', ways: { 200: 'd' }, ...outcomes },
    phases: asking,
  },
  query: { node: { type: 'query', say, function: 'f@1', ways: { '200': 'd' }, ...outcomes }, phases: asking },
  compute: { node: { type: 'compute', function: 'f@1', ways: { '200': 'd' }, ...outcomes }, phases: { asking: stay } },
  fax: { node: { type: 'fax', say, document: 'x', ...outcomes }, phases: asking },
  area: { node: { type: 'area', rules: [{ city: 'x', goTo: 'd' }], ...outcomes }, phases: { asking: stay } },
  queue: {
    node: { type: 'queue', queue: 'q', say, overflow: 'd', full: 'h', returned: 'e' },
    phases: { saying: stay, queued: (caller) => caller.hearsOut() },
  },
  transfer: {
    node: {
      type: 'transfer',
      to: { kind: 'extension', number: '8001' },
      say,
      failedSay: prompt('sorry'),
      busy: 'd',
      noAnswer: 'e',
      failed: 'c',
    },
    phases: {
      saying: stay,
      transferring: (caller) => caller.hearsOut(),
      'saying why not': (caller) => caller.hearsOut().gets({ type: 'transferResult', result: 'busy' }),
    },
  },
  orderDesk: {
    node: { type: 'orderDesk', group: 'g', say, timeout: 'd', failed: 'c' },
    phases: { saying: stay, transferring: (caller) => caller.hearsOut() },
  },
  hangup: { node: { type: 'hangup', say }, phases: { saying: stay, ended: (caller) => caller.hearsOut() } },
};

/** Complete by its type: a node type without a row does not compile. */
const ALL_TYPES = Object.keys({
  play: 0,
  menu: 0,
  collect: 0,
  hours: 0,
  mode: 0,
  area: 0,
  list: 0,
  compute: 0,
  query: 0,
  http: 0,
  record: 0,
  message: 0,
  score: 0,
  callback: 0,
  listen: 0,
  fax: 0,
  orderDesk: 0,
  queue: 0,
  transfer: 0,
  set: 0,
  subflow: 0,
  return: 0,
  language: 0,
  hangup: 0,
} satisfies Record<IvrNodeType, 0>) as readonly IvrNodeType[];

const recordingId = 'r9' as never;
const inputs: Readonly<Record<string, (turn: number) => IvrInput>> = {
  start: () => ({ type: 'start' }),
  'key 1': () => ({ type: 'digit', digit: '1' }),
  'key #': () => ({ type: 'digit', digit: '#' }),
  'key A': () => ({ type: 'digit', digit: 'A' }),
  played: (turn) => ({ type: 'playbackFinished', turn, outcome: 'done' }),
  unplayed: (turn) => ({ type: 'playbackFinished', turn, outcome: 'failed' }),
  'played late': (turn) => ({ type: 'playbackFinished', turn: turn - 1, outcome: 'done' }),
  timer: (turn) => ({ type: 'timer', turn }),
  'timer late': (turn) => ({ type: 'timer', turn: turn - 1 }),
  '200': (turn) => ({ type: 'answer', turn, answer: { outcome: 'answered', way: '200', values: {} } }),
  'no answer': (turn) => ({ type: 'answer', turn, answer: { outcome: 'failed' } }),
  'answer late': (turn) => ({ type: 'answer', turn: turn - 1, answer: { outcome: 'failed' } }),
  recorded: (turn) => ({ type: 'recorded', turn, outcome: 'done', recordingId, durationMs: 5000 }),
  'recorded short': (turn) => ({ type: 'recorded', turn, outcome: 'done', recordingId, durationMs: 1 }),
  unrecorded: (turn) => ({ type: 'recorded', turn, outcome: 'failed', recordingId, durationMs: 0 }),
  'recorded late': (turn) => ({ type: 'recorded', turn: turn - 1, outcome: 'done', recordingId, durationMs: 5000 }),
  overflow: () => ({ type: 'queueResult', result: 'overflow' }),
  full: () => ({ type: 'queueResult', result: 'full' }),
  returned: () => ({ type: 'queueResult', result: 'returned' }),
  busy: () => ({ type: 'transferResult', result: 'busy' }),
  'no reply': () => ({ type: 'transferResult', result: 'noAnswer' }),
  unreached: () => ({ type: 'transferResult', result: 'failed' }),
  reenter: () => ({ type: 'reenter' }),
};

const ends = Object.fromEntries(
  [...'abcdefgh'].map((name): [string, IvrNode] => [name, { type: 'return', result: name }]),
);

/** What an input does: the edge by which the node is left, `over`, the announcement that it begins, or the phase it leads to; `key kept`; empty for nothing. */
function effect(before: IvrSessionState, caller: Caller): string {
  const { state } = caller;
  if (state === before) return '';
  const end = caller.actions.find((action) => action.type === 'end');
  if (end !== undefined) return end.result === undefined ? 'over' : `-> ${end.result}`;
  if ((state.ahead?.length ?? 0) > (before.ahead?.length ?? 0)) return 'key kept';
  const play = caller.did.find((did) => did.startsWith('play'));
  const asked = caller.did.find((did) => /^(ask|record|transfer|enqueue|stopRecord)/.test(did));
  return (
    [
      asked?.split(' ')[0],
      play,
      state.phase === 'waiting' ? `waiting ${state.digits}`.trim() : undefined,
      state.answer === undefined ? undefined : 'held',
    ]
      .filter((part) => part !== undefined)
      .join(', ') || 'silent'
  );
}

const rows = Object.entries(places).flatMap(([name, { node, phases }]) =>
  Object.entries(phases).map(([phase, bring]) => ({ name: `${name}, ${phase}`, node, bring })),
);

describe('each input in each phase of each node', () => {
  test('the table has them all', () => {
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(TABLE));
    const waiting = new Set(Object.values(places).map(({ node }) => node.type));
    const passed: readonly IvrNodeType[] = [
      'hours',
      'mode',
      'list',
      'set',
      'language',
      'message',
      'score',
      'callback',
      'subflow',
      'return',
    ];
    expect([...waiting, ...passed].sort()).toEqual([...ALL_TYPES].sort());
  });

  test.each(rows)('$name', ({ name, node, bring }) => {
    const does: Record<string, string[]> = {};
    for (const [told, make] of Object.entries(inputs)) {
      const caller = bring(new Caller(graphOf({ start: node, ...ends })));
      const before = caller.state;
      caller.gets(make(before.turn));
      const what = effect(before, caller);
      if (what === '') expect(caller.actions).toEqual([]);
      else does[what] = [...(does[what] ?? []), told];
    }
    const lists = Object.fromEntries(Object.entries(does).map(([what, told]) => [what, told.join(', ')]));
    expect(lists).toEqual(TABLE[name]);
  });
});
