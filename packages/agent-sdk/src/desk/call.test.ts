import {
  type AgentId,
  asId,
  type CallId,
  type ClientCommand,
  type ConnectionId,
  type QueueId,
} from '@cordboard/cti-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { callView, connectionView, customerPart, number } from '../../test/views.js';
import type { Reply } from '../link/inflight.js';
import { type CallDesk, DeskCall } from './call.js';

let asked: ClientCommand[];
let signals: (AbortSignal | undefined)[];
let reply: Partial<Reply>;
let known: CallId[];
let counterpart: DeskCall | undefined;
const desk: CallDesk = {
  agentId: 'ann',
  request: async (command, signal) => {
    asked.push(command);
    signals.push(signal);
    return { outcome: 'done', ...reply } as Reply;
  },
  whenKnown: async (callId) => {
    known.push(callId);
    return new DeskCall(desk, callView('initiated', { callId }));
  },
  queueName: (queueId) => `the ${queueId} queue`,
  counterpartOf: () => counterpart,
};
beforeEach(() => {
  asked = [];
  signals = [];
  reply = {};
  known = [];
  counterpart = undefined;
});

describe('the verbs of a call', () => {
  const { signal } = new AbortController();
  const options = { signal };
  test('are the commands of the wire, said for this call, and can be given up', async () => {
    const call = new DeskCall(desk, callView('connected'));
    const other = asId<ConnectionId>('main~c');
    const done = [
      await call.answer(options),
      await call.reject(options),
      await call.hangUp(options),
      await call.hold(options),
      await call.retrieve(options),
      await call.mute(options),
      await call.unmute(options),
      await call.sendDigits('12*#AD', options),
      await call.complete(options),
      await call.cancel(options),
      await call.swap(options),
      await call.conference(options),
      await call.transfer('queue:sales', { signal, note: 'angry' }),
      await call.transfer('8002', options),
      await call.addParty('8003', options),
      await call.dropParty(other, options),
      await call.muteParty(other, options),
      await call.unmuteParty(other, options),
      await call.flash(options),
      await call.toFlow('survey', options),
      await call.startRecording(options),
      await call.stopRecording(options),
      await call.pauseRecording(options),
      await call.resumeRecording(options),
      await call.setData({ order: '7' }, options),
    ];
    const callId = 'e-c1';
    const connectionId = 'main~c';
    expect(asked).toEqual([
      { type: 'call.answer', callId },
      { type: 'call.reject', callId },
      { type: 'call.clear', callId },
      { type: 'call.hold', callId },
      { type: 'call.retrieve', callId },
      { type: 'call.mute', callId, mode: 'mute' },
      { type: 'call.mute', callId, mode: 'unmute' },
      { type: 'call.sendDigits', callId, digits: '12*#AD' },
      { type: 'call.completeTransfer', callId },
      { type: 'call.cancelConsult', callId },
      { type: 'call.alternate', callId },
      { type: 'call.conference', callId },
      { type: 'call.transfer', callId, to: 'queue:sales', note: 'angry' },
      { type: 'call.transfer', callId, to: '8002' },
      { type: 'call.addParty', callId, to: '8003' },
      { type: 'call.dropParty', callId, connectionId },
      { type: 'call.mutePart', callId, connectionId, mode: 'mute' },
      { type: 'call.mutePart', callId, connectionId, mode: 'unmute' },
      { type: 'call.flash', callId },
      { type: 'call.toFlow', callId, flow: 'survey' },
      { type: 'call.record', callId, mode: 'start' },
      { type: 'call.record', callId, mode: 'stop' },
      { type: 'call.record', callId, mode: 'pause' },
      { type: 'call.record', callId, mode: 'resume' },
      { type: 'call.setData', callId, data: { order: '7' } },
    ]);
    expect(new Set(done)).toEqual(new Set(['done']));
    expect(new Set(signals)).toEqual(new Set([signal]));
  });

  test('say what was only perhaps done', async () => {
    reply = { outcome: 'unconfirmed' };
    expect(await new DeskCall(desk, callView('connected')).hold()).toBe('unconfirmed');
    expect(signals).toEqual([undefined]);
  });

  test.each(['', '12x', '1'.repeat(65), '+49', '1 2', '12\n'])('send only keys: %j', async (digits) => {
    const sent = new DeskCall(desk, callView('connected')).sendDigits(digits);
    await expect(sent).rejects.toMatchObject({ code: 'argument.invalid' });
    expect(asked).toEqual([]);
  });

  test('a consultation is the call that the server made for it, else this one', async () => {
    const call = new DeskCall(desk, callView('connected'));
    reply = { callId: asId<CallId>('e-c2') };
    expect((await call.consult('8002', { note: 'vip' })).id).toBe('e-c2');
    reply = {};
    expect((await call.consult('8003')).id).toBe('e-c1');
    expect(known).toEqual(['e-c2', 'e-c1']);
    expect(asked).toEqual([
      { type: 'call.consult', callId: 'e-c1', to: '8002', note: 'vip' },
      { type: 'call.consult', callId: 'e-c1', to: '8003' },
    ]);
  });

  test('a slot is the chosen one or the one that the server found', async () => {
    const call = new DeskCall(desk, callView('connected'));
    reply = { slot: 7 };
    expect(await call.park()).toBe(7);
    expect(await call.park({ slot: 9 })).toBe(7);
    expect(asked).toEqual([
      { type: 'call.park', callId: 'e-c1' },
      { type: 'call.park', callId: 'e-c1', slot: 9 },
    ]);
  });

  test.each([
    ['complete', 'completeTransfer'],
    ['cancel', 'cancelConsult'],
    ['swap', 'alternate'],
  ] as const)('%s goes to the one of two calls that allows it', async (verb, action) => {
    const of = (id: string, actions: readonly 'completeTransfer'[]) => {
      const part = connectionView({ agentId: asId<AgentId>('ann'), state: 'connected', actions });
      return new DeskCall(desk, callView('connected', { callId: asId<CallId>(id), connections: [customerPart, part] }));
    };
    const may = of('may', [action as 'completeTransfer']);
    const mayNot = of('mayNot', []);
    counterpart = may;
    await mayNot[verb]();
    counterpart = mayNot;
    await may[verb]();
    await mayNot[verb]();
    counterpart = undefined;
    await mayNot[verb]();
    expect(asked.map((command) => 'callId' in command && command.callId)).toEqual(['may', 'may', 'mayNot', 'mayNot']);
  });
});

