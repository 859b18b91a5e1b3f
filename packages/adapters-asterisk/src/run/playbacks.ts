import type { DriverCommand, DriverReply, PlaybackId } from '@cordboard/cti-core';
import { ACCEPTED, type AskedPlaybacks, refused } from '@cordboard/driver-kit';
import { INTERNAL, type Leg } from '../map/leg.js';
import { type MediaSegment, toSegments } from '../map/media.js';
import { type AriRequest, part } from '../map/request.js';
import type { AriPlayback } from '../wire/ari-messages.js';
import { type Kit, replyOf } from './kit.js';

type Play = Extract<DriverCommand, { type: 'play' }>;
type Outcome = 'done' | 'stopped' | 'failed';

interface Playback {
  readonly id: PlaybackId;
  readonly leg: Leg;
  readonly segments: readonly MediaSegment[];
  /** Number of the segment that plays now. */
  at: number;
  told: 'no' | 'started';
  stopping: 'no' | 'byCommand' | 'stuck';
  cancelTimer: () => void;
}

/**
 * The sounds that play to connections. One playback of the contract is a chain of Asterisk's: what Asterisk plays in one
 * go, a pause that the driver waits out, the next. Each ends with exactly one `playbackFinished`.
 */
export class Playbacks {
  readonly #kit: Kit;
  readonly #asked: AskedPlaybacks;
  readonly #active = new Map<PlaybackId, Playback>();
  /** Asterisk's playback id -> ours. */
  readonly #native = new Map<string, Playback>();

  constructor(kit: Kit, asked: AskedPlaybacks) {
    this.#kit = kit;
    this.#asked = asked;
  }

