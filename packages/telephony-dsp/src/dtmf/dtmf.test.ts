import { describe, expect, it } from 'vitest';
import { keysCase, REFUSED, STRETCH, TAKEN, talkCase } from '../../test/signals/dtmf/keys.js';
import type { DtmfEvent } from '../contract.js';
import { DtmfDetector } from './detector.js';
import { createDtmf } from './dtmf.js';
import { DTMF_LIMITS, type DtmfLimits } from './limits.js';

function hear(samples: Int16Array, limits: Partial<DtmfLimits> = {}): readonly DtmfEvent[] {
  const detector = new DtmfDetector({ ...DTMF_LIMITS, ...limits });
  return [...detector.push(samples, 'off'), ...detector.flush()];
}

const digitsOf = (events: readonly DtmfEvent[]): string => events.map((event) => event.digit).join('');

const SEEDS = 8;

describe('keys that must be taken', () => {
  for (const [name, maker] of Object.entries(TAKEN).filter(([name]) => name !== 'prompt' && name !== 'echo')) {
    it(name, () => {
      for (let seed = 0; seed < SEEDS; seed++) {
        const { samples, keys } = keysCase(maker, 1000 + seed);
        const heard = hear(samples);
        expect({ seed, digits: digitsOf(heard) }).toEqual({ seed, digits: keys.map((key) => key.digit).join('') });
        for (const [n, key] of keys.entries()) {
          expect(Math.abs((heard[n]?.atMs ?? 0) - key.atMs)).toBeLessThan(10);
          expect(Math.abs((heard[n]?.toneMs ?? 0) - key.toneMs)).toBeLessThan(15);
        }
      }
    });
  }
});

describe('keys beyond what receivers must take', () => {
  for (const [name, maker] of Object.entries(STRETCH)) {
    it(name, () => {
      let sent = 0;
      let taken = 0;
      for (let seed = 0; seed < SEEDS; seed++) {
        const { samples, keys } = keysCase(maker, 2000 + seed);
        const heard = digitsOf(hear(samples));
        sent++;
        if (heard === keys.map((key) => key.digit).join('')) taken++;
      }
      expect(taken / sent).toBeGreaterThanOrEqual(0.85);
    });
  }
});

describe('what is no key', () => {
  for (const [name, maker] of Object.entries(REFUSED)) {
    it(name, () => {
      for (let seed = 0; seed < SEEDS; seed++) {
        expect({ seed, digits: digitsOf(hear(keysCase(maker, 3000 + seed).samples)) }).toEqual({ seed, digits: '' });
      }
    });
  }

  it('talk', () => {
    for (let seed = 0; seed < 20; seed++) expect(digitsOf(hear(talkCase('voice', 10, seed)))).toBe('');
  });
});

describe('the stream', () => {
  it('may be cut anywhere', () => {
    const { samples } = keysCase(TAKEN['noise'] ?? (() => ({})), 5);
    const whole = hear(samples);
    for (const size of [1, 7, 39, 40, 41, 160, 1001]) {
      const detector = createDtmf();
      const heard: DtmfEvent[] = [];
      for (let at = 0; at < samples.length; at += size) {
        heard.push(...detector.push(samples.subarray(at, at + size), 'off'));
      }
      heard.push(...detector.flush());
      expect(heard).toEqual(whole);
    }
  });
});
