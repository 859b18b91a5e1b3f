import { endOf } from './call.js';
import type { PrinterSettings, RecordPrinter } from './printer.js';
import { amount, length, localTime, two } from './text.js';

const quoted = (text: string): string => (/[",\n]/u.test(text) ? `"${text.replace(/"/gu, '""')}"` : text);

/**
 * Avaya IP Office: one CSV line a segment. All segments of a call have its start and its id, and all but the last say that it goes on.
 * Source: IP Office knowledge base, "SMDR Fields" and "SMDR Examples".
 */
export function ipoffice(settings: PrinterSettings): RecordPrinter {
  return {
    title: [],
    calls: (call) =>
      call.legs.map((leg, index) => {
        const begun = localTime(call.legs[0]?.startS ?? leg.startS);
        const incoming = call.direction === 'in';
        const internal = call.direction === 'internal';
        const { number = '' } = call;
        const trunk = `T${9_000 + (call.line ?? 0)}`;
        const last = index === call.legs.length - 1;
        const fields = [
          `${begun.year}/${two(begun.month)}/${two(begun.day)} ${two(begun.hour)}:${two(begun.minute)}:${two(begun.second)}`,
          length(leg.talkS, [':', ':']),
          String(leg.ringS),
          incoming ? number : leg.extension,
          incoming ? 'I' : 'O',
          incoming ? leg.extension : number,
          incoming ? (call.did ?? leg.extension) : number,
          last ? (call.account ?? '') : '',
          internal ? '1' : '0',
          String(1_000_000_000 + call.id),
          last ? '0' : '1',
          `E${leg.extension}`,
          `Extn${leg.extension}`,
          internal ? `E${number}` : trunk,
          internal ? `Extn${number}` : `Line ${Math.ceil((call.line ?? 1) / 4)}.${call.line ?? 1}`,
          String(leg.holdS ?? 0),
          '0',
          // Authorisation valid and code, whom is charged, the charge, its currency, at the last change, units, the same at the last change.
          call.verified === undefined ? '' : '1',
          call.verified ?? '',
          '',
          last && call.costMinor !== undefined ? amount(call.costMinor, settings.minorDigits) : '',
          last && call.costMinor !== undefined ? settings.currency : '',
          ...Array.from({ length: 8 }, () => ''),
        ];
        return { text: fields.map(quoted).join(','), call, leg: index, atS: endOf(leg) };
      }),
  };
}
