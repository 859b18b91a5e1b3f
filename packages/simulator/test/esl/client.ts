import { connect, type Socket } from 'node:net';

/** A frame as it came: its headers in order, and its body. */
export interface Frame {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** An event of plain form: headers decoded. */
export interface PlainEvent {
  readonly names: readonly string[];
  readonly get: (name: string) => string | undefined;
  readonly body: string;
}

/** The plainest client that can be: sends bytes, cuts frames by Content-Length. */
export class RawClient {
  readonly frames: Frame[] = [];
  readonly socket: Socket;
  bytes = 0;
  state: 'open' | 'ended' = 'open';
  #buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('end', () => {
      this.state = 'ended';
    });
    socket.on('close', () => {
      this.state = 'ended';
    });
    socket.on('error', () => undefined);
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** Replies and API answers, in order. */
  get replies(): string[] {
    return this.frames
      .filter((frame) => ['command/reply', 'api/response'].includes(header(frame, 'Content-Type') ?? ''))
      .map((frame) => header(frame, 'Reply-Text') ?? frame.body.toString());
  }

  /** Events of plain form. */
  get events(): PlainEvent[] {
    return this.frames.filter((frame) => header(frame, 'Content-Type') === 'text/event-plain').map(plainEvent);
  }

  /** Names of events, of one channel or all. */
  names(uuid?: string): string[] {
    return this.events
      .filter((event) => uuid === undefined || event.get('Unique-ID') === uuid)
      .map((event) => event.get('Event-Name') ?? '?');
  }

  close(): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf('\n\n');
      if (end < 0) return;
      const headers = linesOf(this.#buffer.subarray(0, end).toString('latin1'));
      const length = Number(headers.find(([name]) => name === 'Content-Length')?.[1] ?? 0);
      if (this.#buffer.length < end + 2 + length) return;
      this.frames.push({ headers, body: Buffer.from(this.#buffer.subarray(end + 2, end + 2 + length)) });
      this.#buffer = this.#buffer.subarray(end + 2 + length);
    }
  }
}

export function header(frame: Frame, name: string): string | undefined {
  return frame.headers.find(([given]) => given === name)?.[1];
}

function linesOf(text: string): (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.indexOf(': ');
      return at < 0 ? ([line, ''] as const) : ([line.slice(0, at), line.slice(at + 2)] as const);
    });
}

function plainEvent(frame: Frame): PlainEvent {
  const end = frame.body.indexOf('\n\n');
  const headers = linesOf(frame.body.subarray(0, end).toString('latin1'));
  const decode = (value: string): string => {
    try {
      return decodeURIComponent(value);
    } catch {
      return unescape(value);
    }
  };
  return {
    names: headers.map(([name]) => name),
    get: (name) => {
      const value = headers.find(([given]) => given === name)?.[1];
      return value === undefined ? undefined : decode(value);
    },
    body: frame.body.subarray(end + 2).toString(),
  };
}

/** Dials a port of this machine. */
export function dial(port: number): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', reject);
    socket.once('connect', () => resolve(new RawClient(socket)));
  });
}
