import {
  type ConnectionId,
  type ConnectionSnapshot,
  CtiError,
  type DriverCapability,
  type DriverCommand,
  type DriverEvent,
  type DriverHost,
  type DriverReply,
  type DriverSink,
  type LinkDownReason,
  type LinkId,
  type RecordingId,
  type Release,
  type SwitchId,
} from '@cordboard/cti-core';
import { LinkLife, LinkLoop, linkLog, refused, Unreadable } from '@cordboard/driver-kit';
import { type AriFrame, type AriSession, dialAri } from '../link/ari-link.js';
import { DeviceModel } from '../map/devices.js';
import type { MapEffect } from '../map/effects.js';
import { adoptRequests, declineTransfer, onChannel } from '../map/from-core.js';
import { isInternal, type Leg } from '../map/leg.js';
import { causeOfQ850, releaseOf } from '../map/release-cause.js';
import { type AriRequest, part } from '../map/request.js';
import { CallModel } from '../map/to-core.js';
import { type AsteriskOptions, linkPolicy } from '../options.js';
import type { AriEvent } from '../wire/ari-messages.js';
import { Arrivals } from './arrivals.js';
import { type CommandParts, carryOut, commandParts } from './commands.js';
import type { Kit } from './kit.js';
import { storedName } from './recordings.js';
import { Requests } from './requests.js';
import { Snoops } from './snoops.js';
import { settle, snapshotOf, sync } from './sync.js';

/** How long the end of a recording may take after its connection's end. */
const RECORDING_END_MS = 2_000;
/** How long after StasisEnd a channel's own end may be told. */
const AFTER_STASIS_MS = 1_000;
/** Events kept while the snapshot is asked for. */
const MAX_WAITING_EVENTS = 100_000;

/** Events that no snapshot can show. */
const MOMENTS = ['digit', 'playbackStarted', 'playbackFinished', 'recordingFinished', 'transferRequested'];

/** What {@link AriSide} is made of. */
export interface AriSideOptions {
  readonly switchId: SwitchId;
  readonly host: DriverHost;
  readonly options: AsteriskOptions;
  readonly linkId: LinkId;
  readonly sink: DriverSink;
  /** What can be done while this link is up. */
  readonly up: () => readonly DriverCapability[];
  /** Other people's connections, for the snapshot. */
  readonly observed: () => readonly ConnectionSnapshot[];
  /** The link is up and its snapshot is told. */
  readonly live: () => void;
  /** The link has gone down; called before that is told. */
  readonly lost: () => void;
}

/** The calls: one link to ARI, what lives behind it, and the commands to it. */
export class AriSide {
  readonly #options: AriSideOptions;
  readonly #loop: LinkLoop<AriSession>;
  readonly #kit: Kit;
  readonly #parts: CommandParts;
  readonly #unreadable: Unreadable;
  readonly #life: LinkLife;
  readonly #requests: Requests;
  /** Connections that have ended and wait for the end of a recording. */
  readonly #ending = new Map<Leg, { readonly release: Release; readonly cancel: () => void }>();
  readonly #devices: DeviceModel;
  #phase: 'down' | 'syncing' | 'live' = 'down';
  #waiting: AriEvent[] = [];
  #muted: DriverEvent[] | undefined;

