import { CtiError, type LogFields, type ParameterOutcome, type ParameterValue } from '@cordboard/cti-core';
import {
  type KeypadBoxFaults,
  type KeypadBoxOptions,
  KeypadLanguage,
  type KeypadLanguageOptions,
  Scheduler,
  SimulatedKeypadBox,
} from '@cordboard/simulator';
import { generateDtmf, noiseSource, render, toneSource } from '@cordboard/telephony-dsp';
import { describe, expect, test } from 'vitest';
import {
  BACKUP_FORMAT,
  compileItem,
  compileOrder,
  DeviceKeypadLine,
  formatBackup,
  type KeypadModel,
  KeypadProgramming,
  type KeypadProgrammingOptions,
  keypadItems,
  parseBackup,
  restoreBackup,
  ToneEar,
  takeBackup,
} from '../../src/index.js';

const password = '1967590';
const { signal } = new AbortController();
type Given = readonly { readonly id: string; readonly index: number; readonly value: ParameterValue }[];
const codesOf = (all: readonly ParameterOutcome[]): string[] => all.map((one) => one.code);

interface World {
  readonly language: KeypadLanguage;
  readonly box: SimulatedKeypadBox;
  readonly line: DeviceKeypadLine;
  readonly facet: KeypadProgramming;
  readonly clock: Scheduler;
  readonly logged: string[];
  /** Lets virtual time run until it is done. */
  run<T>(work: Promise<T>): Promise<T>;
}

function world(
  more: {
    readonly model?: KeypadModel;
    readonly faults?: KeypadBoxFaults;
    readonly language?: Partial<KeypadLanguageOptions>;
    readonly box?: Partial<KeypadBoxOptions>;
    readonly facet?: Partial<KeypadProgrammingOptions>;
  } = {},
): World {
  const { model = 'ws824', faults = {} } = more;
  const clock = new Scheduler(Date.UTC(2026, 10, 22));
  const language = new KeypadLanguage({ model, ...more.language });
  const box = new SimulatedKeypadBox({ clock, language, faults, ...more.box });
  const line = new DeviceKeypadLine({ clock, device: box });
  const logged: string[] = [];
  const note = (message: string, fields?: LogFields): void => void logged.push(JSON.stringify([message, fields]));
  const log = { debug: note, info: note, warn: note, error: note };
  const facet = new KeypadProgramming({ line, log, model, ...more.facet });
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const settled = work.finally(() => {
      isDone = true;
    });
    settled.catch(() => undefined);
    for (let steps = 0; !isDone && steps < 200_000; steps++) {
      // Whatever waits for what has just happened goes on first.
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
      if (!isDone) clock.step();
    }
    return settled;
  };
  return { language, box, line, facet, clock, logged, run };
}

/** Lines 1-2 by item 01, lines 1 by 02, ports by 14: 20 parameters and more. */
function twenty(): Given {
  const values: Readonly<Record<string, number>> = {
    'lineSetup.connection': 1,
    'lineSetup.callerIdDelay': 3,
    'lineSetup.answering': 1,
    'lineSetup.attendantWhen': 1,
    'lineSetup.restriction': 0,
    'lineOptions.pbxLine': 0,
    'lineOptions.direct': 1,
    'lineOptions.release': 1,
    'lineOptions.flash': 2,
    'lineOptions.charging': 1,
  };
  const lines = Object.entries(values).map(([id, value]) => ({ id, index: id.startsWith('lineSetup') ? 5 : 8, value }));
  const ports = [1, 2, 3, 17, 24].flatMap((index) => [
    { id: 'classOfService.unlocked', index, value: 1 + (index % 6) },
    { id: 'classOfService.locked', index, value: 6 },
  ]);
  return [...lines, ...ports];
}
const twentySaved = [
  ['01 05', '13110'],
  ['02 08', '01121'],
  ['14 001', '26'],
  ['14 002', '36'],
  ['14 003', '46'],
  ['14 017', '66'],
  ['14 024', '16'],
];

