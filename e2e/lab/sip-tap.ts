import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { RtpRelay } from './rtp-relay.js';
import { audioPort, parseSip, type SipMessage, withAudioPort } from './sip-message.js';
import { until } from './wait.js';

/** One SIP message seen by a {@link SipTap}. */
export interface TappedMessage {
  readonly atMs: number;
  /** Who sent it. */
  readonly by: 'party' | 'switch';
  readonly sip: SipMessage;
}

/** Options of {@link SipTap.open}. */
export interface SipTapOptions {
  /** SIP port of the switch. */
  readonly switchPort: number;
  /** SIP port of the party. What comes to the party's side from elsewhere was meant for who had the port before, and is dropped. */
  readonly partyPort: number;
  /** Lead the media through a relay of the tap as well, so that both directions can be heard. */
  readonly relayMedia: boolean;
  /** Port at which the switch calls this party; default the kernel's choice. */
  readonly port?: number;
}

/**
 * Stands between one SIP program (sipp, a phone) and the switch on UDP, passes everything on and shows it. To the switch the
 * party seems to live at the tap (the switch answers to where a request came from, RFC 3581).
 */
export class SipTap {
  /** Messages in order of arrival. */
  readonly messages: TappedMessage[] = [];
  readonly relays = new Map<string, RtpRelay>();
  /** Port at which the party finds the switch. */
  readonly portForParty: number;
  /** Port at which the switch finds the party. */
  readonly portForSwitch: number;
  /** Refusals of the party that the switch is to see as another status, e.g. `486 -> '603 Decline'`. */
  readonly refusals = new Map<number, string>();
  readonly #options: SipTapOptions;
  readonly #toParty: Socket;
  readonly #toSwitch: Socket;
  readonly #watchers = new Set<(message: TappedMessage) => void>();
  #work: Promise<void> = Promise.resolve();
  #cut = false;

  private constructor(options: SipTapOptions, sockets: { readonly toParty: Socket; readonly toSwitch: Socket }) {
    this.#options = options;
    this.#toParty = sockets.toParty;
    this.#toSwitch = sockets.toSwitch;
    this.portForParty = sockets.toParty.address().port;
    this.portForSwitch = sockets.toSwitch.address().port;
    this.#toParty.on('message', (datagram, from) => {
      if (from.port !== options.partyPort) return;
      this.#inOrder(() => this.#pass('party', datagram));
    });
    this.#toSwitch.on('message', (datagram) => this.#inOrder(() => this.#pass('switch', datagram)));
    for (const socket of [this.#toParty, this.#toSwitch]) socket.on('error', () => undefined);
  }

  /** Opens the tap. */
  static async open(options: SipTapOptions): Promise<SipTap> {
    const toParty = createSocket('udp4');
    const toSwitch = createSocket('udp4');
    toParty.bind(0, '127.0.0.1');
    await once(toParty, 'listening');
    toSwitch.bind(options.port ?? 0, '127.0.0.1');
    await once(toSwitch, 'listening');
    return new SipTap(options, { toParty, toSwitch });
  }

  /** Calls `watch` for every message from now on; returns how to stop. */
  watch(watch: (message: TappedMessage) => void): () => void {
    this.#watchers.add(watch);
    return () => this.#watchers.delete(watch);
  }

  /** Gives the party a message that the switch never sent: how the laboratory steers sipp. */
  tellParty(text: string): void {
    this.#toParty.send(text, this.#options.partyPort, '127.0.0.1', () => undefined);
  }

  /** Loses every packet in both directions from now on, or stops losing them. */
  lose(state: 'all' | 'none'): void {
    this.#cut = state === 'all';
  }

  /** Resolves with the first message, past ones included from index `since` on, that `match` accepts. */
  seen(
    match: (message: TappedMessage) => boolean,
    options: { readonly what: string; readonly withinMs?: number; readonly since?: number },
  ): Promise<TappedMessage> {
    return until(() => this.messages.slice(options.since ?? 0).find(match), {
      what: options.what,
      ...(options.withinMs === undefined ? {} : { withinMs: options.withinMs }),
      everyMs: 10,
      seen: () => this.messages.slice(-12).map((message) => `${message.by}: ${message.sip.start}`),
    });
  }

  /** Closes all sockets; may be called twice. */
  close(): void {
    for (const relay of this.relays.values()) relay.close();
    for (const socket of [this.#toParty, this.#toSwitch]) {
      try {
        socket.close();
      } catch {
        // Closed before.
      }
    }
  }

  /** A relay is opened between two packets, so packets are worked off one after another. */
  #inOrder(step: () => Promise<void>): void {
    this.#work = this.#work.then(step, step).catch(() => undefined);
  }

  async #pass(by: 'party' | 'switch', datagram: Buffer): Promise<void> {
    if (this.#cut) return;
    const raw = datagram.toString('utf8');
    // A Contact leads the other side's next request: by way of the tap, or it would pass it.
    const { partyPort, switchPort } = this.#options;
    const [own, instead] = by === 'party' ? [partyPort, this.portForSwitch] : [switchPort, this.portForParty];
    const text = raw.replace(new RegExp(`^(Contact:.*@127\\.0\\.0\\.1:)${own}\\b`, 'im'), `$1${instead}`);
    const sip = parseSip(text);
    const out = sip === undefined ? text : await this.#withMedia(by, { sip, text: this.#asRefusal(by, { sip, text }) });
    if (by === 'party') this.#toSwitch.send(out, switchPort, '127.0.0.1', () => undefined);
    else this.#toParty.send(out, partyPort, '127.0.0.1', () => undefined);
    if (sip === undefined) return;
    const message = { atMs: Date.now(), by, sip };
    this.messages.push(message);
    for (const watch of this.#watchers) watch(message);
  }

  #asRefusal(by: 'party' | 'switch', message: { readonly sip: SipMessage; readonly text: string }): string {
    const other = by === 'party' ? this.refusals.get(message.sip.status ?? 0) : undefined;
    return other === undefined ? message.text : message.text.replace(/^SIP\/2\.0 [^\r]*/, `SIP/2.0 ${other}`);
  }

  async #withMedia(
    by: 'party' | 'switch',
    message: { readonly sip: SipMessage; readonly text: string },
  ): Promise<string> {
    const port = audioPort(message.sip.body);
    if (!this.#options.relayMedia || port === undefined) return message.text;
    const relay = this.relays.get(message.sip.callId) ?? (await RtpRelay.open());
    this.relays.set(message.sip.callId, relay);
    if (by === 'party') relay.phoneAt(port);
    else relay.switchAt(port);
    if (port === 0) return message.text;
    return withAudioPort(message.text, by === 'party' ? relay.portForSwitch : relay.portForPhone);
  }
}
