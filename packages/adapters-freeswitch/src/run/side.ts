import {
  CtiError,
  type DriverCapability,
  type DriverCommand,
  type DriverEvent,
  type DriverHost,
  type DriverReply,
  type DriverSink,
  isCtiError,
  type LinkDownReason,
  type LinkId,
  type RecordingId,
  type SwitchId,
} from '@cordboard/cti-core';
import { LinkLife, type LinkLoop, refused, Unreadable } from '@cordboard/driver-kit';
import type { FreeswitchOptions } from '../driver-options.js';
import type { EslSession } from '../link/esl-session.js';
import { commandText } from '../map/command-text.js';
import { DeviceModel } from '../map/devices.js';
import type { MapEffect } from '../map/effects.js';
import { header, variable } from '../map/event.js';
import { SUBSCRIPTION } from '../map/events.js';
import { type Leg, OURS } from '../map/leg.js';
import { type ObserveEffect, ObserveModel } from '../map/observe.js';
import { CallModel } from '../map/to-core.js';
import type { EslEvent } from '../wire/esl-event.js';
import { type CommandParts, carryOut, commandParts } from './commands.js';
import { Endings } from './endings.js';
import { lookAtHold } from './holds.js';
import type { Kit } from './kit.js';
import { Lease } from './lease.js';
import { eslLoop } from './link.js';
import { Moves } from './moves.js';
import { Originates, UNSEEN_MS } from './originates.js';
import { Requests, textOf } from './requests.js';
import { openStored } from './stored.js';
import { adoptText, snapshotOf, sync } from './sync.js';

/** Channels of other people that are kept; a switch with more is not watched. */
const MAX_OBSERVED = 50_000;
/** A channel that the dialplan answers before it parks it for us is parked within this. */
const DOUBT_MS = 500;

/** What {@link Side} is made of. */
export interface SideOptions {
  readonly switchId: SwitchId;
  readonly host: DriverHost;
  readonly options: FreeswitchOptions;
  readonly linkId: LinkId;
  readonly sink: DriverSink;
  /** What can be done while the link is up. */
  readonly capabilities: readonly DriverCapability[];
  /** The link has gone down; called before that is told. */
  readonly lost: () => void;
}

/** One link to the event socket, what lives behind it, and the commands to it. */
export class Side {
  readonly #options: SideOptions;
  readonly #loop: LinkLoop<EslSession>;
  readonly #kit: Kit;
  readonly #parts: CommandParts;
  readonly #life: LinkLife;
  readonly #requests: Requests;
  readonly #unreadable: Unreadable;
  readonly #devices: DeviceModel;
  readonly #observe: ObserveModel;
  readonly #endings: Endings;
  readonly #lease: Lease;
  #phase: 'down' | 'syncing' | 'live' = 'down';
  #waiting: EslEvent[] = [];
  #dropped = 0;
  #muted: DriverEvent[] | undefined;
  #coreId: string | undefined;

