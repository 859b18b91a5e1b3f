import { connect, type Socket } from 'node:net';
import { until, within } from './wait.js';

/** One event of baresip's control interface. */
export interface PhoneEvent {
  readonly atMs: number;
  readonly type: string;
  readonly param: string;
  /** Call-ID of the call that it is about. */
  readonly callId: string;
}

interface Answer {
  readonly ok: boolean;
  readonly data: string;
}

/** baresip's control port: commands and their answers, and events; JSON in netstrings. */
export class PhoneControl {
  readonly events: PhoneEvent[] = [];
  readonly #socket: Socket;
  readonly #answers = new Map<string, (answer: Answer) => void>();
  readonly #watchers = new Set<(event: PhoneEvent) => void>();
  #token = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    let rest = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const colon = rest.indexOf(':');
        const length = Number(rest.toString('latin1', 0, Math.max(0, colon)));
        if (colon < 0 || !Number.isInteger(length) || rest.length < colon + 2 + length) return;
        this.#take(rest.toString('utf8', colon + 1, colon + 1 + length));
        rest = rest.subarray(colon + 2 + length);
      }
    });
  }

  /** Connects as soon as the phone listens. `alive` throws when there is no hope any more. */
  static async open(port: number, alive: () => void): Promise<PhoneControl> {
    const probe = (): Promise<Socket | undefined> => {
      alive();
      return dial(port);
    };
    return new PhoneControl(await until(probe, { what: 'the control port of baresip' }));
  }

  /** Calls `watch` at every event from now on; returns how to stop. */
  watch(watch: (event: PhoneEvent) => void): () => void {
    this.#watchers.add(watch);
    return () => this.#watchers.delete(watch);
  }

  /** Any command of baresip's menu. @throws {Error} when the phone refuses it */
  async command(command: string, params: string): Promise<string> {
    this.#token += 1;
    const token = `t${this.#token}`;
    const answer = new Promise<Answer>((resolve) => this.#answers.set(token, resolve));
    const text = JSON.stringify({ command, params, token });
    this.#socket.write(`${Buffer.byteLength(text)}:${text},`);
    const { ok, data } = await within(answer, { what: `baresip to answer ${command}` });
    if (!ok) throw new Error(`refused ${command}: ${data.trim()}`);
    return data;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    const message = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (message.response === true) {
      const token = String(message.token ?? '');
      this.#answers.get(token)?.({ ok: message.ok === true, data: String(message.data ?? '') });
      this.#answers.delete(token);
      return;
    }
    if (message.event !== true) return;
    const event = {
      atMs: Date.now(),
      type: String(message.type ?? ''),
      param: String(message.param ?? ''),
      callId: String(message.id ?? ''),
    };
    this.events.push(event);
    for (const watch of this.#watchers) watch(event);
  }
}

function dial(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