describe('over sound', () => {
  test('20 parameters in virtual time: each taken by the switch, which is not the same as verified', async () => {
    const { facet, language, run, line, clock } = world();
    const done = await run(facet.set(twenty(), { signal, password }));
    expect(done).toHaveLength(20);
    expect(new Set(codesOf(done))).toEqual(new Set(['unverified']));
    expect([...language.saved]).toEqual(twentySaved);
    expect(clock.nowMs()).toBeLessThan(90_000);
    await line.close();
    clock.runTo(clock.nowMs() + 1_000);
    expect(clock.pending).toBe(0);
  });

  test('a noisy line, another busy tone, a short beep and a quiet one change nothing', async () => {
    const worlds = [
      { faults: { noiseDbm0: -38 }, box: { levelDbm0: -20 } },
      { box: { busyMs: [500, 500] as const, beepMs: 500 } },
      { box: { beepMs: 1_800, levelDbm0: -28 } },
    ];
    for (const one of worlds) {
      const { facet, language, run } = world(one);
      expect(new Set(codesOf(await run(facet.set(twenty(), { signal, password }))))).toEqual(new Set(['unverified']));
      expect([...language.saved]).toEqual(twentySaved);
    }
  });

  test('keys that get lost are dialled again, from the start', async () => {
    for (const lost of [3, 11, 12, 13, 16, 20, 25]) {
      const { facet, language, run, logged } = world({ faults: { loses: (key) => key === lost } });
      const done = await run(facet.set(twenty(), { signal, password }));
      expect(new Set(codesOf(done)), `key ${lost}`).toEqual(new Set(['unverified']));
      expect([...language.saved], `key ${lost}`).toEqual(twentySaved);
      expect(logged.join()).not.toMatch(/1967590|787/u);
    }
  });

  test('a wrong password is told after two tries and is nowhere in the log', async () => {
    const { facet, run, box, logged, language } = world();
    const error = await run(facet.set(twenty(), { signal, password: '7654321' })).catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'auth.forbidden' });
    expect(box.heardKeys).toBe('#7877654321#7877654321');
    expect(`${logged.join()}${error instanceof Error ? error.message + JSON.stringify(error) : ''}`).not.toContain(
      '7654321',
    );
    expect(language.saved.size).toBe(0);
  });

  test('what the switch does not have is refused by it, and the rest goes on', async () => {
    const { facet, run, language } = world({ language: { lines: 4, ports: 8 } });
    const done = await run(facet.set(twenty(), { signal, password }));
    expect(codesOf(done)).toEqual([
      ...Array(10).fill('range'),
      ...Array(6).fill('unverified'),
      ...Array(4).fill('range'),
    ]);
    expect([...language.saved.keys()]).toEqual(['14 001', '14 002', '14 003']);
  });

  test('no dial tone, no tones at all, a box that is pulled out', async () => {
    const seized = world({ faults: { seized: () => true } });
    await expect(seized.run(seized.facet.set(twenty(), { signal, password }))).rejects.toMatchObject({
      code: 'driver.refused',
    });
    const once = world({ faults: { seized: (lifting) => lifting === 1 } });
    expect(
      codesOf(await once.run(once.facet.set(twenty(), { signal, password }))).every((one) => one === 'unverified'),
    ).toBe(true);
    const mute = world({ faults: { tones: 'none' } });
    await expect(mute.run(mute.facet.set(twenty(), { signal, password }))).rejects.toMatchObject({
      code: 'driver.refused',
    });
    const pulled = world({ faults: { removedAfter: 30 } });
    const codes = codesOf(await pulled.run(pulled.facet.set(twenty(), { signal, password })));
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('unverified'));
    expect(codes.slice(5)).toEqual(Array(15).fill('lost'));
    const early = world({ faults: { removedAfter: 3 } });
    await expect(early.run(early.facet.set(twenty(), { signal, password }))).rejects.toMatchObject({
      code: 'device.lost',
    });
  });

  test('given up: the line is laid down', async () => {
    const { facet, run, box, line, clock } = world();
    const ending = new AbortController();
    clock.setTimer(9_000, () => ending.abort());
    await expect(run(facet.set(twenty(), { signal: ending.signal, password }))).rejects.toMatchObject({
      code: 'wait.aborted',
    });
    const keys = box.heardKeys;
    clock.runTo(clock.nowMs() + 5_000);
    expect(box.heardKeys).toBe(keys);
    await line.close();
    await line.close();
  });

  test('orders: clock, lock and unlock, and those of the GW family', async () => {
    const { facet, run, language } = world();
    await run(facet.order({ type: 'clock', at: '2026-11-22T11:30:00' }, { signal, password }));
    expect(language.saved.get('00')).toBe('26*11*22*11*30');
    await run(facet.order({ type: 'lock', pin: '4711' }, { signal }));
    expect(language.lockedBy).toBe('4711');
    await expect(run(facet.order({ type: 'unlock', pin: '4712' }, { signal }))).rejects.toMatchObject({
      code: 'driver.refused',
    });
    await run(facet.order({ type: 'unlock', pin: '4711' }, { signal }));
    expect(language.lockedBy).toBeUndefined();
    await expect(run(facet.order({ type: 'initialise' }, { signal, password }))).rejects.toMatchObject({
      code: 'command.notSupported',
    });
    const gw = world({
      model: 'gw600',
      facet: { enter: '*9{password}#' },
      language: { enter: ['*9', '#'], lines: 16 },
    });
    const set = [
      { id: 'charging.delay', index: 0, value: 7 },
      { id: 'charging.by', index: 0, value: 0 },
      { id: 'charging.by', index: 13, value: 1 },
      { id: 'charging.incoming', index: 0, value: 1 },
      { id: 'charging.delay', index: 0, value: 100 },
    ];
    expect(codesOf(await gw.run(gw.facet.set(set, { signal, password })))).toEqual([
      ...Array(4).fill('unverified'),
      'range',
    ]);
    expect([
      gw.language.saved.get('by 1'),
      gw.language.saved.get('by 13'),
      gw.language.saved.get('delay'),
      gw.language.saved.get('incoming'),
    ]).toEqual(['delay', 'reversal', '07', 'charged']);
    await gw.run(gw.facet.order({ type: 'initialise' }, { signal, password }));
    expect(gw.language.saved.size).toBe(0);
    const small = world({
      model: 'gw200',
      facet: { enter: '*9{password}#' },
      language: { enter: ['*9', '#'], extensions: ['8013', '8028'] },
    });
    const levels = [
      { id: 'classOfService', index: 8013, value: 1 },
      { id: 'classOfService', index: 8028, value: 92 },
      { id: 'classOfService', index: 8028, value: 10 },
      { id: 'classOfService', index: 8014, value: 1 },
    ];
    expect(codesOf(await small.run(small.facet.set(levels, { signal, password })))).toEqual([
      'unverified',
      'unverified',
      'range',
      'range',
    ]);
    await small.run(small.facet.order({ type: 'restrict', level: 2, prefix: '00' }, { signal, password }));
    await small.run(small.facet.order({ type: 'clearClass', extension: '8028' }, { signal, password }));
    expect([...small.language.saved]).toEqual([
      ['class 8013', '1'],
      ['restrict 2', '00'],
    ]);
  });
});

