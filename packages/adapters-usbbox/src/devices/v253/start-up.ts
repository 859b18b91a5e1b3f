import { CtiError } from '@cordboard/cti-core';
import { bestFormat, readFormats, type SoundFormat } from '../../wire/v253/formats.js';
import type { Answer } from './dialogue.js';
import type { V253Options } from './options.js';

/** What was found out about a modem. */
export interface ModemFacts {
  /** `undefined`: it has no sound that we understand. */
  readonly format: SoundFormat | undefined;
  readonly duplex: 'half' | 'full';
  readonly callerId: 'raw' | 'formatted' | 'none';
}

/** Gives a modem one command. Rejects as an order does. */
export type Ask = (command: string) => Promise<Answer>;

/**
 * Brings a modem from any state into voice mode, on-hook, and asks what it can do.
 * @throws {CtiError} `device.refused` when it is no voice modem, `device.timeout` when it does not answer
 */
export async function startUp(ask: Ask, options: V253Options): Promise<ModemFacts> {
  const must = async (command: string): Promise<Answer> => {
    const answer = await ask(command);
    if (answer.result === 'ok') return answer;
    throw new CtiError('device.refused', 'the modem refused a command that every voice modem has', {
      details: { command, linkDown: 'refused' },
    });
  };
  const may = async (command: string): Promise<boolean> => (await ask(command)).result === 'ok';
  await must('ATZ');
  await must('ATE0');
  await must('ATV1');
  await may('ATX4');
  await may('ATS0=0');
  // A comma in a number is one second.
  await may('ATS8=1');
  await must('AT+FCLASS=8');
  if (options.flow === 'hardware') await may('AT+IFC=2,2');
  if (options.country !== undefined) await may(`AT+GCI=${options.country.toUpperCase()}`);
  const callerId = await callerIdOf(may, options);
  await may(`AT+VIT=${options.inactivity}`);
  const format = await formatOf(ask, options);
  // Sensitivity 128 is the modem's own, after which the length of silence comes.
  await may(`AT+VSD=128,${options.silenceEnds}`);
  const duplex = await duplexOf(may, options);
  for (const command of options.init) await may(command);
  await must('AT+VLS=0');
  return { format, duplex, callerId };
}

async function callerIdOf(
  may: (command: string) => Promise<boolean>,
  options: V253Options,
): Promise<ModemFacts['callerId']> {
  if (options.callerId === 'raw' && (await may('AT+VCID=2'))) return 'raw';
  if (options.callerId !== 'none' && (await may('AT+VCID=1'))) return 'formatted';
  return 'none';
}

async function formatOf(ask: Ask, options: V253Options): Promise<SoundFormat | undefined> {
  const { method, coding, rate } = options.sound;
  if (method !== undefined && coding !== undefined && rate !== undefined) {
    const answer = await ask(`AT+VSM=${method},${rate}`);
    return answer.result === 'ok' ? { method, coding, rate } : undefined;
  }
  const listed = await ask('AT+VSM=?');
  let formats = listed.information.flatMap(readFormats);
  for (;;) {
    const best = bestFormat(formats, {
      ...(coding === undefined ? {} : { coding }),
      ...(rate === undefined ? {} : { rate }),
    });
    if (best === undefined) return undefined;
    const answer = await ask(`AT+VSM=${best.method},${best.rate}`);
    if (answer.result === 'ok') return best;
    formats = formats.filter((each) => each !== best);
  }
}

async function duplexOf(may: (command: string) => Promise<boolean>, options: V253Options): Promise<'half' | 'full'> {
  if (options.duplex !== 'ask') return options.duplex;
  return (await may('AT+VTR=?')) ? 'full' : 'half';
}
