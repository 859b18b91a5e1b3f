import { resolve } from 'node:path';
import { openSerial, openTcp, type SerialSettings } from '@cordboard/adapters-pbx-serial';
import { openSmdrArchive, openSmdrIntake } from '@cordboard/adapters-pbx-serial/smdr';
import { CtiError } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { type CommandContext, describeError, type ExitCode, untilAborted } from '../commands/context.js';
import { lineOf, rowOf } from './parse.js';
import { formatOf, type ReadOptions, smdrOptionsOf } from './read.js';

/** Options of `cordboard smdr listen`. */
export interface ListenOptions extends ReadOptions {
  readonly folder?: string;
  readonly tcp?: string;
  readonly port?: string;
  readonly baud: number;
  readonly parity: SerialSettings['parity'];
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
  readonly flow: SerialSettings['flow'];
  readonly timeZone?: string;
  /** A carriage return after so many ms; absent: none. */
  readonly wakeMs?: number;
}

function openerOf({ tcp, port, baud, parity, dataBits, stopBits, flow }: ListenOptions) {
  if ((tcp === undefined) === (port === undefined))
    throw new CtiError('argument.invalid', 'give either --port or --tcp');
  if (port !== undefined) return openSerial(port, { baudRate: baud, parity, dataBits, stopBits, flow });
  const [, host, number] = /^(?:\[?([^\]]+)\]?):(\d{1,5})$/u.exec(tcp ?? '') ?? [];
  if (host === undefined || Number(number) < 1 || Number(number) > 65_535)
    throw new CtiError('argument.invalid', '--tcp is HOST:PORT');
  return openTcp({ host, port: Number(number) });
}

/** Reads call records from a line until the process is asked to end: prints them, and keeps them in an archive when there is one. */
export async function listenToLine(options: ListenOptions, context: CommandContext): Promise<ExitCode> {
  const { output, signal } = context;
  const people = options.json === undefined && output.terminal !== undefined;
  const { wakeMs, folder } = options;
  const intake = openSmdrIntake({
    clock: systemClock,
    random: Math.random,
    format: formatOf(options.format),
    settings: smdrOptionsOf(options),
    timeZone: options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    open: openerOf(options),
    ...(folder === undefined ? {} : { archive: openSmdrArchive(resolve(context.folder, folder)) }),
    ...(wakeMs === undefined ? {} : { wake: { afterMs: wakeMs } }),
    sink: {
      records(records) {
        for (const record of records) output.out(people ? rowOf(record) : JSON.stringify(lineOf(record)));
      },
      other({ kind, lineNo, raw }) {
        if (kind !== 'unreadable' && kind !== 'partial') return;
        output.err(`cordboard: line ${lineNo}: ${kind === 'partial' ? 'part of a record' : 'unreadable'}`);
        if (!people) output.out(JSON.stringify({ unreadable: raw, lineNo }));
      },
      state(state, error) {
        if (state.kind === 'up') output.err('cordboard: the line is open');
        else if (state.kind === 'waiting')
          output.err(
            `cordboard: the line is not open (${error === undefined ? state.reason : describeError(error)}); again in ${Math.ceil(state.delayMs / 1000)} s`,
          );
      },
      archiveFailed: (error) => output.err(`cordboard: the archive cannot be written to: ${describeError(error)}`),
    },
  });
  intake.start();
  await untilAborted(signal);
  await intake.stop();
  const { records, repeats, unreadable } = intake.counts;
  output.err(`cordboard: ${records} records, ${repeats} told before, ${unreadable} unreadable lines`);
  return 0;
}
