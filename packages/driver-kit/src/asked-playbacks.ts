import type { DriverReply, PlaybackId } from '@cordboard/cti-core';
import { refused } from './replies.js';

/**
 * Playbacks that were asked for and have not begun: they may wait for what was said to their connection before, and the wish to stop one
 * does not. One that is stopped while it waits must not sound: a tone would sound for ever.
 */
export class AskedPlaybacks {
  readonly #asked = new Map<PlaybackId, 'wanted' | 'stopped'>();

  /** Carries out a playback that may have to wait for its turn. Refused as `conflict` while one of the same id is carried out. */
  async inTurn(playbackId: PlaybackId, carryOut: () => Promise<DriverReply>): Promise<DriverReply> {
    if (this.#asked.has(playbackId)) return refused('conflict');
    this.#asked.set(playbackId, 'wanted');
    try {
      return await carryOut();
    } finally {
      this.#asked.delete(playbackId);
    }
  }

  /** Notes that one is to stop. Nothing happens when none of this id is carried out. */
  stop(playbackId: PlaybackId): void {
    if (this.#asked.has(playbackId)) this.#asked.set(playbackId, 'stopped');
  }

  /** Whether one that is carried out is to stop: asked by the driver before it has it sound. */
  isStopped(playbackId: PlaybackId): boolean {
    return this.#asked.get(playbackId) === 'stopped';
  }
}
