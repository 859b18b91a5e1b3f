import { endOf, type PbxCall } from './call.js';
import type { PrinterSettings, RecordPrinter } from './printer.js';
import { left, length, localTime, two } from './text.js';

function digits(call: PbxCall, settings: PrinterSettings): string {
  const { number = '' } = call;
  if (settings.variant === '576') {
    // A number of which anything is hidden is hidden in whole (DBS 576 manual p. 3-56).
    return call.hiddenFrom === undefined ? number : '*'.repeat(number.length);
  }
  const shown = number.replace(/\*/gu, '>').replace(/#/gu, '<');
  // A caller who is not told is `Private` or `Out of Area`; names are not printed, and nothing is hidden.
  return shown === '' && call.direction === 'in' ? 'Private' : shown;
}

function typeOf(call: PbxCall, leg: number, { variant }: PrinterSettings): string {
  if (call.disa !== undefined) return call.direction === 'out' && variant === '824' ? 's' : 'S';
  if (leg > 0) return call.direction === 'in' && variant === '576' ? 't' : 'T';
  if (call.direction === 'out') return 'O';
  const missed = call.legs.every(({ talkS }) => talkS === 0);
  return missed && variant === '576' ? 'A' : call.did === undefined ? 'I' : 'D';
}

/**
 * Panasonic DBS 824 and, as a variant, 576. No year; the stamp is the start of the call. Source: DBS Manual (revised April 2000) p. 3-52,
 * figure 2-2 with its ruler; DBS 576 manual (October 2000) p. 3-56, format 1.
 */
export function dbs(settings: PrinterSettings): RecordPrinter {
  const small = settings.variant === '824';
  return {
    title: ['T Date  Start    Duration Ext Number                       Account    Verif CO'],
    calls: (call) =>
      call.direction === 'internal'
        ? []
        : call.legs.map((leg, index) => {
            const at = localTime(leg.startS + leg.ringS);
            const trunk = small ? two(call.line ?? 0) : String(call.line ?? 0).padStart(3, '0');
            const last = index === call.legs.length - 1;
            const person =
              call.verified === undefined ? '' : `V${call.verified.slice(-4).padStart(small ? 4 : 3, '0')}`;
            const text = [
              typeOf(call, index, settings),
              `${two(at.month)}/${two(at.day)}`,
              `${two(at.hour)}:${two(at.minute)}:${two(at.second)}`,
              length(leg.talkS, [':', small ? '.' : ':']),
              left(leg.extension, small ? 3 : 4),
              ...(small ? [] : [left(trunk, 4)]),
              left(digits(call, settings), small ? 28 : 24),
              left(last ? (call.account ?? '') : '', 10),
              left(person, 5),
              ...(small ? [trunk] : []),
            ];
            return { text: text.join(' '), call, leg: index, atS: endOf(leg) };
          }),
  };
}
