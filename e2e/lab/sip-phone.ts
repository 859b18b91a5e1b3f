import { randomBytes } from 'node:crypto';
import { LAB_SECRET } from './asterisk.js';
import type { Hearing } from './hearing.js';
import type { PhoneOptions } from './phone.js';
import type { PhoneCall } from './phone-call.js';
import type { PhoneEvent } from './phone-control.js';
import { RtpVoice } from './rtp.js';
import { type NamedDialogue, replacesOf, SipCall, type SipCallParts } from './sip-call.js';
import { digestOf } from './sip-digest.js';
import { type SipMessage, tagOf } from './sip-message.js';
import { SipSocket } from './sip-socket.js';
import type { TappedMessage } from './sip-tap.js';
import type { SwitchSite } from './site.js';
import { TONE } from './tone-plan.js';
import { PATIENCE_MS, until, within } from './wait.js';

interface Who {
  readonly extension: string;
  readonly voice: number;
  readonly answers?: 'manual' | 'auto';
}

/**
 * A desk phone of the laboratory's own: SIP (RFC 3261, 3515, 3891) and G.711 over UDP in this process. It is there beside
 * baresip for what baresip cannot do (INVITE with Replaces, several calls with sound in each), and wherever a test judges sound: every packet
 * that the switch sends is heard, in every call, whatever else rings.
 */
export class SipPhone {
  readonly extension: string;
  readonly events: PhoneEvent[] = [];
  readonly #socket: SipSocket;
  readonly #switchPort: number;
  readonly #password: string;
  readonly #hz: number;
  readonly #answers: 'manual' | 'auto';
  readonly #all: SipCall[] = [];
  readonly #watchers = new Set<(event: PhoneEvent) => void>();
  /** Calls that come and have no port for their sound yet. */
  readonly #coming = new Map<string, 'rings' | 'cancelled'>();
  #renew: ReturnType<typeof setTimeout> | undefined;
  #number = 0;

