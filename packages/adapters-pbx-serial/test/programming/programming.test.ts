import { CtiError, type ParameterOutcome, type ParameterValue, type ProgrammingFacet } from '@cordboard/cti-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  type Backup,
  compareBackup,
  extensionsOf,
  formatBackup,
  KTS_PARAMETERS,
  KtsProgramming,
  overRange,
  parseBackup,
  parsePlaces,
  readAll,
  restoreBackup,
  takeBackup,
} from '../../src/index.js';
import { FakeSwitch } from './fake-switch.js';
import { manyWrites } from './many-writes.js';

const { signal } = new AbortController();
const wall = Date.UTC(2026, 10, 22);
const head = { wallMs: wall, profile: 'kts-bin/1', model: 'Fake' };
const password = '1234';
let pbx: FakeSwitch;
let facet: KtsProgramming;
beforeEach(() => {
  pbx = new FakeSwitch();
  facet = new KtsProgramming(pbx);
});

const code = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CtiError) return error.code;
    throw error;
  }
  return 'no error';
};
const codesOf = (all: readonly ParameterOutcome[]): string[] => all.map((one) => one.code);
const write = (id: string, index: number, value: ParameterValue) => ({ id, index, value });

describe('reading', () => {
  test('in bulk: a hundred places of a parameter in two requests, and one answer for each in its order', async () => {
    const what = Array.from({ length: 100 }, (_, at) => ({ id: 'classOfService.day', index: 801 + at }));
    const read = await facet.get(what, { signal });
    expect(pbx.asked).toHaveLength(2);
    expect(read.slice(0, 32).every((one) => one.code === 'ok' && one.value === 1)).toBe(true);
    expect(read.slice(32).every((one) => one.code === 'noDevice' && one.value === undefined)).toBe(true);
  });

  test('never more than an answer can carry', async () => {
    pbx.keep = (bytes) => bytes;
    const names = overRange(
      'speedDial.name',
      { from: 1, to: 200 },
      { first: 'x'.repeat(32), type: { kind: 'text', max: 32 }, fill: 'same' },
    );
    expect(codesOf(await facet.set(names, { signal, password })).every((one) => one === 'ok')).toBe(true);
    expect(codesOf(await facet.get(names, { signal })).every((one) => one === 'ok')).toBe(true);
  });

  test('an empty value is one, a place that is not there is none', async () => {
    const read = await facet.get(
      [
        { id: 'attendant', index: 8 },
        { id: 'attendant', index: 9 },
        { id: 'speedDial.number', index: 200 },
        { id: 'speedDial.number', index: 201 },
        { id: 'extension.number', index: 33 },
      ],
      { signal },
    );
    expect(codesOf(read)).toEqual(['ok', 'noDevice', 'ok', 'noDevice', 'noDevice']);
  });

  test('a secret needs the password', async () => {
    expect(codesOf(await facet.get([{ id: 'systemPassword', index: 0 }], { signal }))).toEqual(['denied']);
    expect(await facet.get([{ id: 'systemPassword', index: 0 }], { signal, password })).toMatchObject([
      { code: 'ok', value: '1234' },
    ]);
    expect(pbx.asked.at(-1)?.type).toBe('logout');
  });

  test('an unknown id asks nothing of the switch', async () => {
    expect(await code(facet.get([{ id: 'nonsense', index: 1 }], { signal }))).toBe('argument.invalid');
    expect(await code(facet.get([{ id: 'attendant', index: 70_000 }], { signal }))).toBe('argument.invalid');
    expect(pbx.asked).toHaveLength(0);
  });
});

