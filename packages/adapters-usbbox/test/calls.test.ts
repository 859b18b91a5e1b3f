import { asId, type CallId } from '@cordboard/cti-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { FarStep } from '../src/simulated/index.js';
import { bench, closeBenches, LINE } from './harness.js';

afterEach(closeBenches);

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

describe('a call that comes in and is not answered', () => {
  it('is told by the second ring when it has no caller ID, and ends as cancelled when the bell stops', async () => {
    const b = await bench();
    const { exchange } = b.box.line('one');
    const startMs = b.clock.nowMs();
    exchange.callIn({ callerId: 'none', rings: 3 });
    const created = await b.sees('created');
    expect(b.clock.nowMs() - startMs).toBeGreaterThanOrEqual(4_500);
    expect([created.calling.number, created.calling.presentation]).toEqual(['', 'unavailable']);
    const cleared = await b.sees('cleared');
    expect(cleared.release).toEqual({ cause: 'cancelled', evidence: { by: 'timeout', confidence: 0.9 } });
    // 5.5 s after the end of the third ring.
    expect(b.clock.nowMs() - startMs).toBeLessThan(11_000 + 5_600);
  });

  it('is a missed call also when the caller goes after the first ring, before anything is known', async () => {
    const b = await bench();
    b.box.line('one').exchange.callIn({ callerId: 'none', rings: 1 });
    const { connectionId } = await b.sees('cleared');
    expect(b.story(connectionId)).toEqual(['created', 'cleared cancelled timeout 0.9']);
  });

  it('says who withholds the number', async () => {
    const b = await bench();
    b.box.line('one').exchange.callIn({ absence: 'P' });
    expect((await b.sees('created')).calling).toEqual({ number: '', presentation: 'withheld' });
  });

  it('tells the name', async () => {
    const b = await bench();
    b.box.line('one').exchange.callIn({ number: '13900001111', name: '张三' });
    expect((await b.sees('created')).calling).toEqual({ number: '13900001111', name: '张三', presentation: 'allowed' });
  });

  it('is refused by lifting for half a second, and the line is free again', async () => {
    const b = await bench();
    const line = b.box.line('one');
    line.exchange.callIn({ number: '13900001111' });
    const { connectionId } = await b.sees('created');
    await b.accepted({ type: 'clear', connectionId, cause: 'blocked' });
    await b.clock.tick(300);
    expect(line.hook).toBe('off');
    await b.clock.tick(300);
    expect(line.hook).toBe('on');
    expect(b.story(connectionId)).toEqual(['created', 'cleared blocked']);
    await b.clock.tick(2_500);
    expect([line.exchange.state, line.exchange.flashes]).toEqual(['free', 0]);
    expect(b.of('connected', connectionId)).toEqual([]);
  });

  it('is no call when the bell is a spike', async () => {
    const b = await bench();
    const line = b.box.line('one');
    line.tell({ type: 'signal', signal: 'ringStart' });
    await b.clock.tick(60);
    line.tell({ type: 'signal', signal: 'ringEnd' });
    await b.clock.tick(20_000);
    expect(b.of('created')).toEqual([]);
  });
});

