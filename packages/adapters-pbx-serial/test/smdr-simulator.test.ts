import {
  endOf,
  monthOfCalls,
  type PrintedRecord,
  type SimSmdrFormat,
  SmdrFeed,
  SmdrPrinter,
  type SmdrPrinterOptions,
} from '@cordboard/simulator';
import { describe, expect, test } from 'vitest';
import {
  type CsvTable,
  createRepeatFilter,
  createSmdrParser,
  mergeCalls,
  SMDR_FORMATS,
  type SmdrOptions,
  type SmdrRecord,
} from '../src/smdr/index.js';

const stampOf = (atS: number): string => new Date(atS * 1_000).toISOString().slice(0, 19);

/** What can be known from the paper of a format about a record, said from the truth and the manual, not from either codec. */
type Expected = Partial<Record<keyof SmdrRecord, unknown>>;

const minute = (atS: number): number => atS - (atS % 60);

function hiddenNumber({ call }: PrintedRecord): string | undefined {
  const { number, hiddenFrom } = call;
  if (number === undefined || hiddenFrom === undefined) return number;
  return number.slice(0, hiddenFrom) + '.'.repeat(number.length - hiddenFrom);
}

function common(printed: PrintedRecord): Expected {
  const { call } = printed;
  return {
    direction: call.direction,
    number: call.direction === 'out' ? hiddenNumber(printed) : call.number,
  };
}

function panasonic(printed: PrintedRecord, pattern: 'a' | 'b' | 'c' | 'td'): Expected {
  const { call, leg } = printed;
  const part = call.legs[leg];
  if (part === undefined) throw new Error('no such part');
  const last = leg === call.legs.length - 1;
  const told = pattern !== 'b' && call.direction === 'in' ? part.ringS : 0;
  const lost = call.clock === 'lost';
  const td = pattern === 'td' && call.direction === 'in';
  const number = call.direction === 'out' ? hiddenNumber(printed) : td ? call.number?.slice(0, 11) : call.number;
  return {
    direction: call.direction,
    number,
    ...(call.direction === 'in' ? { name: td ? call.name?.slice(0, 10) : call.name } : {}),
    ...(pattern === 'td' || call.direction !== 'in' ? {} : { did: call.did }),
    start: lost ? undefined : stampOf(minute(endOf(part)) - part.talkS - told),
    durationMs: lost ? undefined : part.talkS * 1_000,
    ...(lost ? {} : { ringMs: told === 0 ? undefined : told * 1_000 }),
    ...(call.verified === undefined ? { extension: part.extension } : { personalCode: call.verified }),
    line: call.line === undefined ? undefined : String(call.line).padStart(pattern === 'c' ? 4 : 2, '0'),
    transfer: last ? undefined : 'to',
    accountCode: last ? call.account : undefined,
    disaCode: last && call.disa !== undefined ? `D${call.disa}` : undefined,
    flash: call.flash,
    ...(pattern === 'b' || pattern === 'c' ? { costMinor: last ? call.costMinor : undefined } : {}),
  };
}

/** How many places of a caller's column the words before it take. */
const callerPlaces: Partial<Record<SimSmdrFormat, number>> = {
  'panasonic-a': 25,
  'panasonic-b': 20,
  'panasonic-c': 50,
  'kx-td': 25,
  'kx-ta': 32,
};

/** What a format's printer puts in the caller's column, uncut. */
function callerText(format: SimSmdrFormat, { call }: PrintedRecord): string {
  const { number = '', name = '' } = call;
  if (format === 'kx-ta')
    return `${call.disa === undefined ? '< incoming >' : '< DISA incoming >'}${[number, name].filter((part) => part !== '').join(' ')}`;
  if (format === 'kx-td')
    return `<I> ${[number.slice(0, 11), name.slice(0, 10)].filter((part) => part !== '').join(' ')}`;
  return `${call.did === undefined ? '' : `<D>${call.did}`}<I>${name}${number}`;
}

