import { once } from 'node:events';
import WebSocket from 'ws';
import { ask } from './ask.js';
import { type AsteriskLab, basicAuth, LAB_SECRET } from './asterisk.js';
import { until } from './wait.js';

/** A JSON object from the wire. */
export type Json = { readonly [key: string]: unknown };

/** One line of a recorded ARI dialogue. */
export interface AriLine {
  /** Milliseconds since the recording began. */
  readonly t: number;
  /** `event`: from the socket; `request` and `answer`: REST; `note`: what a phone or caller did. */
  readonly kind: 'event' | 'request' | 'answer' | 'note';
  readonly data: unknown;
}

/**
 * ARI as bare as possible, fetch and a WebSocket, for smoke tests and for recording dialogues. It shares no code with the
 * product's driver.
 */
export class RawAri {
  /** Everything said, in order of arrival. */
  readonly lines: AriLine[] = [];
  readonly #lab: AsteriskLab;
  readonly #app: string;
  readonly #startedAt = Date.now();
  #socket: WebSocket | undefined;
  #muted = false;

  constructor(lab: AsteriskLab, app = 'cordboard') {
    this.#lab = lab;
    this.#app = app;
  }

  /** Opens the event socket and registers the application. */
  async connect(): Promise<void> {
    const socket = new WebSocket(
      `ws://127.0.0.1:${this.#lab.ports.ari}/ari/events?app=${this.#app}&api_key=cordboard:${LAB_SECRET}`,
    );
    socket.on('message', (data) => this.#line('event', JSON.parse(String(data))));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#line('note', 'event socket closed'));
    await once(socket, 'open');
    this.#socket = socket;
  }

  /** Events so far. */
  get events(): readonly Json[] {
    return this.lines.filter((line) => line.kind === 'event').map((line) => line.data as Json);
  }

  /** Keeps no lines from now on: what follows is clearing up. */
  mute(): void {
    this.#muted = true;
  }

  /** A remark in the recording. */
  note(text: string): void {
    this.#line('note', text);
  }

  /** REST; the answer's body, or its status and message when it is an error. */
  async rest(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: Json,
  ): Promise<{ readonly status: number; readonly body: Json }> {
    this.#line('request', { method, path, ...(body === undefined ? {} : { body }) });
    const answer = await ask(`${this.#lab.ariUrl}${path}`, {
      method,
      headers: { authorization: basicAuth(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = (text === '' ? {} : JSON.parse(text)) as Json;
    this.#line('answer', { status: answer.status, ...(text === '' ? {} : { body: json }) });
    return { status: answer.status, body: json };
  }

  /** First event, past ones included from index `since` on, that `match` accepts. */
  event(
    match: (event: Json) => boolean,
    options: { readonly what: string; readonly withinMs?: number; readonly since?: number },
  ): Promise<Json> {
    return until(() => this.events.slice(options.since ?? 0).find(match), {
      what: options.what,
      ...(options.withinMs === undefined ? {} : { withinMs: options.withinMs }),
      everyMs: 1,
      seen: () => this.events.slice(-15).map((event) => `${String(event.type)} ${channelName(event)}`),
    });
  }

  /** Closes the socket; may be called twice. */
  async close(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  }

  #line(kind: AriLine['kind'], data: unknown): void {
    if (this.#muted) return;
    this.lines.push({ t: Date.now() - this.#startedAt, kind, data });
  }
}

/** The `channel` of an event. */
export function channelOf(event: Json): Json {
  return (event.channel ?? {}) as Json;
}

/** The name of an event's channel, or an empty text. */
export function channelName(event: Json): string {
  return String(channelOf(event).name ?? '');
}

/** The id of an event's channel, or an empty text. */
export function channelId(event: Json): string {
  return String(channelOf(event).id ?? '');
}
