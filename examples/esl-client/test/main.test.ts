import { systemClock } from '@cordboard/driver-kit';
import { afterEach, expect, test } from 'vitest';
import { eslFace, setHabit } from '../../../packages/simulator/src/index.js';
import { callAndPlay } from '../call.js';
import { event, playPeer, reply } from './peer.js';

const UUID = '5b0f4c6a-2f51-4a0e-9a3e-6d0c1d6f7a10';
const logIn = [
  { asked: 'auth ClueCon', says: () => [reply('+OK accepted')] },
  { asked: 'event plain', says: () => [reply('+OK event listener enabled plain')] },
  { asked: 'event plain', says: () => [reply('+OK event listener enabled plain')] },
];
const bye = { asked: 'exit', says: () => [reply('+OK bye')] };
const job = (id: string, text: string): string[] => [
  reply(`+OK Job-UUID: ${id}\nJob-UUID: ${id}`),
  event({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': id, 'Job-Command': 'originate' }, text),
];

let stop: () => unknown = () => undefined;
afterEach(() => stop());

test('calls, plays a file and tells how it ended', async () => {
  const peer = await playPeer([
    ...logIn,
    { asked: 'bgapi originate', says: (id) => job(id, `+OK ${UUID}\n`) },
    {
      asked: `sendmsg ${UUID}`,
      says: () => [
        reply('+OK'),
        event({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', 'Unique-ID': 'another', 'Hangup-Cause': 'USER_BUSY' }),
        event({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', 'Unique-ID': UUID, 'Hangup-Cause': 'NORMAL_CLEARING' }),
      ],
    },
    bye,
  ]);
  stop = peer.stop;
  const ended = await callAndPlay({ password: 'ClueCon', port: peer.port, dial: 'user/1000', file: 'welcome.wav' });
  expect(ended).toBe('NORMAL_CLEARING');
  const sendmsg = peer.asked.find((command) => command.startsWith('sendmsg'));
  expect(sendmsg?.split('\n').slice(1, 4)).toEqual([
    'call-command: execute',
    'execute-app-name: playback',
    'execute-app-arg: welcome.wav',
  ]);
});

test('tells what FreeSWITCH says when there is nobody to call', async () => {
  const peer = await playPeer([
    ...logIn,
    { asked: 'bgapi originate', says: (id) => job(id, '-ERR USER_NOT_REGISTERED\n') },
    bye,
  ]);
  stop = peer.stop;
  const said = await callAndPlay({ password: 'ClueCon', port: peer.port, dial: 'user/1999', file: 'welcome.wav' });
  expect(said).toBe('-ERR USER_NOT_REGISTERED');
});

test('hangs up after the file, on the simulated switch', async () => {
  const face = eslFace({ clock: systemClock, extensions: ['1000'], soundMs: () => 300 });
  stop = () => face.close();
  const { host, port } = await face.listen();
  for (const phone of face.pbx.extensions) setHabit(face, phone, { after: 50 });
  expect(await callAndPlay({ host, port, password: 'ClueCon', dial: 'user/1000', file: 'welcome.wav' })).toBe(
    'NORMAL_CLEARING',
  );
  expect([...face.sw.channels.values()].filter((channel) => channel.isUp)).toEqual([]);
});

test('tells where nobody listens', async () => {
  const peer = await playPeer([]);
  peer.stop();
  const call = callAndPlay({ password: 'ClueCon', port: peer.port, dial: 'user/1000', file: 'welcome.wav' });
  await expect(call).rejects.toThrow(`nothing listens on 127.0.0.1:${peer.port}`);
});
