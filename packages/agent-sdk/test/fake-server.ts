import {
  type AgentId,
  asId,
  type ClientCommand,
  type ClientId,
  type ClientOutcome,
  type PublishedEvent,
  type Role,
  type StreamId,
  type StreamSnapshot,
  type UserId,
} from '@cordboard/cti-core';
import type { ClientFrame, EventItem, ServerFrame } from '@cordboard/cti-protocol/types';
import { http, ws } from 'msw';
import { setupServer } from 'msw/node';
import { WebSocket as NodeWebSocket } from 'ws';

// Node 20 has no WebSocket of its own, and msw looks for one when it starts to listen.
(globalThis as { WebSocket?: unknown }).WebSocket ??= NodeWebSocket;

interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** One page's socket as the fake sees it. */
export interface Page {
  readonly hello: Extract<ClientFrame, { type: 'hello' }>;
  readonly clientId: string;
  send(frame: unknown): void;
  sendText(text: string): void;
  close(code?: number): void;
}

type Wanted = (page: Page, frame: ClientFrame) => boolean;

/** A server of the protocol with one stream, whose tests say what happens. */
export class FakeServer {
  readonly url = 'ws://cti.test';
  readonly frames: { readonly page: Page; readonly frame: ClientFrame }[] = [];
  readonly pages = new Set<Page>();
  readonly log: EventItem[] = [];
  /** Events below this are not kept any more. */
  keptFrom = 1;
  epoch = 'e1';
  role: Role = 'agent';
  /** What `welcome` says beyond the usual. */
  welcome: Record<string, unknown> = {};
  /** Answers a command at once; `undefined` leaves it open. */
  answer: (command: ClientCommand, page: Page) => ClientOutcome | undefined = () => ({ outcome: 'done' });
  /** Says no to a `hello`. */
  refuse: ((frame: Extract<ClientFrame, { type: 'hello' }>) => ServerFrame | undefined) | undefined;
  /** Answers a request of the REST interface; by itself it knows no operation. */
  rest: (request: Request) => Response | Promise<Response> = () =>
    Response.json(
      { code: 'resource.notFound', message: 'there is no such operation [resource.notFound]', retryable: false },
      { status: 404 },
    );
  /** Says nothing at all to pages. */
  mute: 'mute' | undefined;
  snapshot: StreamSnapshot;
  readonly #waits: { readonly wanted: Wanted; readonly resolve: () => void }[] = [];
  readonly #outcomes = new Map<string, ClientOutcome>();
  readonly #msw;
  #clients = 0;

