import { asId } from '@cordboard/cti-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { FarStep } from '../src/simulated/index.js';
import { Bench } from './harness.js';

const benches: Bench[] = [];
async function bench(how: ConstructorParameters<typeof Bench>[0] = {}): Promise<Bench> {
  const made = new Bench(how);
  benches.push(made);
  await made.start();
  return made;
}
afterEach(async () => {
  for (const one of benches.splice(0)) {
    await one.stop();
    expect(one.clock.pendingTimers).toBe(0);
    expect(one.box.openDevices).toBe(0);
  }
});

describe('a call that comes in', () => {
  for (const callerId of ['fsk', 'dtmf'] as const) {
    it(`is told with its caller by ${callerId} before the second ring, answered, spoken to, heard, and ended`, async () => {
      const b = await bench();
      const startMs = b.clock.nowMs();
      const { exchange } = b.box.line('one');
      exchange.callIn({ number: '13900001111', callerId });
      const created = await b.sees('created');
      expect(b.clock.nowMs() - startMs).toBeLessThan(5_000);
      expect([created.direction, created.calling.number, created.called.number]).toEqual([
        'incoming',
        '13900001111',
        '01061234567',
      ]);
      const { connectionId: id } = created;
      await b.accepted({ type: 'claim', connectionId: id, mark: { callId: asId('c1') } });
      await b.accepted({ type: 'answer', connectionId: id });
      await b.sees('connected', { on: id });
      await b.accepted({
        type: 'play',
        connectionId: id,
        playbackId: asId('p1'),
        media: [{ kind: 'prompt', prompt: 'welcome' }],
      });
      expect((await b.sees('playbackFinished', { on: id })).outcome).toBe('done');
      exchange.press('12*0#');
      await b.clock.tick(2_000);
      expect(
        b
          .of('digit', id)
          .map((event) => event.digit)
          .join(''),
      ).toBe('12*0#');
      await b.accepted({ type: 'clear', connectionId: id, cause: 'normalClearing' });
      await b.sees('cleared', { on: id });
      expect(b.box.line('one').hook).toBe('on');
      await b.clock.tick(2_000);
      expect(exchange.state).toBe('free');
    });
  }
});

describe('a call that goes out', () => {
  const cases: readonly (readonly [string, readonly FarStep[] | undefined, readonly string[]])[] = [
    [
      'answered after ringback',
      [{ do: 'ringback', cycles: 2 }, { do: 'answer' }, { do: 'say', forMs: 60_000 }],
      ['created', 'alerting ringback 0.9', 'connected ringback-broken 0.9'],
    ],
    ['busy', [{ do: 'tone', tone: 'busy' }], ['created', 'cleared busy tone:busy 0.9']],
    ['congestion', [{ do: 'tone', tone: 'congestion' }], ['created', 'cleared congestion tone:congestion 0.9']],
    ['empty number', undefined, ['created', 'cleared unallocatedNumber tone:unobtainable 0.9']],
    [
      'nobody answers',
      [{ do: 'ringback' }],
      ['created', 'alerting ringback 0.9', 'cleared noAnswer ringback:ringback 0.9'],
    ],
    [
      'polarity',
      [
        { do: 'ringback', cycles: 1 },
        { do: 'answer', polarity: 'reversed' },
        { do: 'say', forMs: 60_000 },
      ],
      ['created', 'alerting ringback 0.9', 'connected polarity 1'],
    ],
    ['fax', [{ do: 'ringback', cycles: 1 }, { do: 'fax' }], ['created', 'alerting ringback 0.9', 'connected tone 0.9']],
    [
      'announcement',
      [{ do: 'announce', forMs: 12_000 }],
      ['created', 'connected voice 0.5', 'cleared normalClearing tone:busy 0.9'],
    ],
  ];
  for (const [name, steps, story] of cases) {
    it(name, async () => {
      const b = await bench(steps === undefined ? {} : { box: { numbers: { '01088886666': steps } } });
      const id = await b.originate('01088886666', { ringTimeoutMs: 20_000 });
      await b.clock.tick(60_000);
      expect(b.box.line('one').exchange.dialledNumbers).toEqual(['01088886666']);
      expect(b.story(id)).toEqual(story);
    });
  }
});
