import { CtiError } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import {
  attachKeypad,
  type PbxScenario,
  pbxOfScenario,
  readPbxScenario,
  startScenario,
  type UartSettings,
} from '@cordboard/simulator';
import { loadConfig } from '../config/load-config.js';
import { type CommandContext, type ExitCode, untilAborted, withFile } from './context.js';

/** Options of `cordboard sim --serial`. */
export interface SimSerialOptions {
  /** `tcp:PORT`, or the path of a serial port or of one end of a pair of ptys. */
  readonly serial: string;
  readonly profile: string;
  readonly scenario?: string;
  /** Bd; default that of the scenario, else of the profile. */
  readonly baud?: number;
  /** How the host's port is set, where it is set otherwise than the PBX's: `4800,7E1`. What each side reads is what a UART would. */
  readonly reader?: string;
  readonly host: string;
  readonly seed?: number;
  readonly json?: 'json';
}

/** Eight lines, and sixteen telephones whose users let them ring and hang up what has ended: computers do the rest. */
const DEFAULT_SCENARIO: PbxScenario = {
  phones: Array.from({ length: 16 }, (_, n) => ({ number: String(801 + n), does: 'ring' as const })),
};

const PARITIES = { N: 'none', E: 'even', O: 'odd', M: 'mark', S: 'space' } as const;

function readerOf(text: string): UartSettings {
  const parts = /^(\d{2,7}),([78])([NEOMS])([12])$/u.exec(text.toUpperCase());
  const baudRate = Number(parts?.[1]);
  if (parts === null || baudRate < 50 || baudRate > 4_000_000) {
    throw new CtiError('argument.invalid', 'settings of a port such as 4800,7E1', { details: { path: 'reader' } });
  }
  return {
    baudRate,
    dataBits: parts[2] === '7' ? 7 : 8,
    parity: PARITIES[parts[3] as keyof typeof PARITIES],
    stopBits: parts[4] === '2' ? 2 : 1,
  };
}

/** Runs a simulated PBX on a serial line in real time until the process is asked to end. */
export async function simSerial(options: SimSerialOptions, context: CommandContext): Promise<ExitCode> {
  const { output, folder, signal } = context;
  const { serial, profile, baud, host, seed } = options;
  const reader = options.reader === undefined ? undefined : readerOf(options.reader);
  const loaded = options.scenario === undefined ? undefined : await loadConfig(options.scenario, folder);
  const port = /^tcp:(\d{1,5})$/u.exec(serial)?.[1];
  const { sim, scenario } = await withFile(loaded?.file ?? 'scenario', context, () => {
    const read = loaded === undefined ? DEFAULT_SCENARIO : readPbxScenario(loaded.value);
    const made = pbxOfScenario(read, {
      clock: systemClock,
      profile,
      line: { kind: port === undefined ? 'serial' : 'tcp', ...(reader === undefined ? {} : { host: reader }) },
      ...(baud === undefined ? {} : { kts: { baudRate: baud } }),
      ...(seed === undefined ? {} : { seed }),
    });
    return { sim: made, scenario: read };
  });
  let stopPeople: (() => void) | undefined;
  try {
    const address = port === undefined ? undefined : await sim.listen({ port: Number(port), host });
    if (address === undefined) await sim.openPath(serial);
    attachKeypad(sim.pbx);
    sim.start();
    stopPeople = startScenario(sim, scenario);
    const where = address === undefined ? serial : `tcp ${address.host}:${address.port}`;
    if (options.json === undefined) {
      output.err('The simulated PBX runs; Ctrl+C ends it.');
      output.out(`${profile} ${where}`);
    } else {
      const { lines, extensions } = sim.pbx.setup;
      const at = address === undefined ? { serial } : { tcp: address };
      output.out(JSON.stringify({ ready: true, profile, ...at, lines, extensions }));
    }
    await untilAborted(signal);
  } finally {
    stopPeople?.();
    await sim.close();
  }
  return 0;
}
