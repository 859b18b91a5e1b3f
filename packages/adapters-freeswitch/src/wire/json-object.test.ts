import { expect, it } from 'vitest';
import { membersOf } from './json-object.js';

it('gives the members of an object of strings in wire order', () => {
  const members = membersOf('{"B":"1","A":"a\\"\\\\\\r\\n","__proto__":"","_body":"+OK"}');
  expect(Object.entries(members ?? {})).toEqual([
    ['B', '1'],
    ['A', 'a"\\\r\n'],
    ['__proto__', ''],
    ['_body', '+OK'],
  ]);
});

it.each([
  ['a repeated name', '{"A":"1","B":"2","A":"3"}'],
  ['a repeated name of the same value', '{"A":"1","A":"1"}'],
  ['a name that is a number', '{"A":"1","7":"2"}'],
  ['a list', '{"A":["1"]}'],
  ['a number', '{"A":1}'],
  ['a code point', '{"A":"\\u5f20"}'],
  ['blanks', '{"A": "1"}'],
  ['no object', '"A"'],
  ['what is cut', '{"A":"1","B'],
])('leaves %s to the reader of the text', (_, text) => {
  expect(membersOf(text)).toBeUndefined();
});
