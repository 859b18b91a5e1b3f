import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '@cordboard/driver-kit';
import { type EslScenario, faceOf, readScenario, startCallers } from '@cordboard/simulator';
import { loadConfig } from '../config/load-config.js';
import { type CommandContext, type ExitCode, untilAborted, withFile } from './context.js';

/** Options of `cordboard sim`. */
export interface SimOptions {
  /** Port of the event socket; 0: any free one. */
  readonly esl: number;
  readonly scenario?: string;
  readonly host: string;
  readonly password?: string;
  readonly seed?: number;
  readonly json?: 'json';
}

/** Two telephones, a number that waits for a client, and nobody who calls. */
const DEFAULT_SCENARIO: EslScenario = {
  extensions: ['1000', '1001'],
  dialplan: [{ number: '8100', apps: ['answer', 'park'] }],
};

/** Runs a simulated switch in real time until the process is asked to end. */
export async function sim(options: SimOptions, context: CommandContext): Promise<ExitCode> {
  const { output, folder, signal } = context;
  const { host, password, seed } = options;
  const loaded = options.scenario === undefined ? undefined : await loadConfig(options.scenario, folder);
  const face = await withFile(loaded?.file ?? 'scenario', context, () => {
    const scenario = loaded === undefined ? DEFAULT_SCENARIO : readScenario(loaded.value);
    const recordings = scenario.recordings === undefined ? undefined : resolve(folder, scenario.recordings);
    if (recordings !== undefined) mkdirSync(recordings, { recursive: true });
    const made = faceOf(recordings === undefined ? scenario : { ...scenario, recordings }, {
      clock: systemClock,
      host,
      port: options.esl,
      ...(password === undefined ? {} : { password }),
      ...(seed === undefined ? {} : { seed }),
    });
    return { made, scenario };
  });
  const address = await face.made.listen();
  const stopCallers = startCallers(face.made, face.scenario);
  try {
    if (options.json === undefined) {
      output.err('The simulated switch runs; Ctrl+C ends it.');
      output.out(`esl ${address.host}:${address.port}`);
    } else output.out(JSON.stringify({ ready: true, esl: address }));
    await untilAborted(signal);
  } finally {
    stopCallers();
    await face.made.close();
  }
  return 0;
}