  private constructor(socket: SipSocket, options: Who, site: SwitchSite) {
    this.#socket = socket;
    this.extension = options.extension;
    this.#switchPort = site.ports.sip;
    this.#password = site.password ?? LAB_SECRET;
    this.#hz = options.voice;
    this.#answers = options.answers ?? 'manual';
    socket.onRequest((request) => this.#asked(request));
  }

  /** Opens the phone and waits until it is registered. */
  static async start(lab: SwitchSite, options: PhoneOptions): Promise<SipPhone> {
    const voice = options.voice ?? TONE[options.extension];
    const phone = new SipPhone(await SipSocket.open(lab.ports.sip), { ...options, voice }, lab);
    if (options.register === 'no') return phone;
    try {
      await phone.register();
    } catch (error) {
      phone.close();
      throw error;
    }
    return phone;
  }

  /** The outside world as the trunk reaches it: every number that the switch dials rings here, for as many calls as come. */
  static async outside(lab: SwitchSite, how: Pick<PhoneOptions, 'answers'> = {}): Promise<SipPhone> {
    const socket = await SipSocket.open(lab.ports.sip, lab.ports.trunk);
    return new SipPhone(socket, { ...how, extension: 'outside', voice: TONE.outside }, lab);
  }

  /**
   * Numbers that the switch has called here after message `since`, each with the dialogues of its INVITEs: one for every time that it
   * was dialled, however often the message was sent again.
   */
  dialledHere(since: number): ReadonlyMap<string, ReadonlySet<string>> {
    const dialled = new Map<string, Set<string>>();
    for (const { by, sip } of this.messages.slice(since)) {
      if (by !== 'switch' || sip.method !== 'INVITE' || sip.status !== undefined) continue;
      // An INVITE with a tag in To belongs to a call that is there already.
      if (tagOf(sip.header('to')) !== undefined) continue;
      const number = /^INVITE sip:([^@]+)@/.exec(sip.start)?.[1] ?? '';
      dialled.set(number, (dialled.get(number) ?? new Set()).add(sip.callId));
    }
    return dialled;
  }

  /** Registers, and from then on again before it would lapse. */
  async register(): Promise<void> {
    const callId = `${this.extension}-${this.#socket.port}`;
    const tag = randomBytes(6).toString('hex');
    const uri = `sip:127.0.0.1:${this.#switchPort}`;
    const send = (more: readonly string[]): Promise<SipMessage> => {
      this.#number += 1;
      const address = `<sip:${this.extension}@127.0.0.1:${this.#switchPort}>`;
      const headers = [
        `From: ${address};tag=${tag}`,
        `To: ${address}`,
        `Call-ID: ${callId}`,
        `CSeq: ${this.#number} REGISTER`,
        'Max-Forwards: 70',
        `Contact: <sip:${this.extension}@127.0.0.1:${this.#socket.port}>`,
        'Expires: 120',
        ...more,
      ];
      return within(this.#socket.request({ method: 'REGISTER', uri, headers }).final, {
        what: `registration of ${this.extension}`,
      });
    };
    let answer = await send([]);
    if (answer.status === 401) {
      const challenge = answer.header('www-authenticate') ?? '';
      const who = { method: 'REGISTER', uri, user: this.extension, password: this.#password };
      answer = await send([`Authorization: ${digestOf(challenge, who)}`]);
    }
    if (answer.status !== 200) throw new Error(`phone ${this.extension}: ${answer.start}`);
    clearTimeout(this.#renew);
    this.#renew = setTimeout(() => void this.register().catch(() => undefined), 60_000);
  }

  /** Every message in order, for a failure's report. */
  get messages(): readonly TappedMessage[] {
    return this.#socket.messages;
  }

  /** Calls that are established and not closed, the oldest first. */
  get calls(): readonly PhoneCall[] {
    return this.#all.filter((call) => call.state === 'talking').map((call) => call.named);
  }

  /** Whether a call rings here that is not answered. */
  get ringing(): boolean {
    return this.#all.some((call) => call.state === 'ringing');
  }

  /** Events so far; a place in time for `since`. */
  get mark(): number {
    return this.events.length;
  }

  /** What the phone hears in its newest call. */
  get hears(): Hearing {
    return this.#newest(() => true).hearing;
  }

  /** What the phone hears in one call. */
  hearsIn(call: PhoneCall): Hearing {
    return this.#newest((one) => one.callId === call.callId).hearing;
  }

  /** What was heard in every call so far. */
  get ears(): readonly Hearing[] {
    return this.#all.map((call) => call.hearing);
  }

  /** Calls `watch` at every event from now on; returns how to stop. */
  watch(watch: (event: PhoneEvent) => void): () => void {
    this.#watchers.add(watch);
    return () => this.#watchers.delete(watch);
  }

  /** Resolves with the call that rings after `since`. */
  async rings(options: { readonly withinMs?: number; readonly since?: number } = {}): Promise<PhoneCall> {
    return this.call((await this.#event('CALL_INCOMING', options)).callId);
  }

  /** Resolves when a call is established after `since`. */
  async talks(options: { readonly withinMs?: number; readonly since?: number } = {}): Promise<PhoneCall> {
    return this.call((await this.#event('CALL_ESTABLISHED', options)).callId);
  }

  /** Resolves when a call is closed after `since`, with the reason that the phone was given. */
  async closed(options: { readonly withinMs?: number; readonly since?: number } = {}): Promise<string> {
    return (await this.#event('CALL_CLOSED', options)).param;
  }

  /** A call by its Call-ID. */
  call(callId: string): PhoneCall {
    return this.#newest((call) => call.callId === callId).named;
  }

  /** The call that rings, as a Replaces names it. */
  get ringingCall(): PhoneCall {
    return this.#newest((call) => call.state === 'ringing').named;
  }

  /** As {@link answer}. */
  async accept(): Promise<void> {
    await this.answer();
  }

  /** Answers the call that rings, the newest when several do. */
  async answer(): Promise<PhoneCall> {
    const call = this.#newest((one) => one.state === 'ringing');
    call.answer();
    return call.named;
  }

  /** Refuses the call that rings, with 486 unless said otherwise. */
  async reject(status?: string): Promise<void> {
    this.#newest((one) => one.state === 'ringing').refuse(status);
  }

  /** Ends the newest call, or `which`. */
  async hangUp(which?: PhoneCall): Promise<void> {
    const call = this.#newest((one) => one.state !== 'over' && (which === undefined || one.callId === which.callId));
    await call.hangUp();
  }

  /** Ends every call that lives. */
  async hangUpAll(): Promise<void> {
    await Promise.all(this.#all.filter((call) => call.state !== 'over').map((call) => call.hangUp()));
  }

  /** Dials and returns without waiting for an answer. A call that is talked in is held first, as desk phones do. */
  async dial(number: string): Promise<PhoneCall> {
    const current = this.#all.findLast((call) => call.state === 'talking');
    if (current !== undefined && current.held === 'no') await current.offer('sendonly');
    return (await this.#dial(number)).named;
  }

  /**
   * Takes the place of a dialogue that another phone has with the switch: INVITE with Replaces, whether that call is talked in or rings. It is
   * sent to the other phone's `number`: Asterisk answers 404 when its dialplan does not know the number, although it then goes elsewhere.
   */
  async pickUp(other: NamedDialogue, number: string): Promise<PhoneCall> {
    return (await this.#dial(number, replacesOf(other))).named;
  }

  /** Holds the newest call that is talked in. */
  hold(): Promise<void> {
    return this.#newest((call) => call.state === 'talking').offer('sendonly');
  }

  /** Takes the newest held call back. */
  resume(): Promise<void> {
    return this.#newest((call) => call.state === 'talking' && call.held === 'yes').offer('sendrecv');
  }

  /** Presses keys in the newest call that is talked in. */
  press(digits: string): Promise<void> {
    return this.#newest((call) => call.state === 'talking').press(digits);
  }

  /** Blind transfer of the newest call: REFER. Answers the switch's final status. */
  transfer(number: string): Promise<number> {
    return this.#newest((call) => call.state === 'talking').refer(number);
  }

  /** Attended transfer: REFER with Replaces in `held`, naming the dialogue of `consult`. */
  transferTo(held: PhoneCall, consult: PhoneCall): Promise<number> {
    return this.#newest((call) => call.callId === held.callId).refer(consult.peer, this.call(consult.callId));
  }

  /** Ends everything without a word to the switch; may be called twice. */
  close(): void {
    clearTimeout(this.#renew);
    for (const call of this.#all) call.close();
    this.#socket.close();
  }

  async #dial(number: string, replaces?: string): Promise<SipCall> {
    const voice = await RtpVoice.open();
    let call: SipCall | undefined;
    const parts = this.#parts(voice, () => call?.callId ?? '');
    call = SipCall.dial(parts, number, replaces);
    this.#all.push(call);
    return call;
  }

  #parts(voice: RtpVoice, callId: () => string): SipCallParts {
    return {
      socket: this.#socket,
      account: { user: this.extension, password: this.#password, switchPort: this.#switchPort },
      voice,
      hz: this.#hz,
      tell: (type, param) => {
        const event = { atMs: Date.now(), type, param, callId: callId() };
        this.events.push(event);
        for (const watch of this.#watchers) watch(event);
      },
    };
  }

  #asked(request: SipMessage): void {
    const call = this.#all.find((one) => one.callId === request.callId);
    if (call !== undefined) call.asked(request);
    else if (request.method === 'INVITE') void this.#invited(request);
    else if (request.method === 'CANCEL' && this.#coming.has(request.callId)) {
      this.#coming.set(request.callId, 'cancelled');
      this.#socket.respond(request, { status: '200 OK' });
    } else if (request.method === 'OPTIONS') this.#socket.respond(request, { status: '200 OK' });
    else if (request.method !== 'ACK') this.#socket.respond(request, { status: '481 Call/Transaction Does Not Exist' });
  }

  async #invited(invite: SipMessage): Promise<void> {
    // The port for the sound takes a moment, in which the call may be taken back.
    this.#coming.set(invite.callId, 'rings');
    this.#socket.respond(invite, { status: '100 Trying' });
    const voice = await RtpVoice.open();
    const word = this.#coming.get(invite.callId);
    this.#coming.delete(invite.callId);
    if (word === 'cancelled') {
      voice.close();
      this.#socket.respond(invite, { status: '487 Request Terminated' });
      return;
    }
    const call = SipCall.incoming(
      this.#parts(voice, () => invite.callId),
      invite,
    );
    this.#all.push(call);
    call.ring();
    if (this.#answers === 'auto') call.answer();
  }

  #newest(which: (call: SipCall) => boolean): SipCall {
    const call = this.#all.findLast(which);
    if (call === undefined) throw new Error(`phone ${this.extension} has no such call`);
    return call;
  }

  #event(type: string, options: { readonly withinMs?: number; readonly since?: number }): Promise<PhoneEvent> {
    return until(() => this.events.slice(options.since ?? 0).find((event) => event.type === type), {
      what: `${type} at phone ${this.extension}`,
      withinMs: options.withinMs ?? PATIENCE_MS,
      everyMs: 10,
      seen: () => [
        this.events.slice(-8).map((event) => event.type),
        this.messages.slice(-8).map((m) => `${m.by}: ${m.sip.start}`),
      ],
    });
  }
}
