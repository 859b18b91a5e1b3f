import assert from 'node:assert/strict';
import type { ConformanceCase } from '../case.js';
import { begins, callOf, calls, consults, endOf, liveOn, pbxOf, rings, talks } from './call-control-play.js';

/** More than one call at a phone: consultation, transfer, conference, park, pick-up. */
export const joinCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-CC-15',
    says: 'a phone that holds a call may call another: it has two connections then, in two calls of the switch, and retrieve goes back to the first',
    needs: ['hold', 'makeCall', 'clear', 'retrieve'],
    async run(probe) {
      await probe.start();
      const { line, held, active, other } = await consults(probe);
      assert.notEqual(callOf(probe, held), callOf(probe, active));
      assert.equal(callOf(probe, other.connectionId), callOf(probe, active));
      assert.equal(callOf(probe, line.connectionId), callOf(probe, held));
      liveOn(probe, held, active, line.connectionId);
      assert.equal(probe.count('retrievedByDevice', held), 0);
      await probe.accepted({ type: 'clear', connectionId: active, cause: 'normalClearing' });
      await endOf(probe, active);
      await endOf(probe, other.connectionId);
      await probe.accepted({ type: 'retrieve', connectionId: held });
      await probe.sees('retrievedByDevice', { on: held });
      liveOn(probe, held, line.connectionId);
    },
  },
  {
    id: 'DRV-CC-16',
    says: 'transfer joins the held party and the other: both connections of the phone are cleared as transferred, the others are of one call and live on',
    needs: ['transfer', 'hold', 'makeCall'],
    async run(probe) {
      await probe.start();
      const { line, held, active, other } = await consults(probe);
      const before = callOf(probe, line.connectionId);
      await probe.accepted({ type: 'transfer', connectionId: active, heldId: held });
      assert.equal(await endOf(probe, active), 'transferred');
      assert.equal(await endOf(probe, held), 'transferred');
      const isOne = (): boolean => callOf(probe, other.connectionId) === callOf(probe, line.connectionId);
      assert.ok(await probe.world.until(isOne, probe.world.patienceMs), 'they are not told to be in one call');
      assert.equal(callOf(probe, line.connectionId), before, 'the call with the outside line has another reference');
      await probe.sees('movedCall', { on: other.connectionId });
      await probe.world.pass(1_000);
      liveOn(probe, line.connectionId, other.connectionId);
      assert.equal(probe.count('created', other.connectionId), 1);
      await probe.world.outsider.hangUp();
      await endOf(probe, line.connectionId);
    },
  },
  {
    id: 'DRV-CC-17',
    says: 'single step transfer sends the other party to a phone, which rings in the same call; the own connection is cleared as transferred',
    needs: ['singleStepTransfer'],
    async run(probe) {
      await probe.start();
      const { line, phone } = await talks(probe);
      const [, , three] = probe.world.phones;
      const since = probe.mark;
      await probe.accepted({ type: 'singleStepTransfer', connectionId: phone.connectionId, to: three.number });
      assert.equal(await endOf(probe, phone.connectionId), 'transferred');
      const rung = await begins(probe, three.device, since);
      await probe.sees('alerting', { on: rung.connectionId });
      assert.equal(rung.nativeCallRef, callOf(probe, line.connectionId));
      await three.answer();
      await probe.sees('connected', { on: rung.connectionId });
      liveOn(probe, line.connectionId, rung.connectionId);
    },
  },
  {
    id: 'DRV-CC-18',
    says: 'conference joins both calls with the phone in it: it has one connection left, and all are of one call of the switch until they leave one by one',
    needs: ['conference', 'hold', 'makeCall'],
    async run(probe) {
      await probe.start();
      const { line, held, active, other } = await consults(probe);
      await probe.accepted({ type: 'conference', connectionId: active, heldId: held });
      const gone = (): number => probe.count('cleared', held) + probe.count('cleared', active);
      const isOne = (): boolean =>
        gone() === 1 &&
        callOf(probe, other.connectionId) === callOf(probe, line.connectionId) &&
        callOf(probe, probe.count('cleared', held) === 0 ? held : active) === callOf(probe, line.connectionId);
      assert.ok(await probe.world.until(isOne, probe.world.patienceMs), 'they are not told to be in one call');
      const mine = probe.count('cleared', held) === 0 ? held : active;
      if (mine === held) await probe.sees('retrievedByDevice', { on: held });
      await probe.world.pass(1_000);
      assert.equal(gone(), 1);
      liveOn(probe, line.connectionId, other.connectionId, mine);
      await probe.world.phones[2].hangUp();
      await endOf(probe, other.connectionId);
      await probe.world.pass(1_000);
      liveOn(probe, line.connectionId, mine);
    },
  },
  {
    id: 'DRV-CC-19',
    says: 'single step conference calls another into the same call of the switch',
    needs: ['singleStepConference'],
    async run(probe) {
      await probe.start();
      const { line, phone } = await talks(probe);
      const [, , three] = probe.world.phones;
      const since = probe.mark;
      await probe.accepted({ type: 'singleStepConference', connectionId: phone.connectionId, to: three.number });
      const rung = await begins(probe, three.device, since);
      await three.answer();
      await probe.sees('connected', { on: rung.connectionId });
      for (const id of [phone.connectionId, rung.connectionId])
        assert.equal(callOf(probe, id), callOf(probe, line.connectionId));
      liveOn(probe, line.connectionId, phone.connectionId, rung.connectionId);
    },
  },
  {
    id: 'DRV-CC-20',
    says: 'park clears the own connection as transferred and leaves the other party parked on its slot; unpark takes it back under our id, in the same call, from any phone',
    needs: ['park', 'unpark'],
    async run(probe) {
      await probe.start();
      const { line, phone } = await talks(probe);
      const [, , three] = probe.world.phones;
      await probe.accepted({ type: 'park', connectionId: phone.connectionId, slot: 2 });
      assert.equal(await endOf(probe, phone.connectionId), 'transferred');
      const parked = await probe.sees('parked', { on: line.connectionId });
      assert.equal(parked.slot, 2);
      liveOn(probe, line.connectionId);
      const connectionId = probe.connectionId();
      const mark = { callId: probe.callId() };
      const since = probe.mark;
      await probe.accepted({ type: 'unpark', connectionId, device: three.device, slot: 2, mark });
      const taken = await probe.sees('created', { on: connectionId });
      assert.deepEqual([taken.device, taken.callId], [three.device, mark.callId]);
      assert.equal(taken.nativeCallRef, callOf(probe, line.connectionId));
      await probe.sees('connected', { on: connectionId });
      const free = await probe.sees('parked', { on: line.connectionId, since });
      assert.equal(free.slot, null);
      liveOn(probe, line.connectionId, connectionId);
    },
  },
  {
    id: 'DRV-CC-21',
    says: 'a slot that is taken is refused with conflict and one that is empty as gone; without a slot the first free one is taken',
    needs: ['park', 'unpark'],
    async run(probe) {
      await probe.start();
      const pbx = pbxOf(probe);
      const { line, phone } = await talks(probe);
      await probe.accepted({ type: 'park', connectionId: phone.connectionId, slot: 1 });
      await probe.sees('parked', { on: line.connectionId });
      const second = await talks(probe, pbx.callers[1]);
      await probe.refused({ type: 'park', connectionId: second.phone.connectionId, slot: 1 }, 'conflict');
      await probe.refused(
        {
          type: 'unpark',
          connectionId: probe.connectionId(),
          device: probe.world.phones[2].device,
          slot: 3,
          mark: { callId: probe.callId() },
        },
        'gone',
      );
      await probe.accepted({ type: 'park', connectionId: second.phone.connectionId });
      const { slot } = await probe.sees('parked', { on: second.line.connectionId });
      assert.equal(slot, 2);
    },
  },
  {
    id: 'DRV-CC-22',
    says: 'a call that rings at another phone is picked up under our id, directed or of the group; the phone that rang is cleared as answered elsewhere',
    needs: ['pickUp'],
    async run(probe) {
      await probe.start();
      const [one, , three] = probe.world.phones;
      for (const from of [one.device, undefined]) {
        const { line, first, second } = await rings(probe);
        const connectionId = probe.connectionId();
        await probe.accepted({
          type: 'pickUp',
          connectionId,
          device: three.device,
          mark: { callId: probe.callId() },
          ...(from === undefined ? {} : { from }),
        });
        const taken = await probe.sees('created', { on: connectionId });
        assert.equal(taken.nativeCallRef, line.nativeCallRef);
        assert.equal(taken.calling.number, probe.world.outsider.number, 'it is not told who calls');
        await probe.sees('connected', { on: connectionId });
        assert.equal(await endOf(probe, first.connectionId), 'answeredElsewhere');
        await endOf(probe, second.connectionId);
        await probe.world.outsider.hangUp();
        await endOf(probe, line.connectionId);
        await three.hangUp();
        await endOf(probe, connectionId);
        await probe.world.pass(5_000);
      }
    },
  },
  {
    id: 'DRV-CC-23',
    says: 'a page is a connection of the phone alone, under our id, until it is cleared',
    needs: ['page', 'clear'],
    async run(probe) {
      await probe.start();
      const connectionId = probe.connectionId();
      const [one] = probe.world.phones;
      await probe.accepted({
        type: 'page',
        connectionId,
        device: one.device,
        zone: 1,
        mark: { callId: probe.callId() },
      });
      await probe.sees('created', { on: connectionId });
      await probe.sees('connected', { on: connectionId });
      await probe.accepted({ type: 'clear', connectionId, cause: 'normalClearing' });
      await endOf(probe, connectionId);
    },
  },
  {
    id: 'DRV-CC-24',
    says: 'redial calls the last number of the phone again, under our id',
    needs: ['redial', 'makeCall', 'clear'],
    async run(probe) {
      await probe.start();
      const { outsider, trunk, phones } = probe.world;
      const { lines } = pbxOf(probe);
      await outsider.setHabit('answer');
      const once = await calls(probe, phones[0], { to: outsider.number, trunk });
      await probe.sees('connected', { on: once });
      await probe.accepted({ type: 'clear', connectionId: once, cause: 'normalClearing' });
      await endOf(probe, once);
      await probe.world.pass(5_000);
      const connectionId = probe.connectionId();
      const since = probe.mark;
      const mark = { callId: probe.callId() };
      await probe.accepted({ type: 'redial', connectionId, device: phones[0].device, mark });
      await probe.sees('created', { on: connectionId });
      await probe.sees('created', { since, where: (event) => lines.includes(event.device) });
      await probe.sees('connected', { on: connectionId });
    },
  },
  {
    id: 'DRV-CC-25',
    says: 'two commands at one phone are carried out in the order in which they were given',
    needs: ['hold', 'makeCall'],
    async run(probe) {
      await probe.start();
      const { phone } = await talks(probe);
      const [one, , three] = probe.world.phones;
      const connectionId = probe.connectionId();
      const mark = { callId: probe.callId() };
      const both = Promise.all([
        probe.give({ type: 'hold', connectionId: phone.connectionId }),
        probe.give({ type: 'makeCall', connectionId, device: one.device, to: three.number, mark }),
      ]);
      let replies: unknown;
      void both.then((told) => {
        replies = told;
      });
      await probe.world.until(() => replies !== undefined, probe.world.patienceMs);
      assert.deepEqual(replies, [{ outcome: 'accepted' }, { outcome: 'accepted' }]);
      await probe.sees('created', { on: connectionId });
      assert.equal(probe.count('heldByDevice', phone.connectionId), 1);
    },
  },
  {
    id: 'DRV-CC-26',
    says: 'what people do at their phones is told as what commands do: call, hold, transfer, park, take back, conference',
    async run(probe) {
      await probe.start();
      const pbx = pbxOf(probe);
      const [one, two, three] = probe.world.phones;
      const since = probe.mark;
      await three.dial(two.number);
      const dialled = await begins(probe, three.device, since);
      assert.equal(dialled.direction, 'incoming');
      const rung = await begins(probe, two.device, since);
      await two.answer();
      await probe.sees('connected', { on: dialled.connectionId });
      await two.hangUp();
      await endOf(probe, rung.connectionId);
      await three.hangUp();
      await endOf(probe, dialled.connectionId);
      const { line, phone } = await talks(probe);
      await one.hold();
      await probe.sees('heldByDevice', { on: phone.connectionId });
      await one.retrieve();
      await probe.sees('retrievedByDevice', { on: phone.connectionId });
      await pbx.park(one, 3);
      assert.equal(await endOf(probe, phone.connectionId), 'transferred');
      assert.equal((await probe.sees('parked', { on: line.connectionId })).slot, 3);
      const later = probe.mark;
      await pbx.unpark(two, 3);
      const back = await begins(probe, two.device, later);
      await probe.sees('connected', { on: back.connectionId });
      await two.transfer(three.number);
      assert.equal(await endOf(probe, back.connectionId), 'transferred');
      const sent = await begins(probe, three.device, later);
      assert.equal(callOf(probe, sent.connectionId), callOf(probe, line.connectionId));
      await three.answer();
      await probe.sees('connected', { on: sent.connectionId });
      liveOn(probe, line.connectionId, sent.connectionId);
    },
  },
];
