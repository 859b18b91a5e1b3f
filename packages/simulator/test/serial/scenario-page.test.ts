import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Scheduler } from '../../src/index.js';
import { type PbxScenario, pbxOfScenario, readPbxScenario, startScenario } from '../../src/serial/index.js';
import { START } from './host.js';

const PAGE = readFileSync(new URL('../../../../docs/simulator-serial.md', import.meta.url), 'utf8');

it('plays the scenario of its page', () => {
  const block = /```json\n([\s\S]*?)```/u.exec(PAGE)?.[1] ?? '';
  const scenario = readPbxScenario(JSON.parse(block));
  const clock = new Scheduler(START);
  const sim = pbxOfScenario({ ...scenario, boot: 1 }, { clock });
  const kinds = new Set<string>();
  sim.pbx.subscribe((news) => kinds.add(news.type));
  sim.start();
  const stop = startScenario(sim, scenario);
  clock.runTo(1_800_000);
  stop();
  const { list, next } = sim.pbx.records();
  expect(next).toBeGreaterThan(300);
  expect(list.some(({ end }) => end === 'cut')).toBe(true);
  expect(list.some(({ charge = 0 }) => charge > 0)).toBe(true);
  expect(list.some(({ name }) => name === '张三')).toBe(true);
  expect([...kinds].sort()).toEqual(['callerId', 'digits', 'extension', 'key', 'line', 'record', 'tone']);
  expect(sim.pbx.memory.boot).toBe(2);
});

it('ends with all that its people were about to do', async () => {
  const scenario: PbxScenario = {
    phones: [
      { number: '801', talkFor: '50s' },
      { number: '802', does: 'ring' },
    ],
    callers: [
      { line: 3, number: '13912345678', after: '1s', every: '7s', press: '12', talkFor: '50s', patience: '50s' },
    ],
    outside: { 114: { does: 'ring', ringFor: '50s' }, 10086: { does: 'answer', talkFor: '50s' } },
    acts: [
      { phone: '803', after: '2s', does: 'dial', to: '9114#' },
      { phone: '804', after: '3s', does: 'dial', to: '910086#' },
      { phone: '805', after: '4s', does: 'dial', to: '802' },
    ],
    traffic: { callEvery: '2s', dialEvery: '2s', insideEvery: '3s', talkFor: '50s', patience: '50s' },
    troubles: [
      { after: '25s', what: 'losePower', for: '20s' },
      { after: '20s', what: 'pullCable', for: '40s' },
      { after: '15s', what: 'stall', for: '30s' },
    ],
  };
  for (const endMs of [500, 5_000, 12_000, 17_000, 23_000, 30_000, 47_000]) {
    const clock = new Scheduler(START);
    const sim = pbxOfScenario(scenario, { clock });
    sim.start();
    const stop = startScenario(sim, scenario);
    clock.runTo(endMs);
    expect(clock.pending).toBeGreaterThan(5);
    stop();
    await sim.close();
    expect([endMs, clock.pending]).toEqual([endMs, 0]);
  }
});

it('is another PBX at each start, unless it is told which', () => {
  const names = (startMs: number, more: PbxScenario = {}): number[] => {
    const { pbx } = pbxOfScenario({ ...more, seed: 7 }, { clock: new Scheduler(startMs) });
    pbx.powerOn();
    return [pbx.memory.store, pbx.memory.boot];
  };
  const first = names(START);
  expect(names(START)).toEqual(first);
  const [store, boot] = names(START + 1);
  expect(first).not.toContain(store);
  expect(first).not.toContain(boot);
  expect(names(START, { store: 99, boot: 0xffff_ffff })).toEqual([99, 0xffff_ffff]);
  expect(() => names(START, { store: 0 })).toThrow('store');
  expect(() => names(START, { boot: 1.5 })).toThrow('boot');
});

it.each([
  [{ callers: [{ every: 'often' }] }, 'callers[0].every'],
  [{ phones: [{ does: 'answer' }] }, 'phones[0].number'],
  [{ acts: [{ phone: '801', after: 0, does: 'fly' }] }, 'acts[0].does'],
  [{ troubles: [{ after: 0, what: 'losePower' }] }, 'troubles[0].for'],
  [{ outside: { 1: { does: 'sleep' } } }, 'outside.1.does'],
  [{ parameters: [{ item: 1, index: 1, field: 1 }] }, 'parameters[0].value'],
  [[], 'scenario'],
])('refuses %j by its entry', (value, path) => {
  expect(() => readPbxScenario(value)).toThrow(path);
});
