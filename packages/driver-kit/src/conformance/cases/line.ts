import assert from 'node:assert/strict';
import type { ConnectionId } from '@cordboard/cti-core';
import type { ConformanceCase } from '../case.js';
import type { Probe } from '../probe.js';

/** Dials the outsider on the trunk. @returns our id for it */
async function dialOut(probe: Probe, more: { readonly ringTimeoutMs?: number } = {}): Promise<ConnectionId> {
  const { outsider, trunk } = probe.world;
  const connectionId = probe.connectionId();
  await probe.accepted({
    type: 'originate',
    connectionId,
    target: { kind: 'number', trunk, number: outsider.number },
    mark: { callId: probe.callId() },
    ringTimeoutMs: more.ringTimeoutMs ?? 60_000,
  });
  return connectionId;
}

/** Lines without signalling (profile `line`): every driver that can flash is one. The trunk of the world is one line. */
export const lineCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-LINE-01',
    says: 'the driver says that its switch is one of lines, and so does each link when it is synced',
    needs: ['flash'],
    async run(probe) {
      assert.equal(probe.driver.profile, 'line');
      await probe.start();
      for (const event of probe.events) if (event.type === 'linkSynced') assert.equal(event.profile, 'line');
    },
  },
  {
    id: 'DRV-LINE-02',
    says: 'a line has one call at a time: another one is refused with conflict, and the first goes on',
    needs: ['flash', 'originate'],
    async run(probe) {
      await probe.start();
      const caller = await probe.caller();
      const { outsider, trunk } = probe.world;
      const since = probe.mark;
      await probe.refused(
        {
          type: 'originate',
          connectionId: probe.connectionId(),
          target: { kind: 'number', trunk, number: outsider.number },
          mark: { callId: probe.callId() },
          ringTimeoutMs: 5_000,
        },
        'conflict',
      );
      await probe.world.pass(1_000);
      assert.equal(probe.events.slice(since).filter((event) => event.type === 'created').length, 0);
      assert.equal(probe.count('cleared', caller), 0);
    },
  },
  {
    id: 'DRV-LINE-03',
    says: 'that it rings and that somebody answers is told with evidence: by sound at most 0.9, and 1 only where the line itself said so',
    needs: ['flash', 'originate'],
    world: ['outside'],
    async run(probe) {
      await probe.start();
      await probe.world.outsider.setHabit('answer');
      const id = await dialOut(probe);
      const connected = await probe.sees('connected', { on: id });
      const alerting = await probe.sees('alerting', { on: id });
      for (const { evidence } of [connected, alerting]) {
        assert.ok(evidence, 'no evidence');
        const said = ['signalling', 'polarity', 'hook'].includes(evidence.by);
        assert.ok(
          evidence.confidence > 0 && evidence.confidence <= (said ? 1 : 0.9),
          `confidence ${evidence.confidence}`,
        );
        if (evidence.by === 'voice' || evidence.by === 'voice-after-crbt') assert.ok(evidence.confidence <= 0.5);
      }
    },
  },
  {
    id: 'DRV-LINE-04',
    says: 'a number that is engaged ends as busy, with what was heard, and was never told as connected',
    needs: ['flash', 'originate'],
    world: ['outside'],
    async run(probe) {
      await probe.start();
      await probe.world.outsider.setHabit('busy');
      const id = await dialOut(probe);
      const { release } = await probe.sees('cleared', { on: id });
      assert.equal(release.cause, 'busy');
      assert.ok(release.evidence, 'no evidence');
      assert.equal(probe.count('connected', id), 0);
    },
  },
  {
    id: 'DRV-LINE-05',
    says: 'a call that still rings at the far end when its time is over ends as noAnswer',
    needs: ['flash', 'originate'],
    world: ['outside'],
    async run(probe) {
      await probe.start();
      const id = await dialOut(probe, { ringTimeoutMs: 12_000 });
      const { release } = await probe.sees('cleared', { on: id, withinMs: probe.world.patienceMs + 12_000 });
      assert.equal(release.cause, 'noAnswer');
      assert.equal(probe.count('connected', id), 0);
    },
  },
  {
    id: 'DRV-LINE-06',
    says: 'a call that nobody took ends as cancelled when the bell stops, and as refused when it is refused; neither is ever connected',
    needs: ['flash', 'clear'],
    async run(probe) {
      await probe.start();
      const gone = await probe.incoming();
      await probe.world.outsider.hangUp();
      const cancelled = await probe.sees('cleared', { on: gone });
      assert.equal(cancelled.release.cause, 'cancelled');
      const unwanted = await probe.incoming();
      await probe.accepted({ type: 'clear', connectionId: unwanted, cause: 'blocked' });
      const refused = await probe.sees('cleared', { on: unwanted });
      assert.equal(refused.release.cause, 'blocked');
      for (const id of [gone, unwanted]) assert.equal(probe.count('connected', id), 0);
      assert.equal(await probe.world.liveConnections(), 0);
    },
  },
  {
    id: 'DRV-LINE-07',
    says: 'flash and leave ends the connection as transferred; flash and stay ends nothing; what does not talk cannot flash',
    needs: ['flash'],
    async run(probe) {
      await probe.start();
      const ringing = await probe.incoming();
      await probe.refused({ type: 'flash', connectionId: ringing, after: 'leave' }, 'conflict', 'rejected');
      await probe.accepted({ type: 'answer', connectionId: ringing });
      await probe.sees('connected', { on: ringing });
      await probe.accepted({ type: 'flash', connectionId: ringing, after: 'stay' });
      await probe.world.pass(2_000);
      assert.equal(probe.count('cleared', ringing), 0);
      await probe.accepted({ type: 'flash', connectionId: ringing, digits: '802', after: 'leave' });
      const { release } = await probe.sees('cleared', { on: ringing });
      assert.equal(release.cause, 'transferred');
      await probe.refused({ type: 'flash', connectionId: ringing, after: 'leave' }, 'gone');
      await probe.refused({ type: 'flash', connectionId: ringing, digits: 'x', after: 'leave' }, 'invalid', 'gone');
    },
  },
  {
    id: 'DRV-LINE-08',
    says: 'who dials hears the line from the first moment: it can be bridged before the answer',
    needs: ['flash', 'originate', 'bridge'],
    world: ['outside'],
    async run(probe) {
      await probe.start();
      const phone = await probe.phoneUp(probe.world.phones[0]);
      const line = await dialOut(probe);
      await probe.accepted({ type: 'bridge', bridgeId: probe.bridgeId(), connectionIds: [phone, line] });
      await probe.sees('bridged', { on: line });
      assert.equal(probe.count('connected', line), 0);
      await probe.sees('alerting', { on: line });
      await probe.world.outsider.answer();
      await probe.sees('connected', { on: line });
      assert.equal(probe.count('unbridged', line), 0);
    },
  },
  {
    id: 'DRV-LINE-09',
    says: 'a local phone that is lifted while its line has a call without a phone is created as incoming, with nothing dialled, and told as lifted for that call; laid down, it is cleared and the call goes on',
    needs: ['flash'],
    world: ['lift'],
    async run(probe) {
      await probe.start();
      const caller = await probe.caller();
      const [phone] = probe.world.phones;
      await phone.answer();
      const lifted = await probe.sees('lifted');
      assert.equal(lifted.targetId, caller);
      const created = await probe.sees('created', { on: lifted.connectionId });
      assert.deepEqual([created.device, created.direction, created.called.number], [phone.device, 'incoming', '']);
      await phone.hangUp();
      await probe.sees('cleared', { on: lifted.connectionId });
      await probe.world.pass(1_000);
      assert.equal(probe.count('cleared', caller), 0);
    },
  },
];
