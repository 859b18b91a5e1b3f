import { resolve } from 'node:path';
import { type ClockDrift, type ClockReading, clockDrift } from '@cordboard/adapters-pbx-serial';
import { type ClockFacet, CtiError } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import type { CommandContext, ExitCode } from '../commands/context.js';
import { appendClockLog, readClockLog } from './clock-log.js';

/** Options of `cordboard pbx clock`. */
export interface ClockOptions {
  /** Zone of the PBX; default: that of its configuration, else of this machine. */
  readonly timeZone?: string;
  readonly set?: 'set';
  /** Readings are kept here, and drift is reckoned from those that are. */
  readonly log?: string;
  readonly form: 'json' | 'rows';
}

/** A clock that is off by more than this is told to be set, ms. */
const NOTABLE_MS = 30_000;

/** Reads the PBX's clock, sets it where that is asked, and says how fast it leaves the truth. */
export async function pbxClock(
  clock: ClockFacet | undefined,
  options: ClockOptions,
  context: CommandContext,
): Promise<ExitCode> {
  if (clock === undefined)
    throw new CtiError('command.notSupported', 'the clock of this PBX cannot be read by its line');
  const timeZone = options.timeZone ?? clock.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const ask = { signal: context.signal, timeZone };
  const file = options.log === undefined ? undefined : resolve(context.folder, options.log);
  const kept = file === undefined ? [] : await readClockLog(file);
  const seen = await clock.get(ask);
  const before: ClockReading = { wallMs: systemClock.wallMs(), aheadMs: seen.aheadMs };
  const drift = clockDrift([...kept, before]);
  const made: ClockReading[] = [before];
  if (options.set !== undefined) {
    await clock.set(ask);
    const after = await clock.get(ask);
    made.push({ wallMs: systemClock.wallMs(), aheadMs: after.aheadMs, set: 'set' });
  }
  if (file !== undefined) for (const reading of made) await appendClockLog(file, reading);
  const last = made.at(-1) ?? before;
  if (options.form === 'json') {
    const report = {
      at: seen.at,
      aheadMs: seen.aheadMs,
      ...(options.set === undefined ? {} : { setTo: { aheadMs: last.aheadMs } }),
      ...(drift === undefined ? {} : { drift }),
    };
    context.output.out(JSON.stringify(report));
  } else for (const line of rows({ ...seen, timeZone }, { last, drift, options })) context.output.out(line);
  // A clock that does not keep what it was set to has failed.
  return options.set !== undefined && Math.abs(last.aheadMs) > 2_000 ? 1 : 0;
}

function rows(
  seen: { readonly at: string; readonly aheadMs: number; readonly timeZone: string },
  {
    last,
    drift,
    options,
  }: { readonly last: ClockReading; readonly drift: ClockDrift | undefined; readonly options: ClockOptions },
): readonly string[] {
  const lines = [
    `the PBX shows ${seen.at.replace('T', ' ')}, ${off(seen.aheadMs)} of this machine in ${seen.timeZone}`,
  ];
  if (options.set !== undefined) lines.push(`it was set, and is now ${off(last.aheadMs)}`);
  else if (Math.abs(seen.aheadMs) > NOTABLE_MS) lines.push('records of calls carry its stamps: set it with --set');
  if (drift !== undefined) {
    lines.push(
      `it ${drift.perDayMs < 0 ? 'loses' : 'gains'} ${seconds(Math.abs(drift.perDayMs))} a day, give or take ${seconds(drift.plusMinusMs)} (${drift.readings} readings over ${days(drift.overMs)})`,
    );
  } else if (options.log !== undefined)
    lines.push('how fast it leaves the truth can be said after a second reading, at best a day from now');
  return lines;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
const days = (ms: number): string =>
  ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} hours` : `${(ms / 86_400_000).toFixed(1)} days`;
const off = (aheadMs: number): string => `${seconds(Math.abs(aheadMs))} ${aheadMs < 0 ? 'behind' : 'ahead'}`;
