import { describe, expect, test } from 'vitest';
import {
  createSmdrParser,
  formatSmdr,
  mergeCalls,
  type SmdrFormatName,
  type SmdrOptions,
  type SmdrRecord,
} from './index.js';

const ARRIVED = '2026-11-22T12:00:00';
function one(format: SmdrFormatName, line: string, options: SmdrOptions = {}): SmdrRecord {
  const parser = createSmdrParser(format, { arrivedAt: ARRIVED, ...options });
  const { records, others } = parser.push(`${line}\r\n`);
  expect(others).toEqual([]);
  expect(records).toHaveLength(1);
  return records[0] as SmdrRecord;
}
const kindsOf = (format: SmdrFormatName, text: string, options: SmdrOptions = {}): string[] =>
  createSmdrParser(format, options)
    .push(text)
    .others.map(({ kind }) => kind);

/** A line of pattern A with its values in the columns of the manual. */
const patternA = (ext: string, co: string, dial: string, ring = '', acc = '', cd = ''): string =>
  `01/02/02 10:03AM ${ext.padStart(5)} ${co.padEnd(2)} ${dial.padEnd(25)} ${ring.padEnd(4)} 00:01'05 ${acc.padEnd(10)} ${cd}`;

describe('Panasonic pattern A, KX-NS1000 Feature Guide p. 222', () => {
  test('its first line, blanks squeezed as printed in the facts', () => {
    expect(one('panasonic-a', "01/02/02 10:03AM 1200 01 <I>12345678901234567890      5'15 00:00'00")).toMatchObject({
      start: '2002-01-02T09:57:45',
      durationMs: 0,
      ringMs: 315_000,
      extension: '1200',
      line: '01',
      direction: 'in',
      number: '12345678901234567890',
      answered: 'unanswered',
      doubts: ['columnsShifted'],
    });
  });

  test('an incoming call in its columns: the stamp is the end, ringing and talk go before it', () => {
    const record = one('panasonic-a', patternA('1200', '01', '<I>12345678901234567890', "0'05", '9876543210'));
    expect(record).toMatchObject({
      start: '2002-01-02T10:01:50',
      durationMs: 65_000,
      ringMs: 5000,
      accountCode: '9876543210',
    });
    expect(record).toMatchObject({ answered: 'answered', doubts: [] });
  });

  test.each<[string, Partial<SmdrRecord>]>([
    [
      patternA('1200', '01', '1234567890123456'),
      { direction: 'out', number: '1234567890123456', start: '2002-01-02T10:01:55' },
    ],
    [patternA('*123', '01', '1234567890123456'), { personalCode: '123' }],
    [
      patternA('1234', '01', '<I>ABC COMPANY12345678', "0'05"),
      { name: 'ABC COMPANY', number: '12345678', direction: 'in' },
    ],
    [patternA('1234', '01', '<D>CDE9876<I>Q COMPANY', "0'05"), { did: 'CDE9876', name: 'Q COMPANY', direction: 'in' }],
    [patternA('1234', '01', '123..............'), { number: '123..............', doubts: ['digitsHidden'] }],
    [patternA('1234', '01', '123456XX'), { number: '123456..', doubts: ['digitsHidden'] }],
    [patternA('1234', '01', '9=0921234567'), { number: '0921234567' }],
    [patternA('1234', '01', 'F/0921234567'), { number: '0921234567', flash: 'flash' }],
    [patternA('1234', '01', '0921234567-105'), { number: '0921234567', transfer: 'to' }],
    [patternA('1234', '01', '092P1234'), { number: '0921234' }],
    [patternA('1234', '  ', 'EXT1235'), { direction: 'internal', number: '1235' }],
    [patternA('1234', '01', '<I>5551234', "0'05", '', 'TR'), { code: 'TR', transfer: 'to' }],
    [patternA('1234', '01', '5551234', '', '', 'D3'), { disaCode: 'D3' }],
    [patternA('1234', '01', '<I>5551234', "0'45", '', 'NA'), { answered: 'unanswered' }],
  ])('%s', (line, expected) => {
    expect(one('panasonic-a', line)).toMatchObject(expected);
  });

  test.each(['In the office', 'LOG IN', 'LOG OUT', 'Check in', 'Timed Reminder/Start', '<I>S003'])(
    '%s is no call',
    (words) => {
      expect(kindsOf('panasonic-a', `01/02/02 01:07PM  1234    ${words}\r\n`)).toEqual(['event']);
    },
  );
});