describe('writing', () => {
  test('each by its own outcome, in order; what is out of range is not sent', async () => {
    const done = await facet.set(
      [
        write('classOfService.day', 801, 3),
        write('classOfService.day', 802, 7),
        write('classOfService.day', 803, 'x'),
        write('classOfService.day', 899, 2),
        write('allowedLines.day', 801, [1, 8]),
        write('allowedLines.day', 802, [1, 9]),
        write('alarm.time', 801, '06:30'),
        write('speedDial.name', 1, '经理'),
        write('flashTime', 2, 600),
      ],
      { signal, password },
    );
    expect(codesOf(done)).toEqual(['ok', 'range', 'wrongType', 'noDevice', 'ok', 'range', 'ok', 'ok', 'ok']);
    expect([...(pbx.raw(31, 1, 2) ?? [])]).toEqual([0x58, 0x02]);
    expect([...(pbx.raw(7, 1, 801) ?? [])]).toEqual([0x81]);
    expect([...(pbx.raw(4, 1, 801) ?? [])]).toEqual([6, 30]);
  });

  test('what reads otherwise is a mismatch, with what it reads', async () => {
    pbx.keep = (bytes, item) => (item === 9 ? Uint8Array.of(9) : bytes);
    expect(await facet.set([write('delayedRing.day', 1, 12)], { signal, password })).toMatchObject([
      { code: 'mismatch', value: 9 },
    ]);
  });

  test('a value counted up over a range', async () => {
    const [type] = KTS_PARAMETERS.flatMap((one) => (one.id === 'extension.number' ? [one.type] : []));
    if (type === undefined) throw new Error('no extension numbers');
    const up = overRange('extension.number', { from: 1, to: 28 }, { first: '601', type, fill: 'countUp' });
    expect(codesOf(await facet.set(up, { signal, password }))).toEqual(Array(28).fill('ok'));
    expect(await extensionsOf(facet, signal)).toEqual([
      ...Array.from({ length: 28 }, (_, at) => 601 + at),
      829,
      830,
      831,
      832,
    ]);
    expect(() => overRange('x', { from: 1, to: 3 }, { first: '98', type, fill: 'countUp' })).toThrow('counting up');
    expect(overRange('x', { from: 1, to: 2 }, { first: '008', type, fill: 'countUp' })[1]?.value).toBe('009');
    expect(parsePlaces('801..803,7')).toEqual([801, 802, 803, 7]);
    expect(parsePlaces('5..1')).toBeUndefined();
  });

  test('the password: wrong, then locked; asked for again when the session has ended; never told back', async () => {
    expect(await code(facet.set([write('outsideToOutside', 0, true)], { signal, password: 'no' }))).toBe(
      'auth.forbidden',
    );
    expect(await facet.set([write('systemPassword', 0, '98765')], { signal, password })).toEqual([
      { id: 'systemPassword', index: 0, code: 'ok' },
    ]);
    for (let n = 0; n < 3; n++) await code(facet.set([write('outsideToOutside', 0, true)], { signal, password }));
    expect(await code(facet.set([write('outsideToOutside', 0, true)], { signal, password: '98765' }))).toBe(
      'auth.forbidden',
    );
    const other = new FakeSwitch();
    other.keep = (bytes) => {
      other.expire();
      return bytes;
    };
    const sets = [
      write('speedDial.number', 1, '1'),
      write('speedDial.number', 5, '2'),
      write('speedDial.number', 9, '3'),
    ];
    expect(codesOf(await new KtsProgramming(other).set(sets, { signal, password }))).toEqual(['ok', 'ok', 'ok']);
  });

  test('a line that is cut: before the first one an error, later the rest is lost', async () => {
    pbx.cutAfter = 0;
    expect(await code(facet.set([write('outsideToOutside', 0, true)], { signal, password }))).toBe('driver.linkLost');
    pbx.reconnect();
    pbx.asked.length = 0;
    pbx.cutAfter = 5;
    const sets = Array.from({ length: 5 }, (_, at) => write('speedDial.number', at * 2 + 1, '1'));
    expect(codesOf(await facet.set(sets, { signal, password }))).toEqual(['ok', 'ok', 'lost', 'lost', 'lost']);
  });

  test('two pieces of work at once do not end each other’s password session', async () => {
    const one = facet.set(
      Array.from({ length: 20 }, (_, at) => write('speedDial.number', at * 2 + 1, '1')),
      { signal, password },
    );
    const other = facet.set([write('outsideToOutside', 0, true)], { signal, password });
    expect(codesOf([...(await one), ...(await other)]).every((each) => each === 'ok')).toBe(true);
  });

  test('nobody waits for one who gave up', async () => {
    const gone = new AbortController();
    gone.abort();
    expect(await code(facet.set([write('outsideToOutside', 0, true)], { signal: gone.signal, password }))).toBe(
      'wait.aborted',
    );
    expect(codesOf(await facet.get([{ id: 'outsideToOutside', index: 0 }], { signal }))).toEqual(['ok']);
  });
});

