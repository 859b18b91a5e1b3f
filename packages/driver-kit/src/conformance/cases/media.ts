import assert from 'node:assert/strict';
import type { ConformanceCase } from '../case.js';

/** Bridges, sounds, keys, monitoring. */
export const mediaCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-BRIDGE-01',
    says: 'bridge makes the bridge and is confirmed by bridged for each connection',
    async run(probe) {
      await probe.start();
      const { bridgeId } = await probe.talk();
      for (const event of probe.events) if (event.type === 'bridged') assert.equal(event.bridgeId, bridgeId);
    },
  },
  {
    id: 'DRV-BRIDGE-02',
    says: 'unbridge takes one out, which stays up; those left stay in the bridge',
    async run(probe) {
      await probe.start();
      const { caller, agent } = await probe.talk();
      await probe.accepted({ type: 'unbridge', connectionId: caller });
      await probe.sees('unbridged', { on: caller });
      await probe.accepted({ type: 'holdMusic', connectionId: caller, mode: 'start' });
      await probe.world.pass(300);
      assert.equal(probe.count('cleared'), 0, 'a connection ended');
      assert.equal(probe.count('unbridged', agent), 0, 'the other one was taken out too');
      await probe.accepted({ type: 'holdMusic', connectionId: caller, mode: 'stop' });
    },
  },
  {
    id: 'DRV-BRIDGE-03',
    says: 'a bridge has as many members as are added to it',
    async run(probe) {
      await probe.start();
      const { bridgeId } = await probe.talk();
      const third = await probe.phoneUp(probe.world.phones[1]);
      await probe.accepted({ type: 'bridge', bridgeId, connectionIds: [third] });
      const bridged = await probe.sees('bridged', { on: third });
      assert.equal(bridged.bridgeId, bridgeId);
      assert.equal(probe.count('unbridged'), 0);
    },
  },
  {
    id: 'DRV-BRIDGE-04',
    says: 'a connection that is bridged elsewhere leaves the bridge that it was in',
    async run(probe) {
      await probe.start();
      const { caller, bridgeId } = await probe.talk();
      const third = await probe.phoneUp(probe.world.phones[1]);
      const other = probe.bridgeId();
      await probe.accepted({ type: 'bridge', bridgeId: other, connectionIds: [caller, third] });
      const left = await probe.sees('unbridged', { on: caller });
      assert.equal(left.bridgeId, bridgeId);
      await probe.sees('bridged', { on: caller, where: (event) => event.bridgeId === other });
      await probe.sees('bridged', { on: third });
    },
  },
  {
    id: 'DRV-BRIDGE-05',
    says: 'a bridge with a connection that is gone is refused, and one that rings is refused',
    async run(probe) {
      await probe.start();
      const caller = await probe.caller();
      await probe.refused(
        { type: 'bridge', bridgeId: probe.bridgeId(), connectionIds: [caller, probe.connectionId()] },
        'gone',
      );
      const ringing = await probe.dial(probe.world.phones[0]);
      await probe.sees('alerting', { on: ringing });
      await probe.refused(
        { type: 'bridge', bridgeId: probe.bridgeId(), connectionIds: [ringing] },
        'conflict',
        'rejected',
      );
    },
  },
  {
    id: 'DRV-MEDIA-01',
    says: 'play is confirmed by playbackStarted and ends with playbackFinished done',
    async run(probe) {
      await probe.start();
      const connectionId = await probe.caller();
      const playbackId = probe.playbackId();
      await probe.accepted({
        type: 'play',
        connectionId,
        playbackId,
        media: [{ kind: 'prompt', prompt: probe.world.prompts.short }],
      });
      await probe.sees('playbackStarted', { on: connectionId });
      const finished = await probe.sees('playbackFinished', {
        on: connectionId,
        withinMs: probe.world.patienceMs + 4_000,
      });
      assert.deepEqual([finished.playbackId, finished.outcome], [playbackId, 'done']);
    },
  },
  {
    id: 'DRV-MEDIA-02',
    says: 'a prompt that does not exist ends with playbackFinished failed',
    async run(probe) {
      await probe.start();
      const connectionId = await probe.caller();
      const playbackId = probe.playbackId();
      await probe.accepted({
        type: 'play',
        connectionId,
        playbackId,
        media: [{ kind: 'prompt', prompt: probe.world.prompts.missing }],
      });
      const finished = await probe.sees('playbackFinished', { on: connectionId });
      assert.equal(finished.outcome, 'failed');
    },
  },
  {
    id: 'DRV-MEDIA-03',
    says: 'stopPlay ends a playback as stopped; for an ended one it is accepted and nothing follows',
    async run(probe) {
      await probe.start();
      const connectionId = await probe.caller();
      const playbackId = probe.playbackId();
      await probe.accepted({
        type: 'play',
        connectionId,
        playbackId,
        media: [{ kind: 'prompt', prompt: probe.world.prompts.long }],
      });
      await probe.sees('playbackStarted', { on: connectionId });
      await probe.accepted({ type: 'stopPlay', connectionId, playbackId });
      const finished = await probe.sees('playbackFinished', { on: connectionId });
      assert.equal(finished.outcome, 'stopped');
      await probe.accepted({ type: 'stopPlay', connectionId, playbackId });
      await probe.world.pass(300);
      assert.equal(probe.count('playbackFinished', connectionId), 1);
    },
  },
  {
    id: 'DRV-MEDIA-04',
    says: 'a playback ends as stopped, before cleared, when its connection ends',
    async run(probe) {
      await probe.start();
      const connectionId = await probe.caller();
      const playbackId = probe.playbackId();
      await probe.accepted({
        type: 'play',
        connectionId,
        playbackId,
        media: [{ kind: 'prompt', prompt: probe.world.prompts.long }],
      });
      await probe.sees('playbackStarted', { on: connectionId });
      await probe.world.outsider.hangUp();
      await probe.sees('cleared', { on: connectionId });
      const finished = await probe.sees('playbackFinished', { on: connectionId });
      assert.equal(finished.outcome, 'stopped');
    },
  },
  {
    id: 'DRV-MEDIA-05',
    says: 'music on hold is accepted and no event follows',
    async run(probe) {
      await probe.start();
      const connectionId = await probe.caller();
      const since = probe.mark;
      await probe.accepted({ type: 'holdMusic', connectionId, mode: 'start' });
      await probe.accepted({ type: 'holdMusic', connectionId, mode: 'stop' });
      await probe.world.pass(200);
      assert.equal(probe.events.slice(since).filter((event) => 'connectionId' in event).length, 0);
    },
  },
  {
    id: 'DRV-MEDIA-06',
    says: 'a tone sounds until it is stopped',
    async run(probe) {
      await probe.start();
      const connectionId = await probe.caller();
      const playbackId = probe.playbackId();
      await probe.accepted({ type: 'play', connectionId, playbackId, media: [{ kind: 'tone', tone: 'ringback' }] });
      await probe.sees('playbackStarted', { on: connectionId });
      await probe.world.pass(1_500);
      assert.equal(probe.count('playbackFinished', connectionId), 0);
      await probe.accepted({ type: 'stopPlay', connectionId, playbackId });
      await probe.sees('playbackFinished', { on: connectionId });
    },
  },
  {
    id: 'DRV-DIGIT-01',
    says: 'keys of the far end are told one by one, in order',
    async run(probe) {
      await probe.start();
      const id = await probe.caller();
      await probe.accepted({ type: 'collectDigits', connectionId: id, mode: 'start' });
      await probe.world.outsider.press('12*0#');
      const digits = (): string =>
        probe.events.map((event) => (event.type === 'digit' && event.connectionId === id ? event.digit : '')).join('');
      await probe.world.until(() => digits().length >= 5, probe.world.patienceMs);
      assert.equal(digits(), '12*0#');
    },
  },
  {
    id: 'DRV-DIGIT-02',
    says: 'sendDigits reaches the far end',
    needs: ['sendDigits'],
    world: ['digitsHeard'],
    async run(probe) {
      await probe.start();
      const connectionId = await probe.caller();
      await probe.accepted({ type: 'sendDigits', connectionId, digits: '40*#', toneMs: 120, gapMs: 80 });
      let heard = '';
      for (let turn = 0; turn * 200 < probe.world.patienceMs && heard.length < 4; turn++) {
        await probe.world.pass(200);
        heard = await probe.world.outsider.digitsHeard();
      }
      assert.equal(heard, '40*#');
    },
  },
  {
    id: 'DRV-MON-01',
    says: 'monitor is confirmed by monitoring; again with another mode it switches; stopMonitor ends it and the connection stays up',
    needs: ['monitor', 'stopMonitor', 'monitor.whisper'],
    async run(probe) {
      await probe.start();
      const { agent } = await probe.talk();
      const boss = await probe.phoneUp(probe.world.phones[1]);
      for (const mode of ['listen', 'whisper'] as const) {
        await probe.accepted({ type: 'monitor', connectionId: boss, targetId: agent, mode });
        const told = await probe.sees('monitoring', { on: boss, where: (event) => event.mode === mode });
        assert.equal(told.targetId, agent);
      }
      await probe.accepted({ type: 'stopMonitor', connectionId: boss });
      await probe.sees('monitoring', { on: boss, where: (event) => event.mode === null });
      await probe.world.pass(200);
      assert.equal(probe.count('cleared', boss), 0);
    },
  },
  {
    id: 'DRV-MON-02',
    says: 'barge puts the supervisor into the bridge of the target',
    needs: ['monitor', 'monitor.barge'],
    async run(probe) {
      await probe.start();
      const { agent, bridgeId } = await probe.talk();
      const boss = await probe.phoneUp(probe.world.phones[1]);
      await probe.accepted({ type: 'monitor', connectionId: boss, targetId: agent, mode: 'barge' });
      await probe.sees('monitoring', { on: boss, where: (event) => event.mode === 'barge' });
      const bridged = await probe.sees('bridged', { on: boss });
      assert.equal(bridged.bridgeId, bridgeId);
    },
  },
  {
    id: 'DRV-MON-03',
    says: 'monitoring ends, before cleared of the target, with the target',
    needs: ['monitor'],
    async run(probe) {
      await probe.start();
      const { agent } = await probe.talk();
      const boss = await probe.phoneUp(probe.world.phones[1]);
      await probe.accepted({ type: 'monitor', connectionId: boss, targetId: agent, mode: 'listen' });
      await probe.sees('monitoring', { on: boss });
      await probe.accepted({ type: 'clear', connectionId: agent, cause: 'normalClearing' });
      await probe.sees('cleared', { on: agent });
      await probe.sees('monitoring', { on: boss, where: (event) => event.mode === null });
    },
  },
];
