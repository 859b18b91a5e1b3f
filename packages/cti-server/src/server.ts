import { type Clock, type CtiDriver, CtiError, type Logger } from '@cordboard/cti-core';
import type { FastifyInstance } from 'fastify';
import type { TokenRequest } from './auth/tokens.js';
import { type DriverRegistry, factoriesOf, readServerConfig } from './config/read.js';
import type { JournalStorage } from './journal/storage.js';
import type { AddressLookup } from './questions/addresses.js';
import type { HostFunction } from './questions/providers.js';
import { startServer } from './running.js';
import type { CustomerDirectory } from './shell/lookups.js';
import type { EngineMaker } from './shell/ports.js';

/** What may be put in the place of the server's own parts. */
export interface ServerPorts {
  /** Default: the process's clock. */
  readonly clock?: Clock;
  /** 0 <= x < 1; default `Math.random`. Used for epochs, seeds and jitter. */
  readonly random?: () => number;
  /** Default: JSON lines on stderr. */
  readonly log?: Logger;
  /** Drivers that a configuration may name. */
  readonly drivers?: DriverRegistry;
  /** Default: the engine of `@cordboard/cti-core`. */
  readonly engine?: EngineMaker;
  /** Default: the folder `journal` of the data folder. */
  readonly journalStorage?: JournalStorage;
  /** Who a number belongs to; default: what the configuration's `directory` says. */
  readonly directory?: CustomerDirectory;
  /** Functions that flows run, by `id@version`, beside those of the configuration. */
  readonly functions?: Readonly<Record<string, HostFunction>>;
  /** Looks names of HTTP services up; default: the system's. */
  readonly addressLookup?: AddressLookup;
  /** Adds pages or routes to the HTTP server, beside `/v1`. */
  readonly extend?: (app: FastifyInstance) => void | Promise<void>;
  /** The server failed (disk) and has stopped carrying out effects; default: nothing beyond the log. */
  readonly onFailure?: (error: unknown) => void;
}

/** Where a started server can be reached. */
export interface ServerAddress {
  /** `http://host:port` */
  readonly url: string;
  /** `ws://host:port/v1/ws` */
  readonly ws: string;
  readonly port: number;
}

/** A server of one tenant. Made by {@link createServer}; inert until started. */
export interface CtiServer extends AsyncDisposable {
  /**
   * Opens the data folder, restores the state, starts the drivers and listens.
   *
   * @throws {CtiError} `resource.conflict` (folder or port in use), `journal.version`, `journal.corrupt`, `store.unavailable`, `config.unresolved`
   */
  start(): Promise<ServerAddress>;
  /**
   * Stops in order. `drain`: takes no new call and waits for the last one to end, at most `timeoutMs` (default 0: not at all). Calls on the switch live on. Twice is once.
   */
  stop(options?: { readonly drain?: 'drain' | 'now'; readonly timeoutMs?: number }): Promise<void>;
  /** Makes a token of this tenant. Only after {@link start}. */
  makeToken(request: TokenRequest): Promise<{ readonly token: string; readonly endsWallMs: number }>;
  /** The driver of a switch, for tools that drive it from the other side. */
  driver(switchId: string): CtiDriver | undefined;
  /** Resolves when everything that came in so far was carried out and every record is written. */
  settled(): Promise<void>;
  /** Folder of the journal's files. */
  readonly journalDir: string | undefined;
}

/**
 * Makes a server of a configuration.
 *
 * @param config - as of `defineConfig`, or the same as JSON
 * @throws {CtiError} `config.invalid` with `path` and `expected`, `config.unresolved` with both places, `flow.invalid`
 */
export function createServer(config: unknown, ports: ServerPorts = {}): CtiServer {
  let factories: ReturnType<typeof factoriesOf> = new Map();
  const resolved = readServerConfig(config, (switches) => {
    factories = factoriesOf(switches, ports.drivers ?? {});
  });
  let starting: ReturnType<typeof startServer> | undefined;
  let running: Awaited<ReturnType<typeof startServer>> | undefined;
  const server: CtiServer = {
    async start() {
      if (starting !== undefined) throw new CtiError('driver.started', 'the server was started before');
      starting = startServer({ resolved, factories, ports });
      running = await starting;
      return running.address;
    },
    async stop(options = {}) {
      // A start that failed has cleaned up behind itself and told its caller.
      const started = await starting?.catch(() => undefined);
      await started?.stop(options);
    },
    async makeToken(request) {
      const started = await starting;
      if (started === undefined) throw new CtiError('server.draining', 'the server was not started');
      return started.tokens.make(request);
    },
    driver: (switchId) => running?.driver(switchId),
    settled: async () => running?.settled(),
    get journalDir() {
      return running?.journalDir;
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
  return server;
}
