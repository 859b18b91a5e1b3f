import { randomBytes } from 'node:crypto';
import type { Hearing } from './hearing.js';
import type { PhoneCall } from './phone-call.js';
import type { RtpVoice } from './rtp.js';
import { digestOf } from './sip-digest.js';
import { audioDirection, audioPort, type SipMessage, tagOf } from './sip-message.js';
import type { SipExchange, SipRequest, SipSocket } from './sip-socket.js';
import { pause, within } from './wait.js';

/** What a call of a {@link SipPhone} is made with. */
export interface SipCallParts {
  readonly socket: SipSocket;
  readonly account: SipAccount;
  readonly voice: RtpVoice;
  /** Frequency of the voice in Hz. */
  readonly hz: number;
  /** Told what became of the call. */
  readonly tell: (type: 'CALL_INCOMING' | 'CALL_RINGING' | 'CALL_ESTABLISHED' | 'CALL_CLOSED', param: string) => void;
}

/** Where a phone belongs, and as whom. */
export interface SipAccount {
  readonly user: string;
  readonly password: string;
  readonly switchPort: number;
}

/** A dialogue as INVITE and REFER with Replaces name it (RFC 3891), seen from the phone that has it. */
export type NamedDialogue = Pick<PhoneCall, 'callId' | 'localTag' | 'remoteTag'>;

/** Value of a Replaces header: the tags as the switch sees them. */
export function replacesOf(call: NamedDialogue): string {
  return `${call.callId};to-tag=${call.remoteTag};from-tag=${call.localTag}`;
}

/** One call of a {@link SipPhone}: its dialogue (RFC 3261, 12), its session description, its voice. */
export class SipCall {
  readonly callId: string;
  readonly peer: string;
  /** NOTIFY bodies of a transfer of this call: what the switch said of its progress. */
  readonly notices: string[] = [];
  state: 'dialling' | 'ringing' | 'talking' | 'over' = 'dialling';
  held: 'no' | 'yes' = 'no';
  readonly #parts: SipCallParts;
  readonly #localTag = randomBytes(6).toString('hex');
  readonly #invite: SipMessage | undefined;
  #remoteTag = '';
  #target: string;
  #number = 1;
  #version = 0;
  #dialling: { readonly request: SipRequest; readonly exchange: SipExchange } | undefined;

  private constructor(parts: SipCallParts, how: { readonly invite?: SipMessage; readonly to?: string }) {
    this.#parts = parts;
    this.#invite = how.invite;
    this.callId = how.invite?.callId ?? randomBytes(10).toString('hex');
    this.peer = how.to ?? /sip:([^@>]+)@/.exec(how.invite?.header('from') ?? '')?.[1] ?? '';
    this.#target = how.invite === undefined ? this.#uri(this.peer) : contactOf(how.invite);
    if (how.invite !== undefined) this.#remoteTag = tagOf(how.invite.header('from')) ?? '';
  }

  /** A call that the switch sends to this phone. */
  static incoming(parts: SipCallParts, invite: SipMessage): SipCall {
    const call = new SipCall(parts, { invite });
    call.state = 'ringing';
    call.#media(invite.body);
    return call;
  }

  /** Calls a number; with `replaces` in the place of that dialogue. Does not wait for an answer. */
  static dial(parts: SipCallParts, to: string, replaces?: string): SipCall {
    const call = new SipCall(parts, { to });
    call.#media('');
    void call.#dial(replaces);
    return call;
  }

  get hearing(): Hearing {
    return this.#parts.voice.hearing;
  }

