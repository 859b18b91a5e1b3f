import { describe, expect, test } from 'vitest';
import { Subscription } from './subscription.js';

const event = (name: string, headers: Record<string, string> = {}, subclass?: string) => ({
  name,
  headers: [['Event-Name', name], ...Object.entries(headers)] as [string, string][],
  ...(subclass === undefined ? {} : { subclass }),
});

describe('a subscription', () => {
  test('names in any case, unknown ones passed over, the format switched even when nothing is named', () => {
    const one = new Subscription();
    expect(one.add(['json'])).toBe('none');
    expect(one.format).toBe('json');
    expect(one.add(['plain', 'heartbeat', 'BOGUS'])).toBe('added');
    expect([one.format, one.wants(event('HEARTBEAT')), one.wants(event('API'))]).toEqual(['plain', true, false]);
  });

  test('every word behind CUSTOM is a subclass, names of events too', () => {
    const one = new Subscription();
    one.add(['plain', 'CUSTOM', 'a::b', 'CHANNEL_CREATE']);
    expect(one.wants(event('CUSTOM', {}, 'a::b'))).toBe(true);
    expect(one.wants(event('CUSTOM', {}, 'x::y'))).toBe(false);
    expect(one.wants(event('CHANNEL_CREATE'))).toBe(false);
  });

  test('nixevent after all costs the subclasses that nobody has used', () => {
    const one = new Subscription();
    one.add(['plain', 'all']);
    expect(one.wants(event('CUSTOM', {}, 'late::one'))).toBe(true);
    one.remove(['HEARTBEAT'], new Set(['used::one']));
    expect(one.wants(event('HEARTBEAT'))).toBe(false);
    expect(one.wants(event('CUSTOM', {}, 'used::one'))).toBe(true);
    expect(one.wants(event('CUSTOM', {}, 'late::one'))).toBe(false);
  });

  test('filters let in what one of them names, and keep out what one says to', () => {
    const one = new Subscription();
    one.add(['plain', 'all']);
    one.addFilter('Unique-ID', 'a');
    one.addFilter('Event-Name', '/^CHANNEL_H/');
    expect(one.wants(event('DTMF', { 'Unique-ID': 'a' }))).toBe(true);
    expect(one.wants(event('DTMF', { 'Unique-ID': 'b' }))).toBe(false);
    expect(one.wants(event('CHANNEL_HANGUP', { 'Unique-ID': 'b' }))).toBe(true);
    expect(one.wants(event('BACKGROUND_JOB'))).toBe(false);
    one.addFilter('Event-Name', '- DTMF');
    expect(one.wants(event('DTMF', { 'Unique-ID': 'a' }))).toBe(false);
    one.removeFilter('all', undefined);
    expect(one.wants(event('DTMF', { 'Unique-ID': 'b' }))).toBe(true);
  });

  test('one channel alone, whatever is subscribed', () => {
    const one = new Subscription();
    one.bind('a');
    expect(one.wants(event('CHANNEL_ANSWER', { 'Unique-ID': 'a' }))).toBe(true);
    expect(one.wants(event('CHANNEL_ANSWER', { 'Unique-ID': 'b' }))).toBe(false);
    expect(one.wants(event('HEARTBEAT'))).toBe(false);
  });
});
