import { describe, expect, test } from 'vitest';
import { Caller, graphOf, prompt } from './caller.js';

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
