import { asId, machineDiagram } from '@cordboard/cti-core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_MACHINE } from '../src/index.js';
import { type Heard, judge, NOTHING_HEARD, type Progress } from '../src/line/progress.js';
import { Bridge } from '../src/sound/bridge.js';
import { Fifo } from '../src/sound/fifo.js';
import { digitNames, numberNames } from '../src/sound/say.js';
import { chainSource, samplesSource, silenceSource } from '../src/sound/source.js';

const heard: fc.Arbitrary<Heard> = fc.oneof(
  fc.record({
    type: fc.constant('tone' as const),
    tone: fc.constantFrom('ringback', 'busy', 'dial' as const),
    state: fc.constantFrom('begins', 'ends' as const),
    forMs: fc.nat(5_000),
  }),
  fc.record({
    type: fc.constant('toneSure' as const),
    tone: fc.constantFrom('busy', 'congestion', 'unobtainable', 'howler', 'toll', 'call_waiting' as const),
  }),
  fc.record({
    type: fc.constant('answer' as const),
    by: fc.constantFrom('polarity', 'ringback-broken', 'voice-after-crbt', 'modem' as const),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.constant<Heard>({ type: 'crbt' }),
  fc.record({ type: fc.constant('answerTone' as const), tone: fc.constantFrom('ced', 'cng', 'modem' as const) }),
  fc.record({ type: fc.constant('voice' as const), state: fc.constantFrom('voice', 'silence' as const) }),
  fc.constant<Heard>({ type: 'voiceLong' }),
  fc.constant<Heard>({ type: 'ringTimeout' }),
) as fc.Arbitrary<Heard>;

describe('the judgement of what is heard', () => {
  it('never ends by its time a call in which a voice or music was heard, and is never surer than sound allows', () => {
    void fc.assert(
      fc.property(fc.array(heard, { maxLength: 12 }), (list) => {
        let progress: Progress = NOTHING_HEARD;
        for (const one of list) {
          const before = progress;
          const { verdict, progress: after } = judge(progress, one);
          progress = after;
          if (verdict.type === 'nothing') continue;
          const { by, confidence } = verdict.evidence;
          if (by !== 'polarity') expect(confidence).toBeLessThanOrEqual(0.9);
          if (by === 'voice' || by === 'voice-after-crbt' || by === 'colour-ringback')
            expect(confidence).toBeLessThanOrEqual(0.5);
          if (verdict.type === 'connected' && before.rings === 'colour' && by !== 'polarity' && by !== 'tone')
            expect(confidence).toBeLessThanOrEqual(0.5);
          if (one.type === 'ringTimeout' && verdict.type === 'cleared')
            expect(before.voice === 'never' || before.rings === 'ringback').toBe(true);
        }
      }),
    );
  });
});

describe('samples between two clocks', () => {
  it('come out in order, and only the oldest are lost', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        (steps, capacity) => {
          const fifo = new Fifo(capacity);
          let model: number[] = [];
          let next = 1;
          for (const [push, pull] of steps) {
            const samples = Int16Array.from({ length: push }, () => next++ % 30_000);
            model.push(...samples);
            const lost = fifo.push(samples);
            expect(lost).toBe(Math.max(0, model.length - capacity));
            model = model.slice(lost);
            const out = new Int16Array(pull);
            const count = fifo.pull(out);
            expect([...out.subarray(0, count)]).toEqual(model.slice(0, count));
            model = model.slice(count);
            expect(fifo.length).toBe(model.length);
          }
        },
      ),
    );
  });

  it('of three in a bridge: each hears the two others and not itself, and a slow one is not heard late', () => {
    const bridge = new Bridge(asId('b'));
    const [a, b, c] = [{}, {}, {}];
    for (const each of [a, b, c]) bridge.join(each);
    bridge.push(a, Int16Array.of(1, 1));
    bridge.push(b, Int16Array.of(10, 10));
    bridge.push(c, Int16Array.of(30_000, 30_000));
    const hears = (who: object): number[] => {
      const out = new Int16Array(2);
      bridge.mixInto(who, out);
      return [...out];
    };
    expect([hears(a), hears(b), hears(c)]).toEqual([
      [30_010, 30_010],
      [30_001, 30_001],
      [11, 11],
    ]);
    bridge.push(a, Int16Array.of(20_000));
    bridge.push(c, Int16Array.of(20_000));
    expect(hears(b)).toEqual([32_767, 0]);
    for (let n = 0; n < 100; n++) bridge.push(a, new Int16Array(160).fill(n));
    const late = new Int16Array(1);
    bridge.mixInto(b, late);
    expect(late[0]).toBeGreaterThan(85);
    bridge.leave(a);
    bridge.push(a, Int16Array.of(5));
    expect(bridge.mixInto(b, new Int16Array(4))).toBe('nothing');
  });

  it('follow one another without a gap', () => {
    const source = chainSource([
      samplesSource(Int16Array.of(1, 2, 3)),
      silenceSource(2),
      samplesSource(Int16Array.of(4)),
    ]);
    const out = new Int16Array(4);
    expect([source.read(out), ...out]).toEqual([4, 1, 2, 3, 0]);
    expect([source.read(out), ...out.subarray(0, 2)]).toEqual([2, 0, 4]);
    expect(source.read(out)).toBe(0);
  });
});

describe('numbers read aloud', () => {
  it('in Chinese', () => {
    const say = (value: number): string => (numberNames(value, 'zh-CN') ?? []).join(' ');
    expect([0, 7, 10, 15, 20, 21, 100, 105, 110, 115, 1_005, 10_230, 100_000, 120_000_003].map(say)).toEqual([
      '0',
      '7',
      '10',
      '10 5',
      '2 10',
      '2 10 1',
      '1 hundred',
      '1 hundred 0 5',
      '1 hundred 1 10',
      '1 hundred 1 10 5',
      '1 thousand 0 5',
      '1 wan 0 2 hundred 3 10',
      '10 wan',
      '1 yi 2 thousand wan 0 3',
    ]);
  });

  it('in English, and nothing for what is no number', () => {
    const say = (value: number): string => (numberNames(value, 'en') ?? []).join(' ');
    expect([0, 13, 42, 100, 1_234, -5, 2_000_000].map(say)).toEqual([
      '0',
      '13',
      '40 2',
      '1 hundred',
      '1 thousand 2 hundred 30 4',
      'minus 5',
      '2 million',
    ]);
    expect([numberNames(1.5, 'en'), numberNames(1e15, 'en'), digitNames('12x'), digitNames('')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(digitNames('1*#A')).toEqual(['1', 'star', 'pound', 'a']);
  });
});

describe('the table of a line', () => {
  it('leads from every state to absent and back to idle', () => {
    expect(machineDiagram(LINE_MACHINE)).toContain('absent --> guard: opened');
    for (const [state, row] of Object.entries(LINE_MACHINE.table))
      if (state !== 'absent') expect(row.lost).toBe('absent');
  });
});
