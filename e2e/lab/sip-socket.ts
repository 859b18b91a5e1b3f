import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parseSip, type SipMessage } from './sip-message.js';
import type { TappedMessage } from './sip-tap.js';

/** First pause before a message is sent again, and how long a transaction lives (RFC 3261, 17.1.1.1: T1 and 64 T1). */
const T1_MS = 500;
const LIFE_MS = 64 * T1_MS;
/** Longest pause between two sendings (T2). */
const T2_MS = 4_000;

/** A request as it is given to {@link SipSocket.request}: everything but the Via header and the length. */
export interface SipRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly string[];
  readonly body?: string;
}

/** How a request goes. */
export interface SipExchange {
  /** Branch of its Via header: what CANCEL and the ACK of a refusal repeat. */
  readonly branch: string;
  /** The final answer. @throws {Error} when none came in 32 s, or the socket was closed */
  readonly final: Promise<SipMessage>;
}

interface Waiting {
  readonly request: SipRequest;
  readonly settle: (answer: SipMessage | Error) => void;
  readonly provisional: (answer: SipMessage) => void;
  stop: () => void;
}

/**
 * One UDP port that speaks SIP with one switch: requests are sent again until they are answered, answers again when a request comes again
 * (RFC 3261, 17). It knows transactions; dialogues are the phone's.
 */
export class SipSocket {
  /** Every message in order, as a tap would show it. Repetitions are in it. */
  readonly messages: TappedMessage[] = [];
  readonly port: number;
  readonly #socket: Socket;
  readonly #switchPort: number;
  readonly #waiting = new Map<string, Waiting>();
  /** Answers already given, by the request's branch and method. */
  readonly #answered = new Map<string, string>();
  /** Answers to INVITE that wait for their ACK, by Call-ID and number. */
  readonly #unacknowledged = new Map<string, () => void>();
  /** ACKs of our own INVITEs: sent again with every repetition of the answer. */
  readonly #acks = new Map<string, string>();
  #listener: (request: SipMessage) => void = () => undefined;
  #state: 'open' | 'closed' = 'open';

  private constructor(socket: Socket, switchPort: number) {
    this.#socket = socket;
    this.#switchPort = switchPort;
    this.port = socket.address().port;
    socket.on('message', (datagram) => this.#take(datagram.toString('utf8')));
    socket.on('error', () => undefined);
  }

  /** Opens `port`, or one of the kernel's choice. */
  static async open(switchPort: number, port = 0): Promise<SipSocket> {
    const socket = createSocket('udp4');
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return new SipSocket(socket, switchPort);
  }

  /** Calls `listener` for each new request of the switch, ACK and CANCEL included. */
  onRequest(listener: (request: SipMessage) => void): void {
    this.#listener = listener;
  }

  /** Sends a request and waits for its final answer; the ACK of a refused INVITE is sent here. */
  request(request: SipRequest, provisional: (answer: SipMessage) => void = () => undefined): SipExchange {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    const text = this.#text(request, branch);
    const key = `${branch} ${request.method}`;
    const final = new Promise<SipMessage>((resolve, reject) => {
      const stop = this.#again(text, () => waiting.settle(new Error(`no answer to ${request.method}`)));
      const waiting: Waiting = {
        request,
        provisional,
        stop,
        settle: (answer) => {
          waiting.stop();
          this.#waiting.delete(key);
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
        },
      };
      this.#waiting.set(key, waiting);
      this.#send(text);
    });
    // Who gives a call up does not wait for its answer any more.
    final.catch(() => undefined);
    return { branch, final };
  }

  /** Sends the ACK of an accepted INVITE (its headers name the dialogue), and again whenever the answer comes again. */
  acknowledge(answer: SipMessage, ack: SipRequest): void {
    const text = this.#text(ack, `z9hG4bK${randomBytes(8).toString('hex')}`);
    this.#acks.set(numberOf(answer), text);
    this.#send(text);
  }

  /** Sends CANCEL for an INVITE of this branch. */
  cancel(invite: SipRequest, branch: string): void {
    const headers = invite.headers.filter((line) => /^(From|To|Call-ID|Max-Forwards|CSeq):/i.test(line));
    const cancel = headers.map((line) => line.replace(/^(CSeq:\s*\d+).*/i, '$1 CANCEL'));
    const key = `${branch} CANCEL`;
    const text = this.#text({ method: 'CANCEL', uri: invite.uri, headers: cancel }, branch);
    const stop = this.#again(text, () => this.#waiting.delete(key));
    const settle = (): void => {
      stop();
      this.#waiting.delete(key);
    };
    this.#waiting.set(key, { request: invite, provisional: () => undefined, settle, stop });
    this.#send(text);
  }

  /** Answers a request. A final answer to INVITE is sent until its ACK comes. */
  respond(
    request: SipMessage,
    answer: { readonly status: string; readonly headers?: readonly string[]; readonly body?: string },
  ): void {
    const copied = ['Via', 'From', 'Call-ID', 'CSeq'].flatMap((name) =>
      request.all(name).map((value) => `${name}: ${value}`),
    );
    const to = (answer.headers ?? []).some((line) => line.startsWith('To:')) ? [] : [`To: ${request.header('to')}`];
    const body = answer.body ?? '';
    const text = [
      `SIP/2.0 ${answer.status}`,
      ...copied,
      ...to,
      ...(answer.headers ?? []),
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
    this.#answered.set(transactionOf(request), text);
    this.#send(text);
    if (request.method !== 'INVITE' || answer.status.startsWith('1')) return;
    const number = numberOf(request);
    const stop = this.#again(text, () => this.#unacknowledged.delete(number));
    this.#unacknowledged.set(number, () => {
      stop();
      this.#unacknowledged.delete(number);
    });
  }

