import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type CallId, type IvrAnswer, type IvrQuestion, type RecordingId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AreaFile } from '../src/questions/area-file.js';
import { AreaTable, MAX_ROWS } from '../src/questions/area-table.js';
import { splitCsvLine } from '../src/questions/csv.js';
import type { HostFunction } from '../src/questions/providers.js';
import { type QuestionOptions, Questions } from '../src/questions/questions.js';
import { Secrets } from '../src/questions/secrets.js';
import { quiet } from './support/shell.js';

const FAILED = { outcome: 'failed' };

function setUp(more: Partial<QuestionOptions> = {}): { questions: Questions; lines: string[] } {
  const lines: string[] = [];
  const write = (message: string, fields?: object): void => {
    lines.push(JSON.stringify([message, fields]));
  };
  const questions = new Questions({
    http: { allow: [], secrets: new Secrets({}) },
    functions: new Map(),
    area: undefined,
    recognise: undefined,
    fax: undefined,
    store: { flush: async () => undefined, recording: async () => undefined },
    driver: () => undefined,
    clock: systemClock,
    random: () => 0,
    log: { debug: write, info: write, warn: write, error: write },
    ...more,
  });
  return { questions, lines };
}

const ask = (
  questions: Questions,
  question: IvrQuestion,
  more: { tries?: number; timeoutMs?: number } = {},
): Promise<IvrAnswer> =>
  questions.ask({
    type: 'ivr',
    callId: asId<CallId>('c1'),
    key: 'c1:f/n:1',
    timeoutMs: 20_000,
    tries: 1,
    question,
    ...more,
  });

const host = (name = 'find-order@1'): IvrQuestion => ({
  type: 'host',
  function: name,
  pass: { number: '4711' },
  keep: { state: 'state', eta: 'eta' },
  ways: ['found', 'none'],
});

describe('a function of the host', () => {
  const run = (fn: HostFunction, more: { tries?: number; timeoutMs?: number } = {}) => {
    const { questions, lines } = setUp({ functions: new Map([['find-order@1', fn]]) });
    return ask(questions, host(), more).then((answer) => ({ answer, lines }));
  };

  test('gets what the flow passes and the key of the visit, and answers with a way and texts', async () => {
    const calls: unknown[] = [];
    const { answer } = await run(({ pass, key, signal }) => {
      calls.push({ pass, key, aborted: signal.aborted });
      return { way: 'found', values: { state: 'sent', more: 'not asked for' } };
    });
    expect(answer).toEqual({ outcome: 'answered', way: 'found', values: { state: 'sent', eta: '' } });
    expect(calls).toEqual([{ pass: { number: '4711' }, key: 'c1:f/n:1', aborted: false }]);
  });

  const wrong: readonly (readonly [string, HostFunction])[] = [
    [
      'throws',
      () => {
        throw new Error('customer 13912345678 is angry');
      },
    ],
    ['rejects', () => Promise.reject(new Error('13912345678'))],
    ['answers a way that the node does not have', () => ({ way: 'elsewhere' })],
    ['answers nothing', () => undefined as never],
    ['answers numbers', () => ({ way: 'found', values: { state: 7 as never } })],
    ['answers a text that is too long', () => ({ way: 'found', values: { state: 'x'.repeat(1001) } })],
    ['never answers', () => new Promise(() => undefined)],
  ];
  test.each(wrong)('that %s is a failure, and the log tells nothing of its words', async (_what, fn) => {
    const { answer, lines } = await run(fn, { timeoutMs: 100 });
    expect(answer).toEqual(FAILED);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toMatch(/139|angry/u);
  });

  test('is told when nobody waits any more', async () => {
    let aborted = false;
    await run(
      ({ signal }) =>
        new Promise(() =>
          signal.addEventListener('abort', () => {
            aborted = true;
          }),
        ),
      { timeoutMs: 50 },
    );
    expect(aborted).toBe(true);
  });

  test('that nobody registered is a failure', async () => {
    expect(await ask(setUp().questions, host('none@1'))).toEqual(FAILED);
  });

  test('is tried as often as the flow allows, with the same key', async () => {
    const keys: string[] = [];
    const { answer } = await run(
      ({ key }) => {
        keys.push(key);
        if (keys.length < 3) throw new Error('busy');
        return { way: 'none' };
      },
      { tries: 3 },
    );
    expect(answer).toMatchObject({ way: 'none' });
    expect(keys).toEqual(['c1:f/n:1', 'c1:f/n:1', 'c1:f/n:1']);
  });
});