describe('backup, restore, compare', () => {
  const program = async (): Promise<void> => {
    const extensions = await extensionsOf(facet, signal);
    const writes = manyWrites(facet.catalogue, { lines: pbx.lines, ports: pbx.ports, extensions, seed: 7 });
    expect(writes.length).toBeGreaterThanOrEqual(300);
    const done = await facet.set(writes, { signal, password });
    expect(done.filter((one) => one.code !== 'ok')).toEqual([]);
    const after = await facet.get(writes, { signal, password });
    for (const [at, one] of writes.entries()) expect(after[at]).toMatchObject(one);
  };
  const backup = (more: { readonly secrets?: 'include' } = {}): Promise<Backup> =>
    takeBackup(facet, { signal, password, ...more }, head);

  test('what the switch does not have is told as that, and is nothing that could not be read', async () => {
    const whole = await backup();
    for (const lacking of ['31.1', '22.1', '22.2', '10.1']) pbx.smaller.set(lacking, 0);
    // So many as one request asks for: inside an answer an empty text and none look the same.
    for (const table of ['20.1', '20.2']) pbx.smaller.set(table, 56);
    let absent: readonly ParameterOutcome[] = [];
    const told = {
      ...head,
      absent: (places: typeof absent) => {
        absent = places;
      },
    };
    const taken = await takeBackup(facet, { signal, password }, told);
    expect(taken.unread).toEqual([]);
    const lost = 8 + 8 + 8 + 32 + 144 + 144;
    expect(whole.parameters.length - taken.parameters.length).toBe(lost);
    expect(absent.filter(({ id }) => /^(flashTime|route|doNotDisturb|speedDial)/u.test(id)).length).toBe(
      // All 32 lines of the catalogue, of which this switch has eight.
      lost + 24,
    );
    expect((await compareBackup(facet, taken, { signal, password })).differences).toEqual([]);
    const { differences, equal } = await compareBackup(facet, whole, { signal, password });
    expect([equal, differences.length]).toEqual([taken.parameters.length, lost]);
    expect(new Set(differences.map(({ kind }) => kind))).toEqual(new Set(['onlyInFile']));
    const restored = await restoreBackup(facet, whole, { signal, password });
    expect([restored.outcome, restored.written.length, restored.left.length]).toEqual(['done', 0, lost]);
  });

  test('300 parameters written and read, backed up, wiped, restored, and equal', async () => {
    await program();
    const swapped = [
      write('extension.number', 1, '700'),
      write('extension.number', 2, '801'),
      write('extension.number', 1, '802'),
    ];
    expect(codesOf(await facet.set(swapped, { signal, password }))).toEqual(['ok', 'ok', 'ok']);
    const taken = parseBackup(formatBackup(await backup({ secrets: 'include' })));
    expect(taken.unread).toEqual([]);
    expect((await compareBackup(facet, taken, { signal, password })).differences).toEqual([]);
    pbx.wipe();
    const before = await compareBackup(facet, taken, { signal, password });
    expect(before.differences.length).toBeGreaterThan(200);
    const dry = await restoreBackup(facet, taken, { signal, password, mode: 'dryRun' });
    expect(dry).toMatchObject({ outcome: 'dryRun', written: [] });
    expect(dry.differences).toEqual(before.differences);
    const restored = await restoreBackup(facet, taken, { signal, password });
    expect(restored.outcome).toBe('done');
    expect(restored.written.filter((one) => one.code !== 'ok')).toEqual([]);
    const after = await compareBackup(facet, taken, { signal, password });
    expect(after).toEqual({ equal: taken.parameters.length, differences: [] });
  });

  test('one group by itself, and secrets only when asked for, marked', async () => {
    const lines = await takeBackup(facet, { signal, groups: ['lines'] }, head);
    expect(new Set(lines.parameters.map(({ id }) => KTS_PARAMETERS.find((one) => one.id === id)?.group))).toEqual(
      new Set(['lines']),
    );
    const without = await backup();
    expect(formatBackup(without)).not.toContain('systemPassword');
    const withThem = await backup({ secrets: 'include' });
    expect(withThem.parameters.find(({ id }) => id === 'systemPassword')).toEqual({
      id: 'systemPassword',
      index: 0,
      value: '1234',
      secret: 'secret',
    });
    expect(await code(readAll(facet, { signal, secrets: 'include' }))).toBe('argument.invalid');
  });

  test('a restore that was cut off goes on where it stood', async () => {
    await program();
    const taken = await backup();
    pbx.wipe();
    pbx.asked.length = 0;
    await compareBackup(facet, taken, { signal });
    pbx.cutAfter = 2 * pbx.asked.length + 60;
    const cut = await restoreBackup(facet, taken, { signal, password });
    expect(cut.outcome).toBe('interrupted');
    pbx.reconnect();
    const rest = await restoreBackup(facet, taken, { signal, password });
    expect(rest.outcome).toBe('done');
    expect(rest.unchanged).toBeGreaterThan(cut.unchanged);
    expect((await compareBackup(facet, taken, { signal, password })).differences).toEqual([]);
  });

  test('a parameter of a newer version stays in the file and is told; a checksum that is wrong, and other files, are refused', async () => {
    const taken = await backup();
    const newer = { ...taken, parameters: [...taken.parameters, { id: 'coffee.strength', index: 3, value: 5 }] };
    const text = formatBackup(newer);
    const read = parseBackup(text);
    expect(formatBackup(read)).toBe(text);
    const restored = await restoreBackup(facet, read, { signal, password });
    expect(restored.left).toEqual([{ id: 'coffee.strength', index: 3, code: 'unsupported' }]);
    expect(restored.differences).toEqual([{ id: 'coffee.strength', index: 3, kind: 'unknown', file: 5 }]);
    const bad = (wrong: string): string => {
      try {
        parseBackup(wrong);
      } catch (error) {
        return error instanceof CtiError ? `${error.code} ${error.message}` : 'thrown';
      }
      return 'taken';
    };
    expect(bad(text.replace('"value":"801"', '"value":"881"'))).toMatch(/config\.invalid.*checksum/u);
    expect(bad(text.slice(0, -20))).toMatch(/config\.invalid.*JSON/u);
    expect(bad(text.replace('"version": 1', '"version": 2'))).toMatch(/config\.invalid.*version 2/u);
    expect(bad('{}')).toMatch(/config\.invalid/u);
    expect(bad(formatBackup({ ...taken, parameters: [...taken.parameters, ...taken.parameters] }))).toMatch(/twice/u);
    expect(bad(text.replace('"model": "Fake"', '"model": "Fake",\n  "future": {"a": 1}'))).toMatch(/checksum/u);
  });

  test('differences of each kind', async () => {
    const taken = await backup();
    await facet.set([write('flashTime', 1, 300)], { signal, password });
    const file: Backup = {
      ...taken,
      parameters: [
        ...taken.parameters.filter(({ id, index }) => !(id === 'huntTo' && index === 8)),
        { id: 'flashTime', index: 30, value: 90 },
      ],
    };
    expect((await compareBackup(facet, file, { signal })).differences).toEqual([
      { id: 'flashTime', index: 1, kind: 'value', file: 100, switch: 300 },
      { id: 'flashTime', index: 30, kind: 'onlyInFile', file: 90 },
      { id: 'huntTo', index: 8, kind: 'onlyInSwitch', switch: 0 },
    ]);
  });
});

