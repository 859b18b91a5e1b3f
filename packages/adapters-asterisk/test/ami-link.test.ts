import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AmiAddress, type AmiSession, dialAmi } from '../src/link/ami-link.js';
import type { AmiMessage } from '../src/wire/ami-message.js';

type Action = Readonly<Record<string, string>>;

/** A manager port with an encoder of its own. `answer` is what it says to an action; by default it is an Asterisk that lets everybody in. */
class FakeAmi {
  readonly actions: Action[] = [];
  readonly sockets = new Set<Socket>();
  answer: (action: Action, say: (lines: readonly string[]) => void) => void = (action, say) => standard(action, say);
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakeAmi> {
    const server = createServer();
    const fake = new FakeAmi(server);
    server.on('connection', (socket) => fake.#serve(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  say(...lines: readonly string[]): void {
    for (const socket of this.sockets) socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.write('Asterisk Call Manager/11.0.0\r\n');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const action = Object.fromEntries(
          text
            .slice(0, end)
            .split('\r\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        text = text.slice(end + 4);
        this.actions.push(action);
        this.answer(action, (lines) => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
      }
    });
  }
}

const SECRET = 'lab secret';
function standard(action: Action, say: (lines: readonly string[]) => void): void {
  const id = `ActionID: ${action.ActionID}`;
  switch (action.Action) {
    case 'Challenge':
      return say(['Response: Success', id, 'Challenge: 12345']);
    case 'Login': {
      const right = createHash('md5').update(`12345${SECRET}`).digest('hex') === action.Key || action.Secret === SECRET;
      return say(right ? ['Response: Success', id] : ['Response: Error', id, 'Message: Authentication failed']);
    }
    default:
      return say(['Response: Success', id, `Ping: Pong`]);
  }
}

let fake: FakeAmi;
const open: AmiSession[] = [];
beforeEach(async () => {
  fake = await FakeAmi.start();
});
afterEach(async () => {
  for (const session of open.splice(0)) {
    session.close('stopped');
    await session.closed;
  }
  await fake.stop();
});

const WAIT = { timeoutMs: 20_000 };
const address = (more: Partial<AmiAddress> = {}): AmiAddress => ({
  host: '127.0.0.1',
  port: more.port ?? fake.port,
  user: 'cti',
  secret: SECRET,
  ...more,
});
async function dial(signal = new AbortController().signal): Promise<AmiSession> {
  const session = await dialAmi(address(), { clock: systemClock, random: Math.random, signal });
  open.push(session);
  return session;
}

describe('AmiSession', () => {
  it('logs in by challenge, without the secret on the wire', async () => {
    const session = await dial();
    await session.logIn(address(), WAIT);
    expect(JSON.stringify(fake.actions)).not.toContain(SECRET);
    expect(fake.actions.map((action) => action.Action)).toEqual(['Challenge', 'Login']);
    await session.probe(WAIT);
  });

  it('logs in with the plain secret where the challenge is refused', async () => {
    fake.answer = (action, say) =>
      action.Action === 'Challenge' ? say(['Response: Error', `ActionID: ${action.ActionID}`]) : standard(action, say);
    const session = await dial();
    await session.logIn(address(), WAIT);
    expect(fake.actions[1]?.Secret).toBe(SECRET);
  });

  it('tells a wrong secret as link.auth', async () => {
    const session = await dial();
    await expect(session.logIn(address({ secret: 'wrong' }), WAIT)).rejects.toMatchObject({ code: 'link.auth' });
  });

  it('brings answers to their actions, passes others by, and hands on events', async () => {
    const events: AmiMessage[] = [];
    const session = await dial();
    session.read(
      (event) => events.push(event),
      () => undefined,
    );
    await session.logIn(address(), WAIT);
    fake.answer = (action, say) => {
      say(['Event: OriginateResponse', 'Privilege: call,all', 'ActionID: somebody-1', 'Response: Failure']);
      say(['Response: Success', 'ActionID: somebody-2']);
      say(['Response: Error', 'Message: Missing action in request']);
      if (action.N === '2') standard({ ...action, Message: 'x' }, say);
    };
    const first = session.action('Ping', [['N', '1']], WAIT);
    const second = session.action('Ping', [['N', '2']], WAIT);
    expect((await second).get('ActionID')).toBe(fake.actions.at(-1)?.ActionID);
    fake.say('Response: Success', `ActionID: ${fake.actions.at(-2)?.ActionID}`, 'Ping: late');
    expect((await first).get('ping')).toBe('late');
    expect(events.map((event) => event.name)).toEqual(['OriginateResponse', 'OriginateResponse']);
  });

  it('gathers a list up to its end, and takes an error for an empty one', async () => {
    const session = await dial();
    await session.logIn(address(), WAIT);
    fake.answer = (action, say) => {
      const id = `ActionID: ${action.ActionID}`;
      if (action.Action === 'Empty') return say(['Response: Error', id, 'Message: No such']);
      say(['Response: Success', id, 'EventList: start', 'Message: Channels will follow']);
      say(['Event: Item', id, 'N: 1']);
      say(['Event: Newchannel', 'Privilege: call,all', 'N: broadcast']);
      say(['Event: Item', id, 'N: 2']);
      say(['Event: ItemsDone', id, 'EventList: Complete', 'ListItems: 2']);
    };
    const items = await session.list('Full', [], WAIT);
    expect(items.map((item) => item.get('N'))).toEqual(['1', '2']);
    expect(await session.list('Empty', [], WAIT)).toEqual([]);
  });

  it('answers what waits with linkLost when the switch goes away, and times out what it never answers', async () => {
    const session = await dial();
    await session.logIn(address(), WAIT);
    fake.answer = () => undefined;
    await expect(session.action('Ping', [], { timeoutMs: 30 })).rejects.toMatchObject({ code: 'driver.timeout' });
    const waiting = session.action('Ping', [], WAIT);
    for (const socket of fake.sockets) socket.end();
    await expect(waiting).rejects.toMatchObject({ code: 'driver.linkLost' });
    expect(await session.closed).toBe('closed');
  });

  it('reports what it can not read and closes on another protocol', async () => {
    const samples: string[] = [];
    const session = await dial();
    session.read(
      () => undefined,
      (sample) => samples.push(Buffer.from(sample).toString()),
    );
    await session.logIn(address(), WAIT);
    fake.say('No: such thing', 'x'.repeat(1_000));
    await session.probe(WAIT);
    expect(samples).toHaveLength(1);
    expect(samples[0]).toMatch(/^No: such thing/);
    expect(samples[0]?.length).toBe(256);
  });

  it('does not follow a port that is no manager port', async () => {
    const other = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const session = await dialAmi(address({ port }), {
      clock: systemClock,
      random: Math.random,
      signal: new AbortController().signal,
    });
    expect(await session.closed).toBe('protocol');
    other.close();
  });

  it('gives up a dial with its signal, and tells a port where nobody listens', async () => {
    const abort = new AbortController();
    abort.abort(new Error('given up'));
    await expect(dialAmi(address(), { clock: systemClock, random: Math.random, signal: abort.signal })).rejects.toThrow(
      'given up',
    );
    const { port } = fake;
    await fake.stop();
    const signal = new AbortController().signal;
    await expect(dialAmi(address({ port }), { clock: systemClock, random: Math.random, signal })).rejects.toMatchObject(
      { code: 'ECONNREFUSED' },
    );
    fake = await FakeAmi.start();
  });
});