test('a file programs a switch that cannot be read; there is no backup of one', async () => {
  const { facet, run, language } = world();
  await expect(run(takeBackup(facet, { signal }, { wallMs: 0 }))).rejects.toMatchObject({
    code: 'command.notSupported',
  });
  const file = parseBackup(
    formatBackup({
      format: BACKUP_FORMAT,
      version: 1,
      takenAt: '',
      groups: ['lines', 'extensions'],
      secrets: 'omitted',
      parameters: [...twenty(), { id: 'coffee', index: 1, value: 1 }],
      unread: [],
    }),
  );
  const done = await run(restoreBackup(facet, file, { signal, password }));
  expect(done.outcome).toBe('done');
  expect(new Set(codesOf(done.written))).toEqual(new Set(['unverified']));
  expect(done.left).toEqual([{ id: 'coffee', index: 1, code: 'unsupported' }]);
  expect([...language.saved]).toEqual(twentySaved);
});

describe('what is dialled', () => {
  test('as the maker’s example has it: line 5, attendant by day', () => {
    const [setup] = keypadItems('ws824');
    if (setup === undefined) throw new Error('no items');
    expect(compileItem(setup, 5, [1, 0, 1, 1, 0])).toEqual([
      { digits: '01', expect: 'field' },
      { digits: '05*10110#', expect: 'accepted' },
    ]);
    expect(compileOrder('ws824', { type: 'clock', at: '2026-01-02T03:04:05' }).steps.at(-1)?.digits).toBe(
      '26*01*02*03*04#',
    );
    const cos = keypadItems('ws824').find(({ item }) => item === 'classOfService');
    expect(cos && compileItem(cos, 0, [1, 4]).at(-1)?.digits).toBe('****14#');
    expect(cos && compileItem(cos, 1, [1, 4]).at(-1)?.digits).toBe('001*14#');
  });

  test('what no public document tells is not offered, and what goes together has to be given together', async () => {
    const { facet, run } = world();
    expect(keypadItems('ws824').map(({ item }) => item)).toEqual(['lineSetup', 'lineOptions', 'classOfService']);
    expect(keypadItems('ws824', { places: 20, placeDigits: 2, maxDigits: 8 })).toHaveLength(7);
    await expect(facet.get([{ id: 'denied.class2', index: 1 }])).rejects.toMatchObject({ code: 'argument.invalid' });
    expect(codesOf(await facet.get([{ id: 'lineSetup.restriction', index: 1 }]))).toEqual(['unsupported']);
    const alone = run(facet.set([{ id: 'lineSetup.restriction', index: 1, value: 1 }], { signal, password }));
    await expect(alone).rejects.toMatchObject({
      code: 'argument.invalid',
      details: { all: expect.arrayContaining(['lineSetup.connection']) },
    });
    const gw = world({ model: 'gw600' });
    await expect(
      gw.run(gw.facet.set([{ id: 'charging.delay', index: 0, value: 5 }], { signal, password })),
    ).rejects.toMatchObject({ code: 'command.notSupported' });
    const tables = world({ facet: { tables: { places: 20, placeDigits: 2, maxDigits: 8 } } });
    const codes = codesOf(
      await tables.run(
        tables.facet.set(
          [
            { id: 'denied.class2', index: 3, value: '00' },
            { id: 'allowed.class5', index: 1, value: '110' },
            { id: 'denied.class2', index: 4, value: '1#' },
          ],
          { signal, password },
        ),
      ),
    );
    expect(codes).toEqual(['unverified', 'unverified', 'wrongType']);
    expect([...tables.language.saved]).toEqual([
      ['15 03', '00'],
      ['18 01', '110'],
    ]);
  });
});

