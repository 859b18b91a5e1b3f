import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { describe, expect, test } from 'vitest';
import { boxFunctions } from './box-functions.js';
import { BoxPins } from './box-pins.js';
import { CallOut } from './call-out.js';

const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const signal = new AbortController().signal;
/** Lets promises that wait for nothing outside go on. */
const settle = async (): Promise<void> => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
};

describe('PINs of voice boxes', () => {
  const pinsOf = (clock = new SimulatedClock(0)) => {
    const boxes = { office: { pin: '4711' }, shop: { pin: { env: 'SHOP_PIN' } }, open: {} };
    return { clock, pins: new BoxPins(boxes, clock, { SHOP_PIN: '123456' }) };
  };

  test('each box is opened by its own PIN alone', () => {
    const { pins } = pinsOf();
    expect([pins.try('office', '4711'), pins.try('shop', '123456')]).toEqual(['open', 'open']);
    for (const [box, pin] of [
      ['office', '123456'],
      ['office', ''],
      ['office', '47110'],
      ['office', '471'],
      ['shop', '4711'],
      ['open', ''],
      ['nowhere', '4711'],
      ['nowhere', ''],
    ] as const)
      expect(pins.try(box, pin), `${box} by ${pin}`).toBe('wrong');
  });

  test('five wrong ones lock a box for a quarter of an hour, the right one too; other boxes are not touched', () => {
    const { pins, clock } = pinsOf();
    const tries = Array.from({ length: 5 }, () => pins.try('office', '0000'));
    expect(tries).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'locked']);
    expect([pins.try('office', '4711'), pins.try('shop', '123456')]).toEqual(['locked', 'open']);
    clock.advance(899_999);
    expect(pins.try('office', '4711')).toBe('locked');
    clock.advance(1);
    expect(pins.try('office', '4711')).toBe('open');
  });

  test('the right one begins the count anew', () => {
    const { pins } = pinsOf();
    for (let n = 0; n < 20; n += 1) {
      expect(pins.try('office', '0000')).toBe('wrong');
      expect(pins.try('office', '4711')).toBe('open');
    }
  });

  test('a PIN that is none is refused by the name of its box, and is not told', () => {
    const clock = new SimulatedClock(0);
    for (const pin of [{ env: 'NONE' }, { file: '/nowhere/pin' }, { env: 'BAD' }]) {
      expect(() => new BoxPins({ office: { pin } }, clock, { BAD: '12x456' })).toThrow(
        'boxes.office.pin: expected 4-12 digits',
      );
    }
  });
});

describe('functions of voice boxes', () => {
  const message = (recordingId: string, box: string, state = 'new') =>
    ({
      record: { recordingId, box, caller: { raw: '13912345678' }, leftWallMs: Date.UTC(2026, 10, 22, 23, 30) },
      state,
    }) as never;

  function functions() {
    const kept = new Map([['m1', message('m1', 'office')]]);
    const done: unknown[] = [];
    const made = boxFunctions({
      pins: { try: (box, pin) => (box === 'office' && pin === '4711' ? 'open' : 'wrong') },
      records: {
        message: async (id) => kept.get(id),
        oldestNew: async (box) => [...kept.values()].find((one: { record: { box: string } }) => one.record.box === box),
        markMessage: async (mark) => void done.push(mark),
      },
      flush: async () => undefined,
      discard: (id) => void done.push({ discard: id }),
      timeZone: 'Asia/Shanghai',
      wallMs: () => 1000.5,
    });
    const ask = (name: string, pass: Record<string, string>) => made[name]?.({ pass, key: 'k', signal });
    return { ask, done };
  }

  test('the next message comes with its caller and the time at the site', async () => {
    const { ask } = functions();
    expect(await ask('cordboard-next-message@1', { box: 'office' })).toEqual({
      way: 'message',
      values: { recording: 'm1', caller: '13912345678', date: '2026-11-23', time: '07:30' },
    });
    expect(await ask('cordboard-next-message@1', { box: 'other' })).toEqual({ way: 'none' });
    expect(await ask('cordboard-open-box@1', { box: 'office', pin: '4711' })).toEqual({ way: 'open' });
  });

  test('a message is marked or deleted in its own box alone', async () => {
    const { ask, done } = functions();
    const mark = (pass: Record<string, string>) =>
      ask('cordboard-mark-message@1', { box: 'office', recording: 'm1', ...pass });
    expect(await mark({ state: 'heard' })).toEqual({ way: 'done' });
    expect(await mark({ state: 'deleted' })).toEqual({ way: 'done' });
    expect(await mark({ state: 'deleted', box: 'other' })).toEqual({ way: 'gone' });
    expect(await mark({ state: 'heard', recording: 'm2' })).toEqual({ way: 'gone' });
    await expect(mark({ state: 'eaten' })).rejects.toThrow();
    expect(done).toEqual([{ id: 'm1', state: 'heard', by: 'mailbox', atWallMs: 1000 }, { discard: 'm1' }]);
  });
});

