import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type Clock, CtiError, type LinkDownReason } from '@cordboard/cti-core';
import { Correlator, type LinkSession, reasonOf } from '@cordboard/driver-kit';
import { AmiDecoder } from '../wire/ami-decoder.js';
import { encodeAmiAction } from '../wire/ami-encoder.js';
import { type AmiFrame, type AmiHeader, AmiMessage } from '../wire/ami-message.js';

/** Where the manager port is and who logs in. */
export interface AmiAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly secret: string;
}

/** How one action waits for its answer. */
export interface AmiWait {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Items of one list that are kept; a switch of 20,000 channels stays below. */
const MAX_LIST_ITEMS = 100_000;
/** Classes of events that the driver reads. `dialplan` alone would be half of all events of a call. */
const EVENTS = 'call';

/**
 * One life of the link to the manager port: the socket, the actions under way, the events. Made by {@link dialAmi}, which
 * does not log in yet.
 */
export class AmiSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #decoder = new AmiDecoder();
  readonly #answers: Correlator<AmiMessage>;
  readonly #lists = new Map<string, AmiMessage[]>();
  readonly #prefix: string;
  #ids = 0;
  #heardAtMs: number;
  #reason: LinkDownReason | undefined;
  #greet: (() => void) | undefined;
  #reader: (event: AmiMessage) => void = () => undefined;
  #unreadable: (sample: Uint8Array) => void = () => undefined;

  /** @internal */
  constructor(socket: Socket, options: { readonly clock: Clock; readonly random: () => number }) {
    this.#socket = socket;
    this.#clock = options.clock;
    this.#heardAtMs = options.clock.nowMs();
    this.#answers = new Correlator({ clock: options.clock });
    // Events of other clients carry their ActionIDs to us; a random stem keeps theirs and ours apart.
    this.#prefix = `cb${Math.floor(options.random() * 0xffffffff).toString(36)}${Math.floor(options.random() * 0xffffffff).toString(36)}`;
    socket.on('data', (chunk) => this.#data(chunk));
    socket.on('error', (error) => {
      this.#reason ??= reasonOf(error);
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#answers.close();
        this.#lists.clear();
        resolve(this.#reason ?? 'closed');
      });
    });
  }

  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Hands over events from now on, and what nobody can read (at most 256 bytes of it). */
  read(reader: (event: AmiMessage) => void, unreadable: (sample: Uint8Array) => void): void {
    this.#reader = reader;
    this.#unreadable = unreadable;
  }

  /**
   * Sends an action and waits for its response, whatever it says.
   *
   * @throws {CtiError} `wire.unsafeValue`; by rejection `driver.timeout`, `driver.linkLost`, `wait.aborted`, `server.busy`
   */
  action(action: string, headers: readonly AmiHeader[], wait: AmiWait): Promise<AmiMessage> {
    const id = this.#nextId();
    const text = encodeAmiAction(action, id, headers);
    const answer = this.#answers.open(id, wait);
    this.#socket.write(text);
    return answer;
  }

  /**
   * Sends an action that is answered by a list and waits for all of it.
   *
   * @returns the items; none when Asterisk answers with an error, as some lists do when they are empty
   * @throws {CtiError} as {@link action}
   */
  async list(action: string, headers: readonly AmiHeader[], wait: AmiWait): Promise<readonly AmiMessage[]> {
    const id = this.#nextId();
    const text = encodeAmiAction(action, id, headers);
    const items: AmiMessage[] = [];
    this.#lists.set(id, items);
    const answer = this.#answers.open(id, wait);
    this.#socket.write(text);
    try {
      await answer;
      return items;
    } finally {
      this.#lists.delete(id);
    }
  }

  /**
   * Logs in: MD5 challenge, or the plain secret where the challenge is refused. Does not wait for `FullyBooted`, which
   * users without class `system` never get.
   *
   * @throws {CtiError} by rejection: `link.auth` when Asterisk refuses user or secret
   */
  async logIn(address: AmiAddress, wait: AmiWait): Promise<void> {
    await this.#greeted(wait.signal);
    const challenge = await this.action('Challenge', [['AuthType', 'MD5']], wait);
    const nonce = challenge.name === 'Success' ? challenge.get('Challenge') : undefined;
    const proof: readonly AmiHeader[] =
      nonce === undefined
        ? [['Secret', address.secret]]
        : [
            ['AuthType', 'MD5'],
            ['Key', createHash('md5').update(`${nonce}${address.secret}`).digest('hex')],
          ];
    const answer = await this.action('Login', [['Username', address.user], ...proof, ['Events', EVENTS]], wait);
    if (answer.name !== 'Success') throw new CtiError('link.auth', 'the manager port refused the user or the secret');
  }

  /** Asks for a sign of life. */
  async probe(wait: AmiWait): Promise<void> {
    await this.action('Ping', [], wait);
  }

  close(reason: LinkDownReason): void {
    this.#reason ??= reason;
    this.#socket.destroy();
  }

  #nextId(): string {
    this.#ids += 1;
    return `${this.#prefix}-${this.#ids}`;
  }

  #greeted(signal: AbortSignal | undefined): Promise<void> {
    if (this.#greet === NEVER) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#greet = resolve;
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  #data(chunk: Buffer): void {
    this.#heardAtMs = this.#clock.nowMs();
    try {
      this.#decoder.push(chunk, (frame) => this.#frame(frame));
    } catch (error) {
      this.#unreadable(chunk.subarray(0, 256));
      this.close(reasonOf(error));
    }
  }

  #frame(frame: AmiFrame): void {
    if (!(frame instanceof AmiMessage)) {
      this.#greet?.();
      this.#greet = NEVER;
      return;
    }
    if (frame.type === 'unreadable') {
      this.#unreadable(Buffer.from(frame.text.slice(0, 256)).subarray(0, 256));
      return;
    }
    const id = frame.get('ActionID');
    if (id === undefined || !id.startsWith(this.#prefix)) {
      if (frame.type === 'event') this.#reader(frame);
      return;
    }
    const list = this.#lists.get(id);
    if (list === undefined) {
      if (frame.type === 'response') this.#answers.resolve(id, frame);
      return;
    }
    // A list is answered when it is complete, or at once when it is none.
    const starts = frame.type === 'response' && frame.get('EventList')?.toLowerCase() === 'start';
    if (frame.type === 'response' ? !starts : frame.get('EventList') === 'Complete') this.#answers.resolve(id, frame);
    else if (frame.type === 'event' && list.push(frame) > MAX_LIST_ITEMS) this.close('overflow');
  }
}

/** The banner has come. */
const NEVER = (): void => undefined;

/**
 * Opens the manager port: the only place where it is dialled.
 *
 * @throws by rejection the socket's error, or the signal's reason
 */
export function dialAmi(
  address: AmiAddress,
  context: { readonly clock: Clock; readonly random: () => number; readonly signal: AbortSignal },
): Promise<AmiSession> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port });
    socket.setNoDelay(true);
    const done = (): void => {
      context.signal.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect);
      socket.off('error', onError);
    };
    const onConnect = (): void => {
      done();
      resolve(new AmiSession(socket, context));
    };
    const onError = (error: Error): void => {
      done();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => {
      done();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(context.signal.reason);
    };
    context.signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', onConnect);
    socket.once('error', onError);
    if (context.signal.aborted) onAbort();
  });
}
