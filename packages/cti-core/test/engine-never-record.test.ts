import { beforeEach, describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, type RecordingRecord, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
/** The site's number that is never recorded. */
const NEVER = '13900000009';
let floor: Floor;
let caller: ConnectionId;
let callId: CallId;

beforeEach(() => {
  floor = new Floor(
    site({
      agents: [agent('ann', '8001', { record: 'always' }), agent('bob', '8002', { record: 'always' })],
      queues: [queue('support'), queue('sales')],
    }),
  )
    .up()
    .ready('ann');
  floor.habits.set(ANN, 'answers');
  caller = floor.caller('13912345678', '4008001001');
  floor.wait(1_000);
  callId = floor.engine.agent(asId('ann'))?.calls[0] as CallId;
  expect(floor.sent('record')).toHaveLength(1);
});

const dialled = (): string => {
  const made = floor.sent('originate').at(-1)?.connectionId;
  const device = made === undefined ? undefined : floor.media.get(made)?.device;
  if (device === undefined) throw new Error('nobody was dialled');
  return device;
};
const stops = () => floor.sent('controlRecording').filter(({ mode }) => mode === 'stop');
function records(): RecordingRecord[] {
  return floor.effects.flatMap((effect) =>
    effect.kind === 'record' && effect.record.table === 'recording' ? [effect.record.value] : [],
  );
}
/** Commands from now on, by type. */
const since = (at: number): string[] => floor.commands.slice(at).map(({ type }) => type);
function isStopped(): void {
  floor.wait(5_000);
  expect(stops()).toHaveLength(1);
  expect(floor.sent('record')).toHaveLength(1);
  expect(floor.media.get(caller)?.recording).toBeUndefined();
  expect(records().at(-1)).toMatchObject({
    state: 'done',
    stopped: { reason: 'neverRecord', atWallMs: expect.any(Number) },
  });
  expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());
}
function consult(): CallId {
  const outcome = floor.say('ann', { type: 'call.consult', callId, to: NEVER });
  const consultId = outcome?.outcome === 'done' ? outcome.callId : undefined;
  if (consultId === undefined) throw new Error('no consultation');
  return consultId;
}

describe('a number that is never recorded', () => {
  test('is not recorded in a consultation, and stops the recording of the call that it is joined with', () => {
    consult();
    floor.answer(dialled());
    floor.wait(2_000);
    expect(floor.sent('record')).toHaveLength(1);
    expect(stops()).toHaveLength(0);
    const at = floor.commands.length;
    floor.say('ann', { type: 'call.completeTransfer', callId });
    // Not one word of it: the stop is asked for before anybody hears it.
    expect(since(at)).toContain('bridge');
    expect(since(at).indexOf('controlRecording')).toBeLessThan(since(at).indexOf('bridge'));
    isStopped();
  });

  test('stops it in a conference; nobody can begin it again until the number has left, and nothing begins by itself', () => {
    consult();
    floor.answer(dialled());
    floor.say('ann', { type: 'call.conference', callId });
    isStopped();
    expect(floor.say('ann', { type: 'call.record', callId, mode: 'start' })).toMatchObject({ code: 'call.blocked' });
    expect(floor.say('sue', { type: 'supervise.record', callId, mode: 'start' }, { role: 'supervisor' })).toMatchObject(
      { code: 'call.blocked' },
    );
    const own = () => floor.engine.call(callId)?.connections.find((conn) => conn.agentId === 'ann');
    expect(own()?.actions).not.toContain('startRecording');
    floor.hangUp(floor.at_(dialled()));
    floor.wait(5_000);
    expect(floor.sent('record')).toHaveLength(1);
    expect(own()?.actions).toContain('startRecording');
    expect(floor.say('ann', { type: 'call.record', callId, mode: 'start' })).toEqual({ outcome: 'done' });
    expect(records().at(-1)).not.toHaveProperty('stopped');
  });

  test('stops it when it answers, not while it rings', () => {
    floor.say('ann', { type: 'call.addParty', callId, to: NEVER });
    floor.wait(2_000);
    expect(stops()).toHaveLength(0);
    floor.answer(dialled());
    isStopped();
  });

  test('stops it after a transfer by the page and by the phone', () => {
    floor.event({
      type: 'transferRequested',
      connectionId: floor.at_(ANN),
      kind: 'blind',
      to: { number: NEVER, presentation: 'allowed' },
    });
    expect(stops()).toHaveLength(0);
    floor.answer(dialled());
    isStopped();
  });

  test('is asked to be stopped again when the switch would not', () => {
    floor.refuse.set('controlRecording', 'rejected');
    floor.say('ann', { type: 'call.transfer', callId, to: NEVER });
    floor.answer(dialled());
    floor.wait(4_000);
    expect(stops()).toHaveLength(1);
    floor.refuse.clear();
    floor.wait(2_000);
    expect(stops()).toHaveLength(2);
    expect(floor.media.get(caller)?.recording).toBeUndefined();
  });

  test('stops one that begins in that moment, and each of two', () => {
    floor.say('ann', { type: 'call.record', callId, mode: 'stop' });
    floor.deaf.add('record');
    floor.say('ann', { type: 'call.record', callId, mode: 'start' });
    const recordingId = floor.sent('record').at(-1)?.recordingId;
    const media = floor.media.get(caller);
    if (recordingId === undefined || media === undefined) throw new Error('not asked for');
    floor.say('ann', { type: 'call.transfer', callId, to: NEVER });
    floor.answer(dialled());
    media.recording = recordingId;
    floor.event({ type: 'recordingStarted', connectionId: caller, recordingId });
    floor.wait(1_000);
    expect(media.recording).toBeUndefined();
    expect(records().at(-1)).toMatchObject({ recordingId, state: 'done', stopped: { reason: 'neverRecord' } });
  });
});

describe('a caller who does not agree', () => {
  test('is named as the reason of the stop', () => {
    floor.say('ann', { type: 'call.setData', callId, data: { 'recording.consent': 'no' } });
    expect(records().at(-1)).toMatchObject({ state: 'done', stopped: { reason: 'consent' }, consent: { given: 'no' } });
  });
});
