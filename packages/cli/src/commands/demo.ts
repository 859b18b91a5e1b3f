import { isCtiError, type Logger } from '@cordboard/cti-core';
import { createLogger } from '@cordboard/cti-server';
import { type Demo, type DemoOptions, startDemo } from '../demo/demo.js';
import { type CommandContext, type ExitCode, untilAborted } from './context.js';

/** Options of `cordboard demo`. */
export interface DemoCommandOptions {
  /** Default: 8420, or any free one when that is taken. */
  readonly port?: number;
  readonly host: string;
  readonly json?: 'json';
  readonly seed: number;
  readonly trafficMs: number;
  readonly origins: readonly string[];
}

const usualPort = 8420;

async function startSomewhere(options: DemoCommandOptions, shared: Omit<DemoOptions, 'port'>): Promise<Demo> {
  if (options.port !== undefined) return startDemo({ ...shared, port: options.port });
  try {
    return await startDemo({ ...shared, port: usualPort });
  } catch (error) {
    if (!isCtiError(error, 'resource.conflict')) throw error;
    return startDemo({ ...shared, port: 0 });
  }
}

/** Runs the demo floor until the process is asked to end. */
export async function demo(options: DemoCommandOptions, context: CommandContext): Promise<ExitCode> {
  const { output, signal } = context;
  const log: Logger = createLogger({ level: 'warn' });
  const { host, seed, trafficMs, origins } = options;
  const floor = await startSomewhere(options, { host, seed, trafficMs, origins, log, random: Math.random });
  const { url, ws, tokens } = floor;
  if (options.json === undefined) {
    output.err('The demo floor runs. Open this address; Ctrl+C ends it.');
    output.out(url);
  } else output.out(JSON.stringify({ ready: true, url, ws, tokens }));
  await untilAborted(signal);
  await floor.stop();
  return 0;
}
