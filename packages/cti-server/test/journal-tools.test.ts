import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exportJournal, readJournalFile, replayJournal } from '../src/journal/tools.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

const run = promisify(execFile);
/** Long enough to stand in no time or random id by chance. */
const PIN = '73918264';
const FLOW = {
  format: 'cordboard-ivr/1',
  id: 'front',
  version: '1',
  languages: ['en'],
  start: 'pin',
  nodes: {
    pin: {
      type: 'collect',
      say: [{ kind: 'prompt', prompt: 'pin' }],
      variable: 'pin',
      min: PIN.length,
      max: PIN.length,
      masked: true,
      timeoutMs: 30_000,
      interDigitMs: 30_000,
      next: 'wait',
      noInput: 'END',
      noMatch: 'END',
    },
    wait: { type: 'queue', queue: 'support', overflow: 'END' },
  },
  prompts: { pin: { en: 'pin' } },
};

let floor: Floor;
let file: string;
beforeAll(async () => {
  floor = await startFloor({
    config: { flows: { front: FLOW }, routes: [{ number: '4008001000', to: { ivr: 'front' } }] },
  });
  const ann = await floor.client('agent');
  await ann.watch('agent:ann');
  await ann.command({ type: 'agent.logOn' });
  await ann.command({ type: 'agent.ready' });
  const caller = floor.phone.call(CALLER, '4008001000');
  await vi.waitFor(() => expect(floor.phone.commands.map(({ type }) => type)).toContain('play'));
  for (const digit of PIN) floor.phone.emit({ type: 'digit', connectionId: caller, digit });
  await ann.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  expect(ann.texts.join('\n')).not.toContain(PIN);
  floor.phone.hangUp(caller);
  await ann.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'));
  await floor.server.settled();
  await floor.server.stop();
  file = join(floor.dir, 'journal', '00000001.journal');
});
afterAll(() => floor?.end());

test('a journal replays to the same hashes in a fresh process and another time zone', async () => {
  const here = await replayJournal(file);
  expect(here.inputs).toBeGreaterThan(20);
  expect(here.effects).toBeGreaterThan(20);
  const tools = fileURLToPath(new URL('../src/journal/tools.ts', import.meta.url));
  const script = `import(${JSON.stringify(tools)}).then((m) => m.replayJournal(process.argv[1])).then((r) => console.log(JSON.stringify(r)))`;
  const args = ['--conditions=@cordboard/source', '--import', 'tsx', '--input-type=module', '-e', script, file];
  const { stdout } = await run(process.execPath, args, { env: { ...process.env, TZ: 'America/New_York' } });
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(here)));
});

test('the file that goes on from a snapshot replays too, and ends where it began when nothing came', async () => {
  const next = await replayJournal(join(floor.dir, 'journal', '00000002.journal'));
  expect(next.stateHash).toBe((await replayJournal(file)).stateHash);
});

test('keys stand nowhere in the journal, and come back with its key', async () => {
  const text = await readFile(file, 'utf8');
  expect(text).not.toMatch(/"digit":"\d"/u);
  const { inputs } = await readJournalFile(file);
  const digits = inputs.flatMap((input) =>
    input.kind === 'driver' && input.event.type === 'digit' ? [input.event.digit] : [],
  );
  expect(digits.join('')).toBe(PIN);
});

test('an exported journal stands alone and replays alike', async () => {
  const out = join(await mkdtemp(join(floor.dir, 'alone-')), 'all.journal');
  await exportJournal(file, out);
  const { stateHash, effectsHash } = await replayJournal(file);
  expect(await replayJournal(out)).toMatchObject({ stateHash, effectsHash });
});

test('a scrubbed one names nobody, holds other digits, and still replays: the same calls, the same number of effects', async () => {
  const alone = await mkdtemp(join(floor.dir, 'alone-'));
  const out = join(alone, 'scrubbed.journal');
  await exportJournal(file, out, { scrub: 'a secret' });
  const text = await readFile(out, 'utf8');
  for (const secret of [CALLER, CALLER.slice(3), 'Zhang San', 'Ann']) expect(text).not.toContain(`"${secret}`);
  expect(text).not.toContain(CALLER);
  const { inputs } = await readJournalFile(out);
  const digits = inputs.flatMap((input) =>
    input.kind === 'driver' && input.event.type === 'digit' ? [input.event.digit] : [],
  );
  expect(digits).toHaveLength(PIN.length);
  expect(digits.join('')).not.toBe(PIN);
  const [clear, scrubbed] = [await replayJournal(file), await replayJournal(out)];
  expect(scrubbed).toMatchObject({ inputs: clear.inputs, effects: clear.effects });
  expect(scrubbed.effectsHash).not.toBe(clear.effectsHash);
  // The same secret gives the same file again.
  const again = join(alone, 'again.journal');
  await exportJournal(file, again, { scrub: 'a secret' });
  expect(await readFile(again, 'utf8')).toBe(text);
});