  constructor(options: AriSideOptions) {
    this.#options = options;
    const { host } = options;
    this.#life = new LinkLife({ clock: host.clock });
    this.#requests = new Requests({
      clock: host.clock,
      life: this.#life,
      log: host.log,
      rest: () => this.#loop.session?.rest,
    });
    const model = new CallModel({ switchId: options.switchId, trunks: options.options.trunks });
    this.#devices = new DeviceModel({ switchId: options.switchId, trunks: () => model.trunks });
    this.#kit = {
      switchId: options.switchId,
      options: options.options,
      host,
      model,
      emit: (event) => this.#emit(event),
      send: (request, signal) => this.#requests.send(request, signal),
      tidy: (request) => this.#requests.tidy(request),
      later: (delayMs, run) => this.#life.later(delayMs, run),
    };
    const arrivals = new Arrivals(this.#kit);
    this.#parts = commandParts(this.#kit, {
      arrivals,
      snoops: new Snoops(this.#kit, arrivals),
      follow: (effects) => this.#follow(effects),
    });
    this.#parts.recordings.onIdle(() => this.#tellEnded());
    this.#unreadable = new Unreadable({ linkId: options.linkId, clock: host.clock, emit: options.sink });
    this.#loop = new LinkLoop<AriSession>({
      clock: host.clock,
      random: host.random,
      policy: linkPolicy(options.options),
      dial: (signal) => dialAri({ ...options.options.ari, app: options.options.app }, { clock: host.clock, signal }),
      // ARI logs in with the upgrade itself; 404 and 503 while Asterisk starts are met there too.
      logIn: () => Promise.resolve(),
      probe: (session, signal) => session.probe(signal),
      heardAtMs: (session) => session.heardAtMs,
      up: (session) => this.#up(session),
      down: (reason) => this.#down(reason),
      state: linkLog({ log: host.log, switchId: options.switchId, linkId: options.linkId }),
    });
  }

  get isUp(): boolean {
    return this.#phase === 'live';
  }

  /** The calls under our control. */
  get model(): CallModel {
    return this.#kit.model;
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#life.end();
    this.#parts.playbacks.clear();
    this.#parts.recordings.clear();
    this.#parts.monitors.clear();
    this.#unreadable.stop();
  }

  /** Carries out a checked command. @throws {CtiError} by rejection, see `carryOut` */
  carryOut(command: DriverCommand, signal: AbortSignal): Promise<DriverReply> {
    return this.#phase === 'live' ? carryOut(this.#parts, command, signal) : Promise.resolve(refused('linkLost'));
  }

  async openRecording(
    id: RecordingId,
    file: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    const name = storedName(id, file);
    const session = this.#loop.session;
    if (name === undefined) return undefined;
    if (session === undefined) {
      throw new CtiError(
        'driver.linkLost',
        'the recording cannot be fetched while the link to the switch is down; try again',
      );
    }
    return session.rest.stream({ method: 'GET', path: `/recordings/stored/${part(name)}/file` }, { signal });
  }

  #up(session: AriSession): void {
    this.#life.begin();
    this.#phase = 'syncing';
    this.#waiting = [];
    this.#options.sink({ type: 'linkUp', linkId: this.#options.linkId });
    session.read((frame) => this.#read(session, frame));
    this.#sync(session).catch((error: unknown) => {
      if (this.#life.signal.aborted) return;
      this.#options.host.log.warn('ari sync failed', {
        switch: this.#options.switchId,
        code: error instanceof CtiError ? error.code : 'internal',
      });
      session.close('protocol');
    });
  }

  async #sync(session: AriSession): Promise<void> {
    const life = this.#life.signal;
    this.#muted = [];
    const found = await sync(this.#parts);
    if (life.aborted || this.#loop.session !== session) return;
    // What came meanwhile: its states go into the snapshot, its moments (digits, ends of playbacks) are told after it.
    this.#devices.load(found.survey.endpoints, found.survey.channels);
    for (const event of this.#waiting) this.#apply(event);
    this.#waiting = [];
    settle(this.#kit);
    const told = this.#muted;
    this.#muted = undefined;
    this.#phase = 'live';
    this.#emit(this.#snapshot());
    this.#emit({ type: 'linkSynced', linkId: this.#options.linkId, capabilities: this.#options.up() });
    this.#parts.recordings.tellEnded(found.endedRecordings);
    for (const event of told) if (this.#isMoment(event)) this.#emit(event);
    this.#options.live();
  }

  /** Everything that lives, as known now. A connection whose end is not told yet is still in it. */
  #snapshot(): DriverEvent {
    return snapshotOf(this.#parts, {
      ending: [...this.#ending.keys()],
      observed: this.#options.observed(),
      devices: this.#devices.devices,
    });
  }

  /** Tells that another link of the driver is up, with the snapshot of everything. Only while this one is. */
  announce(linkId: LinkId): void {
    if (this.#phase !== 'live') return;
    this.#emit({ type: 'linkUp', linkId });
    this.#emit(this.#snapshot());
    this.#emit({ type: 'linkSynced', linkId, capabilities: this.#options.up() });
  }

  /** Is it a moment of a connection that still lives? */
  #isMoment(event: DriverEvent): boolean {
    if (!('connectionId' in event) || this.#kit.model.legOf(event.connectionId) === undefined) return false;
    return MOMENTS.includes(event.type);
  }

  #down(reason: LinkDownReason): void {
    this.#phase = 'down';
    this.#muted = undefined;
    this.#life.end();
    this.#ending.clear();
    this.#parts.bridges.clear();
    this.#options.lost();
    this.#options.sink({ type: 'linkDown', linkId: this.#options.linkId, reason, capabilities: [] });
  }

  #read(session: AriSession, frame: AriFrame): void {
    if (this.#loop.session !== session) return;
    if (frame.type === 'unreadable') this.#unreadable.add(frame.sample);
    else if (frame.type === 'ApplicationReplaced') session.close('replaced');
    // Helpers are needed by the commands under way, also in a sync.
    else if (frame.type === 'StasisStart' && isInternal(frame.channel.id))
      this.#parts.arrivals.arrived(frame.channel.id);
    else if (this.#phase === 'live') this.#apply(frame);
    else if (this.#waiting.push(frame) > MAX_WAITING_EVENTS) session.close('overflow');
  }

  #apply(event: AriEvent): void {
    const { playbacks, recordings } = this.#parts;
    if (event.type === 'PlaybackStarted') playbacks.started(event.playback);
    else if (event.type === 'PlaybackFinished') playbacks.finished(event.playback);
    else if (event.type === 'RecordingStarted') recordings.started(event.recording);
    else if (event.type === 'RecordingFinished') recordings.finished(event.recording, 'done');
    else if (event.type === 'RecordingFailed') recordings.finished(event.recording, 'failed');
    else {
      this.#follow(this.#kit.model.apply(event));
      // After the model: whoever waits for the channel finds it told.
      if (event.type === 'StasisStart') this.#parts.arrivals.arrived(event.channel.id);
      const presence = this.#devices.apply(event);
      if (presence !== undefined) this.#emit(presence);
    }
  }

  #follow(effects: readonly MapEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'tell':
          this.#emit(effect.event);
          if (effect.event.type === 'transferRequested') this.#boundTransfer(effect.event.connectionId);
          break;
        case 'adopt':
          for (const request of adoptRequests(effect.leg, this.#options.options.app)) void this.#requests.tidy(request);
          break;
        case 'hangUp':
          void this.#requests.tidy(onChannel(effect.legId, { method: 'DELETE' }));
          break;
        case 'ended':
          this.#ended(effect.leg, effect.release);
          break;
        case 'left':
          this.#leftApplication(effect.legId);
          break;
        case 'undo':
          void this.#parts.bridges.undo(effect);
          break;
        case 'declineTransfer':
          void this.#requests.tidy(declineTransfer(effect.leg.id));
          break;
        case 'emptyBridge':
          void this.#parts.bridges.destroyIfEmpty(effect.bridgeId);
          break;
      }
    }
  }

  /** A transfer that was carried out ends the phone's connection; a phone whose transfer was not must hear so, or it waits for ever. */
  #boundTransfer(connectionId: ConnectionId): void {
    const asked = this.#kit.model.legOf(connectionId);
    if (asked?.referring === undefined) return;
    this.#life.later(this.#options.options.transferWait, () => {
      const leg = this.#kit.model.legOf(connectionId);
      if (leg !== asked || leg.referring === undefined || leg.clearing !== undefined) return;
      delete leg.referring;
      void this.#requests.tidy(declineTransfer(leg.id));
    });
  }

  /** Ends what hangs on a connection, then the connection: nothing may follow its `cleared`. */
  #ended(leg: Leg, release: Release): void {
    this.#parts.quiet.forget(leg);
    this.#parts.playbacks.endOf(leg);
    this.#parts.monitors.endOf(leg);
    // In a sync nothing is told of it: it is simply not in the snapshot.
    if (this.#muted !== undefined) {
      this.#parts.recordings.giveUp(leg);
      return;
    }
    const cancel = this.#life.later(RECORDING_END_MS, () => this.#parts.recordings.giveUp(leg));
    this.#ending.set(leg, { release, cancel });
    this.#tellEnded();
  }

  #tellEnded(): void {
    for (const [leg, { release, cancel }] of [...this.#ending]) {
      if (this.#parts.recordings.isRecording(leg)) continue;
      this.#ending.delete(leg);
      cancel();
      this.#emit({ type: 'cleared', connectionId: leg.connectionId, release });
    }
  }

  /** StasisEnd alone does not say whether the channel ended; its ChannelDestroyed does, where the subscription was in time. */
  #leftApplication(legId: string): void {
    const leg = this.#kit.model.leg(legId);
    this.#life.later(AFTER_STASIS_MS, () => {
      if (leg === undefined || this.#kit.model.leg(legId) !== leg) return;
      const request: AriRequest = { method: 'GET', path: `/channels/${part(legId)}` };
      this.#requests.send(request).then(
        (answer) => {
          if (this.#kit.model.leg(legId) !== leg || leg.place !== 'left') return;
          if (answer.status === 200) this.#kit.model.departed(leg);
          const native = leg.hangup?.q850 === undefined ? {} : { q850: leg.hangup.q850 };
          const release: Release = answer.status === 200 ? { cause: 'transferred' } : releaseOf(leg, native);
          this.#follow(
            this.#kit.model.end(leg, release.cause === 'unknown' ? { ...release, cause: causeOfQ850(16) } : release),
          );
        },
        // The link is down; the next snapshot decides.
        () => undefined,
      );
    });
  }

  #emit(event: DriverEvent): void {
    if (this.#muted !== undefined) this.#muted.push(event);
    else if (this.#phase !== 'down') this.#options.sink(event);
    if (event.type === 'bridged') this.#parts.monitors.bridged(event.connectionId);
  }
}