describe('whatever a switch answers', () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const answer = fc.oneof(
    fc.record({
      type: fc.constant('result' as const),
      ref: fc.constant(1),
      code: fc.constantFrom('ok', 'range', 'denied', 'toomany', 'failed', '#99'),
      codes: fc.array(fc.constantFrom('ok', 'range', '#77'), { maxLength: 20 }),
    }),
    fc.record({
      type: fc.constant('paramValue' as const),
      ref: fc.constant(1),
      item: fc.constantFrom(1, 2, 20, 31),
      index: fc.constantFrom(1, 2, 801),
      field: fc.constantFrom(1, 2),
      valueType: fc.constantFrom('none', 'uint', 'text', 'digits', 'bytes', '#9'),
      values: fc.array(bytes, { maxLength: 70 }),
    }),
    fc.constant({ type: 'clock' as const, ref: 1, at: '2026-11-22T11:00:00' }),
  );
  const what = [
    write('speedDial.name', 1, 'a'),
    write('speedDial.name', 2, 'b'),
    write('classOfService.day', 801, 3),
    write('flashTime', 1, 600),
  ];

  test('each parameter has one outcome, and none is ok that does not read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(answer), async (answers) => {
        let asked = 0;
        const odd = new KtsProgramming({
          welcome: pbx.welcome,
          on: () => () => undefined,
          ask: async ({ type }) => {
            asked++;
            const { value } = answers.next();
            return type === 'login' || type === 'logout' ? { type: 'result', ref: 1, code: 'ok' } : (value as Answer);
          },
        });
        const done = await odd.set(what, { signal, password });
        expect(done.map(({ id, index }) => [id, index])).toEqual(what.map(({ id, index }) => [id, index]));
        done.forEach(({ code: each, value }, at) => {
          if (each === 'ok') expect(value).toEqual(what[at]?.value);
        });
        expect((await odd.get(what, { signal })).length).toBe(what.length);
        expect(asked).toBeLessThan(300);
      }),
      { numRuns: 300 },
    );
  });
});

