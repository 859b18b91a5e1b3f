import type { DriverCommand, DriverReply, RecordingId } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import { INTERNAL, type Leg } from '../map/leg.js';
import { part } from '../map/request.js';
import type { AriRecording } from '../wire/ari-messages.js';
import { isOk, type Kit, replyOf } from './kit.js';
import type { Snoops, SnoopWay } from './snoops.js';

type Record = Extract<DriverCommand, { type: 'record' }>;
type Control = Extract<DriverCommand, { type: 'controlRecording' }>;

interface Track {
  readonly snoopId: string;
  /** Name in Asterisk's store, without ending. */
  readonly name: string;
  readonly spy: SnoopWay['spy'];
  state: 'opening' | 'recording' | 'done' | 'failed';
}

interface Recording {
  readonly id: RecordingId;
  readonly leg: Leg;
  readonly ending: string;
  readonly tracks: readonly Track[];
  told: 'no' | 'started';
  startedAtMs: number;
}

/** Endings that Asterisk gives its files: `wav49` is the one that differs from the format's name. */
const ENDINGS = { wav: 'wav', ulaw: 'ulaw', wav49: 'WAV' } as const;
const SNOOP = /^cb-rec-(.+)-[mio]$/;

/**
 * Recordings of connections. Each track is a snoop channel that is recorded: unlike the connection itself it can be
 * recorded in and out of bridges, through holds and hold music, without a seam.
 */
export class Recordings {
  readonly #kit: Kit;
  readonly #snoops: Snoops;
  readonly #active = new Map<RecordingId, Recording>();
  /** Name in the store -> its recording. */
  readonly #named = new Map<string, { readonly recording: Recording; readonly track: Track }>();
  /** Endings of finished recordings, so that their files can be opened. */
  #idle: () => void = () => undefined;

  constructor(kit: Kit, snoops: Snoops) {
    this.#kit = kit;
    this.#snoops = snoops;
  }

  /** Called when a connection has lost its last recording. */
  onIdle(listener: () => void): void {
    this.#idle = listener;
  }

