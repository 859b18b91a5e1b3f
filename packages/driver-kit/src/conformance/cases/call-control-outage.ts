import assert from 'node:assert/strict';
import type { ConnectionSnapshot } from '@cordboard/cti-core';
import type { ConformanceCase } from '../case.js';
import type { Probe } from '../probe.js';
import { callOf, consults, endOf, pbxOf, rings, talks } from './call-control-play.js';

const CUT_MS = 2_000;

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

/** Lost links, restarts, silence, stops. */
export const outageCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-CC-31',
    says: 'calls live through a lost link under the same ids: the snapshot shows state, hold, call and mark of each',
    needs: ['hold', 'makeCall'],
    world: ['cutLink'],
    async run(probe) {
      await probe.start();
      const { line, held, active, other } = await consults(probe);
      const refs = [line.connectionId, held, active, other.connectionId].map((id) => [id, callOf(probe, id)] as const);
      const found = await cutAndBack(probe);
      for (const [id, ref] of refs) {
        assert.equal(found.get(id)?.state, 'connected', 'not shown as connected');
        assert.equal(found.get(id)?.nativeCallRef, ref, 'another call');
      }
      assert.equal(found.size, refs.length, 'shown more than once');
      assert.equal(found.get(held)?.heldByDevice, 'held');
      assert.equal(found.get(active)?.heldByDevice, undefined);
      assert.notEqual(found.get(active)?.callId, undefined, 'the mark is gone');
      assert.equal(found.get(line.connectionId)?.direction, 'incoming');
      const since = probe.mark;
      await probe.accepted({ type: 'clear', connectionId: active, cause: 'normalClearing' });
      await probe.sees('cleared', { on: active, since });
      await probe.accepted({ type: 'retrieve', connectionId: held });
      await probe.sees('retrievedByDevice', { on: held, since });
    },
  },
  {
    id: 'DRV-CC-32',
    says: 'what ended while the link was down is absent from the snapshot and never told as cleared; who was parked meanwhile is shown on the slot',
    world: ['cutLink'],
    async run(probe) {
      await probe.start();
      const pbx = pbxOf(probe);
      const { line, phone } = await talks(probe);
      const found = await cutAndBack(probe, () => pbx.park(probe.world.phones[0], 5));
      assert.ok(!found.has(phone.connectionId), 'an ended connection is shown');
      assert.equal(found.get(line.connectionId)?.parkedAt, 5);
      const later = await cutAndBack(probe, () => probe.world.outsider.hangUp());
      assert.ok(!later.has(line.connectionId), 'an ended connection is shown');
      for (const id of [line.connectionId, phone.connectionId]) assert.equal(probe.count('cleared', id), 0);
    },
  },
  {
    id: 'DRV-CC-33',
    says: 'a call that came while the link was down is in the snapshot, with who calls and what rings, and is not told as created; it can be answered',
    needs: ['answer'],
    world: ['cutLink'],
    async run(probe) {
      await probe.start();
      const since = probe.mark;
      const { outsider, inboundNumber, phones } = probe.world;
      const found = await cutAndBack(probe, () => outsider.dial(inboundNumber));
      const shown = [...found.values()];
      const line = shown.find((each) => pbxOf(probe).lines.includes(each.device));
      const phone = shown.find((each) => each.device === phones[0].device);
      assert.ok(line && phone, 'the call is not shown');
      assert.deepEqual([line.state, line.direction], ['initiated', 'incoming']);
      assert.deepEqual([phone.state, phone.direction], ['alerting', 'outgoing']);
      assert.equal(phone.nativeCallRef, line.nativeCallRef);
      for (const { calling } of [line, phone]) assert.equal(calling.number, outsider.number);
      assert.equal(probe.events.slice(since).filter((event) => event.type === 'created').length, 0);
      await probe.accepted({ type: 'answer', connectionId: phone.connectionId });
      await probe.sees('connected', { on: phone.connectionId });
      await probe.sees('connected', { on: line.connectionId });
    },
  },
  {
    id: 'DRV-CC-34',
    says: 'a fresh driver shows the calls that live in its first snapshot, as one call each, and tells how they go on',
    async run(probe) {
      await probe.start();
      const { line } = await talks(probe);
      await probe.driver.stop();
      const second = probe.world.createDriver();
      const told: string[] = [];
      const shown: ConnectionSnapshot[] = [];
      await second.start(
        (event) => {
          if (event.type === 'snapshot') shown.push(...event.snapshot.connections);
          if (event.type === 'cleared') told.push(event.connectionId);
        },
        { signal: new AbortController().signal },
      );
      await probe.world.until(() => shown.length > 0, probe.world.patienceMs);
      assert.deepEqual(shown.map((each) => each.device).sort(), [line.device, probe.world.phones[0].device].sort());
      assert.ok(shown.every((each) => each.state === 'connected' && each.nativeCallRef === shown[0]?.nativeCallRef));
      await probe.world.outsider.hangUp();
      await probe.world.phones[0].hangUp();
      await probe.world.until(() => told.length === 2, probe.world.patienceMs);
      await second.stop();
      assert.deepEqual([...told].sort(), shown.map((each) => each.connectionId).sort());
    },
  },
  {
    id: 'DRV-CC-35',
    says: 'after a restart of the switch the snapshot has no connections, and no id of before comes back',
    world: ['restartSwitch'],
    async run(probe) {
      await probe.start();
      const { line, phone } = await talks(probe);
      const since = probe.mark;
      await probe.world.restartSwitch();
      await probe.sees('linkDown', { since, withinMs: probe.world.patienceMs * 4 });
      const { snapshot } = await probe.sees('snapshot', { since, withinMs: probe.world.patienceMs * 12 });
      await probe.sees('linkSynced', { since, withinMs: probe.world.patienceMs });
      assert.deepEqual(snapshot.connections, []);
      await probe.world.outsider.hangUp();
      const again = await rings(probe);
      for (const { connectionId } of [again.line, again.first])
        assert.ok(connectionId !== line.connectionId && connectionId !== phone.connectionId, 'an id came back');
      assert.notEqual(again.line.nativeCallRef, line.nativeCallRef, 'a reference came back');
    },
  },
  {
    id: 'DRV-CC-36',
    says: 'commands under way when the link breaks are answered linkLost, and so are later ones until it is back',
    needs: ['hold'],
    world: ['cutLink', 'freeze'],
    async run(probe) {
      await probe.start();
      const { phone } = await talks(probe);
      await probe.world.freeze(300);
      const answered: string[] = [];
      probe.give({ type: 'hold', connectionId: phone.connectionId }).then(
        (reply) => answered.push(reply.outcome === 'refused' ? reply.code : reply.outcome),
        () => answered.push('rejected'),
      );
      await probe.world.cutLink(CUT_MS);
      await probe.sees('linkDown');
      await probe.world.until(() => answered.length > 0, 100);
      assert.deepEqual(answered, ['linkLost']);
      await probe.refused({ type: 'hold', connectionId: phone.connectionId }, 'linkLost');
    },
  },
  {
    id: 'DRV-CC-37',
    says: 'a command is answered timeout when the switch stays silent beyond its bound, and the connection lives on',
    needs: ['hold'],
    world: ['freeze'],
    async run(probe) {
      await probe.start();
      const { phone } = await talks(probe);
      await probe.world.freeze(1_500);
      await probe.refused({ type: 'hold', connectionId: phone.connectionId, boundMs: 500 }, 'timeout');
      await probe.world.pass(3_000);
      assert.equal(probe.count('cleared', phone.connectionId), 0);
      assert.equal(probe.count('linkDown'), 0);
    },
  },
  {
    id: 'DRV-CC-38',
    says: 'stop answers pending commands with stopped, leaves nothing behind, and the calls live on',
    needs: ['hold'],
    world: ['freeze'],
    async run(probe) {
      await probe.start();
      const { phone } = await talks(probe);
      const before = await probe.world.liveConnections();
      await probe.world.freeze(400);
      const pending = probe.give({ type: 'hold', connectionId: phone.connectionId });
      const stopping = probe.driver.stop();
      assert.deepEqual(await pending, { outcome: 'refused', code: 'stopped' });
      let isStopped = false;
      void stopping.then(() => {
        isStopped = true;
      });
      await probe.world.until(() => isStopped && probe.world.resources() === 0, probe.world.patienceMs);
      assert.equal(probe.world.resources(), 0);
      const { mark } = probe;
      await probe.world.pass(2_000);
      assert.equal(probe.events.length, mark, 'events after stop');
      assert.equal(await probe.world.liveConnections(), before);
    },
  },
  {
    id: 'DRV-CC-39',
    says: 'what a phone did while a call was made for it is told in the end: a service that came to nothing ends the connection that it was to bring',
    needs: ['makeCall'],
    async run(probe) {
      await probe.start();
      const [one, , three] = probe.world.phones;
      const since = probe.mark;
      const connectionId = probe.connectionId();
      const mark = { callId: probe.callId() };
      await probe.accepted({ type: 'makeCall', connectionId, device: one.device, to: three.number, mark });
      await one.hangUp();
      await endOf(probe, connectionId);
      await probe.world.pass(1_000);
      const rung = probe.events.slice(since).find((event) => event.type === 'created' && event.device === three.device);
      if (rung?.type === 'created') assert.equal(probe.count('cleared', rung.connectionId), 1, 'it rings on');
    },
  },
];
