import { expect, test } from 'vitest';
import { cutOutside, parseDialString, parseVariables } from './dial-string.js';

test('variables for all and for one, quotes, another separator', () => {
  const { groups } = parseDialString("{a=1,name='Caller, 2'}[b=2]user/1000,user/1001|[c=3]sofia/gateway/carrier/9");
  expect(groups).toEqual([
    [
      { endpoint: 'user/1000', variables: { a: '1', name: 'Caller, 2', b: '2' } },
      { endpoint: 'user/1001', variables: { a: '1', name: 'Caller, 2' } },
    ],
    [{ endpoint: 'sofia/gateway/carrier/9', variables: { a: '1', name: 'Caller, 2', c: '3' } }],
  ]);
  expect(parseVariables('^^:a=1:b=x,y')).toEqual({ a: '1', b: 'x,y' });
});

test('a command line is cut outside of brackets and quotes alone', () => {
  expect(cutOutside("{a='b c'}user/1 &bridge({x=1 2}user/2) XML", ' ')).toEqual([
    "{a='b c'}user/1",
    '&bridge({x=1 2}user/2)',
    'XML',
  ]);
});

test('nothing that is not a dial string makes it throw', () => {
  for (const text of ['', '{', '[', '{a', '{a=1', "'", ',', '|', '{}', '[]', '{=}', '}{']) {
    expect(() => parseDialString(text)).not.toThrow();
  }
});
