// A process of its own: the server under measure. `cordboard`: the whole server with an engine that only publishes, its journal in memory.
// `ws`: a bare broadcast of a string over the ws package that delivers as many frames of the mean length.
import { createServer as createHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import type { DriverFactory, DriverSink, Engine, EngineEffect, StreamSnapshot } from '@cordboard/cti-core';
import { createLogger, createServer, type EngineMaker, type JournalStorage } from '@cordboard/cti-server';
import { type WebSocket, WebSocketServer } from 'ws';
import { ownFolder, tellParent } from '../lib/child.js';
import { AGENTS, agentView, eventsOf, framesATurn, people, QUEUES, queueView } from './floor.js';

const [mode] = process.argv.slice(2);
const everybody = people();
const TURN_MS = 10;

interface Order {
  readonly type: 'run';
  readonly turns: number;
  /** Of the bare broadcast: length of its string. */
  readonly bytes: number;
}

const publishing: EngineMaker = {
  version: 'bench',
  create: () => {
    const seqs = new Map<string, number>();
    const engine: Engine = {
      apply(input) {
        if (input.kind !== 'driver' || input.event.type !== 'unreadable') return [];
        const effects: EngineEffect[] = [];
        for (const { event, streams } of eventsOf(input.event.count)) {
          for (const stream of streams) {
            const seq = (seqs.get(stream) ?? 0) + 1;
            seqs.set(stream, seq);
            effects.push({ kind: 'publish', stream: stream as never, seq, atWallMs: input.wallMs, event });
          }
        }
        return effects;
      },
      lastSeq: (stream) => seqs.get(stream) ?? 0,
      snapshotOf(stream): StreamSnapshot {
        const [kind, name = ''] = stream.split(':', 2);
        if (kind === 'agent') return { kind, agent: agentView(name), calls: [], pops: [] };
        if (kind === 'queue') return { kind, queue: queueView(name), calls: [] };
        return { kind: 'board', agents: [], queues: [], calls: [] };
      },
      agent: () => undefined,
      call: () => undefined,
      agentsOf: () => [],
      queue: () => undefined,
      dump: () => '{}',
      counters: () => ({}),
    };
    return engine;
  },
  restore: () => publishing.create(),
};

const memory: JournalStorage = {
  list: async () => [],
  read: async () => Buffer.alloc(0),
  openAppend: async () => ({ append: async () => undefined, close: async () => undefined }),
  writeWhole: async () => undefined,
  truncate: async () => undefined,
  remove: async () => undefined,
};

const silent = createLogger({ level: 'silent' });

/** One turn's work for a mode: called `turns` times, a few ms apart. */
type Turn = (turn: number, order: Order) => void;

async function cordboard(): Promise<Turn> {
  let sink: DriverSink = () => undefined;
  const factory: DriverFactory = (switchId) => ({
    switchId,
    profile: 'media',
    capabilities: new Set(),
    start: async (given) => {
      sink = given;
    },
    execute: async () => ({ outcome: 'accepted' }),
    openRecording: async () => undefined,
    stop: async () => undefined,
  });
  const dataDir = ownFolder();
  const agents = Object.fromEntries(
    Array.from({ length: AGENTS }, (_, index) => [
      `a${index}`,
      { numbers: index % 3 === 0 ? ('masked' as const) : ('clear' as const) },
    ]),
  );
  const queues = Object.fromEntries(Array.from({ length: QUEUES }, (_, index) => [`q${index}`, {}]));
  const internal = [{ from: '8000', to: '8999' }];
  const config = {
    server: { port: 0, dataDir },
    switches: { main: factory },
    agents,
    queues,
    dialPlan: { countryCode: '86', internal },
  };
  const server = createServer(config, { engine: publishing, journalStorage: memory, log: silent });
  const { ws } = await server.start();
  const tokens = await Promise.all(
    everybody.map(({ userId, role, numbers }) =>
      server.makeToken({ userId, role, ttlS: 3600, ...(numbers === undefined ? {} : { numbers }) }),
    ),
  );
  tellParent({ type: 'listening', url: ws, tokens: tokens.map(({ token }) => token) });
  let count = 0;
  // Numbers go on over repetitions: a client's cursor is never of the past.
  return () => sink({ type: 'unreadable', linkId: 'bench' as never, count: count++, sampleHex: '' });
}

async function bare(): Promise<Turn> {
  const http = createHttp();
  const clients: WebSocket[] = [];
  const wss = new WebSocketServer({ server: http, perMessageDeflate: false });
  wss.on('connection', (socket) => {
    clients.push(socket);
    socket.on('close', () => clients.splice(clients.indexOf(socket), 1));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  tellParent({ type: 'listening', url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, tokens: [] });
  const frames = framesATurn(everybody);
  let next = 0;
  return (turn, { bytes }) => {
    const text = `${turn}${'x'.repeat(Math.max(0, bytes - String(turn).length))}`;
    for (let frame = 0; frame < frames; frame += 1) clients[next++ % clients.length]?.send(text);
  };
}

const doTurn = mode === 'ws' ? await bare() : await cordboard();
let before = process.cpuUsage();
process.on('message', (order: Order | { readonly type: 'end' }) => {
  if (order.type === 'end') {
    const { user, system } = process.cpuUsage(before);
    tellParent({ type: 'cost', cpuUs: user + system });
    return;
  }
  before = process.cpuUsage();
  let turn = 0;
  const timer = setInterval(() => {
    if (turn < order.turns) {
      doTurn(turn, order);
      turn += 1;
      return;
    }
    clearInterval(timer);
    tellParent({ type: 'sent', frames: framesATurn(everybody) * order.turns });
  }, TURN_MS);
});