/** What any reader and writer of parameters has to get right. @returns what it gets wrong */
async function faultsOf(make: (pbx: FakeSwitch) => ProgrammingFacet, parse: typeof parseBackup): Promise<string[]> {
  const wrong: string[] = [];
  const own = new FakeSwitch();
  const tried = make(own);
  const check = (name: string, is: boolean): void => {
    if (!is) wrong.push(name);
  };
  const flash = await tried.set([write('flashTime', 3, 600)], { signal, password });
  check('width', own.raw(31, 1, 3)?.length === 2 && flash[0]?.code === 'ok' && flash[0].value === 600);
  await tried.set([write('delayedRing.day', 2, 7), write('delayedRing.day', 3, 8)], { signal, password });
  check('place', own.raw(9, 1, 2)?.[0] === 7 && own.raw(9, 1, 3)?.[0] === 8 && own.raw(9, 1, 4)?.[0] === 0);
  const last = await tried.get(
    [
      { id: 'speedDial.number', index: 200 },
      { id: 'speedDial.number', index: 201 },
    ],
    { signal },
  );
  check('last place', last[0]?.code === 'ok' && last[1]?.code === 'noDevice');
  const asked = own.asked.length;
  const out = await tried.set([write('warningTone', 801, 61)], { signal, password });
  check('range', out[0]?.code === 'range' && !own.asked.slice(asked).some(({ type }) => type === 'paramSet'));
  const lying = new FakeSwitch();
  lying.keep = () => Uint8Array.of(1);
  const [lie] = await make(lying).set([write('delayedRing.day', 1, 12)], { signal, password });
  check('verified', lie?.code === 'mismatch');
  const told = await tried.set([write('personalPassword.password', 1, '4711')], { signal, password });
  check('secret', told[0]?.code === 'ok' && told[0].value === undefined);
  const both = await tried.set([write('huntTo', 99, 1), write('huntTo', 1, 2)], { signal, password });
  check('each by itself', both[0]?.code === 'noDevice' && both[1]?.code === 'ok');
  try {
    const taken = await takeBackup(new KtsProgramming(own), { signal, groups: ['system'] }, head);
    parse(formatBackup(taken).replace('"value":false', '"value":true'));
    check('checksum', false);
  } catch (error) {
    check('checksum', error instanceof CtiError);
  }
  return wrong;
}