describe('a call', () => {
  const part = connectionView({
    connectionId: asId<ConnectionId>('main~a'),
    agentId: asId<AgentId>('ann'),
    state: 'held',
    pending: 'retrieve',
    muted: 'muted',
    heldBy: 'device',
    awaits: 'release',
    sinceWallMs: 77,
    actions: ['retrieve', 'clear'],
  });

  test('says what the own part does until it is over', () => {
    const call = new DeskCall(desk, callView('held', { connections: [customerPart, part] }));
    expect(call).toMatchObject({
      state: 'held',
      pending: 'retrieve',
      muted: 'muted',
      heldBy: 'device',
      awaits: 'release',
    });
    expect(call).toMatchObject({ since: 77, startedAt: 1_800_000_000_000, actions: ['retrieve', 'hangUp'] });
    expect(call.queue).toEqual({ id: 'support', name: 'the support queue' });
    expect([call.can('hangUp'), call.can('hold')]).toEqual([true, false]);
    call.finish({ how: 'ended', cause: 'normalClearing' });
    expect(call).toMatchObject({ state: 'ended', actions: [], end: { how: 'ended', cause: 'normalClearing' } });
    expect([call.pending, call.awaits]).toEqual([undefined, undefined]);
  });

  test('in which the agent has no part yet waits', () => {
    const { queueId: _queueId, ...view } = callView('alerting', { connections: [customerPart] });
    const call = new DeskCall(desk, view);
    expect(call).toMatchObject({ state: 'queued', actions: [], since: 1_800_000_000_000 });
    expect(call.queue).toBeUndefined();
    call.update({ ...view, queueId: asId<QueueId>('sales'), connections: [customerPart, part] });
    expect(call).toMatchObject({ state: 'held', queue: { id: 'sales' } });
  });

  test('names the customer as the one match says, else as the switch does', () => {
    const named = { ...customerPart, partyName: 'From The Switch' };
    const connections = [named, part];
    const customer = (decision: 'one' | 'many') => ({
      decision,
      customers: [{ id: '7', name: 'Mei' }],
    });
    const of = (over: object) => new DeskCall(desk, callView('connected', { connections, ...over }));
    expect(of({ match: customer('one') }).customer?.name).toBe('Mei');
    expect(of({ match: customer('many') }).customer?.name).toBe('From The Switch');
    expect(of({}).caller.name).toBe('From The Switch');
    expect(of({ customer: number('+861') }).customer).toEqual({
      number: '+861',
      e164: '+861',
      presentation: 'allowed',
    });
    expect(of({ customer: undefined }).customer).toBeUndefined();
  });

  test('is with the customer; a consultation is with whom it asks', () => {
    const colleague = connectionView({
      connectionId: asId<ConnectionId>('main~b'),
      agentId: asId<AgentId>('bo'),
      role: 'consult',
      party: number('8002'),
      partyName: 'Bo',
    });
    const watcher = connectionView({
      connectionId: asId<ConnectionId>('main~w'),
      role: 'listen',
      party: number('8009'),
    });
    const gone = connectionView({ connectionId: asId<ConnectionId>('main~g'), state: 'null', party: number('8010') });
    const consultOf = asId<CallId>('e-c0');
    const consultation = new DeskCall(
      desk,
      callView('connected', { consultOf, connections: [part, gone, watcher, colleague] }),
    );
    expect(consultation.peer).toMatchObject({ number: '8002', name: 'Bo' });
    expect(consultation.others.map(({ connectionId }) => connectionId)).toEqual(['main~w', 'main~b']);
    expect(new DeskCall(desk, callView('connected')).peer.number).toBe('+8613900000000');
    // Nobody is there yet: whom the own phone calls, else who calls it.
    const alone = (connections: readonly (typeof part)[]) =>
      new DeskCall(desk, callView('connected', { consultOf, calling: number('8001'), connections })).peer.number;
    expect(alone([part])).toBe('4008001000');
    expect(alone([watcher, part])).toBe('8001');
  });
});
