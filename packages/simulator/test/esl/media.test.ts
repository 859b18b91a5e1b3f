import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type EslFace, type EslFaceOptions, eslFace, setHabit } from '../../src/index.js';
import { dial, type RawClient } from './client.js';

const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';
const C = '33333333-3333-4333-8333-333333333333';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A face, a client that hears all, and phones 1000, 1001, 1002 parked as A, B, C. */
async function parked(options: EslFaceOptions = {}): Promise<{ face: EslFace; client: RawClient }> {
  const face = eslFace({ extensions: ['1000', '1001', '1002'], orders: 'plain', ...options });
  open.push(face);
  await face.listen();
  for (const phone of face.pbx.extensions) setHabit(face, phone, { after: 50 });
  const client = await dial(face.port);
  open.push(client);
  client.send('auth ClueCon\n\nevent plain all\n\n');
  [A, B, C].forEach((uuid, n) => {
    client.send(`bgapi originate {origination_uuid=${uuid}}user/100${n} &park()\n\n`);
  });
  await face.until(() => client.names().filter((name) => name === 'CHANNEL_PARK').length === 3, 5_000);
  return { face, client };
}

const execute = (uuid: string, app: string, more: readonly string[] = []): string =>
  [`sendmsg ${uuid}`, 'call-command: execute', `execute-app-name: ${app}`, ...more, '', ''].join('\n');

/** Names and one header of the events of a channel since a point. */
const told = (client: RawClient, from: number, names: readonly string[], header = 'Application-UUID'): string[] =>
  client.events
    .slice(from)
    .filter((event) => names.includes(event.get('Event-Name') ?? ''))
    .map((event) => `${event.get('Event-Name')?.replace('CHANNEL_', '')} ${event.get(header) ?? ''}`.trim());

describe('applications by message', () => {
  test('nest without a lock, queue with one', async () => {
    const { face, client } = await parked();
    const run = async (lock: readonly string[]): Promise<string[]> => {
      const from = client.events.length;
      [300, 200, 100].forEach((ms, n) => {
        client.send(
          execute(A, 'playback', [`execute-app-arg: tone_stream://%(${ms},0,600)`, `Event-UUID: ${n}`, ...lock]),
        );
      });
      await face.pass(2_000);
      return told(client, from, ['CHANNEL_EXECUTE', 'CHANNEL_EXECUTE_COMPLETE']);
    };
    const name = ['EXECUTE', 'EXECUTE_COMPLETE'] as const;
    expect(await run([])).toEqual([
      ...['0', '1', '2'].map((id) => `${name[0]} ${id}`),
      ...['2', '1', '0'].map((id) => `${name[1]} ${id}`),
    ]);
    expect(await run(['event-lock: true'])).toEqual(
      ['0', '1', '2'].flatMap((id) => [`${name[0]} ${id}`, `${name[1]} ${id}`]),
    );
  });

  test('a leg that is taken out of a locked one takes further ones: music of a hold, then another music where it is parked', async () => {
    const { face, client } = await parked();
    client.send(`api uuid_bridge ${A} ${B}\n\n`);
    await face.pass(300);
    const [leg] = [...face.pbx.party('1000').legs];
    if (leg === undefined) throw new Error('no leg');
    face.pbx.phoneHold(leg, 'hold');
    await face.pass(300);
    client.send(`api uuid_transfer ${B} park inline\n\n`);
    await face.pass(300);
    const lock = ['event-lock: true'];
    for (const id of ['first', 'second']) {
      client.send(
        execute(B, 'playback', ['execute-app-arg: tone_stream://%(200,0,500)', `Event-UUID: ${id}`, ...lock]),
      );
    }
    await face.pass(2_000);
    expect(told(client, 0, ['PLAYBACK_START'], 'Playback-File-Path')).toEqual([
      'PLAYBACK_START local_stream://moh',
      'PLAYBACK_START tone_stream://%(200,0,500)',
      'PLAYBACK_START tone_stream://%(200,0,500)',
    ]);
  });

  test('a break of all drops what waits behind a lock, a break does not', async () => {
    const { face, client } = await parked();
    const broken = async (all: string): Promise<string[]> => {
      const from = client.events.length;
      for (const id of ['first', 'second']) {
        client.send(execute(A, 'playback', ['execute-app-arg: long.wav', `Event-UUID: ${id}`, 'event-lock: true']));
      }
      await face.pass(300);
      client.send(`api uuid_break ${A}${all}\n\n`);
      await face.pass(300);
      return told(client, from, ['CHANNEL_EXECUTE', 'CHANNEL_EXECUTE_COMPLETE']);
    };
    expect(await broken(' all')).toEqual(['EXECUTE first', 'EXECUTE_COMPLETE first']);
    expect(await broken('')).toEqual(['EXECUTE first', 'EXECUTE_COMPLETE first', 'EXECUTE second']);
  });

  test('one that does not exist ends the call; a leg that is gone is refused', async () => {
    const { face, client } = await parked();
    client.send(execute(A, 'nosuch'));
    await face.pass(1_000);
    const end = client.events.find((event) => event.get('Event-Name') === 'CHANNEL_HANGUP');
    expect([end?.get('Unique-ID'), end?.get('Hangup-Cause')]).toEqual([A, 'DESTINATION_OUT_OF_ORDER']);
    client.send(execute(A, 'playback'));
    await face.pass(0);
    expect(client.replies.at(-1)).toBe(`-ERR invalid session id [${A}]`);
  });

  test('a missing file, a break, and the end of the call each show in their own way', async () => {
    const { face, client } = await parked();
    const from = client.events.length;
    client.send(execute(A, 'playback', ['execute-app-arg: /no/such/file.wav', 'Event-UUID: missing']));
    client.send(execute(B, 'playback', ['execute-app-arg: long.wav', 'Event-UUID: broken']));
    await face.pass(300);
    client.send(`api uuid_break ${B} all\n\n`);
    await face.pass(300);
    expect(told(client, from, ['CHANNEL_EXECUTE_COMPLETE'], 'Application-Response')).toEqual([
      'EXECUTE_COMPLETE FILE NOT FOUND',
      'EXECUTE_COMPLETE FILE PLAYED',
    ]);
    expect(told(client, from, ['PLAYBACK_STOP'], 'Playback-Status')).toEqual(['PLAYBACK_STOP break']);
  });

  test('keys are collected into a variable, ended by a terminator, and a shortage fails', async () => {
    const { face, client } = await parked();
    const plan = (variable: string): readonly string[] => [
      `execute-app-arg: 2 4 1 1000 # tone_stream://%(200,0,500) silence ${variable} \\d+`,
      `Event-UUID: ${variable}`,
    ];
    client.send(execute(A, 'play_and_get_digits', plan('first')));
    await face.pass(50);
    const [leg] = [...face.pbx.party('1000').legs];
    for (const digit of ['4', '2', '#']) if (leg !== undefined) face.pbx.press(leg, digit);
    await face.pass(100);
    client.send(`api uuid_getvar ${A} first\n\n`);
    client.send(execute(A, 'play_and_get_digits', plan('second')));
    await face.pass(3_000);
    client.send(`api uuid_getvar ${A} read_result\n\n`);
    await face.pass(0);
    expect(client.replies.filter((reply) => ['42', 'failure'].includes(reply))).toEqual(['42', 'failure']);
    expect(told(client, 0, ['DTMF'], 'DTMF-Digit')).toEqual(['DTMF 4', 'DTMF 2', 'DTMF #']);
  });
});

