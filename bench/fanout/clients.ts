// A process of its own: 500 clients. They count frames and events, check that no event is missing or comes twice, and a tenth of them
// leaves and resumes while events flow.
import process from 'node:process';
import WebSocket from 'ws';
import { tellParent } from '../lib/child.js';
import { people } from './floor.js';

interface Connect {
  readonly type: 'connect';
  readonly url: string;
  readonly tokens: readonly string[];
}
type Order = Connect | { readonly type: 'resume' } | { readonly type: 'totals' };

const totals = { frames: 0, events: 0, bytes: 0, faults: 0, resumed: 0, resets: 0 };
const everybody = people();
const EVENT = /\{"seq":(\d+),"atWallMs"/gu;

/** One client; keeps the last number of each of its streams. */
class Client {
  readonly #index: number;
  readonly #order: Connect;
  readonly #seqs = new Map<string, number>();
  #epoch = '';
  #ws: WebSocket | undefined;

  constructor(index: number, order: Connect) {
    this.#index = index;
    this.#order = order;
  }

  /** Connects and waits until every stream has answered. */
  open(): Promise<void> {
    const token = this.#order.tokens[this.#index];
    const ws = new WebSocket(this.#order.url, { perMessageDeflate: false });
    this.#ws = ws;
    return new Promise((resolve, reject) => {
      let answers = 0;
      ws.on('error', reject);
      ws.on('open', () => {
        if (token === undefined) {
          resolve();
          return;
        }
        const resume = [...this.#seqs].map(([stream, seq]) => ({ stream, cursor: { epoch: this.#epoch, seq } }));
        ws.send(JSON.stringify({ type: 'hello', protocol: 1, token, ...(resume.length === 0 ? {} : { resume }) }));
        if (resume.length > 0) return;
        for (const stream of everybody[this.#index]?.streams ?? [])
          ws.send(JSON.stringify({ type: 'subscribe', stream }));
      });
      ws.on('message', (data: Buffer) => {
        const wanted = everybody[this.#index]?.streams.length ?? 0;
        if (this.#take(data) === 'answer' && ++answers === wanted) resolve();
      });
    });
  }

  async leaveAndResume(): Promise<void> {
    const ws = this.#ws;
    if (ws === undefined) return;
    await new Promise<void>((resolve) => {
      ws.once('close', () => resolve());
      ws.close();
    });
    await this.open();
  }

  #take(data: Buffer): 'answer' | 'other' {
    totals.bytes += data.length;
    const text = data.toString('latin1');
    if (!text.startsWith('{"type":')) {
      totals.frames += 1;
      return 'other';
    }
    if (text.startsWith('{"type":"events"')) {
      totals.frames += 1;
      const stream = text.slice(27, text.indexOf('"', 27));
      let last = this.#seqs.get(stream) ?? 0;
      for (const [, seq] of text.matchAll(EVENT)) {
        if (Number(seq) !== last + 1) totals.faults += 1;
        last = Number(seq);
        totals.events += 1;
      }
      this.#seqs.set(stream, last);
      return 'other';
    }
    const frame = JSON.parse(text) as { type: string; stream?: string; epoch?: string; cursor?: { seq: number } };
    if (frame.type === 'welcome') this.#epoch = frame.epoch ?? '';
    if (frame.type === 'probe') this.#ws?.send('{"type":"ping"}');
    if (frame.type === 'reset') {
      if (this.#seqs.has(frame.stream ?? '')) totals.resets += 1;
      this.#seqs.set(frame.stream ?? '', frame.cursor?.seq ?? 0);
    }
    if (frame.type === 'resumed') totals.resumed += 1;
    return frame.type === 'reset' || frame.type === 'resumed' ? 'answer' : 'other';
  }
}

let clients: Client[] = [];
process.on('message', (order: Order) => {
  void handle(order);
});
async function handle(order: Order): Promise<void> {
  if (order.type === 'connect') {
    clients = everybody.map((_, index) => new Client(index, order));
    for (const client of clients) await client.open();
    tellParent({ type: 'connected' });
  } else if (order.type === 'resume') {
    for (const client of clients.filter((_, index) => index % 10 === 5)) await client.leaveAndResume();
    tellParent({ type: 'back' });
  } else tellParent({ type: 'totals', ...totals });
}
tellParent({ type: 'ready' });
