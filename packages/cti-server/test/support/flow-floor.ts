import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type Role, type SwitchId } from '@cordboard/cti-core';
import type { ConfigInput } from '@cordboard/cti-protocol';
import { systemClock } from '@cordboard/driver-kit';
import { SimulatorDriver, VirtualSwitch } from '@cordboard/simulator';
import { createLogger } from '../../src/observe/log.js';
import { type CtiServer, createServer, type ServerPorts } from '../../src/server.js';
import { Caller } from './caller.js';

/** The number that leads into the flow `front`. */
export const FRONT = '4008001000';

/** A server in this process on a virtual switch, on the real clock. */
export interface FlowFloor {
  readonly server: CtiServer;
  readonly pbx: VirtualSwitch;
  readonly dir: string;
  readonly log: string[];
  call(from?: string, to?: string): Caller;
  /** Asks REST; as admin where no role is named. */
  rest(path: string, init?: RequestInit & { readonly role?: Role }): Promise<Response>;
  json<T>(path: string, init?: RequestInit & { readonly role?: Role }): Promise<T>;
  end(): Promise<void>;
}

/**
 * Starts one with the flows of a configuration; calls to {@link FRONT} go into `front`. Its folder goes with its end, unless it was given one:
 * that stays.
 */
export async function startFlowFloor(
  config: Partial<ConfigInput>,
  more: { readonly dir?: string; readonly ports?: ServerPorts; readonly promptMs?: number } = {},
): Promise<FlowFloor> {
  if (more.dir === undefined) {
    const own = await mkdtemp(join(tmpdir(), 'cordboard-flow-'));
    const leave = () => rm(own, { recursive: true, force: true });
    try {
      const floor = await startFlowFloor(config, { ...more, dir: own });
      return { ...floor, end: () => floor.end().finally(leave) };
    } catch (error) {
      // A configuration that is refused leaves nothing behind.
      await leave();
      throw error;
    }
  }
  const { dir } = more;
  const log: string[] = [];
  const pbx = new VirtualSwitch(
    {
      switchId: asId<SwitchId>('main'),
      seed: 7,
      extensions: ['8001'],
      orders: 'plain',
      promptMs: () => more.promptMs ?? 50,
    },
    systemClock,
  );
  const server = createServer(
    {
      server: { port: 0, dataDir: dir, logLevel: 'debug' },
      timeZone: 'Asia/Shanghai',
      dialPlan: { countryCode: '86', areaCode: '10', internal: [{ from: '8000', to: '8999' }] },
      agents: { ann: { seat: '8001', queues: ['support'] } },
      queues: { support: { afterCallWork: 'never' } },
      routes: [{ number: FRONT, to: { ivr: 'front' } }],
      ...config,
      switches: { main: { driver: () => new SimulatorDriver(pbx), defaultTrunk: 'carrier' } },
    },
    { log: createLogger({ level: 'debug', destination: { write: (line) => log.push(line) } }), ...more.ports },
  );
  const { url } = await server.start();
  const rest: FlowFloor['rest'] = async (path, init = {}) => {
    const { role = 'admin', ...request } = init;
    const { token } = await server.makeToken({ userId: role === 'agent' ? 'ann' : role, role, ttlS: 600 });
    return fetch(`${url}${path}`, {
      ...request,
      headers: { authorization: `Bearer ${token}`, ...(request.headers as object) },
    });
  };
  return {
    server,
    pbx,
    dir,
    log,
    call: (from = '+8613912345678', to = FRONT) => new Caller(pbx, from, to),
    rest,
    json: async <T>(path: string, init?: RequestInit & { readonly role?: Role }) =>
      (await (await rest(path, init)).json()) as T,
    end: () => server.stop(),
  };
}

/** An announcement of prompts. */
export const say = (...prompts: readonly string[]) => prompts.map((prompt) => ({ kind: 'prompt', prompt }));

/** A flow of plain data. @param nodes - begins at the first of them; each prompt that they name is its own file, in English */
export function flowOf(nodes: Readonly<Record<string, object>>, more: object = {}): object {
  const named = [...JSON.stringify(nodes).matchAll(/"kind":"prompt","prompt":"([^"]+)"/gu)].map(
    ([, name = '']) => name,
  );
  return {
    format: 'cordboard-ivr/1',
    id: 'front',
    version: '1',
    languages: ['en'],
    start: Object.keys(nodes)[0],
    prompts: Object.fromEntries(named.map((name) => [name, { en: name }])),
    nodes,
    ...more,
  };
}