describe('recording', () => {
  test('writes the sound that there was, and only below its folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordboard-esl-'));
    open.push({ close: () => rmSync(folder, { recursive: true, force: true }) });
    const { face, client } = await parked({ recordings: folder });
    const inside = join(folder, 'day', 'a.wav');
    const outside = join(folder, '..', `cordboard-outside-${process.pid}.wav`);
    client.send(`api uuid_record ${A} start ${inside}\n\napi uuid_record ${A} start ${outside}\n\n`);
    await face.pass(1_000);
    client.send(`api uuid_record ${A} stop all\n\n`);
    await face.pass(100);
    expect(client.names().filter((name) => name === 'RECORD_STOP')).toHaveLength(2);
    const bytes = readFileSync(inside);
    expect(bytes.subarray(0, 4).toString()).toBe('RIFF');
    expect(bytes.length).toBeGreaterThan(8_000);
    expect(() => readFileSync(outside)).toThrow();
  });
});

describe('more than two', () => {
  test('a conference: three members hear each other, one is muted and kicked, the last one ends it', async () => {
    const { face, client } = await parked();
    for (const uuid of [A, B, C]) client.send(`api uuid_transfer ${uuid} conference:room inline\n\n`);
    await face.pass(500);
    const [room] = face.pbx.bridges.values();
    expect(room?.members.length).toBe(3);
    client.send('api conference room mute 2\n\napi conference room kick 1\n\n');
    await face.pass(500);
    expect(told(client, 0, ['CUSTOM'], 'Action').slice(-3)).toEqual([
      'CUSTOM mute-member',
      'CUSTOM kick-member',
      'CUSTOM del-member',
    ]);
    client.send('api hupall\n\n');
    await face.pass(500);
    expect(told(client, 0, ['CUSTOM'], 'Action').at(-1)).toBe('CUSTOM conference-destroy');
    expect(face.sw.channels.size).toBe(0);
  });

  test('eavesdrop listens, whispers and barges by keys, and ends with the call', async () => {
    const { face, client } = await parked();
    client.send(`api uuid_bridge ${A} ${B}\n\n`);
    await face.pass(200);
    client.send(execute(C, 'eavesdrop', [`execute-app-arg: ${A}`]));
    await face.pass(200);
    const boss = face.sw.channels.get(C);
    expect(boss?.leg.monitor?.mode).toBe('listen');
    client.send(`api uuid_recv_dtmf ${C} 3\n\n`);
    await face.pass(400);
    expect(boss?.leg.monitor?.mode).toBe('barge');
    client.send(`api uuid_kill ${A}\n\n`);
    await face.pass(1_000);
    expect(boss?.leg.monitor).toBeUndefined();
    expect(client.names(A)).toContain('MEDIA_BUG_STOP');
  });

  test('hold plays music to the partner until it ends; a second hold fails, a dead one does not', async () => {
    const { face, client } = await parked();
    client.send(`api uuid_bridge ${A} ${B}\n\n`);
    await face.pass(200);
    client.send(`api uuid_hold ${A}\n\napi uuid_hold ${A}\n\napi uuid_hold nobody\n\n`);
    await face.pass(200);
    expect(client.replies.slice(-3)).toEqual(['+OK Success\n', '-ERR Operation failed\n', '+OK Success\n']);
    expect(face.sw.channels.get(B)?.sounds.map(({ path }) => path)).toEqual(['local_stream://moh']);
    client.send(`api uuid_hold off ${A}\n\n`);
    await face.pass(200);
    expect(face.sw.channels.get(B)?.sounds).toEqual([]);
    expect(client.names(A).filter((name) => name.endsWith('HOLD'))).toEqual(['CHANNEL_HOLD', 'CHANNEL_UNHOLD']);
  });
});
