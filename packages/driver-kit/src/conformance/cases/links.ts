import assert from 'node:assert/strict';
import type { ConnectionSnapshot } from '@cordboard/cti-core';
import type { ConformanceCase } from '../case.js';
import type { Probe } from '../probe.js';

const CUT_MS = 600;

/** Cuts the link and waits until it is back. @returns what the new snapshot shows, by connection */
async function cutAndBack(probe: Probe, meanwhile?: () => Promise<void>): Promise<Map<string, ConnectionSnapshot>> {
  const since = probe.mark;
  await probe.world.cutLink(CUT_MS);
  await probe.sees('linkDown', { since });
  await meanwhile?.();
  await probe.sees('linkSynced', { since, withinMs: probe.world.patienceMs + 10 * CUT_MS });
  const { snapshot } = await probe.sees('snapshot', { since });
  return new Map(snapshot.connections.map((item) => [item.connectionId as string, item]));
}

/** Lost links, snapshots, restarts. */
export const linkCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-LINK-01',
    says: 'a broken link is told by linkDown and comes back by itself: linkUp, snapshot, linkSynced',
    profiles: 'every',
    world: ['cutLink'],
    async run(probe) {
      await probe.start();
      const since = probe.mark;
      await cutAndBack(probe);
      const order = probe.events.slice(since).map((event) => event.type);
      const of = (type: string): number => order.lastIndexOf(type as never);
      assert.ok(
        order.indexOf('linkDown') < of('linkUp') && of('linkUp') < of('snapshot') && of('snapshot') < of('linkSynced'),
        order.join(', '),
      );
      const down = await probe.sees('linkDown');
      for (const capability of down.capabilities) assert.ok(probe.driver.capabilities.has(capability));
    },
  },
  {
    id: 'DRV-LINK-02',
    says: 'commands under way when the link breaks are answered linkLost before linkDown, and so are later ones until it is back',
    world: ['cutLink', 'freeze'],
    async run(probe) {
      await probe.start();
      const id = await probe.caller();
      await probe.world.freeze(300);
      const answered: string[] = [];
      probe.give({ type: 'mute', connectionId: id, mode: 'mute' }).then(
        (reply) => answered.push(reply.outcome === 'refused' ? reply.code : reply.outcome),
        () => answered.push('rejected'),
      );
      await probe.world.cutLink(CUT_MS);
      await probe.sees('linkDown');
      await probe.world.until(() => answered.length > 0, 100);
      assert.deepEqual(answered, ['linkLost']);
      await probe.refused({ type: 'mute', connectionId: id, mode: 'unmute' }, 'linkLost');
    },
  },
  {
    id: 'DRV-LINK-03',
    says: 'calls live through a lost link: the snapshot shows them with id, state, mark and bridge',
    world: ['cutLink'],
    async run(probe) {
      await probe.start();
      const { caller, agent, bridgeId } = await probe.talk();
      const callId = probe.callId();
      await probe.accepted({ type: 'claim', connectionId: caller, mark: { callId } });
      const found = await cutAndBack(probe);
      for (const id of [caller, agent]) {
        assert.equal(found.get(id)?.state, 'connected', 'not shown as connected');
        assert.equal(found.get(id)?.bridgeId, bridgeId, 'not shown in its bridge');
      }
      assert.equal(found.get(caller)?.callId, callId, 'the mark is gone');
      assert.equal(found.get(caller)?.direction, 'incoming');
      assert.equal(found.get(agent)?.direction, 'outgoing');
      await probe.world.outsider.hangUp();
      await probe.sees('cleared', { on: caller });
    },
  },
  {
    id: 'DRV-LINK-04',
    says: 'what ended while the link was down is absent from the snapshot and never told as cleared',
    world: ['cutLink'],
    async run(probe) {
      await probe.start();
      const { caller, agent } = await probe.talk();
      const found = await cutAndBack(probe, () => probe.world.outsider.hangUp());
      assert.ok(!found.has(caller), 'an ended connection is shown');
      assert.ok(found.has(agent), 'a living connection is not shown');
      assert.equal(probe.count('cleared', caller), 0);
    },
  },
  {
    id: 'DRV-LINK-05',
    says: 'a call that came while the link was down is in the snapshot, or went the way of the dialplan; it is not told as created',
    world: ['cutLink'],
    async run(probe) {
      await probe.start();
      const since = probe.mark;
      const found = await cutAndBack(probe, () => probe.world.outsider.dial(probe.world.inboundNumber));
      for (const [id, shown] of found) {
        assert.equal(shown.state, 'initiated');
        const created = probe.events
          .slice(since)
          .filter((event) => event.type === 'created' && event.connectionId === id);
        assert.equal(created.length, 0, 'created for what the snapshot shows');
      }
    },
  },
  {
    id: 'DRV-SNAP-01',
    says: 'the first snapshot of a fresh driver shows the calls that carry our mark',
    async run(probe) {
      await probe.start();
      const { caller } = await probe.talk();
      const callId = probe.callId();
      await probe.accepted({ type: 'claim', connectionId: caller, mark: { callId } });
      await probe.driver.stop();
      const second = probe.world.createDriver();
      const snapshots: ConnectionSnapshot[][] = [];
      const abort = new AbortController();
      await second.start(
        (event) => {
          if (event.type === 'snapshot') snapshots.push([...event.snapshot.connections]);
        },
        { signal: abort.signal },
      );
      await probe.world.until(() => snapshots.length > 0, probe.world.patienceMs);
      await second.stop();
      assert.equal(snapshots[0]?.find((item) => item.connectionId === caller)?.callId, callId);
    },
  },
  {
    id: 'DRV-SNAP-02',
    says: 'the snapshot shows recordings and monitors that run, and a call that its phone holds',
    needs: ['record', 'monitor', 'phoneHold'],
    world: ['cutLink', 'hold'],
    async run(probe) {
      await probe.start();
      const [phone, bossPhone] = probe.world.phones;
      const { caller, agent } = await probe.talk(phone);
      const boss = await probe.phoneUp(bossPhone);
      const recordingId = probe.recordingId();
      await probe.accepted({ type: 'record', connectionId: caller, recordingId, tracks: 'mixed', format: 'wav' });
      await probe.sees('recordingStarted', { on: caller });
      await probe.accepted({ type: 'monitor', connectionId: boss, targetId: agent, mode: 'listen' });
      await probe.sees('monitoring', { on: boss });
      await phone.hold();
      await probe.sees('heldByDevice', { on: agent });
      const since = probe.mark;
      const found = await cutAndBack(probe);
      const { snapshot } = await probe.sees('snapshot', { since });
      assert.deepEqual(snapshot.recordings, [{ recordingId, connectionId: caller }]);
      assert.deepEqual(snapshot.monitors, [{ connectionId: boss, targetId: agent, mode: 'listen' }]);
      assert.equal(found.get(agent)?.heldByDevice, 'held');
    },
  },
  {
    id: 'DRV-RESTART-01',
    says: 'after a restart of the switch the snapshot is empty, and new calls are told as ever',
    world: ['restartSwitch'],
    async run(probe) {
      await probe.start();
      await probe.talk();
      const since = probe.mark;
      await probe.world.restartSwitch();
      await probe.sees('linkDown', { since, withinMs: probe.world.patienceMs * 4 });
      const { snapshot } = await probe.sees('snapshot', { since, withinMs: probe.world.patienceMs * 12 });
      await probe.sees('linkSynced', { since, withinMs: probe.world.patienceMs });
      assert.deepEqual(snapshot.connections, []);
      await probe.world.outsider.hangUp();
      await probe.caller();
    },
  },
];
