import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { FaxService, SpeechRecogniser } from '../src/index.js';
import { type FlowFloor, flowOf, say, startFlowFloor } from './support/flow-floor.js';

let floor: FlowFloor | undefined;
let dir = '';
afterEach(async () => {
  await floor?.end();
  floor = undefined;
  if (dir !== '') await rm(dir, { recursive: true, force: true });
});
const ends = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { type: 'play', say: say(name), next: 'END' }]));

test('a caller says a word; the service gets its sound from the switch, and the flow goes on by it', async () => {
  const got: unknown[] = [];
  const recognise: SpeechRecogniser = ({ bytes, format }, { language, phrases }) => {
    got.push([Buffer.from(bytes.subarray(0, 4)).toString(), format, language, phrases]);
    return got.length === 1 ? { way: 'noMatch' } : { way: 'match', text: 'sales' };
  };
  floor = await startFlowFloor({
    flows: [
      flowOf({
        hear: {
          type: 'listen',
          say: say('say it'),
          variable: 'word',
          phrases: ['sales', 'support'],
          maxMs: 60_000,
          next: 'sent',
          noInput: 'noInput',
          noMatch: 'noMatch',
          failed: 'failed',
        },
        sent: { type: 'fax', document: 'prices', timeoutMs: 20_000, next: 'done', failed: 'failed' },
        ...ends('done', 'noInput', 'noMatch', 'failed'),
      }),
    ],
    ivr: { speech: { recognise: recognise as never }, fax: ((fax) => void got.push(fax)) as FaxService as never },
  });
  const caller = floor.call();
  for (let round = 1; round <= 2; round++) {
    await caller.hears('say it', round);
    await expect.poll(() => caller.recordings, { interval: 20 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await caller.presses('#');
  }
  await caller.hears('done');
  const heard = ['RIFF', 'wav', 'en', ['sales', 'support']];
  expect(got).toEqual([
    heard,
    heard,
    { document: 'prices', number: '+8613912345678', key: expect.stringMatching(/:front\/sent:\d+$/u) },
  ]);
});

test('where a caller belongs is read from a file', async () => {
  dir = await mkdtemp(join(tmpdir(), 'cordboard-areas-'));
  const file = join(dir, 'areas.csv');
  await writeFile(file, 'prefix,province,city,carrier\n+861391,Guangdong,Shenzhen,Mobile\n010,Beijing,Beijing,\n');
  const rules = [
    { prefixes: ['+44'], goTo: 'abroad' },
    { province: 'Guangdong', carrier: 'Telecom', goTo: 'abroad' },
    { city: 'Shenzhen', goTo: 'near' },
  ];
  floor = await startFlowFloor({
    flows: [flowOf({ where: { type: 'area', rules, otherwise: 'elsewhere' }, ...ends('near', 'elsewhere', 'abroad') })],
    ivr: { area: { file } },
  });
  await floor.call('+8613912345678').hears('near');
  await floor.call('+8613812345678').hears('elsewhere');
  await floor.call('+442079460000').hears('abroad');
});

test('nobody is there to ask: every node goes its way for that, and the call goes on', async () => {
  const asking = { timeoutMs: 1000, failed: 'next' };
  floor = await startFlowFloor({
    flows: [
      flowOf({
        where: { type: 'area', rules: [{ city: 'Shenzhen', goTo: 'lost' }], otherwise: 'fax' },
        fax: { type: 'fax', document: 'prices', next: 'lost', ...asking, failed: 'words' },
        words: { type: 'play', say: [{ kind: 'text', text: 'nobody says this' }], next: 'hear' },
        hear: {
          type: 'listen',
          say: say('hear'),
          variable: 'w',
          maxMs: 1000,
          tries: 1,
          next: 'lost',
          noInput: 'lost',
          noMatch: 'lost',
          failed: 'next',
        },
        ...ends('next', 'lost'),
      }),
    ],
  });
  const caller = floor.call();
  await caller.hears('next');
  expect(caller.heard).not.toContain('lost');
});
