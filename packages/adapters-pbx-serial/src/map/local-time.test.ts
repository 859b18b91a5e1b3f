import { describe, expect, it } from 'vitest';
import { epochOf, localTimeOf, wallClockMs } from './local-time.js';

describe('local times', () => {
  it.each([
    ['2026-11-22T09:30:00', 'Asia/Shanghai', '2026-11-22T01:30:00.000Z'],
    ['2026-07-01T12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
    ['2026-12-01T12:00:00', 'Europe/Berlin', '2026-12-01T11:00:00.000Z'],
    // Comes twice: the second of them.
    ['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T01:30:00.000Z'],
    // Is left out: an hour later.
    ['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-01-01T00:00:00', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
  ])('%s in %s is %s', (at, zone, utc) => {
    expect(new Date(epochOf(at, zone) ?? 0).toISOString()).toBe(utc);
    if (!at.startsWith('2026-03-29')) expect(localTimeOf(wallClockMs(Date.parse(utc), zone))).toBe(at);
  });

  it('is none for text that is none, and an error for a zone that nobody knows', () => {
    expect(epochOf('yesterday', 'UTC')).toBeUndefined();
    expect(() => epochOf('2026-01-01T00:00:00', 'Mars/Base')).toThrow(
      expect.objectContaining({ code: 'argument.invalid' }) as Error,
    );
  });
});
