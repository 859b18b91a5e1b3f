import { describe, expect, test } from 'vitest';
import {
  type ConnectionId,
  type IvrGraph,
  type MessageRecord,
  type RecordingId,
  type RecordingRecord,
  restoreEngine,
  type TenantConfig,
} from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, FRONT, queue, site } from './support/site.js';

const prompt = (name: string) => [{ kind: 'prompt' as const, prompt: name }];

const flow: IvrGraph = {
  ...FRONT,
  start: 'leave',
  nodes: {
    leave: {
      type: 'record',
      variable: 'said',
      box: 'orders',
      maxMs: 30_000,
      minMs: 2000,
      tone: 'none',
      next: 'number',
      empty: 'empty',
      failed: 'failed',
    },
    number: {
      type: 'collect',
      say: prompt('number'),
      variable: 'number',
      min: 3,
      max: 15,
      next: 'noted',
      noInput: 'END',
      noMatch: 'thrown',
    },
    noted: { type: 'message', variable: 'said', does: 'contact', contact: 'number', next: 'rate' },
    thrown: { type: 'message', variable: 'said', does: 'discard', next: 'END' },
    rate: {
      type: 'collect',
      say: prompt('rate'),
      variable: 'rate',
      min: 1,
      max: 1,
      next: 'rated',
      noInput: 'END',
      noMatch: 'END',
    },
    rated: { type: 'score', survey: 'service', variable: 'rate', next: 'call' },
    call: { type: 'callback', queue: 'support', next: 'bye', refused: 'END' },
    bye: { type: 'play', say: prompt('bye'), next: 'END' },
    empty: { type: 'play', say: prompt('empty'), next: 'leave' },
    failed: { type: 'play', say: prompt('failed'), next: 'END' },
  },
  prompts: Object.fromEntries(['number', 'rate', 'bye', 'empty', 'failed'].map((name) => [name, { en: name }])),
};

interface Left {
  readonly floor: Floor;
  readonly caller: ConnectionId;
}

function begun(more: Partial<TenantConfig> = {}): Left {
  const floor = new Floor(site({ flows: [flow], ...more })).up();
  return { floor, caller: floor.caller('13912345678', '4008001000') };
}

const press = (floor: Floor, caller: ConnectionId, keys: string): void => {
  for (const digit of keys) floor.event({ type: 'digit', connectionId: caller, digit });
};
const said = (floor: Floor): string | undefined => {
  const [media] = floor.sent('play').at(-1)?.media ?? [];
  return media?.kind === 'prompt' ? media.prompt : undefined;
};
function hearOut(floor: Floor, caller: ConnectionId): void {
  const playing = floor.media.get(caller)?.playing;
  if (playing === undefined) throw new Error('nothing plays');
  floor.event({ type: 'playbackFinished', connectionId: caller, playbackId: playing as never, outcome: 'done' });
}
/** The latest of each message. */
function messages(floor: Floor): MessageRecord[] {
  const latest = new Map<string, MessageRecord>();
  for (const effect of floor.effects) {
    if (effect.kind === 'record' && effect.record.table === 'message')
      latest.set(effect.record.key, effect.record.value);
  }
  return [...latest.values()];
}
function recordings(floor: Floor): RecordingRecord[] {
  const latest = new Map<RecordingId, RecordingRecord>();
  for (const effect of floor.effects) {
    if (effect.kind === 'record' && effect.record.table === 'recording')
      latest.set(effect.record.key, effect.record.value);
  }
  return [...latest.values()];
}
function restart(floor: Floor): void {
  floor.engine = restoreEngine(floor.engine.dump());
  floor.link = 'down';
  floor.input({ kind: 'recovered' });
}

