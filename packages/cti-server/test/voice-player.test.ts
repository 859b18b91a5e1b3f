import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type DriverCommand, type EngineInputBody, type MediaRef, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/store/database.js';
import { migrate } from '../src/store/migrations.js';
import { VoiceTable } from '../src/store/voice-table.js';
import { VoiceLibrary } from '../src/voice/library.js';
import { Playable, type PlayableSources } from '../src/voice/playable.js';
import { Player } from '../src/voice/player.js';
import { SpeechCache } from '../src/voice/speech-cache.js';
import { quiet } from './support/shell.js';

/** A tenth of a second of silence, µ-law. */
const SOUND = new Uint8Array(800).fill(0xff);

/** A player on a switch that takes everything, with the inputs that it made. */
function setUp(sources: Partial<PlayableSources>) {
  const executed: DriverCommand[] = [];
  const inputs: EngineInputBody[] = [];
  const playable = new Playable({
    voice: () => ({ state: 'unknown' }),
    speech: undefined,
    config: () => ({ flows: [] }) as never,
    onDraft: () => undefined,
    ...sources,
  });
  const player = new Player({
    playable,
    execute: (_switchId, command) => executed.push(command),
    submit: (input) => inputs.push(input),
  });
  const told = () =>
    inputs.map((input) =>
      input.kind === 'reply'
        ? `${input.commandId} ${input.reply.outcome}`
        : input.kind === 'driver' && input.event.type === 'playbackFinished'
          ? input.event.outcome
          : input.kind,
    );
  return { player, executed, told };
}
const MAIN = asId<SwitchId>('main');
const play = (media: readonly MediaRef[]): DriverCommand =>
  ({ commandId: 'm1', boundMs: 5000, type: 'play', connectionId: 'main~1', playbackId: 'y1', media }) as never;
const stop = {
  commandId: 'm2',
  boundMs: 5000,
  type: 'stopPlay',
  connectionId: 'main~1',
  playbackId: 'y1',
} as unknown as DriverCommand;
const WORDS: MediaRef = { kind: 'speech', text: 'hello', language: 'en' };

describe('to the engine, what stands before the drivers looks like one', () => {
  test('a playback of which nothing is left is accepted and over', () => {
    const { player, executed, told } = setUp({});
    player.execute(MAIN, play([WORDS]));
    expect(told()).toEqual(['m1 accepted', 'done']);
    expect(executed).toEqual([]);
  });

  test('one whose sound is being made can be stopped, and is never heard then', async () => {
    let made: (path: string) => void = () => undefined;
    const make = () =>
      new Promise<string>((resolve) => {
        made = resolve;
      });
    const { player, executed, told } = setUp({ speech: { ready: () => undefined, make } });
    player.execute(MAIN, play([WORDS]));
    expect([told(), player.waiting]).toEqual([[], 1]);
    player.execute(MAIN, stop);
    expect(told()).toEqual(['m1 accepted', 'm2 accepted', 'stopped']);
    made('/late');
    await new Promise(setImmediate);
    expect([executed, player.waiting]).toEqual([[], 0]);
  });

  test('a link that goes answers it; the sound that comes later belongs to nobody', async () => {
    let made: (path: string) => void = () => undefined;
    const make = () =>
      new Promise<string>((resolve) => {
        made = resolve;
      });
    const { player, executed, told } = setUp({ speech: { ready: () => undefined, make } });
    player.execute(MAIN, play([WORDS]));
    player.linkLost(asId<SwitchId>('other'));
    expect(told()).toEqual([]);
    player.linkLost(MAIN);
    expect(told()).toEqual(['m1 refused']);
    made('/late');
    await new Promise(setImmediate);
    expect(executed).toEqual([]);
  });

  test('what needs nothing passes at once and as it is', () => {
    const { player, executed } = setUp({});
    const media: MediaRef[] = [
      { kind: 'prompt', prompt: 'own', language: 'en' },
      { kind: 'silence', forMs: 5 },
    ];
    player.execute(MAIN, play(media));
    player.execute(MAIN, stop);
    expect(executed).toEqual([play(media), stop]);
  });
});