describe('the end of a talk', () => {
  it('is heard by busy tone, also while a prompt plays and its echo comes back', async () => {
    const b = await bench();
    const id = await b.talk();
    await b.accepted({
      type: 'play',
      connectionId: id,
      playbackId: asId('p'),
      media: [{ kind: 'prompt', prompt: 'long' }],
    });
    await b.clock.tick(2_000);
    const sinceMs = b.clock.nowMs();
    b.box.line('one').exchange.hangUp();
    const cleared = await b.sees('cleared', { on: id });
    expect(cleared.release).toEqual({
      cause: 'normalClearing',
      evidence: { by: 'tone', confidence: 0.9, tone: 'busy' },
    });
    expect(b.clock.nowMs() - sinceMs).toBeLessThan(4_000);
    expect(b.of('playbackFinished', id).map((event) => event.outcome)).toEqual(['stopped']);
  });

  it('is not heard in the busy tone that we play ourselves', async () => {
    const b = await bench();
    const id = await b.talk({ number: '13900001111', answered: [{ do: 'silence', forMs: 100_000 }] });
    for (const [n, tone] of (['busy', 'congestion', 'dial'] as const).entries()) {
      await b.accepted({ type: 'play', connectionId: id, playbackId: asId(`p${n}`), media: [{ kind: 'tone', tone }] });
      await b.clock.tick(8_000);
      await b.accepted({ type: 'stopPlay', connectionId: id, playbackId: asId(`p${n}`) });
      await b.clock.tick(2_000);
    }
    expect(b.of('cleared')).toEqual([]);
  });

  it('is told at once by the wires where they told the answer', async () => {
    const b = await bench({
      box: {
        numbers: {
          '010': [
            { do: 'ringback', cycles: 1 },
            { do: 'answer', polarity: 'reversed' },
            { do: 'say', forMs: 5_000 },
            { do: 'hangUp', polarity: 'reversed' },
          ],
        },
      },
    });
    const id = await b.originate('010');
    await b.clock.tick(30_000);
    expect(b.story(id)).toEqual([
      'created',
      'alerting ringback 0.9',
      'connected polarity 1',
      'cleared normalClearing polarity 1',
    ]);
  });

  it('never comes from a voice, however long it speaks', async () => {
    const b = await bench();
    const id = await b.talk();
    await b.clock.tick(300_000);
    expect(b.of('cleared')).toEqual([]);
    expect(b.of('digit', id)).toEqual([]);
  }, 180_000);
});

describe('hook flash', () => {
  it('gives the call to an extension of the PBX and leaves', async () => {
    const b = await bench();
    const id = await b.talk();
    const { exchange } = b.box.line('one');
    await b.accepted({ type: 'flash', connectionId: id, digits: '802', after: 'leave' });
    const cleared = await b.sees('cleared', { on: id });
    expect(cleared.release.cause).toBe('transferred');
    await b.clock.tick(3_000);
    expect([exchange.flashes, exchange.transferredTo]).toEqual([1, '802']);
  });

  it('stays when it shall stay, and the dial tone of the PBX is no end', async () => {
    const b = await bench();
    const id = await b.talk();
    await b.accepted({ type: 'flash', connectionId: id, after: 'stay' });
    await b.clock.tick(10_000);
    expect(b.of('cleared')).toEqual([]);
    expect(b.box.line('one').hook).toBe('off');
  });

  it('never happens by a hang-up: the next call waits until the line was on-hook for two seconds', async () => {
    const b = await bench({ box: { numbers: { '010': [{ do: 'ringback' }] } } });
    const line = b.box.line('one');
    for (let n = 0; n < 3; n++) {
      const id = await b.originate('010');
      await b.sees('alerting', { on: id });
      await b.accepted({ type: 'clear', connectionId: id, cause: 'cancelled' });
      await b.sees('cleared', { on: id });
    }
    expect([line.exchange.flashes, line.exchange.dialledNumbers.length]).toEqual([0, 3]);
  });
});

describe('one call at a time', () => {
  it('a taken line is refused with conflict, in every way in which it can be taken', async () => {
    const b = await bench();
    const target = { kind: 'number', trunk: LINE, number: '010' } as const;
    const order = { type: 'originate', target, mark: { callId: asId<CallId>('c') }, ringTimeoutMs: 5_000 } as const;
    b.box.line('one').exchange.callIn({ number: '13900001111' });
    const { connectionId } = await b.sees('created');
    expect(await b.give({ ...order, connectionId: b.id() })).toMatchObject({ outcome: 'refused', code: 'conflict' });
    await b.accepted({ type: 'answer', connectionId });
    expect(await b.give({ ...order, connectionId: b.id() })).toMatchObject({ outcome: 'refused', code: 'conflict' });
    await b.accepted({ type: 'clear', connectionId, cause: 'normalClearing' });
    await b.sees('cleared');
    await b.accepted({ ...order, connectionId: b.id() });
    expect(await b.give({ ...order, connectionId: b.id() })).toMatchObject({ outcome: 'refused', code: 'conflict' });
  });
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
