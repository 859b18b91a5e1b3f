import { describe, expect, test } from 'vitest';
import {
  type ConnectionId,
  type EngineEffect,
  type IvrAnswer,
  type IvrGraph,
  restoreEngine,
  type TenantConfig,
} from '../src/index.js';
import { Floor } from './support/floor.js';
import { FRONT, site } from './support/site.js';

type Question = Extract<EngineEffect, { kind: 'lookup' }> & { readonly lookup: { readonly type: 'ivr' } };

const flow: IvrGraph = {
  ...FRONT,
  start: 'book',
  nodes: {
    book: {
      type: 'http',
      method: 'POST',
      url: 'https://crm.example/book',
      keep: { order: '/id' },
      timeoutMs: 3000,
      tries: 2,
      ways: { '2xx': 'thanks' },
      otherwise: 'sorry',
      failed: 'sorry',
    },
    thanks: { type: 'play', say: [{ kind: 'prompt', prompt: 'thanks' }], next: 'END' },
    sorry: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'sorry' }],
      keys: { '1': 'book' },
      noInput: 'END',
      noMatch: 'END',
    },
  },
  prompts: { thanks: { en: 'thanks' }, sorry: { en: 'sorry' } },
};

interface Asked {
  readonly floor: Floor;
  readonly caller: ConnectionId;
}

function asked(config: TenantConfig = site({ flows: [flow] })): Asked {
  const floor = new Floor(config).up();
  return { floor, caller: floor.caller('13912345678', '4008001000') };
}

const questions = (floor: Floor): Question[] =>
  floor.effects.filter((effect): effect is Question => effect.kind === 'lookup' && effect.lookup.type === 'ivr');
function latest(floor: Floor): Question {
  const last = questions(floor).at(-1);
  if (last === undefined) throw new Error('nothing was asked');
  return last;
}
const keyOf = ({ lookup }: Question): string => ('key' in lookup ? lookup.key : '');
const booked: IvrAnswer = { outcome: 'answered', way: '201', values: { order: '4711' } };
const answer = (floor: Floor, to: Question, result: IvrAnswer = booked): Floor =>
  floor.input({ kind: 'lookup', lookupId: to.lookupId, result });
const said = (floor: Floor): string | undefined => {
  const [media] = floor.sent('play').at(-1)?.media ?? [];
  return media?.kind === 'prompt' ? media.prompt : undefined;
};
/** The server is killed and comes back from its snapshot; the shell answers what is open with nothing. */
function crash(floor: Floor): void {
  const open = questions(floor);
  floor.engine = restoreEngine(floor.engine.dump());
  floor.link = 'down';
  floor.input({ kind: 'recovered' });
  for (const { lookupId } of open) floor.input({ kind: 'lookup', lookupId, result: { outcome: 'failed' } });
}

describe('what a flow asks', () => {
  test('goes out as a look-up with its bounds, and its answer takes the way and is kept', () => {
    const { floor, caller } = asked();
    expect(latest(floor).lookup).toMatchObject({
      type: 'ivr',
      callId: floor.media.get(caller)?.callId,
      key: expect.stringMatching(/^e1-i1:front\/book:\d+$/),
      timeoutMs: 3000,
      tries: 2,
      question: { type: 'http', method: 'POST', url: 'https://crm.example/book' },
    });
    floor.wait(1000);
    answer(floor, latest(floor));
    expect(said(floor)).toBe('thanks');
    const callId = floor.media.get(caller)?.callId;
    expect(callId === undefined ? {} : floor.engine.call(callId)?.data).toMatchObject({ order: '4711' });
    floor.wait(60_000);
    expect(questions(floor)).toHaveLength(1);
  });

  test('is given up when nobody answers in time; what comes later is late', () => {
    const { floor } = asked();
    const first = latest(floor);
    floor.wait(10_999);
    expect(said(floor)).toBeUndefined();
    floor.wait(1);
    expect(said(floor)).toBe('sorry');
    const plays = floor.sent('play').length;
    answer(floor, first);
    expect(floor.sent('play')).toHaveLength(plays);
    expect(floor.engine.counters()['ignored.lookup.late']).toBe(1);
  });

  test('has a new key for each visit', () => {
    const { floor, caller } = asked();
    answer(floor, latest(floor), { outcome: 'failed' });
    floor.event({ type: 'digit', connectionId: caller, digit: '1' });
    expect(questions(floor)).toHaveLength(2);
    expect(new Set(questions(floor).map(keyOf)).size).toBe(2);
  });

  test('has another key when the same call comes to the same node by another session', () => {
    const { floor, caller } = asked();
    const config = site({ flows: [flow] });
    floor.hangUp(caller);
    floor.input({ kind: 'config', config });
    floor.caller('13912345678', '4008001000');
    expect(new Set(questions(floor).map(keyOf)).size).toBe(2);
  });

  test('takes no answer that is none of its own, nor one twice', () => {
    const { floor } = asked();
    const open = latest(floor);
    floor.input({
      kind: 'lookup',
      lookupId: open.lookupId,
      result: { outcome: 'found', match: { decision: 'none', customers: [] } },
    });
    expect(said(floor)).toBeUndefined();
    expect(floor.engine.counters()['ignored.lookup.foreign']).toBe(1);
    answer(floor, open);
    answer(floor, open, { outcome: 'failed' });
    expect(said(floor)).toBe('thanks');
    expect(floor.engine.counters()['ignored.lookup.late']).toBe(1);
  });

  test('an answer for a caller who has left is late, and nothing is kept of the question', () => {
    const { floor, caller } = asked();
    const open = latest(floor);
    floor.hangUp(caller);
    answer(floor, open);
    expect(floor.engine.counters()['ignored.lookup.late']).toBe(1);
    const open_ = (JSON.parse(floor.engine.dump()) as { lookups: Record<string, unknown> }).lookups;
    expect(Object.keys(open_)).not.toContain(open.lookupId);
  });
});

describe('a restart while the answer is awaited', () => {
  test('the same question is put again under the same key, when the switch is back; answers of before are late', () => {
    const { floor } = asked();
    const before = latest(floor);
    crash(floor);
    // However long the switch is away: the bound begins when the question does.
    floor.wait(60_000);
    expect(said(floor)).toBeUndefined();
    expect(questions(floor)).toHaveLength(1);
    floor.up();
    const again = latest(floor);
    expect(keyOf(again)).toBe(keyOf(before));
    expect(again.lookupId).not.toBe(before.lookupId);
    answer(floor, before, { outcome: 'failed' });
    expect(said(floor)).toBeUndefined();
    answer(floor, again);
    expect(said(floor)).toBe('thanks');
  });

  test('a lost link alone does not ask twice: the answer that is on its way counts', () => {
    const { floor } = asked();
    floor.wait(500).down();
    floor.wait(500).up();
    expect(questions(floor)).toHaveLength(1);
    answer(floor, latest(floor));
    expect(said(floor)).toBe('thanks');
  });

  test('an answer that comes while the link is away is not asked for again', () => {
    const { floor } = asked();
    floor.down();
    answer(floor, latest(floor));
    floor.up();
    expect(questions(floor)).toHaveLength(1);
    expect(said(floor)).toBe('thanks');
  });
});
