import assert from 'node:assert/strict';
import type { ConformanceCase } from '../case.js';

const RIFF = [0x52, 0x49, 0x46, 0x46];

async function bytesOf(source: AsyncIterable<Uint8Array> | undefined): Promise<number[]> {
  assert.ok(source, 'a finished recording can be opened');
  const head: number[] = [];
  let size = 0;
  for await (const chunk of source) {
    if (head.length < 4) head.push(...chunk.subarray(0, 4 - head.length));
    size += chunk.length;
  }
  return [...head, size];
}

/** Recordings, and what can be heard of them. */
export const recordingCases: readonly ConformanceCase[] = [
  {
    id: 'DRV-REC-01',
    says: 'record is confirmed by recordingStarted, stop by recordingFinished, and its file can be opened',
    needs: ['record'],
    async run(probe) {
      await probe.start();
      const { caller } = await probe.talk();
      const recordingId = probe.recordingId();
      await probe.accepted({ type: 'record', connectionId: caller, recordingId, tracks: 'mixed', format: 'wav' });
      await probe.sees('recordingStarted', { on: caller });
      await probe.world.pass(800);
      await probe.accepted({ type: 'controlRecording', connectionId: caller, recordingId, mode: 'stop' });
      const finished = await probe.sees('recordingFinished', { on: caller });
      assert.deepEqual([finished.recordingId, finished.outcome, finished.files.length], [recordingId, 'done', 1]);
      const { signal } = new AbortController();
      const [r, i, f1, f2, size = 0] = await bytesOf(
        await probe.driver.openRecording(recordingId, finished.files[0] ?? '', { signal }),
      );
      assert.deepEqual([r, i, f1, f2], RIFF);
      assert.ok(size > 44, 'the file holds no sound');
    },
  },
  {
    id: 'DRV-REC-02',
    says: 'separate tracks are one file per direction',
    needs: ['record'],
    async run(probe) {
      await probe.start();
      const { caller } = await probe.talk();
      const recordingId = probe.recordingId();
      await probe.accepted({ type: 'record', connectionId: caller, recordingId, tracks: 'separate', format: 'wav' });
      await probe.sees('recordingStarted', { on: caller });
      await probe.world.pass(500);
      await probe.accepted({ type: 'controlRecording', connectionId: caller, recordingId, mode: 'stop' });
      const finished = await probe.sees('recordingFinished', { on: caller });
      assert.equal(finished.files.length, 2);
    },
  },
  {
    id: 'DRV-REC-03',
    says: 'pause and resume are confirmed by their answers; a recording that is gone is refused as gone',
    needs: ['record', 'controlRecording'],
    async run(probe) {
      await probe.start();
      const { caller } = await probe.talk();
      const recordingId = probe.recordingId();
      await probe.accepted({ type: 'record', connectionId: caller, recordingId, tracks: 'mixed', format: 'wav' });
      await probe.sees('recordingStarted', { on: caller });
      await probe.accepted({ type: 'controlRecording', connectionId: caller, recordingId, mode: 'pause' });
      await probe.accepted({ type: 'controlRecording', connectionId: caller, recordingId, mode: 'resume' });
      await probe.accepted({ type: 'controlRecording', connectionId: caller, recordingId, mode: 'stop' });
      await probe.sees('recordingFinished', { on: caller });
      await probe.refused(
        { type: 'controlRecording', connectionId: caller, recordingId: probe.recordingId(), mode: 'stop' },
        'gone',
      );
    },
  },
  {
    id: 'DRV-REC-04',
    says: 'a recording goes on through bridges and ends, before cleared, with its connection',
    needs: ['record'],
    async run(probe) {
      await probe.start();
      const { caller, agent } = await probe.talk();
      const recordingId = probe.recordingId();
      await probe.accepted({ type: 'record', connectionId: caller, recordingId, tracks: 'mixed', format: 'wav' });
      await probe.sees('recordingStarted', { on: caller });
      await probe.accepted({ type: 'unbridge', connectionId: caller });
      await probe.sees('unbridged', { on: caller });
      await probe.accepted({ type: 'bridge', bridgeId: probe.bridgeId(), connectionIds: [caller, agent] });
      await probe.world.pass(300);
      assert.equal(probe.count('recordingFinished'), 0, 'ended by a bridge');
      await probe.world.outsider.hangUp();
      await probe.sees('recordingFinished', { on: caller });
      await probe.sees('cleared', { on: caller });
    },
  },
  {
    id: 'DRV-PLAY-REC-01',
    says: 'a finished recording can be played to another connection, to its end; one that was never made ends as failed',
    needs: ['record', 'controlRecording', 'play'],
    async run(probe) {
      await probe.start();
      const { caller, agent } = await probe.talk();
      const recordingId = probe.recordingId();
      await probe.accepted({ type: 'record', connectionId: caller, recordingId, tracks: 'mixed', format: 'wav' });
      await probe.sees('recordingStarted', { on: caller });
      // So long that a host that hears late of its beginning still looks before its end.
      await probe.world.pass(4_000);
      await probe.accepted({ type: 'controlRecording', connectionId: caller, recordingId, mode: 'stop' });
      await probe.sees('recordingFinished', { on: caller });
      await probe.accepted({ type: 'unbridge', connectionId: agent });
      await probe.sees('unbridged', { on: agent });
      const playbackId = probe.playbackId();
      await probe.accepted({
        type: 'play',
        connectionId: agent,
        playbackId,
        media: [{ kind: 'recording', recordingId }],
      });
      await probe.sees('playbackStarted', { on: agent });
      await probe.world.pass(400);
      assert.equal(probe.count('playbackFinished', agent), 0, 'over before it could be heard');
      const finished = await probe.sees('playbackFinished', { on: agent, withinMs: probe.world.patienceMs + 4_000 });
      assert.deepEqual([finished.playbackId, finished.outcome], [playbackId, 'done']);
      const other = probe.playbackId();
      const unknown = { kind: 'recording', recordingId: probe.recordingId() } as const;
      await probe.accepted({ type: 'play', connectionId: agent, playbackId: other, media: [unknown] });
      const failed = await probe.sees('playbackFinished', { on: agent, where: (event) => event.playbackId === other });
      assert.equal(failed.outcome, 'failed');
    },
  },
  {
    id: 'DRV-PLAY-WORDS-01',
    says: 'words that nobody has turned into sound are refused as invalid, and nothing is heard of the sounds beside them',
    needs: ['play'],
    async run(probe) {
      await probe.start();
      const connectionId = await probe.caller();
      await probe.refused(
        {
          type: 'play',
          connectionId,
          playbackId: probe.playbackId(),
          media: [
            { kind: 'prompt', prompt: probe.world.prompts.short },
            { kind: 'speech', text: 'hello', language: 'en' },
          ],
        },
        'invalid',
      );
      await probe.world.pass(300);
      assert.equal(probe.count('playbackStarted'), 0);
    },
  },
];
