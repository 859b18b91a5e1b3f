import { afterEach, describe, expect, test, vi } from 'vitest';
import { rawText } from '../../src/esl/wire/text.js';
import { type EslFace, type EslFaceOptions, eslFace, setHabit } from '../../src/index.js';
import { dial, header, type RawClient } from './client.js';

const A = '11111111-1111-4111-8111-111111111111';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(options: EslFaceOptions = {}): Promise<EslFace> {
  const face = eslFace({ extensions: ['1000', '1001'], orders: 'plain', ...options });
  open.push(face);
  await face.listen();
  for (const phone of face.pbx.extensions) setHabit(face, phone, { after: 100 });
  return face;
}

async function client(face: EslFace, format = 'plain'): Promise<RawClient> {
  const made = await dial(face.port);
  open.push(made);
  made.send(`auth ClueCon\n\nevent ${format} all\n\n`);
  await face.until(() => made.replies.length === 2, 1_000);
  return made;
}

const coreOf = (one: RawClient): string | undefined => one.events.at(-1)?.get('Core-UUID');

describe('faults of the event socket', () => {
  test('a lost socket: every connection is gone at once, calls live on, a new one is taken', async () => {
    const face = await start();
    const first = await client(face);
    first.send(`bgapi originate {origination_uuid=${A}}user/1000 &park()\n\n`);
    await face.pass(1_000);
    face.cut();
    await face.pass(0);
    expect(first.state).toBe('ended');
    const second = await client(face);
    second.send(`api uuid_exists ${A}\n\n`);
    await face.pass(0);
    expect(second.replies.at(-1)).toBe('true');
  });

  test('half open: nothing is heard or said, and the connection stays', async () => {
    const face = await start();
    const dead = await client(face);
    const before = dead.bytes;
    face.halfOpen();
    dead.send('api status\n\n');
    await face.pass(60_000);
    expect([dead.bytes, dead.state]).toEqual([before, 'open']);
    const fresh = await client(face);
    fresh.send('api version\n\n');
    await face.pass(0);
    expect(fresh.replies.at(-1)).toContain('FreeSWITCH Version');
  });

  test('restart in mid-call: calls gone, the same port, another Core-UUID, numbers from the start', async () => {
    const face = await start();
    const first = await client(face);
    first.send(`bgapi originate {origination_uuid=${A}}user/1000 &park()\n\n`);
    await face.pass(1_000);
    const old = coreOf(first);
    const { port } = face;
    await face.restart(3_000);
    await face.pass(0);
    expect([first.state, face.pbx.legs.size]).toEqual(['ended', 0]);
    await expect(dial(port)).rejects.toThrow();
    await face.pass(3_100);
    const second = await client(face);
    expect(face.port).toBe(port);
    second.send(`api uuid_exists ${A}\n\nbgapi version\n\n`);
    await face.pass(100);
    expect(second.replies.slice(2, 3)).toEqual(['false']);
    expect(coreOf(second)).not.toBe(old);
    expect(coreOf(second)).toBeTypeOf('string');
  });

  test('a shut-down tells its calls their end and its clients good-bye', async () => {
    const face = await start();
    const one = await client(face);
    one.send(`bgapi originate {origination_uuid=${A}}user/1000 &park()\n\n`);
    await face.pass(1_000);
    await face.restart(1_000, 'shutdown');
    await face.pass(0);
    expect(one.names()).toContain('SHUTDOWN');
    expect(one.names(A)).toContain('CHANNEL_HANGUP');
    expect(one.frames.at(-1)?.body.toString()).toBe('The system is being shut down.\n');
  });

  test.each([1, 2, 3, 7, 64])('writes cut after every %i bytes give the same frames', async (bytes) => {
    const whole = await start({ seed: 9 });
    const cut = await start({ seed: 9, faults: { writes: () => ({ bytes }) } });
    const seen: string[][] = [];
    for (const face of [whole, cut]) {
      const one = await client(face);
      one.send(`bgapi originate {origination_uuid=${A}}user/1000 &park()\n\n`);
      await face.until(() => one.names().includes('CHANNEL_PARK'), 5_000);
      seen.push(one.names());
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  test('results of jobs come in another order than the jobs', async () => {
    const late: Record<string, number> = { 'echo a': 300, 'echo b': 100, 'echo c': 200 };
    const face = await start({ faults: { job: (line) => ({ lateMs: late[line] ?? 0 }) } });
    const one = await client(face);
    one.send('bgapi echo a\nJob-UUID: a\n\nbgapi echo b\nJob-UUID: b\n\nbgapi echo c\nJob-UUID: c\n\n');
    await face.pass(1_000);
    expect(one.replies.slice(2)).toEqual(['+OK Job-UUID: a', '+OK Job-UUID: b', '+OK Job-UUID: c']);
    const jobs = one.events.filter((event) => event.get('Event-Name') === 'BACKGROUND_JOB');
    expect(jobs.map((event) => [event.get('Job-UUID'), event.body])).toEqual([
      ['b', 'b'],
      ['c', 'c'],
      ['a', 'a'],
    ]);
  });

  test('a command is never answered, and those behind it are', async () => {
    const face = await start({ faults: { reply: (line) => (line === 'api status' ? 'never' : undefined) } });
    const one = await client(face);
    one.send('api status\n\napi uuid_exists x\n\n');
    await face.pass(1_000);
    expect(one.replies.slice(2)).toEqual(['false']);
  });

  test('a caller name in GBK goes out byte by byte in each format', async () => {
    const gbk = Buffer.from('d5c5c8fd', 'hex');
    const face = await start({ dialplan: [{ number: '8100', apps: ['answer', 'park'] }] });
    const plain = await client(face);
    const json = await client(face, 'json');
    const party = face.pbx.party('13800138000');
    party.name = rawText(gbk);
    face.pbx.dial(party, '8100');
    await face.pass(1_000);
    const created = plain.frames.find((frame) => frame.body.includes('Event-Name: CHANNEL_CREATE'));
    expect(created?.body.includes('Caller-Caller-ID-Name: %D5%C5%C8%FD\n')).toBe(true);
    const inJson = json.frames.find((frame) => frame.body.includes('"CHANNEL_CREATE"'));
    expect(inJson?.body.includes(Buffer.concat([Buffer.from('"Caller-Caller-ID-Name":"'), gbk]))).toBe(true);
  });

  test('a body of 10 MB goes out in one frame', async () => {
    const face = await start();
    const one = await client(face);
    const size = 10 * 1024 * 1024;
    const sender = await client(face, 'plain BACKGROUND_JOB');
    one.send('event plain CUSTOM lab::big\n\n');
    sender.send(`sendevent CUSTOM\nEvent-Subclass: lab::big\nContent-Length: ${size}\n\n${'x'.repeat(size)}`);
    await face.pass(5_000);
    // The system passes them on piece by piece, in as many turns as it likes.
    await vi.waitFor(() => expect(one.frames.some((frame) => frame.body.length > size)).toBe(true));
    const big = one.frames.find((frame) => frame.body.length > size);
    expect(header(big ?? { headers: [], body: Buffer.alloc(0) }, 'Content-Length')).toBe(String(big?.body.length));
  });

  test('a client in the middle of a command gets no events until it is whole', async () => {
    const face = await start();
    const one = await client(face);
    const before = one.events.length;
    one.send('api upt');
    await face.pass(0);
    face.pbx.dial(face.pbx.party('1000'), '1001');
    await face.pass(1_000);
    expect(one.events.length).toBe(before);
    one.send('ime\n\n');
    await face.pass(0);
    expect(one.names()).toContain('CHANNEL_CREATE');
  });

  test('closed, it holds nothing; twice if asked', async () => {
    const face = await start();
    await client(face);
    face.pbx.dial(face.pbx.party('1000'), '1001');
    await face.pass(500);
    await face.close();
    await face.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect([face.resources, face.port]).toEqual([0, 0]);
  });
});
