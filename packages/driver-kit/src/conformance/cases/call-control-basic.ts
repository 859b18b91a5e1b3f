import assert from 'node:assert/strict';
import { SERVICE_COMMANDS } from '@cordboard/cti-core';
import type { ConformanceCase } from '../case.js';
import { begins, callOf, calls, endOf, liveOn, pbxOf, rings, talks } from './call-control-play.js';

/** One call: it comes, is answered, is made, is held, ends. */
export const basicCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-CC-01',
    says: 'the driver says that its switch carries services out itself, and so does each link when it is synced; what composes them elsewhere it does not have',
    async run(probe) {
      assert.equal(probe.driver.profile, 'callControl');
      await probe.start();
      for (const event of probe.events) if (event.type === 'linkSynced') assert.equal(event.profile, 'callControl');
      for (const composed of ['originate', 'bridge', 'claim', 'play'] as const)
        assert.ok(!probe.driver.capabilities.has(composed), `${composed} is declared`);
      assert.ok(
        SERVICE_COMMANDS.some((each) => probe.driver.capabilities.has(each)),
        'no service is declared',
      );
    },
  },
  {
    id: 'DRV-CC-02',
    says: 'a call from outside is one call of the switch: its line is created as incoming and waits, each phone that rings as outgoing and alerting, and all know who calls',
    async run(probe) {
      await probe.start();
      const { line, first, second } = await rings(probe);
      assert.equal(line.direction, 'incoming');
      const { number } = probe.world.outsider;
      for (const phone of [first, second]) {
        assert.equal(phone.direction, 'outgoing');
        assert.ok(line.nativeCallRef !== undefined && phone.nativeCallRef === line.nativeCallRef, 'not one call');
      }
      for (const { connectionId } of [line, first, second]) {
        const known = (): boolean =>
          probe.events.some(
            (event) =>
              (event.type === 'created' || event.type === 'identified') &&
              event.connectionId === connectionId &&
              event.calling?.number === number,
          );
        assert.ok(await probe.world.until(known, probe.world.patienceMs), 'it is not told who calls');
        assert.equal(probe.count('connected', connectionId), 0, 'connected before anybody answered');
      }
      for (const { connectionId, control } of [line, first, second]) {
        assert.equal(control, 'full');
        liveOn(probe, connectionId);
      }
    },
  },
  {
    id: 'DRV-CC-03',
    says: 'answer is confirmed by connected of the phone and of the line; the other phones that rang are cleared as answered elsewhere',
    needs: ['answer'],
    async run(probe) {
      await probe.start();
      const { line, first, second } = await rings(probe);
      await probe.accepted({ type: 'answer', connectionId: first.connectionId });
      await probe.sees('connected', { on: first.connectionId });
      await probe.sees('connected', { on: line.connectionId });
      assert.equal(await endOf(probe, second.connectionId), 'answeredElsewhere');
      liveOn(probe, first.connectionId, line.connectionId);
    },
  },
  {
    id: 'DRV-CC-04',
    says: 'a call that is answered at the phone is told as one that is answered by command',
    async run(probe) {
      await probe.start();
      const { line, first, second } = await rings(probe);
      await probe.world.phones[1].answer();
      await probe.sees('connected', { on: second.connectionId });
      await probe.sees('connected', { on: line.connectionId });
      assert.equal(await endOf(probe, first.connectionId), 'answeredElsewhere');
    },
  },
  {
    id: 'DRV-CC-05',
    says: 'a caller who gives up ends the line and the phones that rang, as cancelled, and none of them was connected',
    async run(probe) {
      await probe.start();
      const { line, first, second } = await rings(probe);
      await probe.world.outsider.hangUp();
      for (const { connectionId } of [line, first, second]) {
        assert.equal(await endOf(probe, connectionId), 'cancelled');
        assert.equal(probe.count('connected', connectionId), 0);
      }
    },
  },
  {
    id: 'DRV-CC-06',
    says: 'a number and a name that are known after the first ring are told by identified, on the line and on the phones that ring; a caller who wants it so has none',
    async run(probe) {
      await probe.start();
      const pbx = pbxOf(probe);
      await pbx.tellCallers('late');
      const { line, first } = await rings(probe);
      assert.equal(line.calling.number, '', 'known too early');
      for (const { connectionId } of [line, first]) {
        const { calling, called } = await probe.sees('identified', { on: connectionId });
        assert.deepEqual([calling?.number, calling?.presentation], [probe.world.outsider.number, 'allowed']);
        assert.equal(called, undefined, 'what did not change is told');
      }
      await probe.world.outsider.hangUp();
      await endOf(probe, line.connectionId);
      await pbx.tellCallers('name');
      const named = await rings(probe);
      const isNamed = (): boolean =>
        probe.events.some(
          (event) =>
            event.type === 'identified' &&
            event.connectionId === named.first.connectionId &&
            event.calling?.name === pbx.callerName,
        );
      assert.ok(await probe.world.until(isNamed, probe.world.patienceMs), 'the name is not told');
      await probe.world.outsider.hangUp();
      await endOf(probe, named.line.connectionId);
      await pbx.tellCallers('withheld');
      const hidden = await rings(probe);
      const { calling } = await probe.sees('identified', { on: hidden.first.connectionId });
      assert.deepEqual([calling?.number, calling?.presentation], ['', 'withheld']);
    },
  },
  {
    id: 'DRV-CC-07',
    says: 'a call inside is created under our id with our mark; the other phone rings in the same call of the switch, and both are connected when it is lifted',
    needs: ['makeCall', 'clear'],
    async run(probe) {
      await probe.start();
      const [one, , three] = probe.world.phones;
      const since = probe.mark;
      const connectionId = probe.connectionId();
      const callId = probe.callId();
      await probe.accepted({ type: 'makeCall', connectionId, device: one.device, to: three.number, mark: { callId } });
      const ours = await probe.sees('created', { on: connectionId });
      assert.deepEqual([ours.device, ours.direction, ours.callId], [one.device, 'incoming', callId]);
      assert.equal(ours.calling.number, one.number);
      const rung = await begins(probe, three.device, since);
      assert.deepEqual([rung.direction, rung.calling.number], ['outgoing', one.number]);
      await probe.sees('alerting', { on: rung.connectionId });
      assert.equal(callOf(probe, rung.connectionId), callOf(probe, connectionId));
      assert.equal(probe.count('connected', connectionId), 0, 'connected while the other one rings');
      await three.answer();
      await probe.sees('connected', { on: connectionId });
      await probe.sees('connected', { on: rung.connectionId });
      await probe.accepted({ type: 'clear', connectionId, cause: 'normalClearing' });
      await endOf(probe, connectionId);
      await endOf(probe, rung.connectionId);
      const others = probe.events
        .slice(since)
        .filter((event) => event.type === 'created' && event.device === one.device);
      assert.equal(others.length, 1, 'more than one connection of the phone');
    },
  },
  {
    id: 'DRV-CC-08',
    says: 'a call out goes on a line of its trunk, which is created as outgoing, and both are connected when the called party answers',
    needs: ['makeCall'],
    async run(probe) {
      await probe.start();
      const { lines } = pbxOf(probe);
      const { outsider, trunk, phones } = probe.world;
      const since = probe.mark;
      const id = await calls(probe, phones[0], { to: outsider.number, trunk });
      const line = await probe.sees('created', { since, where: (event) => lines.includes(event.device) });
      assert.equal(line.direction, 'outgoing');
      assert.equal(callOf(probe, line.connectionId), callOf(probe, id));
      const isKnown = (): boolean =>
        probe.events
          .slice(since)
          .some(
            (event) =>
              (event.type === 'created' || event.type === 'identified') &&
              event.connectionId === line.connectionId &&
              event.called?.number === outsider.number,
          );
      assert.ok(await probe.world.until(isKnown, probe.world.patienceMs), 'it is not told whom the line calls');
      await probe.sees('alerting', { on: line.connectionId });
      assert.equal(probe.count('connected', line.connectionId), 0);
      await outsider.answer();
      await probe.sees('connected', { on: line.connectionId });
      await probe.sees('connected', { on: id });
      await outsider.hangUp();
      assert.equal(await endOf(probe, line.connectionId), 'normalClearing');
      await phones[0].hangUp();
      await endOf(probe, id);
    },
  },
  {
    id: 'DRV-CC-09',
    says: 'a number that is engaged ends as busy and was never connected',
    needs: ['makeCall', 'clear'],
    async run(probe) {
      await probe.start();
      const { lines } = pbxOf(probe);
      const { outsider, trunk, phones } = probe.world;
      await outsider.setHabit('busy');
      const since = probe.mark;
      const id = await calls(probe, phones[0], { to: outsider.number, trunk });
      const line = await probe.sees('created', { since, where: (event) => lines.includes(event.device) });
      assert.equal(await endOf(probe, line.connectionId), 'busy');
      await phones[0].hangUp();
      await endOf(probe, id);
      for (const each of [id, line.connectionId]) assert.equal(probe.count('connected', each), 0);
    },
  },
  {
    id: 'DRV-CC-10',
    says: 'hold is confirmed by heldByDevice and retrieve by retrievedByDevice; the connections keep their ids, and the caller is not let go',
    needs: ['hold', 'retrieve'],
    async run(probe) {
      await probe.start();
      const { line, phone } = await talks(probe);
      const on = phone.connectionId;
      for (let times = 1; times <= 2; times++) {
        await probe.accepted({ type: 'hold', connectionId: on });
        await probe.world.until(() => probe.count('heldByDevice', on) === times, probe.world.patienceMs);
        assert.equal(probe.count('heldByDevice', on), times);
        await probe.accepted({ type: 'retrieve', connectionId: on });
        await probe.world.until(() => probe.count('retrievedByDevice', on) === times, probe.world.patienceMs);
        assert.equal(probe.count('retrievedByDevice', on), times);
      }
      liveOn(probe, on, line.connectionId);
      for (const each of [on, line.connectionId]) assert.equal(probe.count('connected', each), 1);
    },
  },
  {
    id: 'DRV-CC-11',
    says: 'clear ends the own connection with the cause that was given, and with it the other side of a call of two',
    needs: ['clear'],
    async run(probe) {
      await probe.start();
      const { line, phone } = await talks(probe);
      await probe.accepted({ type: 'clear', connectionId: phone.connectionId, cause: 'forcedRelease' });
      assert.equal(await endOf(probe, phone.connectionId), 'forcedRelease');
      await endOf(probe, line.connectionId);
      await probe.refused({ type: 'clear', connectionId: phone.connectionId, cause: 'normalClearing' }, 'gone');
    },
  },
  {
    id: 'DRV-CC-12',
    says: 'keys reach the other side, and keys pressed at a phone that talks are told one by one',
    needs: ['sendDigits'],
    async run(probe) {
      await probe.start();
      const { phone } = await talks(probe);
      await probe.accepted({
        type: 'sendDigits',
        connectionId: phone.connectionId,
        digits: '12*3#',
        toneMs: 100,
        gapMs: 100,
      });
      let heard = '';
      const listen = async (): Promise<void> => {
        heard = await probe.world.outsider.digitsHeard();
      };
      for (let tries = 0; tries < 20 && heard !== '12*3#'; tries++) {
        await probe.world.pass(250);
        await listen();
      }
      assert.equal(heard, '12*3#');
      await probe.refused(
        { type: 'sendDigits', connectionId: phone.connectionId, digits: '12x', toneMs: 100, gapMs: 100 },
        'invalid',
      );
      const since = probe.mark;
      await probe.world.phones[0].press('07#');
      const told = (): string =>
        probe.events
          .slice(since)
          .flatMap((event) =>
            event.type === 'digit' && event.connectionId === phone.connectionId ? [event.digit] : [],
          )
          .join('');
      await probe.world.until(() => told().length >= 3, probe.world.patienceMs);
      assert.equal(told(), '07#');
    },
  },
  {
    id: 'DRV-CC-13',
    says: 'a flash that stays ends nothing; one that leaves, a switch of this profile cannot',
    needs: ['flash'],
    async run(probe) {
      await probe.start();
      const { line, phone } = await talks(probe);
      const { connectionId } = phone;
      await probe.accepted({ type: 'flash', connectionId, after: 'stay' });
      await probe.refused({ type: 'flash', connectionId, after: 'leave' }, 'notSupported', 'invalid');
      await probe.world.pass(1_000);
      liveOn(probe, connectionId, line.connectionId);
    },
  },
  {
    id: 'DRV-CC-14',
    says: 'what a phone cannot do in its state is refused with conflict, what is not there as gone or rejected, and nothing follows',
    needs: ['makeCall', 'hold', 'retrieve'],
    async run(probe) {
      await probe.start();
      const { line, phone } = await talks(probe);
      const [one, two] = probe.world.phones;
      const since = probe.mark;
      const mark = { callId: probe.callId() };
      const busy = {
        type: 'makeCall',
        connectionId: probe.connectionId(),
        device: one.device,
        to: two.number,
      } as const;
      await probe.refused({ ...busy, mark }, 'conflict');
      await probe.refused({ type: 'retrieve', connectionId: phone.connectionId }, 'conflict');
      await probe.refused({ type: 'hold', connectionId: probe.connectionId() }, 'gone');
      const nobody = one.device.replace(/[^:]+$/u, '7999') as typeof one.device;
      await probe.refused({ ...busy, mark, connectionId: probe.connectionId(), device: nobody }, 'rejected', 'gone');
      const free = { ...busy, mark, device: two.device };
      await probe.refused({ ...free, connectionId: probe.connectionId(), to: 'abc' }, 'invalid');
      await probe.refused({ ...free, connectionId: phone.connectionId, to: one.number }, 'conflict', 'invalid');
      await probe.world.pass(1_000);
      const told = probe.events.slice(since).filter((event) => 'connectionId' in event);
      assert.deepEqual(told, []);
      liveOn(probe, phone.connectionId, line.connectionId);
    },
  },
];