test('pattern B tells a cost in minor units, and no ringing', () => {
  const line = `01/02/02 10:03AM  1210 01 ${'<I>'.padEnd(20)} 00:00'05 00560.00EU 9876543210 TR`;
  expect(one('panasonic-b', line)).toMatchObject({
    costMinor: 56_000,
    currency: 'EU',
    accountCode: '9876543210',
    code: 'TR',
    direction: 'in',
  });
});

test('pattern C has lines of four digits and 120 columns', () => {
  const line = `01/02/02 10:07AM  1230 0001 ${'<I>ABC COMPANY123456789012345'.padEnd(50)} 0'05 00:01'05 00560.00EUR 9876543210 TR`;
  const record = one('panasonic-c', line);
  expect(record).toMatchObject({
    line: '0001',
    name: 'ABC COMPANY',
    number: '123456789012345',
    costMinor: 56_000,
    currency: 'EUR',
  });
  expect(record).toMatchObject({ ringMs: 5000, start: '2002-01-02T10:05:50', doubts: [] });
});

describe('KX-TD', () => {
  test('header, rule and AT lines are told as what they are; KX-TD816 manual p. 195', () => {
    const header = '  Date     Time    Ext CO        Dial Number        Ring Duration  Acc code  CD';
    expect(kindsOf('kx-td', `ATE0\r\n${header}\r\n${'-'.repeat(80)}\r\n\r\n`)).toEqual([
      'init',
      'header',
      'header',
      'empty',
    ]);
    expect(kindsOf('kx-td', '  Дата     Время   Вн  Л  Номер   Звонок  Разговор\r\n')).toEqual(['header']);
  });

  test('number and name share the column; AN and NA tell whether somebody answered', () => {
    const line = `06/24/96 10:07AM   103 03 ${'<I> 09243121 TONY'.padEnd(25)} 0'20 00:00'00            AN`;
    expect(one('kx-td', line)).toMatchObject({
      number: '09243121',
      name: 'TONY',
      answered: 'answered',
      ringMs: 20_000,
      start: '1996-06-24T10:06:40',
    });
  });

  test('<INCOMING>, the order of the date, and a day that cannot be', () => {
    const line = `24/06/96  1:07PM   103 03 ${'<INCOMING>'.padEnd(25)}      00:00'10`;
    expect(one('kx-td', line, { dateOrder: 'dmy' })).toMatchObject({
      start: '1996-06-24T13:06:50',
      direction: 'in',
      doubts: [],
    });
    const wrong = one('kx-td', line);
    expect(wrong.start).toBeUndefined();
    expect(wrong.doubts).toEqual(['fieldUnreadable', 'startUnknown']);
  });

  test('stars after the clock was set: the call stays, its start is unknown', () => {
    const record = one('kx-td', `**/**/** **:**     103 03 ${'5551234'.padEnd(25)}      00:00'10`);
    expect(record).toMatchObject({
      number: '5551234',
      durationMs: 10_000,
      doubts: ['fieldUnreadable', 'startUnknown'],
    });
    expect(one('kx-td', `06/24/96 10:07AM   103 03 ${'5551234'.padEnd(25)}      **:**'**`)).toMatchObject({
      number: '5551234',
      doubts: ['fieldUnreadable', 'startUnknown'],
    });
  });

  test('midnight, noon and 24 hours', () => {
    const at = (time: string): string | undefined =>
      one('kx-td', `03/01/24 ${time}   103 03 ${'5'.padEnd(25)}      00:00'30`).start;
    expect([at('12:00AM'), at('12:00PM'), at('23:05  '), at(' 1:05PM')]).toEqual([
      '2024-02-29T23:59:30',
      '2024-03-01T11:59:30',
      '2024-03-01T23:04:30',
      '2024-03-01T13:04:30',
    ]);
  });
});

