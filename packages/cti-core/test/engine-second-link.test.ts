import { beforeEach, describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, type LinkId, restoreEngine } from '../src/index.js';
import { ALL, Floor } from './support/floor.js';
import { queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
let floor: Floor;
let caller: ConnectionId;
let callId: CallId;

/** The second link of the same switch is there; it shows everything, as the first one did. */
function secondLink(): void {
  const linkId = asId<LinkId>('ami');
  floor.event({ type: 'linkUp', linkId });
  floor.event({ type: 'snapshot', snapshot: shown() });
  floor.event({ type: 'linkSynced', linkId, capabilities: ALL });
}

function shown(): ReturnType<Floor['snapshot']> {
  const recordings = [...floor.media].flatMap(([connectionId, { recording }]) =>
    recording === undefined ? [] : [{ connectionId, recordingId: recording }],
  );
  return { ...floor.snapshot(), recordings } as ReturnType<Floor['snapshot']>;
}

beforeEach(() => {
  floor = new Floor(site({ queues: [queue('support', { record: 'always' }), queue('sales')] })).up().ready('ann');
  floor.habits.set(ANN, 'answers');
});

function rings(): void {
  caller = floor.caller('13912345678', '4008001001');
  callId = floor.engine.agent(asId('ann'))?.calls[0] as CallId;
}

const states = (): string[] | undefined => floor.engine.call(callId)?.connections.map((conn) => conn.state);

describe('a snapshot of a second link while calls can be acted on', () => {
  test('leaves a bridge that is asked for alone', () => {
    floor.deaf.add('bridge');
    rings();
    expect(floor.sent('bridge')).toHaveLength(1);
    secondLink();
    floor.wait(2_000);
    expect(floor.sent('bridge')).toHaveLength(1);
  });

  test('leaves a parting that is asked for, and the music that plays, alone', () => {
    rings();
    floor.deaf.add('unbridge');
    floor.say('ann', { type: 'call.hold', callId });
    const music = floor.sent('holdMusic').length;
    expect(floor.sent('unbridge')).toHaveLength(1);
    secondLink();
    floor.wait(2_000);
    expect(floor.sent('unbridge')).toHaveLength(1);
    expect(floor.sent('holdMusic')).toHaveLength(music);
  });

  test('confirms what it shows', () => {
    floor.deaf.add('bridge');
    rings();
    const bridgeId = floor.sent('bridge')[0]?.bridgeId;
    for (const media of floor.media.values()) media.bridge = bridgeId;
    secondLink();
    expect(states()).toEqual(['connected', 'connected']);
    floor.wait(60_000);
    expect(floor.sent('bridge')).toHaveLength(1);
    expect(floor.engine.counters()['note.bridge.unconfirmed']).toBeUndefined();
  });

  test('still asks again for what nobody confirms', () => {
    floor.deaf.add('bridge');
    rings();
    secondLink();
    floor.deaf.clear();
    floor.wait(11_000);
    expect(floor.sent('bridge')).toHaveLength(2);
    expect(states()).toEqual(['connected', 'connected']);
  });

  test('does not close a recording that begins in the same moment', () => {
    floor.deaf.add('record');
    rings();
    const recordingId = floor.sent('record')[0]?.recordingId;
    if (recordingId === undefined) throw new Error('nothing is recorded');
    secondLink();
    floor.event({ type: 'recordingStarted', connectionId: caller, recordingId });
    floor.wait(120_000);
    expect(floor.engine.call(callId)?.recordings).toEqual([{ recordingId, state: 'recording' }]);
    expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());
  });

  test('after an outage what was asked before it is asked again', () => {
    floor.deaf.add('bridge');
    rings();
    floor.down();
    floor.deaf.clear();
    floor.up();
    expect(floor.sent('bridge')).toHaveLength(2);
    expect(states()).toEqual(['connected', 'connected']);
  });
});

describe('a recording that a snapshot does not show', () => {
  test('goes on when a later one shows it again', () => {
    rings();
    const media = floor.media.get(caller);
    const recordingId = media?.recording;
    if (media === undefined || recordingId === undefined) throw new Error('nothing is recorded');
    media.recording = undefined;
    secondLink();
    floor.wait(30_000);
    media.recording = recordingId;
    secondLink();
    floor.wait(120_000);
    expect(floor.engine.call(callId)?.recordings).toEqual([{ recordingId, state: 'recording' }]);
  });

  test('has ended when nobody tells of it for a minute', () => {
    rings();
    const media = floor.media.get(caller);
    if (media === undefined) throw new Error('no caller');
    media.recording = undefined;
    secondLink();
    secondLink();
    floor.wait(61_000);
    expect(floor.engine.call(callId)?.recordings).toMatchObject([{ state: 'stopped' }]);
  });
});
