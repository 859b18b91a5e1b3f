import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillForService, fillIn, headerPart, isVariableName, referencesIn, urlPart } from './variables.js';

/** The references to secrets that the server would find. */
const secretsIn = (filled: string): readonly string[] => filled.match(/\{secret\.[A-Za-z0-9_-]{1,64}\}/g) ?? [];
const same = (value: string): string => value;

describe('texts for services outside', () => {
  test('a secret is left to the server, a variable is not', () => {
    expect(fillForService('Bearer {secret.crm} {x}', { x: '1', 'secret.crm': 'mine' }, same)).toBe(
      'Bearer {secret.crm} 1',
    );
  });

  test.each([
    ['{x}', '{secret.crm}'],
    ['{{x}}', 'secret.crm'],
    ['{sec{x}', 'ret.crm}'],
    ['{x}crm}', '{secret.'],
    ['{secret.{x}}', 'crm'],
    ['{x}{x}', '{secret.crm}'],
    ['{secret.a}{x}', '{secret.crm}'],
    ['{x}', '{secret.secret.crm}'],
    ['{x}', '{{secret.secret.crm}'],
  ])('no value makes %j refer to a further one', (template, x) => {
    const own = secretsIn(template);
    expect(secretsIn(fillForService(template, { x }, same))).toEqual(own);
  });

  const piece = fc.constantFrom(
    '{',
    '}',
    'secret.',
    'secret',
    '.',
    'crm',
    'a',
    '{x}',
    '{y}',
    '{secret.a}',
    '{secret.',
    '(',
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  test('whatever stands in the variables and around them', () => {
    fc.assert(
      fc.property(text, text, text, (template, x, y) => {
        const filled = fillForService(template, { x, y }, same);
        // The server's own idea of a reference may be wider than this one.
        const wide = (part: string) => part.match(/\{secret\.[A-Za-z0-9_.-]+\}/g) ?? [];
        const allowed = template.match(/\{secret\.[A-Za-z0-9_-]{1,64}\}/g) ?? [];
        expect(wide(filled)).toEqual(allowed);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['a b&c=d/e?f#g', 'a%20b%26c%3Dd%2Fe%3Ff%23g'],
    ['中', '%E4%B8%AD'],
    ['..', ''],
    ['.', ''],
    ['1.5', '1.5'],
    ['\uD800', '%EF%BF%BD'],
    ['x\uDC00y', 'x%EF%BF%BDy'],
    ['😀', '%F0%9F%98%80'],
    ['{secret.a}', '%7Bsecret.a%7D'],
  ])('%j in a URL is %j', (value, part) => {
    expect(urlPart(value)).toBe(part);
  });

  test('a value cannot leave its place in a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        const url = new URL(fillForService('https://x.example/a/{v}/b?q={v}', { v: value }, urlPart));
        expect(url.host).toBe('x.example');
        expect(url.pathname).toMatch(/^\/a\/[^/]*\/b$/);
        expect([...url.searchParams.keys()]).toEqual(['q']);
      }),
    );
  });

  test('a value cannot end a header', () => {
    expect(headerPart('a\r\nX: b\u0000\u007f')).toBe('a  X: b  ');
  });
});

describe('names and texts', () => {
  test.each([
    ['a', true],
    ['pin.contact', true],
    ['call.number', false],
    ['secret.crm', false],
    ['1a', false],
    ['__proto__', false],
    ['', false],
  ])('%j may be assigned: %s', (name, may) => {
    expect(isVariableName(name)).toBe(may);
  });

  test('a text never shows a variable that bears the name of a secret', () => {
    expect(fillIn('{secret.crm}{x}', { 'secret.crm': 'mine', x: '{secret.crm}' })).toBe('{secret.crm}');
    expect(referencesIn('{a}{secret.b}{a}')).toEqual(['a']);
  });
});
