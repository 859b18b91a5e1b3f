import { describe, expect, it } from 'vitest';
import { CIRCUMSTANCES, callerIdCase, FORMS } from '../../test/signals/dtmf/caller-id.js';
import { sendKeys, talkCase } from '../../test/signals/dtmf/keys.js';
import { seeded } from '../../test/signals/dtmf/noise.js';
import type { CallerIdEvent } from '../contract.js';
import { DTMF_LIMITS } from '../dtmf/limits.js';
import { createDtmfCallerId, createDtmfCallerIdWith, type DtmfCallerIdOptions } from './dtmf-caller-id.js';
import { readDtmfCallerId } from './dtmf-digits.js';

function hear(samples: Int16Array, options: DtmfCallerIdOptions = {}): readonly CallerIdEvent[] {
  const detector = createDtmfCallerId(options);
  return [...detector.push(samples, 'on'), ...detector.flush()];
}

const send = (digits: string, spec = {}): Int16Array => sendKeys(digits, { tailMs: 600, ...spec }, seeded(1)).samples;

function joined(...parts: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

describe('the forms', () => {
  for (const form of Object.keys(FORMS)) {
    it(form, () => {
      for (const [n, circumstance] of Object.keys(CIRCUMSTANCES).entries()) {
        const { samples, sent, keys } = callerIdCase(form, circumstance, 100 + n);
        const heard = hear(samples);
        expect({ circumstance, heard }).toMatchObject({
          circumstance,
          heard: [{ type: 'cid', method: 'dtmf', ...sent.says }],
        });
        expect(Math.abs((heard[0]?.atMs ?? 0) - (keys[0]?.atMs ?? 0))).toBeLessThan(10);
      }
    });
  }

  it('are told apart from what is none of them', () => {
    for (const digits of [
      '',
      'A',
      'AC',
      'A12C',
      'D12C',
      '12#',
      '123',
      '123C',
      'A123',
      'A123BC',
      'B20C',
      'B1234C',
      'A123B00C',
      'A123DC',
      'AD123C',
      'D123B55C',
      'A12*34C',
      'A123A456C',
      'D4#',
      'D#',
      'C',
      '#',
      '*123#',
      'A123D12C',
      'C123A',
      'B00#',
    ]) {
      expect({ digits, read: readDtmfCallerId(digits) }).toEqual({ digits, read: undefined });
    }
  });

  it('of an exchange of its own', () => {
    expect(readDtmfCallerId('B13900000000D', { start: 'B', end: 'D' })).toEqual({ number: '13900000000' });
    expect(hear(send('B4008123123D'), { codes: { start: 'B', end: 'D' } })).toMatchObject([{ number: '4008123123' }]);
    expect(hear(send('B4008123123D'))).toEqual([]);
  });
});

describe('what is not sure is not told', () => {
  const digits = 'A01088886666C';

  it('a digit that was lost', () => {
    for (let lost = 2; lost < digits.length - 1; lost++) {
      const { samples, keys } = sendKeys(digits, { tailMs: 600 }, seeded(lost));
      const key = keys[lost];
      samples.fill(0, Math.floor(8 * ((key?.atMs ?? 0) - 2)), Math.ceil(8 * ((key?.atMs ?? 0) + 72)));
      expect(hear(samples)).toEqual([]);
      expect(hear(samples, { maxUnevenness: 1000 })).toHaveLength(1);
    }
  });

  it('a digit that was split', () => {
    const { samples, keys } = sendKeys(digits, { tailMs: 600, toneMs: 100, gapMs: 100 }, seeded(4));
    const middle = (keys[5]?.atMs ?? 0) + 50;
    samples.fill(0, Math.round(8 * (middle - 15)), Math.round(8 * (middle + 15)));
    expect(hear(samples)).toEqual([]);
    expect(hear(samples, { maxUnevenness: 1000 })).toHaveLength(1);
  });

  it('a number without its end, or with a long pause in it, or one that goes on', () => {
    expect(hear(send('A0108888'))).toEqual([]);
    expect(hear(joined(send('A01088', { tailMs: 1300 }), send('886666C')))).toEqual([]);
    expect(hear(send('A0108C8886666'))).toEqual([]);
  });

  it('more digits than a number has', () => {
    expect(hear(send(`A${'1234567890'.repeat(3)}C`))).toEqual([]);
    expect(hear(send(`A${'1234567890'.repeat(3)}C`), { maxDigits: 30 })).toHaveLength(1);
  });

  it('talk on-hook', () => {
    for (let seed = 0; seed < 10; seed++) expect(hear(talkCase('voice', 10, 500 + seed))).toEqual([]);
  });

  it('under weak limits it would be', () => {
    const { samples } = sendKeys(digits, { tailMs: 600, lowOffset: 0.04, highOffset: 0.04 }, seeded(6));
    expect(hear(samples)).toEqual([]);
    const weak = createDtmfCallerIdWith({ ...DTMF_LIMITS, maxOffset: 0.06 });
    expect([...weak.push(samples, 'on'), ...weak.flush()]).toHaveLength(1);
  });
});

describe('the line', () => {
  const samples = send('A13912345678C', { leadMs: 300 });

  it('is listened to on-hook alone', () => {
    const detector = createDtmfCallerId();
    expect(detector.push(samples, 'off')).toEqual([]);
    expect(detector.flush()).toEqual([]);
    detector.push(samples.subarray(0, 8000), 'on');
    expect(detector.push(samples.subarray(8000), 'off')).toEqual([]);
    expect(detector.push(samples, 'on')).toMatchObject([{ number: '13912345678' }]);
  });

  it('ends a collection by ringing, by a reversal, and by somebody who lifts', () => {
    // The end code is over at 300 + 13 * 140 - 70 ms; the pause after it is not.
    const cut = 8 * (300 + 13 * 140 + 10);
    for (const signal of ['ringStart', 'polarity', 'ringEnd'] as const) {
      const detector = createDtmfCallerId();
      expect(detector.push(samples.subarray(0, cut), 'on')).toEqual([]);
      expect(detector.signal(signal)).toMatchObject([{ number: '13912345678', detectedMs: cut / 8 }]);
    }
    const lifted = createDtmfCallerId();
    expect(lifted.push(samples.subarray(0, cut), 'on')).toEqual([]);
    expect(lifted.push(samples.subarray(cut), 'off')).toHaveLength(1);
    const early = createDtmfCallerId();
    early.push(samples.subarray(0, 8000), 'on');
    expect(early.signal('ringStart')).toEqual([]);
    expect([...early.push(samples.subarray(8000), 'on'), ...early.flush()]).toEqual([]);
  });

  it('may repeat the same, and is told of it once', () => {
    expect(hear(joined(samples, samples, samples))).toHaveLength(1);
    expect(hear(joined(samples, samples), { repeatMs: 0 })).toHaveLength(2);
    expect(hear(joined(samples, send('A02188886666C')))).toHaveLength(2);
    expect(hear(joined(samples, new Int16Array(8 * 8000), samples))).toHaveLength(2);
  });

  it('may be cut anywhere', () => {
    const whole = hear(samples);
    expect(whole).toHaveLength(1);
    for (const size of [1, 39, 160, 977]) {
      const detector = createDtmfCallerId();
      const heard: CallerIdEvent[] = [];
      for (let at = 0; at < samples.length; at += size) {
        heard.push(...detector.push(samples.subarray(at, at + size), 'on'));
      }
      expect([...heard, ...detector.flush()]).toEqual(whole);
    }
  });

  it('options are checked', () => {
    expect(() => createDtmfCallerId({ maxDigits: 2 })).toThrow(TypeError);
    expect(() => createDtmfCallerId({ settleMs: 99 })).toThrow(TypeError);
    expect(() => createDtmfCallerId({ maxPauseMs: 10 })).toThrow(TypeError);
    expect(() => createDtmfCallerId({ maxUnevenness: 1 })).toThrow(TypeError);
    expect(() => createDtmfCallerId({ repeatMs: -1 })).toThrow(TypeError);
  });
});
