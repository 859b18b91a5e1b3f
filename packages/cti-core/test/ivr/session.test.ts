import { describe, expect, test } from 'vitest';
import { asId, type IvrGraph } from '../../src/contract/index.js';
import { Caller, graphOf, plan, prompt } from './caller.js';

const bye = { type: 'hangup', say: prompt('bye') } as const;

describe('play', () => {
  test('says its announcement as often as asked, then goes on', () => {
    const caller = new Caller(graphOf({ start: { type: 'play', say: prompt('hello'), loop: 2, next: 'bye' }, bye }));
    expect(caller.did).toEqual(['collect start', 'at start', 'play zh/hello']);
    expect(caller.hearsOut().did).toEqual(['play zh/hello']);
    expect(caller.hearsOut().did).toEqual(['at bye', 'play zh/bye']);
    expect(caller.hearsOut().did).toEqual(['collect stop', 'end hangup']);
    expect(caller.state.path).toEqual(['main/start', 'main/bye']);
  });

  test('the end of a playback that is told twice counts once', () => {
    const caller = new Caller(graphOf({ start: { type: 'play', say: prompt('hello'), loop: 2, next: 'bye' }, bye }));
    const { turn } = caller.state;
    caller.gets({ type: 'playbackFinished', turn, outcome: 'done' });
    expect(caller.gets({ type: 'playbackFinished', turn, outcome: 'done' }).did).toEqual([]);
    expect(caller.state.node).toBe('start');
  });

  test('what cannot be played is not repeated, what has no sound is passed', () => {
    const failing = new Caller(graphOf({ start: { type: 'play', say: prompt('hello'), loop: 9, next: 'END' } }));
    expect(failing.hearsOut('failed').did).toEqual(['collect stop', 'end end']);
    const silent = new Caller(graphOf({ start: { type: 'play', say: prompt('missing'), loop: 9, next: 'END' } }));
    expect(silent.did).toEqual(['collect start', 'at start', 'collect stop', 'end end']);
  });

  test('keys interrupt only where barge-in is allowed', () => {
    const nodes = { start: { type: 'play', say: prompt('hello'), next: 'bye' }, bye } as const;
    expect(new Caller(graphOf(nodes)).presses('1').did).toEqual([]);
    const open = new Caller(graphOf({ ...nodes, start: { ...nodes.start, bargeIn: true } }));
    expect(open.presses('1').did).toEqual(['stopPlay', 'at bye', 'play zh/bye']);
    expect(open.presses('1').did).toEqual([]);
  });

  test('late ends of an interrupted playback are ignored', () => {
    const caller = new Caller(
      graphOf({
        start: { type: 'play', say: prompt('hello'), bargeIn: true, next: 'two' },
        two: { type: 'play', say: prompt('menu'), next: 'END' },
      }),
    );
    const { turn } = caller.state;
    caller.presses('1');
    const before = caller.state;
    expect(caller.gets({ type: 'playbackFinished', turn, outcome: 'stopped' }).did).toEqual([]);
    expect(caller.state).toBe(before);
  });
});

describe('menu', () => {
  const flow = graphOf({
    start: {
      type: 'menu',
      say: prompt('menu'),
      keys: { 1: 'sub', 2: 'bye', '*': 'BACK' },
      tries: 2,
      timeoutMs: 4000,
      noInputSay: [prompt('again')],
      noMatchSay: [prompt('wrong')],
      noInput: 'silent',
      noMatch: 'lost',
    },
    sub: { type: 'menu', say: prompt('card'), keys: { 9: 'BACK', 1: 'info' }, noInput: 'BACK', noMatch: 'BACK' },
    info: { type: 'play', say: prompt('hello'), next: 'BACK' },
    silent: { type: 'set', assign: { why: 'silent' }, next: 'END' },
    lost: { type: 'set', assign: { why: 'lost' }, next: 'END' },
    bye,
  });

  test('a key in mid-announcement stops it and counts', () => {
    expect(new Caller(flow).presses('2').did).toEqual(['stopPlay', 'at bye', 'play zh/bye']);
  });

  test('a key after the announcement cancels the wait', () => {
    const caller = new Caller(flow).hearsOut();
    expect(caller.did).toEqual(['timer 4000']);
    expect(caller.presses('2').did).toEqual(['cancelTimer', 'at bye', 'play zh/bye']);
  });

  test('silence and wrong keys are counted together, each with its own words; the last one decides', () => {
    const caller = new Caller(flow).hearsOut();
    expect(caller.waitsOut().did).toEqual(['play zh/again']);
    expect(caller.hearsOut().did).toEqual(['play zh/menu']);
    expect(caller.presses('7').did).toEqual(['stopPlay', 'at lost', 'data {"why":"lost"}', 'collect stop', 'end end']);
    const silent = new Caller(flow).presses('7');
    expect(silent.did).toEqual(['stopPlay', 'play zh/wrong']);
    expect(silent.hearsOut().hearsOut().waitsOut().did).toContain('data {"why":"silent"}');
  });

  test('keys that are no telephone keys are nothing', () => {
    const caller = new Caller(flow);
    for (const digit of ['A', 'D', '', '11', ' ', 'constructor']) {
      expect(caller.gets({ type: 'digit', digit }).did).toEqual([]);
    }
  });

  test('BACK leads to the menu that led here, then to the one before, then to the start', () => {
    const caller = new Caller(flow).presses('1');
    expect(caller.state.node).toBe('sub');
    caller.presses('1');
    expect(caller.state.node).toBe('info');
    caller.hearsOut();
    expect(caller.state.node).toBe('sub');
    caller.presses('9');
    expect(caller.state.node).toBe('start');
    caller.presses('*');
    expect(caller.state.node).toBe('start');
    expect(caller.state.menus).toEqual([]);
  });

  test('going round through menus does not grow the way back', () => {
    const caller = new Caller(flow);
    for (let round = 0; round < 300; round += 1) caller.presses('19');
    expect(caller.state.menus).toEqual([]);
    expect(caller.state.path).toHaveLength(200);
  });

  test('a menu that is entered again by its name forgets the way beyond it', () => {
    const caller = new Caller(
      graphOf({
        start: { type: 'menu', say: [], keys: { 1: 'two' }, noInput: 'END', noMatch: 'END' },
        two: { type: 'menu', say: [], keys: { 1: 'start', 2: 'three' }, noInput: 'END', noMatch: 'END' },
        three: { type: 'menu', say: [], keys: { 9: 'BACK', 1: 'two' }, noInput: 'END', noMatch: 'END' },
      }),
    );
    expect(caller.presses('11').state.menus).toEqual([]);
    expect(caller.presses('12').state.menus).toEqual(['start', 'two']);
    expect(caller.presses('1').state).toMatchObject({ node: 'two', menus: ['start'] });
    expect(caller.presses('29').state).toMatchObject({ node: 'two', menus: ['start'] });
  });

  test('keys pressed ahead run through announcements that end at them', () => {
    const caller = new Caller(
      graphOf({
        start: { type: 'play', say: prompt('hello'), bargeIn: true, next: 'mark' },
        mark: { type: 'set', assign: { seen: 'yes' }, next: 'first' },
        first: { type: 'menu', say: prompt('menu'), keys: { 1: 'second' }, noInput: 'END', noMatch: 'END' },
        second: { type: 'menu', say: prompt('card'), keys: { 2: 'bye' }, noInput: 'END', noMatch: 'END' },
        bye,
      }),
    );
    expect(caller.presses('1').state.node).toBe('second');
    expect(caller.presses('2').state.node).toBe('bye');
    expect(caller.state.path).toEqual(['main/start', 'main/mark', 'main/first', 'main/second', 'main/bye']);
  });
});

