import { describe, expect, it } from 'vitest';
import { CODE_TABLE, meaningOf } from './codes.js';
import { KeyMerge } from './keys.js';
import { ModemTones } from './tones.js';

describe('codes of a modem', () => {
  it('are each one printable character that no key has', () => {
    for (const code of Object.keys(CODE_TABLE)) expect(code).toMatch(/^[^0-9*#A-D\s]$/);
  });

  it('mean what V.253 says, and nothing more', () => {
    for (const digit of '0123456789*#ABCD') expect(meaningOf(digit)).toEqual({ type: 'digit', digit });
    expect(meaningOf('b')).toEqual({ type: 'tone', tone: 'busy' });
    expect(meaningOf('h')).toEqual({ type: 'phone', hook: 'on' });
    expect(meaningOf('H')).toEqual({ type: 'phone', hook: 'off' });
    for (const code of ['z', '', '%', '__proto__']) expect(meaningOf(code)).toBeUndefined();
  });
});

describe('keys that two ears hear', () => {
  const told = (heard: readonly (readonly [string, 'modem' | 'sound', number])[]): string => {
    const merge = new KeyMerge();
    return heard.flatMap(([digit, by, atMs]) => (merge.isNew(digit, by, atMs) ? [digit] : [])).join('');
  };

  it('are told once, whoever is first', () => {
    expect(
      told([
        ['5', 'modem', 0],
        ['5', 'sound', 40],
      ]),
    ).toBe('5');
    expect(
      told([
        ['5', 'sound', 0],
        ['5', 'modem', 60],
      ]),
    ).toBe('5');
  });

  it('are two where the same key is pressed twice', () => {
    expect(
      told([
        ['5', 'modem', 0],
        ['5', 'sound', 40],
        ['5', 'modem', 180],
        ['5', 'sound', 220],
      ]),
    ).toBe('55');
    expect(
      told([
        ['5', 'modem', 0],
        ['5', 'modem', 180],
      ]),
    ).toBe('55');
    expect(
      told([
        ['5', 'modem', 0],
        ['5', 'sound', 900],
      ]),
    ).toBe('55');
  });

  it('are told where one of the two is deaf', () => {
    expect(
      told([
        ['1', 'modem', 0],
        ['2', 'sound', 150],
        ['3', 'modem', 300],
      ]),
    ).toBe('123');
  });
});

describe('tones that a modem tells again and again', () => {
  it('begin when there were enough of them, and end when none came for long', () => {
    const tones = new ModemTones({ least: 2 });
    expect(tones.told('busy', 0)).toEqual([]);
    expect(tones.told('busy', 700)).toEqual([{ type: 'tone', tone: 'busy', state: 'begins' }]);
    expect(tones.told('busy', 1_400)).toEqual([]);
    expect(tones.passed(3_800)).toEqual([]);
    expect(tones.passed(4_000)).toEqual([{ type: 'tone', tone: 'busy', state: 'ends' }]);
    expect(tones.isOpen).toBe(false);
  });

  it('are not believed where they come alone, or too far apart', () => {
    const tones = new ModemTones({ least: 2 });
    expect([...tones.told('busy', 0), ...tones.told('busy', 9_000), ...tones.passed(20_000)]).toEqual([]);
  });

  it('end where another begins', () => {
    const tones = new ModemTones({ least: 1 });
    expect(tones.told('ringback', 0)).toEqual([{ type: 'tone', tone: 'ringback', state: 'begins' }]);
    expect(tones.told('busy', 500)).toEqual([
      { type: 'tone', tone: 'ringback', state: 'ends' },
      { type: 'tone', tone: 'busy', state: 'begins' },
    ]);
  });

  it('of an answer are believed at once', () => {
    expect(new ModemTones({ least: 3 }).told('fax', 0)).toEqual([{ type: 'tone', tone: 'fax', state: 'begins' }]);
  });
});
