import { describe, expect, it } from 'vitest';
import { createDtmfCallerId } from '../cid/dtmf-caller-id.js';
import { createDtmf } from '../dtmf/dtmf.js';
import { generateDtmf } from './dtmf.js';
import { dtmfCallerIdDigits, generateDtmfCallerId } from './dtmf-caller-id.js';

/** Level of one frequency between two times, dBm0, with a window. */
function levelAt(samples: Int16Array, hz: number, span: { fromMs: number; toMs: number; rate?: number }): number {
  const rate = span.rate ?? 8000;
  const from = Math.round((span.fromMs * rate) / 1000);
  const count = Math.round((span.toMs * rate) / 1000) - from;
  let re = 0;
  let im = 0;
  for (let i = 0; i < count; i++) {
    const x = (samples[from + i] ?? 0) * (1 - Math.cos((2 * Math.PI * (i + 0.5)) / count));
    re += x * Math.cos((2 * Math.PI * hz * i) / rate);
    im += x * Math.sin((2 * Math.PI * hz * i) / rate);
  }
  return 20 * Math.log10((2 * Math.hypot(re, im)) / count / 32768 + 1e-9) + 3.14;
}

describe('keys', () => {
  it('have the frequencies of Q.23 at the levels asked for', () => {
    const rows = [697, 770, 852, 941];
    const columns = [1209, 1336, 1477, 1633];
    for (const [n, digit] of [...'123A456B789C*0#D'].entries()) {
      const samples = generateDtmf(digit, { toneMs: 200, lowDbm0: -12, twistDb: 3 });
      const span = { fromMs: 10, toMs: 190 };
      for (const hz of [...rows, ...columns]) {
        const sent = hz === rows[n >> 2] ? -12 : hz === columns[n & 3] ? -9 : undefined;
        const level = levelAt(samples, hz, span);
        if (sent === undefined) expect(level).toBeLessThan(-60);
        else expect(level).toBeCloseTo(sent, 1);
      }
    }
  });

  it('are as long as asked, with pauses for commas and full stops', () => {
    expect(generateDtmf('1')).toHaveLength(1200);
    expect(generateDtmf('9,0.1', { toneMs: 100, gapMs: 50 })).toHaveLength(8 * (450 + 1500));
    expect(generateDtmf('5', { sampleRateHz: 48_000 })).toHaveLength(7200);
    expect(
      levelAt(generateDtmf('5', { sampleRateHz: 48_000 }), 770, { fromMs: 5, toMs: 70, rate: 48_000 }),
    ).toBeCloseTo(-9, 0);
    const gap = generateDtmf('12').subarray(8 * 77, 8 * 150);
    expect(gap.every((sample) => sample === 0)).toBe(true);
    expect(generateDtmf('')).toHaveLength(0);
  });

  it('begin and end without a click', () => {
    const samples = generateDtmf('1590#', { gapMs: 60 });
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    for (let key = 0; key < 5; key++) {
      const from = key * 1080;
      // 75 ms and the ramp of 1 ms.
      for (const at of [from, from + 1, from + 606, from + 607])
        expect(Math.abs(samples[at] ?? 0)).toBeLessThan(peak / 8);
      expect(samples[from + 608]).toBe(0);
    }
  });

  it('are heard by the detector with their lengths', () => {
    const samples = generateDtmf('0123456789*#ABCDabcd,7.7', {
      toneMs: 80,
      gapMs: 60,
      highOffsetPercent: 1,
      lowOffsetPercent: -1,
    });
    const detector = createDtmf();
    const heard = [...detector.push(samples, 'off'), ...detector.flush()];
    expect(heard.map((event) => event.digit).join('')).toBe('0123456789*#ABCDABCD77');
    for (const event of heard) expect(Math.abs(event.toneMs - 80)).toBeLessThan(8);
    for (const [n, event] of heard.slice(0, 20).entries()) expect(Math.abs(event.atMs - 140 * n)).toBeLessThan(5);
  });

  it('refuse what they cannot be, without naming it', () => {
    expect(() => generateDtmf('12x')).toThrow(/^(?!.*12x)/);
    expect(() => generateDtmf('12x')).toThrow(TypeError);
    expect(() => generateDtmf('1', { toneMs: 0 })).toThrow(TypeError);
    expect(() => generateDtmf('1', { sampleRateHz: 4000 })).toThrow(TypeError);
  });
});

describe('caller IDs', () => {
  it('are written as their style has it, and heard', () => {
    const cases = [
      [{ number: '4008123123' }, 'A4008123123C'],
      [{ number: '110', style: 'D' }, 'D110C'],
      [{ number: '13912345678', redirecting: '02188886666', style: 'etsi' }, 'A13912345678D02188886666C'],
      [{ absence: 'O' }, 'B00C'],
      [{ absence: 'P', redirecting: '1234', style: 'etsi' }, 'D1234B10C'],
      [{ number: '45454545', style: 'hash' }, 'A45454545#'],
      [{ number: '45454545', style: 'bare' }, '45454545#'],
      [{ absence: 'I', style: 'hash' }, 'D2#'],
    ] as const;
    for (const [message, digits] of cases) {
      expect(dtmfCallerIdDigits(message)).toBe(digits);
      const detector = createDtmfCallerId();
      const heard = [...detector.push(generateDtmfCallerId(message), 'on'), ...detector.flush()];
      const { style: _, ...says } = { style: '', ...message };
      expect(heard).toMatchObject([says]);
    }
  });

  it('refuse what their style cannot say', () => {
    expect(() => dtmfCallerIdDigits({})).toThrow(TypeError);
    expect(() => dtmfCallerIdDigits({ number: '123', absence: 'P' })).toThrow(TypeError);
    expect(() => dtmfCallerIdDigits({ number: '12a' })).toThrow(TypeError);
    expect(() => dtmfCallerIdDigits({ absence: 'I' })).toThrow(TypeError);
    expect(() => dtmfCallerIdDigits({ absence: 'P', style: 'bare' })).toThrow(TypeError);
    expect(() => dtmfCallerIdDigits({ number: '123', redirecting: '456' })).toThrow(TypeError);
  });
});
