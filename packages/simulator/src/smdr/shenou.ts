import { endOf, type PbxCall } from './call.js';
import type { PrinterSettings, RecordPrinter } from './printer.js';
import { amount, left, length, localTime, two } from './text.js';

/** Kinds of call as the note numbers them. */
function kindOf({ direction, number = '' }: PbxCall): string {
  if (direction === 'in') return '12';
  if (direction === 'internal') return '09';
  if (number.startsWith('00')) return '00';
  if (/^01[3-9]/u.test(number)) return '03';
  if (number.startsWith('0')) return '02';
  if (/^1[3-9]\d{9}$/u.test(number)) return '07';
  if (/^1\d{2,4}$/u.test(number)) return '04';
  return '08';
}

/**
 * Shenou (申瓯) USO serial forwarding: `T` and then columns with all values at their left edge: start 15, length 7 (`hhmmss`), caller 16, inside
 * number 8, called 24, kind 3, charge 8. Source: the maker's note on serial forwarding and its example `T20050920083428 000324 8012 ...`.
 */
export function shenou(settings: PrinterSettings): RecordPrinter {
  return {
    title: [],
    calls: (call) =>
      call.legs.map((leg, index) => {
        const at = localTime(leg.startS + leg.ringS);
        const stamp = `${at.year}${two(at.month)}${two(at.day)}${two(at.hour)}${two(at.minute)}${two(at.second)}`;
        const incoming = call.direction === 'in';
        const last = index === call.legs.length - 1;
        const text = [
          `T${left(stamp, 15)}`,
          left(length(leg.talkS, ['', '']), 7),
          left(incoming ? (call.number ?? '') : leg.extension, 16),
          left(leg.extension, 8),
          left(incoming ? (call.did ?? leg.extension) : (call.number ?? ''), 24),
          left(kindOf(call), 3),
          left(last ? amount(call.costMinor ?? 0, settings.minorDigits) : amount(0, settings.minorDigits), 8),
        ];
        return { text: text.join(''), call, leg: index, atS: endOf(leg) };
      }),
  };
}
