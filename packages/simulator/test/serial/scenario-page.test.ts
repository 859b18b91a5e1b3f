import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Scheduler } from '../../src/index.js';
import { pbxOfScenario, readPbxScenario, startScenario } from '../../src/serial/index.js';
import { START } from './host.js';

const PAGE = readFileSync(new URL('../../../../docs/simulator-serial.md', import.meta.url), 'utf8');

it('plays the scenario of its page', () => {
  const block = /```json\n([\s\S]*?)```/u.exec(PAGE)?.[1] ?? '';
  const scenario = readPbxScenario(JSON.parse(block));
  const clock = new Scheduler(START);
  const sim = pbxOfScenario(scenario, { clock });
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
