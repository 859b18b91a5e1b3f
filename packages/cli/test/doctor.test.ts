import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { examine } from '../src/doctor/doctor.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const modules = [
  ...['res_stasis', 'res_stasis_answer', 'res_stasis_playback', 'res_stasis_recording', 'res_stasis_snoop'],
  ...['res_stasis_device_state', 'res_ari', 'res_ari_applications', 'res_ari_asterisk', 'res_ari_bridges'],
  ...['res_ari_channels', 'res_ari_device_states', 'res_ari_endpoints', 'res_ari_events', 'res_ari_playbacks'],
  ...['res_ari_recordings', 'res_http_websocket', 'app_stasis', 'bridge_simple', 'bridge_softmix', 'bridge_holding'],
  ...['chan_bridge_media', 'chan_pjsip', 'res_pjsip_refer', 'res_musiconhold', 'format_wav'],
  ...['func_callerid', 'func_channel'],
];

interface Answers {
  readonly status?: number;
  readonly version?: string;
  readonly modules?: readonly string[];
  readonly write?: number;
}

async function ari(answers: Answers = {}): Promise<string> {
  const server: Server = createServer((request, response) => {
    const { url = '' } = request;
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Basic ${Buffer.from('cti:right').toString('base64')}`) send(401, {});
    else if (answers.status !== undefined) send(answers.status, {});
    else if (url === '/ari/asterisk/info') send(200, { system: { version: answers.version ?? '22.5.1' } });
    else if (url === '/ari/asterisk/modules') {
      send(
        200,
        (answers.modules ?? modules).map((name) => ({ name: `${name}.so`, status: 'Running' })),
      );
    } else if (request.method === 'DELETE') send(answers.write ?? 404, {});
    else send(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A manager port that answers actions by name, each with the lines given. */
async function ami(answers: Readonly<Record<string, string>>): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.write('Asterisk Call Manager/11.0.0\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const text = bytes.toString();
      const action = /Action: (\w+)/u.exec(text)?.[1] ?? '';
      const id = /ActionID: (\S+)/u.exec(text)?.[1] ?? '';
      const answer = answers[action];
      if (answer !== undefined) socket.write(answer.replaceAll('$ID', id).replaceAll('\n', '\r\n'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const ok = 'Response: Success\nActionID: $ID\nMessage: ok\n\n';
const step = (priority: number, application: string, data: string): string =>
  `Event: ListDialplan\nActionID: $ID\nContext: from-trunk\nExtension: _X.\nPriority: ${priority}\nApplication: ${application}\nAppData: ${data}\n\n`;
const plan = (...steps: string[]): string =>
  `Response: Success\nActionID: $ID\nEventList: start\n\n${steps.join('')}Event: ShowDialPlanComplete\nActionID: $ID\nEventList: Complete\n\n`;

/** @param boundMs - of each question; short where nobody answers */
async function look(options: object, boundMs = 30_000): Promise<Record<string, string>> {
  const [report] = await examine([{ id: 'main', driver: 'asterisk', options }], boundMs);
  return Object.fromEntries((report?.findings ?? []).map(({ id, level }) => [id, level]));
}

test('a switch with everything is in order', async () => {
  const port = await ami({
    Login: ok,
    ShowDialPlan: plan(step(1, 'Stasis', 'cordboard,trunk'), step(2, 'Dial', 'PJSIP/1')),
  });
  const found = await look({
    ari: { url: await ari(), user: 'cti', password: 'right' },
    ami: { host: '127.0.0.1', port, user: 'cti', secret: 'x' },
  });
  expect(found).toEqual({
    'ari.reach': 'ok',
    'ari.login': 'ok',
    'ari.version': 'ok',
    'ari.modules': 'ok',
    'ari.write': 'ok',
    'ari.application': 'ok',
    'ami.login': 'ok',
    'dialplan.entry': 'ok',
    'dialplan.fallback': 'ok',
  });
});

test.each([
  ['a wrong password', { ari: {}, password: 'wrong' }, { 'ari.login': 'failed' }],
  ['an old version', { ari: { version: '18.9.0' } }, { 'ari.version': 'failed' }],
  ['an old release of a new branch', { ari: { version: '22.4.1' } }, { 'ari.version': 'failed' }],
  ['a version to come', { ari: { version: '23.0.0' } }, { 'ari.version': 'ok' }],
  ['a missing module', { ari: { modules: modules.slice(1) } }, { 'ari.modules': 'failed' }],
  ['a user who may only look', { ari: { write: 403 } }, { 'ari.write': 'failed' }],
  ['a web server that is none of ours', { ari: { status: 404 } }, { 'ari.reach': 'failed' }],
])('%s is found', async (_what, { ari: answers, ...rest }, expected) => {
  const password = 'password' in rest ? rest.password : 'right';
  const found = await look({ ari: { url: await ari(answers), user: 'cti', password } });
  expect(found).toMatchObject({ ...expected, 'dialplan.fallback': 'unknown' });
});

test.each([
  ['no fallback', { Login: ok, ShowDialPlan: plan(step(1, 'Stasis', 'cordboard')) }, { 'dialplan.fallback': 'failed' }],
  ['a wrong secret', { Login: ok.replace('Success', 'Error') }, { 'ami.login': 'failed' }],
  ['no permission', { Login: ok, ShowDialPlan: ok.replace('Success', 'Error') }, { 'dialplan.fallback': 'unknown' }],
  ['a port that says nothing', {}, { 'ami.reach': 'failed' }],
])('%s at the manager port is found', async (_what, answers, expected) => {
  const port = await ami(answers as Record<string, string>);
  const found = await look(
    {
      ari: { url: await ari(), user: 'cti', password: 'right' },
      ami: { host: '127.0.0.1', port, user: 'cti', secret: 'x' },
    },
    'Login' in answers ? 30_000 : 2_000,
  );
  expect(found).toMatchObject(expected);
});

test('why a switch cannot be reached is told in words', async () => {
  const url = await ari();
  for (const close of closing.splice(0)) close();
  const textOf = async (options: object, boundMs = 30_000): Promise<string[]> => {
    const [report] = await examine([{ id: 'main', driver: 'asterisk', options }], boundMs);
    return (report?.findings ?? []).filter(({ level }) => level === 'failed').map(({ text }) => text);
  };
  const { host, port } = new URL(url);
  const account = { user: 'cti', password: 'right' };
  const manager = { host: '127.0.0.1', port: Number(port), user: 'cti', secret: 'x' };
  expect(await textOf({ ari: { url, ...account }, ami: manager })).toEqual([
    `${host} does not answer (nobody listens there, ECONNREFUSED)`,
    `the manager port ${host} cannot be used (nobody listens there, ECONNREFUSED)`,
  ]);
  expect(await textOf({ ari: { url: 'http://127.0.0.1:9', ...account } })).toEqual([
    '127.0.0.1:9 does not answer (web clients may not use this port)',
  ]);
  const silent = await ami({});
  const [text] = await textOf({ ari: { url: `http://127.0.0.1:${silent}`, ...account } }, 2_000);
  expect(text).toMatch(/does not answer \([a-z]/u);
  expect(text).not.toContain('Error');
});

test('a switch that is not there is found, and one of another kind is said to be unknown', async () => {
  const url = await ari();
  for (const close of closing.splice(0)) close();
  expect(await look({ ari: { url, user: 'cti', password: 'right' } })).toMatchObject({ 'ari.reach': 'failed' });
  const [report] = await examine([{ id: 'main', driver: () => undefined }], 1_000);
  expect(report?.findings).toMatchObject([{ id: 'switch.kind', level: 'unknown' }]);
});
