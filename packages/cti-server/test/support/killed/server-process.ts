import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DriverCommand } from '@cordboard/cti-core';
import { SimulatorDriver, type VirtualSwitch } from '@cordboard/simulator';
import { build } from 'esbuild';
import type { ToServer, ToSwitch } from './pipe.js';

const home = fileURLToPath(new URL('../../..', import.meta.url));

/** Where a server listens, and tokens by user. */
export type Listening = Extract<ToSwitch, { type: 'listening' }>;

/** The program in one file, laid out as the package is: it starts in a fraction of the time. */
export async function bundle(): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-killed-'));
  await mkdir(join(folder, 'dist'));
  await symlink(join(home, 'worker'), join(folder, 'worker'));
  await symlink(join(home, '../../node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'dist', 'program.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./program.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@cordboard/source'],
    external: ['fastify', '@fastify/rate-limit', 'ws', 'zod', 'pino', 'prom-client', 'jose', 'libsql'],
    logLevel: 'error',
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** One life of the server: from its start to the moment it is killed. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #driver: SimulatorDriver;
  readonly #listening: Promise<Listening>;
  #settled: () => void = () => undefined;

  constructor(options: {
    readonly file: string;
    readonly dataDir: string;
    readonly pbx: VirtualSwitch;
    readonly onCommand?: (command: DriverCommand) => void;
    /** Laid over the configuration of the program. */
    readonly config?: object;
  }) {
    this.#child = fork(options.file, [options.dataDir, JSON.stringify(options.config ?? {})], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#driver = new SimulatorDriver(options.pbx);
    const stop = new AbortController();
    this.#child.once('exit', () => {
      stop.abort();
      void this.#driver.stop();
    });
    this.#listening = new Promise((resolve, reject) => {
      this.#child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
      this.#child.on('message', (message: ToSwitch) => {
        if (message.type === 'listening') resolve(message);
        else if (message.type === 'settled') this.#settled();
        else if (message.type === 'start') {
          void this.#driver.start((event) => this.#tell({ type: 'event', event }), { signal: stop.signal });
        } else {
          const { command } = message;
          options.onCommand?.(command);
          void this.#driver
            .execute(command)
            .then((reply) => this.#tell({ type: 'reply', commandId: command.commandId, reply }));
        }
      });
    });
    this.#listening.catch(() => undefined);
  }

  get listening(): Promise<Listening> {
    return this.#listening;
  }

  settled(): Promise<void> {
    const done = new Promise<void>((resolve) => {
      this.#settled = resolve;
    });
    this.#tell({ type: 'settle' });
    return done;
  }

  /** SIGKILL: no word, no flush. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #tell(message: ToServer): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
