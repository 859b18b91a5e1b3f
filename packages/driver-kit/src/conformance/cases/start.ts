import assert from 'node:assert/strict';
import type { ConformanceCase } from '../case.js';
import { rejects } from '../probe.js';

/** Starting, capabilities, stopping. */
export const startCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-START-01',
    says: 'a driver is inert until started: it tells nothing and holds nothing',
    profiles: 'every',
    async run(probe) {
      await probe.world.pass(50);
      assert.equal(probe.events.length, 0, 'events before start');
      assert.equal(probe.world.resources(), 0, 'resources before start');
    },
  },
  {
    id: 'DRV-START-02',
    says: 'after start come linkUp, snapshot and linkSynced, in this order',
    profiles: 'every',
    async run(probe) {
      await probe.start();
      const order = probe.events
        .map((event) => event.type)
        .filter((type) => /^(linkUp|snapshot|linkSynced)$/u.test(type));
      assert.deepEqual(order.slice(0, 3), ['linkUp', 'snapshot', 'linkSynced']);
    },
  },
  {
    id: 'DRV-START-03',
    says: 'a second start rejects with driver.started',
    profiles: 'every',
    async run(probe) {
      await probe.start();
      await rejects(probe.startOnly(), 'driver.started');
    },
  },
  {
    id: 'DRV-START-04',
    says: 'start after stop rejects with driver.stopped',
    profiles: 'every',
    async run(probe) {
      await probe.start();
      await probe.driver.stop();
      await rejects(probe.startOnly(), 'driver.stopped');
    },
  },
  {
    id: 'DRV-START-05',
    says: 'aborting the signal is the same as stop',
    profiles: 'every',
    async run(probe) {
      await probe.start();
      probe.abort();
      await probe.world.until(() => probe.world.resources() === 0, probe.world.patienceMs);
      assert.equal(probe.world.resources(), 0, 'resources after abort');
      await probe.refused({ type: 'clear', connectionId: probe.connectionId(), cause: 'normalClearing' }, 'stopped');
    },
  },
  {
    id: 'DRV-CAP-01',
    says: 'capabilities in force are told by linkSynced and are among those of the driver',
    profiles: 'every',
    async run(probe) {
      await probe.start();
      const { capabilities } = await probe.sees('linkSynced');
      assert.ok(capabilities.length > 0, 'no capabilities');
      for (const capability of capabilities)
        assert.ok(probe.driver.capabilities.has(capability), `${capability} is not declared`);
    },
  },
  {
    id: 'DRV-CAP-02',
    says: 'what a driver cannot do is refused as notSupported',
    profiles: 'every',
    async run(probe) {
      await probe.start();
      const id = probe.connectionId();
      const all = [
        { type: 'redirect', connectionId: id, number: '1' },
        { type: 'sendDigits', connectionId: id, digits: '1', toneMs: 100, gapMs: 100 },
        { type: 'mute', connectionId: id, mode: 'mute' },
        { type: 'stopMonitor', connectionId: id },
        { type: 'unbridge', connectionId: id },
      ] as const;
      for (const command of all) {
        const reply = await probe.command(command);
        const lacking = !probe.driver.capabilities.has(command.type);
        assert.equal(
          reply.outcome === 'refused' && reply.code === 'notSupported',
          lacking,
          `${command.type}: capability and answer disagree`,
        );
      }
    },
  },
  {
    id: 'DRV-STOP-01',
    says: 'stop is idempotent, never rejects, and nothing is told after it',
    async run(probe) {
      await probe.start();
      const id = await probe.incoming();
      await probe.driver.stop();
      const { mark } = probe;
      await Promise.all([probe.driver.stop(), probe.driver.stop()]);
      await probe.world.outsider.hangUp();
      await probe.world.pass(300);
      assert.equal(probe.events.length, mark, 'events after stop');
      assert.equal(probe.count('cleared', id), 0);
    },
  },
  {
    id: 'DRV-STOP-02',
    says: 'stop answers pending commands with stopped, and so later ones',
    world: ['freeze'],
    async run(probe) {
      await probe.start();
      const id = await probe.caller();
      await probe.world.freeze(400);
      const pending = probe.give({ type: 'mute', connectionId: id, mode: 'mute' });
      await probe.driver.stop();
      assert.deepEqual(await pending, { outcome: 'refused', code: 'stopped' });
      await probe.refused({ type: 'mute', connectionId: id, mode: 'unmute' }, 'stopped');
    },
  },
  {
    id: 'DRV-STOP-03',
    says: 'calls on the switch live on after stop',
    async run(probe) {
      await probe.start();
      await probe.talk();
      const before = await probe.world.liveConnections();
      await probe.driver.stop();
      await probe.world.pass(300);
      assert.equal(await probe.world.liveConnections(), before);
    },
  },
  {
    id: 'DRV-STOP-04',
    says: 'stop leaves no timer, socket or listener, whatever was going on',
    async run(probe) {
      await probe.start();
      const { agent } = await probe.talk();
      await probe.dial(probe.world.phones[1]);
      const { long } = probe.world.prompts;
      await probe.accepted({
        type: 'play',
        connectionId: agent,
        playbackId: probe.playbackId(),
        media: [{ kind: 'prompt', prompt: long }],
      });
      await probe.driver.stop();
      await probe.world.until(() => probe.world.resources() === 0, probe.world.patienceMs);
      assert.equal(probe.world.resources(), 0);
    },
  },
  {
    id: 'DRV-STOP-05',
    says: 'stop before start does no I/O and start after it rejects',
    profiles: 'every',
    async run(probe) {
      await probe.driver.stop();
      assert.equal(probe.world.resources(), 0);
      await rejects(probe.startOnly(), 'driver.stopped');
    },
  },
];
