import type { DriverCommand, DriverReply, PlaybackId } from '@cordboard/cti-core';
import { ACCEPTED, type AskedPlaybacks, refused } from '@cordboard/driver-kit';
import { header, type SwitchEvent } from '../map/event.js';
import { INTERNAL, type Leg } from '../map/leg.js';
import { type MediaOptions, type MediaSegment, toSegments } from '../map/media.js';
import { replyOf } from '../map/reply.js';
import type { Kit } from './kit.js';
import { breakText } from './quiet.js';

type Play = Extract<DriverCommand, { type: 'play' }>;
type Outcome = 'done' | 'stopped' | 'failed';

interface Playback {
  readonly id: PlaybackId;
  readonly leg: Leg;
  readonly segments: readonly MediaSegment[];
  /** Tells its executions from those of an earlier playback of the same id. */
  readonly run: number;
  /** Number of the segment that plays now. */
  at: number;
  told: 'no' | 'started';
  stopping: 'no' | 'byCommand' | 'stuck';
  cancelTimer: () => void;
}

/** What FreeSWITCH answers for a sound that it could not play (1.11.2, recorded). */
const FAILED = /^(FILE NOT FOUND|PLAYBACK ERROR|FILE ERROR)/;

/**
 * The sounds that play to connections. One playback of the contract is a chain of applications on the channel: what FreeSWITCH plays in one go,
 * a pause that the driver waits out, the next. Each ends with exactly one `playbackFinished`. An application is known again by the id
 * that we give it (`Event-UUID`, which comes back as `Application-UUID`).
 */
export class Playbacks {
  readonly #kit: Kit;
  readonly #active = new Map<PlaybackId, Playback>();
  readonly #asked: AskedPlaybacks;
  /** Execution -> its playback. */
  readonly #running = new Map<string, Playback>();
  readonly #recordingPath: NonNullable<MediaOptions['recordingPath']>;
  #runs = 0;

  /** `recordingPath`: see {@link MediaOptions}. */
  constructor(
    kit: Kit,
    more: { readonly asked: AskedPlaybacks; readonly recordingPath: NonNullable<MediaOptions['recordingPath']> },
  ) {
    this.#kit = kit;
    this.#asked = more.asked;
    this.#recordingPath = more.recordingPath;
  }

