import { Duplex } from 'node:stream';
import { asId, type ClientId, type EngineInputBody, type QueueView, type StreamId } from '@cordboard/cti-core';
import { type ServerFrame, serverFrame } from '@cordboard/cti-protocol';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { Tokens } from '../src/auth/tokens.js';
import { readServerConfig } from '../src/config/read.js';
import { textFrame } from '../src/streams/frame.js';
import { DEFAULT_RINGS, StreamHub } from '../src/streams/hub.js';
import { Masker } from '../src/streams/masker.js';
import { References } from '../src/streams/references.js';
import { WsClient } from '../src/ws/client.js';
import type { Desk } from '../src/ws/desk.js';
import { Outbox, SLOW_BYTES } from '../src/ws/outbox.js';
import { TestClient } from './support/client.js';
import { CALLER, type Floor, floorConfig, startFloor } from './support/floor.js';

const floors: Floor[] = [];
const begin = async (options: Parameters<typeof startFloor>[0] = {}): Promise<Floor> => {
  const floor = await startFloor(options);
  floors.push(floor);
  return floor;
};
afterEach(async () => {
  for (const floor of floors.splice(0).reverse()) await floor.end();
});

type Seen = { seq: number; json: string };
const seenOf = (client: TestClient, stream: string): Seen[] =>
  client.frames.flatMap((frame) =>
    frame.type === 'events' && frame.stream === stream
      ? frame.items.map((item) => ({ seq: item.seq, json: JSON.stringify(item.event) }))
      : [],
  );

describe('a client that comes back', () => {
  test('gets exactly what it missed, also over a restart of the server', async () => {
    const floor = await begin();
    const watcher = await floor.client('supervisor');
    const { cursor } = await watcher.watch('board');
    const leaver = await floor.client('supervisor', { userId: 'leaver' });
    await leaver.watch('board');
    floor.phone.call(CALLER, '4008001000');
    await leaver.next('events');
    const left = seenOf(leaver, 'board').at(-1)?.seq ?? cursor.seq;
    leaver.close();
    await leaver.ended();
    floor.phone.call(CALLER, '4008002000');
    await watcher.next('events', ({ items }) => JSON.stringify(items).includes('"queueId":"sales"'));
    await floor.server.settled();
    const token = await floor.token('supervisor', { userId: 'leaver' });
    const resume = [{ stream: 'board' as StreamId, cursor: { epoch: cursor.epoch, seq: left } }];
    const back = await TestClient.hello(floor.address.ws, token, { resume });
    const resumed = await back.next('resumed');
    expect(resumed.count).toBeGreaterThan(0);
    // What was missed stands in front of the answer to this, whatever the call does meanwhile.
    back.send({ type: 'ping' });
    await back.next('pong');
    const told = seenOf(back, 'board');
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => left + 1 + index));
    expect(told[resumed.count - 1]?.seq).toBe(resumed.cursor.seq);
    const missed = (client: TestClient): Seen[] => seenOf(client, 'board').filter(({ seq }) => seq > left);
    await expect.poll(() => missed(watcher).slice(0, told.length)).toEqual(told);
    back.close();

    const dir = floor.dir;
    const before = missed(watcher);
    await floor.server.stop();
    const again = await begin({ dir });
    const third = await TestClient.hello(again.address.ws, await again.token('supervisor'), { resume });
    // An orderly stop leaves a snapshot: events before it come as the content of the stream.
    const answer = await Promise.race([third.next('resumed'), third.next('reset')]);
    expect(answer.cursor.epoch).toBe(cursor.epoch);
    expect(answer.cursor.seq).toBeGreaterThanOrEqual(before.at(-1)?.seq ?? 0);
    third.close();
  });

  test('with a cursor of another epoch, of the future or too old gets the content anew', async () => {
    const floor = await begin();
    const client = await floor.client('supervisor');
    const { cursor } = await client.watch('board');
    for (const wrong of [
      { epoch: 'other', seq: 1 },
      { epoch: cursor.epoch, seq: cursor.seq + 100 },
    ]) {
      const from = client.frames.length;
      client.send({ type: 'subscribe', stream: asId('board'), cursor: wrong });
      const reset = await client.next('reset', () => true, from);
      expect(reset).toMatchObject({ why: 'tooOld', cursor: { epoch: cursor.epoch } });
      // Nobody can say what was missed since a place that never was.
      expect(reset).not.toHaveProperty('gap');
      // What the switch tells of its phones may come in between; the cursor that was handed in is never given back.
      expect(reset.cursor.seq).toBeGreaterThanOrEqual(cursor.seq);
      const later = await (await floor.client('supervisor', { userId: `after ${wrong.epoch} ${wrong.seq}` })).watch(
        'board',
      );
      expect(reset.cursor.seq).toBeLessThanOrEqual(later.cursor.seq);
    }
  });
});