test('so many questions are under way at once and no more; when the server stops nobody waits for them', async () => {
  const { questions } = setUp({ functions: new Map([['find-order@1', () => new Promise<never>(() => undefined)]]) });
  const asked = Array.from({ length: 500 }, () => ask(questions, host(), { timeoutMs: 60_000 }));
  expect(questions.running).toBe(500);
  expect(await ask(questions, host())).toEqual(FAILED);
  questions.stop();
  expect(new Set((await Promise.all(asked)).map(({ outcome }) => outcome))).toEqual(new Set(['failed']));
  expect(questions.running).toBe(0);
});

describe('speech and fax', () => {
  const recordingId = asId<RecordingId>('r1');
  const speech: IvrQuestion = { type: 'speech', recordingId, language: 'en', phrases: ['Sales', 'Support'] };
  const record = { recordingId, connectionId: 'main~1', files: ['r1.wav'], format: 'wav' };
  const spoken = (bytes: number): Partial<QuestionOptions> => ({
    store: { flush: async () => undefined, recording: async () => ({ record, files: [] }) as never },
    driver: () => ({
      openRecording: async () =>
        (async function* () {
          for (let n = 0; n < bytes; n += 1000) yield new Uint8Array(1000).fill(7);
        })(),
    }),
  });

  test('the service gets the sound, the language and the phrases', async () => {
    const calls: unknown[] = [];
    const { questions } = setUp({
      ...spoken(3000),
      recognise: ({ bytes, format }, { language, phrases }) => {
        calls.push({ bytes: bytes.length, format, language, phrases });
        return { way: 'match', text: ' sales' };
      },
    });
    expect(await ask(questions, speech)).toEqual({ outcome: 'answered', way: 'match', values: { text: 'Sales' } });
    expect(calls).toEqual([{ bytes: 3000, format: 'wav', language: 'en', phrases: ['Sales', 'Support'] }]);
  });

  test.each([
    [{ way: 'match', text: 'pizza' }, 'noMatch'],
    [{ way: 'noInput' }, 'noInput'],
    [{ way: 'noMatch' }, 'noMatch'],
  ] as const)('%j is %s', async (said, way) => {
    expect(await ask(setUp({ ...spoken(1000), recognise: () => said }).questions, speech)).toMatchObject({ way });
  });

  test('no service, no recording, one that is too long, an answer that is none: a failure', async () => {
    const recognise = () => ({ way: 'match', text: 'Sales' }) as const;
    expect(await ask(setUp(spoken(1000)).questions, speech)).toEqual(FAILED);
    expect(await ask(setUp({ recognise }).questions, speech)).toEqual(FAILED);
    expect(await ask(setUp({ ...spoken(3_000_000), recognise }).questions, speech)).toEqual(FAILED);
    expect(await ask(setUp({ ...spoken(10), recognise: () => ({ way: 'x' }) as never }).questions, speech)).toEqual(
      FAILED,
    );
  });

  test('a fax is handed over with the key of the visit', async () => {
    const sent: unknown[] = [];
    const question: IvrQuestion = { type: 'fax', document: 'prices', number: '+861065001001' };
    const { questions } = setUp({ fax: (fax) => void sent.push(fax) });
    expect(await ask(questions, question)).toEqual({ outcome: 'answered', way: 'done', values: {} });
    expect(sent).toEqual([{ document: 'prices', number: '+861065001001', key: 'c1:f/n:1' }]);
    expect(await ask(setUp().questions, question)).toEqual(FAILED);
  });
});

