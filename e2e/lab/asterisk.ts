import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ask } from './ask.js';
import { bytesOf, sine } from './pcm.js';
import { freePort } from './ports.js';
import { PROMPTS, TONE } from './tone-plan.js';
import { until, within } from './wait.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const tools = join(root, 'tools/asterisk');

/** Password of every account of the laboratory: phones, ARI and AMI. */
export const LAB_SECRET = 'lab-secret';

/** The ports of one instance, all on 127.0.0.1. */
export interface LabPorts {
  readonly sip: number;
  readonly ami: number;
  /** HTTP: REST and event socket of ARI. */
  readonly ari: number;
  /** Where Asterisk sends calls for the outside: a test may put a provider there. */
  readonly trunk: number;
  readonly rtpFrom: number;
  readonly rtpTo: number;
}

/** Options of {@link AsteriskLab.start}. */
export interface AsteriskLabOptions {
  /** Unpacked Asterisk; default `<repository>/.cache/asterisk`, fetched when it is missing. */
  readonly bundle?: string;
  /** Changes a configuration file after it was rendered, for a test of `doctor` or of a missing module. */
  readonly patch?: (name: string, text: string) => string;
  /** Sounds beside the prompts of the laboratory, by their path below `sounds/en`, without ending. Heard in every language. */
  readonly sounds?: ReadonlyMap<string, Int16Array>;
}

/**
 * A private Asterisk on loopback with a state directory of its own. It is a child of this process, without privileges, and
 * its directory is removed by {@link stop}.
 */
export class AsteriskLab {
  readonly ports: LabPorts;
  /** State directory: `etc`, `log`, `spool`, ... */
  readonly dir: string;
  readonly #bundle: string;
  #child: ChildProcess | undefined;

  private constructor(dir: string, ports: LabPorts, bundle: string) {
    this.dir = dir;
    this.ports = ports;
    this.#bundle = bundle;
  }

