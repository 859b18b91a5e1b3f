import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joined, noise, square } from '../test/support/samples.js';
import { encodeCallerIdMessage } from './cid/encode.js';
import type { DspEvent, Hook } from './contract.js';
import { generateDtmf } from './generate/dtmf.js';
import { generateDtmfCallerId } from './generate/dtmf-caller-id.js';
import { cngSource } from './generate/fax-tone.js';
import { generateFskCallerId } from './generate/fsk-caller-id.js';
import { melodySource } from './generate/melody.js';
import { toneOf } from './generate/progress-tone.js';
import { render } from './generate/source.js';
import { createLineDsp, type LineDsp, type LineDspOptions } from './line-dsp.js';
import { CHINA, UNITED_STATES } from './tones/sets.js';
import type { ToneSet } from './tones/tone-set.js';

const silence = (ms: number): Int16Array => new Int16Array(8 * ms);
function tone(name: 'dial' | 'busy' | 'ringback', ms: number, set: ToneSet = CHINA): Int16Array {
  const source = toneOf(set, name);
  if (source === undefined) throw new Error(`no ${name}`);
  return render(source, ms);
}
const message = encodeCallerIdMessage({ type: 'cid', number: '13912345678', datetime: '11220930' });
const fsk = joined(silence(300), generateFskCallerId(message), silence(400));
const dtmfCid = joined(silence(300), generateDtmfCallerId({ number: '02165432100' }), silence(700));
const digits = joined(silence(200), generateDtmf('95588'), silence(200));
/** Dial tone, digits, ringback, somebody who speaks, busy. */
const call = joined(
  tone('dial', 2000),
  digits,
  silence(600),
  tone('ringback', 7000),
  silence(300),
  render(melodySource({ seed: 4 }), 2500),
  silence(500),
  tone('busy', 4000),
);
const cng = joined(silence(200), render(cngSource(), 500), silence(1200));

/** Everything in what a detector tells that can be compared. */
const copied = (events: readonly DspEvent[]): DspEvent[] => events.map((event) => ({ ...event }));
function heard(line: LineDsp, pieces: readonly (readonly [Int16Array, Hook])[], size = 160): DspEvent[] {
  const found: DspEvent[] = [];
  for (const [samples, hook] of pieces)
    for (let at = 0; at < samples.length; at += size)
      found.push(...copied(line.push(samples.subarray(at, at + size), hook)));
  found.push(...copied(line.flush()));
  return found;
}
const summary = (events: readonly DspEvent[]): string[] =>
  events.map((event) => {
    if (event.type === 'cid') return `cid ${event.method} ${event.number}`;
    if (event.type === 'dtmf') return event.digit;
    if (event.type === 'tone' || event.type === 'toneEnd' || event.type === 'fax') return `${event.type} ${event.tone}`;
    return event.type === 'answer' ? `answer ${event.by}` : event.type;
  });
const day = [
  [fsk, 'on'],
  [call, 'off'],
  [dtmfCid, 'on'],
  [cng, 'off'],
] as const;

test('on-hook callers are told and nothing else', () => {
  const both = summary(heard(createLineDsp(), [[joined(fsk, call, cng, dtmfCid), 'on']]));
  expect(both.filter((one) => !one.startsWith('cid'))).toEqual([]);
  expect(both).toContain('cid fsk 13912345678');
  expect(both).toContain('cid dtmf 02165432100');
});

test('off-hook keys, tones, answers and fax machines are told, and no caller', () => {
  const found = summary(heard(createLineDsp(), [[joined(call, fsk, cng), 'off']]));
  expect(found.filter((one) => one.startsWith('cid'))).toEqual([]);
  expect(found).toEqual([
    ...['tone dial', 'toneEnd dial', '9', '5', '5', '8', '8', 'tone ringback', 'toneEnd ringback'],
    ...['answer ringback-broken', 'tone busy', 'toneEnd busy', 'fax cng'],
  ]);
});