describe('KX-TD816 manual p. 412 (easymanua.ls 536217), calls told while they ring', () => {
  const line = (time: string, dial: string, ring: string, code: string): string =>
    `06/24/96 ${time}   103 03 ${dial.padEnd(25)} ${ring.padEnd(4)} ${' '.repeat(8)} ${' '.repeat(10)} ${code}`;
  test.each<[string, Partial<SmdrRecord>]>([
    [
      line('10:03AM', '<I> 1234567890 MARY WARD', '', 'RC'),
      { start: '1996-06-24T10:03:00', name: 'MARY WARD', code: 'RC' },
    ],
    [
      line('10:07AM', '<I> 09243121 TONY', "0'20", 'AN'),
      { start: '1996-06-24T10:06:40', ringMs: 20_000, answered: 'answered' },
    ],
    [
      line('10:08AM', '<I> 1022220 TOM HUNKS', "0'45", 'NA'),
      { start: '1996-06-24T10:07:15', durationMs: 0, answered: 'unanswered' },
    ],
  ])('%s', (text, expected) => {
    const record = one('kx-td', text);
    expect(record).toMatchObject({ ...expected, direction: 'in', line: '03', doubts: [], raw: text });
    if (record.code !== 'NA') expect(record.durationMs).toBeUndefined();
  });
  test('no length and no such code is no record', () => {
    expect(kindsOf('kx-td', `${line('10:03AM', '5551234', '', 'TR')}\r\n`)).toEqual(['unreadable']);
  });
});

describe('KX-TA624 p. 3-63 (manualshive 263357), day before month, code of dots apart', () => {
  test.each<[string, Partial<SmdrRecord>]>([
    ["31/12/98 12:53PM 203 02 < incoming > 00:01'43 . . . .", { direction: 'in', start: '1998-12-31T12:53:00' }],
    ["31/12/98 *12:54PM 201 02 < incoming > 00:07'48 . . . .", { transfer: 'from', durationMs: 468_000 }],
    [
      "31/12/98  1:04PM 203 06 092. . . 1438 00:00'06 4536",
      { accountCode: '4536', number: '092...1438', doubts: ['digitsHidden'] },
    ],
    ["31/12/98  1:05PM 203 01 < DISA incoming > 00:00'08 . . 1 3", { direction: 'in', code: 'DISA' }],
    ["31/12/98  1:04PM 203 03 < incoming >2013570846 00:01'43 ....", { number: '2013570846', direction: 'in' }],
    ["31/12/98  1:07PM 203 01 F/0927654321 00:03'00 ....", { number: '0927654321', flash: 'flash' }],
    ["31/12/98  1:07PM 203 01 9=0924567123 00:13'55 ....", { number: '0924567123' }],
  ])('%s', (line, expected) => {
    expect(one('kx-ta', line, { dateOrder: 'dmy' })).toMatchObject(expected);
  });
});

test('KX-NS1000 p. 222, an extension called: EXT before the number as in its examples, or behind it as its text says', () => {
  for (const dial of ['EXT1235', '1235EXT'])
    expect(one('panasonic-a', patternA('1234', '  ', dial))).toMatchObject({ direction: 'internal', number: '1235' });
});

describe('IP Office, the examples of its SMDR description (ipofficekb.avaya.com, SMDR examples)', () => {
  test.each<[string, Partial<SmdrRecord>]>([
    [
      '2008/10/20 06:43:58,00:00:10,21,15,O,11,11,,I,28,0,E15,Extn15,V9051,VM Channel 1,0,0',
      { direction: 'internal', extension: '15', number: '11', durationMs: 10_000, ringMs: 21_000, doubts: [] },
    ],
    [
      '2008/06/28 09:30:57,00:00:13,7,01707392200,I,299999,299999,,0,1000014160,1,E4750,John Smith,T9002,LINE 1.2,11,0',
      { continues: 'continues', holdMs: 11_000, line: '9002', extension: '4750', number: '01707392200' },
    ],
    [
      '2008/06/28 09:30:57,00:00:21,0,01707392200,I,299999,299999,,0,1000014160,0,V9502,VM Channel 2,T9002,LINE 1.2,0,0',
      { callRef: '1000014160', line: '9002', durationMs: 21_000 },
    ],
    [
      '2008/06/26 10:27:44,00:00:44,4,4688,O,4207,4207,,1,1000013898,0,E4688,Joe Bloggs,E4207,John Smith,0,0,,,,,,,,,,,,,',
      { direction: 'internal', extension: '4688', number: '4207', name: 'John Smith' },
    ],
  ])('%s', (line, expected) => {
    expect(one('ipoffice-csv', line)).toMatchObject(expected);
  });
  test('both parts of the call to voicemail are one', () => {
    const part = (more: string, device: string, hold: number): SmdrRecord =>
      one(
        'ipoffice-csv',
        `2008/06/28 09:30:57,00:00:13,7,01707392200,I,299999,299999,,0,1000014160,${more},${device},X,T9002,LINE 1.2,${hold},0`,
      );
    expect(mergeCalls([part('1', 'E4750', 11), part('0', 'V9502', 0)])).toMatchObject([
      { by: 'callRef', record: { extension: '4750', durationMs: 26_000, holdMs: 11_000 } },
    ]);
  });
});