  get active(): readonly { readonly recordingId: RecordingId; readonly leg: Leg }[] {
    return [...this.#active.values()].map((recording) => ({ recordingId: recording.id, leg: recording.leg }));
  }

  isRecording(leg: Leg): boolean {
    for (const recording of this.#active.values()) if (recording.leg === leg) return true;
    return false;
  }

  async start(command: Record, leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    const { recordingId: id, tracks, format } = command;
    if (!/^[A-Za-z0-9._-]{1,80}$/.test(id) || id.includes('..')) return refused('invalid');
    if (this.#active.has(id)) return refused('conflict');
    const recording: Recording = {
      id,
      leg,
      ending: ENDINGS[format],
      tracks: tracksOf(id, tracks),
      told: 'no',
      startedAtMs: 0,
    };
    this.#add(recording);
    try {
      for (const track of recording.tracks) {
        const reply = await this.#open(recording, track, { format, signal });
        if (reply.outcome === 'refused') {
          this.#abandon(recording);
          return reply;
        }
      }
      return ACCEPTED;
    } catch (error) {
      this.#abandon(recording);
      throw error;
    }
  }

  async control(command: Control, signal: AbortSignal): Promise<DriverReply> {
    const recording = this.#active.get(command.recordingId);
    if (recording === undefined) return refused('gone');
    for (const track of recording.tracks) {
      if (track.state === 'done' || track.state === 'failed') continue;
      const live = `/recordings/live/${part(track.name)}`;
      const answer = await this.#kit.send(
        command.mode === 'stop'
          ? { method: 'POST', path: `${live}/stop` }
          : { method: command.mode === 'pause' ? 'POST' : 'DELETE', path: `${live}/pause` },
        signal,
      );
      // 404 at a stop: it has just ended by itself, and its event is on the way.
      if (!isOk(answer) && !(command.mode === 'stop' && answer.status === 404)) return replyOf(answer);
    }
    return ACCEPTED;
  }

  started(native: AriRecording): void {
    const found = this.#named.get(native.name);
    if (found === undefined) return;
    found.track.state = 'recording';
    if (found.recording.tracks.every((track) => track.state !== 'opening')) this.#tellStarted(found.recording);
  }

  finished(native: AriRecording, outcome: 'done' | 'failed'): void {
    const found = this.#named.get(native.name);
    if (found === undefined) return;
    found.track.state = outcome;
    const { recording } = found;
    void this.#snoops.close(found.track.snoopId);
    if (recording.tracks.every((track) => track.state === 'done' || track.state === 'failed')) this.#finish(recording);
  }

  /** The wait for a recording of an ended connection is over: what is not finished is told as failed. */
  giveUp(leg: Leg): void {
    for (const recording of [...this.#active.values()]) {
      if (recording.leg !== leg) continue;
      for (const track of recording.tracks) if (track.state !== 'done') track.state = 'failed';
      this.#finish(recording);
    }
  }

  /**
   * After an outage: takes up recordings whose snoop channels live (also those of an earlier life of the driver), and
   * forgets those whose connection has gone.
   *
   * @returns those that ended meanwhile while their connection lives: they are still in the snapshot, and told as
   *   finished by {@link tellEnded} after it
   */
  async resync(live: readonly { readonly snoopId: string; readonly leg: Leg }[]): Promise<readonly RecordingId[]> {
    const snoops = new Map(live.map((each) => [each.snoopId, each.leg]));
    const ended: RecordingId[] = [];
    for (const recording of [...this.#active.values()]) {
      if (recording.tracks.every((track) => snoops.has(track.snoopId))) continue;
      if (this.#kit.model.leg(recording.leg.id) !== recording.leg) this.#forget(recording);
      else ended.push(recording.id);
      for (const track of recording.tracks) {
        const answer = await this.#kit.send({ method: 'GET', path: `/recordings/stored/${part(track.name)}` });
        track.state = isOk(answer) ? 'done' : 'failed';
      }
    }
    for (const [snoopId, leg] of snoops) {
      const id = SNOOP.exec(snoopId)?.[1] as RecordingId | undefined;
      if (id === undefined || this.#active.has(id)) continue;
      const tracks = tracksOf(id, snoopId.endsWith('-m') ? 'mixed' : 'separate').filter((track) =>
        snoops.has(track.snoopId),
      );
      for (const track of tracks) track.state = 'recording';
      const answer = await this.#kit.send({ method: 'GET', path: `/recordings/live/${part(tracks[0]?.name ?? id)}` });
      const format = (answer.json as { readonly format?: unknown } | undefined)?.format;
      const ending = format === 'wav49' ? 'WAV' : typeof format === 'string' ? format : 'wav';
      this.#add({ id, leg, ending, tracks, told: 'started', startedAtMs: 0 });
    }
    return ended;
  }

  /** Tells the end of recordings that {@link resync} found ended. */
  tellEnded(ids: readonly RecordingId[]): void {
    for (const id of ids) {
      const recording = this.#active.get(id);
      if (recording !== undefined) this.#finish(recording);
    }
  }

  clear(): void {
    this.#active.clear();
    this.#named.clear();
  }

  async #open(
    recording: Recording,
    track: Track,
    options: { readonly format: string; readonly signal: AbortSignal },
  ): Promise<DriverReply> {
    const { signal, format } = options;
    const snoop = await this.#snoops.open(recording.leg.id, track.snoopId, { spy: track.spy, whisper: 'none', signal });
    if (snoop.outcome === 'refused') return snoop;
    const answer = await this.#kit.send(
      {
        method: 'POST',
        path: `/channels/${part(track.snoopId)}/record`,
        query: { name: track.name, format, ifExists: 'fail' },
      },
      signal,
    );
    return replyOf(answer);
  }

  #add(recording: Recording): void {
    this.#active.set(recording.id, recording);
    for (const track of recording.tracks) this.#named.set(track.name, { recording, track });
  }

  /** It never began: nothing is told, and nothing stays behind. */
  #abandon(recording: Recording): void {
    this.#forget(recording);
    for (const track of recording.tracks) void this.#snoops.close(track.snoopId);
  }

  #finish(recording: Recording): void {
    if (this.#active.get(recording.id) !== recording) return;
    this.#tellStarted(recording);
    this.#forget(recording);
    const done = recording.tracks.every((track) => track.state === 'done');
    this.#kit.emit({
      type: 'recordingFinished',
      connectionId: recording.leg.connectionId,
      recordingId: recording.id,
      outcome: done ? 'done' : 'failed',
      files: recording.tracks
        .filter((track) => track.state === 'done')
        .map((track) => `${track.name}.${recording.ending}`),
      ...(recording.startedAtMs === 0
        ? {}
        : { durationMs: Math.round(this.#kit.host.clock.nowMs() - recording.startedAtMs) }),
    });
    if (!this.isRecording(recording.leg)) this.#idle();
  }

  #tellStarted(recording: Recording): void {
    if (recording.told === 'started') return;
    recording.told = 'started';
    recording.startedAtMs = this.#kit.host.clock.nowMs();
    this.#kit.emit({ type: 'recordingStarted', connectionId: recording.leg.connectionId, recordingId: recording.id });
  }

  #forget(recording: Recording): void {
    this.#active.delete(recording.id);
    for (const track of recording.tracks) this.#named.delete(track.name);
  }
}

function tracksOf(id: RecordingId, tracks: 'mixed' | 'separate'): readonly Track[] {
  const track = (mark: 'm' | 'i' | 'o', name: string, spy: SnoopWay['spy']): Track => ({
    snoopId: `${INTERNAL}rec-${id}-${mark}`,
    name,
    spy,
    state: 'opening',
  });
  if (tracks === 'mixed') return [track('m', id, 'both')];
  return [track('i', `${id}-in`, 'in'), track('o', `${id}-out`, 'out')];
}

/** The name in Asterisk's store of a file that `recordingFinished` told; `undefined` when it can not be one of this recording. */
export function storedName(recordingId: RecordingId, file: string): string | undefined {
  const name = file.replace(/\.(wav|WAV|ulaw)$/, '');
  return name !== file && [recordingId, `${recordingId}-in`, `${recordingId}-out`].includes(name) ? name : undefined;
}