  constructor(options: SideOptions) {
    this.#options = options;
    const { host, switchId } = options;
    this.#life = new LinkLife({ clock: host.clock });
    this.#requests = new Requests({
      clock: host.clock,
      life: this.#life,
      log: host.log,
      session: () => this.#loop.session,
    });
    const model = new CallModel({ switchId });
    this.#kit = this.#makeKit(model);
    const originates = new Originates(this.#kit, async (line, { jobId, signal }) =>
      textOf(await this.#requests.command({ line: `bgapi ${line}`, headers: [['Job-UUID', jobId]] }, signal)),
    );
    this.#parts = commandParts(this.#kit, originates);
    this.#endings = new Endings(this.#kit, this.#parts);
    this.#lease = new Lease(this.#kit);
    this.#devices = new DeviceModel({ switchId });
    this.#observe = new ObserveModel({ switchId, isOurs: (id) => model.isOurs(id), trunks: () => new Set() });
    this.#unreadable = new Unreadable({ linkId: options.linkId, clock: host.clock, emit: options.sink });
    this.#loop = eslLoop(options, {
      up: (session) => this.#up(session),
      down: (reason) => this.#down(reason),
    });
  }

  get isUp(): boolean {
    return this.#phase === 'live';
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#life.end();
    this.#kit.moves.end();
    this.#parts.playbacks.clear();
    this.#parts.recordings.clear();
    this.#parts.monitors.clear();
    this.#parts.originates.clear();
    this.#parts.quiet.clear();
    this.#unreadable.stop();
  }

  /** Carries out a checked command. @throws {CtiError} by rejection, see `carryOut` */
  carryOut(command: DriverCommand, signal: AbortSignal): Promise<DriverReply> {
    return this.#phase === 'live' ? carryOut(this.#parts, command, signal) : Promise.resolve(refused('linkLost'));
  }

  /** Opens a recording in the folder where this process sees the switch's files. */
  openRecording(id: RecordingId, file: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined> {
    const folder = this.#options.options.recordings.readFrom ?? this.#parts.recordings.folder;
    return openStored({ folder, recordingId: id, file }, signal);
  }

  #makeKit(model: CallModel): Kit {
    const { host, options, switchId } = this.#options;
    return {
      switchId,
      options,
      host,
      model,
      moves: new Moves(),
      emit: (event) => this.#emit(event),
      follow: (effects) => this.#follow(effects),
      api: (line, signal) => this.#requests.api(line, signal),
      execute: (leg, execution, signal) => this.#requests.execute(leg.id, execution, signal),
      tidy: (line) => this.#requests.tidy(line),
      later: (delayMs, run) => this.#life.later(delayMs, run),
    };
  }

  #up(session: EslSession): void {
    this.#life.begin();
    this.#coreId = undefined;
    this.#options.sink({ type: 'linkUp', linkId: this.#options.linkId });
    session.read({
      event: (event) => this.#read(session, event),
      gap: (dropped) => this.#gap(session, dropped),
      unreadable: (sample) => this.#unreadable.add(sample),
    });
    this.#beginSync(session);
  }

  /** Events were lost, and only a snapshot tells what is so now: as after an outage, while the socket stays and is read. */
  #gap(session: EslSession, dropped: number): void {
    if (this.#loop.session !== session) return;
    if (this.#phase === 'syncing') this.#dropped += dropped;
    if (this.#phase !== 'live') return;
    this.#down('overflow');
    this.#up(session);
  }

  #beginSync(session: EslSession): void {
    this.#phase = 'syncing';
    this.#waiting = [];
    this.#dropped = 0;
    this.#sync(session).catch((error: unknown) => {
      if (this.#life.signal.aborted || this.#loop.session !== session) return;
      this.#options.host.log.warn('esl sync failed', {
        switch: this.#options.switchId,
        code: isCtiError(error) ? error.code : 'internal',
      });
      session.close(isCtiError(error, 'driver.timeout') ? 'timeout' : 'protocol');
    });
  }

  async #sync(session: EslSession): Promise<void> {
    const life = this.#life.signal;
    const reply = await this.#requests.command({ line: SUBSCRIPTION });
    if (!textOf(reply).startsWith('+OK'))
      throw new CtiError('driver.refused', 'the switch does not let us hear its events');
    this.#muted = [];
    const survey = await sync(this.#parts);
    if (life.aborted || this.#loop.session !== session) return;
    this.#observe.clear();
    this.#devices.load(survey);
    for (const [id, dump] of survey.dumps) {
      this.#devices.loadChannel(id, dump);
      if (this.#options.options.observe && !this.#kit.model.isOurs(id) && variable(dump, OURS) === undefined) {
        this.#observe.load(id, dump);
      }
    }
    // What came meanwhile: its states go into the snapshot, its moments (digits, ends of playbacks) are told after it.
    for (const event of this.#waiting) this.#apply(event);
    this.#waiting = [];
    if (this.#dropped > 0) return this.#beginSync(session);
    this.#devices.loaded();
    this.#settle();
    const told = this.#muted;
    this.#muted = undefined;
    this.#phase = 'live';
    this.#emit(
      snapshotOf(this.#parts, {
        ending: this.#endings.legs,
        observed: this.#observe.snapshot,
        devices: this.#devices.devices,
      }),
    );
    this.#emit({ type: 'linkSynced', linkId: this.#options.linkId, capabilities: this.#options.capabilities });
    this.#parts.playbacks.tellStopped();
    for (const event of told) if (this.#isMoment(event)) this.#emit(event);
    await this.#lease.begin();
  }

  /** Those that nobody has seen get their time once more. */
  #settle(): void {
    const { model } = this.#kit;
    for (const leg of [...model.legs].filter(({ told }) => told === 'no')) {
      this.#life.later(UNSEEN_MS, () => {
        if (leg.told === 'no' && model.leg(leg.id) === leg) model.drop(leg.id);
      });
    }
  }

  /** An event that no snapshot can show, of a connection that still lives. */
  #isMoment(event: DriverEvent): boolean {
    if (!('connectionId' in event) || this.#kit.model.legOf(event.connectionId) === undefined) return false;
    return ['digit', 'recordingFinished', 'transferRequested'].includes(event.type);
  }

  #down(reason: LinkDownReason): void {
    this.#phase = 'down';
    this.#muted = undefined;
    this.#life.end();
    this.#kit.moves.end();
    this.#endings.clear();
    this.#parts.originates.clear();
    this.#parts.quiet.clear();
    this.#observe.clear();
    this.#options.lost();
    this.#options.sink({ type: 'linkDown', linkId: this.#options.linkId, reason, capabilities: [] });
  }

  #read(session: EslSession, event: EslEvent): void {
    if (this.#loop.session !== session) return;
    if (this.#isOtherSwitch(event)) return session.close('protocol');
    if (this.#phase === 'live') return this.#apply(event);
    if (this.#waiting.length < this.#options.options.maxWaitingEvents) this.#waiting.push(event);
    else this.#dropped += 1;
  }

  /** Behind one address there is another switch than before, or the same one that has begun anew: nothing of what is known holds. */
  #isOtherSwitch(event: EslEvent): boolean {
    if (event.name !== 'HEARTBEAT' && event.name !== 'CHANNEL_CREATE') return false;
    const coreId = event.get('Core-UUID');
    if (coreId === undefined) return false;
    const before = this.#coreId;
    this.#coreId = coreId;
    return before !== undefined && before !== coreId;
  }

  #apply(event: EslEvent): void {
    const { originates } = this.#parts;
    const { name } = event;
    if (name === 'HEARTBEAT' || name === 'SHUTDOWN') return;
    if (name === 'BACKGROUND_JOB') return originates.apply(event, event.body ?? '');
    if (this.#isMedia(event)) return;
    const { model } = this.#kit;
    const id = header(event, 'Unique-ID') ?? '';
    if (!model.isOurs(id) && this.#observe.wasTold(id)) model.used(id);
    this.#follow(model.apply(event));
    const leg = model.leg(id);
    if (leg !== undefined && leg.place.kind !== 'before') originates.stopped(leg);
    if (name === 'CHANNEL_CREATE' && leg?.clearing !== undefined) void this.#kit.tidy(commandText('uuid_kill', leg.id));
    if (this.#options.options.observe) this.#followObserved(this.#observe.apply(event));
    for (const presence of this.#devices.apply(event)) this.#emit(presence);
  }

  /** Is it about a sound, a recording or a supervisor's ear? Then it is done with. */
  #isMedia(event: EslEvent): boolean {
    const { playbacks, quiet, recordings, monitors } = this.#parts;
    const { name } = event;
    if (name === 'PLAYBACK_START') playbacks.sounding(event);
    else if (name === 'RECORD_START' || name === 'RECORD_STOP') recordings.apply(event);
    else if (name === 'CHANNEL_EXECUTE' || name === 'CHANNEL_EXECUTE_COMPLETE') {
      playbacks.apply(event);
      quiet.apply(event);
      monitors.apply(event);
    } else return false;
    return true;
  }

  #follow(effects: readonly MapEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'tell':
          this.#emit(effect.event);
          break;
        case 'adopt':
          void this.#requests.tidy(adoptText(this.#kit, effect.leg));
          break;
        case 'moved':
          this.#kit.moves.moved(effect.leg);
          break;
        case 'split':
          this.#life.later(DOUBT_MS, () => this.#follow(this.#kit.model.settleSplit(effect.leg, effect.partner)));
          break;
        case 'doubtHold':
          void lookAtHold(this.#kit, effect.leg);
          break;
        case 'ended':
          this.#over(effect.leg);
          this.#endings.end(effect.leg, { release: effect.release, mode: this.#muted === undefined ? 'tell' : 'drop' });
          break;
        case 'ghost':
          this.#over(effect.leg);
          this.#endings.ghost(effect.leg, effect.waitsFor);
          break;
      }
    }
  }

  /** The channel is gone: what hangs on it ends. */
  #over(leg: Leg): void {
    this.#parts.originates.stopped(leg);
    this.#parts.quiet.forget(leg);
    this.#parts.playbacks.endOf(leg);
    this.#parts.monitors.endOf(leg);
  }

  #followObserved(effects: readonly ObserveEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'tell') this.#emit(effect.event);
      else {
        this.#life.later(DOUBT_MS, () => {
          if (this.#phase === 'live') this.#followObserved(this.#observe.settle(effect.channelId));
        });
      }
    }
    if (this.#observe.size > MAX_OBSERVED) this.#loop.session?.close('overflow');
  }

  #emit(event: DriverEvent): void {
    if (this.#muted !== undefined) this.#muted.push(event);
    else if (this.#phase !== 'down') this.#options.sink(event);
  }
}
