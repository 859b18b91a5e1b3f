import { asId, type BridgeId, type CallId } from '@cordboard/cti-core';
import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench, closeBenches, LINE, PHONE } from './harness.js';

afterEach(closeBenches);

const RINGS = {
  box: { numbers: { '01088886666': [{ do: 'ringback', cycles: 2 }, { do: 'answer' }, { do: 'say', forMs: 60_000 }] } },
} as const;
const parallel = { box: { ...RINGS.box, abilities: { phone: 'parallel', ringsPhone: 'silent' } } } as const;
const switched = { box: { ...RINGS.box, abilities: { phone: 'switched', ringsPhone: 'silent' } } } as const;

async function created(b: Bench, device: string) {
  await b.clock.tick(0);
  const untilMs = b.clock.nowMs() + 20_000;
  for (;;) {
    const found = b.of('created').find((event) => event.device === device);
    if (found !== undefined) return found;
    expect(b.clock.nowMs(), `no connection of ${device}`).toBeLessThan(untilMs);
    await b.clock.tick(20);
  }
}

describe('a separate local phone', () => {
  it('lifts for the call on the line that nobody holds a phone for', async () => {
    const b = await bench();
    const line = await b.talk();
    b.box.line('one').phone.lift();
    const phone = await created(b, PHONE);
    expect([phone.direction, phone.called.number, phone.calling.number]).toEqual(['incoming', '', '8001']);
    const lifted = await b.sees('lifted', { on: phone.connectionId });
    expect(lifted.targetId).toBe(line);
    await b.accepted({ type: 'answer', connectionId: phone.connectionId });
    await b.accepted({ type: 'bridge', bridgeId: asId<BridgeId>('b'), connectionIds: [line, phone.connectionId] });
    await b.clock.tick(1_000);
    b.box.line('one').phone.layDown();
    const cleared = await b.sees('cleared', { on: phone.connectionId });
    expect(cleared.release).toEqual({ cause: 'normalClearing', evidence: { by: 'hook', confidence: 1 } });
    expect(b.of('cleared', line)).toEqual([]);
  });

  it('lifts for a call that rings', async () => {
    const b = await bench();
    b.box.line('one').exchange.callIn({ number: '13900001111' });
    const line = await created(b, LINE);
    b.box.line('one').phone.lift();
    const lifted = await b.sees('lifted');
    expect(lifted.targetId).toBe(line.connectionId);
  });

  it('wants nothing of a call that two people are in', async () => {
    const b = await bench();
    const line = await b.talk();
    b.box.line('one').phone.lift();
    const phone = await created(b, PHONE);
    await b.accepted({ type: 'answer', connectionId: phone.connectionId });
    await b.accepted({ type: 'bridge', bridgeId: asId<BridgeId>('b'), connectionIds: [line, phone.connectionId] });
    expect(b.of('lifted')).toHaveLength(1);
  });

  it('dials: dial tone, keys, and the number when it is complete', async () => {
    const b = await bench();
    const { phone } = b.box.line('one');
    phone.lift('01088886666');
    const call = await created(b, PHONE);
    expect([call.direction, call.called.number]).toEqual(['incoming', '01088886666']);
    expect(b.of('lifted')).toEqual([]);
    await b.accepted({ type: 'clear', connectionId: call.connectionId, cause: 'blocked' });
    await b.sees('cleared', { on: call.connectionId });
    // Busy tone until the person lays it down.
    await b.clock.tick(10_000);
    expect(phone.hook).toBe('on');
  });

  it('hears the one at the line and is heard there', async () => {
    const b = await bench(RINGS);
    const phone = b.id();
    await b.accepted({
      type: 'originate',
      connectionId: phone,
      target: { kind: 'device', device: PHONE },
      mark: { callId: asId('c') },
      ringTimeoutMs: 30_000,
    });
    b.box.line('one').phone.lift();
    await b.sees('connected', { on: phone });
    const line = await b.originate('01088886666');
    await b.accepted({ type: 'bridge', bridgeId: asId<BridgeId>('b'), connectionIds: [phone, line] });
    await b.sees('connected', { on: line });
    await b.clock.tick(500);
    b.box.line('one').phone.press('123');
    await b.clock.tick(2_000);
    // The keys go to the far end, and what the line gives back of them is no key of the far end.
    expect(b.box.line('one').exchange.keysHeard).toBe('123');
    expect(b.of('digit', line)).toEqual([]);
    expect(b.of('digit', phone).map((event) => event.digit)).toEqual(['1', '2', '3']);
  });

  it('is busy when it is off-hook, and cannot be dialled', async () => {
    const b = await bench();
    b.box.line('one').phone.lift();
    await b.clock.tick(100);
    const id = b.id();
    await b.accepted({
      type: 'originate',
      connectionId: id,
      target: { kind: 'device', device: PHONE },
      mark: { callId: asId('c') },
      ringTimeoutMs: 30_000,
    });
    expect((await b.sees('cleared', { on: id })).release.cause).toBe('busy');
  });
});

