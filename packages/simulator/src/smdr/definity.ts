import { endOf, type PbxCall, type PrintedRecord } from './call.js';
import type { PrinterSettings, RecordPrinter } from './printer.js';
import { left, localTime, two } from './text.js';

const TEN_HOURS_S = 36_000;

/** Hours 1, minutes 2, tenths of a minute 1. */
function duration(seconds: number): string {
  const tenths = Math.floor(seconds / 6);
  return `${Math.floor(tenths / 600)}${two(Math.floor(tenths / 10) % 60)}${tenths % 10}`;
}

function line(
  call: PbxCall,
  of: { readonly extension: string; readonly talkS: number; readonly atS: number; readonly code: string },
): string {
  const at = localTime(of.atS);
  const incoming = call.direction === 'in';
  const circuit = call.line === undefined ? '' : String(call.line).padStart(3, '0');
  return [
    `${two(at.hour)}${two(at.minute)}`,
    duration(of.talkS),
    of.code,
    left(call.direction === 'out' ? '9' : '', 3),
    left(call.direction === 'out' ? '101' : '', 3),
    left(incoming ? of.extension : (call.number ?? ''), 15),
    left(incoming ? (call.number ?? '') : of.extension, 5),
    left(call.account ?? '', 15),
    left(call.verified ?? '', 7),
    '  ',
    ' ',
    ' ',
    left(incoming ? circuit : '', 3),
    left(call.direction === 'out' ? circuit : '', 3),
  ].join(' ');
}

/**
 * Avaya DEFINITY, the format `printer`: the stamp is the end to the minute, lengths are in tenths of a minute, a date record comes when the link
 * opens and at midnight, and a call of ten hours gives a record with code 4 for every ten of them. Source: DEFINITY ECS 8.2 Administrator's
 * Guide, tables 31 (positions), 45 (codes) and of the date record.
 */
export function definity80(settings: PrinterSettings): RecordPrinter {
  const codes = { in: '9', out: '7', internal: '0' } as const;
  return {
    title: [],
    dateRecord: (atS) => {
      const { month, day } = localTime(atS);
      return settings.dateOrder === 'dmy' ? `${two(day)} ${two(month)}` : `${two(month)} ${two(day)}`;
    },
    calls: (call) =>
      call.legs.flatMap((leg, index): PrintedRecord[] => {
        const answered = leg.startS + leg.ringS;
        const long = Math.floor(leg.talkS / TEN_HOURS_S);
        const printed = (talkS: number, atS: number, code: string): PrintedRecord => ({
          text: line(call, { extension: leg.extension, talkS, atS, code }),
          call,
          leg: index,
          atS,
        });
        const parts = Array.from({ length: long }, (_, part) =>
          printed(TEN_HOURS_S - 6, answered + (part + 1) * TEN_HOURS_S, '4'),
        );
        // Of an incoming call that nobody answered: ring, abandoned (code H).
        const code = call.direction === 'in' && leg.talkS === 0 ? 'H' : codes[call.direction];
        return [...parts, printed(leg.talkS - long * TEN_HOURS_S, endOf(leg), code)];
      }),
  };
}
