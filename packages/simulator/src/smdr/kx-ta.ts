import { endOf } from './call.js';
import type { PrinterSettings, RecordPrinter } from './printer.js';
import { clock7, hidden, left, length, localTime, shortDate, two } from './text.js';

/**
 * KX-TA, TES, TEA, TEM. The stamp is the start; an asterisk stands before the time of a call that was taken by transfer; four places of
 * code, empty ones dots. Source: KX-TEA308 Feature Guide p. 151-154, KX-TES824 Feature Guide p. 154, KX-TA616 p. 3-56.
 */
export function kxTa(settings: PrinterSettings): RecordPrinter {
  return {
    title: ['  Date     Time    Ext CO           Dial Number              Duration  Code', '-'.repeat(80), ''],
    calls: (call) =>
      // The internal calls of this family are not logged.
      call.direction === 'internal'
        ? []
        : call.legs.map((leg, index) => {
            const at = localTime(leg.startS + leg.ringS);
            const lost = call.clock === 'lost';
            const words = call.disa === undefined ? '< incoming >' : '< DISA incoming >';
            const dialled = `${call.flash === undefined ? '' : 'F/'}${call.hostCode === undefined ? '' : `${call.hostCode}=`}${hidden(call.number ?? '', call.hiddenFrom, '.')}`;
            const caller = [call.number, call.name].filter((part) => part !== undefined).join(' ');
            const dial = call.direction === 'in' ? `${words}${caller}` : dialled;
            const account = index === call.legs.length - 1 ? (call.account ?? '').slice(0, 4) : '';
            const text = [
              lost ? '**/**/**' : shortDate(at, settings.dateOrder),
              `${index === 0 ? '' : '*'}${lost ? '**:**' : clock7(at, settings.hours, ' ').trimEnd()}`.padStart(7),
              leg.extension,
              two(call.line ?? 0),
              left(dial, 32),
              lost ? "**:**'**" : length(leg.talkS, [':', "'"]),
              account.padStart(4, '.'),
            ];
            return { text: text.join(' '), call, leg: index, atS: endOf(leg) };
          }),
  };
}