test('what a server sends fits the published schema', async () => {
  const floor = await begin();
  const client = await floor.client('supervisor');
  for (const stream of ['board', 'agent:ann', 'queue:support', 'agent:nobody']) {
    client.send({ type: 'subscribe', stream: asId(stream) });
  }
  const ann = await floor.client('agent');
  await ann.watch('agent:ann');
  await ann.command({ type: 'agent.logOn' });
  await ann.command({ type: 'agent.ready' });
  floor.phone.call(CALLER, '4008001000');
  await ann.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  await client.next('error');
  for (const frame of [...client.frames, ...ann.frames]) {
    const result = serverFrame.safeParse(frame);
    expect(result.error?.issues ?? [], JSON.stringify(frame)).toEqual([]);
  }
});

test('sequence numbers of a stream have no hole and none comes twice', async () => {
  const floor = await begin();
  const client = await floor.client('supervisor');
  const { cursor } = await client.watch('board');
  for (let index = 0; index < 30; index++) {
    const caller = floor.phone.call(CALLER, '4008001000');
    if (index % 2 === 0) floor.phone.hangUp(caller);
  }
  await floor.server.settled();
  client.send({ type: 'ping' });
  await client.next('pong');
  const seqs = seenOf(client, 'board').map(({ seq }) => seq);
  expect(seqs.length).toBeGreaterThan(60);
  expect(seqs).toEqual(seqs.map((_, index) => cursor.seq + 1 + index));
});

