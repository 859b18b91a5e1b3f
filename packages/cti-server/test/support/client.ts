import type { ClientCommand } from '@cordboard/cti-core';
import type { ClientFrame, ServerFrame } from '@cordboard/cti-protocol';
import WebSocket from 'ws';

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** A client that keeps every byte it is sent, and lets tests wait for frames instead of time. */
export class TestClient {
  readonly frames: ServerFrame[] = [];
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | undefined;
  readonly #ws: WebSocket;
  #waiters: (() => void)[] = [];
  #count = 0;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('message', (data) => {
      const text = data.toString();
      this.texts.push(text);
      this.frames.push(JSON.parse(text) as ServerFrame);
      this.#wake();
    });
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    ws.on('error', () => undefined);
  }

  static async open(url: string, options: { origin?: string; protocols?: string[] } = {}): Promise<TestClient> {
    const ws = new WebSocket(
      url,
      options.protocols ?? [],
      options.origin === undefined ? {} : { origin: options.origin },
    );
    const client = new TestClient(ws);
    await new Promise<void>((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('unexpected-response', (_request, response) => reject(new Error(`status ${response.statusCode}`)));
      ws.once('error', reject);
    });
    return client;
  }

  /** Connects and says hello. */
  static async hello(
    url: string,
    token: string,
    more: Partial<Extract<ClientFrame, { type: 'hello' }>> = {},
  ): Promise<TestClient> {
    const client = await TestClient.open(url);
    client.send({ type: 'hello', protocol: 1, token, ...more });
    await client.next('welcome');
    return client;
  }

  send(frame: ClientFrame): void {
    this.raw(JSON.stringify(frame));
  }

  raw(data: string | Buffer): void {
    this.#ws.send(data);
  }

  /** The first frame of a type from `from` on that fits. Fails when the socket closes first. */
  async next<T extends ServerFrame['type']>(
    type: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
    from = 0,
  ): Promise<FrameOf<T>> {
    for (;;) {
      const found = this.frames
        .slice(from)
        .find((frame): frame is FrameOf<T> => frame.type === type && fits(frame as FrameOf<T>));
      if (found !== undefined) return found;
      if (this.closed !== undefined)
        throw new Error(`closed with ${this.closed.code} while waiting for ${type}: ${this.texts.at(-1)}`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Sends a command and gives its outcome, or the error at the door. */
  async command(
    command: ClientCommand,
    commandId = `c${++this.#count}`,
  ): Promise<FrameOf<'outcome'> | FrameOf<'error'>> {
    const from = this.frames.length;
    this.send({ type: 'command', commandId: commandId as never, command });
    for (;;) {
      const found = this.frames
        .slice(from)
        .find(
          (frame): frame is FrameOf<'outcome'> | FrameOf<'error'> =>
            (frame.type === 'outcome' || frame.type === 'error') && frame.commandId === commandId,
        );
      if (found !== undefined) return found;
      if (this.closed !== undefined)
        throw new Error(`closed with ${this.closed.code} while waiting for the outcome of ${command.type}`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async watch(stream: string): Promise<FrameOf<'reset'>> {
    const from = this.frames.length;
    this.send({ type: 'subscribe', stream: stream as never });
    return this.next('reset', (frame) => frame.stream === stream, from);
  }

  async ended(): Promise<{ code: number; reason: string }> {
    while (this.closed === undefined) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    return this.closed;
  }

  close(): void {
    this.#ws.close();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
