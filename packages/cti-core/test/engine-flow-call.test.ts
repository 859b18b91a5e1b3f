import { describe, expect, test } from 'vitest';
import { asId } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const TO = '13800001111';
const admin = { role: 'admin' } as const;
const ask = (floor: Floor, to = TO, flow = 'front') =>
  floor.say('boss', { type: 'flow.call', to, flow, data: { box: 'sales' } }, admin);

describe('a call that a flow makes', () => {
  test('puts whoever answers into the flow, with what it was told', () => {
    const floor = new Floor(site()).up();
    floor.habits.set(TO, 'answers');
    const said = ask(floor);
    expect(said).toMatchObject({ outcome: 'done' });
    const line = floor.at_(`main:external:${TO}`);
    expect(floor.sent('play')).toMatchObject([{ connectionId: line, media: [{ kind: 'prompt', prompt: 'menu.wav' }] }]);
    expect(floor.sent('collectDigits')).toMatchObject([{ connectionId: line, mode: 'start' }]);
    floor.event({ type: 'digit', connectionId: line, digit: '1' });
    expect(floor.engine.queue(asId('sales'))?.waiting).toHaveLength(1);
    floor.wait(5000).hangUp(line);
    expect(floor.onlyCdr()).toMatchObject({
      direction: 'outbound',
      customer: { raw: TO },
      data: { box: 'sales' },
      ivrPath: ['front/pick', 'front/sales'],
    });
    expect(floor.timers.size).toBe(0);
  });

  test.each([
    ['busy', 'busy'],
    ['unreachable', 'failed'],
  ] as const)('to one who is %s ends as that, by the system', (habit, outcome) => {
    const floor = new Floor(site()).up();
    floor.habits.set(TO, habit);
    ask(floor);
    floor.wait(1000);
    expect(floor.onlyCdr()).toMatchObject({ outcome, endedBy: 'system', agents: [] });
    expect(floor.sent('originate')).toHaveLength(1);
  });

  test('rings no longer than the site lets it', () => {
    const floor = new Floor(site()).up();
    ask(floor);
    expect(floor.sent('originate')).toMatchObject([{ ringTimeoutMs: 60_000 }]);
  });

  test('is refused for emergency numbers, unknown flows, queues, while draining and while the switch is away', () => {
    const floor = new Floor(site()).up();
    expect(ask(floor, '110')).toMatchObject({ outcome: 'failed', code: 'argument.number' });
    expect(ask(floor, TO, 'nowhere')).toMatchObject({ outcome: 'failed', code: 'flow.notFound' });
    expect(ask(floor, 'queue:sales')).toMatchObject({ outcome: 'failed', code: 'argument.number' });
    floor.down();
    expect(ask(floor)).toMatchObject({ outcome: 'failed', code: 'driver.linkLost' });
    floor.up().input({ kind: 'drain', mode: 'start' });
    expect(ask(floor)).toMatchObject({ outcome: 'failed', code: 'server.draining' });
    expect([floor.sent('originate'), floor.cdrs.size]).toEqual([[], 0]);
  });
});
