import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { FreeSwitchClient, type FreeSwitchResponse, FreeSwitchServer } from 'esl';
import { afterEach, describe, expect, test } from 'vitest';
import { type EslFace, type EslFaceOptions, eslFace, setHabit } from '../../src/index.js';

/** What is used of modesl, which has no types. */
interface ModeslEvent {
  getHeader(name: string): string | undefined;
  getBody(): string;
}
interface ModeslConnection {
  on(name: string, heard: (event: ModeslEvent) => void): void;
  api(command: string, done: (event: ModeslEvent) => void): void;
  bgapi(command: string, args: string, done: (event: ModeslEvent) => void): void;
  events(format: string, names: string, done: () => void): void;
  execute(app: string, arg: string, done?: (event: ModeslEvent) => void): void;
  getInfo(): ModeslEvent | null;
  disconnect(): void;
}
const modesl = createRequire(import.meta.url)('modesl') as {
  Connection: new (host: string, port: number, password: string, ready: () => void) => ModeslConnection;
  Server: new (options: {
    server: Server;
    myevents: boolean;
  }) => { on(name: 'connection::ready', heard: (connection: ModeslConnection) => void): void };
};

const A = '11111111-1111-4111-8111-111111111111';
const quiet = { debug: () => undefined, info: () => undefined, error: () => undefined };
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(options: EslFaceOptions = {}): Promise<EslFace> {
  const face = eslFace({ extensions: ['1000', '1001'], seed: 4, ...options });
  open.push(() => face.close());
  await face.listen();
  for (const phone of face.pbx.extensions) setHabit(face, phone, { after: 100 });
  return face;
}

/** Lets virtual time go on until a promise of the client has settled. */
async function during<T>(face: EslFace, work: Promise<T>, boundMs = 10_000): Promise<T> {
  let state: 'waiting' | 'done' = 'waiting';
  const settled = work.finally(() => {
    state = 'done';
  });
  settled.catch(() => undefined);
  expect(await face.until(() => state === 'done', boundMs)).toBe(true);
  return settled;
}

describe('modesl, unmodified', () => {
  test('dials, bridges and hangs up over the inbound socket', async () => {
    const face = await start();
    const seen: string[] = [];
    const connection = await during(
      face,
      new Promise<ModeslConnection>((resolve) => {
        const made = new modesl.Connection('127.0.0.1', face.port, 'ClueCon', () => resolve(made));
      }),
    );
    connection.on('error', () => undefined);
    open.push(() => connection.disconnect());
    await during(face, new Promise<void>((resolve) => connection.events('json', 'all', resolve)));
    for (const name of ['CHANNEL_CREATE', 'CHANNEL_BRIDGE', 'CHANNEL_HANGUP_COMPLETE']) {
      connection.on(`esl::event::${name}::**`, (event) => void seen.push(event.getHeader('Event-Name') ?? ''));
    }
    const job = await during(
      face,
      new Promise<ModeslEvent>((resolve) =>
        connection.bgapi('originate', `{origination_uuid=${A}}user/1000 &bridge(user/1001)`, resolve),
      ),
    );
    expect(job.getBody()).toBe(`+OK ${A}\n`);
    await face.until(() => seen.includes('CHANNEL_BRIDGE'), 5_000);
    const answer = await during(face, new Promise<ModeslEvent>((resolve) => connection.api(`uuid_kill ${A}`, resolve)));
    expect(answer.getBody()).toBe('+OK\n');
    await face.until(() => seen.length === 5, 5_000);
    expect(seen.slice().sort()).toEqual([
      'CHANNEL_BRIDGE',
      'CHANNEL_CREATE',
      'CHANNEL_CREATE',
      'CHANNEL_HANGUP_COMPLETE',
      'CHANNEL_HANGUP_COMPLETE',
    ]);
  });

  test('serves a call over the outbound socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    const face = await start({ dialplan: [{ number: '8400', apps: [['socket', `127.0.0.1:${port} async full`]] }] });
    const called = new Promise<string>((resolve) => {
      new modesl.Server({ server, myevents: true }).on('connection::ready', (connection) => {
        connection.on('error', () => undefined);
        connection.execute('answer', '', () =>
          connection.execute('playback', 'tone_stream://%(300,0,600)', (played) => {
            resolve(played.getHeader('Application-Response') ?? '');
            connection.execute('hangup', 'USER_BUSY');
          }),
        );
      });
    });
    face.pbx.dial(face.pbx.party('1000'), '8400');
    expect(await during(face, called)).toBe('FILE PLAYED');
    await face.until(() => face.sw.channels.size === 0, 5_000);
    expect(face.sw.channels.size).toBe(0);
  });
});

describe('esl, unmodified', () => {
  test('dials, parks and hangs up over the inbound socket', async () => {
    const face = await start();
    const client = new FreeSwitchClient({ host: '127.0.0.1', port: face.port, password: 'ClueCon', logger: quiet });
    open.push(() => client.end());
    const connected = new Promise<FreeSwitchResponse>((resolve) => void client.on('connect', (call) => resolve(call)));
    client.connect();
    const call = await during(face, connected);
    await during(face, call.event_json('CHANNEL_PARK', 'CHANNEL_HANGUP_COMPLETE', 'BACKGROUND_JOB'));
    const parked = new Promise<string>((resolve) =>
      call.once('CHANNEL_PARK', (data) => resolve(String(data.body['Unique-ID']))),
    );
    const job = await during(face, call.bgapi(`originate {origination_uuid=${A}}user/1000 &park()`));
    expect(job.body._body).toBe(`+OK ${A}\n`);
    expect(await during(face, parked)).toBe(A);
    const ended = new Promise<string>((resolve) =>
      call.once('CHANNEL_HANGUP_COMPLETE', (data) => resolve(String(data.body.variable_hangup_cause))),
    );
    await during(face, call.api(`uuid_kill ${A} USER_BUSY`));
    expect(await during(face, ended)).toBe('USER_BUSY');
  });

  test('serves a call over the outbound socket', async () => {
    const server = new FreeSwitchServer({ all_events: false, my_events: true, logger: quiet });
    const served = new Promise<string>((resolve, reject) => {
      server.on('connection', (call, { uuid }) => {
        (async () => {
          await call.command('answer');
          const played = await call.command('playback', 'tone_stream://%(300,0,600)');
          await call.hangup('USER_BUSY');
          resolve(`${uuid === undefined ? '' : 'uuid '}${String(played.body['Application-Response'])}`);
        })().catch(reject);
      });
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    open.push(() => server.close());
    // It does not tell its port; one that was free a moment ago may be somebody else's by now.
    const { port } = (server as unknown as { readonly __server: Server }).__server.address() as AddressInfo;
    const face = await start({ dialplan: [{ number: '8400', apps: [['socket', `127.0.0.1:${port} async full`]] }] });
    face.pbx.dial(face.pbx.party('1000'), '8400');
    expect(await during(face, served)).toBe('uuid FILE PLAYED');
    await face.until(() => face.sw.channels.size === 0, 10_000);
    expect(face.sw.channels.size).toBe(0);
  });
});
