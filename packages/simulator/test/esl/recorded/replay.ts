import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { DialplanRule } from '../../../src/index.js';
import { type EslFace, eslFace } from '../../../src/index.js';
import { framesOf, type SeenFrame } from './frames.js';
import { readTrace } from './trace.js';

/** The channel's own id, as a dialplan writes it. */
const OWN_ID = '$'.concat('{uuid}');

const LOCAL_EXTENSION: DialplanRule = {
  number: '/^(10[01][0-9])$/',
  apps: [
    ['export', 'dialed_extension=$1'],
    ['bind_meta_app', '1 b s execute_extension::dx XML features'],
    ['bind_meta_app', `2 b s record_session::/tmp/fslab/rec-${OWN_ID}.wav`],
    ['bind_meta_app', '4 b s execute_extension::att_xfer XML features'],
    ['set', 'ringback=%(2000,4000,440,480)'],
    ['set', 'transfer_ringback=local_stream://moh'],
    ['set', 'call_timeout=30'],
    ['set', 'hangup_after_bridge=true'],
    ['set', 'continue_on_fail=false'],
    ['bridge', 'user/$1@127.0.0.1'],
  ],
};

const DIALPLAN: readonly DialplanRule[] = [
  LOCAL_EXTENSION,
  { number: '3000', apps: ['answer', ['conference', '3000@default']] },
  {
    number: '8200',
    apps: [
      'answer',
      ['sleep', '200'],
      ['playback', 'tone_stream://%(300,100,1000)'],
      ['record', `/tmp/fslab/vm-${OWN_ID}.wav 20 20`],
    ],
  },
  {
    number: '8300',
    apps: [
      'answer',
      ['playback', 'tone_stream://%(300,100,800)'],
      [
        'play_and_get_digits',
        '1 4 2 5000 # tone_stream://%(500,100,600) tone_stream://%(200,100,300) lab_digits \\d+ 3000',
      ],
      ['playback', 'tone_stream://%(300,100,1200)'],
      'hangup',
    ],
  },
];

/** A face with the telephones of the recordings' set-up: who answers, who is busy, who refuses. */
export function recordedSite(orders: 'plain' | 'drawn', seed: number, more: readonly DialplanRule[] = []): EslFace {
  const extensions = Array.from({ length: 20 }, (_, n) => `10${String(n).padStart(2, '0')}`);
  const face = eslFace({
    extensions,
    dialplan: [...more, ...DIALPLAN],
    orders,
    seed,
    users: {
      '1000@127.0.0.1': { password: 'esl1000' },
      '1001@127.0.0.1': {
        password: 'esl1001',
        events: ['CHANNEL_CREATE', 'CHANNEL_ANSWER', 'CHANNEL_HANGUP_COMPLETE', 'BACKGROUND_JOB'],
        api: ['status', 'uptime', 'version', 'bgapi'],
        log: 'denied',
      },
    },
  });
  const { pbx, clock } = face;
  for (const phone of pbx.extensions) {
    const { address } = phone;
    phone.hooks = {
      ringing: (leg) => {
        if (address === '1011') return;
        if (address === '1010') return pbx.end(leg, 'busy', { q850: 17 });
        if (address === '1014') return pbx.end(leg, 'unallocatedNumber', { q850: 1 });
        clock.setTimer(150, () => {
          if (address === '1012') return pbx.hangUp(leg);
          pbx.lift(leg);
          if (address === '1013') clock.setTimer(1_200, () => pbx.hangUp(leg));
          if (address === '1015') {
            clock.setTimer(1_500, () => pbx.phoneHold(leg, 'hold'));
            clock.setTimer(3_500, () => pbx.phoneHold(leg, 'retrieve'));
            clock.setTimer(5_000, () => pbx.hangUp(leg));
          }
        });
      },
    };
  }
  pbx.setRegistered(pbx.party('1017'), 'unregistered');
  return face;
}

/** What was said on each connection of a dialogue. */
export interface Dialogue {
  readonly frames: ReadonlyMap<string, readonly SeenFrame[]>;
}

/** The dialogue as it was recorded. */
export function recorded(name: string): Dialogue {
  const bytes = new Map<string, Buffer[]>();
  for (const step of readTrace(name)) {
    if (step.kind !== 's2c') continue;
    const chunks = bytes.get(step.conn) ?? [];
    chunks.push(step.bytes);
    bytes.set(step.conn, chunks);
  }
  return { frames: new Map([...bytes].map(([conn, chunks]) => [conn, framesOf(Buffer.concat(chunks))])) };
}