describe('collect', () => {
  const node = {
    type: 'collect',
    say: prompt('card'),
    variable: 'card',
    min: 2,
    max: 4,
    timeoutMs: 6000,
    interDigitMs: 2000,
    tries: 2,
    noMatchSay: [prompt('wrong')],
    next: 'ok',
    noInput: 'silent',
    noMatch: 'lost',
  } as const;
  const rest = {
    ok: { type: 'play', say: [{ kind: 'say', variable: 'card', as: 'digits' }], next: 'END' },
    silent: { type: 'return', result: 'silent' },
    lost: { type: 'return', result: 'lost' },
  } as const;
  const flow = graphOf({ start: node, ...rest });

  test('ends by the terminator, which is not part of it', () => {
    const caller = new Caller(flow).presses('12#');
    expect(caller.did).toEqual(['cancelTimer', 'data {"card":"12"}', 'at ok', 'play digits']);
    expect(caller.state.variables.card).toBe('12');
  });

  test('ends at the most keys without waiting, and by silence between keys', () => {
    expect(new Caller(flow).presses('1234').state.variables.card).toBe('1234');
    const slow = new Caller(flow).hearsOut();
    expect(slow.did).toEqual(['timer 6000']);
    expect(slow.presses('1').did).toEqual(['cancelTimer', 'timer 2000']);
    expect(slow.presses('2').waitsOut().state.variables.card).toBe('12');
  });

  test('too few keys are asked for again, then given up', () => {
    const caller = new Caller(flow).presses('1#');
    expect(caller.did).toEqual(['cancelTimer', 'play zh/wrong']);
    expect(caller.state.digits).toBe('');
    expect(caller.presses('#').did).toEqual(['stopPlay', 'at lost', 'collect stop', 'end return lost']);
  });

  test('no key at all', () => {
    const caller = new Caller(flow).hearsOut().waitsOut().hearsOut().waitsOut();
    expect(caller.did).toEqual(['at silent', 'collect stop', 'end return silent']);
  });

  test('the pattern decides; a pattern that is not safe matches nothing', () => {
    const strict = graphOf({ start: { ...node, pattern: '1\\d{3}' }, ...rest });
    expect(new Caller(strict).presses('1234').state.node).toBe('ok');
    expect(new Caller(strict).presses('2234').did).toEqual(['cancelTimer', 'play zh/wrong']);
    const unsafe = graphOf({ start: { ...node, pattern: '(1+)+' }, ...rest });
    expect(new Caller(unsafe).presses('1111').state.node).toBe('start');
  });

  test('without a terminator, # is a key like others; min 0 takes nothing for an answer', () => {
    const open = graphOf({ start: { ...node, terminator: null }, ...rest });
    expect(new Caller(open).presses('12#4').state.variables.card).toBe('12#4');
    const optional = graphOf({ start: { ...node, min: 0 }, ...rest });
    expect(new Caller(optional).presses('#').state.node).toBe('ok');
  });

  test('masked digits, and what is made of them, never become data', () => {
    const secret = graphOf({
      start: { ...node, masked: true },
      ...rest,
      ok: { type: 'set', assign: { copy: 'x{card}', plain: 'y' }, next: 'again' },
      again: { type: 'set', assign: { third: '{copy}', card: 'gone' }, next: 'last' },
      last: { type: 'set', assign: { copy: '{card}' }, next: 'END' },
    });
    const caller = new Caller(secret).presses('1234');
    expect(caller.did.filter((did) => did.startsWith('data'))).toEqual([
      'data {"plain":"y"}',
      'data {"card":"gone"}',
      'data {"copy":"gone"}',
    ]);
    expect(JSON.stringify(caller.actions)).not.toContain('1234');
    expect(caller.state.masked).toEqual(['third']);
  });
});

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