describe('a message', () => {
  test('is what the caller says until a key: recorded mixed, kept in its box, named to the flow', () => {
    const { floor, caller } = begun();
    expect(floor.sent('record')).toMatchObject([{ connectionId: caller, tracks: 'mixed', format: 'wav' }]);
    floor.wait(7000);
    expect(messages(floor)).toEqual([]);
    press(floor, caller, '#');
    expect(floor.sent('controlRecording')).toMatchObject([{ mode: 'stop' }]);
    expect(messages(floor)).toMatchObject([
      {
        box: 'orders',
        callId: floor.media.get(caller)?.callId,
        caller: { e164: '+8613912345678' },
        durationMs: 7000,
        state: 'new',
      },
    ]);
    expect(recordings(floor)).toMatchObject([{ cause: 'flow', state: 'done', tracks: 'mixed' }]);
    expect(said(floor)).toBe('number');
  });

  test('ends after the longest time that it may last', () => {
    const { floor } = begun();
    floor.wait(29_999);
    expect(floor.sent('controlRecording')).toEqual([]);
    floor.wait(1);
    expect(messages(floor)).toMatchObject([{ durationMs: 30_000 }]);
    expect(said(floor)).toBe('number');
  });

  test('shorter than it must be is none', () => {
    const { floor, caller } = begun();
    floor.wait(1999);
    press(floor, caller, '#');
    expect(messages(floor)).toEqual([]);
    expect(said(floor)).toBe('empty');
  });

  test('is kept when the caller hangs up in the middle, told before or after the hang-up', () => {
    const { floor, caller } = begun();
    floor.wait(3000).hangUp(caller);
    expect(messages(floor)).toMatchObject([{ durationMs: 3000, state: 'new' }]);
    const second = begun();
    second.floor.wait(4000);
    const { recording } = second.floor.media.get(second.caller) ?? {};
    second.floor.media.delete(second.caller);
    second.floor.event({ type: 'cleared', connectionId: second.caller, release: { cause: 'normalClearing' } });
    expect(messages(second.floor)).toEqual([]);
    second.floor.event({
      type: 'recordingFinished',
      connectionId: second.caller,
      recordingId: recording ?? ('' as RecordingId),
      outcome: 'done',
      files: ['x.wav'],
      durationMs: 3900,
    });
    expect(messages(second.floor)).toMatchObject([{ durationMs: 3900, state: 'new' }]);
  });

  test('is kept when nobody tells of its end after a hang-up: as long as it can have been', () => {
    const { floor, caller } = begun();
    floor.wait(4000);
    floor.media.delete(caller);
    floor.event({ type: 'cleared', connectionId: caller, release: { cause: 'normalClearing' } });
    floor.wait(120_000);
    expect(messages(floor)).toMatchObject([{ durationMs: 4000, state: 'new' }]);
    expect(recordings(floor)).toMatchObject([{ state: 'done', unsure: 'unsure' }]);
  });

  test('can be thrown away, or be given a number to call back', () => {
    const { floor, caller } = begun();
    floor.wait(5000);
    press(floor, caller, '#');
    press(floor, caller, '55512#');
    expect(messages(floor)).toMatchObject([{ contact: '55512', state: 'new', durationMs: 5000 }]);
    const thrown = begun();
    thrown.floor.wait(5000);
    press(thrown.floor, thrown.caller, '#');
    for (let n = 0; n < 3; n++) press(thrown.floor, thrown.caller, '1#');
    expect(messages(thrown.floor)).toMatchObject([{ state: 'discarded' }]);
  });
});