describe('areas', () => {
  test('the longest beginning that fits is found, as a plain search finds it', () => {
    const digits = fc.stringMatching(/^[0-3]{1,6}$/u);
    fc.assert(
      fc.property(fc.array(digits, { maxLength: 200 }), fc.array(digits, { maxLength: 50 }), (beginnings, numbers) => {
        const table = new AreaTable();
        for (const one of beginnings) expect(table.add(one, { city: one })).toBe('added');
        expect(table.rows).toBe(new Set(beginnings).size);
        for (const number of numbers) {
          const fit = beginnings.filter((one) => number.startsWith(one)).toSorted((a, b) => b.length - a.length)[0];
          expect(table.find(number)?.city).toBe(fit);
        }
      }),
    );
  });

  test('half a million rows are held in little memory and found fast; one more is refused', () => {
    const table = new AreaTable();
    const rowOf = (n: number): string => `861${String(n * 19).padStart(8, '0')}`;
    const before = process.memoryUsage();
    for (let n = 0; n < MAX_ROWS; n++) table.add(rowOf(n), { province: `p${n % 31}`, city: `c${n % 340}` });
    const after = process.memoryUsage();
    expect(table.add('8699', {})).toBe('full');
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(40 * 1024 * 1024);
    const began = process.cpuUsage();
    let missed = 0;
    for (let n = 0; n < 100_000; n++) if (table.find(`${rowOf(n * 5)}12`) === undefined) missed += 1;
    expect(process.cpuUsage(began).user / 100_000).toBeLessThan(100);
    expect(missed).toBe(0);
    expect(table.find(rowOf(340))).toEqual({ province: 'p30', city: 'c0' });
  });

  test('fields may stand in quotes', () => {
    expect(splitCsvLine('86139,"Guang, dong","a ""b""",')).toEqual(['86139', 'Guang, dong', 'a "b"', '']);
  });

  describe('of a file', () => {
    let dir = '';
    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'areas-'));
    });
    afterEach(() => rm(dir, { recursive: true, force: true }));
    const dialPlan = () => ({ countryCode: '86' });

    test('is read at the first question, and anew when it has changed; a broken one leaves the old in place', async () => {
      const file = join(dir, 'areas.csv');
      await writeFile(
        file,
        '\uFEFFprefix,province,city,carrier\n+86139,Guangdong,,Mobile\n010,Beijing,Beijing,\n"+1212",NY,"New York",x\n',
      );
      const clock = new SimulatedClock(0);
      const areas = new AreaFile({ file, dialPlan, clock, log: quiet });
      const { questions } = setUp({ area: areas.find });
      const area = (number: string) => ask(questions, { type: 'area', number });
      const answered = { outcome: 'answered', way: 'done' };
      expect(await area('+8613912345678')).toEqual({
        ...answered,
        values: { province: 'Guangdong', carrier: 'Mobile' },
      });
      expect(await area('01065001001')).toEqual({ ...answered, values: { province: 'Beijing', city: 'Beijing' } });
      expect(await area('+12125550100')).toMatchObject({ values: { city: 'New York' } });
      expect(await area('anonymous')).toEqual({ ...answered, values: {} });
      expect(await area('+49301234')).toEqual({ ...answered, values: {} });
      await writeFile(file, '+86139,Sichuan,Chengdu,\n');
      await utimes(file, 1, 1);
      expect(await area('+8613912345678')).toMatchObject({ values: { province: 'Guangdong' } });
      clock.advance(5000);
      await area('+8613912345678');
      await areas.refresh();
      expect(await area('+8613912345678')).toEqual({ ...answered, values: { province: 'Sichuan', city: 'Chengdu' } });
      await rm(file);
      clock.advance(5000);
      await area('+8613912345678');
      await areas.refresh();
      expect(areas.rows).toBe(1);
    });
  });
});