  async play(command: Play, leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    const segments = toSegments(command.media, this.#kit.options);
    if (segments === undefined) return refused('invalid');
    if (this.#active.has(command.playbackId)) return refused('conflict');
    const playback: Playback = {
      id: command.playbackId,
      leg,
      segments,
      at: 0,
      told: 'no',
      stopping: 'no',
      cancelTimer: () => undefined,
    };
    this.#active.set(playback.id, playback);
    if (this.#asked.isStopped(playback.id)) {
      this.#finish(playback, 'stopped');
      return ACCEPTED;
    }
    try {
      const reply = await this.#begin(playback, signal);
      if (reply.outcome === 'refused') this.#forget(playback);
      return reply;
    } catch (error) {
      this.#forget(playback);
      throw error;
    }
  }

  /** Stops one. An ended one is accepted: nobody can know whether the end or the wish came first. */
  async stop(playbackId: PlaybackId, signal: AbortSignal): Promise<DriverReply> {
    const playback = this.#active.get(playbackId);
    if (playback === undefined) {
      // Perhaps one of an earlier life of the driver: a tone would sound for ever, and keep its connection out of every bridge.
      await this.#kit.send({ method: 'DELETE', path: `/playbacks/${part(nativeIdOf(playbackId, 0))}` }, signal);
      return ACCEPTED;
    }
    playback.stopping = 'byCommand';
    if (playback.segments[playback.at]?.kind === 'pause') {
      this.#finish(playback, 'stopped');
      return ACCEPTED;
    }
    const answer = await this.#kit.send(stopRequest(playback), signal);
    return answer.status === 404 ? ACCEPTED : replyOf(answer);
  }

  /** Stops all that plays to a connection: Asterisk would let the next command wait for their end. */
  async stopAllOf(leg: Leg, signal: AbortSignal): Promise<void> {
    const playing = [...this.#active.values()].filter((playback) => playback.leg === leg);
    await Promise.all(playing.map((playback) => this.stop(playback.id, signal)));
  }

  /** The connection is over: what played ends as stopped. */
  endOf(leg: Leg): void {
    for (const playback of [...this.#active.values()]) {
      if (playback.leg === leg) this.#finish(playback, 'stopped');
    }
  }

  started(native: AriPlayback): void {
    const playback = this.#native.get(native.id);
    if (playback !== undefined) this.#tellStarted(playback);
  }

  finished(native: AriPlayback): void {
    const playback = this.#native.get(native.id);
    if (playback === undefined) return;
    this.#native.delete(native.id);
    playback.cancelTimer();
    if (playback.stopping === 'stuck') this.#finish(playback, 'failed');
    // At a hang-up Asterisk calls what was cut off "failed"; the sound was good.
    else if (playback.stopping === 'byCommand' || playback.leg.hangup !== undefined || playback.leg.place === 'left') {
      this.#finish(playback, 'stopped');
    } else if (native.state === 'failed') this.#finish(playback, 'failed');
    else this.#next(playback);
  }

  /** After an outage: asks after each one, since the events of their ends are lost. */
  async resync(): Promise<void> {
    for (const playback of [...this.#active.values()]) {
      if (this.#kit.model.leg(playback.leg.id) !== playback.leg) this.#forget(playback);
      else if (playback.segments[playback.at]?.kind === 'pause') this.#wait(playback, 0);
      else {
        const answer = await this.#kit.send({ method: 'GET', path: `/playbacks/${part(nativeId(playback))}` });
        if (answer.status === 404 && this.#active.get(playback.id) === playback) this.#next(playback);
      }
    }
  }

  /** Forgets everything without a word, as the driver stops. */
  clear(): void {
    for (const playback of [...this.#active.values()]) this.#forget(playback);
  }

  #next(playback: Playback): void {
    playback.at += 1;
    if (playback.at >= playback.segments.length) {
      this.#finish(playback, 'done');
      return;
    }
    this.#begin(playback, undefined).then(
      (reply) => {
        if (reply.outcome === 'refused') this.#finish(playback, 'failed');
      },
      // The link is down: `resync` will find out what became of it.
      () => undefined,
    );
  }

  async #begin(playback: Playback, signal: AbortSignal | undefined): Promise<DriverReply> {
    const segment = playback.segments[playback.at];
    if (segment === undefined) return ACCEPTED;
    if (segment.kind === 'pause') {
      this.#tellStarted(playback);
      this.#wait(playback, segment.forMs);
      return ACCEPTED;
    }
    // Asterisk begins to play a recording that it does not have, and never ends (22.10.1, seen): it is asked before.
    if (segment.stored !== undefined) {
      const path = `/recordings/stored/${part(segment.stored)}`;
      const answer = await this.#kit.send({ method: 'GET', path }, signal);
      if (this.#active.get(playback.id) !== playback) return ACCEPTED;
      if (playback.stopping !== 'no') {
        this.#finish(playback, 'stopped');
        return ACCEPTED;
      }
      if (answer.status === 404) {
        playback.cancelTimer = this.#kit.later(0, () => this.#finish(playback, 'failed'));
        return ACCEPTED;
      }
    }
    const native = nativeId(playback);
    this.#native.set(native, playback);
    if (segment.ends === 'byItself') {
      playback.cancelTimer = this.#kit.later(this.#kit.options.maxPlay, () => this.#stuck(playback));
    }
    const answer = await this.#kit.send(playRequest(playback, segment), signal);
    // Requests go over several connections: the wish to stop it may have come to Asterisk before it was there.
    if (playback.stopping === 'byCommand' && this.#native.get(native) === playback) {
      await this.#kit.send(stopRequest(playback), signal);
    }
    return replyOf(answer);
  }

  #wait(playback: Playback, forMs: number): void {
    playback.cancelTimer();
    playback.cancelTimer = this.#kit.later(forMs, () => this.#next(playback));
  }

  /** Asterisk never ends what it does not understand (an unknown scheme), so the driver does. */
  #stuck(playback: Playback): void {
    playback.stopping = 'stuck';
    void this.#kit.tidy(stopRequest(playback)).then(() => this.#finish(playback, 'failed'));
  }

  #tellStarted(playback: Playback): void {
    if (playback.told !== 'no' || this.#active.get(playback.id) !== playback) return;
    playback.told = 'started';
    this.#kit.emit({ type: 'playbackStarted', connectionId: playback.leg.connectionId, playbackId: playback.id });
  }

  #finish(playback: Playback, outcome: Outcome): void {
    if (this.#active.get(playback.id) !== playback) return;
    if (outcome !== 'failed') this.#tellStarted(playback);
    this.#forget(playback);
    this.#kit.emit({
      type: 'playbackFinished',
      connectionId: playback.leg.connectionId,
      playbackId: playback.id,
      outcome,
    });
  }

  #forget(playback: Playback): void {
    playback.cancelTimer();
    this.#active.delete(playback.id);
    this.#native.delete(nativeId(playback));
  }
}

function nativeId(playback: Playback): string {
  return nativeIdOf(playback.id, playback.at);
}

function nativeIdOf(playbackId: PlaybackId, at: number): string {
  return `${INTERNAL}play-${playbackId}-${at}`;
}

function playRequest(playback: Playback, segment: Extract<MediaSegment, { kind: 'media' }>): AriRequest {
  return {
    method: 'POST',
    path: `/channels/${part(playback.leg.id)}/play/${part(nativeId(playback))}`,
    query: { media: segment.uri, ...(segment.language === undefined ? {} : { lang: segment.language }) },
  };
}

function stopRequest(playback: Playback): AriRequest {
  return { method: 'DELETE', path: `/playbacks/${part(nativeId(playback))}` };
}
