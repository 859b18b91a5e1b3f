import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cdr, QueueView, RecordingRecord } from '@cordboard/cti-core';
import { build } from 'esbuild';
import type { Desk, Floor } from './floor.js';
import type { AgentName, FloorOptions } from './floor-config.js';
import { ServerDesk } from './server-desk.js';
import type { ServerProcessOptions, ServerProcessWord } from './server-process.js';
import { until, within } from './wait.js';

const entry = fileURLToPath(new URL('server-process.ts', import.meta.url));
/** Two folders below the repository, as the sources are, for what is found from there. */
const bundle = fileURLToPath(new URL(`../../.run/e2e-server/server-process-${process.pid}.mjs`, import.meta.url));
let bundled: Promise<void> | undefined;

/** The sources as one file: the server starts in a third of the time that it takes to translate each of them. */
function makeBundle(): Promise<void> {
  bundled ??= build({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@cordboard/source'],
    sourcemap: 'inline',
    logLevel: 'silent',
    plugins: [
      {
        name: 'own packages only',
        setup(making) {
          making.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@cordboard/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  }).then(() => undefined);
  return bundled;
}

type Ready = Extract<ServerProcessWord, { is: 'ready' }>;

/** The real server in a process of its own, with desks on its WebSocket and its records read over REST. */
export class ServerFloor implements Floor {
  readonly dataDir: string;
  readonly desks = new Map<string, ServerDesk>();
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | undefined;
  #ready: Ready | undefined;
  #log = '';

  private constructor(options: ServerProcessOptions) {
    this.#options = options;
    this.dataDir = options.dataDir;
  }

  /** Starts it on a data folder of its own. */
  static async open(
    options: Omit<FloorOptions, 'driver' | 'dataDir'> & { readonly killAt?: number },
  ): Promise<ServerFloor> {
    const { killAt, ...rest } = options;
    const floor = new ServerFloor({ ...rest, dataDir: mkdtempSync(join(tmpdir(), 'cb-server-')) });
    try {
      await floor.start(killAt === undefined ? {} : { killAt });
    } catch (error) {
      await floor.close();
      throw error;
    }
    return floor;
  }

  get url(): string {
    return this.#address().url;
  }

  get tokens(): Readonly<Record<string, string>> {
    return this.#address().tokens;
  }

  /** What the server wrote to its log, in all of its lives. */
  log(): string {
    return this.#log;
  }

  /** Begins a life of the server on the data folder, and waits until it is ready. `killAt`: see server-process. */
  async start(how: { readonly killAt?: number } = {}): Promise<void> {
    // Browsers and desks find a later life where the first one was.
    const port = this.#ready === undefined ? 0 : Number(new URL(this.#ready.url).port);
    const options: ServerProcessOptions = { ...this.#options, port, ...how };
    await makeBundle();
    const child = spawn(process.execPath, ['--enable-source-maps', bundle, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        if (this.#log.length < 2_000_000) this.#log += chunk.toString();
      });
    }
    const word = await this.#word((one) => one.is === 'ready' || one.is === 'failed', 30_000);
    if (word.is !== 'ready')
      throw new Error(`the server did not start: ${JSON.stringify(word)}\n${this.#log.slice(-3_000)}`);
    this.#ready = word;
  }

  /** Says `word` to the process: from `count` on its boundaries count. */
  tell(word: 'count' | 'stop'): void {
    this.#child?.send(word);
  }

  /** Boundaries passed since `count`, and the latest of them. */
  async boundaries(): Promise<Extract<ServerProcessWord, { is: 'boundaries' }>> {
    const answer = this.#word((one) => one.is === 'boundaries', 5_000);
    this.#child?.send('boundaries');
    return (await answer) as Extract<ServerProcessWord, { is: 'boundaries' }>;
  }

  /** The hash of all effects so far and of the state; the hasher is of no further use. */
  async hash(): Promise<Extract<ServerProcessWord, { is: 'hash' }>> {
    const answer = this.#word((one) => one.is === 'hash', 10_000);
    this.#child?.send('hash');
    return (await answer) as Extract<ServerProcessWord, { is: 'hash' }>;
  }

  get alive(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when the process is gone. */
  async gone(withinMs = 30_000): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.alive) return;
    await within(once(child, 'exit'), { what: 'the end of the server', withinMs });
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.gone();
  }

  async desk(name: AgentName): Promise<Desk> {
    const known = this.desks.get(name);
    if (known !== undefined) return known;
    const desk = new ServerDesk(name, () => this.#address());
    this.desks.set(name, desk);
    await desk.open();
    return desk;
  }

  async cdrs(): Promise<readonly Cdr[]> {
    return (await this.rest<{ readonly items: readonly Cdr[] }>('/v1/cdrs')).items;
  }

  async recordings(): Promise<readonly RecordingRecord[]> {
    return (await this.rest<{ readonly items: readonly RecordingRecord[] }>('/v1/recordings')).items;
  }

  async queue(name: string): Promise<QueueView | undefined> {
    const answer = await this.rest<{ readonly live?: QueueView }>(`/v1/queues/${name}`);
    return answer.live;
  }

  async liveCalls(): Promise<number> {
    return (await this.rest<{ readonly items: readonly unknown[] }>('/v1/calls')).items.length;
  }

  /** A GET with the administrator's token. @throws {Error} for a status other than 200 */
  async rest<T>(path: string): Promise<T> {
    const answer = await this.raw(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  raw(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.tokens.admin ?? ''}` } });
  }

  /** Faults of all desks' streams. */
  faults(): readonly string[] {
    return [...this.desks.values()].flatMap((desk) => desk.faults.map((fault) => `${desk.name}: ${fault}`));
  }

  /** In order; may be called twice, and after {@link kill}. */
  async close(): Promise<void> {
    for (const desk of this.desks.values()) desk.close();
    if (this.alive) {
      this.tell('stop');
      await this.gone(5_000).catch(() => this.kill());
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #address(): Ready {
    if (this.#ready === undefined) throw new Error('the server was not started');
    return this.#ready;
  }

  #word(fits: (word: ServerProcessWord) => boolean, withinMs: number): Promise<ServerProcessWord> {
    const child = this.#child;
    let found: ServerProcessWord | undefined;
    const listen = (word: ServerProcessWord): void => {
      if (fits(word)) found = word;
    };
    child?.on('message', listen);
    return until(
      () => {
        if (found === undefined && !this.alive) return { is: 'failed' as const, error: 'the process ended' };
        return found;
      },
      { what: 'a word of the server', withinMs, everyMs: 5, seen: () => this.#log.slice(-1_500) },
    ).finally(() => child?.off('message', listen));
  }
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(bundle, { force: true });
});
