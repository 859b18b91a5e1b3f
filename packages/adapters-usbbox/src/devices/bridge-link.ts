import { createHmac, timingSafeEqual } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { CtiError } from '@cordboard/cti-core';
import { BRIDGE_KINDS, BridgeDecoder, encodeBridgeFrame } from '../wire/bridge/frame.js';
import { type ClientMessage, type HostMessage, proofText, readControl, writeControl } from '../wire/bridge/messages.js';

/** Where a host listens: a path of a Unix socket or Windows pipe, or a port of this machine. */
export type BridgePlace = { readonly path: string } | { readonly host: string; readonly port: number };

/** Who takes what comes from a host. */
export interface BridgeListener {
  message(message: HostMessage): void;
  sound(payload: Uint8Array, from: 'line' | 'phone'): void;
  /** The connection is over. `failed`: it said nonsense, or does not read. */
  over(why: 'closed' | 'failed'): void;
}

/** A host that has not read so much gets no more sound; the talk goes on. */
const SOUND_BACKLOG = 64 * 1_024;
/** A host that has not read so much reads nothing any more. */
const MAX_BACKLOG = 1_024 * 1_024;
/** Control messages that no rule takes; more of them mean that it is no such host. */
const MAX_UNKNOWN = 1_000;

/** One connection to a host: frames in and out, nothing of their meaning. */
export class BridgeLink {
  readonly #socket: Socket;
  readonly #listener: BridgeListener;
  readonly #decoder = new BridgeDecoder();
  #state: 'open' | 'over' = 'open';
  #unknown = 0;

  private constructor(socket: Socket, listener: BridgeListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => this.#over('closed'));
    socket.on('close', () => this.#over('closed'));
  }

  /**
   * Connects.
   * @throws {CtiError} `device.lost` when nobody listens there, `wait.aborted`
   */
  static open(
    place: BridgePlace,
    use: { readonly listener: BridgeListener; readonly signal: AbortSignal },
  ): Promise<BridgeLink> {
    const { listener, signal } = use;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new CtiError('wait.aborted', 'the box host was not called'));
      const socket = connect('path' in place ? { path: place.path } : { host: place.host, port: place.port });
      const fail = (error: CtiError): void => {
        signal.removeEventListener('abort', abort);
        socket.destroy();
        reject(error);
      };
      const abort = (): void => fail(new CtiError('wait.aborted', 'the box host was not called'));
      signal.addEventListener('abort', abort, { once: true });
      socket.once('error', (cause) =>
        fail(
          new CtiError('device.lost', 'no box host listens there; is it started', {
            details: { linkDown: 'refused' },
            cause,
          }),
        ),
      );
      socket.once('connect', () => {
        signal.removeEventListener('abort', abort);
        socket.removeAllListeners('error');
        if ('port' in place) socket.setNoDelay();
        resolve(new BridgeLink(socket, listener));
      });
    });
  }

  /** Bytes that the host has not taken. */
  get backlog(): number {
    return this.#socket.writableLength;
  }

  /** Sends a control message. */
  send(message: ClientMessage): void {
    this.#write({ kind: BRIDGE_KINDS.control, payload: writeControl(message) });
  }

  /** Sends sound; drops it when the host does not keep up. */
  sendSound(payload: Uint8Array, to: 'line' | 'phone'): void {
    if (this.backlog > SOUND_BACKLOG) return;
    this.#write({ kind: to === 'line' ? BRIDGE_KINDS.lineSound : BRIDGE_KINDS.phoneSound, payload });
  }

  /** Says good-bye and closes. Idempotent. */
  close(): void {
    if (this.#state === 'over') return;
    this.send({ type: 'close' });
    this.#state = 'over';
    this.#socket.end();
    // A host that does not answer the end is not waited for.
    this.#socket.unref();
    this.#socket.destroySoon();
  }

  #write(frame: Parameters<typeof encodeBridgeFrame>[0]): void {
    if (this.#state === 'over') return;
    if (this.backlog > MAX_BACKLOG) return this.#over('failed');
    this.#socket.write(encodeBridgeFrame(frame));
  }

  #read(bytes: Uint8Array): void {
    if (this.#state === 'over') return;
    try {
      this.#decoder.push(bytes, (frame) => this.#frame(frame));
    } catch {
      this.#over('failed');
    }
  }

  #frame({ kind, payload }: { readonly kind: number; readonly payload: Uint8Array }): void {
    if (this.#state === 'over') return;
    if (kind === BRIDGE_KINDS.lineSound) return this.#listener.sound(payload, 'line');
    if (kind === BRIDGE_KINDS.phoneSound) return this.#listener.sound(payload, 'phone');
    if (kind !== BRIDGE_KINDS.control) return;
    const read = readControl(payload);
    if (read.outcome === 'message') return this.#listener.message(read.message);
    if (read.outcome === 'broken' || ++this.#unknown > MAX_UNKNOWN) this.#over('failed');
  }

  #over(why: 'closed' | 'failed'): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#socket.destroy();
    this.#listener.over(why);
  }
}

/** What a side proves with that it knows the token, without saying it: HMAC-SHA256 in hex. */
export function bridgeProof(token: string, said: string): string {
  return createHmac('sha256', token).update(said).digest('hex');
}

/** Has the host proved that it knows the token? */
export function isHostProof(
  token: string,
  said: { readonly hostNonce: string; readonly clientNonce: string; readonly line: string; readonly proof: string },
): boolean {
  const expected = Buffer.from(bridgeProof(token, proofText('host', said)));
  const given = Buffer.from(said.proof);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
