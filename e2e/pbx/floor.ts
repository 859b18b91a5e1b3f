import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PbxSerialInput, pbxSerial } from '@cordboard/adapters-pbx-serial';
import {
  type AgentDesk,
  type Call,
  connectAgent,
  connectSupervisor,
  type SocketConstructor,
  type Supervisor,
} from '@cordboard/agent-sdk';
import type { Cdr, CtiDriver } from '@cordboard/cti-core';
import type { ConfigInput } from '@cordboard/cti-protocol';
import { type CtiServer, createServer, type ServerAddress } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import { type OutsideCaller, SerialPbx, type SerialPbxOptions } from '@cordboard/simulator';
import { WebSocket } from 'ws';
import { ask } from '../lab/ask.js';
import { deskPages } from '../lab/desk-pages.js';
import { PATIENCE_MS, until } from '../lab/wait.js';
import { Ptys } from './ptys.js';

/** The number by which callers reach a line. */
export const ownNumber = (line: number): string => `0106500${1_000 + line}`;
/** Who sits where. */
export const SEATS = { ann: '801', bob: '802', cat: '803', sue: '804' } as const;
/** An agent of the floor. */
export type Person = keyof typeof SEATS;
/** The system password of the PBX. */
export const PASSWORD = '1967590';

/** How a floor differs from its usual form. */
export interface PbxFloorOptions {
  readonly profile?: 'kts-bin/1' | 'kts-ascii/1';
  /** Bd; default 115,200, so that scenarios wait for people and not for bytes. */
  readonly baudRate?: number;
  /** `none`: bytes of the PBX move at once. */
  readonly pace?: 'line' | 'none';
  readonly pbx?: Omit<SerialPbxOptions, 'clock' | 'profile' | 'kts' | 'line'>;
  readonly driver?: Partial<PbxSerialInput>;
  readonly config?: Partial<ConfigInput>;
}

/** A whole server in this process, its driver at one end of a real pair of ptys, a virtual PBX at the other, in real time. */
export class PbxFloor {
  readonly dir: string;
  readonly cable: Ptys;
  readonly box: SerialPbx;
  readonly tokens: Record<string, string> = {};
  readonly #server: CtiServer;
  readonly #desks: (AgentDesk | Supervisor)[] = [];
  #address: ServerAddress | undefined;

