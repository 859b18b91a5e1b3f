import { randomBytes } from 'node:crypto';
import { type Clock, CtiError, isCtiError } from '@cordboard/cti-core';
import { Correlator } from '@cordboard/driver-kit';
import { z } from 'zod';
import type { DeviceKind } from '../device/kinds.js';
import type { DeviceLoss, LineAbilities, LineDevice, LineDeviceSink } from '../device/port.js';
import { type BridgeOrder, type HostMessage, proofText, readSound } from '../wire/bridge/messages.js';
import { pcmBytes } from '../wire/pcm.js';
import { BridgeLink, type BridgePlace, bridgeProof, isHostProof } from './bridge-link.js';
import { deviceOptions } from './options.js';

/** Options of the device kind `bridge`. */
export const bridgeOptions = z
  .strictObject({
    kind: z.literal('bridge'),
    /** Unix socket or Windows pipe (`\\.\pipe\name`) that the host listens on. */
    path: z.string().min(1).max(256).optional(),
    /** In its place: a TCP port of this machine, 1 to 65,535. */
    port: z.number().int().min(1).max(65_535).optional(),
    /** Address of that port, of this machine only: the sound is not encrypted. Default `127.0.0.1`. */
    host: z
      .string()
      .regex(/^(127\.\d+\.\d+\.\d+|::1|localhost)$/, 'an address of this machine')
      .default('127.0.0.1'),
    /** The line as the host names it. */
    line: z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'letters, digits, dot, - and _, at most 32'),
    /** The secret that host and server share; it never goes over the wire. 16 to 256 characters. */
    token: z.string().min(16).max(256),
    /** How often the host is asked whether it is there; three times as long without a word and it is lost. 500 ms to 60 s, default 5,000 ms. */
    heartbeatMs: z.number().int().min(500).max(60_000).default(5_000),
  })
  .superRefine(({ path, port }, context) => {
    if ((path === undefined) === (port === undefined))
      context.addIssue({ code: 'custom', path: ['path'], message: 'give a path or a port' });
  });

/** Checked options of a `bridge` device. */
export type BridgeOptions = z.output<typeof bridgeOptions>;

/** What a bridge uses of the world. */
export interface BridgeWorld {
  /** 16 bytes that were never used before, in hex; default from the machine's random source. */
  readonly nonce?: () => string;
}

/**
 * The kind `bridge`: a line of a host process, which speaks box-bridge/1 on a local socket and knows how to use a vendor's SDK.
 * See docs/protocols/box-bridge-1.md.
 */
export function createBridgeKind(world: BridgeWorld = {}): DeviceKind {
  return (input, { clock }) => {
    const options = deviceOptions(bridgeOptions, input);
    const nonce = world.nonce ?? (() => randomBytes(16).toString('hex'));
    return () => new BridgeDevice(options, { clock, nonce });
  };
}

const ORDER_MS = 5_000;
/** A long number with pauses takes its time. */
const DIAL_MS = 60_000;

type Outcome = 'done' | 'refused' | 'notSupported' | 'lost';

/** See {@link createBridgeKind}. */
class BridgeDevice implements LineDevice {
  readonly #options: BridgeOptions;
  readonly #clock: Clock;
  readonly #clientNonce: () => string;
  readonly #orders: Correlator<Outcome>;
  readonly #block = new Int16Array(320);
  #said: { hostNonce: string; clientNonce: string } | undefined;
  #abilities: LineAbilities | undefined;
  #state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  #sink: LineDeviceSink | undefined;
  #link: BridgeLink | undefined;
  #settle: { readonly resolve: () => void; readonly reject: (error: CtiError) => void } | undefined;
  #heardAtMs = 0;
  #ids = 0;
  #cancelBeat: () => void = () => undefined;
  #hook: 'on' | 'off' = 'on';

  constructor(options: BridgeOptions, parts: { readonly clock: Clock; readonly nonce: () => string }) {
    this.#options = options;
    this.#clock = parts.clock;
    this.#clientNonce = parts.nonce;
    this.#orders = new Correlator({ clock: parts.clock, maxPending: 64 });
  }