describe('KX-TA, KX-TEA308 p. 154/174, KX-TA616 p. 3-56, KX-TA624 p. 3-63', () => {
  test('the line of the facts: the stamp is the start, dots fill the code', () => {
    expect(one('kx-ta', `12/31/05  1:04PM 103 01 0921234567   00:11'00" ..13`)).toMatchObject({
      start: '2005-12-31T13:04:00',
      durationMs: 660_000,
      extension: '103',
      line: '01',
      direction: 'out',
      number: '0921234567',
      accountCode: '13',
      doubts: [],
    });
  });

  test.each<[string, Partial<SmdrRecord>]>([
    [
      "12/31/98 12:52PM 103 05 12345678901234567890123456789012 00:00'16 ....",
      { number: '12345678901234567890123456789012' },
    ],
    ["12/31/98 12:53PM 103 02 < incoming > 00:01'43 ....", { direction: 'in', start: '1998-12-31T12:53:00' }],
    ["12/31/98 *12:54PM 101 02 < incoming > 00:07'48 ....", { direction: 'in', transfer: 'from' }],
    [
      "12/31/98  1:04PM 103 06 092. . . 1438 00:00'06 4536",
      { accountCode: '4536', number: '092...1438', doubts: ['digitsHidden'] },
    ],
    ["12/31/98  1:04PM 102 05 < DISA incoming > 00:00'09 ....", { direction: 'in', code: 'DISA' }],
    ["12/31/98  1:04PM C-01 05 5551234 00:00'09 ....", { disaCode: 'C-01', direction: 'out' }],
    ["12/31/98  1:04PM 101B 05 incoming 00:00'09 ....", { extension: '101', code: 'BV' }],
    ["12/31/98  1:04PM 102 05 DISA incoming 00:00'09 ....", { direction: 'in', code: 'DISA' }],
    ["12/31/98  1:04PM 102 05 092.... 00:00'09 ....", { number: '092....', doubts: ['digitsHidden'] }],
  ])('%s', (line, expected) => {
    expect(one('kx-ta', line)).toMatchObject(expected);
  });
});

describe('DBS', () => {
  const line = 'O 11/22 09:15:30 00:02.05 101 5551234<>                    1234567890 V0012 07';
  test('DBS Manual p. 3-52: no year, so the nearest before the arrival; < is #, > is *', () => {
    expect(
      one(
        'dbs',
        line.replace(/(5551234<>) +/u, (text) => text.trim().padEnd(29)),
      ),
    ).toMatchObject({
      start: '2026-11-22T09:15:30',
      durationMs: 125_000,
      extension: '101',
      number: '5551234#*',
      accountCode: '1234567890',
      personalCode: 'V0012',
      line: '07',
      doubts: ['dateGuessed'],
    });
  });
  test('a December call that arrives in January is of last year; without an arrival the year stays open', () => {
    const december = `I 12/31 23:59:30 00:02.05 101 ${'Out of Area'.padEnd(28)} ${''.padEnd(10)} ${''.padEnd(5)} 07`;
    expect(one('dbs', december, { arrivedAt: '2027-01-01T00:02:00' })).toMatchObject({
      start: '2026-12-31T23:59:30',
      name: 'Out of Area',
    });
    const { records } = createSmdrParser('dbs').push(`${december}\n`);
    expect(records[0]).toMatchObject({ doubts: ['startUnknown'] });
    expect(records[0]?.start).toBeUndefined();
  });
  test('DBS 576 p. 3-56: stars hide the number, a star before the line is a call that ended on hold', () => {
    const hidden = `O 11/22 09:15:30 00:02:05 1001 *007 ${'*******'.padEnd(24)} ${''.padEnd(10)} D003`;
    expect(one('dbs', hidden, { variant: '576' })).toMatchObject({
      extension: '1001',
      line: '007',
      number: '.......',
      disaCode: 'D003',
      doubts: ['digitsHidden', 'dateGuessed'],
    });
  });
});

