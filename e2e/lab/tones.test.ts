import { describe, expect, it } from 'vitest';
import { readWav, sine, ulawDecode, ulawEncode, wavOf } from './pcm.js';
import { ALL_TONES, TONE } from './tone-plan.js';
import { analyse, exactlyMs, heardMs, lasting } from './tones.js';

const join = (...parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));
const silence = (ms: number): Int16Array => new Int16Array(ms * 8);
const overUlaw = (samples: Int16Array): Int16Array => samples.map((sample) => ulawDecode(ulawEncode(sample)));

describe('analyse', () => {
  it.each(ALL_TONES)('finds %i Hz and no other tone of the plan, also after mu-law', (hz) => {
    expect(analyse(overUlaw(sine([hz], { ms: 500 })), { freqs: ALL_TONES })).toEqual([
      { fromMs: 0, toMs: 500, freqs: [hz] },
    ]);
  });

  it('tells two talkers, one talker, music and silence apart and says when', () => {
    const heard = analyse(
      overUlaw(
        join(
          sine([TONE.caller1, TONE['8001']], { ms: 300 }),
          sine([TONE.caller1], { ms: 200 }),
          silence(200),
          sine([TONE.musicLow, TONE.musicHigh], { ms: 400 }),
        ),
      ),
      { freqs: ALL_TONES },
    );
    expect(heard).toEqual([
      { fromMs: 0, toMs: 300, freqs: [TONE.caller1, TONE['8001']] },
      { fromMs: 300, toMs: 500, freqs: [TONE.caller1] },
      { fromMs: 500, toMs: 700, freqs: [] },
      { fromMs: 700, toMs: 1_100, freqs: [TONE.musicLow, TONE.musicHigh] },
    ]);
  });

  it('hears a talker that is 15 dB weaker than another', () => {
    const strong = sine([TONE.caller1], { ms: 200, peak: 8_000 });
    const weak = sine([TONE['8002']], { ms: 200, peak: 1_420 });
    const mixed = strong.map((sample, i) => sample + (weak[i] ?? 0));
    expect(analyse(mixed, { freqs: ALL_TONES })).toEqual([
      { fromMs: 0, toMs: 200, freqs: [TONE.caller1, TONE['8002']] },
    ]);
  });

  it('is not fooled by a tone that is 70 Hz off, by noise, or by a DTMF digit', () => {
    const off = analyse(sine([TONE.caller1 + 40], { ms: 300 }), { freqs: [TONE.caller1, TONE.caller2] });
    expect(heardMs(off, TONE.caller1) + heardMs(off, TONE.caller2)).toBe(0);
    let seed = 1;
    const noise = Int16Array.from({ length: 8_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return (seed % 2_000) - 1_000;
    });
    expect(heardMs(analyse(noise, { freqs: ALL_TONES }), TONE['8001'])).toBe(0);
    expect(analyse(sine([770, 1_336], { ms: 300 }), { freqs: ALL_TONES })).toEqual([
      { fromMs: 0, toMs: 300, freqs: [] },
    ]);
  });

  it('counts a missing second as missing', () => {
    const whole = analyse(sine([TONE.caller1], { ms: 3_000 }), { freqs: ALL_TONES });
    const cut = analyse(
      join(sine([TONE.caller1], { ms: 1_000 }), silence(1_000), sine([TONE.caller1], { ms: 1_000 })),
      {
        freqs: ALL_TONES,
      },
    );
    expect(heardMs(whole, TONE.caller1)).toBe(3_000);
    expect(heardMs(cut, TONE.caller1)).toBe(2_000);
    expect(exactlyMs(cut, [])).toBe(1_000);
  });
});

describe('lasting', () => {
  it('drops frames of a change and joins what they parted', () => {
    const parts = [
      { fromMs: 0, toMs: 300, freqs: [1] },
      { fromMs: 300, toMs: 400, freqs: [1, 2] },
      { fromMs: 400, toMs: 900, freqs: [1] },
      { fromMs: 900, toMs: 1_200, freqs: [2] },
    ];
    expect(lasting(parts, 200)).toEqual([
      { fromMs: 0, toMs: 900, freqs: [1] },
      { fromMs: 900, toMs: 1_200, freqs: [2] },
    ]);
  });
});

describe('pcm', () => {
  it('reads back a WAV, and one whose writer has not closed it yet', () => {
    const samples = sine([440], { ms: 100 });
    const file = wavOf(samples);
    expect(readWav(file).channels[0]).toEqual(samples);
    file.writeUInt32LE(0, 40);
    expect(readWav(file).channels[0]).toEqual(samples);
    expect(() => readWav(Buffer.from('garbage that is long enough to hold a header of a file'))).toThrow('not a WAV');
  });

  it('keeps every mu-law byte through decode and encode', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const back = ulawEncode(ulawDecode(byte));
      expect(back === byte || (byte === 0x7f && back === 0xff)).toBe(true);
    }
  });
});