const EXPECTED: Readonly<Record<SimSmdrFormat, (printed: PrintedRecord) => Expected>> = {
  'panasonic-a': (printed) => panasonic(printed, 'a'),
  'panasonic-b': (printed) => panasonic(printed, 'b'),
  'panasonic-c': (printed) => panasonic(printed, 'c'),
  'kx-td': (printed) => panasonic(printed, 'td'),
  'kx-ta': (printed) => {
    const { call, leg } = printed;
    const part = call.legs[leg];
    if (part === undefined) throw new Error('no such part');
    const lost = call.clock === 'lost';
    return {
      ...common(printed),
      name: call.name,
      start: lost ? undefined : stampOf(minute(part.startS + part.ringS)),
      durationMs: lost ? undefined : part.talkS * 1_000,
      extension: part.extension,
      line: String(call.line).padStart(2, '0'),
      transfer: leg === 0 ? undefined : 'from',
      accountCode: leg === call.legs.length - 1 ? call.account : undefined,
      flash: call.flash,
    };
  },
  dbs: (printed) => {
    const { call, leg } = printed;
    const part = call.legs[leg];
    if (part === undefined) throw new Error('no such part');
    return {
      // A transferred call has no direction on this paper.
      direction: leg > 0 && call.disa === undefined ? 'unknown' : call.direction,
      number: call.number,
      ...(call.number === undefined ? { name: 'Private' } : {}),
      start: stampOf(part.startS + part.ringS),
      durationMs: part.talkS * 1_000,
      extension: part.extension,
      line: String(call.line).padStart(2, '0'),
      accountCode: leg === call.legs.length - 1 ? call.account : undefined,
      personalCode: call.verified === undefined ? undefined : `V0${call.verified}`,
    };
  },
  shenou: (printed) => {
    const { call, leg } = printed;
    const part = call.legs[leg];
    if (part === undefined) throw new Error('no such part');
    return {
      direction: call.direction,
      number: call.number,
      start: stampOf(part.startS + part.ringS),
      durationMs: part.talkS * 1_000,
      extension: part.extension,
      costMinor: leg === call.legs.length - 1 ? (call.costMinor ?? 0) : 0,
    };
  },
  'ipoffice-csv': ({ call, leg }) => {
    const part = call.legs[leg];
    if (part === undefined) throw new Error('no such part');
    const last = leg === call.legs.length - 1;
    return {
      direction: call.direction,
      number: call.number,
      start: stampOf(call.legs[0]?.startS ?? 0),
      durationMs: part.talkS * 1_000,
      ringMs: part.ringS === 0 ? undefined : part.ringS * 1_000,
      extension: part.extension,
      line: call.line === undefined ? undefined : String(9_000 + call.line),
      callRef: String(1_000_000_000 + call.id),
      continues: last ? undefined : 'continues',
      personalCode: call.verified,
      costMinor: last ? call.costMinor : undefined,
    };
  },
  'definity-80': ({ call, leg }) => {
    const part = call.legs[leg];
    if (part === undefined) throw new Error('no such part');
    const shown = part.talkS - (part.talkS % 6);
    return {
      direction: call.direction,
      number: call.direction === 'in' ? call.number?.slice(0, 5) : call.number,
      start: stampOf(minute(endOf(part)) - shown),
      durationMs: shown * 1_000,
      extension: part.extension,
      line: call.line === undefined ? undefined : String(call.line).padStart(3, '0'),
      accountCode: call.account,
      personalCode: call.verified,
    };
  },
  'generic-csv': (printed) => {
    const { call, leg } = printed;
    const part = call.legs[leg];
    if (part === undefined) throw new Error('no such part');
    const last = leg === call.legs.length - 1;
    return {
      ...common(printed),
      start: stampOf(part.startS),
      durationMs: part.talkS * 1_000,
      ringMs: part.ringS * 1_000,
      extension: part.extension,
      line: call.line === undefined ? undefined : String(call.line).padStart(2, '0'),
      accountCode: last ? call.account : undefined,
      costMinor: last ? call.costMinor : undefined,
    };
  },
};