/** Does a draft reach a switch? */
function draftsPlayed(resolve: (playable: Playable) => unknown): boolean {
  const playable = new Playable({
    voice: (_language, name) => (name === 'draft' ? { state: 'draft' } : { state: 'unknown' }),
    speech: undefined,
    config: () => ({ flows: [] }) as never,
    onDraft: () => undefined,
  });
  return JSON.stringify(resolve(playable)).includes('draft');
}

test('no draft is played; the check finds one that is', () => {
  const media: MediaRef[] = [
    { kind: 'prompt', prompt: 'draft', language: 'en' },
    { kind: 'prompt', prompt: 'draft.wav', language: 'en' },
  ];
  expect(draftsPlayed((playable) => playable.resolve(media))).toBe(false);
  expect(draftsPlayed(() => media)).toBe(true);
});

describe('sounds of words are kept within bounds', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'speech-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  const cacheOf = (clock: SimulatedClock, synthesise: () => Uint8Array) =>
    new SpeechCache({ dir, synthesise, voice: '', timeoutMs: 1000, maxBytes: 4000, keepMs: 10_000, clock, log: quiet });

  test('the longest unused go first, by size and by time; the next run finds the others', async () => {
    const clock = new SimulatedClock();
    // The next run reads the times of the files, which are real.
    clock.advance(Date.now() - clock.wallMs());
    const cache = cacheOf(clock, () => SOUND);
    await cache.start();
    for (const text of ['a', 'b']) {
      await cache.fileOf(text, 'en');
      clock.advance(10);
    }
    expect(cache.ready('a', 'en')).toBeDefined();
    clock.advance(10);
    await cache.fileOf('c', 'en');
    expect([cache.ready('a', 'en'), cache.ready('b', 'en')]).toEqual([expect.any(String), undefined]);
    expect(cache.bytes).toBeLessThanOrEqual(4000);
    await cache.stop();
    const again = cacheOf(clock, () => SOUND);
    await again.start();
    expect(again.ready('c', 'en')).toBeDefined();
    clock.advance(3_600_000);
    await again.fileOf('d', 'en');
    expect(await readdir(dir)).toHaveLength(1);
  });

  test('a service that fails again and again is left alone for a while', async () => {
    let calls = 0;
    const clock = new SimulatedClock(0);
    const cache = cacheOf(clock, () => {
      calls += 1;
      throw new Error('down');
    });
    for (let n = 0; n < 10; n++) expect(await cache.fileOf(`t${n}`, 'en')).toBeUndefined();
    expect(calls).toBe(3);
    clock.advance(10_000);
    await cache.fileOf('again', 'en');
    expect(calls).toBe(4);
  });
});

test('where nobody chose a language, any approved version will do; two at once are two versions', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'voice-'));
  const database = await openDatabase(join(dir, 'records.sqlite'));
  try {
    await migrate(database);
    const open = async (): Promise<VoiceLibrary> => {
      const options = { folder: join(dir, 'voice'), seenAs: '/mnt/voice', clock: systemClock, log: quiet };
      const library = new VoiceLibrary({ ...options, table: new VoiceTable(database) });
      await library.start();
      return library;
    };
    const library = await open();
    const bring = (language: string) =>
      library.upload({ language, name: 'consent', bytes: SOUND, kind: 'ulaw', by: 'ann' });
    const brought = await Promise.all([bring('zh'), bring('zh'), bring('en')]);
    expect(brought.map(({ version }) => version)).toEqual([1, 2, 1]);
    expect([library.state(undefined, 'consent').state, library.state(undefined, 'other').state]).toEqual([
      'draft',
      'unknown',
    ]);
    await library.approve({ language: 'zh', name: 'consent', version: 2 }, 'admin');
    for (const one of [library, await open()]) {
      expect(one.state(undefined, 'consent')).toEqual({ state: 'approved', path: '/mnt/voice/zh/consent-v2' });
      expect(one.state('en', 'consent')).toEqual({ state: 'draft' });
    }
    await expect(
      library.upload({ language: 'en', name: '../x', bytes: SOUND, kind: 'ulaw', by: 'ann' }),
    ).rejects.toMatchObject({
      code: 'argument.invalid',
    });
  } finally {
    await database.close();
    await rm(dir, { recursive: true, force: true });
  }
});