describe('calling a box out', () => {
  function site(answers: (call: number) => 'done' | 'refused' = () => 'done') {
    const clock = new SimulatedClock(0);
    const waiting = new Set<string>();
    const calls: { atMs: number; command: unknown }[] = [];
    const notes: string[] = [];
    const callOut = new CallOut({
      boxes: { office: { callOut: { number: '13800000000', flow: 'owner', tries: 3, everyMs: 600_000 } }, quiet: {} },
      records: { oldestNew: async (box) => (waiting.has(box) ? ({} as never) : undefined) },
      flush: async () => undefined,
      commands: {
        do: async (_who, command) => {
          calls.push({ atMs: clock.nowMs(), command });
          if (answers(calls.length) === 'refused') throw new Error('refused');
        },
      },
      clock,
      log,
      note: (code) => void notes.push(code),
    });
    const pass = async (ms: number): Promise<void> => {
      await clock.tick(ms);
      await settle();
    };
    return { clock, waiting, calls, notes, callOut, pass };
  }

  test('rings the owner soon, and again until the tries are used up', async () => {
    const { callOut, waiting, calls, pass, clock } = site();
    waiting.add('office');
    callOut.see({ box: 'office', state: 'new' });
    for (const ms of [5000, 600_000, 600_000, 600_000, 600_000]) await pass(ms);
    expect(calls.map(({ atMs }) => atMs)).toEqual([5000, 605_000, 1_205_000]);
    expect(calls[0]?.command).toEqual({ type: 'flow.call', to: '13800000000', flow: 'owner', data: { box: 'office' } });
    expect(clock.pendingTimers).toBe(0);
  });

  test('is over when the messages were heard, and begins anew with the next one', async () => {
    const { callOut, waiting, calls, pass } = site();
    waiting.add('office');
    callOut.see({ box: 'office', state: 'new' });
    await pass(5000);
    waiting.clear();
    await pass(600_000);
    expect(calls).toHaveLength(1);
    waiting.add('office');
    callOut.see({ box: 'office', state: 'new' });
    await pass(5000);
    expect(calls).toHaveLength(2);
  });

  test('ten messages at once are one round of calls; a call that cannot be made is one of its tries', async () => {
    const { callOut, waiting, calls, notes, pass } = site((call) => (call === 1 ? 'refused' : 'done'));
    waiting.add('office');
    for (let n = 0; n < 10; n += 1) callOut.see({ box: 'office', state: 'new' });
    callOut.see({ box: 'quiet', state: 'new' });
    callOut.see({ box: 'unknown', state: 'new' });
    callOut.see({ box: '__proto__', state: 'new' });
    for (const ms of [5000, 600_000, 600_000, 600_000]) await pass(ms);
    expect([calls.length, notes]).toEqual([3, ['callOut.failed']]);
  });

  test('goes on after a restart, and stops with the server', async () => {
    const { callOut, waiting, calls, pass, clock } = site();
    waiting.add('office');
    await callOut.start();
    await pass(5000);
    expect(calls).toHaveLength(1);
    await callOut.stop();
    await callOut.stop();
    callOut.see({ box: 'office', state: 'new' });
    await pass(600_000);
    expect([calls.length, clock.pendingTimers]).toEqual([1, 0]);
  });
});
