import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDesk } from '@cordboard/agent-sdk';
import type { Clock, Logger } from '@cordboard/cti-core';
import { type CtiServer, createServer } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import { VirtualSwitch } from '@cordboard/simulator';
import { startTraffic } from './callers.js';
import { answersByItself, startColleague } from './colleagues.js';
import { EndingClock } from './ending-clock.js';
import { DEMO_SWITCH, demoConfig, EXTENSIONS, PEOPLE, YOU } from './floor.js';
import { addPages, tokenRequestOf } from './pages.js';

/** How the demo is run. */
export interface DemoOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Of everything random on the floor. */
  readonly seed: number;
  /** Mean gap between callers who come by themselves, ms; 0: none come. */
  readonly trafficMs: number;
  /** Origins of other pages that may connect, such as an ERP of yours. */
  readonly origins?: readonly string[];
  readonly log: Logger;
  readonly random: () => number;
  /** Of the telephones and their people; default: the machine's. */
  readonly clock?: Clock;
}

/** A demo floor that runs. */
export interface Demo extends AsyncDisposable {
  readonly url: string;
  readonly ws: string;
  readonly port: number;
  readonly server: CtiServer;
  readonly pbx: VirtualSwitch;
  readonly tokens: { readonly agent: string; readonly supervisor: string; readonly admin: string };
  /** Ends callers, colleagues and server, and removes its files. Twice is once. */
  stop(): Promise<void>;
}

/**
 * Starts server, simulated switch, colleagues and callers. Everything it keeps is in a temporary folder.
 * @throws {CtiError} `resource.conflict` when the port is taken
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { host, port, seed, log, random, trafficMs, origins = [] } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'cordboard-demo-'));
  // Callers would talk on for minutes, and hold the process until then.
  const clock = new EndingClock(options.clock ?? systemClock);
  const pbx = new VirtualSwitch({ switchId: DEMO_SWITCH, seed, extensions: EXTENSIONS, orders: 'plain' }, clock);
  const server: CtiServer = createServer(demoConfig(pbx, { host, port, dataDir, origins: [...origins] }), {
    log,
    extend: (app) => addPages(app, { pbx, random, server: () => server }),
  });
  const desks: AgentDesk[] = [];
  let stopTraffic = (): void => undefined;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopTraffic();
    await Promise.all(desks.map((desk) => desk.close()));
    for (const leg of [...pbx.legs.values()]) pbx.hangUp(leg);
    await server.stop();
    clock.end();
    await rm(dataDir, { recursive: true, force: true });
  };
  const stopOnce = (): Promise<void> => {
    stopping ??= stop();
    return stopping;
  };
  try {
    const address = await server.start();
    const tokenFor = async (who: string): Promise<string> => {
      const request = tokenRequestOf(who) ?? { userId: who, role: 'agent' as const, agentId: who, ttlS: 12 * 3600 };
      return (await server.makeToken(request)).token;
    };
    answersByItself(pbx, '8009', () => 400);
    const colleagues = PEOPLE.filter(({ id }) => id !== YOU).map(({ id, seat }) =>
      startColleague({ id, seat, url: address.ws, getToken: () => tokenFor(id), pbx, clock, random, log }),
    );
    desks.push(...(await Promise.all(colleagues)));
    if (trafficMs > 0) stopTraffic = startTraffic(pbx, { random, everyMs: trafficMs });
    const tokens = {
      agent: await tokenFor('agent'),
      supervisor: await tokenFor('supervisor'),
      admin: await tokenFor('admin'),
    };
    return { ...address, server, pbx, tokens, stop: stopOnce, [Symbol.asyncDispose]: stopOnce };
  } catch (error) {
    await stopOnce();
    throw error;
  }
}
