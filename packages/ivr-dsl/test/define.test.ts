import { contentVersion, isCtiError } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import {
  BACK,
  checkIvr,
  defineIvr,
  END,
  fromJson,
  hangup,
  hours,
  type IvrFlow,
  type IvrGraph,
  MAX_JSON_TEXT,
  menu,
  mode,
  type NodeSpec,
  play,
  queue,
  text,
  toJson,
  transfer,
} from '../src/index.js';
import { flowTest } from '../src/testing/index.js';
import { front, pin, tiny } from './front.js';

const deepFrozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(deepFrozen));

describe('the value', () => {
  test('is plain, frozen to the leaves, and versioned by its content', () => {
    for (const flow of [front, pin, tiny]) {
      expect(deepFrozen(flow)).toBe(true);
      expect(flow.version).toBe(contentVersion(flow));
      expect(JSON.parse(JSON.stringify(flow))).toEqual(flow);
    }
    expect(front.version).not.toBe(pin.version);
  });

  test('does not freeze or keep what the author handed in', () => {
    const rules = [{ from: '09:00', to: '18:00', goTo: 'END' as const }];
    const prompts = { hello: { en: 'hello' } };
    const flow = defineIvr({ id: 'x', languages: ['en'], prompts }, { start: hours({ rules, otherwise: END }) });
    expect(Object.isFrozen(rules[0])).toBe(false);
    prompts.hello.en = 'changed';
    expect(flow.prompts).toEqual({ hello: { en: 'hello' } });
  });

  test('nested nodes get the names of their places', () => {
    expect(Object.keys(front.nodes)).toContain('pick.1');
    expect(front.nodes['pick.1']).toMatchObject({ type: 'menu', keys: { 1: 'sales', 2: 'pick.1.2', '*': BACK } });
    expect(front.nodes['pick.1.2']).toMatchObject({ type: 'transfer', to: { kind: 'extension', number: '8001' } });
  });

  test('durations are milliseconds, what was not given is not there', () => {
    expect(front.nodes.pick).toMatchObject({
      timeoutMs: 4000,
      say: [{ kind: 'prompt' }, { kind: 'silence', forMs: 500 }],
    });
    expect(front.nodes.sales).toEqual({
      type: 'queue',
      queue: 'sales',
      overflowAfterMs: 90_000,
      overflow: 'support',
      full: 'closed',
      returned: 'pick',
    });
    expect(pin.nodes.start).toMatchObject({ interDigitMs: 2500, timeoutMs: 8000, masked: true });
  });

  test('named hours: special working days first, then holidays, then the times', () => {
    expect(front.nodes.start).toEqual({
      type: 'hours',
      calendar: 'cn',
      rules: [
        { from: '09:00', to: '12:00', dayKind: 'workday', goTo: 'pick' },
        { from: '13:30', to: '18:00', dayKind: 'workday', goTo: 'pick' },
        { dayKind: 'workday', goTo: 'closed' },
        { dayKind: 'holiday', goTo: 'closed' },
        { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '12:00', goTo: 'pick' },
        { weekdays: [1, 2, 3, 4, 5], from: '13:30', to: '18:00', goTo: 'pick' },
      ],
      otherwise: 'closed',
    });
    const calendars = { cn: { holidays: ['2026-03-03'], workdays: ['2026-03-07'] } };
    const nodeAt = (at: string) => flowTest(front, { at, calendars, flows: [pin] }).node;
    expect(nodeAt('2026-03-02T10:00')).toBe('pick');
    expect(nodeAt('2026-03-02T12:30')).toBe('closed');
    expect(nodeAt('2026-03-03T10:00')).toBe('closed');
    expect(nodeAt('2026-03-07T10:00')).toBe('pick');
    expect(nodeAt('2026-03-07T20:00')).toBe('closed');
    expect(nodeAt('2026-03-08T10:00')).toBe('closed');
  });

  test('a file name without a language is that of all', () => {
    expect(front.prompts.sorry).toEqual({ zh: 'sorry', en: 'sorry' });
  });

  test('a hundred levels of nested menus', () => {
    let inner = menu({ say: [], keys: { 9: BACK }, noInput: END, noMatch: END });
    for (let level = 0; level < 100; level += 1) {
      inner = menu({ say: [], keys: { 1: inner, 9: BACK }, noInput: END, noMatch: END });
    }
    const deep = defineIvr({ id: 'deep', languages: ['en'], prompts: {} }, { start: inner });
    expect(Object.keys(deep.nodes)).toHaveLength(101);
    flowTest(deep)
      .presses('1'.repeat(100))
      .isAt(`start${'.1'.repeat(100)}`)
      .presses('9'.repeat(100))
      .isAt('start');
  });
});