/** The same bytes said to the face at the same times. */
export async function replay(face: EslFace, name: string): Promise<Dialogue> {
  await face.listen();
  const sockets = new Map<string, { socket: Socket; chunks: Buffer[]; sent: number }>();
  let nowMs = 0;
  for (const step of readTrace(name)) {
    if (step.kind === 's2c' || step.mode === 'outbound') continue;
    // A real client waits for what it is told; on the face all of it is told by then, with a little to spare.
    const waitMs = Math.max(0, step.atMs - nowMs);
    await face.pass(waitMs);
    nowMs = Math.max(nowMs, step.atMs);
    if (step.kind === 'open') {
      const socket = connect({ host: '127.0.0.1', port: face.port });
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => undefined);
      sockets.set(step.conn, { socket, chunks, sent: 0 });
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', () => resolve());
        socket.once('error', reject);
      });
    } else if (step.kind === 'c2s') {
      const link = sockets.get(step.conn);
      // A client sends the next command when the last one has been answered; the face may be slower than the real one was.
      await face.until(() => link === undefined || answers(link.chunks) >= link.sent, 1_500);
      if (link !== undefined) link.sent += commandsIn(step.bytes);
      link?.socket.write(step.bytes);
    } else if (step.by === 'client') sockets.get(step.conn)?.socket.end();
    await face.pass(0);
  }
  await face.pass(1_000);
  for (const { socket } of sockets.values()) socket.destroy();
  return { frames: new Map([...sockets].map(([conn, { chunks }]) => [conn, framesOf(Buffer.concat(chunks))])) };
}

function answers(chunks: readonly Buffer[]): number {
  let count = 0;
  for (const chunk of chunks) {
    for (const [type] of chunk.toString('latin1').matchAll(/Content-Type: (?:command\/reply|api\/response)/gu)) {
      if (type !== '') count++;
    }
  }
  return count;
}

/** Commands that begin in these bytes: heads between blank lines; a body counts as nothing. */
function commandsIn(bytes: Buffer): number {
  const heads = bytes.toString('latin1').split(/\r?\n\r?\n/u);
  return heads.filter((head) =>
    /^(api|bgapi|auth|event|filter|nix|no|exit|send|connect|linger|myevents|getvar|divert|resume)/iu.test(head.trim()),
  ).length;
}

/**
 * Outbound dialogues: the face is called to, dials a server, and hears the recorded bytes from it at the recorded times after the connection
 * was opened. What was said on inbound connections of the dialogue is left out.
 */
export async function replayOutbound(name: string, flags: string): Promise<Dialogue> {
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    accepted.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const face = recordedSite('plain', 1, [{ number: '8000', apps: [['socket', `127.0.0.1:${port} ${flags}`]] }]);
  await face.listen();
  const caller = connect({ host: '127.0.0.1', port: face.port });
  caller.on('error', () => undefined);
  caller.on('data', () => undefined);
  caller.write('auth ClueCon\n\n');
  const links = new Map<string, { socket: Socket; chunks: Buffer[]; openedMs: number; sent: number }>();
  for (const step of readTrace(name)) {
    if (step.kind === 'open' && step.mode === 'outbound') {
      const before = accepted.length;
      caller.write('bgapi originate user/1000 8000 XML default\n\n');
      await face.until(() => accepted.length > before, 3_000);
      const socket = accepted[before];
      if (socket === undefined) throw new Error('the face has not dialled');
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      links.set(step.conn, { socket, chunks, openedMs: face.clock.nowMs() - step.atMs, sent: 0 });
      continue;
    }
    const link = links.get(step.conn);
    if (link === undefined || step.kind === 's2c') continue;
    await face.pass(Math.max(0, link.openedMs + step.atMs - face.clock.nowMs()));
    if (step.kind === 'c2s') {
      await face.until(() => answers(link.chunks) >= link.sent, 500);
      link.sent += commandsIn(step.bytes);
      link.socket.write(step.bytes);
    } else if (step.by === 'client') link.socket.end();
    await face.pass(0);
  }
  await face.pass(1_000);
  await face.close();
  for (const { socket } of links.values()) socket.destroy();
  caller.destroy();
  await new Promise((resolve) => server.close(resolve));
  return { frames: new Map([...links].map(([conn, { chunks }]) => [conn, framesOf(Buffer.concat(chunks))])) };
}
