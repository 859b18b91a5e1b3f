import assert from 'node:assert/strict';
import type { ConformanceCase } from '../case.js';

/** What phones do by themselves. */
export const phoneCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-HOLD-01',
    says: 'a phone that holds its call is told by heldByDevice, and by retrievedByDevice when it takes it back; the bridge is unchanged',
    needs: ['phoneHold'],
    world: ['hold'],
    async run(probe) {
      await probe.start();
      const [phone] = probe.world.phones;
      const { agent } = await probe.talk(phone);
      await phone.hold();
      await probe.sees('heldByDevice', { on: agent });
      await phone.retrieve();
      await probe.sees('retrievedByDevice', { on: agent });
      assert.equal(probe.count('unbridged'), 0);
    },
  },
  {
    id: 'DRV-HOLD-02',
    says: 'a hold lasts when a command takes the bridge apart, and is told as retrieved when the phone takes its call back and not before',
    needs: ['phoneHold', 'unbridge'],
    world: ['hold'],
    async run(probe) {
      await probe.start();
      const [phone] = probe.world.phones;
      const { agent, caller } = await probe.talk(phone);
      await phone.hold();
      await probe.sees('heldByDevice', { on: agent });
      await probe.accepted({ type: 'unbridge', connectionId: caller });
      await probe.sees('unbridged', { on: caller });
      await probe.world.pass(500);
      assert.equal(probe.count('retrievedByDevice', agent), 0);
      await phone.retrieve();
      await probe.sees('retrievedByDevice', { on: agent });
    },
  },
  {
    id: 'DRV-REFER-01',
    says: 'a blind transfer at the phone is told by transferRequested with its goal; media is as before, and the phone waits until we clear it',
    needs: ['phoneTransfer'],
    world: ['transfer'],
    async run(probe) {
      await probe.start();
      const [phone, goal] = probe.world.phones;
      const { agent, caller } = await probe.talk(phone);
      await phone.transfer(goal.number);
      const asked = await probe.sees('transferRequested', { on: agent });
      assert.ok(asked.kind === 'blind' && asked.to.number === goal.number, 'the goal is told');
      await probe.world.pass(300);
      assert.equal(probe.count('cleared', caller), 0, 'the caller was dropped');
      await probe.accepted({ type: 'clear', connectionId: agent, cause: 'transferred' });
      await probe.sees('cleared', { on: agent });
      assert.equal(probe.count('cleared', caller), 0, 'the caller went with the transferor');
    },
  },
  {
    id: 'DRV-REFER-02',
    says: 'an attended transfer at the phone names the consultation, and both connections live until we clear them',
    needs: ['phoneTransfer', 'phoneHold'],
    world: ['attendedTransfer'],
    async run(probe) {
      await probe.start();
      const [phone, goal] = probe.world.phones;
      const { agent, caller } = await probe.talk(phone);
      await phone.hold();
      await probe.sees('heldByDevice', { on: agent });
      const since = probe.mark;
      await phone.dial(goal.number);
      const consult = await probe.sees('created', { since, where: (event) => event.device === phone.device });
      await probe.accepted({ type: 'claim', connectionId: consult.connectionId, mark: { callId: probe.callId() } });
      await probe.accepted({ type: 'answer', connectionId: consult.connectionId });
      await probe.sees('connected', { on: consult.connectionId });
      const other = await probe.phoneUp(goal);
      await probe.accepted({
        type: 'bridge',
        bridgeId: probe.bridgeId(),
        connectionIds: [consult.connectionId, other],
      });
      await probe.sees('bridged', { on: other });
      await phone.completeTransfer();
      const asked = await probe.sees('transferRequested', { where: (event) => event.kind === 'attended' });
      const pair = [asked.connectionId, asked.kind === 'attended' ? asked.consultId : ''].sort();
      assert.deepEqual(pair, [agent, consult.connectionId].sort());
      await probe.accepted({ type: 'bridge', bridgeId: probe.bridgeId(), connectionIds: [caller, other] });
      for (const connectionId of pair)
        await probe.command({ type: 'clear', connectionId: connectionId as typeof agent, cause: 'transferred' });
      await probe.sees('cleared', { on: agent });
      await probe.sees('cleared', { on: consult.connectionId });
      assert.equal(probe.count('cleared', caller) + probe.count('cleared', other), 0, 'a joined party was dropped');
    },
  },
  {
    id: 'DRV-REPLACE-01',
    says: 'a phone that takes the place of another is told by created, replaced, and cleared of the old one with cause replaced',
    world: ['pickUp'],
    async run(probe) {
      await probe.start();
      const [phone, thief] = probe.world.phones;
      const { agent, caller } = await probe.talk(phone);
      await thief.pickUp(phone.device);
      const replaced = await probe.sees('replaced', { on: agent });
      const cleared = await probe.sees('cleared', { on: agent });
      assert.equal(cleared.release.cause, 'replaced');
      const created = await probe.sees('created', { on: replaced.by });
      assert.equal(created.device, thief.device);
      await probe.sees('connected', { on: replaced.by });
      await probe.sees('bridged', { on: replaced.by });
      assert.equal(probe.count('cleared', caller), 0);
    },
  },
];
