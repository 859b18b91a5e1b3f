import { describe, expect, test } from 'vitest';
import { asId, type IvrGraph } from '../../src/contract/index.js';
import { Caller, graphOf, plan, prompt } from './caller.js';

const bye = { type: 'hangup', say: prompt('bye') } as const;

describe('variables and language', () => {
  test('texts take variables; system variables cannot be assigned', () => {
    const caller = new Caller(
      graphOf({
        start: {
          type: 'set',
          assign: { who: '{call.number}/{call.dialled}/{none}', 'call.number': 'x', '1x': 'y' },
          next: 'END',
        },
      }),
    );
    expect(caller.did).toContain('data {"who":"13912345678/8100/"}');
    expect(caller.state.variables['call.number']).toBe('13912345678');
  });

  test('names of the language itself are variables and nodes like any other', () => {
    const caller = new Caller(
      graphOf({
        start: {
          type: 'set',
          assign: JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}'),
          next: '__proto__',
        },
      }),
    );
    expect(caller.did.at(-1)).toBe('end end');
    expect(Object.getPrototypeOf(caller.state.variables)).toBe(Object.prototype);
    expect(caller.state.path.at(-1)).toBe('main/__proto__!unknownNode');
    expect(caller.state.variables).toMatchObject({ constructor: 'c', toString: 't' });
  });

  test('variables are bounded in number and length', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`v${index}`, 'x'.repeat(2000)]));
    const caller = new Caller(
      graphOf({
        start: { type: 'set', assign: many, next: 'more' },
        more: { type: 'set', assign: { v1: 'known', late: 'new' }, next: 'END' },
      }),
    );
    expect(caller.state.variables).toMatchObject({ v1: 'known' });
    expect(caller.state.variables).not.toHaveProperty('late');
    expect(Object.keys(caller.state.variables)).toHaveLength(64);
    expect(caller.state.variables.v0).toHaveLength(1000);
  });

  test('the language chooses the files; a prompt that lacks it is said in the first that has it', () => {
    const caller = new Caller(
      graphOf(
        {
          start: { type: 'language', language: 'en', next: 'both' },
          both: { type: 'play', say: [...prompt('hello'), ...prompt('only')], next: 'bye' },
          bye,
        },
        { prompts: { hello: { zh: 'zh/hello', en: 'en/hello' }, only: { zh: 'zh/only' } } },
      ),
    );
    expect(caller.did.at(-1)).toBe('play en/hello+zh/only');
    expect(caller.state.variables['call.language']).toBe('en');
  });

  test('amounts, in the language of the caller; what is no amount is read key by key', () => {
    const flow: IvrGraph = {
      ...graphOf({
        start: { type: 'set', assign: { due: '1250', odd: '12.5' }, next: 'tell' },
        tell: {
          type: 'play',
          say: [
            { kind: 'say', variable: 'due', as: 'money', currency: 'CNY' },
            { kind: 'say', variable: 'odd', as: 'money', currency: 'CNY' },
          ],
          next: 'END',
        },
      }),
      prompts: {
        'money.CNY.major': { zh: 'money/yuan', en: 'money/yuan' },
        'money.CNY.tenth': { zh: 'money/jiao' },
        'money.CNY.minor': { zh: 'money/fen', en: 'money/fen' },
      },
    };
    const caller = new Caller(flow);
    expect(caller.actions.flatMap((action) => (action.type === 'play' ? action.media : []))).toEqual([
      { kind: 'number', value: 12, language: 'zh' },
      { kind: 'prompt', prompt: 'money/yuan', language: 'zh' },
      { kind: 'number', value: 5, language: 'zh' },
      { kind: 'prompt', prompt: 'money/jiao', language: 'zh' },
      { kind: 'digits', text: '125', language: 'zh' },
    ]);
  });

  test('numbers, digits, pauses and texts', () => {
    const flow = graphOf({
      start: { type: 'set', assign: { count: '12', odd: 'a1b2' }, next: 'tell' },
      tell: {
        type: 'play',
        say: [
          { kind: 'say', variable: 'count', as: 'number' },
          { kind: 'say', variable: 'odd', as: 'number' },
          { kind: 'say', variable: 'none', as: 'digits' },
          { kind: 'silence', forMs: 99_999_999 },
          { kind: 'text', text: 'you are {count}th' },
        ],
        next: 'END',
      },
    });
    const media = (caller: Caller) => caller.actions.flatMap((action) => (action.type === 'play' ? action.media : []));
    const silent = [
      { kind: 'number', value: 12, language: 'zh' },
      { kind: 'digits', text: '12', language: 'zh' },
      { kind: 'silence', forMs: 60_000 },
    ];
    expect(media(new Caller(flow, { speech: 'none' }))).toEqual(silent);
    expect(media(new Caller(flow))).toEqual([...silent, { kind: 'speech', text: 'you are 12th', language: 'zh' }]);
    const speech = (text: string) => ({ kind: 'prompt', prompt: `tts/${text}` }) as const;
    expect(media(new Caller(flow, { speech })).at(-1)).toEqual({ kind: 'prompt', prompt: 'tts/you are 12th' });
  });
});

