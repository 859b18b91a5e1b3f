import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventContext, JsonEvent, PlainEvent } from './esl-event.js';
import { JsonScanner } from './json-scanner.js';
import { PlainScanner } from './plain-scanner.js';
import { loadSearch, type SearchExports, SearchMachine, searchMachine } from './search-machine.js';
import { MAX_TEXT } from './search-places.js';
import { WantedNames } from './wanted-names.js';

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

const program = (): SearchExports => {
  const loaded = loadSearch();
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
function read(scanner: PlainScanner | JsonScanner, texts: readonly string[], names: readonly string[]): unknown[] {
  return texts.map((text) => {
    const owner = {};
    return names.map((name) => [
      name,
      scanner.find(owner, text, name) < 0 ? -1 : scanner.to,
      scanner.value(owner, text, name),
    ]);
  });
}

const token = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .array(
        fc.constantFrom('a', '\\"', '\\\\', '\\u00e9', '\\n', '\xe9', '\xe5\xbc\xa0', ':', ',', '}', 'Unique-ID'),
        { maxLength: 30 },
      )
      .map((all) => `"${all.join('')}"`),
  },
  { weight: 1, arbitrary: fc.constantFrom('["a","b"]', '12', 'null', '{"Unique-ID":"x"}', '""') },
);
const member = fc
  .tuple(fc.constantFrom<string>(...NAMES, 'x', 'a\\"b'), token)
  .map(([name, value]) => `"${name}":${value}`);