  /**
   * Fetches when necessary, renders the configuration, starts and waits until fully booted (about a second).
   * @throws {Error} when it cannot be fetched or does not boot on three different sets of ports; the log's end is in the message.
   */
  static async start(options: AsteriskLabOptions = {}): Promise<AsteriskLab> {
    const bundle = options.bundle ?? (await fetchAsterisk());
    let failure: unknown;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      // The control socket's path has to stay below 108 characters, hence the short name.
      const dir = mkdtempSync(join(tmpdir(), 'cb-ast-'));
      const lab = new AsteriskLab(dir, await choosePorts(), bundle);
      lab.#render(options.patch ?? ((_name, text) => text));
      lab.#bring(options.sounds ?? new Map());
      try {
        await lab.boot();
        return lab;
      } catch (error) {
        failure = error;
        await lab.stop();
      }
    }
    throw failure;
  }

  /** Base URL of ARI, e.g. `http://127.0.0.1:40000/ari`. */
  get ariUrl(): string {
    return `http://127.0.0.1:${this.ports.ari}/ari`;
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  /** Where ARI puts recordings: `<name>.<format>`. */
  get recordings(): string {
    return join(this.dir, 'spool/recording');
  }

  /** Starts the daemon on the same ports and state; after {@link kill} this is the switch that comes back. */
  async boot(): Promise<void> {
    if (this.pid !== undefined) return;
    // A control socket left by SIGKILL would make the new daemon believe that another one runs.
    rmSync(join(this.dir, 'run'), { recursive: true, force: true });
    mkdirSync(join(this.dir, 'run'));
    const child = spawn(join(this.#bundle, 'bin/asterisk'), ['-f', '-C', join(this.dir, 'etc/asterisk.conf')], {
      stdio: 'ignore',
    });
    this.#child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    await this.#booted();
  }

  /** Output of a CLI command. */
  async cli(command: string): Promise<string> {
    const result = await run(
      join(this.#bundle, 'bin/asterisk'),
      ['-C', join(this.dir, 'etc/asterisk.conf'), '-rx', command],
      {
        timeout: 60_000,
      },
    );
    return result.stdout;
  }

  /** `core restart`: calls are lost (`now`) or awaited (`gracefully`); resolves when it has booted again. */
  async restart(kind: 'now' | 'gracefully' = 'now'): Promise<void> {
    const before = await this.#startedAt();
    // The command's own connection ends with the process, so its outcome says nothing.
    await this.cli(`core restart ${kind}`).catch(() => undefined);
    await until(async () => (await this.#startedAt().catch(() => before)) !== before, {
      what: 'Asterisk to restart',
      withinMs: 60_000,
      everyMs: 50,
    });
    await this.#booted();
  }

  /** SIGKILL: no BYE, no closing of sockets by the daemon. {@link boot} brings it back. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.pid === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await within(gone, { what: 'Asterisk to die' });
  }

  /**
   * Resolves when the registrations of now are on the disk. Asterisk writes them a second later (`db_sync_thread` of main/db.c): one that is killed before
   * comes back without its phones, until they register anew.
   */
  async registrationsKept(): Promise<void> {
    const database = join(this.dir, 'lib/astdb.sqlite3');
    const keys = (await this.cli('database show registrar/contact')).match(/registrar\/contact\/[^:\s]+/g) ?? [];
    await until(
      () => {
        const written = readFileSync(database, 'latin1');
        // As long as its journal stands there, what was written may be taken back.
        return !existsSync(`${database}-journal`) && keys.every((key) => written.includes(key));
      },
      { what: 'the registrations to be on the disk' },
    );
  }

  /** Ends it and removes its directory; nothing in it is worth an orderly end. May be called twice, and after {@link kill}. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** The daemon's log so far. */
  log(): string {
    const file = join(this.dir, 'log/messages.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  async #startedAt(): Promise<string> {
    const answer = await ask(`${this.ariUrl}/asterisk/info?only=status`, { headers: { authorization: basicAuth() } });
    const body = (await answer.json()) as { readonly status?: { readonly startup_time?: string } };
    const time = body.status?.startup_time;
    if (time === undefined) throw new Error('not booted');
    return time;
  }

  async #booted(): Promise<void> {
    try {
      await until(
        async () => {
          if (this.pid === undefined) throw new Error('Asterisk ended while booting');
          const answer = await ask(`${this.ariUrl}/asterisk/ping`, { headers: { authorization: basicAuth() } });
          return answer.ok && (await this.cli('core waitfullybooted')).includes('fully booted');
        },
        {
          what: 'Asterisk to boot',
          withinMs: 60_000,
          everyMs: 50,
          ignore: (error) => /fetch failed|Command failed/.test(String(error)),
        },
      );
    } catch (error) {
      throw new Error(`${String(error)}\n${this.log().slice(-2_000)}`);
    }
  }

  #bring(sounds: ReadonlyMap<string, Int16Array>): void {
    const folder = join(this.dir, 'data/sounds');
    if (sounds.size > 0) symlinkSync('en', join(folder, 'zh'));
    for (const [path, samples] of sounds) {
      const file = join(folder, 'en', `${path}.sln`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytesOf(samples));
    }
  }

  #render(patch: (name: string, text: string) => string): void {
    const tree = join(this.#bundle, 'tree');
    for (const part of [
      'etc',
      'lib/keys',
      'cache',
      'agi',
      'spool/recording',
      'spool/tmp',
      'log',
      'moh',
      'data/sounds/en/cordboard',
    ]) {
      mkdirSync(join(this.dir, part), { recursive: true });
    }
    for (const part of ['documentation', 'rest-api'])
      symlinkSync(join(tree, 'usr/share/asterisk', part), join(this.dir, 'data', part));
    const values: Readonly<Record<string, string | number>> = {
      RUN: this.dir,
      BIN: join(this.#bundle, 'bin'),
      MODULES: moduleDir(tree),
      SECRET: LAB_SECRET,
      SIP_PORT: this.ports.sip,
      AMI_PORT: this.ports.ami,
      ARI_PORT: this.ports.ari,
      TRUNK_PORT: this.ports.trunk,
      RTP_FROM: this.ports.rtpFrom,
      RTP_TO: this.ports.rtpTo,
    };
    for (const name of readdirSync(join(tools, 'etc'))) {
      const text = readFileSync(join(tools, 'etc', name), 'utf8').replace(/@([A-Z_]+)@/g, (_all, key: string) => {
        const value = values[key];
        if (value === undefined) throw new Error(`${name}: no value for @${key}@`);
        return String(value);
      });
      writeFileSync(join(this.dir, 'etc', name), patch(name, text));
    }
    for (const [name, prompt] of Object.entries(PROMPTS)) {
      writeFileSync(
        join(this.dir, `data/sounds/en/cordboard/${name}.sln`),
        bytesOf(sine([prompt.hz], { ms: prompt.ms })),
      );
    }
    // Whole periods of both tones, so that the loop has no click.
    writeFileSync(join(this.dir, 'moh/music.sln'), bytesOf(sine([TONE.musicLow, TONE.musicHigh], { ms: 30_000 })));
  }
}

/** `Authorization` header value for ARI. */
export function basicAuth(): string {
  return `Basic ${Buffer.from(`cordboard:${LAB_SECRET}`).toString('base64')}`;
}

/**
 * The unpacked Asterisk below `.cache`, fetched when it is not there.
 * @throws {Error} with the script's line when it cannot be had.
 */
export async function fetchAsterisk(): Promise<string> {
  const bundle = join(root, '.cache/asterisk');
  if (existsSync(join(bundle, 'complete'))) return bundle;
  try {
    await run(join(tools, 'fetch.sh'), [bundle], { timeout: 300_000 });
  } catch (error) {
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`Asterisk cannot be had: ${text.trim().split('\n').at(-1) ?? ''}`);
  }
  return bundle;
}

async function choosePorts(): Promise<LabPorts> {
  const [sip, trunk, ami, ari] = [await freePort(), await freePort(), await freePort(), await freePort()];
  // Asterisk passes over a port that is taken.
  const rtpFrom = 10_000 + 2 * Math.floor(Math.random() * 4_500);
  return { sip, ami, ari, trunk, rtpFrom, rtpTo: rtpFrom + 999 };
}

function moduleDir(tree: string): string {
  const lib = join(tree, 'usr/lib');
  const triplet = readdirSync(lib).find((name) => existsSync(join(lib, name, 'asterisk/modules')));
  if (triplet === undefined) throw new Error(`no Asterisk modules in ${lib}`);
  return join(lib, triplet, 'asterisk/modules');
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
