import type { DriverCommand, DriverReply, RecordingId } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import { commandText } from '../map/command-text.js';
import { header, type SwitchEvent } from '../map/event.js';
import type { Leg } from '../map/leg.js';
import { answerOf, replyOf } from '../map/reply.js';
import type { Kit } from './kit.js';

type Record = Extract<DriverCommand, { type: 'record' }>;
type Control = Extract<DriverCommand, { type: 'controlRecording' }>;

interface Track {
  /** Path as the switch sees it. */
  readonly path: string;
  readonly file: string;
  /** Which direction alone; both without it. */
  readonly only?: 'RECORD_READ_ONLY' | 'RECORD_WRITE_ONLY';
  state: 'opening' | 'recording' | 'done' | 'failed';
}

interface Recording {
  readonly id: RecordingId;
  readonly leg: Leg;
  readonly tracks: readonly Track[];
  told: 'no' | 'started';
  startedAtMs: number;
}

/** Names that are paths of nothing else. */
const RECORDING = /^(?!.*\.\.)[A-Za-z0-9._-]{1,80}$/;
/** Finished recordings whose endings are remembered: flows play what they have just recorded. */
const MAX_FINISHED = 10_000;
const ENDINGS = { wav: 'wav', ulaw: 'ulaw' } as const;
/** The variable that says which recordings run on a channel, for whoever comes after us: `<id>/<m|s>/<ending>`, blanks between. */
export const RECORDINGS = 'cordboard_recordings';

/**
 * Recordings of connections: media bugs of the channel itself, which go on through bridges, parks and conferences and end with it.
 */
export class Recordings {
  readonly #kit: Kit;
  readonly #active = new Map<RecordingId, Recording>();
  /** Path -> its recording. */
  readonly #byPath = new Map<string, { readonly recording: Recording; readonly track: Track }>();
  /** Endings of recordings that have finished, oldest first, so that they can be played. */
  readonly #finished = new Map<RecordingId, string>();
  #folder = '';
  #idle: () => void = () => undefined;

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  /** Called when a connection has lost its last recording. */
  onIdle(listener: () => void): void {
    this.#idle = listener;
  }

  /** Where the switch writes, as it told. */
  get folder(): string {
    return this.#folder;
  }

  setFolder(folder: string): void {
    this.#folder = folder.replace(/\/+$/, '');
  }