const objectOf = fc.array(member, { maxLength: 30 }).map((members) => `{${members.join(',')}}`);
/** As FreeSWITCH writes it, or cut, or with something in it that does not belong there. */
const jsonOf = fc.oneof(
  { weight: 4, arbitrary: objectOf },
  { weight: 1, arbitrary: fc.tuple(objectOf, fc.nat(200)).map(([all, cut]) => all.slice(0, cut)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(objectOf, fc.nat(200), fc.constantFrom('"', ' ', '\\', '}', ','))
      .map(([all, at, odd]) => all.slice(0, at) + odd + all.slice(at)),
  },
);

function contextOf(search: SearchMachine | 'script'): EventContext {
  return { charset: CHARSET, plain: new PlainScanner(CHARSET, search), json: new JsonScanner(CHARSET, search) };
}

/** Holds a machine to what script finds in objects. */
function holdsObjects(machine: SearchMachine, numRuns: number): void {
  fc.assert(
    fc.property(fc.array(jsonOf, { minLength: 1, maxLength: 4 }), asked, (texts, names) => {
      const quick = new JsonScanner(CHARSET, machine);
      const script = new JsonScanner(CHARSET, 'script');
      expect(read(quick, texts, names)).toEqual(read(script, texts, names));
    }),
    { numRuns },
  );
}

/** Holds a machine to what script finds in lines. */
function holds(machine: SearchMachine, numRuns: number): void {
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
    expect(searchMachine()).toBeInstanceOf(SearchMachine);
    expect(searchMachine()).toBe(searchMachine());
  });

  it('finds what script finds', () => {
    holds(new SearchMachine(program()), 2_000);
  });

  it('finds what script finds in JSON, and leaves to script what has another form', () => {
    holdsObjects(new SearchMachine(program()), 3_000);
  });

  it('tells all headers as script does, and leaves to it what it can not read', () => {
    const machine = new SearchMachine(program());
    const other = new PlainEvent('Event-Name: OTHER\nvariable_a: %20b\n', contextOf(machine));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(blockOf, jsonOf), { minLength: 1, maxLength: 4 }),
        fc.nat(8),
        (texts, disturbed) => {
          for (const text of texts) {
            for (const Event of [PlainEvent, JsonEvent]) {
              const told: (readonly string[])[] = [];
              new Event(text, contextOf(machine)).each((name, each) => {
                if (told.length === disturbed) expect(other.headers()).toHaveLength(2);
                if (told.length === disturbed + 1) expect(other.get('variable_a')).toBe(' b');
                told.push([name, each]);
              });
              expect(told).toEqual(new Event(text, contextOf('script')).headers());
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('finds a header again after all of another event were read', () => {
    const context = contextOf(new SearchMachine(program()));
    const event = new PlainEvent('Event-Name: A\nUnique-ID: %31%20\nCaller-ANI: %32%20\n', context);
    expect(event.get('Unique-ID')).toBe('1 ');
    expect(event.get('Caller-ANI')).toBe('2 ');
    expect(new PlainEvent(`${'X: y\n'.repeat(50)}Unique-ID: 3\n`, context).headers()).toHaveLength(51);
    expect(event.get('Caller-ANI')).toBe('2 ');
  });

  it('tells names apart however many an event holds, and its values by each escape', () => {
    const context = contextOf(new SearchMachine(program()));
    const pairs = Array.from({ length: 1_500 }, (_, n) => [`X-Name-${n * 7_919}`, `${n} "\\`] as const);
    const plain = pairs.map(([name, each]) => `${name}: ${encodeURIComponent(each)}\n`).join('');
    const json = JSON.stringify(Object.fromEntries(pairs));
    for (let turn = 0; turn < 2; turn++) {
      expect(new PlainEvent(plain, context).headers()).toEqual(pairs);
      expect(new JsonEvent(json, context).headers()).toEqual(pairs);
    }
  });

  it('tells more headers than it can note by script', () => {
    const lines = Array.from({ length: 3_000 }, (_, n) => `variable_number_${n}: ${n}\n`);
    const headers = new PlainEvent(lines.join(''), contextOf(new SearchMachine(program()))).headers();
    expect(headers.map(([name, each]) => `${name}: ${each}\n`)).toEqual(lines);
  });

  it('goes over regular objects itself', () => {
    const machine = new SearchMachine(program());
    const names = new WantedNames('members');
    const slot = names.slotOf('Unique-ID');
    names.begins({}, slot);
    for (const [text, isRegular] of [
      ['{"Event-Name":"A","Unique-ID":"1"}', true],
      ['{"Event-Name":"\\"A\\\\","Unique-ID":"1"}', true],
      ['{"Event-Name":["A"],"Unique-ID":"1"}', false],
      ['{ "Unique-ID":"1"}', false],
      ['{"Event-Name":"A"', false],
      ['{"Event-Name":"A\\', false],
      ['{"Event-Name":"', false],
      ['{"', false],
      ['', false],
    ] as const) {
      expect([text, machine.search(names, text)]).toEqual([text, isRegular]);
      if (isRegular) expect(text.slice(machine.from(slot), machine.to(slot))).toBe('"1"');
    }
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
    for (const search of ['script', new SearchMachine(program())] as const) {
      const scanner = new PlainScanner(CHARSET, search);
      const names = ['variable_a', 'variable_aa', 'Caller-ANI', 'Unique-ID'];
      expect(names.map((name) => scanner.value({}, text, name))).toEqual(['张三', '张', '\ufffd', '张\ufffd']);
    }
  });

  it('gives a value that it keeps from before, and no other one that looks like it', () => {
    const machine = new SearchMachine(program());
    const scanner = new PlainScanner(CHARSET, machine);
    const script = new PlainScanner(CHARSET, 'script');
    const values = Array.from({ length: 3_000 }, (_, n) => [
      `a%20${n}`,
      `%E5%BC%A0${n}`,
      `%20${'x'.repeat(n % 70)}`,
      `%D5%C5${n}`,
    ]).flat();
    for (const text of [...values, ...values, ...values.slice(0, 50)].map((value) => `Unique-ID: ${value}\n`)) {
      expect(scanner.value({}, text, 'Unique-ID')).toBe(script.value({}, text, 'Unique-ID'));
    }
  });

  it('reads the same bytes by the charset of each socket', () => {
    const machine = new SearchMachine(program());
    const text = 'Unique-ID: Ren%E9%20\n';
    for (let turn = 0; turn < 2; turn++) {
      expect(new PlainScanner('windows-1252', machine).value({}, text, 'Unique-ID')).toBe('René ');
      expect(new PlainScanner('iso-8859-5', machine).value({}, text, 'Unique-ID')).toBe('Renщ ');
    }
  });

  it.each([
    [
      'overlooks the last line',
      ({ lines }: SearchExports) => ({ lines: (n: number, p: number, k: number) => lines(n - 1, p, k) }),
    ],
    [
      'stops one name early',
      ({ lines }: SearchExports) => ({ lines: (n: number, p: number, k: number) => lines(n, p, k - 1) }),
    ],
    [
      'keeps what the pass before found',
      ({ lines }: SearchExports) => ({ lines: (n: number, _: number, k: number) => lines(n, 1, k) }),
    ],
    [
      'takes all bytes for ASCII',
      ({ decode }: SearchExports) => ({ decode: (a: number, b: number) => decode(a, b) & ~1 }),
    ],
    [
      'leaves the last byte of a value encoded',
      ({ decode }: SearchExports) => ({ decode: (a: number, b: number) => decode(a, b - 1) }),
    ],
  ])('would be caught when it %s', (_, broken) => {
    const good = program();
    const machine = new SearchMachine({ ...good, ...broken(good) });
    expect(() => {
      holds(machine, 500);
      holdsObjects(machine, 500);
    }).toThrow();
  });
});