describe('hours', () => {
  test('the first rule that fits, by the calendar that is named', () => {
    const flow = graphOf({
      start: {
        type: 'hours',
        calendar: 'cn',
        rules: [
          { dayKind: 'holiday', goTo: 'closed' },
          { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', goTo: 'open' },
        ],
        otherwise: 'closed',
      },
      open: { type: 'return', result: 'open' },
      closed: { type: 'return', result: 'closed' },
    });
    // The world of the tests is a Monday, ten in the morning.
    expect(new Caller(flow).did.at(-1)).toBe('end return open');
    const calendars = { cn: { holidays: ['2026-03-02'], workdays: [] } };
    expect(new Caller(flow, { calendars }).did.at(-1)).toBe('end return closed');
  });
});

describe('sub-flows', () => {
  const main = graphOf({
    start: { type: 'set', assign: { seen: 'start' }, next: 'root' },
    root: { type: 'menu', say: prompt('menu'), keys: { 1: 'check' }, noInput: 'END', noMatch: 'END' },
    check: { type: 'subflow', flow: 'pin', results: { ok: 'in', odd: 'BACK' }, otherwise: 'out' },
    in: { type: 'play', say: prompt('hello'), next: 'BACK' },
    out: { type: 'return', result: 'out' },
  });
  const pin = graphOf(
    {
      start: {
        type: 'menu',
        say: prompt('card'),
        keys: { 1: 'ok', 2: 'odd', 3: 'RETURN', 4: 'BACK', 5: 'what', 6: 'END' },
        noInput: 'END',
        noMatch: 'END',
      },
      ok: { type: 'return', result: 'ok' },
      odd: { type: 'return', result: 'odd' },
      what: { type: 'return', result: 'constructor' },
    },
    { id: asId('pin'), version: 'p7' },
  );

  test.each([
    ['1', 'main', 'in'],
    ['2', 'main', 'root'],
    ['4', 'pin', 'start'],
  ])('key %s leads to %s/%s', (key, flow, node) => {
    const caller = new Caller([main, pin]).presses(`1${key}`);
    expect(caller.state).toMatchObject({ flow, node });
  });

  test('a result without an edge, and RETURN, lead otherwise', () => {
    for (const key of ['3', '5']) {
      expect(new Caller([main, pin]).presses(`1${key}`).did.at(-1)).toBe('end return out');
    }
    expect(new Caller([main, pin]).presses('16').did.at(-1)).toBe('end end');
  });

  test('the way back is that of the flow one is in', () => {
    const caller = new Caller([main, pin]).presses('1');
    expect(caller.state.stack).toMatchObject([{ flow: 'main', version: 'v1', node: 'check', menus: ['root'] }]);
    expect(caller.state.menus).toEqual([]);
    expect(caller.presses('1').hearsOut().state).toMatchObject({ flow: 'main', node: 'root', stack: [], menus: [] });
  });

  test('a flow that is not there, and flows that call themselves, lead otherwise', () => {
    expect(new Caller(main).presses('1').did.at(-1)).toBe('end return out');
    const self = graphOf({
      start: { type: 'subflow', flow: 'main', results: {}, otherwise: 'deep' },
      deep: { type: 'return', result: 'x' },
    });
    const caller = new Caller(self);
    expect(caller.did.at(-1)).toBe('end return x');
    expect(caller.did.filter((did) => did === 'at start')).toHaveLength(17);
  });

  test('a call ends on the version that it began with; a version that is gone ends it', () => {
    const newer = graphOf({ start: { type: 'return', result: 'new' } }, { version: 'v2' });
    const old = graphOf({
      start: { type: 'play', say: prompt('hello'), next: 'two' },
      two: { type: 'return', result: 'old' },
    });
    expect(new Caller([old, newer]).hearsOut().did.at(-1)).toBe('end return old');
    const caller = new Caller(old);
    const gone = new Caller(newer);
    gone.state = caller.state;
    expect(gone.hearsOut().did).toEqual(['collect stop', 'end end']);
    expect(gone.state.path.at(-1)).toBe('main/start!unknownFlow');
  });
});

describe('bounds and recovery', () => {
  test.each([
    ['set', { start: { type: 'set', assign: {}, next: 'start' } }],
    ['hours', { start: { type: 'hours', rules: [], otherwise: 'start' } }],
    ['silent play', { start: { type: 'play', say: [], next: 'start' } }],
    ['BACK at the start', { start: { type: 'set', assign: {}, next: 'BACK' } }],
  ] as const)('an endless loop of %s is cut', (_, nodes) => {
    const caller = new Caller(graphOf(nodes));
    expect(caller.did.filter((did) => did === 'at start')).toHaveLength(1000);
    expect(caller.did.at(-1)).toBe('end end');
    expect(caller.state.path.at(-1)).toBe('main/start!endless');
    expect(caller.gets({ type: 'reenter' }).did).toEqual([]);
  });

  test('a loop that runs through inputs without time passing is cut as well', () => {
    const caller = new Caller(graphOf({ start: { type: 'queue', queue: 'sales', overflow: 'start' } }));
    for (let again = 0; again < 999; again += 1) caller.gets({ type: 'queueResult', result: 'full' });
    expect(caller.state.phase).toBe('queued');
    caller.gets({ type: 'queueResult', result: 'full' });
    expect(caller.state).toMatchObject({ phase: 'ended' });
    expect(caller.state.path.at(-1)).toBe('main/start!endless');
  });

  test('after an outage the node is entered again: digits cleared, rounds kept', () => {
    const flow = graphOf({
      start: {
        type: 'collect',
        say: prompt('card'),
        variable: 'c',
        min: 1,
        max: 9,
        tries: 2,
        next: 'END',
        noInput: 'END',
        noMatch: 'out',
      },
      out: { type: 'return', result: 'out' },
    });
    const caller = new Caller(flow).presses('#').presses('12');
    const { turn } = caller.state;
    expect(caller.gets({ type: 'reenter' }).did).toEqual(['collect start', 'at start', 'play zh/card']);
    expect(caller.state).toMatchObject({ digits: '', tries: 1 });
    expect(caller.gets({ type: 'timer', turn }).did).toEqual([]);
    expect(caller.presses('#').did.at(-1)).toBe('end return out');
  });

  test('a transfer under way at an outage has failed: nobody is dialled twice', () => {
    const caller = new Caller(
      graphOf({
        start: {
          type: 'transfer',
          to: { kind: 'outside', number: '13912345678' },
          busy: 'END',
          noAnswer: 'END',
          failed: 'no',
        },
        no: { type: 'return', result: 'failed' },
      }),
      { dialPlan: plan },
    );
    expect(caller.gets({ type: 'reenter' }).did).toEqual([
      'collect start',
      'at no',
      'collect stop',
      'end return failed',
    ]);
  });

  test('inputs that do not fit change nothing', () => {
    const caller = new Caller(graphOf({ start: { type: 'play', say: prompt('hello'), next: 'END' } }));
    const before = caller.state;
    caller.gets({ type: 'start' });
    caller.gets({ type: 'timer', turn: before.turn });
    caller.gets({ type: 'queueResult', result: 'full' });
    caller.gets({ type: 'transferResult', result: 'busy' });
    caller.gets({ type: 'playbackFinished', turn: before.turn + 1, outcome: 'done' });
    expect(caller.state).toBe(before);
  });
});