  get abilities(): LineAbilities {
    if (this.#abilities === undefined)
      throw new CtiError('device.lost', 'what a bridged line can do is known once it is open');
    return this.#abilities;
  }

  async open(sink: LineDeviceSink, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    this.#state = 'opening';
    this.#sink = sink;
    const listener = {
      message: (message: HostMessage) => this.#message(message),
      sound: (payload: Uint8Array, from: 'line' | 'phone') => this.#sound(payload, from),
      over: (why: 'closed' | 'failed') => this.#lost(why === 'closed' ? 'removed' : 'failed'),
    };
    const opened = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const abort = (): void => this.#refused(new CtiError('wait.aborted', 'the line of the box host was not opened'));
    signal.addEventListener('abort', abort, { once: true });
    opened.catch(() => undefined);
    try {
      const link = await BridgeLink.open(placeOf(this.#options), { listener, signal });
      this.#link = link;
      this.#heardAtMs = this.#clock.nowMs();
      this.#beat();
      await opened;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async hook(state: 'on' | 'off', { signal }: { readonly signal: AbortSignal }): Promise<void> {
    await this.#order({ what: 'hook', state }, signal);
    this.#hook = state;
  }

  flash(forMs: number, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#order({ what: 'flash', forMs }, signal);
  }

  dial(digits: string, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#order({ what: 'dial', digits }, signal);
  }

  direct(way: 'hear' | 'play' | 'idle', { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#order({ what: 'direct', way }, signal);
  }

  switchPhone(way: 'joined' | 'cut', { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#order({ what: 'switchPhone', way }, signal);
  }

  ringPhone(way: 'start' | 'stop', { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#order({ what: 'ringPhone', way }, signal);
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#end();
  }

  async #order(order: BridgeOrder, signal: AbortSignal): Promise<void> {
    const link = this.#link;
    if (this.#state !== 'open' || link === undefined) throw new CtiError('device.lost', 'the box host is gone');
    const id = ++this.#ids;
    const timeoutMs = order.what === 'dial' ? DIAL_MS : ORDER_MS + (order.what === 'flash' ? order.forMs : 0);
    const answer = this.#orders.open(String(id), { timeoutMs, signal });
    link.send({ type: 'do', id, ...order });
    let outcome: Outcome;
    try {
      outcome = await answer;
    } catch (cause) {
      if (isCtiError(cause, 'wait.aborted')) throw cause;
      if (isCtiError(cause, 'driver.timeout'))
        throw new CtiError('device.timeout', 'the box host gave no answer', { cause });
      throw new CtiError('device.lost', 'the box host is gone', { cause });
    }
    if (outcome === 'done') return;
    throw new CtiError(`device.${outcome}`, 'the box host did not do what it was told', {
      details: { order: order.what },
    });
  }

  #message(message: HostMessage): void {
    this.#heardAtMs = this.#clock.nowMs();
    switch (message.type) {
      case 'hello':
        return this.#hello(message);
      case 'opened':
        return this.#opened(message);
      case 'error':
        return this.#refused(
          new CtiError('device.refused', 'the box host refuses the line', {
            details: { why: message.code, linkDown: message.code === 'token' ? 'auth' : 'refused' },
          }),
        );
      case 'event':
        if (this.#state !== 'open') return;
        return message.event.type === 'lost' ? this.#lost(message.event.reason) : this.#sink?.event(message.event);
      case 'done':
        return void this.#orders.resolve(String(message.id), 'done');
      case 'failed':
        return void this.#orders.resolve(String(message.id), message.code);
      case 'ping':
        return this.#link?.send({ type: 'pong', n: message.n });
      case 'pong':
        return;
    }
  }

  #hello({ versions, nonce }: Extract<HostMessage, { readonly type: 'hello' }>): void {
    if (this.#said !== undefined) return this.#lost('failed');
    if (!versions.includes(1))
      return this.#refused(new CtiError('device.refused', 'the box host speaks no version that is known here'));
    const { line, token } = this.#options;
    const said = { hostNonce: nonce, clientNonce: this.#clientNonce() };
    this.#said = said;
    const proof = bridgeProof(token, proofText('client', { ...said, line }));
    this.#link?.send({ type: 'open', version: 1, line, nonce: said.clientNonce, proof });
  }

  #opened({ proof, abilities }: Extract<HostMessage, { readonly type: 'opened' }>): void {
    const { line, token } = this.#options;
    if (this.#said === undefined || this.#state !== 'opening') return this.#lost('failed');
    if (!isHostProof(token, { ...this.#said, line, proof }))
      return this.#refused(
        new CtiError('device.refused', 'whoever listens there does not know the token', {
          details: { linkDown: 'auth' },
        }),
      );
    this.#abilities = abilities;
    this.#state = 'open';
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve();
  }

  #sound(payload: Uint8Array, from: 'line' | 'phone'): void {
    const sink = this.#sink;
    const samples = this.#state === 'open' ? readSound(payload) : undefined;
    if (sink === undefined || samples === undefined) return;
    this.#heardAtMs = this.#clock.nowMs();
    if (from === 'line') sink.heard(samples);
    else sink.phoneHeard(samples);
    if (from === 'line' && this.#hook === 'on') return;
    const out = this.#block.subarray(0, samples.length).fill(0);
    const has = from === 'line' ? sink.wanted(out) : sink.phoneWanted(out);
    this.#link?.sendSound(has === 'sound' ? pcmBytes(out) : new Uint8Array(0), from);
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.setTimer(this.#options.heartbeatMs, () => {
      if (this.#clock.nowMs() - this.#heardAtMs >= 3 * this.#options.heartbeatMs) return this.#lost('failed');
      this.#link?.send({ type: 'ping', n: ++this.#ids });
      this.#beat();
    });
  }

  #refused(error: CtiError): void {
    const settle = this.#settle;
    if (settle === undefined) return this.#lost('failed');
    this.#settle = undefined;
    this.#end();
    settle.reject(error);
  }

  #lost(reason: DeviceLoss): void {
    if (this.#settle !== undefined)
      return this.#refused(
        new CtiError('device.lost', 'the box host went away before the line was open', {
          details: { linkDown: 'closed' },
        }),
      );
    const sink = this.#sink;
    if (this.#state === 'closed') return;
    this.#end();
    sink?.event({ type: 'lost', reason });
  }

  #end(): void {
    this.#state = 'closed';
    this.#sink = undefined;
    this.#cancelBeat();
    this.#orders.linkLost();
    this.#link?.close();
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.reject(new CtiError('wait.aborted', 'the line of the box host was closed'));
  }
}

function placeOf({ path, host, port }: BridgeOptions): BridgePlace {
  return path === undefined ? { host, port: port ?? 0 } : { path };
}
