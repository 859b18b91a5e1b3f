import type { DriverReply } from '@cordboard/cti-core';
import { ACCEPTED } from '@cordboard/driver-kit';
import { commandText } from '../map/command-text.js';
import { header, type SwitchEvent } from '../map/event.js';
import { INTERNAL, type Leg } from '../map/leg.js';
import { replyOf } from '../map/reply.js';
import type { Kit } from './kit.js';
import type { Playbacks } from './playbacks.js';

/** Music that one connection is to hear. */
interface Music {
  readonly leg: Leg;
  /** The stream; none where it is only suspected to play. */
  readonly arg?: string;
  /** The execution that plays it. */
  eventId?: string;
  begunMs: number;
  /** So many times in a row it was over soon after it had begun. */
  short: number;
}

/** Connections that hear hold music, and the way to make a connection quiet. */
export class Quiet {
  readonly #kit: Kit;
  readonly #playbacks: Playbacks;
  readonly #music = new Map<Leg, Music>();
  /** Execution -> what it plays. */
  readonly #running = new Map<string, Music>();
  #made = 0;

  constructor(kit: Kit, playbacks: Playbacks) {
    this.#kit = kit;
    this.#playbacks = playbacks;
  }

  /** Plays hold music until it is stopped: one execution that nobody is told of. */
  async start(leg: Leg, musicClass: string | undefined, signal: AbortSignal): Promise<DriverReply> {
    await this.hush(leg, signal);
    const arg = `local_stream://${musicClass ?? this.#kit.options.music}`;
    const music: Music = { leg, arg, begunMs: 0, short: 0 };
    this.#music.set(leg, music);
    try {
      const reply = await this.#begin(music, signal);
      if (reply.outcome === 'refused') this.#drop(music);
      return reply;
    } catch (error) {
      this.#drop(music);
      throw error;
    }
  }

  async stop(leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    if (!this.#forgot(leg)) return ACCEPTED;
    return replyOf(await this.#kit.api(breakText(leg), signal));
  }

  /** After an outage nobody knows whether music runs: it is stopped before the next thing. */
  suspect(leg: Leg): void {
    this.#forgot(leg);
    this.#music.set(leg, { leg, begunMs: 0, short: 0 });
  }

  /**
   * `CHANNEL_EXECUTE_COMPLETE`: music that nobody has stopped is played again. Whoever was joined with the one who waits leaves that bridge only when a tone
   * that they hear has ended, and breaks off what the other one hears then (`switch_ivr_bridge.c`, `SWITCH_SIG_BREAK`; seen on 1.11.2 at a consultation).
   */
  apply(event: SwitchEvent): void {
    if (event.name !== 'CHANNEL_EXECUTE_COMPLETE') return;
    const eventId = header(event, 'Application-UUID') ?? '';
    const music = this.#running.get(eventId);
    if (music === undefined) return;
    this.#running.delete(eventId);
    if (this.#music.get(music.leg) !== music || music.eventId !== eventId) return;
    music.short = this.#nowMs() - music.begunMs < SHORT_MS ? music.short + 1 : 0;
    if (music.short > MOST_SHORT) this.#drop(music);
    else this.#kit.later(AGAIN_MS, () => this.#again(music));
  }

  /** Stops what plays to a connection, hold music too, before it joins or leaves a bridge. */
  async hush(leg: Leg, signal: AbortSignal): Promise<void> {
    await this.#playbacks.stopAllOf(leg, signal);
    if (!this.#forgot(leg)) return;
    await this.#kit.api(breakText(leg), signal);
  }

  forget(leg: Leg): void {
    this.#forgot(leg);
  }

  clear(): void {
    this.#music.clear();
    this.#running.clear();
  }

  #forgot(leg: Leg): boolean {
    const music = this.#music.get(leg);
    if (music !== undefined) this.#drop(music);
    return music !== undefined;
  }

  #drop(music: Music): void {
    if (this.#music.get(music.leg) === music) this.#music.delete(music.leg);
    if (music.eventId !== undefined) this.#running.delete(music.eventId);
  }

  #again(music: Music): void {
    if (this.#music.get(music.leg) !== music) return;
    // Joined by the switch, or by somebody at it: the two would hear the music in their talk. Who is gone meanwhile needs no look: the switch refuses.
    if (music.leg.place.kind !== 'alone') return this.#drop(music);
    this.#begin(music, undefined).then(
      (reply) => {
        if (reply.outcome === 'refused') this.#drop(music);
      },
      // The link is down: what plays is suspected when it is up again.
      () => undefined,
    );
  }

  async #begin(music: Music, signal: AbortSignal | undefined): Promise<DriverReply> {
    this.#made += 1;
    const eventId = `${INTERNAL}music-${this.#made}-${music.leg.id}`.slice(0, 64);
    music.eventId = eventId;
    music.begunMs = this.#nowMs();
    this.#running.set(eventId, music);
    return replyOf(await this.#kit.execute(music.leg, { app: 'playback', arg: music.arg ?? '', eventId }, signal));
  }

  #nowMs(): number {
    return this.#kit.host.clock.nowMs();
  }
}

/** What the switch is about to do with the channel is told by then: one frame of sound is 20 ms. */
const AGAIN_MS = 60;
/** A stream that is over before this, so many times in a row, is none that can be played. */
const SHORT_MS = 5_000;
const MOST_SHORT = 5;

/** Ends what plays to a channel, and what is queued behind it. */
export function breakText(leg: Leg): string {
  return commandText('uuid_break', leg.id, 'all');
}