describe('planted', () => {
  test('the product has none', async () => {
    expect(await faultsOf((own) => new KtsProgramming(own), parseBackup)).toEqual([]);
  });

  const altering =
    (alter: (asked: Parameters<FakeSwitch['ask']>[0]) => Parameters<FakeSwitch['ask']>[0]) => (own: FakeSwitch) =>
      new KtsProgramming({
        welcome: own.welcome,
        on: () => () => undefined,
        ask: (asked, options) => own.ask(alter(asked), options),
      });
  const around =
    (
      change: (
        outcomes: readonly ParameterOutcome[],
        what: readonly { readonly value: ParameterValue }[],
      ) => readonly ParameterOutcome[],
    ) =>
    (own: FakeSwitch): ProgrammingFacet => {
      const good = new KtsProgramming(own);
      return {
        catalogue: good.catalogue,
        get: (what, options) => good.get(what, options),
        set: async (what, options) => change(await good.set(what, options), what),
      };
    };
  const planted: Readonly<
    Record<
      string,
      {
        readonly make?: (own: FakeSwitch) => ProgrammingFacet;
        readonly parse?: typeof parseBackup;
        readonly fault: string;
      }
    >
  > = {
    'writes one byte of two': {
      fault: 'width',
      make: altering((asked) =>
        asked.type === 'paramSet' ? { ...asked, values: asked.values.map((one) => one.slice(0, 1)) } : asked,
      ),
    },
    'writes one place too far': {
      fault: 'place',
      make: altering((asked) => (asked.type === 'paramSet' ? { ...asked, index: asked.index + 1 } : asked)),
    },
    'reads one place too far': {
      fault: 'last place',
      make: altering((asked) => (asked.type === 'paramGet' ? { ...asked, index: asked.index + 1 } : asked)),
    },
    'sends what is out of range': {
      fault: 'range',
      make: (own) => {
        const good = new KtsProgramming(own);
        return {
          catalogue: good.catalogue,
          get: (what, options) => good.get(what, options),
          set: async (what, options) => {
            await own.ask({ type: 'login', password }, { signal });
            await own.ask(
              { type: 'paramSet', item: 5, index: 801, field: 1, valueType: 'uint', values: [Uint8Array.of(61)] },
              { signal },
            );
            return good.set(what, options);
          },
        };
      },
    },
    'does not read back': {
      fault: 'verified',
      make: around((all) => all.map((one) => (one.code === 'mismatch' ? { ...one, code: 'ok' as const } : one))),
    },
    'tells secrets': {
      fault: 'secret',
      make: around((all, what) => all.map((one, at) => ({ ...one, value: what[at]?.value ?? '' }))),
    },
    'gives one outcome for all': {
      fault: 'each by itself',
      make: around((all) => all.map((one) => ({ ...one, code: all[0]?.code ?? 'failed' }))),
    },
    'does not check the checksum': { fault: 'checksum', parse: (text) => JSON.parse(text) as Backup },
  };
  for (const [
    name,
    { make = (own: FakeSwitch) => new KtsProgramming(own), parse = parseBackup, fault },
  ] of Object.entries(planted)) {
    test(`one that ${name} is found out`, async () => {
      expect(await faultsOf(make, parse)).toContain(fault);
    });
  }
});
