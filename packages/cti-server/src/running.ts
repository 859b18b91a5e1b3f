import { join } from 'node:path';
import { asId, type CtiDriver, type DriverFactory, type SwitchId, type TenantConfig } from '@cordboard/cti-core';
import { openApiDocument, type ResolvedConfig } from '@cordboard/cti-protocol';
import { sleep, systemClock } from '@cordboard/driver-kit';
import { Tokens } from './auth/tokens.js';
import { VoiceBoxes } from './boxes/voice-boxes.js';
import { ConfigKeeper } from './config/keeper.js';
import { readFlow } from './config/read.js';
import { openDataDir } from './data-dir.js';
import { effectSink } from './effects.js';
import { FlowServices } from './flow-services.js';
import { createSeal } from './journal/seal.js';
import { folderStorage } from './journal/storage.js';
import { letGo } from './let-go.js';
import { createLogger } from './observe/log.js';
import { Metrics } from './observe/metrics.js';
import { RecordingKeeping } from './recordings/keeping.js';
import { createApp } from './rest/app.js';
import { listen } from './rest/listen.js';
import type { ServerAddress, ServerPorts } from './server.js';
import { AskedCommands } from './shell/asked-commands.js';
import { coreMaker } from './shell/core-maker.js';
import { directoryOf } from './shell/directory.js';
import { DriverFleet } from './shell/drivers.js';
import { Lookups } from './shell/lookups.js';
import { Shell } from './shell/shell.js';
import { CallNotes } from './store/call-notes.js';
import { openDatabase } from './store/database.js';
import { FlowRecords } from './store/flow-records.js';
import { recordRules } from './store/record-rules.js';
import { SqliteStore } from './store/sqlite.js';
import { VoiceTable } from './store/voice-table.js';
import { StreamHub } from './streams/hub.js';
import { Masker } from './streams/masker.js';
import { References } from './streams/references.js';
import { SwitchDesk } from './switches/switch-desk.js';
import { Gateway } from './ws/gateway.js';
import { refuseUpgrade } from './ws/refuse-upgrade.js';
import { RouteNotes } from './ws/route-notes.js';

/** What a server is started with. */
export interface StartOptions {
  readonly resolved: ResolvedConfig;
  readonly factories: ReadonlyMap<SwitchId, DriverFactory>;
  readonly ports: ServerPorts;
}

/** A started server. */
export interface RunningServer {
  readonly address: ServerAddress;
  readonly tokens: Tokens;
  readonly journalDir: string;
  driver(switchId: string): CtiDriver | undefined;
  settled(): Promise<void>;
  stop(options: { readonly drain?: 'drain' | 'now'; readonly timeoutMs?: number }): Promise<void>;
}

const VERSION = '0.1.0';
const PING_MS = 10_000;
const MAX_CLIENTS = 10_000;
const KEEP_MS = 7 * 86_400_000;