describe('a day of a line', () => {
  const whole = heard(createLineDsp(), day);

  test('is told in order, with the times of the line', () => {
    const times = whole.map(({ detectedMs }) => detectedMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const { atMs, detectedMs } of whole) expect(atMs).toBeLessThanOrEqual(detectedMs);
    const start = (fsk.length + 16_000 + 1600) / 8;
    const key = whole.find((event) => event.type === 'dtmf');
    expect(Math.abs((key?.atMs ?? 0) - start)).toBeLessThan(8);
    const fax = whole.find((event) => event.type === 'fax');
    expect(Math.abs((fax?.atMs ?? 0) - (fsk.length + call.length + dtmfCid.length + 1600) / 8)).toBeLessThan(15);
    expect(summary(whole).filter((one) => one.startsWith('cid'))).toEqual([
      'cid fsk 13912345678',
      'cid dtmf 02165432100',
    ]);
  });

  test('is the same however it is cut', () => {
    expect(heard(createLineDsp(), day, 1)).toEqual(whole);
    expect(heard(createLineDsp(), day, 1e9)).toEqual(whole);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9000 }), (size) => {
        expect(heard(createLineDsp(), day, size)).toEqual(whole);
      }),
      { numRuns: 4, seed: 2 },
    );
  });

  test('is the same again after reset and after flush', () => {
    const line = createLineDsp();
    line.push(call.subarray(0, 50_000), 'off');
    line.reset();
    expect(heard(line, day)).toEqual(whole);
    expect(heard(line, day)).toEqual(whole);
  });
});

describe('each detector', () => {
  const none: LineDspOptions = {
    fsk: false,
    dtmfCallerId: false,
    dtmf: false,
    progress: false,
    answer: false,
    fax: false,
    voice: false,
  };
  test.each([
    ['fsk', ['cid']],
    ['dtmfCallerId', ['cid']],
    ['dtmf', ['dtmf']],
    ['progress', ['tone', 'toneEnd']],
    ['answer', ['answer']],
    ['fax', ['fax']],
    ['voice', ['voice']],
  ] as const)('%s can be had alone', (name, types) => {
    const found = heard(createLineDsp({ ...none, [name]: {} }), day);
    expect([...new Set(found.map(({ type }) => type))].toSorted()).toEqual(types);
  });

  test('none at all tells nothing', () => {
    expect(heard(createLineDsp(none), day)).toEqual([]);
  });

  test('is refused with an option out of its range', () => {
    expect(() => createLineDsp({ dtmf: { minToneMs: 1 } })).toThrow(TypeError);
    expect(() => createLineDsp({ fsk: { minLevelDbm0: 5 } })).toThrow(TypeError);
  });
});

test("another country's tones are listened for", () => {
  const american = joined(tone('busy', 5000, UNITED_STATES), silence(500));
  expect(summary(heard(createLineDsp({ toneSet: UNITED_STATES }), [[american, 'off']]))).toContain('tone busy');
  expect(summary(heard(createLineDsp(), [[american, 'off']]))).not.toContain('tone busy');
});

test('a reversal after dialling is an answer, also where the digits were sent by other means', () => {
  const line = createLineDsp();
  line.push(silence(500), 'off');
  expect(line.signal('polarity')).toEqual([]);
  line.dialled();
  line.push(silence(500), 'off');
  expect(copied(line.signal('polarity'))).toMatchObject([
    { type: 'answer', by: 'polarity', confidence: 1, atMs: 1000 },
  ]);
});

test('a line where nothing happens gives one and the same empty list', () => {
  const line = createLineDsp({ voice: {} });
  const first = line.push(silence(20), 'off');
  expect(first).toHaveLength(0);
  expect(line.push(noise(160, { peak: 20 }), 'off')).toBe(first);
  expect(line.push(silence(20), 'on')).toBe(first);
});

describe('whatever comes on the line', () => {
  const minute = 60 * 8000;
  const patterns: Readonly<Record<string, Int16Array>> = {
    'noise of full scale': noise(minute, { peak: 32_767, seed: 41 }),
    'quiet noise': noise(minute, { peak: 300, seed: 42 }),
    'bytes of text': Int16Array.from({ length: minute }, (_, n) => 0x2061 + ((n * 0x0305) & 0x1f1f)),
    'square waves': joined(...[50, 450, 700, 1200, 2100].map((hz) => square(minute / 5, hz))),
    'the ends of the scale': Int16Array.from({ length: minute }, (_, n) => (n & 4096 ? 32_767 : -32_768)),
    'a steady value': new Int16Array(minute).fill(20_000),
  };
  test.each(Object.entries(patterns))('%s: no throw, no caller, no key, times in order', (_, samples) => {
    for (const hook of ['on', 'off'] as const) {
      const found = heard(createLineDsp({ voice: {} }), [[samples, hook]], 8000);
      expect(found.filter(({ type }) => type === 'cid' || type === 'dtmf' || type === 'answer')).toEqual([]);
      for (const { atMs, detectedMs } of found) {
        expect(atMs).toBeGreaterThanOrEqual(0);
        expect(detectedMs).toBeGreaterThanOrEqual(atMs);
      }
    }
  });
});
