import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cdr, createEngine, type QueueView, type RecordingRecord, replay } from '@cordboard/cti-core';
import { readJournalFile } from '@cordboard/cti-server';
import { ask } from './ask.js';
import { bundleOf } from './bundle.js';
import { type Desk, type Floor, toldTo } from './floor.js';
import type { AgentName, FloorOptions } from './floor-config.js';
import type { RunHash } from './replays.js';
import { ServerDesk } from './server-desk.js';
import type { ServerProcessOptions, ServerProcessWord } from './server-process.js';
import { until, within } from './wait.js';

type Ready = Extract<ServerProcessWord, { is: 'ready' }>;

/** The real server in a process of its own, with desks on its WebSocket and its records read over REST. */
export class ServerFloor implements Floor {
  readonly dataDir: string;
  readonly desks = new Map<string, ServerDesk>();
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | undefined;
  #ready: Ready | undefined;
  #log = '';
  #diedAtMs: number | undefined;
  #backAtMs: number | undefined;
  #linkedAtMs: number | undefined;

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
    const bundle = await bundleOf('e2e/lab/server-process.ts');
    const child = spawn(process.execPath, ['--enable-source-maps', bundle, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    running.add(child);
    child.once('exit', () => {
      running.delete(child);
      this.#diedAtMs ??= Date.now();
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        if (this.#log.length < 2_000_000) this.#log += chunk.toString();
      });
    }
    const word = await this.#word((one) => one.is === 'ready' || one.is === 'failed', 90_000);
    if (word.is !== 'ready')
      throw new Error(`the server did not start: ${JSON.stringify(word)}\n${this.#log.slice(-3_000)}`);
    this.#ready = word;
    if (this.#diedAtMs === undefined) return;
    this.#backAtMs ??= Date.now();
    void this.#linked();
  }

  /** Was it away at that time, or not yet linked to the switch again (a second more is given to the clocks of others)? */
  wasAway(atMs: number): boolean {
    if (this.#diedAtMs === undefined) return false;
    return atMs > this.#diedAtMs - 100 && atMs < (this.#linkedAtMs ?? Number.POSITIVE_INFINITY) + 1_000;
  }

  /** Was there no process at all at that time, so that whatever happened was the doing of somebody else? */
  wasDead(atMs: number): boolean {
    if (this.#diedAtMs === undefined) return false;
    return atMs >= this.#diedAtMs && atMs <= (this.#backAtMs ?? Number.POSITIVE_INFINITY);
  }

  /** What each desk was told, in a few words, for a failure's report. */
  told(): string {
    return [...this.desks.values()].map(toldTo).join('\n');
  }

  /** Says `word` to the process: from `count` on its boundaries count. */
  tell(word: 'count' | 'stop'): void {
    this.#child?.send(word);
  }

  /** Boundaries passed since `count`, and the latest of them. */
  async boundaries(): Promise<Extract<ServerProcessWord, { is: 'boundaries' }>> {
    const answer = this.#word((one) => one.is === 'boundaries', 30_000);
    this.#child?.send('boundaries');
    return (await answer) as Extract<ServerProcessWord, { is: 'boundaries' }>;
  }

  /** Ends it by SIGKILL in the moment in which it has hashed what it did; answers the hash. */
  async hashAndDie(): Promise<RunHash> {
    this.#child?.send('hash');
    await this.gone();
    return JSON.parse(readFileSync(join(this.dataDir, 'hash.json'), 'utf8')) as RunHash;
  }

  /** At which boundary it was killed; empty when it was not. */
  killedAt(): string {
    const file = join(this.dataDir, 'killed.txt');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** The journal's inputs with what came of them, a line each, for a failure's report. */
  async trace(): Promise<string> {
    const lines: string[] = [];
    const time = (wallMs: number): string => new Date(wallMs).toISOString().slice(14, 23);
    const { inputs } = await readJournalFile(this.journalFile);
    replay(inputs, createEngine(), (input, effects) => {
      const { atMs: _at, wallMs, offsetMin: _offset, ...rest } = input;
      lines.push(`${time(wallMs)} > ${input.kind === 'boot' ? 'boot' : JSON.stringify(rest)}`);
      for (const effect of effects) {
        if (effect.kind !== 'publish') lines.push(`${time(wallMs)}   < ${JSON.stringify(effect)}`);
      }
    });
    return lines.join('\n');
  }

  /** The journal's first file. */
  get journalFile(): string {
    const dir = join(this.dataDir, 'journal');
    const [first] = readdirSync(dir)
      .filter((name) => name.endsWith('.journal'))
      .sort();
    return join(dir, first ?? '');
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
    return ask(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.tokens.admin ?? ''}` } });
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
      await this.gone(10_000).catch(() => this.kill());
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Notes when the switch is linked again. */
  async #linked(): Promise<void> {
    const isLinked = async (): Promise<boolean> => (await ask(`${this.url}/readyz`)).status === 200;
    // Whoever waits for the link in vain says so.
    await until(isLinked, { what: 'the link to the switch', ignore: () => true }).catch(() => undefined);
    this.#linkedAtMs ??= Date.now();
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
});
