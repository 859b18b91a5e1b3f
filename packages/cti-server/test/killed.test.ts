import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { asId, type Cdr, type StreamId, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { randomStream, VirtualSwitch } from '@cordboard/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestClient } from './support/client.js';
import { bundle, type Listening, ServerProcess } from './support/killed/server-process.js';

const SEED = 7;
const KILLS = 10;
let program: Awaited<ReturnType<typeof bundle>>;
let dataDir = '';
let server: ServerProcess;
beforeAll(async () => {
  program = await bundle();
  dataDir = await mkdtemp(join(tmpdir(), 'cordboard-killed-data-'));
});
afterAll(async () => {
  await server?.kill();
  await program.remove();
  await rm(dataDir, { recursive: true, force: true });
});

/** One agent's page over all lives of the server. */
class Page {
  readonly name: string;
  readonly stream: StreamId;
  /** Numbers of the events in the order in which they came. */
  readonly seqs: number[] = [];
  readonly resets: string[] = [];
  state = '';
  client: TestClient | undefined;
  #epoch = '';
  #seq = 0;

  constructor(name: string) {
    this.name = name;
    this.stream = `agent:${name}` as StreamId;
  }

  async connect({ ws, tokens }: Listening): Promise<TestClient> {
    const token = tokens[this.name] ?? '';
    const resume = this.#epoch === '' ? [] : [{ stream: this.stream, cursor: { epoch: this.#epoch, seq: this.#seq } }];
    const client = await TestClient.hello(ws, token, { resume });
    this.client = client;
    const welcome = await client.next('welcome');
    this.#epoch = welcome.epoch;
    if (resume.length === 0) {
      const reset = await client.watch(this.stream);
      this.#seq = reset.cursor.seq;
    } else {
      await Promise.race([client.next('resumed'), client.next('reset')]);
      for (const frame of client.frames) if (frame.type === 'reset') this.resets.push(frame.why);
    }
    return client;
  }

  /** The server is gone: takes down what came. */
  note(): void {
    for (const frame of this.client?.frames ?? []) {
      if (frame.type !== 'events') continue;
      for (const { seq, event } of frame.items) {
        this.seqs.push(seq);
        this.#seq = seq;
        if (event.type === 'agent' && event.agent.agentId === this.name) this.state = shown(event.agent);
      }
    }
  }
}

const shown = (agent: { readonly state: string; readonly reason?: string }): string =>
  agent.state === 'notReady' ? `${agent.state} ${agent.reason ?? ''}` : agent.state;

test('killed at ten moments under load, it loses and doubles no record, keeps what it said was done, and clients go on', async () => {
  const random = randomStream(SEED, 'kills');
  const pbx = new VirtualSwitch(
    { switchId: asId<SwitchId>('main'), seed: SEED, extensions: ['8001', '8002', '8003'], orders: 'plain' },
    systemClock,
  );
  for (const address of ['8001', '8003']) {
    const phone = pbx.party(address);
    phone.hooks = { ringing: (leg) => void setTimeout(() => pbx.lift(leg), 20) };
  }
  // Calls that the server did something about: it must have had them on the disk by then.
  const byConnection = new Map<string, string>();
  const acted = new Set<string>();
  const dialled: string[] = [];
  const onCommand = (command: object): void => {
    const ids = [
      ...('connectionId' in command ? [String(command.connectionId)] : []),
      ...('connectionIds' in command ? (command.connectionIds as readonly string[]) : []),
    ];
    for (const id of ids) {
      const number = byConnection.get(id);
      if (number !== undefined) acted.add(number);
    }
  };
  const dial = (): void => {
    const number = `+86139${String(dialled.length).padStart(8, '0')}`;
    dialled.push(number);
    const party = pbx.party(number);
    const leg = pbx.dial(party, '4008001000');
    if (leg === undefined) return;
    byConnection.set(leg.connectionId, number);
    setTimeout(() => pbx.hangUp(leg), random.int(100, 1500));
  };

  const pages = ['ann', 'bob', 'cat'].map((name) => new Page(name));
  const bob = pages[1];
  if (bob === undefined) throw new Error('no bob');
  let said = { id: '', state: '' };
  let asked = { id: '', state: '' };
  let count = 0;
  server = new ServerProcess({ file: program.file, dataDir, pbx, onCommand });
  let place = await server.listening;
  for (let life = 0; life <= KILLS; life++) {
    for (const page of pages) await page.connect(place);
    if (life === 0) {
      for (const page of pages) {
        expect(await page.client?.command({ type: 'agent.logOn' })).toMatchObject({ outcome: { outcome: 'done' } });
        await page.client?.command({ type: 'agent.ready' });
      }
    } else {
      // What was answered stands, and is answered the same when it is asked again.
      const again = await bob.client?.command(
        { type: 'agent.notReady', reason: asId(said.state.split(' ')[1] ?? '') },
        said.id,
      );
      expect(again).toMatchObject({ outcome: { outcome: 'done' } });
      const view = await bob.client?.watch('agent:bob');
      const now = view?.snapshot.kind === 'agent' ? shown(view.snapshot.agent) : '';
      expect([said.state, asked.state]).toContain(now);
    }
    if (life === KILLS) break;
    const before = { count, acted: acted.size };
    const calling = setInterval(dial, 40);
    // One at a time: when it dies, at most one is neither done nor unknown.
    const working = (async () => {
      for (;;) {
        count += 1;
        const reason = count % 2 === 0 ? 'break' : 'meal';
        asked = { id: `w${count}`, state: `notReady ${reason}` };
        const answer = await bob.client?.command({ type: 'agent.notReady', reason: asId(reason) }, asked.id);
        expect(answer).toMatchObject({ type: 'outcome', outcome: { outcome: 'done' } });
        said = asked;
        await wait(25);
      }
    })().catch((error: unknown) => error);
    await wait(random.int(200, 900));
    // A machine that does much else does less in that time; something has happened in each life.
    await expect
      .poll(() => Math.min(count - before.count, acted.size - before.acted), { interval: 5 })
      .toBeGreaterThan(3);
    await server.kill();
    clearInterval(calling);
    expect(await working).toMatchObject({ message: expect.stringContaining('closed with 1006') });
    for (const page of pages) {
      await page.client?.ended();
      page.note();
    }
    server = new ServerProcess({ file: program.file, dataDir, pbx, onCommand });
    // People call while it is away, too.
    for (let n = 0; n < 3; n++) dial();
    place = await server.listening;
  }

  for (const leg of [...pbx.legs.values()]) if (leg.party.kind === 'external') pbx.hangUp(leg);
  const cdrs = async (): Promise<readonly Cdr[]> => {
    await server.settled();
    const items: Cdr[] = [];
    for (let cursor = ''; ; ) {
      const response = await fetch(`${place.url}/v1/cdrs?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`, {
        headers: { authorization: `Bearer ${place.tokens.admin}` },
      });
      const page = (await response.json()) as { items: Cdr[]; next?: string };
      items.push(...page.items);
      if (page.next === undefined) return items;
      cursor = page.next;
    }
  };
  const missing = async (): Promise<readonly string[]> => {
    const known = new Set((await cdrs()).map(({ calling }) => calling.e164 ?? calling.raw));
    return [...acted].filter((number) => !known.has(number));
  };
  await expect.poll(missing, { interval: 200 }).toEqual([]);
  const callers = (await cdrs()).map(({ calling }) => calling.e164 ?? calling.raw);
  expect(callers).toHaveLength(new Set(callers).size);
  expect(acted.size).toBeGreaterThan(KILLS * 3);
  expect(count).toBeGreaterThan(KILLS * 3);
  for (const { name, seqs, resets } of pages) {
    expect(resets, name).toEqual([]);
    expect(seqs.length, name).toBeGreaterThan(KILLS);
    expect(seqs, name).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
  }
}, 240_000);