const TABLE: CsvTable = {
  columns: ['start', 'duration', 'ring', 'extension', 'line', 'direction', 'number', 'accountCode', 'cost', 'recordNo'],
  directions: { out: ['O'], in: ['I'], internal: ['N'] },
};

/** Settings that a PBX and its reader share. */
type Shared = Pick<SmdrPrinterOptions, 'dateOrder' | 'hours' | 'newLine' | 'pageLines' | 'skipLines' | 'variant'>;

const PAPERS: readonly (readonly [string, Shared])[] = [
  ['as it leaves the factory', {}],
  ['day first, 24 hours', { dateOrder: 'dmy', hours: 24 }],
  ['year first, lines that end with CR', { dateOrder: 'ymd', newLine: 'cr' }],
  ['pages of nine lines, two skipped', { pageLines: 9, skipLines: 2 }],
];

const CALLS = monthOfCalls({ seed: 3, calls: 1_500 });

function readBack(format: SimSmdrFormat, shared: Shared) {
  const printer = new SmdrPrinter(format, shared);
  const feed = new SmdrFeed(printer, CALLS);
  const options: SmdrOptions = {
    ...(format === 'generic-csv' ? { table: TABLE } : {}),
    ...(shared.dateOrder === undefined || format === 'generic-csv' ? {} : { dateOrder: shared.dateOrder }),
    ...(shared.variant === undefined ? {} : { variant: shared.variant }),
  };
  const parser = createSmdrParser(format, options);
  const [first] = CALLS;
  const begun = parser.push(printer.open(first?.legs[0]?.startS ?? 0));
  const others = [...begun.others];
  const records: SmdrRecord[] = [];
  const truth: PrintedRecord[] = [];
  for (let piece = feed.take(); piece !== undefined; piece = feed.take()) {
    const parsed = parser.push(Buffer.from(piece.text, 'latin1'), stampOf(piece.atS + 1));
    records.push(...parsed.records);
    others.push(...parsed.others);
    truth.push(piece.record);
  }
  return { records, others, truth };
}

describe.each(SMDR_FORMATS)('%s as the simulated PBX prints it', (format) => {
  test.each(PAPERS)('%s', (_, shared) => {
    const { records, others, truth } = readBack(format, shared);
    expect(others.filter(({ kind }) => kind !== 'header' && kind !== 'empty')).toEqual([]);
    expect(records).toHaveLength(truth.length);
    expect(truth.length).toBeGreaterThan(1_000);
    for (const [index, printed] of truth.entries()) {
      const record = records[index];
      const expected = EXPECTED[format](printed);
      // What was cut on the paper is not told as whole.
      const width = callerPlaces[format];
      if (width !== undefined && printed.call.direction === 'in' && callerText(format, printed).length >= width) {
        expect(record?.doubts, printed.text).toContain('columnFull');
        delete expected.number;
        delete expected.name;
      }
      const read = Object.fromEntries(
        Object.keys(expected).map((field) => [field, record?.[field as keyof SmdrRecord]]),
      );
      expect(read, printed.text).toEqual(expected);
    }
  });
});

describe('calls that are told in several records', () => {
  const told: readonly SimSmdrFormat[] = [
    'panasonic-a',
    'panasonic-b',
    'panasonic-c',
    'kx-td',
    'kx-ta',
    'dbs',
    'ipoffice-csv',
  ];
  test.each(told)('%s: what was one call at the PBX is one call again', (format) => {
    const { records, truth } = readBack(format, {});
    const callOf = new Map(records.map((record, index) => [record, truth[index]?.call]));
    const merged = mergeCalls(records);
    let whole = 0;
    let handedOn = 0;
    for (const call of merged) {
      if (call.parts.length > 1) expect(call.record.direction).toBe(callOf.get(call.parts[0] as SmdrRecord)?.direction);
      const ids = new Set(call.parts.map((part) => callOf.get(part)?.id));
      expect(ids.size, call.parts.map(({ raw }) => raw).join('\n')).toBe(1);
    }
    for (const call of new Set(truth.map((printed) => printed.call))) {
      if (call.legs.length < 2 || call.clock === 'lost') continue;
      handedOn += 1;
      if (merged.some(({ parts }) => parts.length === 2 && callOf.get(parts[0] as SmdrRecord) === call)) whole += 1;
    }
    expect(handedOn).toBeGreaterThan(30);
    expect(whole).toBe(handedOn);
  });
});