  private constructor(dir: string, options: PbxFloorOptions) {
    this.dir = dir;
    this.cable = new Ptys(dir);
    const { profile = 'kts-bin/1', baudRate = 115_200, pace } = options;
    const line = pace === undefined ? {} : { pace };
    // Nothing rings out or comes back by itself while a scenario is at something else.
    const times = { noAnswerMs: 600_000, transferRecallMs: 600_000, parkRecallMs: 600_000, ...options.pbx?.times };
    this.box = new SerialPbx({
      ...options.pbx,
      times,
      clock: systemClock,
      profile,
      kts: { baudRate, window: 8 },
      line,
    });
    this.#server = createServer(configOf({ dir, options, transport: { port: this.cable.host, baudRate } }), {
      extend: deskPages,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });
  }

  /** Starts it; the link is synced when it resolves. */
  static async open(options: PbxFloorOptions = {}): Promise<PbxFloor> {
    const floor = new PbxFloor(await mkdtemp(join(tmpdir(), 'cb-pbx-')), options);
    try {
      await floor.cable.plug();
      await floor.box.openPath(floor.cable.pbx);
      floor.box.start();
      floor.#address = await floor.#server.start();
      for (const name of Object.keys(SEATS)) {
        const role = name === 'sue' ? 'supervisor' : 'agent';
        floor.tokens[name] = (await floor.#server.makeToken({ userId: name, role, agentId: name, ttlS: 3_600 })).token;
      }
      floor.tokens.admin = (await floor.#server.makeToken({ userId: 'admin', role: 'admin', ttlS: 3_600 })).token;
      await floor.synced();
    } catch (error) {
      await floor.close();
      throw error;
    }
    return floor;
  }

  /** The facets of the driver, as tools that run beside a server use them. */
  get facets(): NonNullable<CtiDriver['facets']> {
    return this.#server.driver('kts')?.facets ?? {};
  }

  get url(): string {
    return this.#address?.url ?? '';
  }

  /** Waits until the server knows all of the PBX. */
  synced(): Promise<unknown> {
    return until(async () => (await ask(`${this.url}/readyz`)).status === 200, { what: 'the link to the PBX' });
  }

  /** A desk in this process, ready for calls. */
  async desk(name: Person): Promise<AgentDesk> {
    const desk = await connectAgent({
      url: this.url,
      getToken: async () => this.tokens[name] ?? '',
      WebSocket: WebSocket as unknown as SocketConstructor,
    });
    this.#desks.push(desk);
    await desk.ready();
    return desk;
  }

  /** The board as a supervisor sees it. */
  async board(): Promise<Supervisor> {
    const board = await connectSupervisor({
      url: this.url,
      getToken: async () => this.tokens.sue ?? '',
      WebSocket: WebSocket as unknown as SocketConstructor,
    });
    this.#desks.push(board);
    return board;
  }

  async rest<T>(path: string, init: RequestInit & { readonly as?: string } = {}): Promise<T> {
    const { as = 'admin', ...rest } = init;
    const answer = await ask(`${this.url}${path}`, {
      ...rest,
      headers: {
        authorization: `Bearer ${this.tokens[as] ?? ''}`,
        ...(rest.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.rest<T>(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async cdrs(): Promise<readonly Cdr[]> {
    return (await this.rest<{ readonly items: readonly Cdr[] }>('/v1/cdrs')).items;
  }

  /** Somebody calls in on a line. */
  ring(line: number, number: string): OutsideCaller {
    const caller = this.box.outside.call({ line, number });
    if (caller?.line !== line) throw new Error(`line ${line} takes no call now`);
    return caller;
  }

  /** Everybody hangs up; resolves when every line is free again. */
  async quiet(): Promise<void> {
    const { pbx } = this.box;
    for (const { line } of pbx.lines()) pbx.far(line, 'hangsUp');
    for (const { number = '' } of pbx.extensions()) this.box.phone(number).hangUp();
    await until(() => pbx.lines().every(({ state }) => state === 'idle'), {
      what: 'every line to be idle',
      seen: () => pbx.lines().map(({ line, state }) => `${line} ${state}`),
    });
    await until(() => this.#desks.every((desk) => !('calls' in desk) || desk.calls.size === 0), {
      what: 'every desk to be without a call',
      seen: () => this.#desks.map((desk) => ('calls' in desk ? desk.calls.size : 0)),
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#desks.splice(0).map((desk) => desk.close()));
    await this.#server.stop();
    await this.box.close();
    await this.cable.pull();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** The one call of a desk in this state. */
export function callOf(desk: AgentDesk, state: Call['state'], withinMs = PATIENCE_MS): Promise<Call> {
  return until(() => [...desk.calls].find((call) => call.state === state), {
    what: `a call of ${desk.agent.id} that is ${state}`,
    withinMs,
    seen: () => [...desk.calls].map((call) => `${call.id} ${call.state} ${call.peer.number}`),
  });
}

/** Waits until a device of the board shows this. */
export async function shows(board: Supervisor, id: string, wanted: string, withinMs = PATIENCE_MS): Promise<void> {
  const look = (): string => {
    const device = board.devices.get(`kts:${id}`);
    return [device?.state ?? device?.presence, device?.direction, device?.party?.e164 ?? device?.party?.number]
      .filter(Boolean)
      .join(' ');
  };
  await until(() => look() === wanted, { what: `${id} to show ${wanted}`, withinMs, seen: look });
}

function configOf(made: {
  readonly dir: string;
  readonly options: PbxFloorOptions;
  readonly transport: { readonly port: string; readonly baudRate: number };
}): ConfigInput {
  const { dir, options, transport } = made;
  const driver = pbxSerial({
    profile: options.profile ?? 'kts-bin/1',
    transport,
    lines: Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8].map((line) => [line, { number: ownNumber(line), trunk: 'city' }]),
    ),
    timeZone: 'Asia/Shanghai',
    records: join(dir, 'records'),
    backoffFirst: '100ms',
    backoffMax: '500ms',
    ...options.driver,
  });
  return {
    tenant: 'pbx',
    timeZone: 'Asia/Shanghai',
    server: { host: '127.0.0.1', port: 0, dataDir: join(dir, 'data') },
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '801', to: '899' }],
      ownNumbers: [1, 2, 3, 4, 5, 6, 7, 8].map(ownNumber),
    },
    switches: { kts: { driver: driver as never, defaultTrunk: 'trunk:city' } },
    agents: Object.fromEntries(Object.entries(SEATS).map(([name, seat]) => [name, { name, seat }])),
    pop: { url: '/customer?number={caller.number}', at: 'alerting' },
    callCategories: ['order', 'complaint'],
    ...options.config,
  };
}