  /** The call as a REFER or a Replaces names it. */
  get named(): PhoneCall {
    return { callId: this.callId, peer: this.peer, localTag: this.#localTag, remoteTag: this.#remoteTag };
  }

  /** Says that it rings here. */
  ring(): void {
    if (this.#invite === undefined) return;
    this.#parts.socket.respond(this.#invite, { status: '180 Ringing', headers: this.#answerHeaders() });
    this.#parts.tell('CALL_INCOMING', this.peer);
  }

  /** Takes the call that rings. */
  answer(): void {
    if (this.state !== 'ringing' || this.#invite === undefined) throw new Error('this call does not ring');
    this.#parts.socket.respond(this.#invite, {
      status: '200 OK',
      headers: this.#answerHeaders(),
      body: this.#sdp('sendrecv'),
    });
    this.#talks();
  }

  /** Refuses the call that rings. */
  refuse(status = '486 Busy Here'): void {
    if (this.state !== 'ringing' || this.#invite === undefined) throw new Error('this call does not ring');
    this.#parts.socket.respond(this.#invite, { status, headers: this.#answerHeaders() });
    this.#over(status);
  }

  /** Ends the call, in whatever state it is. */
  async hangUp(): Promise<void> {
    // The first INVITE of a call is refused for want of credentials, and the answer may cross the CANCEL.
    for (let dialling = this.#dialling; dialling !== undefined; dialling = this.#dialling) {
      this.#parts.socket.cancel(dialling.request, dialling.exchange.branch);
      await dialling.exchange.final.catch(() => undefined);
      await pause(1);
    }
    if (this.state === 'ringing') this.refuse();
    if (this.state !== 'talking') return;
    this.#over('local');
    await this.#ask('BYE').catch(() => undefined);
  }

  /** Holds (`sendonly`) or takes back (`sendrecv`) by re-INVITE; offers again when both sides offered at once (RFC 3261, 14.1). */
  async offer(direction: 'sendonly' | 'sendrecv'): Promise<void> {
    for (;;) {
      const answer = await this.#ask('INVITE', { body: this.#sdp(direction) });
      const status = answer.status ?? 0;
      if (status === 491) {
        await pause(100 + Math.floor(Math.random() * 200));
        continue;
      }
      if (status !== 200) throw new Error(`the re-INVITE was refused: ${answer.start}`);
      this.#parts.socket.acknowledge(answer, this.#request('ACK', { number: numberOf(answer) }));
      this.#media(answer.body);
      this.held = direction === 'sendonly' ? 'yes' : 'no';
      this.#parts.voice.speak(direction === 'sendonly' ? undefined : this.#parts.hz);
      return;
    }
  }

  /** Sends REFER; answers its final status. The outcome comes as {@link notices}. */
  async refer(to: string, replaces?: NamedDialogue): Promise<number> {
    const query = replaces === undefined ? '' : `?Replaces=${encodeURIComponent(replacesOf(replaces))}`;
    const headers = [`Refer-To: <${this.#uri(to)}${query}>`, `Referred-By: <${this.#uri(this.#parts.account.user)}>`];
    return (await this.#ask('REFER', { headers })).status ?? 0;
  }

  /** Presses keys (RFC 4733). */
  press(digits: string): Promise<void> {
    return this.#parts.voice.press(digits);
  }

  /** A request of the switch in this dialogue. */
  asked(request: SipMessage): void {
    const { socket } = this.#parts;
    switch (request.method) {
      case 'INVITE':
        this.#target = contactOf(request);
        if (request.body !== '') this.#media(request.body);
        socket.respond(request, {
          status: '200 OK',
          headers: this.#answerHeaders(),
          body: this.#sdp(this.held === 'yes' ? 'sendonly' : answerTo(audioDirection(request.body))),
        });
        return;
      case 'CANCEL':
        socket.respond(request, { status: '200 OK' });
        if (this.state !== 'ringing' || this.#invite === undefined) return;
        socket.respond(this.#invite, { status: '487 Request Terminated', headers: this.#answerHeaders() });
        this.#over(request.header('reason') ?? 'cancelled');
        return;
      case 'BYE':
        socket.respond(request, { status: '200 OK' });
        this.#over(request.header('reason') ?? 'remote');
        return;
      case 'ACK':
        if (request.body !== '') this.#media(request.body);
        return;
      case 'NOTIFY':
        this.notices.push(request.body.trim());
        socket.respond(request, { status: '200 OK', headers: this.#answerHeaders() });
        return;
      default:
        socket.respond(request, { status: '200 OK', headers: this.#answerHeaders() });
    }
  }

  /** Silence for good; the dialogue is left as it is. */
  close(): void {
    this.#parts.voice.close();
  }

  async #dial(replaces: string | undefined): Promise<void> {
    const more = replaces === undefined ? [] : [`Replaces: ${replaces}`, 'Require: replaces'];
    try {
      const answer = await this.#authorised('INVITE', { headers: more, body: this.#sdp('sendrecv') }, (request) => {
        const exchange = this.#parts.socket.request(request, (early) => this.#early(early));
        this.#dialling = { request, exchange };
        return exchange.final;
      });
      this.#dialling = undefined;
      if (answer.status !== 200) {
        this.#over(answer.start);
        return;
      }
      this.#remoteTag = tagOf(answer.header('to')) ?? '';
      this.#target = contactOf(answer);
      this.#media(answer.body);
      this.#parts.socket.acknowledge(answer, this.#request('ACK', { number: numberOf(answer) }));
      this.#talks();
    } catch (error) {
      this.#dialling = undefined;
      this.#over(String(error));
    }
  }

  #early(answer: SipMessage): void {
    this.#remoteTag = tagOf(answer.header('to')) ?? this.#remoteTag;
    if (answer.status === 100) return;
    if (answer.body !== '') this.#media(answer.body);
    this.#parts.tell('CALL_RINGING', answer.start);
  }

  #talks(): void {
    this.state = 'talking';
    this.#parts.voice.speak(this.#parts.hz);
    this.#parts.tell('CALL_ESTABLISHED', this.peer);
  }

  #over(why: string): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.#parts.voice.close();
    this.#parts.tell('CALL_CLOSED', why);
  }

  #media(body: string): void {
    const port = audioPort(body);
    if (port !== undefined) this.#parts.voice.sendTo(port);
  }

  /** A request in the dialogue, with its answer. */
  #ask(
    method: string,
    more: { readonly headers?: readonly string[]; readonly body?: string } = {},
  ): Promise<SipMessage> {
    const answer = this.#authorised(method, more, (request) => this.#parts.socket.request(request).final);
    return within(answer, { what: `the answer to ${method}` });
  }

  /** Sends, and once more with credentials when the switch asks for them. */
  async #authorised(
    method: string,
    more: { readonly headers?: readonly string[]; readonly body?: string },
    send: (request: SipRequest) => Promise<SipMessage>,
  ): Promise<SipMessage> {
    const { user, password } = this.#parts.account;
    const first = await send(this.#request(method, more));
    const challenge = first.header('www-authenticate') ?? first.header('proxy-authenticate');
    if (challenge === undefined || (first.status !== 401 && first.status !== 407)) return first;
    const request = this.#request(method, more);
    const value = digestOf(challenge, { method, uri: request.uri, user, password });
    const name = first.status === 401 ? 'Authorization' : 'Proxy-Authorization';
    return send({ ...request, headers: [...request.headers, `${name}: ${value}`] });
  }

  #request(
    method: string,
    more: { readonly headers?: readonly string[]; readonly body?: string; readonly number?: number } = {},
  ): SipRequest {
    const number = more.number ?? this.#number++;
    const outgoing = this.#invite === undefined;
    // In the dialogue of a call that came, From and To stand the other way round.
    const local = outgoing ? `<${this.#uri(this.#parts.account.user)}>` : (this.#invite?.header('to') ?? '');
    const remote = outgoing ? `<${this.#uri(this.peer)}>` : (this.#invite?.header('from') ?? '');
    const tagged = outgoing && this.#remoteTag !== '' && this.state !== 'dialling' ? `;tag=${this.#remoteTag}` : '';
    const inDialogue = method === 'ACK' && outgoing ? `;tag=${this.#remoteTag}` : tagged;
    return {
      method,
      uri: this.#target,
      headers: [
        `From: ${local};tag=${this.#localTag}`,
        `To: ${remote}${inDialogue}`,
        `Call-ID: ${this.callId}`,
        `CSeq: ${number} ${method}`,
        'Max-Forwards: 70',
        this.#contact(),
        'Allow: INVITE, ACK, CANCEL, BYE, UPDATE, INFO, NOTIFY, OPTIONS, REFER',
        'Supported: replaces',
        ...(more.headers ?? []),
      ],
      ...(more.body === undefined ? {} : { body: more.body }),
    };
  }

  #answerHeaders(): readonly string[] {
    const to = this.#invite?.header('to');
    return [
      ...(to === undefined ? [] : [`To: ${to};tag=${this.#localTag}`]),
      this.#contact(),
      'Allow: INVITE, ACK, CANCEL, BYE, UPDATE, INFO, NOTIFY, OPTIONS, REFER',
      'Supported: replaces',
    ];
  }

  #contact(): string {
    return `Contact: <sip:${this.#parts.account.user}@127.0.0.1:${this.#parts.socket.port}>`;
  }

  #uri(user: string): string {
    return `sip:${user}@127.0.0.1:${this.#parts.account.switchPort}`;
  }

  #sdp(direction: string): string {
    this.#version += 1;
    return [
      'v=0',
      `o=- 1 ${this.#version} IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.#parts.voice.port} RTP/AVP 0 101`,
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }
}

/** Direction that answers an offered one (RFC 3264, 6.1). */
function answerTo(offered: string): string {
  return offered === 'sendonly' ? 'recvonly' : offered === 'inactive' ? 'inactive' : 'sendrecv';
}

function contactOf(message: SipMessage): string {
  return /<([^>]+)>/.exec(message.header('contact') ?? '')?.[1] ?? '';
}

function numberOf(message: SipMessage): number {
  return Number(message.header('cseq')?.split(/\s+/)[0] ?? 0);
}