/** A socket whose other end reads only when it is told to. */
class StuckSocket extends Duplex {
  readonly written: Buffer[] = [];
  #waiting: (() => void)[] = [];
  reading: 'reads' | 'stuck' = 'reads';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk);
    if (this.reading === 'reads') done();
    else this.#waiting.push(done);
  }

  override _read(): void {}

  async readAll(): Promise<void> {
    this.reading = 'reads';
    while (this.#waiting.length > 0) {
      for (const done of this.#waiting.splice(0)) done();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  frames(): ServerFrame[] {
    return this.written.map((frame) => {
      const length = frame[1] ?? 0;
      const head = length < 126 ? 2 : length === 126 ? 4 : 10;
      return JSON.parse(frame.subarray(head).toString()) as ServerFrame;
    });
  }
}

/** A client on a stuck socket, with a hub that a test publishes to. */
async function stuckClient(options: { content?: string; who?: { userId: string; role: 'agent' | 'supervisor' } } = {}) {
  const { content = 'x'.repeat(1000), who = { userId: 'sue', role: 'supervisor' } } = options;
  const { tenant } = readServerConfig({ ...floorConfig('unused'), switches: { main: () => undefined } });
  const clock = new SimulatedClock(0);
  const key = new Uint8Array(32);
  const references = new References(key, 'main');
  const masker = new Masker(tenant, references);
  const hub = new StreamHub(masker);
  const tokens = new Tokens({ secret: key, tenant: 'main', wallMs: () => clock.wallMs() });
  const queue: QueueView = {
    queueId: asId('support'),
    name: 'x'.repeat(1000),
    waiting: [],
    waitingCount: 0,
    agentsReady: 0,
    agentsLoggedOn: 0,
  };
  let seq = 0;
  const counts: string[] = [];
  const ends: string[] = [];
  const inputs: EngineInputBody[] = [];
  const desk: Desk = {
    tokens,
    hub,
    masker,
    references,
    clock,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    submit: (input) => inputs.push(input),
    engine: {
      epoch: 'e1',
      nowMs: 0,
      isBusy: false,
      lastSeq: () => seq,
      snapshotOf: () => ({ kind: 'queue', queue: { ...queue, name: content }, calls: [] }),
    },
    config: () => tenant,
    awaitOutcome: () => undefined,
    closed: () => undefined,
    count: (what) => counts.push(what),
    pingMs: 10_000,
  };
  const socket = new StuckSocket();
  const client = new WsClient({
    clientId: asId<ClientId>('c1'),
    desk,
    outbox: new Outbox(socket),
    offeredToken: (await tokens.make({ ...who, ttlS: 3600 })).token,
    end: { close: (code) => ends.push(`close ${code}`), terminate: () => ends.push('terminate') },
  });
  client.receive('{"type":"hello","protocol":1}');
  while (client.who === undefined) await new Promise<void>((resolve) => setImmediate(resolve));
  client.receive('{"type":"subscribe","stream":"queue:support"}');
  await new Promise<void>((resolve) => setImmediate(resolve));
  return {
    client,
    socket,
    clock,
    counts,
    ends,
    inputs,
    publish(): void {
      seq += 1;
      hub.publish(asId('queue:support'), { seq, atWallMs: seq, event: { type: 'queue', queue: { ...queue } } });
      hub.settle();
    },
    get seq() {
      return seq;
    },
  };
}

describe('a cursor', () => {
  const told = (stuck: Awaited<ReturnType<typeof stuckClient>>, from: number) =>
    stuck.socket
      .frames()
      .slice(from)
      .flatMap((frame): (number | string)[] =>
        frame.type === 'events' ? frame.items.map(({ seq }) => seq) : [frame.type],
      );
  const subscribe = async (stuck: Awaited<ReturnType<typeof stuckClient>>, seq: number): Promise<number> => {
    const from = stuck.socket.frames().length;
    const cursor = { epoch: 'e1', seq };
    stuck.client.receive(JSON.stringify({ type: 'subscribe', stream: 'queue:support', cursor }));
    await new Promise<void>((resolve) => setImmediate(resolve));
    return from;
  };

  test('at the end of a stream goes on with the next event; one that watches already is told each event once', async () => {
    const stuck = await stuckClient();
    stuck.publish();
    const from = await subscribe(stuck, 1);
    expect(stuck.socket.frames().at(-1)).toEqual({
      type: 'resumed',
      stream: 'queue:support',
      cursor: { epoch: 'e1', seq: 1 },
      count: 0,
    });
    stuck.publish();
    stuck.publish();
    expect(told(stuck, from)).toEqual(['resumed', 2, 3]);
  });

  test('further back than what is kept is told the content, and how much was missed', async () => {
    const stuck = await stuckClient();
    for (let index = 0; index < 600; index += 1) stuck.publish();
    await subscribe(stuck, 10);
    expect(stuck.socket.frames().at(-1)).toMatchObject({
      type: 'reset',
      why: 'tooOld',
      cursor: { seq: 600 },
      gap: 590,
    });
    // So many are kept of a queue at least.
    const from = await subscribe(stuck, 600 - DEFAULT_RINGS.queue);
    const missed = Array.from({ length: DEFAULT_RINGS.queue }, (_, index) => 600 - DEFAULT_RINGS.queue + 1 + index);
    expect(told(stuck, from)).toEqual(['resumed', ...missed]);
  });
});

describe('a client that reads too slowly', () => {
  test('costs a bounded number of bytes, and once it reads again it gets the content with the size of the gap', async () => {
    const stuck = await stuckClient();
    stuck.socket.reading = 'stuck';
    for (let index = 0; index < 5000; index++) stuck.publish();
    expect(stuck.socket.writableLength).toBeLessThan(SLOW_BYTES * 1.1);
    expect(stuck.counts).toContain('slow');
    await stuck.socket.readAll();
    const frames = stuck.socket.frames();
    const last = frames.at(-1);
    expect(last).toMatchObject({ type: 'reset', why: 'tooSlow', cursor: { seq: 5000 } });
    const told = frames.flatMap((frame) => (frame.type === 'events' ? frame.items : []));
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
    expect(last?.type === 'reset' && last.gap).toBe(5000 - told.length);
    stuck.publish();
    expect(stuck.socket.frames().at(-1)).toMatchObject({ type: 'events', items: [{ seq: 5001 }] });
  });

  test('and never reads at all, is dropped after the lease', async () => {
    const stuck = await stuckClient();
    stuck.socket.reading = 'stuck';
    for (let index = 0; index < 2000; index++) stuck.publish();
    for (let tick = 0; tick < 10; tick++) {
      stuck.client.receive('{"type":"ping"}');
      stuck.clock.advance(10_000);
    }
    expect(stuck.ends).toEqual(['terminate']);
  });
});

describe('content that is longer than what may wait for a client', () => {
  test('is told nevertheless, one after the other as it is read, with nothing lost between', async () => {
    const stuck = await stuckClient({ content: 'x'.repeat(5_000_000) });
    expect(stuck.ends).toEqual([]);
    const first = stuck.socket.frames().length;
    stuck.socket.reading = 'stuck';
    // Three streams and their events, while the first content is still on its way.
    for (const stream of ['board', 'queue:sales', 'agent:sue']) {
      stuck.client.receive(JSON.stringify({ type: 'subscribe', stream }));
      await new Promise<void>((resolve) => setImmediate(resolve));
      stuck.publish();
    }
    expect(stuck.ends).toEqual([]);
    expect(stuck.socket.writableLength).toBeLessThan(12_000_000);
    await stuck.socket.readAll();
    const frames = stuck.socket.frames().slice(first);
    const resets = frames.flatMap((frame) => (frame.type === 'reset' ? [frame] : []));
    expect(resets.map(({ stream }) => stream).toSorted()).toEqual([
      'agent:sue',
      'board',
      'queue:sales',
      'queue:support',
    ]);
    expect(resets.find(({ stream }) => stream === 'queue:sales')).toMatchObject({
      why: 'new',
      cursor: { seq: stuck.seq },
    });
    expect(resets.find(({ stream }) => stream === 'queue:support')).toMatchObject({ why: 'tooSlow' });
    stuck.publish();
    expect(stuck.socket.frames().at(-1)).toMatchObject({ type: 'events', stream: 'queue:support' });
  });
});

describe('a page that says nothing', () => {
  test('but answers when it is asked, as hidden ones do, keeps its lease in the engine', async () => {
    const stuck = await stuckClient({ who: { userId: 'ann', role: 'agent' } });
    stuck.inputs.length = 0;
    for (let beat = 0; beat < 12; beat++) {
      stuck.clock.advance(10_000);
      const probes = stuck.socket.frames().filter(({ type }) => type === 'probe').length;
      if (probes > beat) stuck.client.receive('{"type":"ping"}');
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    const told = stuck.inputs.filter((input) => input.kind === 'presence' && input.state === 'online');
    // The engine's lease is thirty seconds: one word in ten keeps it.
    expect(told.length).toBeGreaterThanOrEqual(11);
    expect(stuck.ends).toEqual([]);
  });

  test('is asked, then its lease ends and the socket with it', async () => {
    const stuck = await stuckClient();
    stuck.clock.advance(10_000);
    expect(stuck.socket.frames().at(-1)).toEqual({ type: 'probe' });
    stuck.client.receive('{"type":"ping"}');
    await new Promise<void>((resolve) => setImmediate(resolve));
    stuck.clock.advance(20_000);
    expect(stuck.ends).toEqual([]);
    stuck.clock.advance(20_000);
    expect(stuck.socket.frames().at(-1)).toMatchObject({ type: 'bye', code: 'client.timeout' });
    expect(stuck.ends).toEqual(['close 4408']);
  });

  test('and one whose token has ended is told so', async () => {
    const stuck = await stuckClient();
    for (let tick = 0; tick < 361; tick++) {
      stuck.client.receive('{"type":"ping"}');
      stuck.clock.advance(10_000);
    }
    expect(stuck.ends).toEqual(['close 4401']);
  });
});

test('frames of every length class have the header of RFC 6455', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
    const frame = textFrame('x'.repeat(length));
    const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    expect(frame.length).toBe(length + head);
    expect(frame[0]).toBe(0x81);
    const told = head === 2 ? frame[1] : head === 4 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
    expect(told).toBe(length);
  }
});
