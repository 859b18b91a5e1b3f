import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriverFactory, Role } from '@cordboard/cti-core';
import type { ConfigInput, MaskClass } from '@cordboard/cti-protocol';
import { createLogger } from '../../src/observe/log.js';
import { type CtiServer, createServer, type ServerAddress, type ServerPorts } from '../../src/server.js';
import { TestClient } from './client.js';
import { type PhoneDriver, phoneDriver } from './phone-driver.js';

/** The caller's number that restricted roles must never be sent. */
export const CALLER = '13912345678';

/** A small floor: two agents, one of whom sees no numbers, two queues, one route. */
export function floorConfig(dataDir: string, more: Partial<ConfigInput> = {}): ConfigInput {
  return {
    server: { port: 0, dataDir, logLevel: 'debug' },
    timeZone: 'Asia/Shanghai',
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '8000', to: '8999' }],
      ownNumbers: ['4008001000'],
    },
    switches: {},
    agents: {
      ann: { name: 'Ann', seat: '8001', queues: ['support'] },
      bob: { name: 'Bob', seat: '8002', queues: ['sales'], numbers: 'masked' },
      sue: { name: 'Sue', seat: '8009' },
    },
    queues: {
      support: {
        ringTimeout: '20s',
        afterCallWork: 'never',
        popUrl: 'https://erp.example.com/c?phone={caller.number}',
      },
      sales: { afterCallWork: 'never', record: 'always', popUrl: 'https://erp.example.com/c?phone={caller.number}' },
    },
    routes: [
      { number: '4008001000', to: { queue: 'support' } },
      { number: '4008002000', to: { queue: 'sales' } },
    ],
    ...more,
    ...(more.server === undefined ? {} : { server: { ...more.server, dataDir } }),
  };
}

/** A running server with its driver, its log and everything that must be undone. */
export interface Floor {
  readonly server: CtiServer;
  readonly address: ServerAddress;
  readonly phone: PhoneDriver;
  readonly dir: string;
  readonly log: string[];
  token(role: Role, more?: { userId?: string; agentId?: string; numbers?: MaskClass; ttlS?: number }): Promise<string>;
  client(role: Role, more?: { userId?: string; agentId?: string; numbers?: MaskClass }): Promise<TestClient>;
  get(path: string, token?: string, init?: RequestInit): Promise<Response>;
  end(): Promise<void>;
}

/** Starts a floor in a new folder, or in `dir` again. */
export async function startFloor(
  options: {
    dir?: string;
    config?: Partial<ConfigInput>;
    ports?: ServerPorts;
    /** Switches beside `main`. */
    more?: Readonly<Record<string, DriverFactory>>;
  } = {},
): Promise<Floor> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'cordboard-')));
  const log: string[] = [];
  const made = phoneDriver();
  const config = floorConfig(dir, options.config);
  const server = createServer(
    { ...config, switches: { main: { driver: made.factory, defaultTrunk: 'carrier' }, ...options.more } },
    { log: createLogger({ level: 'debug', destination: { write: (line) => log.push(line) } }), ...options.ports },
  );
  const address = await server.start();
  const clients: TestClient[] = [];
  const token: Floor['token'] = async (role, more = {}) => {
    const { userId = role === 'agent' ? 'ann' : role, ttlS = 3600, ...rest } = more;
    return (await server.makeToken({ userId, role, ttlS, ...rest })).token;
  };
  return {
    server,
    address,
    phone: made.driver(),
    dir,
    log,
    token,
    async client(role, more) {
      const client = await TestClient.hello(address.ws, await token(role, more));
      clients.push(client);
      return client;
    },
    get: (path, bearer, init = {}) =>
      fetch(`${address.url}${path}`, {
        ...init,
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(init.headers as object),
        },
      }),
    async end() {
      for (const client of clients) client.close();
      await server.stop();
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}
