// A process of its own for one contender: reads connections full of events and says what each event cost.
import { connect } from 'node:net';
import { connectEsl } from '@cordboard/adapters-freeswitch/esl';
import { tellParent } from '../lib/child.js';
import { cpuUs } from '../lib/measure.js';
import { distinctEvents, eventNames, SEQUENCE } from './traffic.js';

interface Job {
  readonly port: number;
  readonly count: number;
  readonly format: 'plain' | 'json';
  /** Connections read one after the other; the figure is the mean of all. */
  readonly rounds: number;
}
/** Reads one connection; `seen` gets each event's number, or `undefined` where the contender does not look inside. */
type Reader = (job: Job, seen: (seq: string | undefined) => void) => Promise<() => unknown>;

const logIn = (format: string): string => `auth ClueCon\n\nevent ${format} all\n\n`;
/** Answers before the first event: the request to log in, and one answer for each command. */
const PREAMBLE = 3;

/** Only counts bytes: what the socket itself costs. The end is known by the number of bytes that the floor found. */
const bytes: Reader = async ({ port, format, count }, seen) => {
  const total = await sizeOf({ port, format, count });
  const socket = connect(port, '127.0.0.1', () => socket.write(logIn(format)));
  let got = 0;
  socket.on('data', (chunk) => {
    got += chunk.length;
    if (got >= total) for (let n = 0; n < count; n++) seen(undefined);
  });
  return () => socket.destroy();
};

const sizes = new Map<string, Promise<number>>();
function sizeOf({ port, format, count }: Pick<Job, 'port' | 'format' | 'count'>): Promise<number> {
  const key = `${port} ${format}`;
  let size = sizes.get(key);
  size ??= new Promise<number>((resolve) => {
    let left = count;
    let got = 0;
    const socket = connect(port, '127.0.0.1', () => socket.write(logIn(format)));
    findFrames(socket, (length, isEvent) => {
      got += length;
      if (isEvent) left -= 1;
      if (left > 0) return;
      socket.destroy();
      resolve(got);
    });
  });
  sizes.set(key, size);
  return size;
}

const END = Buffer.from('\n\n');
const LENGTH = Buffer.from('Content-Length: ');

/** The least that anyone must do: find where frames end, reading nothing but Content-Length. */
function findFrames(socket: ReturnType<typeof connect>, found: (bytes: number, isEvent: boolean) => void): void {
  let rest = Buffer.alloc(0);
  let frames = 0;
  socket.on('data', (chunk: Buffer) => {
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (;;) {
      const end = all.indexOf(END, from);
      if (end < 0) break;
      const at = all.indexOf(LENGTH, from);
      let size = 0;
      if (at >= 0 && at < end) {
        for (let digit = at + LENGTH.length; all[digit] !== 0x0a; digit++) size = size * 10 + (all[digit] ?? 0) - 0x30;
      }
      const next = end + END.length + size;
      if (next > all.length) break;
      frames += 1;
      found(next - from, frames > PREAMBLE);
      from = next;
    }
    rest = Buffer.from(all.subarray(from));
  });
}

const floor: Reader = async ({ port, format }, seen) => {
  const socket = connect(port, '127.0.0.1', () => socket.write(logIn(format)));
  findFrames(socket, (_, isEvent) => {
    if (isEvent) seen(undefined);
  });
  return () => socket.destroy();
};

/** What a driver reads of every event of a channel. */
const twelve = [
  'Event-Name',
  'Unique-ID',
  'Channel-Name',
  'Channel-State',
  'Channel-Call-State',
  'Answer-State',
  'Call-Direction',
  'Caller-Caller-ID-Name',
  'Caller-Caller-ID-Number',
  'Caller-Destination-Number',
  'variable_sip_call_id',
] as const;

const distinct = distinctEvents();
const firstOf = distinct.map((headers) => new Map(headers));
let differences = 0;
let length = 0;

/** The whole client, reading twelve headers of each event by name. */
const cordboardTwelve: Reader = async ({ port, format }, seen) => {
  const client = await connectEsl({ port, password: 'ClueCon', format });
  client.on('*', (event) => {
    for (const name of twelve) length += event.get(name)?.length ?? 0;
    seen(event.get(SEQUENCE));
  });
  client.subscribe({ events: ['ALL'] }).catch(() => undefined);
  return () => client.close();
};

/** The whole client, reading every header of each event and comparing it with what was sent. */
const cordboardAll: Reader = async ({ port, format }, seen) => {
  const client = await connectEsl({ port, password: 'ClueCon', format });
  let index = 0;
  client.on('*', (event) => {
    const wanted = distinct[index % distinct.length] ?? [];
    let at = 0;
    let seq: string | undefined;
    event.each((name, value) => {
      const pair = wanted[at];
      at += 1;
      if (pair === undefined || name !== pair[0]) differences += 1;
      else if (name === SEQUENCE) seq = value;
      else if (value !== pair[1]) differences += 1;
    });
    if (at !== wanted.length) differences += 1;
    index += 1;
    seen(seq);
  });
  client.subscribe({ events: ['ALL'] }).catch(() => undefined);
  return () => client.close();
};

const { default: modesl } = await import('modesl');
const modeslReader: Reader = async ({ port, format }, seen) => {
  const connection = new modesl.Connection('127.0.0.1', port, 'ClueCon', () => {
    connection.on('esl::event::*::*', (event) => {
      const seq = event.getHeader(SEQUENCE);
      if (typeof seq === 'string') seen(seq);
    });
    connection.events(format, 'all', () => undefined);
  });
  return () => connection.disconnect();
};

const { FreeSwitchClient } = await import('esl');
const quiet = { debug: () => undefined, info: () => undefined, error: () => undefined };
const eslReader: Reader = async ({ port }, seen) => {
  const client = new FreeSwitchClient({ host: '127.0.0.1', port, password: 'ClueCon', logger: quiet });
  client.on('connect', (call) => {
    for (const name of eventNames) call.on(name, ({ body }) => seen(String(body[SEQUENCE])));
    call.event_json('ALL').catch(() => undefined);
  });
  client.connect();
  return () => client.end();
};

const readers: Readonly<Record<string, Reader>> = {
  bytes,
  floor,
  twelve: cordboardTwelve,
  all: cordboardAll,
  modesl: modeslReader,
  esl: eslReader,
};

async function measure(reader: Reader, job: Job): Promise<void> {
  let used = 0;
  let outOfOrder = 0;
  if (reader === bytes) await sizeOf(job);
  for (let round = 0; round < job.rounds; round++) {
    let got = 0;
    let done: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      done = resolve;
    });
    const before = cpuUs();
    const close = await reader(job, (seq) => {
      if (seq !== undefined && Number(seq) !== got) outOfOrder += 1;
      got += 1;
      if (got === job.count) done();
    });
    await ended;
    used += cpuUs() - before;
    await close();
  }
  // What was read must have been there, or its cost means nothing.
  if (reader === cordboardTwelve) {
    const wanted = firstOf.reduce(
      (sum, map) => sum + twelve.reduce((each, name) => each + (map.get(name)?.length ?? 0), 0),
      0,
    );
    if (Math.abs(length / (job.rounds * job.count) - wanted / distinct.length) > wanted / distinct.length / 100)
      differences += 1;
    length = 0;
  }
  tellParent({ type: 'measured', usPerEvent: used / job.count / job.rounds, outOfOrder, differences });
}

const reader = readers[process.argv[2] ?? ''];
if (!reader) throw new Error(`no contender is called ${process.argv[2]}`);
process.on('message', (job: Job) => {
  measure(reader, job).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
tellParent({ type: 'ready' });
