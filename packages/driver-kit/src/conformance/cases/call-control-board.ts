import assert from 'node:assert/strict';
import type { DeviceDetail, DeviceId } from '@cordboard/cti-core';
import type { ConformanceCase } from '../case.js';
import type { Probe } from '../probe.js';
import { begins, callOf, pbxOf, rings, talks } from './call-control-play.js';

/** Waits until the board shows a device so. */
async function shows(
  probe: Probe,
  device: DeviceId,
  { state, since }: { readonly state: DeviceDetail['state']; readonly since: number },
): Promise<DeviceDetail> {
  const { detail } = await probe.sees('devicePresence', {
    since,
    where: (event) => event.device === device && event.detail?.state === state,
  });
  assert.ok(detail);
  return detail;
}

/** The live board of phones, lines and slots. */
export const boardCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-CC-27',
    says: 'the snapshot shows every phone, line and park slot with what it does',
    needs: ['devices'],
    async run(probe) {
      await probe.start();
      const { snapshot } = await probe.sees('snapshot');
      const pbx = pbxOf(probe);
      const states = new Map(snapshot.devices.map(({ device, detail }) => [device, detail?.state]));
      for (const { device } of probe.world.phones) assert.equal(states.get(device), 'idle');
      for (const line of pbx.lines) assert.equal(states.get(line), 'idle');
      assert.equal(states.get(pbx.slot(1)), 'free');
    },
  },
  {
    id: 'DRV-CC-28',
    says: 'the board follows a call, whoever made it: ringing, talking, held, parked, and with whom; a line that was let go is idle at last',
    needs: ['devices'],
    async run(probe) {
      await probe.start();
      const pbx = pbxOf(probe);
      const [one] = probe.world.phones;
      const since = probe.mark;
      const { line, first } = await rings(probe);
      const ringing = await shows(probe, one.device, { state: 'ringing', since: since });
      assert.equal(ringing.direction, 'in');
      assert.equal(ringing.nativeCallRef, callOf(probe, first.connectionId));
      assert.equal(
        (await shows(probe, line.device, { state: 'ringing', since: since })).nativeCallRef,
        line.nativeCallRef,
      );
      await one.answer();
      const talking = await shows(probe, one.device, { state: 'talking', since: since });
      assert.equal(talking.line, line.device);
      assert.equal(talking.party?.number, probe.world.outsider.number);
      assert.equal((await shows(probe, line.device, { state: 'talking', since: since })).peer, one.device);
      await one.hold();
      await shows(probe, one.device, { state: 'held', since: since });
      await shows(probe, line.device, { state: 'held', since: since });
      await one.retrieve();
      await pbx.park(one, 4);
      await shows(probe, line.device, { state: 'parked', since: since });
      assert.equal((await shows(probe, pbx.slot(4), { state: 'taken', since: since })).line, line.device);
      const parked = probe.mark;
      await probe.world.outsider.hangUp();
      await shows(probe, pbx.slot(4), { state: 'free', since: parked });
      await shows(probe, line.device, { state: 'idle', since: parked });
      await shows(probe, one.device, { state: 'idle', since: since });
    },
  },
  {
    id: 'DRV-CC-29',
    says: 'keys that somebody dials at a phone are told as whom it calls, at the latest when the other one rings',
    async run(probe) {
      await probe.start();
      const [, two, three] = probe.world.phones;
      const since = probe.mark;
      await three.dial(two.number);
      const dialled = await begins(probe, three.device, since);
      const rung = await begins(probe, two.device, since);
      await probe.sees('alerting', { on: rung.connectionId });
      const isKnown = (): boolean =>
        probe.events
          .slice(since)
          .some(
            (event) =>
              (event.type === 'created' || event.type === 'identified') &&
              event.connectionId === dialled.connectionId &&
              event.called?.number === two.number,
          );
      assert.ok(await probe.world.until(isKnown, probe.world.patienceMs), 'it is not told whom the phone calls');
    },
  },
  {
    id: 'DRV-CC-30',
    says: 'presence of a phone is idle, alerting, busy and held as its state is',
    needs: ['devices'],
    async run(probe) {
      await probe.start();
      const [one] = probe.world.phones;
      const since = probe.mark;
      await talks(probe);
      await one.hold();
      const told = (): string[] => {
        const seen: string[] = [];
        for (const event of probe.events.slice(since)) {
          if (event.type !== 'devicePresence' || event.device !== one.device) continue;
          if (seen.at(-1) !== event.presence) seen.push(event.presence);
        }
        return seen;
      };
      await probe.world.until(() => told().includes('held'), probe.world.patienceMs);
      assert.deepEqual(told(), ['alerting', 'busy', 'held']);
    },
  },
];