  /** Ends everything without a word; may be called twice. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const waiting of [...this.#waiting.values()]) waiting.settle(new Error('the phone was closed'));
    for (const stop of [...this.#unacknowledged.values()]) stop();
    this.#socket.close();
  }

  #take(text: string): void {
    const sip = parseSip(text);
    if (sip === undefined) return;
    this.messages.push({ atMs: Date.now(), by: 'switch', sip });
    if (sip.status !== undefined) this.#answer(sip);
    else if (sip.method === 'ACK') {
      this.#unacknowledged.get(numberOf(sip))?.();
      this.#listener(sip);
    } else {
      const before = this.#answered.get(transactionOf(sip));
      if (before === undefined) this.#listener(sip);
      else this.#send(before);
    }
  }

  #answer(answer: SipMessage): void {
    const branch = branchOf(answer);
    const waiting = this.#waiting.get(`${branch} ${answer.method}`);
    const again = this.#acks.get(numberOf(answer));
    if (waiting === undefined) {
      if (answer.method === 'INVITE' && (answer.status ?? 0) >= 200 && again !== undefined) this.#send(again);
      return;
    }
    // A provisional answer ends the repetitions of an INVITE.
    if (answer.method === 'INVITE') waiting.stop();
    if ((answer.status ?? 0) < 200) {
      waiting.provisional(answer);
      return;
    }
    if (answer.method === 'INVITE' && (answer.status ?? 0) >= 300) {
      const keep = waiting.request.headers.filter((line) => /^(From|Call-ID|Max-Forwards):/i.test(line));
      const headers = [...keep, `To: ${answer.header('to')}`, `CSeq: ${answer.header('cseq')?.split(' ')[0]} ACK`];
      const ack = this.#text({ method: 'ACK', uri: waiting.request.uri, headers }, branch);
      this.#acks.set(numberOf(answer), ack);
      this.#send(ack);
    }
    waiting.settle(answer);
  }

  #text(request: SipRequest, branch: string): string {
    const body = request.body ?? '';
    return [
      `${request.method} ${request.uri} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=${branch};rport`,
      ...request.headers,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  /** Sends `text` again and again until stopped; after 64 T1 it gives up. */
  #again(text: string, gaveUp: () => void): () => void {
    let pause = T1_MS;
    let timer: ReturnType<typeof setTimeout>;
    const until = Date.now() + LIFE_MS;
    const next = (): void => {
      if (Date.now() >= until) {
        gaveUp();
        return;
      }
      this.#send(text);
      pause = Math.min(2 * pause, T2_MS);
      timer = setTimeout(next, pause);
    };
    timer = setTimeout(next, pause);
    return () => clearTimeout(timer);
  }

  #send(text: string): void {
    if (this.#state === 'closed') return;
    const sip = parseSip(text);
    if (sip !== undefined) this.messages.push({ atMs: Date.now(), by: 'party', sip });
    this.#socket.send(text, this.#switchPort, '127.0.0.1', () => undefined);
  }
}

function branchOf(message: SipMessage): string {
  return /;branch=([^;,\s]+)/.exec(message.header('via') ?? '')?.[1] ?? '';
}

function transactionOf(request: SipMessage): string {
  return `${branchOf(request)} ${request.method}`;
}

function numberOf(message: SipMessage): string {
  return `${message.callId} ${message.header('cseq')?.split(/\s+/)[0] ?? ''}`;
}
