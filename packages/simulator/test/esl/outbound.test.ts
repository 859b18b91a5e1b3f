import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type EslFace, eslFace, setHabit } from '../../src/index.js';
import { header, RawClient } from './client.js';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A face whose number 8400 leads to a server of ours. */
async function start(flags: string, serve: (client: RawClient) => void): Promise<EslFace> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    serve(new RawClient(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  const face = eslFace({
    extensions: ['1000', '1001'],
    orders: 'plain',
    dialplan: [
      { number: '8400', apps: ['answer', ['socket', `127.0.0.1:${port} ${flags}`], ['set', 'went_on=true'], 'park'] },
    ],
  });
  open.push(face);
  await face.listen();
  for (const phone of face.pbx.extensions) setHabit(face, phone, { after: 100 });
  return face;
}

const call = (face: EslFace): void => void face.pbx.dial(face.pbx.party('13800138000'), '8400');
const only = (face: EslFace) => [...face.sw.channels.values()][0];

describe('the outbound socket', () => {
  test('connect is answered with the whole channel, the frame’s own headers among the last, percent-encoded', async () => {
    let client: RawClient | undefined;
    const face = await start('async full', (made) => {
      client = made;
      made.send('connect\n\n');
    });
    call(face);
    await face.pass(500);
    const [frame] = client?.frames ?? [];
    const names = frame?.headers.map(([name]) => name) ?? [];
    expect(names[0]).toBe('Event-Name');
    expect(names.slice(-4)).toEqual(['Content-Type', 'Reply-Text', 'Socket-Mode', 'Control']);
    expect(names).not.toContain('Content-Length');
    expect(frame === undefined ? '' : header(frame, 'Reply-Text')).toBe('%2BOK%0A');
    for (const name of ['Unique-ID', 'Caller-Unique-ID', 'Channel-Unique-ID']) expect(names).toContain(name);
  });

  test('a first command that is not connect is taken without an answer', async () => {
    let client: RawClient | undefined;
    const face = await start('async full', (made) => {
      client = made;
      made.send('api status\n\napi uuid_exists x\n\n');
    });
    call(face);
    await face.pass(500);
    expect(client?.replies).toEqual(['false']);
  });

  test('without full there is no api, no event, no linger; myevents, filter, getvar and sendmsg work', async () => {
    let client: RawClient | undefined;
    const face = await start('async', (made) => {
      client = made;
      made.send(
        'connect\n\nlinger\n\napi status\n\nevent plain all\n\nmyevents\n\nfilter A b\n\ngetvar uuid\n\ngetvar nosuch\n\nresume\n\n',
      );
    });
    call(face);
    await face.pass(500);
    const missing = '-ERR command not found';
    expect(client?.replies.slice(1)).toEqual([
      missing,
      missing,
      missing,
      '+OK Events Enabled',
      '+OK filter added. [A]=[b]',
      only(face)?.uuid,
      missing,
      '+OK',
    ]);
  });

  test.each([
    ['ends the call', '', undefined, 0],
    ['lets the dialplan go on where it said resume', 'resume\n\n', 'true', 1],
  ])('a client that goes after connect %s', async (_what, resume, wentOn, left) => {
    let client: RawClient | undefined;
    const face = await start('async full', (made) => {
      client = made;
      made.send(`connect\n\n${resume}`);
    });
    call(face);
    await face.until(() => (client?.replies.length ?? 0) > (resume === '' ? 0 : 1), 1_000);
    client?.close();
    await face.pass(2_000);
    expect(only(face)?.get('went_on')).toBe(wentOn);
    expect(face.sw.channels.size).toBe(left);
  });

  test('nobody listens: the dialplan goes on', async () => {
    const face = eslFace({
      orders: 'plain',
      dialplan: [
        { number: '8400', apps: ['answer', ['socket', '127.0.0.1:1 async full'], ['set', 'went_on=true'], 'park'] },
      ],
    });
    open.push(face);
    await face.listen();
    call(face);
    await face.until(() => only(face)?.get('went_on') === 'true', 2_000);
    expect(only(face)?.app?.name).toBe('park');
  });

  test('linger keeps the socket after the end of the call; a time bounds it', async () => {
    let client: RawClient | undefined;
    const face = await start('async full', (made) => {
      client = made;
      made.send('connect\n\nmyevents\n\nlinger 2\n\nsendmsg\ncall-command: hangup\nhangup-cause: USER_BUSY\n\n');
    });
    call(face);
    await face.pass(500);
    const notices = (): (string | undefined)[] =>
      (client?.frames ?? [])
        .filter((frame) => header(frame, 'Content-Type') === 'text/disconnect-notice')
        .map((frame) => `${header(frame, 'Content-Disposition')} ${header(frame, 'Linger-Time') ?? ''}`.trim());
    expect(notices()).toEqual(['linger 2']);
    expect(client?.names()).toContain('CHANNEL_HANGUP_COMPLETE');
    expect(client?.state).toBe('open');
    await face.pass(3_500);
    expect(notices()).toEqual(['linger 2', 'disconnect']);
    expect(client?.state).toBe('ended');
  });

  test('in sync mode the reply to sendmsg comes after the application', async () => {
    let client: RawClient | undefined;
    const face = await start('full', (made) => {
      client = made;
      made.send(
        'connect\n\nsendmsg\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: tone_stream://%(800,0,600)\n\n',
      );
    });
    call(face);
    await face.pass(500);
    expect(client?.replies).toHaveLength(1);
    await face.pass(1_000);
    expect(client?.replies.slice(1)).toEqual(['+OK']);
  });
});
