import { SERIAL_LANGUAGES, type SerialSettings } from '@cordboard/adapters-pbx-serial';
import { CtiError } from '@cordboard/cti-core';
import { examineSerial } from '../doctor/serial/examine.js';
import { type SerialSystem, thisMachine } from '../doctor/serial/system.js';
import type { CommandContext, ExitCode } from './context.js';
import { MARKS } from './doctor.js';

/** Options of `cordboard doctor serial`. */
export interface DoctorSerialOptions {
  /** Absent: the ports of this machine are listed. */
  readonly port?: string;
  readonly profile?: string;
  readonly baud?: number;
  /** `7E1`. */
  readonly line?: string;
  /** How long each setting is listened to, ms. */
  readonly waitMs?: number;
  readonly json?: 'json';
}

/** A PBX that is asked answers within this; one that is not talks when a call ends. */
const ASKED_MS = 2_500;
const UNASKED_MS = 10_000;
/** Other settings take no longer than this many times the wait for one. */
const SEARCH_TIMES = 60;

const PARITIES = { N: 'none', E: 'even', O: 'odd', M: 'mark', S: 'space' } as const;

function shapeOf(line: string): Pick<SerialSettings, 'dataBits' | 'parity' | 'stopBits'> {
  const parts = /^([78])([NEOMS])([12])$/u.exec(line.toUpperCase());
  if (parts === null) {
    throw new CtiError(
      'argument.invalid',
      'a shape such as 8N1: data bits 7 or 8, parity N, E, O, M or S, stop bits 1 or 2',
      { details: { path: 'line' } },
    );
  }
  return {
    dataBits: parts[1] === '7' ? 7 : 8,
    parity: PARITIES[parts[2] as keyof typeof PARITIES],
    stopBits: parts[3] === '2' ? 2 : 1,
  };
}

/** Says what is on a serial port: which of wrong port, no cable, wrong speed, wrong parity and silent PBX it is, with what was seen. */
export async function doctorSerial(
  options: DoctorSerialOptions,
  { output, signal }: CommandContext,
  system: SerialSystem = thisMachine,
): Promise<ExitCode> {
  if (options.port === undefined) return listPorts(options, output, system);
  const name = options.profile?.replace(/\/1$/u, '');
  const language = SERIAL_LANGUAGES.find(({ id }) => id === name);
  if (name !== undefined && language === undefined) {
    const known = SERIAL_LANGUAGES.map(({ id }) => id).join(', ');
    throw new CtiError('argument.invalid', `no such profile; there are: ${known}`, { details: { path: 'profile' } });
  }
  const usual: SerialSettings = language?.serial ?? {
    baudRate: 9_600,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    flow: 'none',
  };
  const settings: SerialSettings = {
    ...usual,
    ...(options.baud === undefined ? {} : { baudRate: options.baud }),
    ...(options.line === undefined ? {} : shapeOf(options.line)),
  };
  const listenMs = options.waitMs ?? (language?.question === undefined ? UNASKED_MS : ASKED_MS);
  const report = await examineSerial(
    {
      path: options.port,
      settings,
      listenMs,
      searchMs: listenMs * SEARCH_TIMES,
      signal,
      ...(language === undefined ? {} : { language }),
    },
    system,
  );
  const code = report.verdict === 'ok' ? 0 : 1;
  if (options.json !== undefined) {
    output.out(JSON.stringify({ healthy: code === 0, port: options.port, ...report }));
    return code;
  }
  for (const { level, text, fix } of report.findings) {
    output.out(`${MARKS[level]} ${text}`);
    if (fix !== undefined) output.out(`        ${fix}`);
  }
  output.out(`verdict: ${report.verdict}`);
  return code;
}

async function listPorts(
  options: DoctorSerialOptions,
  output: CommandContext['output'],
  system: SerialSystem,
): Promise<ExitCode> {
  const ports = await system.list();
  if (options.json !== undefined) {
    output.out(JSON.stringify({ ports: ports ?? null }));
    return ports === undefined ? 1 : 0;
  }
  if (ports === undefined) {
    output.out(
      `${MARKS.unknown} the ports of this machine cannot be listed here; give one: cordboard doctor serial /dev/ttyUSB0`,
    );
    return 1;
  }
  if (ports.length === 0) output.out(`${MARKS.warning} no serial port is listed`);
  for (const { path, about } of ports) output.out(`${MARKS.ok} ${path}${about === undefined ? '' : `: ${about}`}`);
  return 0;
}