describe('names of places', () => {
  test('however deep and whatever an edge is called, a node on the spot has a name of its own', () => {
    let inner: NodeSpec<'END', `uses mode m${string}`> = play({ say: [], next: END });
    for (let level = 0; level < 300; level += 1) {
      inner = hours({
        rules: [{ from: '09:00', goTo: inner }],
        otherwise: mode('m', { ways: { 'off duty': hangup(), 'off/duty': END }, otherwise: END }),
      });
    }
    const deep = defineIvr({ id: 'deep', languages: ['en'], prompts: {} }, { start: inner });
    expect(Object.keys(deep.nodes)).toHaveLength(901);
    expect(Math.max(...Object.keys(deep.nodes).map((name) => name.length))).toBeLessThanOrEqual(400);
    expect(checkIvr(deep)).toEqual([]);
    expect(deep.nodes['start.otherwise']).toMatchObject({
      ways: { 'off duty': expect.stringMatching(/^start\.otherwise\.ways\.off_duty-[0-9a-f]{16}$/) },
    });
  });
});

describe('refused at run time', () => {
  const refused = (make: () => unknown): unknown => {
    try {
      make();
    } catch (error) {
      return isCtiError(error, 'flow.invalid') ? error.details.path : error;
    }
    return 'made';
  };
  const base = { id: 'x', languages: ['en'], prompts: {} } as const;
  test.each<[string, () => unknown]>([
    [
      'x.nodes.start.overflowAfter',
      () => defineIvr(base, { start: queue('q', { overflowAfter: '999999h', overflow: END }) }),
    ],
    [
      'x.nodes.start.hours',
      () => defineIvr(base, { start: hours('none' as never, { open: END, closed: END }) as never }),
    ],
    ['x.nodes.start', () => defineIvr(base, { start: { type: 'hangup' } as never })],
    ['x.nodes.start.loop', () => defineIvr(base, { start: play({ say: [], loop: 0, next: END }) })],
    [
      'x.nodes.start.ringTimeoutMs',
      () =>
        defineIvr(base, {
          start: transfer({ to: { agent: 'a' }, ringTimeout: '500ms', busy: END, noAnswer: END, failed: END }),
        }),
    ],
    ['x.nodes.END', () => defineIvr(base, { start: hangup(), END: hangup() } as never)],
    ['x.nodes.a/b', () => defineIvr(base, { start: hangup(), 'a/b': hangup() })],
    ['x.prompts.a.en', () => defineIvr({ ...base, prompts: { a: '../../etc/passwd' } }, { start: hangup() })],
    ['x.prompts.a.en', () => defineIvr({ ...base, prompts: { a: 'http://elsewhere/x' } }, { start: hangup() })],
    ['x.languages[0]', () => defineIvr({ ...base, languages: ['no language'] }, { start: hangup() })],
    ['x.nodes.start.next', () => defineIvr(base, { start: play({ say: [], next: hangup() }), 'start.next': hangup() })],
    ['x.nodes.start.say[0].text', () => defineIvr(base, { start: play({ say: [text('')], next: END }) })],
  ])('%s', (path, make) => {
    expect(refused(make)).toBe(path);
  });
});

describe('JSON', () => {
  test('to and fro without loss: the same value, also by its version', () => {
    for (const flow of [front, pin, tiny]) {
      const back: IvrFlow = fromJson(toJson(flow));
      expect(back).toEqual(flow);
      expect(deepFrozen(back)).toBe(true);
    }
  });

  test('a flow of an editor without a version gets the one that the builder gives', () => {
    const { version, ...open } = JSON.parse(toJson(front)) as IvrGraph;
    expect(fromJson(JSON.stringify(open)).version).toBe(version);
    const turned = JSON.stringify(Object.fromEntries(Object.entries(open).reverse()));
    expect(fromJson(turned)).toEqual(front);
    expect(fromJson(JSON.stringify({ ...open, version: 'mine' })).version).toBe('mine');
  });

  test.each<[string, string]>([
    ['', '{'],
    ['', 'x'.repeat(MAX_JSON_TEXT + 1)],
    ['format', '{}'],
    ['nodes.start.next', toJson(tiny).replace('"next": "END"', '"next": 7')],
    ['nodes.start.extra', toJson(tiny).replace('"next"', '"extra": 1, "next"')],
    ['nodes.start.type', toJson(tiny).replace('"type": "play"', '"type": "teleport"')],
    ['nodes.start.say[0].as', toJson(tiny).replace('"say": []', '"say": [{"kind":"say","variable":"x","as":"song"}]')],
  ])('names the field that is wrong: %s', (path, json) => {
    expect(() => fromJson(json)).toThrow(
      expect.objectContaining({ code: 'flow.invalid', details: expect.objectContaining({ path }) }),
    );
  });
});
