import { systemClock } from '@cordboard/driver-kit';
import { attachKeypad, type PbxScenario, pbxOfScenario, readPbxScenario, startScenario } from '@cordboard/simulator';
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
  readonly host: string;
  readonly seed?: number;
  readonly json?: 'json';
}

/** Eight lines, sixteen telephones whose users answer, and a caller every minute or so. */
const DEFAULT_SCENARIO: PbxScenario = {
  phones: Array.from({ length: 16 }, (_, n) => ({ number: String(801 + n), does: 'ring' as const })),
};

/** Runs a simulated PBX on a serial line in real time until the process is asked to end. */
export async function simSerial(options: SimSerialOptions, context: CommandContext): Promise<ExitCode> {
  const { output, folder, signal } = context;
  const { serial, profile, baud, host, seed } = options;
  const loaded = options.scenario === undefined ? undefined : await loadConfig(options.scenario, folder);
  const port = /^tcp:(\d{1,5})$/u.exec(serial)?.[1];
  const { sim, scenario } = await withFile(loaded?.file ?? 'scenario', context, () => {
    const read = loaded === undefined ? DEFAULT_SCENARIO : readPbxScenario(loaded.value);
    const made = pbxOfScenario(read, {
      clock: systemClock,
      profile,
      line: { kind: port === undefined ? 'serial' : 'tcp' },
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