test.each(SMDR_FORMATS)(
  '%s: a block that is told again when the line is open anew is dropped, and nothing else',
  (format) => {
    const printer = new SmdrPrinter(format);
    const feed = new SmdrFeed(printer, CALLS.slice(0, 400), { replay: 25 });
    const parser = createSmdrParser(format, format === 'generic-csv' ? { table: TABLE } : {});
    const filter = createRepeatFilter();
    const kept: SmdrRecord[] = [];
    let dropped = 0;
    const take = (text: string, atS: number): void => {
      const { records } = parser.push(text, stampOf(atS));
      const result = filter.push(records);
      kept.push(...result.kept);
      dropped += result.dropped.length;
    };
    take(printer.open(CALLS[0]?.legs[0]?.startS ?? 0), CALLS[0]?.legs[0]?.startS ?? 0);
    let count = 0;
    for (let piece = feed.take(); piece !== undefined; piece = feed.take()) {
      count += 1;
      take(piece.text, piece.atS);
      if (count === 100 || count === 200) {
        parser.reconnected();
        filter.reconnected();
        take(feed.reopen(piece.atS), piece.atS);
      }
    }
    kept.push(...filter.flush().kept);
    expect(dropped).toBe(50);
    expect(kept).toHaveLength(count);
  },
);

test('dbs 576: a number of which anything is hidden is hidden in whole', () => {
  const { records, truth, others } = readBack('dbs', { variant: '576' });
  expect(others).toEqual([]);
  for (const [index, { call, leg }] of truth.entries()) {
    const record = records[index];
    const hidden = call.direction === 'out' && call.hiddenFrom !== undefined;
    expect(record?.number).toBe(hidden ? '.'.repeat(call.number?.length ?? 0) : call.number);
    expect(record).toMatchObject({ extension: call.legs[leg]?.extension, line: String(call.line).padStart(3, '0') });
  }
});

test('definity-80: a call of 25 hours is three records that add up to it', () => {
  const printer = new SmdrPrinter('definity-80');
  const startS = Date.UTC(2026, 10, 2, 9, 0, 0) / 1_000;
  const legs = [{ extension: '54001', startS, ringS: 0, talkS: 90_000 }];
  const { text, records: printed } = printer.call({ id: 1, direction: 'out', line: 7, number: '5551234', legs });
  const { records, others } = createSmdrParser('definity-80', { arrivedAt: '2026-11-03T10:00:30' }).push(text);
  expect(others.map(({ kind }) => kind)).toEqual(['header', 'header', 'empty'].filter((kind) => kind === 'header'));
  expect(printed).toHaveLength(3);
  expect(records.map(({ code }) => code)).toEqual(['4', '4', '7']);
  expect(records.map(({ continues }) => continues)).toEqual(['continues', 'continues', undefined]);
  expect(records[0]?.start?.slice(0, 13)).toBe('2026-11-02T09');
});

test('what the PBX logs besides calls is told as that', () => {
  const printer = new SmdrPrinter('panasonic-a');
  const atS = Date.UTC(2026, 10, 22, 13, 7, 0) / 1_000;
  const words = ['In the office', 'LOG IN', 'LOG OUT', 'Check in', 'Check out', 'Timed Reminder/No Answer'];
  const text = words.map((one) => printer.event({ extension: '1234', atS, words: one })).join('');
  const { records, others } = createSmdrParser('panasonic-a').push(text);
  expect(records).toEqual([]);
  expect(others.filter(({ kind }) => kind === 'event')).toHaveLength(words.length);
});
