import type {
  BridgeId,
  CallId,
  Clock,
  ConnectionDirection,
  ConnectionId,
  ConnectionSnapshot,
  DeviceId,
  DriverEvent,
  DriverReply,
  Evidence,
  MediaRef,
  PlaybackId,
  RawParty,
  RecordingId,
  Release,
} from '@cordboard/cti-core';
import { ACCEPTED, refused, sleep } from '@cordboard/driver-kit';
import type { RecordingFormat } from './record/format.js';
import type { Recorder } from './record/recorder.js';
import type { Recording } from './record/recording.js';
import { loadMedia, type MediaWorld } from './sound/media.js';
import type { SoundPort } from './sound/port.js';
import type { SoundSource } from './sound/source.js';

/** What a party needs of its driver. */
export interface PartyWorld {
  readonly clock: Clock;
  readonly tell: (event: DriverEvent) => void;
  readonly media: MediaWorld;
  readonly music: (musicClass: string | undefined) => Promise<Int16Array>;
  readonly recorder: Recorder | undefined;
  /** It has ended, or begun: the driver keeps the books. */
  readonly entered: (party: Party) => void;
  readonly left: (party: Party) => void;
}

interface Playback {
  readonly playbackId: PlaybackId;
  readonly tones: 'tones' | 'none';
  /** `null`: it cannot be played. */
  source: SoundSource | null | undefined;
}

/** How long the end of a call waits for its recording to be finished. */
const FINISH_BOUND_MS = 3_000;
/** More playbacks than that wait on one party only by mistake. */
const MAX_QUEUE = 64;

/** What a party is made of. */
export interface PartyParts {
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  readonly calling: RawParty;
  readonly called: RawParty;
  readonly callId?: CallId;
  readonly port: SoundPort;
  /** The port is another party's as well: a phone that hangs on the line itself. */
  readonly shares?: 'line';
  readonly world: PartyWorld;
}

/** One connection: a line's or a local phone's part in a call, with everything that sounds and is recorded on it. */
export class Party {
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  readonly calling: RawParty;
  readonly called: RawParty;
  readonly port: SoundPort;
  readonly shares: 'line' | undefined;
  callId: CallId | undefined;
  #state: 'initiated' | 'alerting' | 'connected' | 'ended' = 'initiated';
  /** Of a phone that hangs on the line itself: in a bridge without a sound path of its own. */
  bridgeId: BridgeId | undefined;
  readonly #world: PartyWorld;
  readonly #queue: Playback[] = [];
  #current: Playback | undefined;
  readonly #recordings = new Map<RecordingId, Recording>();

  constructor(parts: PartyParts) {
    this.connectionId = parts.connectionId;
    this.device = parts.device;
    this.direction = parts.direction;
    this.calling = parts.calling;
    this.called = parts.called;
    this.callId = parts.callId;
    this.port = parts.port;
    this.shares = parts.shares;
    this.#world = parts.world;
  }

  /** Where it is in its life. */
  get state(): 'initiated' | 'alerting' | 'connected' | 'ended' {
    return this.#state;
  }

  /** A call-progress tone is being played to it: what comes back of it is no news. */
  get playsTone(): boolean {
    return this.#current?.tones === 'tones';
  }