  /**
   * The one file of a mixed recording, as the switch sees it. Of one that this process has not seen finish the ending is taken to be `wav`; what is not there
   * fails when it is played.
   */
  pathOf(id: RecordingId): string | undefined {
    if (!RECORDING.test(id) || this.#folder === '') return undefined;
    return `${this.#folder}/${id}.${this.#finished.get(id) ?? 'wav'}`;
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
    if (format === 'wav49') return refused('notSupported');
    if (this.#active.has(id)) return refused('conflict');
    const recording: Recording = {
      id,
      leg,
      tracks: this.#tracksOf(id, tracks, ENDINGS[format]),
      told: 'no',
      startedAtMs: 0,
    };
    this.#add(recording);
    try {
      for (const track of recording.tracks) {
        const reply = await this.#open(leg, track, signal);
        if (reply.outcome === 'refused') {
          this.#abandon(recording);
          return reply;
        }
      }
      await this.#note(leg);
      return ACCEPTED;
    } catch (error) {
      this.#abandon(recording);
      throw error;
    }
  }

  async control(command: Control, signal: AbortSignal): Promise<DriverReply> {
    const recording = this.#active.get(command.recordingId);
    if (recording === undefined) return refused('gone');
    const action = { pause: 'mask', resume: 'unmask', stop: 'stop' }[command.mode];
    for (const track of recording.tracks) {
      if (track.state === 'done' || track.state === 'failed') continue;
      const body = await this.#kit.api(commandText('uuid_record', recording.leg.id, action, track.path), signal);
      // "Cannot stop record session": it has just ended by itself, and its event is on the way.
      if (answerOf(body).kind === 'error' && command.mode !== 'stop') return replyOf(body);
    }
    return ACCEPTED;
  }

  /** `RECORD_START` and `RECORD_STOP`. */
  apply(event: SwitchEvent): void {
    const found = this.#byPath.get(header(event, 'Record-File-Path') ?? '');
    if (found === undefined || found.recording.leg.id !== header(event, 'Unique-ID')) return;
    const { recording, track } = found;
    if (event.name === 'RECORD_START') {
      track.state = 'recording';
      if (recording.tracks.every((each) => each.state !== 'opening')) this.#tellStarted(recording);
      return;
    }
    // Its completion cause says "success" for every end that was recorded.
    track.state = 'done';
    if (recording.tracks.every((each) => each.state === 'done' || each.state === 'failed')) this.#finish(recording);
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
   * After an outage: takes up what runs on a channel (also of an earlier life of the driver, by the channel's own note), and forgets what went with its
   * connection.
   */
  resync(legs: readonly { readonly leg: Leg; readonly note: string | undefined }[]): void {
    for (const recording of [...this.#active.values()]) {
      if (this.#kit.model.leg(recording.leg.id) !== recording.leg) this.#forget(recording);
    }
    for (const { leg, note } of legs) {
      for (const text of (note ?? '').split('+').slice(0, 16)) {
        const [id = '', kind, ending] = text.split('/');
        if (!RECORDING.test(id) || this.#active.has(id as RecordingId)) continue;
        const tracks = this.#tracksOf(
          id as RecordingId,
          kind === 's' ? 'separate' : 'mixed',
          ending === 'ulaw' ? 'ulaw' : 'wav',
        );
        for (const track of tracks) track.state = 'recording';
        this.#add({ id: id as RecordingId, leg, tracks, told: 'started', startedAtMs: 0 });
      }
    }
  }

  clear(): void {
    this.#active.clear();
    this.#byPath.clear();
  }

  async #open(leg: Leg, track: Track, signal: AbortSignal): Promise<DriverReply> {
    const { api } = this.#kit;
    if (track.only !== undefined) await api(commandText('uuid_setvar', leg.id, track.only, 'true'), signal);
    const reply = replyOf(await api(commandText('uuid_record', leg.id, 'start', track.path), signal));
    if (track.only !== undefined) await api(commandText('uuid_setvar', leg.id, track.only), signal);
    return reply;
  }

  /** Writes on the channel what runs on it. */
  async #note(leg: Leg): Promise<void> {
    const running = [...this.#active.values()].filter((recording) => recording.leg === leg);
    const note = running.map(({ id, tracks }) => {
      const ending = tracks[0]?.file.split('.').at(-1) ?? 'wav';
      return `${id}/${tracks.length > 1 ? 's' : 'm'}/${ending}`;
    });
    const words = ['uuid_setvar', leg.id, RECORDINGS];
    await this.#kit.tidy(commandText(...words, ...(note.length === 0 ? [] : [note.join('+')])));
  }

  #tracksOf(id: RecordingId, tracks: 'mixed' | 'separate', ending: string): readonly Track[] {
    const track = (file: string, only?: Track['only']): Track => ({
      path: `${this.#folder}/${file}`,
      file,
      state: 'opening',
      ...(only === undefined ? {} : { only }),
    });
    if (tracks === 'mixed') return [track(`${id}.${ending}`)];
    return [track(`${id}-in.${ending}`, 'RECORD_READ_ONLY'), track(`${id}-out.${ending}`, 'RECORD_WRITE_ONLY')];
  }

  #add(recording: Recording): void {
    this.#active.set(recording.id, recording);
    for (const track of recording.tracks) this.#byPath.set(track.path, { recording, track });
  }

  /** It never began: nothing is told, and nothing stays behind. */
  #abandon(recording: Recording): void {
    this.#forget(recording);
    for (const track of recording.tracks) {
      void this.#kit.tidy(commandText('uuid_record', recording.leg.id, 'stop', track.path));
    }
  }

  #finish(recording: Recording): void {
    if (this.#active.get(recording.id) !== recording) return;
    this.#tellStarted(recording);
    this.#forget(recording);
    const done = recording.tracks.every((track) => track.state === 'done');
    if (done) this.#remember(recording);
    this.#kit.emit({
      type: 'recordingFinished',
      connectionId: recording.leg.connectionId,
      recordingId: recording.id,
      outcome: done ? 'done' : 'failed',
      files: recording.tracks.filter((track) => track.state === 'done').map((track) => track.file),
      ...(recording.startedAtMs === 0
        ? {}
        : { durationMs: Math.round(this.#kit.host.clock.nowMs() - recording.startedAtMs) }),
    });
    if (recording.leg.ending === undefined) void this.#note(recording.leg);
    if (!this.isRecording(recording.leg)) this.#idle();
  }

  #remember({ id, tracks }: Recording): void {
    this.#finished.set(id, tracks[0]?.file.split('.').at(-1) ?? 'wav');
    for (const oldest of this.#finished.keys()) {
      if (this.#finished.size <= MAX_FINISHED) break;
      this.#finished.delete(oldest);
    }
  }

  #tellStarted(recording: Recording): void {
    if (recording.told === 'started') return;
    recording.told = 'started';
    recording.startedAtMs = this.#kit.host.clock.nowMs();
    this.#kit.emit({ type: 'recordingStarted', connectionId: recording.leg.connectionId, recordingId: recording.id });
  }

  #forget(recording: Recording): void {
    this.#active.delete(recording.id);
    for (const track of recording.tracks) this.#byPath.delete(track.path);
  }
}

/** The name of a file that `recordingFinished` told; `undefined` when it can not be one of this recording. */
export function storedName(recordingId: RecordingId, file: string): string | undefined {
  const name = file.replace(/\.(wav|ulaw)$/, '');
  return name !== file && [recordingId, `${recordingId}-in`, `${recordingId}-out`].includes(name) ? file : undefined;
}