/** Opens, restores, connects, listens: in this order, and undone in the reverse order when a step fails. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const undo: (() => Promise<void>)[] = [];
  try {
    return await assemble(options, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw error;
  }
}

async function assemble(
  { resolved, factories, ports }: StartOptions,
  undo: (() => Promise<void>)[],
): Promise<RunningServer> {
  const { server: settings } = resolved;
  const clock = ports.clock ?? systemClock;
  const random = ports.random ?? Math.random;
  const log = ports.log ?? createLogger({ level: settings.logLevel ?? 'info' });
  const data = await openDataDir(settings.dataDir ?? 'data');
  undo.push(() => data.release());
  const database = await openDatabase(data.databaseFile);
  undo.push(() => database.close());
  const timeZone = resolved.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const store = await SqliteStore.open(database, { clock, log, rules: recordRules(resolved, timeZone) });
  undo.push(() => store.close());
  const records = new FlowRecords(database);
  const voiceTable = new VoiceTable(database);

  let status: 'ok' | 'starting' | 'draining' | 'failed' = 'starting';
  let drained: () => void = () => undefined;
  const tenantName = resolved.tenant.tenant;
  const references = new References(data.keys.referenceKey, tenantName);
  const keeper = new ConfigKeeper(resolved.tenant, await store.objects(), {
    store: (object) => store.putObject(object),
    check: (config) => flows?.check(config),
    apply: async (config) => {
      flows?.follow(config);
      shell.submit({ kind: 'config', config });
      await shell.applied();
      follow(config);
    },
  });
  const masker = new Masker(keeper.current, references);
  // Sockets are written to in real time, whatever clock the floor goes by.
  const hub = new StreamHub(masker, { pace: systemClock });
  undo.push(async () => hub.close());
  const routeNotes = new RouteNotes(keeper, log);
  const sink = effectSink({
    hub,
    store,
    log,
    metrics: () => metrics,
    flows: () => flows,
    lookups: () => lookups,
    library: () => keeping?.library,
    boxes: () => boxes,
    outcome: (userId, commandId, outcome) => {
      routeNotes.settle(userId, commandId, outcome);
      commands.settle(userId, commandId, outcome);
      gateway.outcome(userId, commandId, outcome);
    },
    drained: () => drained(),
  });
  let fleet: DriverFleet | undefined;
  let flows: FlowServices | undefined;
  let lookups: Lookups | undefined;
  let keeping: RecordingKeeping | undefined;
  let boxes: VoiceBoxes | undefined;
  let metrics: Metrics | undefined;
  const shell = await Shell.open({
    maker: ports.engine ?? coreMaker,
    storage: ports.journalStorage ?? folderStorage(data.journalDir),
    seal: createSeal(data.keys.journalKey),
    sink,
    clock,
    random,
    log,
    config: keeper.current,
    timeZone,
    keepMs: settings.journalKeep ?? KEEP_MS,
    ...(settings.journalFileBytes === undefined ? {} : { fileBytes: settings.journalFileBytes }),
    onFailure: (error) => {
      status = 'failed';
      drained();
      gateway.close();
      ports.onFailure?.(error);
    },
  });
  undo.push(() => shell.stop());
  const follow = (config: TenantConfig): void => {
    masker.configure(config);
    gateway.reconsider();
  };
  const submit = shell.submit.bind(shell);
  const commands = new AskedCommands({ clock, submit });
  const readEngine = shell.engine;
  const tokens = new Tokens({
    secret: settings.tokenSecret === undefined ? data.keys.tokenSecret : new TextEncoder().encode(settings.tokenSecret),
    tenant: tenantName,
    wallMs: () => clock.wallMs(),
  });
  const gateway = new Gateway({
    tokens,
    hub,
    masker,
    references,
    clock,
    log,
    submit: (input) => {
      routeNotes.see(input);
      submit(input);
    },
    engine: {
      get epoch() {
        return shell.epoch;
      },
      get nowMs() {
        return shell.nowMs;
      },
      get isBusy() {
        return shell.isBusy;
      },
      lastSeq: (stream) => readEngine.lastSeq(stream),
      snapshotOf: (stream) => readEngine.snapshotOf(stream),
    },
    config: () => keeper.current,
    count: (what) => metrics?.frame(what),
    pingMs: PING_MS,
    origins: settings.origins ?? [],
    maxClients: MAX_CLIENTS,
  });
  const note = (code: string): void => metrics?.note(code, 'warn');
  const voiceBoxes = new VoiceBoxes({
    boxes: resolved.boxes,
    flush: () => store.flush(),
    discard: (recordingId) => keeping?.library.discard(recordingId),
    ...{ timeZone, records, commands, clock, log, note },
  });
  boxes = voiceBoxes;
  flows = new FlowServices({
    resolved,
    functions: { ...voiceBoxes.functions, ...ports.functions },
    dir: data.dir,
    voiceTable,
    config: () => keeper.current,
    ...{ store, clock, random, log, submit },
    driver: (switchId) => fleet?.driver(switchId),
    execute: (switchId, command) => fleet?.execute(switchId, command),
    note,
    count: (type, outcome, tookMs) => metrics?.question(type, outcome, tookMs),
    ...(ports.addressLookup === undefined ? {} : { lookup: ports.addressLookup }),
  });
  const services = flows;
  services.check(keeper.current);
  services.follow(keeper.current);
  fleet = new DriverFleet({
    factories,
    clock,
    random,
    log,
    submit: (input) => {
      if (input.kind === 'driver') services.see(input.switchId, input.event);
      submit(input);
    },
    measure: (type, outcome, tookMs) => metrics?.driverCommand(type, outcome, tookMs),
  });
  lookups = new Lookups({
    directory: ports.directory ?? directoryOf(resolved.directory),
    questions: services.questions,
    clock,
    log,
    submit,
    ...(typeof resolved.directory === 'object' && 'timeout' in resolved.directory
      ? { timeoutMs: resolved.directory.timeout as number }
      : {}),
  });
  const recordings = new RecordingKeeping({
    dir: data.dir,
    settings: settings.recordings,
    messages: records,
    ...{ store, clock, log },
    driver: (switchId) => fleet?.driver(switchId),
    note,
  });
  keeping = recordings;
  metrics = new Metrics({
    inputs: () => shell.figures.inputs,
    engineFailures: () => shell.figures.failures,
    pendingInputs: () => shell.figures.pending,
    timers: () => shell.figures.timers,
    clients: () => gateway.size,
    streamEvents: () => hub.figures.events,
    framesSent: () => hub.figures.sent,
    pendingRecords: () => store.pending,
    freeBytes: () => recordings.disks.free,
    links: () => fleet?.links.states ?? {},
    isReady: () => status === 'ok' && fleet?.links.isWhole === true,
    engineCounters: () => readEngine.counters(),
  });
  const switches = new SwitchDesk({
    switches: [...factories.keys()],
    driver: (switchId) => fleet?.driver(switchId),
    links: () => fleet?.links.states ?? {},
    ...{ clock, log, timeZone },
  });
  const document = openApiDocument(VERSION);
  const app = await createApp(
    {
      tokens,
      keeper,
      store,
      library: recordings.library,
      masker,
      references,
      ...{ records, voiceTable, commands, switches, notes: new CallNotes(database) },
      voice: services.voice,
      wallMs: () => clock.wallMs(),
      engine: readEngine,
      readFlow,
      health: () => ({
        status,
        links: fleet?.links.states ?? {},
        switches: fleet?.links.isWhole === true ? 'known' : 'awaited',
        disk: recordings.disks.state,
      }),
      metrics: () => metrics?.text() ?? Promise.resolve(''),
      journal: async () => ({
        epoch: shell.epoch,
        coreVersion: (ports.engine ?? coreMaker).version,
        files: (await shell.files()).map(({ name, bytes, snapshot }) => ({ name, bytes, snapshot })),
        inputs: shell.figures.inputs,
        ...(shell.figures.lastSyncMs === undefined ? {} : { lastSyncMs: shell.figures.lastSyncMs }),
      }),
      openapi: () => document,
      origins: settings.origins ?? [],
    },
    ports.extend,
  );
  undo.push(() => app.close());
  app.server.on('upgrade', (request, socket, head) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/v1/ws') gateway.upgrade(request, socket, head);
    else refuseUpgrade(socket, '404 Not Found');
  });

  const unclean = shell.figures.tornBytes;
  if (unclean > 0) log.info('a write was torn by the last stop and was dropped', { bytes: unclean });
  await shell.start();
  undo.push(async () => lookups?.stop());
  undo.push(() => services.stop());
  await services.start();
  undo.push(() => fleet?.stop() ?? Promise.resolve());
  await fleet.start();
  undo.push(async () => switches.stop());
  switches.start();
  undo.push(() => recordings.stop());
  await recordings.start();
  undo.push(() => voiceBoxes.stop());
  await voiceBoxes.start();
  const address = await listen(app, settings.host ?? '127.0.0.1', settings.port ?? 8090);
  status = 'ok';
  log.info('the server is ready', { port: address.port });

  const stopNow = async (): Promise<void> => {
    status = 'draining';
    drained();
    gateway.close();
    hub.close();
    const parts = [
      async () => switches.stop(),
      () => app.close(),
      () => voiceBoxes.stop(),
      () => recordings.stop(),
      () => fleet?.stop(),
      () => shell.stop(),
      async () => lookups?.stop(),
      () => services.stop(),
      () => store.close(),
      () => data.release(),
    ];
    const failures = await letGo(parts);
    log.info('the server has stopped', { failures: failures.length });
    if (failures[0] !== undefined) throw failures[0];
  };
  let stopped: Promise<void> | undefined;
  let draining: Promise<void> | undefined;
  return {
    address,
    tokens,
    journalDir: join(data.dir, 'journal'),
    driver: (switchId) => fleet?.driver(asId(switchId)),
    async settled() {
      await shell.settled();
      await store.flush();
      await recordings.settled();
    },
    async stop(how) {
      if (how.drain === 'drain' && stopped === undefined && (status === 'ok' || draining !== undefined)) {
        status = 'draining';
        draining ??= drain(how.timeoutMs ?? 0);
        await draining;
      }
      stopped ??= stopNow();
      await stopped;
    },
  };

  async function drain(timeoutMs: number): Promise<void> {
    const waiting = new AbortController();
    drained = () => waiting.abort();
    submit({ kind: 'drain', mode: 'start' });
    await sleep(clock, timeoutMs, waiting.signal);
  }
}
