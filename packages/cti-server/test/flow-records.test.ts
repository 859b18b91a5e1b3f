import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  asId,
  type CallId,
  type Cdr,
  type MessageRecord,
  type PhoneNumber,
  type QueueId,
  type RecordingId,
  type RecordingRecord,
} from '@cordboard/cti-core';
import type { CallbackQuery, CdrQuery, MessageQuery, ScoreQuery } from '@cordboard/cti-protocol';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, type SqlDatabase } from '../src/store/database.js';
import { FlowRecords } from '../src/store/flow-records.js';
import { SqliteStore } from '../src/store/sqlite.js';
import { type FlowFloor, flowOf, say, startFlowFloor } from './support/flow-floor.js';
import { quiet } from './support/shell.js';

const CALLER = '+8613912345678';
const DAY_MS = 86_400_000;

describe('what a live call leaves behind', () => {
  let floor: FlowFloor;
  afterEach(() => floor.end());
  const sorry = { type: 'play', say: say('sorry'), next: 'END' };
  const patch = (body: object) => ({
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const one = async <T>(path: string): Promise<T> => {
    const items = async (): Promise<readonly T[]> => {
      await floor.server.settled();
      return (await floor.json<{ items: T[] }>(path)).items;
    };
    await expect.poll(items, { interval: 50 }).toHaveLength(1);
    const [item] = await items();
    if (item === undefined) throw new Error('nothing');
    return item;
  };

  test('a message is in its box, is heard, handled and deleted with its sound', async () => {
    const record = {
      type: 'record',
      say: say('speak'),
      variable: 'rec',
      box: 'office',
      next: 'thanks',
      empty: 'sorry',
      failed: 'sorry',
      minMs: 0,
    };
    floor = await startFlowFloor({
      flows: [flowOf({ speak: record, thanks: { type: 'play', say: say('thanks'), next: 'END' }, sorry })],
    });
    const caller = floor.call(CALLER);
    await caller.hears('speak');
    await expect.poll(() => caller.recordings, { interval: 20 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await caller.presses('#');
    await caller.hears('thanks');
    const message = await one<{ recordingId: string; stored: object[]; caller: PhoneNumber }>(
      '/v1/messages?box=office&state=new',
    );
    expect(message).toMatchObject({ box: 'office', caller: { e164: CALLER }, state: 'new' });
    const at = `/v1/messages/${message.recordingId}`;
    await expect.poll(async () => (await floor.json<typeof message>(at)).stored.length, { interval: 50 }).toBe(1);
    const part = await floor.rest(`${at}/files/0`, { headers: { range: 'bytes=0-3' }, role: 'agent' });
    expect([part.status, await part.text()]).toEqual([206, 'RIFF']);
    expect(await floor.json(at, { ...patch({ state: 'handled' }), role: 'agent' })).toMatchObject({
      state: 'handled',
      marked: { by: 'ann' },
    });
    expect(await floor.json('/v1/voice-boxes')).toEqual({ items: [{ box: 'office', new: 0, heard: 0, handled: 1 }] });
    expect((await floor.rest(at, patch({ state: 'lost' }))).status).toBe(400);
    const masked = await floor.json<typeof message>(at, { role: 'reviewer' });
    expect(JSON.stringify(masked)).not.toContain('12345678');
    const byReference = await floor.json<{ items: object[] }>(`/v1/messages?number=${masked.caller.raw}`, {
      role: 'reviewer',
    });
    expect(byReference.items).toHaveLength(1);
    expect((await floor.rest(at, { method: 'DELETE', role: 'agent' })).status).toBe(403);
    expect((await floor.rest(at, { method: 'DELETE' })).status).toBe(204);
    expect((await floor.rest(at)).status).toBe(404);
    expect((await floor.rest(`/v1/recordings/${message.recordingId}`)).status).toBe(404);
  });

  test('a message that the caller threw away is in no box, and neither is its sound', async () => {
    const record = {
      type: 'record',
      say: say('speak'),
      variable: 'rec',
      box: 'office',
      next: 'away',
      empty: 'sorry',
      failed: 'sorry',
      minMs: 0,
    };
    const away = { type: 'message', variable: 'rec', does: 'discard', next: 'thanks' };
    floor = await startFlowFloor({
      flows: [flowOf({ speak: record, away, thanks: { type: 'play', say: say('thanks'), next: 'END' }, sorry })],
    });
    const caller = floor.call(CALLER);
    await expect.poll(() => caller.recordings, { interval: 20 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await caller.presses('#');
    await caller.hears('thanks');
    await expect
      .poll(
        async () => {
          await floor.server.settled();
          const [{ items: messages }, { items: recordings }] = [
            await floor.json<{ items: object[] }>('/v1/messages'),
            await floor.json<{ items: object[] }>('/v1/recordings'),
          ];
          return [messages.length, recordings.length];
        },
        { interval: 50 },
      )
      .toEqual([0, 0]);
  });

  test('an answer of a survey, a wish to be called back, and the way through the flow', async () => {
    floor = await startFlowFloor({
      flows: [
        flowOf({
          ask: {
            type: 'collect',
            say: say('rate'),
            variable: 'stars',
            min: 1,
            max: 1,
            timeoutMs: 30_000,
            next: 'keep',
            noInput: 'sorry',
            noMatch: 'sorry',
          },
          keep: { type: 'score', survey: 'service', variable: 'stars', next: 'back' },
          back: { type: 'callback', queue: 'support', next: 'thanks', refused: 'sorry' },
          thanks: { type: 'play', say: say('thanks'), next: 'END' },
          sorry,
        }),
      ],
    });
    const caller = floor.call(CALLER);
    await caller.hears('rate');
    await caller.presses('4');
    await caller.hears('thanks');
    const cdr = await one<Cdr>('/v1/cdrs?flow=front&node=back');
    expect(await one('/v1/scores?survey=service')).toMatchObject({ score: 4, callId: cdr.callId });
    expect(await floor.json('/v1/scores/summary?by=survey')).toEqual({
      items: [{ group: 'service', count: 1, average: 4, scores: { 4: 1 } }],
    });
    expect(await one('/v1/callbacks?state=open&queue=support')).toMatchObject({
      callId: cdr.callId,
      number: { e164: CALLER },
    });
    const at = `/v1/callbacks/${cdr.callId}`;
    expect(await floor.json(at, { ...patch({ state: 'done' }), role: 'agent' })).toMatchObject({
      state: 'done',
      marked: { by: 'ann' },
    });
    expect((await floor.json<{ items: object[] }>('/v1/callbacks?state=open')).items).toEqual([]);
    expect((await floor.json<{ items: object[] }>('/v1/cdrs?flow=front&node=sorry')).items).toEqual([]);
    expect((await floor.rest('/v1/cdrs?node=back')).status).toBe(400);
    expect((await floor.rest('/v1/callbacks/none', patch({ state: 'done' }))).status).toBe(404);
  });

  test('a switch that operators set decides where the next caller goes, over a restart too', async () => {
    const flow = flowOf({
      which: { type: 'mode', mode: 'shift', ways: { night: 'dark' }, otherwise: 'light' },
      light: { type: 'play', say: say('light'), next: 'END' },
      dark: { type: 'play', say: say('dark'), next: 'END' },
    });
    const config = { flows: [flow], modes: { shift: { values: ['day', 'night'], initial: 'day' } } };
    const first = await startFlowFloor(config);
    floor = first;
    const put = (value: string) => ({
      method: 'PUT',
      body: JSON.stringify({ value }),
      headers: { 'content-type': 'application/json' },
    });
    expect(await floor.json('/v1/modes')).toEqual({
      items: [{ mode: 'shift', values: ['day', 'night'], value: 'day' }],
    });
    await floor.call(CALLER).hears('light');
    expect((await floor.rest('/v1/modes/shift', { ...put('night'), role: 'agent' })).status).toBe(403);
    expect(await floor.json('/v1/modes/shift', { ...put('night'), role: 'supervisor' })).toMatchObject({
      value: 'night',
    });
    expect((await floor.rest('/v1/modes/shift', put('noon'))).status).toBe(400);
    expect((await floor.rest('/v1/modes/none', put('day'))).status).toBe(404);
    await floor.call('+8613900000002').hears('dark');
    await first.server.stop();
    floor = await startFlowFloor(config, { dir: first.dir });
    await floor.call('+8613900000003').hears('dark');
    await floor.server.stop();
    floor = first;
  });
});

describe('the store of what flows keep', () => {
  let dir = '';
  let database: SqlDatabase;
  let store: SqliteStore;
  let records: FlowRecords;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'flow-records-'));
    database = await openDatabase(join(dir, 'records.sqlite'));
    const rules = {
      messageKeepMs: 10 * DAY_MS,
      dayOf: (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10),
    };
    store = await SqliteStore.open(database, { clock: systemClock, log: quiet, rules });
    records = new FlowRecords(database);
  });
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
    expect(existsSync(dir)).toBe(false);
  });
  const number: PhoneNumber = { raw: CALLER, e164: CALLER, display: CALLER, presentation: 'allowed' };
  const id = (n: number | string): RecordingId => asId<RecordingId>(`r${n}`);
  const message = (n: number | string, more: Partial<MessageRecord> = {}): void => {
    const value: MessageRecord = {
      recordingId: id(n),
      callId: asId<CallId>(`c${n}`),
      box: 'office',
      caller: number,
      leftWallMs: 1000,
      durationMs: 5,
      state: 'new',
      ...more,
    };
    store.put({ table: 'message', key: id(n), value });
  };
  const recording = (n: number | string): void => {
    const value = {
      recordingId: id(n),
      callId: 'c1',
      connectionId: 'main~1',
      startedWallMs: 1000,
      state: 'done',
      files: [],
      deleteAfterWallMs: DAY_MS,
    } as unknown as RecordingRecord;
    store.put({ table: 'recording', key: id(n), value });
  };
  const query = (more: Partial<MessageQuery> = {}): MessageQuery => ({ limit: 50, ...more });

  test('pages come whole, newest first, by box, state and number', async () => {
    for (let n = 0; n < 25; n++) message(n, { leftWallMs: 1000 + (n >> 1), box: n % 2 === 0 ? 'office' : 'sales' });
    await store.flush();
    await records.markMessage({ id: id(4), state: 'heard', by: 'ann', atWallMs: 5 });
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await records.messages(query({ limit: 4, ...(cursor === undefined ? {} : { cursor }) }));
      seen.push(...page.items.map(({ record }) => record.recordingId));
      if (page.next === undefined) break;
      cursor = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => id(24 - n)));
    expect((await records.messages(query({ box: 'sales' }))).items).toHaveLength(12);
    expect((await records.messages(query({ state: 'heard' }))).items).toMatchObject([
      { marked: { by: 'ann', atWallMs: 5 } },
    ]);
    expect((await records.messages(query({ number: CALLER, from: 1012 }))).items).toHaveLength(1);
    expect(await records.boxes()).toEqual([
      { box: 'office', new: 12, heard: 1, handled: 0 },
      { box: 'sales', new: 12, heard: 0, handled: 0 },
    ]);
  });

  test('an input that is applied again neither takes a mark away nor brings back what is gone', async () => {
    message(1);
    message(2);
    message(3);
    await store.flush();
    await records.markMessage({ id: id(1), state: 'handled', by: 'ann', atWallMs: 5 });
    await store.removeRecording(id(2));
    message(3, { state: 'discarded' });
    await store.flush();
    for (const n of [1, 2, 3]) message(n, { contact: '8001' });
    await store.flush();
    const { items } = await records.messages(query());
    expect(items).toMatchObject([{ state: 'handled', record: { contact: '8001' } }]);
    await records.markMessage({ id: id(2), state: 'new', by: 'ann', atWallMs: 6 });
    expect(await records.message(id(2))).toBeUndefined();
    const rows = await database.all({ sql: "SELECT body, number FROM message WHERE state = 'gone'", values: [] });
    expect(rows).toEqual([
      { body: '{}', number: null },
      { body: '{}', number: null },
    ]);
  });

  test.each(['recording first', 'message first'])('a recording lives as long as its message (%s)', async (order) => {
    const puts = [() => recording(1), () => message(1)];
    for (const put of order === 'recording first' ? puts : puts.toReversed()) {
      put();
      await store.flush();
    }
    recording(2);
    await store.flush();
    expect((await store.outdated(2 * DAY_MS, 10)).map(({ record }) => record.recordingId)).toEqual([id(2)]);
    expect(await store.outdated(11 * DAY_MS, 10)).toHaveLength(2);
    message(1, { state: 'discarded' });
    await store.flush();
    recording(1);
    await store.flush();
    expect((await store.outdated(5, 10)).map(({ record }) => record.recordingId)).toEqual([id(1)]);
    await records.sweep(11 * DAY_MS);
    expect((await records.messages(query())).items).toEqual([]);
    await records.sweep(41 * DAY_MS);
    expect(await database.all({ sql: 'SELECT count(*) AS n FROM message', values: [] })).toEqual([{ n: 0 }]);
  });

  test('scores are counted by survey, agent, queue and the days of the site', async () => {
    const base = { survey: 'service', queueId: asId<QueueId>('sales') };
    for (const [n, score] of [5, 4, 5, 1].entries()) {
      const value = {
        ...base,
        callId: asId<CallId>(`c${n}`),
        score,
        atWallMs: Date.UTC(2026, 0, 1, 15 + n),
        ...(n < 2 ? { agentId: asId('ann') as never } : {}),
      };
      store.put({ table: 'score', key: `c${n}:service`, value });
    }
    await store.flush();
    expect(await records.summary({ by: 'day' })).toEqual([
      { group: '2026-01-01', count: 1, average: 5, scores: { 5: 1 } },
      { group: '2026-01-02', count: 3, average: 3.333, scores: { 1: 1, 4: 1, 5: 1 } },
    ]);
    expect(await records.summary({ by: 'agent' })).toEqual([
      { group: 'ann', count: 2, average: 4.5, scores: { 4: 1, 5: 1 } },
    ]);
    expect(await records.summary({ by: 'queue', from: Date.UTC(2026, 0, 1, 18) })).toMatchObject([
      { group: 'sales', count: 1 },
    ]);
    expect(
      (await records.scores({ limit: 2, survey: 'service' } as ScoreQuery)).items.map(({ score }) => score),
    ).toEqual([1, 5]);
    expect((await records.callbacks({ limit: 2 } as CallbackQuery)).items).toEqual([]);
  });

  test('calls that were kept before there was a path table are found by their path', async () => {
    const cdr = {
      callId: 'old',
      startedWallMs: 5,
      outcome: 'completedInFlow',
      direction: 'inbound',
      agents: [],
      calling: number,
      called: number,
      ivrPath: ['front/a', 'front/b'],
    } as unknown as Cdr;
    store.put({ table: 'cdr', key: asId<CallId>('old'), value: cdr });
    await store.flush();
    await database.exec(
      `DROP TABLE cdr_path; DROP TABLE message; DROP TABLE score; DROP TABLE callback; DROP TABLE voice;
       DROP INDEX recording_uncopied; DROP INDEX recording_copied; ALTER TABLE recording DROP COLUMN copied;
       DROP TABLE call_note; PRAGMA user_version = 2`,
    );
    await store.close();
    database = await openDatabase(join(dir, 'records.sqlite'));
    store = await SqliteStore.open(database, { clock: systemClock, log: quiet });
    const found = async (more: Partial<CdrQuery>) =>
      (await store.cdrs({ limit: 10, ...more } as CdrQuery)).items.length;
    expect(await found({ flow: 'front' as never })).toBe(1);
    expect(await found({ flow: 'front' as never, node: 'b' })).toBe(1);
    expect(await found({ flow: 'front' as never, node: 'c' })).toBe(0);
    expect(await found({ flow: 'front' as never, number: CALLER })).toBe(1);
    expect(await found({ flow: 'other' as never, number: CALLER })).toBe(0);
    // A record that is written anew with another path is no longer found by the old one.
    store.put({ table: 'cdr', key: asId<CallId>('old'), value: { ...cdr, ivrPath: ['front/c'] } });
    await store.flush();
    expect([
      await found({ flow: 'front' as never, node: 'b' }),
      await found({ flow: 'front' as never, node: 'c' }),
    ]).toEqual([0, 1]);
  });
});
