import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillUrl } from './template.js';

// Whole characters of every plane: half a pair is the next test's.
const text = fc.string({ unit: 'binary' }).map((value) => new TextDecoder().decode(new TextEncoder().encode(value)));

test('whatever a caller is called, it stays the value of its own parameter', () => {
  fc.assert(
    fc.property(text, text, (name, order) => {
      const facts = { 'caller.name': name, 'data.order': order };
      const url = new URL(fillUrl('https://erp.test/c/{call.id}?n={caller.name}&o={data.order}#x', facts));
      expect(url.origin).toBe('https://erp.test');
      expect([...url.searchParams.keys()]).toEqual(['n', 'o']);
      expect(url.searchParams.get('n')).toBe(name);
      expect(url.searchParams.get('o')).toBe(order);
    }),
  );
});

test('a half of a surrogate pair gives a URL all the same', () => {
  expect(fillUrl('https://erp.test/?n={caller.name}', { 'caller.name': 'a\ud800b' })).toBe(
    'https://erp.test/?n=a%EF%BF%BDb',
  );
});

test.each([
  ['javascript:alert(1)', undefined],
  ['data:text/html,{caller.name}', undefined],
  ['{caller.name}', 'https://erp.test/'],
  ['/customer', undefined],
])('%s is refused', (template, base) => {
  const facts = { 'caller.name': 'x'.repeat(9_000) };
  expect(() => fillUrl(template, facts, base)).toThrow(/argument.invalid/);
});

test('a template may be relative to the page', () => {
  expect(fillUrl('customer.html?p={caller.number}', { 'caller.number': '+86 1' }, 'http://127.0.0.1:80/desk/')).toBe(
    'http://127.0.0.1/desk/customer.html?p=%2B86%201',
  );
});