describe('a recording of a flow', () => {
  test('that the switch refuses, or cannot make, is a failed one', () => {
    const floor = new Floor(site({ flows: [flow] })).up();
    floor.refuse.set('record', 'rejected');
    floor.caller('13912345678', '4008001000');
    expect(said(floor)).toBe('failed');
    expect(messages(floor)).toEqual([]);
  });

  test('is none where the caller may not be recorded', () => {
    const floor = new Floor(site({ flows: [flow] })).up();
    floor.caller('13900000009', '4008001000');
    expect(floor.sent('record')).toEqual([]);
    expect(said(floor)).toBe('failed');
  });

  test('whose end the switch does not tell keeps nobody waiting', () => {
    const { floor, caller } = begun();
    floor.deaf.add('controlRecording');
    floor.wait(6000);
    press(floor, caller, '#');
    floor.wait(9000);
    expect(said(floor)).toBeUndefined();
    floor.wait(1000);
    expect(said(floor)).toBe('number');
    expect(messages(floor)).toMatchObject([{ state: 'new' }]);
    press(floor, caller, '55512#');
    // It is asked to end until it has: nobody is recorded in secret.
    floor.wait(20_000);
    expect(floor.sent('controlRecording').length).toBeGreaterThan(4);
    expect(recordings(floor)).toMatchObject([{ state: 'recording' }]);
    floor.deaf.delete('controlRecording');
    floor.wait(5000);
    expect(recordings(floor)).toMatchObject([{ state: 'done' }]);
    expect(messages(floor)).toMatchObject([{ state: 'new', contact: '55512', durationMs: 6000 }]);
  });

  test('is the flow’s own: what the agent’s rule records goes on beside it, and the flow that lasts too long ends with its recording', () => {
    const config = site({
      flows: [{ ...flow, id: 'tell' as never, bounds: { maxMs: 3000 } }, FRONT],
      agents: [agent('ann', '8001', { record: 'always' })],
      queues: [queue('support'), queue('sales')],
    });
    const floor = new Floor(config).up().ready('ann');
    const caller = floor.caller('13912345678', '4008001001');
    floor.answer('main:extension:8001');
    const callId = floor.media.get(caller)?.callId;
    if (callId === undefined) throw new Error('no call');
    floor.say('ann', { type: 'call.toFlow', callId, flow: 'tell' });
    const [rule, own] = floor.sent('record');
    expect([rule?.tracks, own?.tracks]).toEqual(['separate', 'mixed']);
    floor.wait(3000);
    expect(floor.sent('controlRecording')).toMatchObject([{ mode: 'stop', recordingId: own?.recordingId }]);
    expect(messages(floor)).toMatchObject([{ state: 'new', durationMs: 3000 }]);
    expect(floor.engine.call(callId)?.connections.map(({ state }) => state)).toEqual(['connected', 'connected']);
  });
});

describe('a restart in the middle of a message', () => {
  test('what was said so far is a message; the caller is asked to speak anew', () => {
    const { floor, caller } = begun();
    floor.wait(8000);
    restart(floor);
    floor.wait(1000).up();
    // What ran on at the switch is ended; the second try is one of its own.
    expect(messages(floor)).toMatchObject([{ state: 'new' }]);
    expect(floor.sent('record')).toHaveLength(2);
    floor.wait(3000);
    press(floor, caller, '#');
    expect(messages(floor).map(({ state }) => state)).toEqual(['new', 'new']);
    expect(said(floor)).toBe('number');
  });

  test('the caller has hung up meanwhile: what was said so far is a message', () => {
    const { floor, caller } = begun();
    floor.wait(8000);
    restart(floor);
    floor.media.delete(caller);
    floor.wait(20_000).up();
    floor.wait(120_000);
    expect(messages(floor)).toMatchObject([{ state: 'new' }]);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'lostInOutage' });
  });

  test('a message that is complete already stays the one', () => {
    const { floor, caller } = begun();
    floor.wait(8000);
    press(floor, caller, '#');
    restart(floor);
    floor.wait(1000).up();
    press(floor, caller, '55512#');
    expect(messages(floor)).toMatchObject([{ contact: '55512', state: 'new' }]);
  });
});

describe('what else a flow keeps', () => {
  test('scores with the last agent and queue, and wishes to be called back', () => {
    const config = site({
      flows: [FRONT, { ...flow, id: 'survey' as never, start: 'rate' }],
      queues: [queue('support', { survey: 'survey' as never }), queue('sales')],
    });
    const floor = new Floor(config).up().ready('ann');
    const caller = floor.caller('13912345678', '4008001001');
    floor.answer('main:extension:8001').wait(3000);
    floor.hangUp(floor.at_('main:extension:8001'));
    hearOut(floor, caller);
    press(floor, caller, '4');
    const kept = floor.effects.flatMap((effect) => (effect.kind === 'record' ? [effect.record] : []));
    const callId = floor.media.get(caller)?.callId;
    expect(kept.find(({ table }) => table === 'score')).toEqual({
      table: 'score',
      key: `${callId}:service`,
      value: { callId, survey: 'service', score: 4, agentId: 'ann', queueId: 'support', atWallMs: expect.any(Number) },
    });
    expect(kept.find(({ table }) => table === 'callback')).toMatchObject({
      key: callId,
      value: { callId, queueId: 'support', number: { e164: '+8613912345678' } },
    });
    expect(said(floor)).toBe('bye');
  });
});
