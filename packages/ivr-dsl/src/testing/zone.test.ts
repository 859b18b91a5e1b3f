import { describe, expect, test } from 'vitest';
import { Zones } from './zone.js';

const utc = (text: string): number => Date.parse(`${text}Z`);

describe('zones', () => {
  const zones = new Zones();
  test.each<[string, string, string]>([
    ['Europe/Paris', '2026-01-15T12:00', '2026-01-15T11:00'],
    ['Europe/Paris', '2026-07-15T12:00', '2026-07-15T10:00'],
    ['Europe/Paris', '2026-03-29T01:59', '2026-03-29T00:59'],
    ['Europe/Paris', '2026-03-29T15:00', '2026-03-29T13:00'],
    ['Europe/Paris', '2026-10-25T01:30', '2026-10-24T23:30'],
    ['Europe/Paris', '2026-10-25T02:30', '2026-10-25T00:30'],
    ['Europe/Paris', '2026-10-25T03:30', '2026-10-25T02:30'],
    ['America/New_York', '2026-03-08T12:00', '2026-03-08T16:00'],
    ['Australia/Lord_Howe', '2026-10-04T12:00', '2026-10-04T01:00'],
    ['Asia/Shanghai', '2026-03-02T10:00', '2026-03-02T02:00'],
    ['Asia/Kathmandu', '2026-03-02T10:00', '2026-03-02T04:15'],
  ])('%s, %s', (zone, local, moment) => {
    expect(zones.momentOf(zone, utc(local))).toBe(utc(moment));
    expect(zones.offsetMin(zone, utc(moment))).toBe((utc(local) - utc(moment)) / 60_000);
  });
  test('a local time that the clocks jump over means as much later', () => {
    expect(zones.momentOf('Europe/Paris', utc('2026-03-29T02:30'))).toBe(utc('2026-03-29T01:30'));
  });
  test('a name that is no zone', () => {
    expect(zones.momentOf('Mars/Base', 0)).toBeUndefined();
    expect(zones.offsetMin('Mars/Base', 0)).toBeUndefined();
  });
});