describe('the ear', () => {
  const tone = (hz: number, cadenceMs: readonly number[] | undefined, ms: number): Int16Array =>
    render(
      toneSource({ tone: 'dial', hz: [hz], ...(cadenceMs === undefined ? {} : { cadenceMs }) }, { levelDbm0: -15 }),
      ms,
    );
  const silence = (ms: number): Int16Array => new Int16Array(ms * 8);
  const heardOf = (...parts: readonly Int16Array[]): string[] => {
    const ear = new ToneEar();
    const noise = noiseSource(-45, 3);
    return parts.flatMap((part) => {
      const own = part.slice();
      noise.mix(own);
      const heard: string[] = [];
      for (let at = 0; at < own.length; at += 77)
        heard.push(...[ear.push(own.subarray(at, at + 77))].filter((one) => one !== undefined));
      return heard;
    });
  };

  test('dial, busy and a beep, 25 Hz up and down', () => {
    for (const hz of [425, 450, 475]) {
      expect(heardOf(tone(hz, undefined, 4_000))).toEqual(['dial']);
      expect(heardOf(tone(hz, [350, 350], 1_900))).toEqual(['busy']);
      expect(heardOf(tone(hz, [700, 700], 3_400))).toEqual(['busy']);
      expect(heardOf(tone(hz, undefined, 1_000), silence(1_500))).toEqual(['longBeep']);
      expect(heardOf(tone(hz, [400, 40], 4_000))).toEqual(['dial']);
    }
  });

  test('a click, a short beep, keys, another tone, noise: nothing', () => {
    expect(heardOf(tone(450, undefined, 200), silence(2_000))).toEqual([]);
    expect(heardOf(generateDtmf('1234567890*#', { toneMs: 500, gapMs: 500 }))).toEqual([]);
    expect(heardOf(tone(1_000, undefined, 3_000))).toEqual([]);
    expect(heardOf(render(noiseSource(-20, 9), 5_000))).toEqual([]);
  });
});

describe('planted', () => {
  /** What is wrong with what a program that dials does. */
  const faultsOf = async (make: (given: World) => KeypadProgramming['set']): Promise<string[]> => {
    const wrong: string[] = [];
    const good = world();
    const done = await good.run(make(good)(twenty(), { signal, password })).catch(() => []);
    if (done.some(({ code }) => code === 'ok')) wrong.push('verified');
    if (JSON.stringify([...good.language.saved]) !== JSON.stringify(twentySaved)) wrong.push('digits');
    const none = world({ language: { lines: 4, ports: 0 } });
    const refused = await none.run(make(none)(twenty(), { signal, password })).catch(() => []);
    if (refused.some(({ code }) => code === 'unverified')) wrong.push('refusals');
    return wrong;
  };
  const changed =
    (change: (given: Given) => Given) =>
    ({ facet }: World): KeypadProgramming['set'] =>
    (what, options) =>
      facet.set(change(what), options);

  test('the product has none of these', async () => {
    expect(
      await faultsOf(
        ({ facet }) =>
          (what, options) =>
            facet.set(what, options),
      ),
    ).toEqual([]);
  });
  test.each<[string, string, (given: World) => KeypadProgramming['set']]>([
    [
      'says verified for taken',
      'verified',
      ({ facet }) =>
        async (what, options) =>
          (await facet.set(what, options)).map((one) => ({ ...one, code: 'ok' })),
    ],
    ['is one place too far', 'digits', changed((given) => given.map((one) => ({ ...one, index: one.index + 1 })))],
    [
      'turns the fields round',
      'digits',
      changed((given) =>
        given.map((one) => (typeof one.value === 'number' ? { ...one, value: one.value === 1 ? 0 : 1 } : one)),
      ),
    ],
    [
      'takes a refusal for a success',
      'refusals',
      ({ facet }) =>
        async (what, options) =>
          (await facet.set(what, options)).map((one) => ({ ...one, code: 'unverified' })),
    ],
  ])('one that %s is found out', async (_name, fault, make) => {
    expect(await faultsOf(make)).toContain(fault);
  });
});

test('errors are of one class', () => {
  expect(() => compileOrder('ws824', { type: 'lock', pin: 'x' })).toThrow(CtiError);
  expect(() => compileOrder('gw200', { type: 'restrict', level: 0, prefix: '0' })).toThrow(CtiError);
});
