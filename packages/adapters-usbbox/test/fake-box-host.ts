import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';

/** What a line of a host makes and hears. */
export interface HostLine {
  /** Carries out an order; `false`: refuses it. */
  order(order: { readonly what: string; readonly [name: string]: unknown }): boolean;
  /** What it was given to play. */
  played(samples: Int16Array): void;
  /** Somebody has opened it. */
  opened?(): void;
  /** The connection is over: the line goes on-hook. */
  gone(): void;
}

interface Session {
  readonly socket: Socket;
  readonly nonce: string;
  line: string | undefined;
}

/**
 * A host after the page docs/protocols/box-bridge-1.md, and after nothing else: no code of the client is used here.
 */
export class FakeBoxHost {
  readonly lines = new Map<string, HostLine>();
  readonly #token: string;
  readonly #sessions = new Map<string, Session>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #pongs = new Map<unknown, () => void>();
  #pings = 0;
  abilities: object = {
    detects: ['ring', 'polarity', 'phoneHook'],
    sound: 'full',
    listensOnHook: 'listens',
    hook: 'soft',
    dials: 'sound',
    phone: 'none',
    ringsPhone: 'silent',
  };
  /** `mute`: it answers nothing at all. `liar`: it does not know the token. */
  temper: 'honest' | 'mute' | 'liar' = 'honest';
  /** It refuses to open lines, with this code. */
  refuses: string | undefined;
  /** Connections so far. */
  calls = 0;

  constructor(token: string) {
    this.#token = token;
    this.#server = createServer((socket) => this.#greet(socket));
  }

  /** Listens. @returns the port, of TCP */
  async listen(path?: string): Promise<number> {
    await new Promise<void>((resolve) => {
      if (path === undefined) this.#server.listen(0, '127.0.0.1', resolve);
      else this.#server.listen(path, resolve);
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Says something of a line, if somebody has opened it. */
  event(line: string, event: object): void {
    this.#say(line, { type: 'event', event });
  }

  /** Sound of a line. */
  sound(line: string, samples: Int16Array): void {
    const payload = Buffer.alloc(samples.length * 2);
    samples.forEach((sample, at) => {
      payload.writeInt16LE(sample, at * 2);
    });
    this.raw(line, framed(2, payload));
  }

  /** Asks all clients whether they are there; resolves once they have answered, and with that taken all that was said before. */
  async pinged(): Promise<void> {
    await Promise.all(
      [...this.#sessions.values()].map(
        ({ socket }) =>
          new Promise<void>((resolve) => {
            const n = ++this.#pings;
            const done = (): void => {
              this.#pongs.delete(n);
              socket.off('close', done);
              resolve();
            };
            this.#pongs.set(n, done);
            socket.on('close', done);
            send(socket, { type: 'ping', n });
          }),
      ),
    );
  }

  /** Any bytes at all. */
  raw(line: string, bytes: Uint8Array): void {
    this.#sessions.get(line)?.socket.write(bytes);
  }

  /** Its connection, for tests that stop reading it. */
  socketOf(line: string): Socket | undefined {
    return this.#sessions.get(line)?.socket;
  }

  #say(line: string, message: object): void {
    const session = this.#sessions.get(line);
    if (session !== undefined) send(session.socket, message);
  }

  #greet(socket: Socket): void {
    this.calls += 1;
    this.#sockets.add(socket);
    socket.setNoDelay();
    const session: Session = { socket, nonce: randomBytes(16).toString('hex'), line: undefined };
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (session.line === undefined || this.#sessions.get(session.line) !== session) return;
      this.#sessions.delete(session.line);
      this.lines.get(session.line)?.gone();
    });
    let held = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= 4 && held.length >= 4 + held.readUInt32BE(0)) {
        const length = held.readUInt32BE(0);
        const frame = held.subarray(4, 4 + length);
        held = held.subarray(4 + length);
        this.#frame(session, frame);
      }
    });
    if (this.temper !== 'mute')
      send(socket, { type: 'hello', protocol: 'cordboard-box', versions: [1], nonce: session.nonce });
  }

  #frame(session: Session, frame: Buffer): void {
    const kind = frame[0];
    const payload = frame.subarray(1);
    if (kind === 1) return this.#control(session, JSON.parse(payload.toString('utf8')));
    if (kind !== 2 || session.line === undefined) return;
    const samples = new Int16Array(payload.length / 2);
    samples.forEach((_, at) => {
      samples[at] = payload.readInt16LE(at * 2);
    });
    this.lines.get(session.line)?.played(samples);
  }

  #control(session: Session, message: { readonly type: string; readonly [name: string]: unknown }): void {
    if (this.temper === 'mute') return;
    if (message.type === 'pong') return this.#pongs.get(message.n)?.();
    if (message.type === 'open') return this.#open(session, message);
    if (message.type === 'ping') return send(session.socket, { type: 'pong', n: message.n });
    if (message.type === 'do' && session.line !== undefined) {
      const { id, type: _type, ...order } = message;
      const done = this.lines.get(session.line)?.order(order as { what: string });
      send(session.socket, done === true ? { type: 'done', id } : { type: 'failed', id, code: 'refused' });
    }
  }

  #open(session: Session, message: { readonly [name: string]: unknown }): void {
    const { line, nonce, proof } = message;
    const token = this.temper === 'liar' ? 'something else entirely' : this.#token;
    const words = `${session.nonce} ${nonce} ${line}`;
    const sign = (side: string): string =>
      createHmac('sha256', token).update(`cordboard-box/1 ${side} ${words}`).digest('hex');
    const name = String(line);
    const refusal =
      this.refuses ??
      (this.temper === 'honest' && proof !== sign('client')
        ? 'token'
        : !this.lines.has(name)
          ? 'line'
          : this.#sessions.has(name)
            ? 'busy'
            : undefined);
    if (refusal !== undefined) {
      send(session.socket, { type: 'error', code: refusal });
      session.socket.end();
      return;
    }
    session.line = name;
    this.#sessions.set(name, session);
    this.lines.get(name)?.opened?.();
    send(session.socket, { type: 'opened', proof: sign('host'), abilities: this.abilities });
  }
}

function send(socket: Socket, message: object): void {
  if (!socket.destroyed) socket.write(framed(1, Buffer.from(JSON.stringify(message))));
}

function framed(kind: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + 1);
  head[4] = kind;
  return Buffer.concat([head, payload]);
}
