import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VoiceFile } from '@cordboard/cti-protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { type FlowFloor, flowOf, say, startFlowFloor } from './support/flow-floor.js';

/** A tenth of a second of silence, µ-law. */
const SOUND = new Uint8Array(800).fill(0xff);
const upload = (bytes: Uint8Array = SOUND, type = 'audio/basic') => ({
  method: 'POST',
  body: bytes,
  headers: { 'content-type': type },
});
let floor: FlowFloor | undefined;
afterEach(async () => {
  await floor?.end();
  floor = undefined;
});

const greeting = (prompts: object) =>
  flowOf(
    { hello: { type: 'play', say: say('greeting'), next: 'bye' }, bye: { type: 'play', say: say('bye'), next: 'END' } },
    { languages: ['zh', 'en'], prompts: { greeting: prompts, bye: { zh: 'bye', en: 'bye' } } },
  );

describe('a sound of the voice library', () => {
  test('is brought, listened to, approved, replaced and withdrawn; callers hear approved ones alone', async () => {
    floor = await startFlowFloor({ flows: [greeting({ zh: 'front/hello', en: 'front/hello' })] });
    const at = '/v1/voice/zh/front%2Fhello/versions';
    const heardNow = async (): Promise<readonly string[]> => {
      const caller = floor?.call();
      await caller?.hears('bye');
      caller?.hangsUp();
      return caller?.heard ?? [];
    };
    // Nothing is known of it: the switch may have a sound of its own of that name.
    expect(await heardNow()).toEqual(['front/hello', 'bye']);
    expect(await floor.json(at, upload())).toMatchObject({ version: 1, state: 'draft', durationMs: 100 });
    expect(await heardNow()).toEqual(['front/hello', 'bye']);
    expect(floor.log.join('')).toContain('not approved');
    // The other language has no draft in its way: that sound of the switch stands in for it.
    const english = '/v1/voice/en/front%2Fhello/versions';
    await floor.rest(english, upload());
    expect(await heardNow()).toEqual(['bye']);

    const part = await floor.rest(`${at}/1/file`, { headers: { range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'RIFF']);
    expect((await floor.rest(`${at}/1/approve`, { method: 'POST', role: 'supervisor' })).status).toBe(403);
    expect(await floor.json(`${at}/1/approve`, { method: 'POST' })).toMatchObject({
      state: 'approved',
      approvedBy: 'admin',
    });
    const path = join(floor.dir, 'voice', 'zh', 'front', 'hello-v1');
    expect(await heardNow()).toEqual([path, 'bye']);
    expect((await readFile(`${path}.wav`)).subarray(0, 4).toString()).toBe('RIFF');

    await floor.rest(at, upload());
    expect(await heardNow()).toEqual([path, 'bye']);
    expect((await floor.rest(`${at}/1`, { method: 'DELETE' })).status).toBe(409);
    await floor.rest(`${at}/2/approve`, { method: 'POST' });
    expect(await heardNow()).toEqual([path.replace('-v1', '-v2'), 'bye']);
    expect((await floor.rest(`${at}/1`, { method: 'DELETE' })).status).toBe(204);
    expect(existsSync(`${path}.wav`)).toBe(false);
    await floor.rest(`${at}/2/withdraw`, { method: 'POST' });
    expect(await heardNow()).toEqual(['bye']);
    const list = await floor.json<{ items: VoiceFile[] }>('/v1/voice?language=zh&state=draft');
    expect(list.items.map(({ name, version }) => [name, version])).toEqual([['front/hello', 2]]);
  });

  test('is there again after a restart', async () => {
    const first = await startFlowFloor({ flows: [greeting({ zh: 'hello' })] });
    await first.rest('/v1/voice/zh/hello/versions', upload());
    await first.rest('/v1/voice/zh/hello/versions/1/approve', { method: 'POST' });
    await first.server.stop();
    floor = await startFlowFloor({ flows: [greeting({ zh: 'hello' })] }, { dir: first.dir });
    await floor.call().hears(join(first.dir, 'voice', 'zh', 'hello-v1'));
    await floor.end();
    floor = undefined;
    await first.end();
  });

  test('that is none, or has no name, is refused', async () => {
    floor = await startFlowFloor({ flows: [greeting({ zh: 'hello' })] });
    const refused = async (path: string, init: RequestInit): Promise<unknown> => {
      if (floor === undefined) throw new Error('no floor');
      const response = await floor.rest(path, init);
      return [response.status, ((await response.json()) as { code?: string }).code];
    };
    const at = '/v1/voice/zh/hello/versions';
    const invalid = [400, 'argument.invalid'];
    expect(await refused(at, upload(new TextEncoder().encode('no sound at all'), 'audio/wav'))).toEqual(invalid);
    expect(await refused(at, upload(new Uint8Array(10)))).toEqual(invalid);
    expect(await refused(at, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).toEqual(
      invalid,
    );
    expect(await refused(at, upload(new Uint8Array(11 * 1024 * 1024)))).toEqual([413, 'wire.frameTooLarge']);
    for (const name of ['..%2F..%2Fetc', '%2Fetc', 'a%2F..%2Fb', 'a.wav', 'a%00']) {
      expect(await refused(`/v1/voice/zh/${name}/versions`, upload()), name).toEqual(invalid);
    }
    expect(await refused('/v1/voice/..%2Fen/hello/versions', upload())).toEqual(invalid);
    // Sound is for the operations that ask for it.
    expect(await refused('/v1/tokens', upload())).toEqual(invalid);
    expect(await readdir(join(floor.dir, 'voice'))).toEqual([]);
  });
});

describe('words become sound before a switch sees them', () => {
  const words = {
    hello: { type: 'play', say: [{ kind: 'text', text: 'Dear {call.number}' }], next: 'bye' },
    bye: { type: 'play', say: say('bye'), next: 'END' },
  };

  test('once for each text, by the speech service; the log holds none of it', async () => {
    const asked: unknown[] = [];
    floor = await startFlowFloor({
      flows: [flowOf(words)],
      ivr: {
        speech: {
          voice: 'anna',
          synthesise: ((text: string, { language, voice }: { language: string; voice: string }) => {
            asked.push([text, language, voice]);
            return SOUND;
          }) as never,
        },
      },
    });
    for (let n = 0; n < 2; n++) {
      const caller = floor.call();
      await caller.hears('bye');
      expect(caller.heard).toEqual([expect.stringMatching(/\/voice\/speech\/[0-9a-f]{40}$/u), 'bye']);
      expect((await readFile(`${caller.heard[0]}.wav`)).subarray(0, 4).toString()).toBe('RIFF');
    }
    expect(asked).toEqual([['Dear +8613912345678', 'en', 'anna']]);
    expect(floor.log.join('')).not.toContain('13912345678');
  });

  test.each([
    ['without a service', {}],
    [
      'when it fails',
      {
        speech: {
          synthesise: () => {
            throw new Error('Dear 13912345678');
          },
        },
      },
    ],
    ['when it says nothing that is sound', { speech: { synthesise: () => new Uint8Array(3) } }],
    ['when it never answers', { speech: { synthesise: () => new Promise(() => undefined), timeout: '100ms' } }],
  ])('%s nothing is said and the flow goes on', async (_what, ivr) => {
    floor = await startFlowFloor({ flows: [flowOf(words)], ivr: ivr as never });
    const caller = floor.call();
    await caller.hears('bye');
    expect(caller.heard).toEqual(['bye']);
    expect(floor.log.join('')).not.toContain('13912345678');
  });

  test('words stand in for a draft, in its own language before another', async () => {
    const prompts = { zh: { file: 'hello', text: '您好' }, en: { file: 'hello', text: 'Hello' } };
    const said: string[] = [];
    const speech = {
      synthesise: ((text: string) => {
        said.push(text);
        return SOUND;
      }) as never,
    };
    floor = await startFlowFloor({ flows: [greeting(prompts)], ivr: { speech } });
    await floor.rest('/v1/voice/zh/hello/versions', upload());
    const caller = floor.call();
    await caller.hears('bye');
    expect(said).toEqual(['您好']);
    expect(caller.heard[0]).toMatch(/speech/u);
  });
});
