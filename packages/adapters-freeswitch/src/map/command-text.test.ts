import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandText, safeName, safeNumber, variablesText } from './command-text.js';

/** Reads `{a=b,c='d e'}` as `switch_event_create_brackets` does: commas part, quotes keep, a brace ends. @returns what stands in it, and what is left behind it */
function read(text: string): { readonly variables: Record<string, string>; readonly rest: string } {
  const variables: Record<string, string> = {};
  let [name, value, at]: [string, string, number] = ['', '', 1];
  let isValue = false;
  let quoted = false;
  for (; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (letter === "'") quoted = !quoted;
    else if (!quoted && (letter === ',' || letter === '}')) {
      variables[name] = value;
      [name, value, isValue] = ['', '', false];
      if (letter === '}') break;
    } else if (!isValue && letter === '=') isValue = true;
    else if (isValue) value += letter;
    else name += letter;
  }
  return { variables, rest: text.slice(at + 1) };
}

const NASTY = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '<',
      '>',
      '^',
      ':',
      "'",
      '"',
      ',',
      '\\',
      '$',
      '(',
      ')',
      '\r',
      '\n',
      '\0',
      ' ',
      'a',
      '1',
      '&',
      ';',
      '|',
      '=',
    ),
  }),
  fc.constantFrom('张三', 'Müller', "O'Brien", '^^:a=b', `${'$'}{system(id)}`, "x'}user/evil"),
);

describe('names and numbers from outside', () => {
  it('are read by FreeSWITCH as one value each, and nothing is left behind', () => {
    fc.assert(
      fc.property(NASTY, NASTY, (rawName, rawNumber) => {
        const [name, number] = [safeName(rawName), safeNumber(rawNumber)];
        const text = variablesText({ first: 'x', name, number, last: 'y' });
        expect(/[\r\n\0\\$^"<>{}[\]()&;|]/.test(text.slice(1, -1))).toBe(false);
        expect(read(text)).toEqual({ variables: { first: 'x', name, number, last: 'y' }, rest: '' });
      }),
      { numRuns: 2_000 },
    );
  });

  it('stay what they are where they are plain', () => {
    expect(safeName('张三 (VIP)')).toBe('张三 VIP');
    expect(safeName("O'Brien, Ann")).toBe('O Brien Ann');
    expect(safeNumber('+86 (139) 0000-0001')).toBe('+861390000-0001');
  });
});

describe('words of a command', () => {
  it.each(['', 'a b', 'a\nb', 'a\r', 'a\0', "a'b", 'a"b', 'a\\b', 'a`b'])('%j is refused', (word) => {
    expect(() => commandText('uuid_kill', word)).toThrow(expect.objectContaining({ code: 'wire.unsafeValue' }));
  });

  it.each(["a'b", 'a,b', 'a}b', 'a{b', 'a^b', 'a\nb', 'a"b', 'a$b', 'a\\b', 'a=b'])(
    'a value %j is refused',
    (value) => {
      expect(() => variablesText({ x: value })).toThrow(expect.objectContaining({ code: 'wire.unsafeValue' }));
    },
  );
});