test('Shenou USO: columns of the serial forwarding note', () => {
  const line = `T20261122091530 000205 ${'057788880000'.padEnd(16)}${'8101'.padEnd(8)}${'13912345678'.padEnd(24)}07 0.44`;
  expect(one('shenou', line)).toMatchObject({
    start: '2026-11-22T09:15:30',
    durationMs: 125_000,
    extension: '8101',
    number: '13912345678',
    direction: 'out',
    code: '07',
    costMinor: 44,
  });
  expect(one('shenou', line.replace('07 0.44', '12'))).toMatchObject({
    direction: 'in',
    number: '057788880000',
    did: '13912345678',
    answered: 'answered',
  });
});

describe('IP Office', () => {
  test('a lost call to 4324, by the fields of its SMDR description', () => {
    const record = one(
      'ipoffice-csv',
      '2026/06/28 09:28:41,00:00:00,7,8004206,I,4324,4324,,0,1000014155,0,E4324,Joe Bloggs,T9161,LINE 5.1,0,0',
    );
    expect(record).toMatchObject({
      start: '2026-06-28T09:28:41',
      durationMs: 0,
      ringMs: 7000,
      extension: '4324',
      line: '9161',
      number: '8004206',
    });
    expect(record).toMatchObject({ direction: 'in', answered: 'unanswered', callRef: '1000014155', doubts: [] });
    expect(record.continues).toBeUndefined();
  });
  test('the first of two segments, quoted names, and the line of field names', () => {
    const record = one(
      'ipoffice-csv',
      '2026/06/28 09:28:41,00:01:00,7,8004206,I,4324,4324,"A, 1",0,77,1,E4324,"Bloggs, ""Joe""",T9161,LINE 5.1,0,12',
    );
    expect(record).toMatchObject({ continues: 'continues', accountCode: 'A, 1', parkMs: 12_000 });
    const names =
      'Call Start,Connected Time,Ring Time,Caller,Direction,Called Number,Dialled Number,Account,Is Internal,Call ID,Continuation,Party1Device,Party1Name,Party2Device,Party2Name,Hold Time,Park Time';
    expect(kindsOf('ipoffice-csv', `${names}\n`)).toEqual(['header']);
  });
});

describe('DEFINITY, Administrator’s Guide 8.2, table 31', () => {
  const line = `1012 0015 7 100 200 ${'15125551234'.padEnd(15)} 54001 ${'1234'.padEnd(15)} ${'7654321'.padEnd(7)}            012`;
  test('the end of an outgoing call of a minute and a half', () => {
    expect(one('definity-80', line)).toMatchObject({
      start: '2026-11-22T10:10:30',
      durationMs: 90_000,
      extension: '54001',
      number: '15125551234',
    });
    expect(one('definity-80', line)).toMatchObject({
      line: '012',
      accountCode: '1234',
      personalCode: '7654321',
      doubts: ['dateGuessed'],
    });
  });
  test('a date record gives the day of those that follow', () => {
    const { records, others } = createSmdrParser('definity-80', { arrivedAt: ARRIVED }).push(`11/20\r\n${line}\r\n`);
    expect(others).toMatchObject([{ kind: 'header', lineNo: 1 }]);
    expect(records[0]).toMatchObject({ start: '2026-11-20T10:10:30' });
  });
});

describe('generic CSV', () => {
  const table = {
    columns: ['date', 'time', 'duration', 'extension', 'line', 'direction', 'number', 'cost', 'recordNo'],
  } as const;
  test('reads and writes the columns that its user names', () => {
    const options: SmdrOptions = { table: { ...table, columns: [...table.columns] } };
    const line = '2026-11-22,09:15:30,125,101,07,out,13912345678,0.44,0017';
    const record = one('generic-csv', line, options);
    expect(record).toMatchObject({
      start: '2026-11-22T09:15:30',
      durationMs: 125_000,
      costMinor: 44,
      recordNo: '0017',
      doubts: [],
    });
    expect(formatSmdr('generic-csv', record, options)).toBe('2026-11-22,09:15:30,125,101,07,O,13912345678,0.44,0017');
    expect(kindsOf('generic-csv', 'date,time,s,ext,line,way,number,cost,no\n1,2\n', options)).toEqual([
      'header',
      'unreadable',
    ]);
  });
  test('a wrong table is refused with its place', () => {
    expect(() => createSmdrParser('generic-csv')).toThrow('argument.invalid');
    expect(() => createSmdrParser('generic-csv', { table: { columns: ['date', 'date'] } })).toThrow('two columns');
  });
});
