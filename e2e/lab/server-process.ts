/**
 * The real server on the laboratory's switch, in a process of its own so that it can be killed. Started by {@link ServerFloor} with its
 * options as JSON; talks to its parent over the channel of Node's child processes.
 *
 * `killAt: n` ends the process by SIGKILL at the n-th boundary of this life: before an effect is carried out, after the last effect of an
 * input, before an event or a reply of the driver is journaled.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CORE_VERSION,
  type CtiDriver,
  createEngine,
  type DriverFactory,
  EffectHasher,
  type Engine,
  type EngineEffect,
  restoreEngine,
  sha256Hex,
} from '@cordboard/cti-core';
import { createServer, type EngineMaker } from '@cordboard/cti-server';
import { deskPages } from './desk-pages.js';
import { type FloorOptions, floorConfig, SEATS } from './floor-config.js';
import { labDriver } from './switch-link.js';

/** What the parent tells. */
export interface ServerProcessOptions extends Omit<FloorOptions, 'driver'> {
  readonly dataDir: string;
  /** Which boundary is the last one of this life; absent: none. */
  readonly killAt?: number;
}

/** What the process tells its parent. */
export type ServerProcessWord =
  | {
      readonly is: 'ready';
      readonly url: string;
      readonly ws: string;
      readonly tokens: Readonly<Record<string, string>>;
    }
  | { readonly is: 'failed'; readonly error: string }
  | { readonly is: 'boundaries'; readonly passed: number; readonly last: string };

const options = JSON.parse(process.argv[2] ?? '{}') as ServerProcessOptions;
const hasher = new EffectHasher();
let inputs = 0;
let passed = 0;
let lastBoundary = '';
let counting: 'counting' | 'quiet' = 'quiet';
let engine: Engine | undefined;

function boundary(what: string): void {
  if (counting === 'quiet') return;
  passed += 1;
  lastBoundary = what;
  if (passed !== options.killAt) return;
  writeFileSync(join(options.dataDir, 'killed.txt'), what);
  process.kill(process.pid, 'SIGKILL');
}

/** Effects that pass a boundary before each of them and after the last. */
class Watched extends Array<EngineEffect> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override *[Symbol.iterator](): ArrayIterator<EngineEffect> {
    for (let at = 0; at < this.length; at += 1) {
      const effect = this[at];
      if (effect === undefined) continue;
      boundary(`before ${wordOf(effect)}`);
      yield effect;
    }
    if (this.length > 0) boundary(`after ${wordOf(this[this.length - 1])}`);
  }
}

function wordOf(effect: EngineEffect | undefined): string {
  if (effect?.kind === 'driver') return `driver ${effect.command.type}`;
  return effect?.kind === 'publish' ? `publish ${effect.event.type}` : (effect?.kind ?? '');
}

function watch(inner: Engine): Engine {
  engine = inner;
  return {
    apply(input) {
      inputs += 1;
      const effects = inner.apply(input);
      hasher.add(effects);
      if (counting === 'quiet') return effects;
      const watched = new Watched();
      for (const effect of effects) watched.push(effect);
      return watched;
    },
    lastSeq: (stream) => inner.lastSeq(stream),
    snapshotOf: (stream) => inner.snapshotOf(stream),
    agent: (id) => inner.agent(id),
    call: (id) => inner.call(id),
    agentsOf: (id) => inner.agentsOf(id),
    queue: (id) => inner.queue(id),
    dump: () => inner.dump(),
    counters: () => inner.counters(),
  };
}

const maker: EngineMaker = {
  version: CORE_VERSION,
  create: () => watch(createEngine()),
  restore: (text) => watch(restoreEngine(text)),
};

const driver: DriverFactory = (switchId, host) => {
  const inner = labDriver(options.link)(switchId, host);
  const outer: CtiDriver = {
    switchId: inner.switchId,
    profile: inner.profile,
    capabilities: inner.capabilities,
    start: (sink, how) =>
      inner.start((event) => {
        boundary(`before event ${event.type}`);
        sink(event);
      }, how),
    execute: async (command) => {
      const reply = await inner.execute(command);
      boundary(`before reply ${command.type}`);
      return reply;
    },
    openRecording: (id, file, how) => inner.openRecording(id, file, how),
    stop: () => inner.stop(),
  };
  return outer;
};

function tell(word: ServerProcessWord): void {
  process.send?.(word);
}

async function main(): Promise<void> {
  const server = createServer(floorConfig({ ...options, driver }), { engine: maker, extend: deskPages });
  const address = await server.start();
  const tokens: Record<string, string> = {};
  for (const name of Object.keys(SEATS)) {
    const role = name === 'sue' ? 'supervisor' : 'agent';
    tokens[name] = (await server.makeToken({ userId: name, role, agentId: name, ttlS: 3_600 })).token;
  }
  tokens.admin = (await server.makeToken({ userId: 'admin', role: 'admin', ttlS: 3_600 })).token;
  process.on('message', (word: unknown) => {
    if (word === 'count') counting = 'counting';
    if (word === 'boundaries') tell({ is: 'boundaries', passed, last: lastBoundary });
    if (word === 'hash') {
      void server.settled().then(() => {
        const hash = { inputs, ...hasher.end(), stateHash: sha256Hex(engine?.dump() ?? '') };
        writeFileSync(join(options.dataDir, 'hash.json'), JSON.stringify(hash));
        // In the same turn, so that nothing more can be journaled.
        process.kill(process.pid, 'SIGKILL');
      });
    }
    if (word === 'stop') void server.stop().then(() => process.exit(0));
  });
  process.on('disconnect', () => process.exit(0));
  tell({ is: 'ready', url: address.url, ws: address.ws, tokens });
}

main().catch((error: unknown) => {
  tell({ is: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
});