describe('a phone that hangs on the line', () => {
  it('dials by itself: its number is told, the call of the line is what it did, and it follows it', async () => {
    const b = await bench(parallel);
    const { phone, exchange } = b.box.line('one');
    phone.lift('01088886666');
    const call = await created(b, PHONE);
    expect(call.called.number).toBe('01088886666');
    const line = await b.originate('01088886666');
    await b.accepted({ type: 'bridge', bridgeId: asId<BridgeId>('b'), connectionIds: [call.connectionId, line] });
    await b.sees('connected', { on: line });
    expect(b.story(line)).toEqual(['created', 'bridged', 'alerting ringback 0.9', 'connected ringback-broken 0.9']);
    expect(exchange.dialledNumbers).toEqual(['01088886666']);
    expect(b.box.line('one').hook).toBe('on');
    phone.layDown();
    await b.sees('cleared', { on: line });
    await b.sees('cleared', { on: call.connectionId });
    await b.clock.tick(3_000);
    expect(exchange.state).toBe('free');
  });

  it('answers what rings: the line is connected by its hook, and it is told who lifted', async () => {
    const b = await bench(parallel);
    b.box.line('one').exchange.callIn({ number: '13900001111' });
    const line = await created(b, LINE);
    b.box.line('one').phone.lift();
    const connected = await b.sees('connected', { on: line.connectionId });
    expect(connected.evidence).toEqual({ by: 'hook', confidence: 1 });
    expect((await b.sees('lifted')).targetId).toBe(line.connectionId);
    b.box.line('one').phone.layDown();
    const cleared = await b.sees('cleared', { on: line.connectionId });
    expect(cleared.release.evidence?.by).toBe('hook');
  });

  it('is called for the call on its own line, ringing or taken, and for no other', async () => {
    const b = await bench(parallel);
    const { phone, exchange } = b.box.line('one');
    const call = async (callId: string) => {
      const connectionId = b.id();
      const target = { kind: 'device', device: PHONE } as const;
      const mark = { callId: asId<CallId>(callId) };
      const reply = await b.give({ type: 'originate', connectionId, target, mark, ringTimeoutMs: 3_000 });
      return { connectionId, reply };
    };
    expect((await call('c0')).reply).toMatchObject({ outcome: 'refused', code: 'rejected' });
    exchange.callIn({ number: '13900001111' });
    const line = await created(b, LINE);
    await b.accepted({ type: 'claim', connectionId: line.connectionId, mark: { callId: asId('c1') } });
    expect((await call('c2')).reply).toMatchObject({ outcome: 'refused', code: 'rejected' });
    const rung = await call('c1');
    expect(rung.reply).toEqual({ outcome: 'accepted' });
    await b.sees('cleared', { on: rung.connectionId });
    expect(b.story(rung.connectionId)).toEqual(['created', 'alerting', 'cleared noAnswer']);
    await b.accepted({ type: 'answer', connectionId: line.connectionId });
    const shown = await call('c1');
    phone.lift();
    await b.sees('connected', { on: shown.connectionId });
    await b.accepted({
      type: 'bridge',
      bridgeId: asId<BridgeId>('b'),
      connectionIds: [line.connectionId, shown.connectionId],
    });
    expect(b.of('lifted')).toEqual([]);
    phone.layDown();
    await b.sees('cleared', { on: shown.connectionId });
  });

  it('joins a talk that the box holds, and leaves it again', async () => {
    const b = await bench(parallel);
    const line = await b.talk();
    b.box.line('one').phone.lift();
    const phone = await created(b, PHONE);
    expect((await b.sees('lifted')).targetId).toBe(line);
    b.box.line('one').phone.layDown();
    await b.sees('cleared', { on: phone.connectionId });
    await b.clock.tick(3_000);
    expect(b.of('cleared', line)).toEqual([]);
  });

  it('keeps the line when only the box hangs up, and frees it when it is laid down', async () => {
    const b = await bench(parallel);
    const line = await b.talk({ number: '13900001111', answered: [{ do: 'silence', forMs: 100_000 }] });
    const { phone, exchange } = b.box.line('one');
    phone.lift();
    await b.sees('lifted');
    await b.accepted({ type: 'clear', connectionId: line, cause: 'normalClearing' });
    await b.sees('cleared', { on: line });
    await b.clock.tick(3_000);
    expect(exchange.state).toBe('call');
    phone.layDown();
    await b.clock.tick(3_000);
    expect([exchange.state, exchange.flashes]).toEqual(['free', 0]);
  });

  it('is let go of when the other side has hung up, though nothing can cut it off', async () => {
    const b = await bench(parallel);
    const { phone, exchange } = b.box.line('one');
    const line = await b.talk({ number: '13900001111', answered: [{ do: 'silence', forMs: 100_000 }] });
    phone.lift();
    const { connectionId } = await created(b, PHONE);
    phone.hush();
    phone.patience = 1_000;
    await b.accepted({ type: 'answer', connectionId });
    await b.accepted({ type: 'bridge', bridgeId: asId<BridgeId>('b'), connectionIds: [line, connectionId] });
    exchange.hangUp();
    await b.sees('cleared', { on: line });
    await b.accepted({ type: 'clear', connectionId, cause: 'normalClearing' });
    await b.sees('cleared', { on: connectionId });
    expect(phone.hook).toBe('off');
    phone.layDown();
    await b.clock.tick(3_000);
    expect(exchange.state).toBe('free');
    // What it dials by itself after that cannot be ended, as ever.
    phone.lift('01088886666');
    await b.sees('created', { since: b.events.length });
    const own = b.of('created').at(-1);
    expect(own?.called.number).toBe('01088886666');
    const reply = await b.give({ type: 'clear', connectionId: own?.connectionId ?? connectionId, cause: 'blocked' });
    expect(reply).toMatchObject({ outcome: 'refused', code: 'rejected' });
  });

  it('is cut off where it may not dial, if the box can', async () => {
    const b = await bench(switched);
    const { phone, exchange } = b.box.line('one');
    phone.lift('01088886666');
    const call = await created(b, PHONE);
    await b.accepted({ type: 'clear', connectionId: call.connectionId, cause: 'blocked' });
    await b.sees('cleared', { on: call.connectionId });
    await b.clock.tick(3_000);
    expect(exchange.state).toBe('free');
    phone.layDown();
    await b.clock.tick(3_000);
    // Joined again, so that it can be used.
    phone.lift();
    await b.clock.tick(3_000);
    expect(exchange.state).toBe('dialTone');
  });

  it('cannot be ended where nothing can cut it off, and that is said', async () => {
    const b = await bench(parallel);
    b.box.line('one').phone.lift('01088886666');
    const call = await created(b, PHONE);
    const reply = await b.give({ type: 'clear', connectionId: call.connectionId, cause: 'blocked' });
    expect(reply).toMatchObject({ outcome: 'refused', code: 'rejected' });
    expect(b.of('cleared')).toEqual([]);
  });
});
