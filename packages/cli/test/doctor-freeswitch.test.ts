import { createServer, type Socket } from 'node:net';
import { freeswitch } from '@cordboard/adapters-freeswitch';
import { afterEach, expect, test } from 'vitest';
import { DRIVERS } from '../src/commands/serve.js';
import { examine } from '../src/doctor/doctor.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const PROFILES =
  '<configuration name="conference.conf"><profiles><profile name="cordboard"/></profiles></configuration>';
const ENTRY =
  '<extension name="in"><condition field="cordboard_until &gt; strepoch" expression="^here$"><action application="set" data="cordboard=trunk:a"/><action application="sched_transfer" data="+30 x"/><action application="park"/></condition></extension>';
const FALLBACK =
  '<extension name="out"><condition field="destination_number" expression="^cordboard-fallback$"><action application="answer"/></condition></extension>';

/** What a switch with everything answers to each question. */
const EVERYTHING: Readonly<Record<string, string>> = {
  version: 'FreeSWITCH Version 1.10.12-release~64bit (-release 64bit)\n',
  module_exists: 'true',
  'global_getvar cordboard_until': '-ERR no reply\n',
  'xml_locate configuration configuration name conference.conf': PROFILES,
  'xml_locate dialplan context name public': `<context name="public">${ENTRY}</context>`,
  'xml_locate dialplan context name default': `<context name="default">${FALLBACK}</context>`,
  'xml_locate dialplan context name cordboard-transfer':
    '<context name="cordboard-transfer"><extension name="k"><condition><action application="park"/></condition></extension></context>',
};

/** An event socket that answers questions from a table. */
async function eventSocket(answers: Readonly<Record<string, string>>, greeting = 'Content-Type: auth/request\n\n') {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write(greeting);
    if (greeting.includes('rude')) socket.end();
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (line.startsWith('auth ')) {
          const ok = line === 'auth right';
          socket.write(`Content-Type: command/reply\nReply-Text: ${ok ? '+OK accepted' : '-ERR invalid'}\n\n`);
          continue;
        }
        const asked = line.replace(/^api /u, '');
        const answer = answers[asked] ?? answers[asked.split(' ')[0] ?? ''] ?? '-ERR Command not found!\n';
        socket.write(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(answer)}\n\n${answer}`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function look(port: number, password = 'right'): Promise<Record<string, string>> {
  const options = { esl: { host: '127.0.0.1', port, password } };
  const [report] = await examine([{ id: 'main', driver: 'freeswitch', options }], 30_000);
  return Object.fromEntries((report?.findings ?? []).map(({ id, level }) => [id, level]));
}

test('a switch with everything is in order', async () => {
  expect(await look(await eventSocket(EVERYTHING))).toEqual({
    'esl.reach': 'ok',
    'esl.login': 'ok',
    'esl.version': 'ok',
    'esl.modules': 'ok',
    'esl.conference': 'ok',
    'dialplan.entry': 'ok',
    'dialplan.lease': 'ok',
    'dialplan.fallback': 'ok',
    'dialplan.transfer': 'ok',
    'esl.server': 'ok',
  });
});

test.each([
  ['an old version', { version: 'FreeSWITCH Version 1.8.7\n' }, { 'esl.version': 'failed' }],
  ['a missing module', { 'module_exists mod_conference': 'false' }, { 'esl.modules': 'failed' }],
  [
    'no conference profile',
    { 'xml_locate configuration configuration name conference.conf': PROFILES.replace('cordboard', 'default') },
    { 'esl.conference': 'failed' },
  ],
  [
    'no entry',
    { 'xml_locate dialplan context name public': '<context name="public"/>' },
    { 'dialplan.entry': 'failed' },
  ],
  [
    'no fallback',
    { 'xml_locate dialplan context name default': '<context name="default"/>' },
    { 'dialplan.fallback': 'failed' },
  ],
  ['no rights', { version: '-ERR x', module_exists: '-ERR x' }, { 'esl.version': 'unknown', 'esl.modules': 'unknown' }],
])('%s is found', async (_what, answers, expected) => {
  expect(await look(await eventSocket({ ...EVERYTHING, ...answers }))).toMatchObject(expected);
});

test('a wrong password, an access list and a port where nobody listens are told apart', async () => {
  expect(await look(await eventSocket(EVERYTHING), 'wrong')).toEqual({ 'esl.reach': 'ok', 'esl.login': 'failed' });
  const rude = 'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n';
  expect(await look(await eventSocket(EVERYTHING, rude))).toEqual({ 'esl.reach': 'failed' });
  const port = await eventSocket(EVERYTHING);
  for (const close of closing.splice(0)) close();
  expect(await look(port)).toEqual({ 'esl.reach': 'failed' });
});

test('a wrong option is named by its path, in code as in a file', () => {
  for (const make of [freeswitch, DRIVERS.freeswitch]) {
    expect(() => make?.({ esl: { host: 'pbx', password: 'x', port: 0 } })).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining('option esl.port') }),
    );
  }
});
