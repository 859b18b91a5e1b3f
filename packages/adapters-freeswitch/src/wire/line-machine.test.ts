import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineExports, LineMachine, lineMachine, loadLines } from './line-machine.js';
import { MAX_TEXT } from './line-program.js';
import { PlainScanner } from './plain-scanner.js';

const CHARSET = 'gb18030';
/** Two with one signature, one that begins another, one of the longest that the tables hold, and one longer. */
const NAMES = [
  'Event-Name',
  'Unique-ID',
  'Caller-ANI',
  'Caller-Unique-ID',
  'Caller-Unique-IDs',
  'variable_a',
  'variable_aa',
  'variable_sip_call_id',
  `variable_${'x'.repeat(55)}`,
  `variable_${'y'.repeat(56)}`,
  'X-A',
] as const;

const program = (): LineExports => {
  const loaded = loadLines();
  if (loaded === undefined) throw new Error('this runtime has no vectors');
  return loaded;
};

const piece = fc.constantFrom(
  'a',
  '%',
  '%20',
  '%E5%BC%A0',
  '%e9',
  '%zz',
  '%4',
  '\xe9',
  '\xd5\xc5',
  ': ',
  ' ',
  'Unique-ID',
);
const value = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(': ', ':'), value).map((all) => all.join('')),
  },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: value },
  { weight: 1, arbitrary: fc.constant('') },
);
const blockOf = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('', '\n', '\n\n', '\n\nUnique-ID: body\n'))
  .map(([lines, end]) => lines.join('\n') + end);
const asked = fc.shuffledSubarray([...NAMES], { minLength: 1 });

/** What a scanner finds in each of these texts, asked by name after name. */
function read(scanner: PlainScanner, texts: readonly string[], names: readonly string[]): unknown[] {
  return texts.map((text) => {
    const owner = {};
    return names.map((name) => [
      name,
      scanner.find(owner, text, name) < 0 ? -1 : scanner.to,
      scanner.value(owner, text, name),
    ]);
  });
}

/** Holds a machine to what script finds. */
function holds(machine: LineMachine, numRuns: number): void {
  fc.assert(
    fc.property(fc.array(blockOf, { minLength: 1, maxLength: 4 }), asked, (texts, names) => {
      const quick = new PlainScanner(CHARSET, machine);
      const script = new PlainScanner(CHARSET, 'script');
      expect(read(quick, texts, names)).toEqual(read(script, texts, names));
    }),
    { numRuns },
  );
}

describe('the search for headers by vectors', () => {
  it('is what this runtime uses', () => {
    expect(lineMachine()).toBeInstanceOf(LineMachine);
    expect(lineMachine()).toBe(lineMachine());
  });

  it('finds what script finds', () => {
    holds(new LineMachine(program()), 2_000);
  });

  it('finds a line wherever it stands among the sixteen bytes', () => {
    const quick = new PlainScanner(CHARSET);
    for (let pad = 0; pad < 40; pad++) {
      for (let length = 0; length < 40; length++) {
        const text = `X: ${'p'.repeat(pad)}\nUnique-ID: ${'v'.repeat(length)}\nCaller-ANI: 1`;
        const owner = {};
        expect(quick.value(owner, text, 'Unique-ID')).toBe('v'.repeat(length));
        expect(quick.value(owner, text, 'Caller-ANI')).toBe('1');
        expect(quick.value(owner, text, 'Event-Name')).toBeUndefined();
      }
    }
  });

  it('sees nothing of a longer text that was there before', () => {
    const quick = new PlainScanner(CHARSET);
    expect(quick.value({}, `Event-Name: A\nUnique-ID: ${'1'.repeat(500)}\n\n`, 'Unique-ID')).toHaveLength(500);
    for (const text of ['', 'E', 'Event-Name: B', 'Event-Name: B\n', 'Event-Name: Before\n']) {
      expect(quick.value({}, text, 'Unique-ID')).toBeUndefined();
    }
  });

  it('serves many scanners by turns, each with its own names', () => {
    const scanners = ['Unique-ID', 'Caller-ANI', 'variable_a'].map((name) => ({
      name,
      scanner: new PlainScanner(CHARSET),
    }));
    const text = 'Unique-ID: Unique-ID\nCaller-ANI: Caller-ANI\nvariable_a: variable_a\nvariable_aa: %20\n';
    const owner = {};
    for (let turn = 0; turn < 3; turn++) {
      for (const { name, scanner } of scanners) expect(scanner.value(owner, text, name)).toBe(name);
      for (const { scanner } of scanners) expect(scanner.value(owner, text, 'variable_aa')).toBe(' ');
    }
  });

  it('leaves what does not fit to script: long texts, and more names than the tables hold', () => {
    const scanner = new PlainScanner(CHARSET);
    for (const length of [MAX_TEXT - 1, MAX_TEXT, MAX_TEXT + 1]) {
      const text = `Caller-ANI: ${'9'.repeat(length - 33)}\nUnique-ID: %31%32`.padEnd(length, ' ').slice(0, length);
      expect(text).toHaveLength(length);
      expect(scanner.value({}, text, 'Unique-ID')?.trim()).toBe('12');
    }
    const names = Array.from({ length: 300 }, (_, n) => `variable_number_${n}`);
    const text = names.map((name, n) => `${name}: ${n}`).join('\n');
    const owner = {};
    for (const [n, name] of names.entries()) expect(scanner.value(owner, text, name)).toBe(String(n));
  });

  it('tells bytes of every charset as script does', () => {
    const text = 'variable_a: %D5%C5%C8%FD\nvariable_aa: \xd5\xc5\nCaller-ANI: %EF%BF%BD\nUnique-ID: %E5%BC%A0%E5';
    for (const search of ['script', new LineMachine(program())] as const) {
      const scanner = new PlainScanner(CHARSET, search);
      const names = ['variable_a', 'variable_aa', 'Caller-ANI', 'Unique-ID'];
      expect(names.map((name) => scanner.value({}, text, name))).toEqual(['张三', '张', '\ufffd', '张\ufffd']);
    }
  });

  it.each([
    [
      'overlooks the last line',
      ({ scan }: LineExports) => ({ scan: (n: number, p: number, k: number) => scan(n - 1, p, k) }),
    ],
    [
      'stops one name early',
      ({ scan }: LineExports) => ({ scan: (n: number, p: number, k: number) => scan(n, p, k - 1) }),
    ],
    [
      'keeps what the pass before found',
      ({ scan }: LineExports) => ({ scan: (n: number, _: number, k: number) => scan(n, 1, k) }),
    ],
    [
      'takes all bytes for ASCII',
      ({ decode }: LineExports) => ({ decode: (a: number, b: number) => decode(a, b) & ~1 }),
    ],
    [
      'leaves the last byte of a value encoded',
      ({ decode }: LineExports) => ({ decode: (a: number, b: number) => decode(a, b - 1) }),
    ],
  ])('would be caught when it %s', (_, broken) => {
    const good = program();
    expect(() =>
      holds(new LineMachine({ memory: good.memory, scan: good.scan, decode: good.decode, ...broken(good) }), 500),
    ).toThrow();
  });
});