  constructor(snapshot: StreamSnapshot) {
    this.snapshot = snapshot;
    const link = ws.link('ws://cti.test/v1/ws');
    this.#msw = setupServer(
      link.addEventListener('connection', ({ client }) => {
        this.#connected(client, (listen) => {
          client.addEventListener('message', (event) => listen(String(event.data)));
          return (gone) => client.addEventListener('close', gone);
        });
      }),
      http.all('http://cti.test/*', ({ request }) => this.rest(request)),
    );
    this.#msw.listen({ onUnhandledRequest: 'error' });
  }

  get stream(): StreamId {
    return asId<StreamId>(this.snapshot.kind === 'agent' ? `agent:${this.snapshot.agent.agentId}` : 'board');
  }

  /** Commands in the order of their arrival. */
  get commands(): { readonly commandId: string; readonly command: ClientCommand }[] {
    return this.frames.flatMap(({ frame }) => (frame.type === 'command' ? [frame] : []));
  }

  close(): void {
    this.#msw.close();
  }

  /** Publishes an event to every page. */
  publish(event: PublishedEvent, to: Iterable<Page> = this.pages): EventItem {
    const item: EventItem = { seq: this.log.length + 1, atWallMs: 0, event };
    this.log.push(item);
    for (const page of to) page.send({ type: 'events', stream: this.stream, items: [item] });
    return item;
  }

  /** Cuts all sockets. */
  cut(code = 1011): void {
    for (const page of [...this.pages]) page.close(code);
  }

  settle(commandId: string, outcome: ClientOutcome): void {
    this.#outcomes.set(commandId, outcome);
    for (const page of this.pages) page.send({ type: 'outcome', commandId, outcome });
  }

  /** The next frame that fits, also one that came already if `since` frames had come then. */
  async next(wanted: Wanted, since = this.frames.length): Promise<ClientFrame> {
    for (;;) {
      const hit = this.frames.slice(since).find(({ page, frame }) => wanted(page, frame));
      if (hit !== undefined) return hit.frame;
      await new Promise<void>((resolve) => this.#waits.push({ wanted, resolve }));
    }
  }

  #connected(socket: Socket, listen: (listener: (text: string) => void) => (gone: () => void) => void): void {
    let page: Page | undefined;
    const onGone = listen((text) => {
      const frame = JSON.parse(text) as ClientFrame;
      if (frame.type === 'hello') page = this.#hello(socket, frame);
      if (page === undefined) return;
      this.frames.push({ page, frame });
      this.#handle(page, frame);
      for (const wait of [...this.#waits]) {
        if (!wait.wanted(page, frame)) continue;
        this.#waits.splice(this.#waits.indexOf(wait), 1);
        wait.resolve();
      }
    });
    onGone(() => {
      if (page !== undefined) this.pages.delete(page);
    });
  }

  #hello(socket: Socket, hello: Extract<ClientFrame, { type: 'hello' }>): Page {
    this.#clients += 1;
    const page: Page = {
      hello,
      clientId: `c${this.#clients}`,
      send: (frame) => this.mute ?? socket.send(JSON.stringify(frame)),
      sendText: (text) => socket.send(text),
      close: (code) => {
        this.pages.delete(page);
        socket.close(code, 'cut');
      },
    };
    this.pages.add(page);
    return page;
  }

  #handle(page: Page, frame: ClientFrame): void {
    switch (frame.type) {
      case 'hello': {
        const refusal = this.refuse?.(frame);
        if (refusal !== undefined) {
          page.send(refusal);
          // A turn later, since msw lets a closing overtake what was said before it.
          setImmediate(() => page.close(4401));
          return;
        }
        page.send(this.#welcome(page));
        for (const { stream, cursor } of frame.resume ?? []) this.#subscribed(page, stream, cursor);
        return;
      }
      case 'subscribe':
        this.#subscribed(page, frame.stream, frame.cursor);
        return;
      case 'command': {
        const known = this.#outcomes.get(frame.commandId);
        const outcome = known ?? this.answer(frame.command, page);
        if (outcome === undefined) return;
        this.#outcomes.set(frame.commandId, outcome);
        page.send({ type: 'outcome', commandId: frame.commandId, outcome });
        return;
      }
      case 'ping':
        page.send({ type: 'pong', serverTimeMs: 1 });
        return;
      case 'token':
      case 'unsubscribe':
        return;
    }
  }

  #welcome(page: Page): unknown {
    return {
      type: 'welcome',
      protocol: 1,
      userId: asId<UserId>('ann'),
      role: this.role,
      ...(this.snapshot.kind === 'agent' ? { agentId: asId<AgentId>('ann') } : {}),
      clientId: asId<ClientId>(page.clientId),
      tenant: 'default',
      epoch: this.epoch,
      serverTimeMs: 1_800_000_000_000,
      serverNowMs: 0,
      maskClass: 'clear',
      commands: [],
      streams: ['agent:self'],
      pingMs: 10_000,
      leaseMs: 30_000,
      maxFrameBytes: 262_144,
      tokenEndsWallMs: 1_800_000_000_000 + 3_600_000,
      ...this.welcome,
    };
  }

  #subscribed(page: Page, stream: StreamId, cursor?: { readonly epoch: string; readonly seq: number }): void {
    const end = { epoch: this.epoch, seq: this.log.length };
    if (cursor !== undefined && cursor.epoch === this.epoch && cursor.seq + 1 >= this.keptFrom) {
      const items = this.log.filter((item) => item.seq > cursor.seq);
      page.send({ type: 'resumed', stream, cursor: end, count: items.length });
      if (items.length > 0) page.send({ type: 'events', stream, items });
      return;
    }
    const why = cursor === undefined ? 'new' : 'tooOld';
    page.send({ type: 'reset', stream, cursor: end, why, snapshot: this.snapshot });
  }
}
