import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { type AsteriskLab, LAB_SECRET } from './asterisk.js';
import { until } from './wait.js';

/** AMI as bare as possible, for recording: messages as their text between blank lines. */
export class RawAmi {
  /** Messages with the milliseconds since the start. */
  readonly messages: { readonly t: number; readonly text: string }[] = [];
  readonly #lab: AsteriskLab;
  readonly #startedAt = Date.now();
  #socket: Socket | undefined;
  #rest = '';
  #muted = false;

  constructor(lab: AsteriskLab) {
    this.#lab = lab;
  }

  /** Connects and logs in. */
  async connect(): Promise<void> {
    const socket = createConnection({ host: '127.0.0.1', port: this.#lab.ports.ami });
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#take(chunk));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    this.#socket = socket;
    this.send({ Action: 'Login', ActionID: 'login', Username: 'cordboard', Secret: LAB_SECRET });
    await this.message((text) => text.includes('ActionID: login'), 'the answer to Login');
  }

  /** Sends an action. */
  send(action: Readonly<Record<string, string>>): void {
    this.#socket?.write(
      `${Object.entries(action)
        .map(([key, value]) => `${key}: ${value}\r\n`)
        .join('')}\r\n`,
    );
  }

  /** First message that `match` accepts. */
  async message(match: (text: string) => boolean, what: string): Promise<string> {
    const found = await until(() => this.messages.find((message) => match(message.text)), { what, everyMs: 10 });
    return found.text;
  }

  /** Keeps no messages from now on. */
  mute(): void {
    this.#muted = true;
  }

  /** Closes the socket; may be called twice. */
  close(): void {
    this.#socket?.destroy();
  }

  #take(chunk: string): void {
    const parts = (this.#rest + chunk).split('\r\n\r\n');
    this.#rest = parts.pop() ?? '';
    if (this.#muted) return;
    for (const text of parts) if (text.trim() !== '') this.messages.push({ t: Date.now() - this.#startedAt, text });
  }
}
