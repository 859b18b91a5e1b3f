import assert from 'node:assert/strict';
import { deviceId } from '@cordboard/cti-core';
import type { ConformanceCase } from '../case.js';

/** Calls that come, calls that go, how they end, and how commands are answered. */
export const callCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-CALL-01',
    says: 'an incoming call is told by created with direction, device, called and calling number, and waits unanswered',
    async run(probe) {
      await probe.start();
      const { outsider, inboundNumber, trunk } = probe.world;
      await outsider.dial(inboundNumber);
      const created = await probe.sees('created');
      assert.equal(created.direction, 'incoming');
      assert.equal(created.control, 'full');
      assert.equal(created.device, trunk);
      assert.equal(created.called.number, inboundNumber);
      assert.equal(created.calling.number, outsider.number);
      await probe.world.pass(200);
      assert.equal(probe.count('connected', created.connectionId), 0, 'answered by itself');
    },
  },
  {
    id: 'DRV-CALL-02',
    says: 'answer is confirmed by connected',
    async run(probe) {
      await probe.start();
      const id = await probe.incoming();
      await probe.accepted({ type: 'ring', connectionId: id });
      await probe.accepted({ type: 'answer', connectionId: id });
      await probe.sees('connected', { on: id });
    },
  },
  {
    id: 'DRV-CALL-03',
    says: 'clear ends a connection in any state and is confirmed by cleared, with the cause that was given unless the switch tells a better one',
    async run(probe) {
      await probe.start();
      const waiting = await probe.incoming();
      await probe.accepted({ type: 'clear', connectionId: waiting, cause: 'busy' });
      const first = await probe.sees('cleared', { on: waiting });
      assert.notEqual(first.release.cause, 'lostInOutage');
      await probe.world.outsider.hangUp();
      const talking = await probe.caller();
      await probe.accepted({ type: 'clear', connectionId: talking, cause: 'normalClearing' });
      const second = await probe.sees('cleared', { on: talking });
      assert.equal(second.release.cause, 'normalClearing');
      assert.equal(await probe.world.liveConnections(), 0);
    },
  },
  {
    id: 'DRV-CALL-04',
    says: 'a party that hangs up is told by cleared, before the answer and after it',
    async run(probe) {
      await probe.start();
      const waiting = await probe.incoming();
      await probe.world.outsider.hangUp();
      await probe.sees('cleared', { on: waiting });
      const talking = await probe.caller();
      await probe.world.outsider.hangUp();
      await probe.sees('cleared', { on: talking });
    },
  },
  {
    id: 'DRV-CALL-05',
    says: 'a command for a connection that is gone, or never was, is refused as gone',
    async run(probe) {
      await probe.start();
      const id = await probe.caller();
      await probe.world.outsider.hangUp();
      await probe.sees('cleared', { on: id });
      await probe.refused({ type: 'answer', connectionId: id }, 'gone');
      await probe.refused({ type: 'clear', connectionId: id, cause: 'normalClearing' }, 'gone');
      await probe.refused({ type: 'clear', connectionId: probe.connectionId(), cause: 'normalClearing' }, 'gone');
    },
  },
  {
    id: 'DRV-CALL-06',
    says: 'claim sets our mark on the wire, and no event follows',
    async run(probe) {
      await probe.start();
      const id = await probe.incoming();
      await probe.world.pass(200);
      assert.deepEqual(
        probe.events.filter((event) => 'connectionId' in event && event.connectionId === id).map((event) => event.type),
        ['created'],
      );
    },
  },
  {
    id: 'DRV-CALL-07',
    says: 'redirect gives the connection back to the dialplan and is confirmed by cleared with cause transferred',
    needs: ['redirect'],
    async run(probe) {
      await probe.start();
      const id = await probe.caller();
      await probe.accepted({ type: 'redirect', connectionId: id, number: probe.world.redirectNumber });
      const cleared = await probe.sees('cleared', { on: id });
      assert.equal(cleared.release.cause, 'transferred');
    },
  },
  {
    id: 'DRV-CALL-08',
    says: 'redirect without a number lets the dialplan go on with a call that nobody has answered; told as with a number, and the caller is not hung up',
    needs: ['redirect'],
    async run(probe) {
      await probe.start();
      const id = await probe.incoming();
      await probe.accepted({ type: 'redirect', connectionId: id });
      const cleared = await probe.sees('cleared', { on: id });
      assert.equal(cleared.release.cause, 'transferred');
      assert.notEqual(await probe.world.liveConnections(), 0, 'the caller was hung up');
    },
  },
  {
    id: 'DRV-ORIG-01',
    says: 'originate is confirmed by created under our id, then alerting, then connected when the phone answers',
    async run(probe) {
      await probe.start();
      const [phone] = probe.world.phones;
      const id = await probe.dial(phone);
      const created = await probe.sees('created', { on: id });
      assert.equal(created.direction, 'outgoing');
      assert.equal(created.device, phone.device);
      await probe.sees('alerting', { on: id });
      assert.equal(probe.count('connected', id), 0);
      await phone.answer();
      await probe.sees('connected', { on: id });
    },
  },
  {
    id: 'DRV-ORIG-02',
    says: 'a phone that refuses ends the connection with rejected or busy',
    async run(probe) {
      await probe.start();
      const [phone, second] = probe.world.phones;
      await phone.setHabit('reject');
      const refused = await probe.sees('cleared', { on: await probe.dial(phone) });
      assert.equal(refused.release.cause, 'rejected');
      await second.setHabit('busy');
      const busy = await probe.sees('cleared', { on: await probe.dial(second) });
      assert.equal(busy.release.cause, 'busy');
    },
  },
  {
    id: 'DRV-ORIG-03',
    says: 'ringing stops after ringTimeoutMs with cause noAnswer',
    async run(probe) {
      await probe.start();
      const id = await probe.dial(probe.world.phones[0], { ringTimeoutMs: 1_500 });
      await probe.sees('created', { on: id });
      const cleared = await probe.sees('cleared', { on: id, withinMs: probe.world.patienceMs + 1_500 });
      assert.equal(cleared.release.cause, 'noAnswer');
    },
  },
  {
    id: 'DRV-ORIG-04',
    says: 'a phone that cannot be reached is refused, or created and cleared; never silence',
    world: ['unreachable'],
    async run(probe) {
      await probe.start();
      const device = probe.world.unreachable;
      assert.ok(device);
      const connectionId = probe.connectionId();
      const mark = { callId: probe.callId() };
      const reply = await probe.command({
        type: 'originate',
        connectionId,
        target: { kind: 'device', device },
        mark,
        ringTimeoutMs: 5_000,
      });
      if (reply.outcome === 'refused') assert.equal(reply.code, 'rejected');
      else {
        const cleared = await probe.sees('cleared', { on: connectionId });
        assert.equal(cleared.release.cause, 'deviceUnreachable');
      }
    },
  },
  {
    id: 'DRV-ORIG-05',
    says: 'a number goes out on its trunk, and the called party answers',
    world: ['outside'],
    async run(probe) {
      await probe.start();
      const { outsider, trunk } = probe.world;
      await outsider.setHabit('answer');
      const connectionId = probe.connectionId();
      await probe.accepted({
        type: 'originate',
        connectionId,
        target: { kind: 'number', trunk, number: outsider.number },
        mark: { callId: probe.callId() },
        ringTimeoutMs: 10_000,
      });
      await probe.sees('connected', { on: connectionId });
    },
  },
  {
    id: 'DRV-ORIG-06',
    says: 'a ringing connection can be cleared: the phone stops ringing',
    async run(probe) {
      await probe.start();
      const id = await probe.dial(probe.world.phones[0]);
      await probe.sees('alerting', { on: id });
      await probe.accepted({ type: 'clear', connectionId: id, cause: 'cancelled' });
      const cleared = await probe.sees('cleared', { on: id });
      assert.notEqual(cleared.release.cause, 'noAnswer');
      assert.equal(await probe.world.liveConnections(), 0);
    },
  },
  {
    id: 'DRV-ORIG-07',
    says: 'an id that is in use is refused, and what has it lives on',
    async run(probe) {
      await probe.start();
      const [first, second] = probe.world.phones;
      const connectionId = await probe.phoneUp(first);
      const { mark } = probe;
      const target = { kind: 'device', device: second.device } as const;
      await probe.refused(
        { type: 'originate', connectionId, target, mark: { callId: probe.callId() }, ringTimeoutMs: 5_000 },
        'conflict',
        'rejected',
      );
      await probe.world.pass(300);
      assert.equal(probe.events.slice(mark).filter((event) => event.type === 'cleared').length, 0);
    },
  },
  {
    id: 'DRV-REPLY-01',
    says: 'each command is answered within its bound: timeout when the switch stays silent',
    world: ['freeze'],
    async run(probe) {
      await probe.start();
      const id = await probe.caller();
      await probe.world.freeze(1_500);
      await probe.refused({ type: 'mute', connectionId: id, mode: 'mute', boundMs: 400 }, 'timeout');
      await probe.world.pass(1_600);
    },
  },
  {
    id: 'DRV-REPLY-02',
    says: 'a command before start is refused, not thrown',
    profiles: 'every',
    async run(probe) {
      await probe.refused({ type: 'answer', connectionId: probe.connectionId() }, 'linkLost', 'stopped');
    },
  },
  {
    id: 'DRV-REPLY-03',
    says: 'a command that this driver could never take is refused as invalid',
    async run(probe) {
      await probe.start();
      const id = await probe.caller();
      await probe.refused({ type: 'sendDigits', connectionId: id, digits: '12x', toneMs: 100, gapMs: 100 }, 'invalid');
      await probe.refused({ type: 'bridge', bridgeId: probe.bridgeId(), connectionIds: [] }, 'invalid');
    },
  },
  {
    id: 'DRV-REPLY-04',
    says: 'many commands at once are each answered exactly once',
    async run(probe) {
      await probe.start();
      const id = await probe.caller();
      const replies: unknown[] = [];
      const modes = ['mute', 'unmute'] as const;
      const all = Array.from({ length: 20 }, (_, n) =>
        probe.give({ type: 'mute', connectionId: id, mode: modes[n % 2] ?? 'mute' }),
      );
      for (const one of all)
        one.then(
          (reply) => replies.push(reply),
          () => replies.push('rejected'),
        );
      await probe.world.until(() => replies.length === 20, probe.world.patienceMs);
      assert.deepEqual(
        replies,
        Array.from({ length: 20 }, () => ({ outcome: 'accepted' })),
      );
    },
  },
  {
    id: 'DRV-OBSERVE-01',
    says: 'calls of other people are told with control observe, and commands for them are refused',
    needs: ['observe'],
    world: ['foreignCalls'],
    async run(probe) {
      await probe.start();
      const [from, to] = probe.world.phones;
      await to.setHabit('answer');
      await from.dial(`direct:${to.number}`);
      const created = await probe.sees('created', { where: (event) => event.control === 'observe' });
      await probe.sees('connected', { on: created.connectionId });
      await probe.refused(
        { type: 'answer', connectionId: created.connectionId },
        'conflict',
        'rejected',
        'gone',
        'invalid',
        'notSupported',
      );
      await from.hangUp();
      await probe.sees('cleared', { on: created.connectionId });
    },
  },
  {
    id: 'DRV-DEVICE-01',
    says: 'devicePresence tells what a phone is doing, whoever its call is with',
    needs: ['devices'],
    async run(probe) {
      await probe.start();
      const [phone] = probe.world.phones;
      const of = (presence: string) => ({
        where: (event: { device: string; presence: string }) =>
          event.device === phone.device && event.presence === presence,
      });
      const id = await probe.dial(phone);
      await probe.sees('devicePresence', of('alerting'));
      await phone.answer();
      await probe.sees('devicePresence', of('busy'));
      const since = probe.mark;
      await probe.accepted({ type: 'clear', connectionId: id, cause: 'normalClearing' });
      await probe.sees('devicePresence', { since, ...of('idle') });
    },
  },
  {
    id: 'DRV-DEVICE-02',
    says: 'the snapshot shows every device, also those that cannot be reached',
    needs: ['devices'],
    world: ['unreachable'],
    async run(probe) {
      await probe.start();
      const { snapshot } = await probe.sees('snapshot');
      const presence = new Map(snapshot.devices.map((item) => [item.device, item.presence]));
      assert.equal(presence.get(probe.world.phones[0].device), 'idle');
      assert.equal(
        presence.get(probe.world.unreachable ?? deviceId(probe.world.switchId, 'extension', 'none')),
        'unreachable',
      );
    },
  },
];
