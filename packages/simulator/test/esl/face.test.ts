import { afterEach, describe, expect, test } from 'vitest';
import { type EslFace, type EslFaceOptions, eslFace } from '../../src/index.js';
import { dial, type RawClient } from './client.js';

const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(options: EslFaceOptions = {}): Promise<{ face: EslFace; client: RawClient }> {
  const face = eslFace({ extensions: ['1000', '1001', '1002'], orders: 'plain', ...options });
  open.push(face);
  await face.listen();
  for (const phone of face.pbx.extensions) {
    phone.hooks = { ringing: (leg) => void face.clock.setTimer(100, () => face.pbx.lift(leg)) };
  }
  const client = await dial(face.port);
  open.push(client);
  return { face, client };
}

async function started(options: EslFaceOptions = {}): Promise<{ face: EslFace; client: RawClient }> {
  const { face, client } = await start(options);
  client.send('auth ClueCon\n\nevent plain all\n\n');
  await face.pass(0);
  expect(client.replies).toEqual(['+OK accepted', '+OK event listener enabled plain']);
  return { face, client };
}

describe('the ESL face', () => {
  test('asks for a password, refuses a wrong one, takes the right one', async () => {
    const { face, client } = await start();
    client.send('api status\n\nauth wrong\n\n');
    await face.pass(0);
    expect(client.replies).toEqual(['-ERR command not found', '-ERR invalid']);
    expect(client.state).toBe('ended');
  });

  test('dials a phone, parks it and ends it, in the order of the recordings', async () => {
    const { face, client } = await started();
    client.send(`bgapi originate {origination_uuid=${A}}user/1000 &park()\n\n`);
    await face.pass(2_000);
    expect(client.names(A).filter((name) => name !== 'API')).toEqual([
      'CHANNEL_OUTGOING',
      'CHANNEL_STATE',
      'CHANNEL_CREATE',
      'CHANNEL_ORIGINATE',
      'CHANNEL_STATE',
      'PRESENCE_IN',
      'CHANNEL_STATE',
      'CHANNEL_PROGRESS',
      'CHANNEL_CALLSTATE',
      'CODEC',
      'CODEC',
      'CHANNEL_ANSWER',
      'PRESENCE_IN',
      'CHANNEL_CALLSTATE',
      'CHANNEL_OUTGOING',
      'CALL_UPDATE',
      'CHANNEL_STATE',
      'CHANNEL_EXECUTE',
      'CHANNEL_PARK',
    ]);
    const job = client.events.find((event) => event.get('Event-Name') === 'BACKGROUND_JOB');
    expect(job?.body).toBe(`+OK ${A}\n`);
    const before = client.events.length;
    client.send(`api uuid_kill ${A}\n\n`);
    await face.pass(1_000);
    expect(client.events.slice(before).flatMap((event) => event.get('Event-Name') ?? [])).toEqual([
      'CHANNEL_HANGUP',
      'API',
      'CHANNEL_UNPARK',
      'CHANNEL_EXECUTE_COMPLETE',
      'CHANNEL_STATE',
      'CHANNEL_CALLSTATE',
      'PRESENCE_IN',
      'CHANNEL_STATE',
      'CHANNEL_HANGUP_COMPLETE',
      'CHANNEL_DESTROY',
      'CHANNEL_STATE',
    ]);
    expect(face.pbx.legs.size).toBe(0);
  });

  test('joins two parked legs, and the end of one is the end of the other', async () => {
    const { face, client } = await started();
    client.send(`bgapi originate {origination_uuid=${A}}user/1000 &park()\n\n`);
    client.send(`bgapi originate {origination_uuid=${B}}user/1001 &park()\n\n`);
    await face.pass(2_000);
    client.send(`api uuid_bridge ${A} ${B}\n\n`);
    await face.pass(500);
    expect(client.replies.at(-1)).toBe(`+OK ${B}\n`);
    const bridged = client.events.find((event) => event.get('Event-Name') === 'CHANNEL_BRIDGE');
    expect([bridged?.get('Unique-ID'), bridged?.get('Bridge-B-Unique-ID')]).toEqual([A, B]);
    client.send('api show channels as json\n\n');
    await face.pass(0);
    expect(JSON.parse(client.replies.at(-1) ?? '')).toMatchObject({ row_count: 2 });
    client.send(`api uuid_kill ${B}\n\n`);
    await face.pass(1_000);
    expect(client.names().filter((name) => name === 'CHANNEL_DESTROY')).toHaveLength(2);
    expect(face.sw.channels.size).toBe(0);
  });

  test('a call from a phone goes through the dialplan to another phone', async () => {
    const { face, client } = await started();
    const caller = face.pbx.party('1000');
    caller.hooks = {};
    face.pbx.dial(caller, '1001');
    await face.pass(3_000);
    expect(client.names()).toContain('CHANNEL_BRIDGE');
    for (const leg of [...caller.legs]) face.pbx.hangUp(leg);
    await face.pass(1_000);
    expect(client.names().filter((name) => name === 'CHANNEL_HANGUP_COMPLETE')).toHaveLength(2);
  });
});