  async play(command: Play, leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    const segments = toSegments(command.media, { ...this.#kit.options, recordingPath: this.#recordingPath });
    if (segments === undefined) return refused('invalid');
    if (this.#active.has(command.playbackId)) return refused('conflict');
    // Applications queue on a channel: what plays now would go first, and what nobody stops (a tone) for ever.
    await this.stopAllOf(leg, signal);
    this.#runs += 1;
    const playback: Playback = {
      id: command.playbackId,
      leg,
      segments,
      run: this.#runs,
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
  async stop(leg: Leg, playbackId: PlaybackId, signal: AbortSignal): Promise<DriverReply> {
    const playback = this.#active.get(playbackId);
    if (playback === undefined || playback.leg !== leg) return ACCEPTED;
    playback.stopping = 'byCommand';
    if (playback.segments[playback.at]?.kind === 'pause') {
      this.#finish(playback, 'stopped');
      return ACCEPTED;
    }
    const reply = replyOf(await this.#kit.api(breakText(leg), signal));
    playback.cancelTimer();
    playback.cancelTimer = this.#kit.later(STOPPED_WITHIN_MS, () => this.#finish(playback, 'stopped'));
    return reply.outcome === 'refused' && reply.code === 'gone' ? ACCEPTED : reply;
  }

  /** Stops all that plays to a connection, and waits until it has ended: FreeSWITCH would let the next application wait behind it. */
  async stopAllOf(leg: Leg, signal: AbortSignal): Promise<void> {
    const playing = [...this.#active.values()].filter((playback) => playback.leg === leg);
    await Promise.all(playing.map((playback) => this.stop(leg, playback.id, signal)));
    const silent = (): boolean => playing.every((playback) => this.#active.get(playback.id) !== playback);
    await this.#kit.moves.until(leg, silent, signal);
  }

  /** The connection is over: what played ends as stopped. */
  endOf(leg: Leg): void {
    for (const playback of [...this.#active.values()]) if (playback.leg === leg) this.#finish(playback, 'stopped');
  }

  /** `CHANNEL_EXECUTE` and `CHANNEL_EXECUTE_COMPLETE`. */
  apply(event: SwitchEvent): void {
    const native = header(event, 'Application-UUID') ?? '';
    const playback = this.#running.get(native);
    if (playback === undefined) return;
    if (event.name === 'CHANNEL_EXECUTE') {
      const segment = playback.segments[playback.at];
      playback.cancelTimer();
      if (playback.stopping === 'no' && segment?.kind === 'app' && segment.ends === 'byItself') {
        playback.cancelTimer = this.#kit.later(this.#kit.options.maxPlay, () => this.#stuck(playback));
      }
      return;
    }
    if (event.name !== 'CHANNEL_EXECUTE_COMPLETE') return;
    this.#running.delete(native);
    playback.cancelTimer();
    if (playback.stopping === 'stuck') this.#finish(playback, 'failed');
    else if (playback.stopping === 'byCommand' || playback.leg.ending !== undefined) this.#finish(playback, 'stopped');
    else if (FAILED.test(header(event, 'Application-Response') ?? '')) this.#finish(playback, 'failed');
    else this.#next(playback);
  }

  /** `PLAYBACK_START`: it sounds. A sound that is not there is executed too, and only this event is missing. */
  sounding(event: SwitchEvent): void {
    const leg = this.#kit.model.leg(header(event, 'Unique-ID') ?? '');
    if (leg === undefined) return;
    for (const playback of new Set(this.#running.values())) {
      if (playback.leg === leg) this.#tellStarted(playback);
    }
  }

  /** After an outage the ends of what played may have been missed: what is of a connection that lives is told as stopped by {@link tellStopped}. */
  resync(): void {
    for (const playback of [...this.#active.values()]) {
      if (this.#kit.model.leg(playback.leg.id) !== playback.leg) this.#forget(playback);
    }
  }

  /** Breaks off what played before the outage, after the snapshot is told. Nobody knows how far it was. */
  tellStopped(): void {
    for (const playback of [...this.#active.values()]) {
      void this.#kit.tidy(breakText(playback.leg));
      this.#finish(playback, 'stopped');
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
    const eventId = nativeId(playback);
    this.#running.set(eventId, playback);
    // An application that never begins ends here: FreeSWITCH takes one for a channel that can not run it, and says nothing.
    playback.cancelTimer = this.#kit.later(BEGIN_WITHIN_MS, () => this.#stuck(playback));
    return replyOf(await this.#kit.execute(playback.leg, { app: segment.app, arg: segment.arg, eventId }, signal));
  }

  #wait(playback: Playback, forMs: number): void {
    playback.cancelTimer();
    playback.cancelTimer = this.#kit.later(forMs, () => this.#next(playback));
  }

  #stuck(playback: Playback): void {
    playback.stopping = 'stuck';
    void this.#kit.tidy(breakText(playback.leg)).then(() => this.#finish(playback, 'failed'));
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
    this.#kit.moves.moved(playback.leg);
  }

  #forget(playback: Playback): void {
    playback.cancelTimer();
    this.#active.delete(playback.id);
    for (const [native, each] of this.#running) if (each === playback) this.#running.delete(native);
  }
}

/** Bound of the end of what was broken off: what had not begun is dropped without a word. */
const STOPPED_WITHIN_MS = 1_000;
/** Bound of the beginning of an application. */
const BEGIN_WITHIN_MS = 10_000;

function nativeId(playback: Playback): string {
  return `${INTERNAL}play-${playback.run}-${playback.at}-${playback.id}`.slice(0, 128);
}