  /** Recordings that run. */
  get recordings(): readonly RecordingId[] {
    return [...this.#recordings.keys()];
  }

  /** Tells that it is there. */
  created(): void {
    const { connectionId, device, direction, calling, called, callId } = this;
    this.#world.entered(this);
    this.#world.tell({
      type: 'created',
      connectionId,
      device,
      direction,
      control: 'full',
      calling,
      called,
      ...(callId === undefined ? {} : { callId }),
    });
  }

  /** Tells that it rings, once. */
  alerting(evidence?: Evidence): void {
    if (this.#state !== 'initiated') return;
    this.#state = 'alerting';
    this.#world.tell({
      type: 'alerting',
      connectionId: this.connectionId,
      ...(evidence === undefined ? {} : { evidence }),
    });
  }

  /** Tells that it talks, once. */
  connected(evidence?: Evidence): void {
    if (this.#state === 'connected' || this.#state === 'ended') return;
    this.#state = 'connected';
    this.#world.tell({
      type: 'connected',
      connectionId: this.connectionId,
      ...(evidence === undefined ? {} : { evidence }),
    });
  }

  /** Tells one key of its far end. */
  digit(digit: string, toneMs?: number): void {
    if (this.#state === 'ended') return;
    const { connectionId } = this;
    this.#world.tell({
      type: 'digit',
      connectionId,
      digit,
      ...(toneMs === undefined ? {} : { toneMs: Math.round(toneMs) }),
    });
  }

  /** As a snapshot shows it. */
  snapshot(): ConnectionSnapshot {
    return {
      connectionId: this.connectionId,
      device: this.device,
      direction: this.direction,
      state: this.#state === 'ended' ? 'initiated' : this.#state,
      control: 'full',
      calling: this.calling,
      called: this.called,
      ...(this.callId === undefined ? {} : { callId: this.callId }),
      ...(this.bridgeId === undefined ? {} : { bridgeId: this.bridgeId }),
    };
  }

  /** Plays after what is being played. */
  play(playbackId: PlaybackId, media: readonly MediaRef[]): DriverReply {
    if (this.#queue.length >= MAX_QUEUE) return refused('rejected', 'too many playbacks');
    if (this.#queue.some((item) => item.playbackId === playbackId)) return refused('conflict', 'id in use');
    const tones = media.some((ref) => ref.kind === 'tone' && ref.tone !== 'beep') ? 'tones' : 'none';
    const item: Playback = { playbackId, tones, source: undefined };
    this.#queue.push(item);
    loadMedia(media, this.#world.media).then(
      (source) => this.#loaded(item, source ?? null),
      () => this.#loaded(item, null),
    );
    return ACCEPTED;
  }

  /** Stops a playback; one that is over needs nothing. */
  stopPlay(playbackId: PlaybackId): DriverReply {
    const item = this.#queue.find((one) => one.playbackId === playbackId);
    if (item !== undefined) {
      this.#finish(item, 'stopped');
      this.#next();
    }
    return ACCEPTED;
  }

  /** Hold music on or off. */
  async holdMusic(mode: 'start' | 'stop', musicClass: string | undefined): Promise<DriverReply> {
    if (mode === 'stop') {
      this.port.music(undefined);
      return ACCEPTED;
    }
    const samples = await this.#world.music(musicClass);
    if (this.#state === 'ended') return refused('gone');
    this.port.music(samples);
    return ACCEPTED;
  }

  /** Begins to record both of its directions. */
  async record(
    recordingId: RecordingId,
    how: { readonly tracks: 'mixed' | 'separate'; readonly format: RecordingFormat },
  ): Promise<DriverReply> {
    const { recorder } = this.#world;
    if (recorder === undefined) return refused('notSupported');
    const made = await recorder.begin(recordingId, how);
    if (made === 'taken') return refused('conflict', 'id in use');
    if (made === 'failed') return refused('rejected', 'the disk refuses');
    if (this.#state === 'ended') {
      await recorder.end(made);
      return refused('gone');
    }
    this.#recordings.set(recordingId, made);
    this.port.tap(made);
    this.#world.tell({ type: 'recordingStarted', connectionId: this.connectionId, recordingId });
    return ACCEPTED;
  }

  /** Pauses, goes on with or ends a recording. */
  async controlRecording(recordingId: RecordingId, mode: 'pause' | 'resume' | 'stop'): Promise<DriverReply> {
    const recording = this.#recordings.get(recordingId);
    if (recording === undefined) return refused('gone');
    if (mode !== 'stop') recording.pause(mode);
    else await this.#endRecording(recording);
    return ACCEPTED;
  }

  /** Everything that sounds ends, and recordings are finished and told; then the connection may be told to be gone. */
  async quiet(): Promise<void> {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#world.left(this);
    for (const item of [...this.#queue]) this.#finish(item, 'stopped');
    const recordings = [...this.#recordings.values()];
    for (const recording of recordings) this.port.untap(recording);
    if (this.shares === undefined) this.port.close();
    await Promise.all(recordings.map((recording) => this.#endRecording(recording)));
  }

  /** Ends it and tells so, once. */
  async end(release: Release): Promise<void> {
    if (this.#state === 'ended') return;
    await this.quiet();
    this.#world.tell({ type: 'cleared', connectionId: this.connectionId, release });
  }

  async #endRecording(recording: Recording): Promise<void> {
    const { recordingId, durationMs } = recording;
    if (!this.#recordings.delete(recordingId)) return;
    this.port.untap(recording);
    const { recorder, clock } = this.#world;
    const bound = new AbortController();
    const late = sleep(clock, FINISH_BOUND_MS, bound.signal).then(() => undefined);
    const result = await Promise.race([recorder?.end(recording), late]);
    bound.abort();
    this.#world.tell({
      type: 'recordingFinished',
      connectionId: this.connectionId,
      recordingId,
      outcome: result?.outcome ?? 'failed',
      files: result?.files ?? [],
      durationMs,
    });
  }

  #loaded(item: Playback, source: SoundSource | null): void {
    item.source = source;
    this.#next();
  }

  #next(): void {
    for (;;) {
      const [item] = this.#queue;
      if (item === undefined || item === this.#current || item.source === undefined) return;
      if (item.source !== null) return this.#begin(item, item.source);
      this.#finish(item, 'failed');
    }
  }

  #begin(item: Playback, source: SoundSource): void {
    this.#current = item;
    this.#world.tell({ type: 'playbackStarted', connectionId: this.connectionId, playbackId: item.playbackId });
    this.port.play(source, () => {
      this.#finish(item, 'done');
      this.#next();
    });
  }

  #finish(item: Playback, outcome: 'done' | 'stopped' | 'failed'): void {
    const at = this.#queue.indexOf(item);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    if (this.#current === item) {
      this.#current = undefined;
      if (outcome === 'stopped') this.port.play(undefined);
    }
    this.#world.tell({
      type: 'playbackFinished',
      connectionId: this.connectionId,
      playbackId: item.playbackId,
      outcome,
    });
  }
}
