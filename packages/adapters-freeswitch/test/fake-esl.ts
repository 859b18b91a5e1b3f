import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** One command as the peer got it. */
export interface Asked {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a fake switch writes; its encoder shares nothing with the codec under test. */
export class FakePeer {
  readonly asked: Asked[] = [];
  /** What it says to a command. By default it lets in who knows the password, and knows the commands of the tests. */
  answer: (asked: Asked, peer: FakePeer) => void = standard;
  readonly socket: Socket;
  #text = '';

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#data(chunk.toString('latin1')));
  }

  /** Lines asked so far, without log-in. */
  get lines(): string[] {
    return this.asked.map(({ line }) => line).filter((line) => !line.startsWith('auth'));
  }

  reply(text: string, more: Readonly<Record<string, string>> = {}): void {
    this.head({ 'Content-Type': 'command/reply', 'Reply-Text': text, ...more });
  }

  apiResponse(text: string): void {
    this.frame('api/response', text);
  }

  event(headers: Readonly<Record<string, string>>, body?: string): void {
    const all = body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
    const block = Object.entries(all).map(([name, value]) => `${name}: ${encodeURIComponent(value)}\n`);
    this.frame('text/event-plain', `${block.join('')}\n${body ?? ''}`, 'length first');
  }

  jsonEvent(event: Readonly<Record<string, unknown>>): void {
    this.frame('text/event-json', JSON.stringify(event), 'length first');
  }

  notice(text = 'Disconnected, goodbye.\n'): void {
    this.frame('text/disconnect-notice', text);
  }

  head(headers: Readonly<Record<string, string>>): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
    this.raw(`${lines.join('')}\n`);
  }

  frame(type: string, body: string, order?: 'length first'): void {
    const length = `Content-Length: ${Buffer.byteLength(body)}\n`;
    this.raw(
      order === undefined ? `Content-Type: ${type}\n${length}\n${body}` : `${length}Content-Type: ${type}\n\n${body}`,
    );
  }

  raw(text: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(text);
  }

  /** The command that begins with these words, when it has come. */
  async until(start: string): Promise<Asked> {
    for (;;) {
      const found = this.asked.find(({ line }) => line.startsWith(start));
      if (found !== undefined) return found;
      await once(this.socket, 'asked');
    }
  }

  #data(text: string): void {
    this.#text += text;
    for (;;) {
      this.#text = this.#text.replace(/^\n+/, '');
      const end = this.#text.indexOf('\n\n');
      if (end < 0) return;
      const [line = '', ...rest] = this.#text.slice(0, end).split('\n');
      const headers = Object.fromEntries(
        rest.map((each) => [each.slice(0, each.indexOf(':')), each.slice(each.indexOf(':') + 2)]),
      );
      const size = Number(headers['Content-Length'] ?? 0);
      if (this.#text.length < end + 2 + size) return;
      const body = Buffer.from(this.#text.slice(end + 2, end + 2 + size), 'latin1').toString();
      this.#text = this.#text.slice(end + 2 + size);
      const asked = { line: Buffer.from(line, 'latin1').toString(), headers, body };
      this.asked.push(asked);
      this.answer(asked, this);
      this.socket.emit('asked');
    }
  }
}

export const PASSWORD = 'lab secret';

/** What FreeSWITCH says to the commands that tests send. */
export function standard({ line, headers }: Asked, peer: FakePeer): void {
  const [word = '', ...rest] = line.split(' ');
  switch (word) {
    case 'auth':
      if (rest.join(' ') === PASSWORD) return peer.reply('+OK accepted');
      peer.reply('-ERR invalid');
      peer.notice();
      return void peer.socket.end();
    case 'userauth':
      return peer.reply('+OK accepted', { 'Allowed-Events': 'all', 'Allowed-API': 'all', 'Allowed-LOG': 'true' });
    case 'event':
      return peer.reply(`+OK event listener enabled ${rest[0]}`);
    case 'filter':
      return peer.reply(
        rest[0] === 'delete'
          ? `+OK filter deleted. [${rest[1]}][${rest[2]}]`
          : `+OK filter added. [${rest[0]}]=[${rest[1]}]`,
      );
    case 'api':
      return peer.apiResponse(`${rest.join(' ')}\n`);
    case 'bgapi': {
      const id = headers['Job-UUID'] ?? 'generated';
      peer.reply(`+OK Job-UUID: ${id}`, { 'Job-UUID': id });
      return peer.event(
        { 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': id, 'Job-Command': rest[0] ?? '' },
        `+OK ${rest.join(' ')}\n`,
      );
    }
    case 'linger':
      return peer.reply('+OK will linger');
    case 'myevents':
      return peer.reply('+OK Events Enabled');
    case 'sendmsg':
    case 'resume':
      return peer.reply('+OK');
    case 'exit':
      peer.reply('+OK bye');
      peer.notice();
      return void peer.socket.end();
    default:
      return peer.reply('-ERR command not found');
  }
}

/** A switch that is dialled. */
export class FakeEsl {
  readonly peers: FakePeer[] = [];
  /** What a new peer answers with. */
  answer: (asked: Asked, peer: FakePeer) => void = standard;
  /** What it says when somebody dials. */
  greet: (peer: FakePeer) => void = (peer) => peer.head({ 'Content-Type': 'auth/request' });
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start({ port = 0 }: { readonly port?: number } = {}): Promise<FakeEsl> {
    const server = createServer();
    const fake = new FakeEsl(server);
    server.on('connection', (socket) => {
      const peer = new FakePeer(socket);
      peer.answer = (asked, each) => fake.answer(asked, each);
      fake.peers.push(peer);
      fake.greet(peer);
      server.emit('peer');
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get last(): FakePeer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new Error('nobody has dialled');
    return peer;
  }

  /** The n-th connection, when it has come. */
  async peer(index: number): Promise<FakePeer> {
    for (;;) {
      const peer = this.peers[index];
      if (peer !== undefined) return peer;
      await once(this.#server, 'peer');
    }
  }

  async stop(): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A switch that dials: the other side of an outbound socket. */
export async function dialAsSwitch(port: number): Promise<FakePeer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return new FakePeer(socket);
}
