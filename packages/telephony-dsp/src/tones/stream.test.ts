import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCall } from '../../test/signals/call-scenarios.js';
import { keys, onLine, seeded, speech, Tape, tone } from '../../test/signals/progress-signals.js';
import type { Detector, DspEvent, ToneEndEvent, ToneEvent } from '../contract.js';
import { createFax } from '../fax/index.js';
import { createVoice } from '../voice/index.js';
import { createCallProgress } from './call-progress.js';
import { createProgress } from './progress.js';
import { ProgressCore } from './progress-core.js';
import { CHINA, UNITED_KINGDOM } from './sets.js';

const MAKERS: Record<string, () => Detector> = {
  progress: () => createProgress({ tones: CHINA }),
  'progress of two frequencies': () => createProgress({ tones: UNITED_KINGDOM }),
  'call progress': () => createCallProgress({ tones: CHINA }),
  fax: () => createFax(),
  voice: () => createVoice(),
};

function mixture(): Int16Array {
  const random = seeded(31);
  const tape = new Tape()
    .add(tone({ hz: [450], dbm0: -12, cadence: [0.35, 0.35], seconds: 3 }))
    .add(tone({ hz: [400, 450], dbm0: -12, cadence: [0.4, 0.2, 0.4, 2], seconds: 6 }))
    .add(keys('123', { on: 0.08, off: 0.08, dbm0: -9 }))
    .quiet(0.5)
    .add(tone({ hz: [1100], dbm0: -14, cadence: [0.5, 3], seconds: 3 }))
    .add(speech({ seconds: 2, dbm0: -15 }, random))
    .add(tone({ hz: [2100], dbm0: -14, cadence: [], seconds: 2 }))
    .quiet(1);
  return onLine(tape.data, { noiseDbm0: -50 }, random);
}

function inPieces(detector: Detector, samples: Int16Array, sizes: readonly number[]): DspEvent[] {
  const events: DspEvent[] = [];
  let at = 0;
  for (let n = 0; at < samples.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    events.push(...detector.push(samples.subarray(at, at + size), 'off'));
    at += size;
  }
  return events;
}

describe.each(Object.entries(MAKERS))('the stream of %s', (_name, make) => {
  const samples = mixture();
  const whole = [...make().push(samples, 'off')];

  it('may be cut anywhere', () => {
    expect(whole.length).toBeGreaterThan(0);
    expect(inPieces(make(), samples, [1])).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(inPieces(make(), samples, sizes)).toEqual(whole);
      }),
      { numRuns: 8, seed: 5 },
    );
  });

  it('begins anew after reset and flush', () => {
    const detector = make();
    detector.push(samples.subarray(0, 20_001), 'off');
    detector.reset();
    expect([...detector.push(samples, 'off')]).toEqual(whole);
    detector.flush();
    expect([...detector.push(samples, 'off')]).toEqual(whole);
  });

  it('tells times in order, and nothing before it was sure', () => {
    let last = 0;
    for (const event of whole) {
      expect(event.atMs).toBeGreaterThanOrEqual(0);
      expect(event.detectedMs).toBeGreaterThanOrEqual(event.atMs);
      expect(event.detectedMs).toBeGreaterThanOrEqual(last);
      last = event.detectedMs;
    }
  });

  it('stands whatever comes', () => {
    const detector = make();
    const random = seeded(7);
    const hostile: Int16Array[] = [
      new Int16Array(8000).fill(32767),
      new Int16Array(8000).fill(-32768),
      Int16Array.from({ length: 8000 }, (_, n) => (n % 2 === 0 ? 32767 : -32768)),
      Int16Array.from({ length: 8000 }, (_, n) => (Math.floor(n / 9) % 2 === 0 ? 32767 : -32768)),
      Int16Array.from({ length: 16000 }, () => Math.floor(random() * 65536) - 32768),
      new Int16Array(8000),
    ];
    for (const piece of hostile) expect(detector.push(piece, 'off').length).toBeLessThan(4);
    detector.reset();
    expect([...detector.push(samples, 'off')]).toEqual(whole);
  });

  it('gives one and the same empty answer where nothing is found', () => {
    const detector = make();
    const quiet = new Int16Array(160);
    const first = detector.push(quiet, 'off');
    for (let n = 0; n < 50; n++) expect(detector.push(quiet, 'off')).toBe(first);
  });
});

describe('a call', () => {
  it('is followed alike however its samples come', () => {
    const call = drawCall('crbt-answer', seeded(12));
    const whole = [...createCallProgress({ tones: CHINA }).push(call.samples, 'off')];
    expect(inPieces(createCallProgress({ tones: CHINA }), call.samples, [160])).toEqual(whole);
    expect(inPieces(createCallProgress({ tones: CHINA }), call.samples, [7, 333, 1])).toEqual(whole);
  });
});

describe('a stream of years', () => {
  it('loses no precision', () => {
    const samples = onLine(tone({ hz: [450], dbm0: -12, cadence: [0.35, 0.35], seconds: 3 }), {}, seeded(1));
    const hear = (blocks: number): readonly (ToneEvent | ToneEndEvent)[] => {
      const core = new ProgressCore({ tones: CHINA });
      core.front.blocks = blocks;
      core.runs.resetAt(blocks);
      const out: (ToneEvent | ToneEndEvent)[] = [];
      for (let at = 0; at < samples.length; ) {
        at = core.front.fill(samples, at);
        if (core.front.full) core.step('off', out);
      }
      return out;
    };
    // 2 to the 40th blocks of 5 ms are 174 years.
    const late = 2 ** 40;
    const early = hear(4);
    expect(early).toHaveLength(1);
    expect(
      hear(late).map((event) => ({ ...event, atMs: event.atMs - late * 5, detectedMs: event.detectedMs - late * 5 })),
    ).toEqual(early.map((event) => ({ ...event, atMs: event.atMs - 20, detectedMs: event.detectedMs - 20 })));
  });
});
