import type { DriverReply } from '@cordboard/cti-core';
import { ACCEPTED } from '@cordboard/driver-kit';
import { commandText } from '../map/command-text.js';
import { INTERNAL, type Leg } from '../map/leg.js';
import { replyOf } from '../map/reply.js';
import type { Kit } from './kit.js';
import type { Playbacks } from './playbacks.js';

/** Connections that hear hold music, and the way to make a connection quiet. */
export class Quiet {
  readonly #kit: Kit;
  readonly #playbacks: Playbacks;
  readonly #music = new Set<Leg>();
  #made = 0;

  constructor(kit: Kit, playbacks: Playbacks) {
    this.#kit = kit;
    this.#playbacks = playbacks;
  }

  /** Plays hold music until it is stopped: one execution that nobody is told of. */
  async start(leg: Leg, musicClass: string | undefined, signal: AbortSignal): Promise<DriverReply> {
    await this.hush(leg, signal);
    this.#made += 1;
    const arg = `local_stream://${musicClass ?? this.#kit.options.music}`;
    const eventId = `${INTERNAL}music-${this.#made}-${leg.id}`.slice(0, 64);
    const reply = replyOf(await this.#kit.execute(leg, { app: 'playback', arg, eventId }, signal));
    if (reply.outcome === 'accepted') this.#music.add(leg);
    return reply;
  }

  async stop(leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    if (!this.#music.delete(leg)) return ACCEPTED;
    return replyOf(await this.#kit.api(breakText(leg), signal));
  }

  /** After an outage nobody knows whether music runs: it is stopped before the next thing. */
  suspect(leg: Leg): void {
    this.#music.add(leg);
  }

  /** Stops what plays to a connection, hold music too, before it joins or leaves a bridge. */
  async hush(leg: Leg, signal: AbortSignal): Promise<void> {
    await this.#playbacks.stopAllOf(leg, signal);
    if (!this.#music.delete(leg)) return;
    await this.#kit.api(breakText(leg), signal);
  }

  forget(leg: Leg): void {
    this.#music.delete(leg);
  }

  clear(): void {
    this.#music.clear();
  }
}

/** Ends what plays to a channel, and what is queued behind it. */
export function breakText(leg: Leg): string {
  return commandText('uuid_break', leg.id, 'all');
}
