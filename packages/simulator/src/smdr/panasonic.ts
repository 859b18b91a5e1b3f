import { endOf, type PbxCall, type PbxEvent, type PrintedRecord } from './call.js';
import type { PrinterSettings, RecordPrinter } from './printer.js';
import { amount, clock7, hidden, left, length, localTime, right, shortDate, two } from './text.js';

/**
 * Which columns a family prints. Source: KX-NS1000 Feature Guide p. 222 (patterns A, B and C with the width of each column, a blank
 * between), KX-TD816 Installation Manual p. 195 and 412 (the same columns as A, twelve hours with a blank, number before name).
 */
interface Pattern {
  readonly trunk: 2 | 4;
  readonly dial: number;
  readonly ring: 'ring' | 'none';
  /** Columns of the currency behind eight of the amount; 0: no cost is printed. */
  readonly currency: 0 | 2 | 3;
  readonly hourPad: '0' | ' ';
  readonly caller: 'nameNumber' | 'numberName';
  readonly title: string;
}

const A: Pattern = {
  trunk: 2,
  dial: 25,
  ring: 'ring',
  currency: 0,
  hourPad: '0',
  caller: 'nameNumber',
  title: '  Date     Time    Ext CO        Dial Number        Ring Duration  Acc code  CD',
};
const B: Pattern = {
  ...A,
  dial: 20,
  ring: 'none',
  currency: 2,
  title: '  Date     Time    Ext CO     Dial Number     Duration    Cost    Acc code  CD',
};
const C: Pattern = {
  ...A,
  trunk: 4,
  dial: 50,
  currency: 3,
  title: `  Date     Time    Ext  CO ${'Dial Number'.padStart(30).padEnd(50)} Ring Duration     Cost     Acc code  CD`,
};
const TD: Pattern = { ...A, hourPad: ' ', caller: 'numberName' };

/** The KX-TD keeps 11 digits and 10 characters of a caller (KX-TD816 manual, p. 412). */
const TD_CALLER = { number: 11, name: 10 } as const;

function dialColumn(call: PbxCall, pattern: Pattern): string {
  const { number = '', name = '' } = call;
  if (call.direction === 'internal') return `EXT${number}`;
  if (call.direction === 'out') {
    const mark = call.hiding === 'privacy' ? 'X' : '.';
    const host = call.hostCode === undefined ? '' : `${call.hostCode}=`;
    return `${call.flash === undefined ? '' : 'F'}${host}${hidden(number, call.hiddenFrom, mark)}`;
  }
  if (pattern.caller === 'nameNumber') {
    return `${call.did === undefined ? '' : `<D>${call.did}`}<I>${name}${number}`;
  }
  const shown = [number.slice(0, TD_CALLER.number), name.slice(0, TD_CALLER.name)].filter((part) => part !== '');
  return `<I> ${shown.join(' ')}`.trimEnd();
}

function print(call: PbxCall, pattern: Pattern, settings: PrinterSettings): PrintedRecord[] {
  return call.legs.map((leg, index) => {
    const atS = endOf(leg);
    const at = localTime(atS);
    const lost = call.clock === 'lost';
    const last = index === call.legs.length - 1;
    // Trunk numbers over hundred have no place in two columns (KX-TDA200 Feature Guide p. 219).
    const trunk =
      call.line === undefined
        ? ''
        : pattern.trunk === 4
          ? String(call.line).padStart(4, '0')
          : call.line > 99
            ? '00'
            : two(call.line);
    const ring =
      call.direction === 'in' && leg.ringS > 0
        ? `${Math.min(9, Math.floor(leg.ringS / 60))}'${two(leg.ringS % 60)}`
        : '';
    const cost =
      pattern.currency === 0
        ? []
        : [
            last && call.costMinor !== undefined
              ? `${amount(call.costMinor, settings.minorDigits).padStart(8, '0').slice(-8)}${left(settings.currency, pattern.currency)}`
              : ' '.repeat(8 + pattern.currency),
          ];
    const code = last ? (call.disa === undefined ? '' : `D${call.disa}`) : 'TR';
    const columns = [
      lost ? '**/**/**' : shortDate(at, settings.dateOrder),
      lost ? '**:**  ' : clock7(at, settings.hours, pattern.hourPad),
      right(call.verified === undefined ? leg.extension : `*${call.verified}`, 5),
      left(trunk, pattern.trunk),
      left(dialColumn(call, pattern), pattern.dial),
      ...(pattern.ring === 'none' ? [] : [left(lost && ring !== '' ? "*'**" : ring, 4)]),
      lost ? "**:**'**" : length(leg.talkS, [':', "'"]),
      ...cost,
      left(last ? (call.account ?? '') : '', 10),
      left(code, 2),
    ];
    return { text: columns.join(' '), call, leg: index, atS };
  });
}

function event({ extension, atS, words }: PbxEvent, pattern: Pattern, settings: PrinterSettings): string {
  const at = localTime(atS);
  const columns = [shortDate(at, settings.dateOrder), clock7(at, settings.hours, pattern.hourPad), right(extension, 5)];
  return [...columns, ' '.repeat(pattern.trunk), words].join(' ');
}

const make =
  (pattern: Pattern) =>
  (settings: PrinterSettings): RecordPrinter => ({
    title: [pattern.title, '-'.repeat(pattern.trunk === 4 ? 120 : 80), ''],
    calls: (call) => print(call, pattern, settings),
    event: (what) => event(what, pattern, settings),
  });

/** KX-TDA, TDE, NCP, NS: 80 columns without cost. */
export const panasonicA = make(A);
/** With cost. */
export const panasonicB = make(B);
/** 120 columns. */
export const panasonicC = make(C);
/** KX-TD816, KX-TD1232. */
export const kxTd = make(TD);
