import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { exportJournal, replayJournal } from '../src/journal/tools.js';
import { type FlowFloor, flowOf, say, startFlowFloor } from './support/flow-floor.js';
import { json, type Service, startService } from './support/service.js';

const SECRET = 'the-token-of-the-erp';
const NAME = 'Ouyang Mingzhu';
let floor: FlowFloor;
let service: Service;
afterEach(async () => {
  await floor.end();
  await service.close();
});

/** Files of a folder that hold a text, in any of the forms in which programs write it. */
async function filesWith(dir: string, text: string): Promise<readonly string[]> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  const forms = [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString('base64'),
  ];
  const found: string[] = [];
  for (const file of files) {
    if (!file.isFile()) continue;
    const bytes = await readFile(join(file.parentPath, file.name));
    if (forms.some((form) => bytes.includes(form))) found.push(file.name);
  }
  return found;
}

test('a secret is in no file and no line of the log; what a service answered under a mask neither', async () => {
  service = await startService((_asked, response) => json(response, { name: NAME }));
  process.env.CORDBOARD_TEST_ERP = SECRET;
  floor = await startFlowFloor({
    flows: [
      flowOf({
        ask: {
          type: 'http',
          method: 'GET',
          url: `${service.origin}/customer?n={call.number}`,
          headers: { authorization: 'Bearer {secret.ERP}' },
          timeoutMs: 20_000,
          keep: { name: 'name' },
          masked: ['name'],
          ways: { 200: 'hello' },
          otherwise: 'END',
          failed: 'END',
        },
        hello: { type: 'play', say: [{ kind: 'text', text: 'Hello {name}' }, ...say('bye')], next: 'END' },
      }),
    ],
    ivr: { http: { allow: [service.origin] }, secrets: { ERP: { env: 'CORDBOARD_TEST_ERP' } } },
  });
  const caller = floor.call();
  await caller.hears('bye');
  await expect
    .poll(
      async () => {
        await floor.server.settled();
        return (await floor.json<{ items: object[] }>('/v1/cdrs')).items.length;
      },
      { interval: 50 },
    )
    .toBe(1);
  expect(JSON.stringify(await floor.json('/v1/cdrs'))).not.toContain(NAME);
  expect(service.asked[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
  await floor.server.stop();
  for (const text of [SECRET, NAME]) {
    expect(await filesWith(floor.dir, text), text).toEqual([]);
    expect(floor.log.join('')).not.toContain(text);
  }
  // The search itself must be able to find: a caller's number stands in the journal, and so does what is planted.
  expect(await filesWith(floor.dir, '13912345678')).toContain('00000001.journal');
  await writeFile(join(floor.dir, 'planted'), JSON.stringify({ authorization: `Bearer ${SECRET}` }));
  expect(await filesWith(floor.dir, SECRET)).toEqual(['planted']);

  // It replays all the same, from the sealed file and from a scrubbed one that can be given away.
  const file = join(floor.dir, 'journal', '00000001.journal');
  const replayed = await replayJournal(file);
  const scrubbed = join(floor.dir, 'scrubbed.journal');
  await exportJournal(file, scrubbed, { scrub: 'a key of the customer' });
  expect(await readFile(scrubbed, 'utf8')).not.toContain('Ouyang');
  expect((await replayJournal(scrubbed)).inputs).toBe(replayed.inputs);
});
