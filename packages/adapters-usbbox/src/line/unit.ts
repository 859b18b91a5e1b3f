import {
  type CallId,
  type ConnectionId,
  type DeviceId,
  type DevicePresence,
  type DriverReply,
  type Evidence,
  type RawParty,
  type Release,
  type ReleaseCause,
  stepMachine,
} from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { LineSignal } from '@cordboard/telephony-dsp';
import type { LineDevice, LineDeviceEvent } from '../device/port.js';
import { Party } from '../party.js';
import { DIALLABLE, diallable } from '../sound/keys.js';
import { SoundPort } from '../sound/port.js';
import { Timers } from '../timers.js';
import { Bell } from './bell.js';
import { createLineEars, type LineEars } from './dsp.js';
import { LineHands } from './hands.js';
import { HangingPhone } from './hanging-phone.js';
import { CallListener } from './listener.js';
import { LINE_MACHINE, type LineEvent, type LineState } from './machine.js';
import { Outgoing } from './outgoing.js';
import type { LineParts } from './parts.js';
import { Senses } from './senses.js';

/**
 * One analog line: takes what its device and the signal code tell, keeps {@link LINE_MACHINE}, and turns it into one call at a time.
 * It never throws, whatever its device tells in whatever order.
 */
export class LineUnit {
  readonly device: DeviceId;
  readonly port = new SoundPort();
  readonly #parts: LineParts;
  readonly #timers: Timers<'refuse' | 'guard'>;
  readonly #hands: LineHands;
  readonly #bell: Bell;
  readonly #listener: CallListener;
  readonly #outgoing: Outgoing;
  readonly #senses: Senses;
  readonly #phone: HangingPhone;
  #state: LineState = LINE_MACHINE.start;
  #ears: LineEars | undefined;
  #cable: 'present' | 'absent' = 'present';
  #party: Party | undefined;
  #waiting = false;

  constructor(parts: LineParts) {
    const { clock, timing, tones } = parts;
    this.#parts = parts;
    this.device = parts.device;
    this.#timers = new Timers(clock);
    this.#hands = new LineHands({ device: parts.device, clock, log: parts.log, port: this.port });
    this.#bell = new Bell({
      clock,
      timing,
      hearsCallerId: () => this.#hearsCallerId(),
      rings: () => this.#step('ring'),
      known: () => this.#announce(),
      gone: () => this.#ringGone(),
    });
    this.#listener = new CallListener({
      clock,
      timing,
      tones,
      dialTone: () => void this.#outgoing.dial(),
      alerting: (evidence) => this.#party?.alerting(evidence),
      connected: (evidence) => this.#answered(evidence),
      over: (release) => void this.#end(release),
    });
    this.#outgoing = new Outgoing({
      clock,
      timing,
      hands: this.#hands,
      port: this.port,
      listener: this.#listener,
      ears: () => this.#ears,
      state: () => this.#state,
      step: (event) => this.#step(event),
      party: () => this.#party,
      end: (release) => this.#end(release),
    });
    this.#phone = new HangingPhone({
      hands: this.#hands,
      tell: parts.onPhone,
      step: (event) => this.#step(event),
      lifted: () => this.#phoneLifted(),
      laidDown: () => this.#phoneLaidDown(),
    });
    this.#senses = new Senses({
      listener: this.#listener,
      callerId: (id) => {
        if (this.#isOpenToCalls) this.#bell.heard(id);
      },
      digit: (event) => this.#digit(event),
      echoPower: () => (this.#state === 'progress' ? this.port.echoPower : 0),
      deaf: () => this.#party?.playsTone === true || this.port.plays === 'keys',
    });
  }

  /** What it is doing. */
  get state(): LineState {
    return this.#state;
  }

  /** The call on it. */
  get party(): Party | undefined {
    return this.#party;
  }

  /** Can a call go out on it, now or as soon as it has been on-hook for long enough? */
  get isFree(): boolean {
    return (this.#state === 'idle' || this.#state === 'guard') && !this.#waiting && this.#cable === 'present';
  }

  /** What whoever looks at it sees. */
  get presence(): DevicePresence {
    if (this.#state === 'absent' || this.#cable === 'absent') return 'unreachable';
    if (this.#state === 'idle' || this.#state === 'guard') return this.#waiting ? 'busy' : 'idle';
    return this.#state === 'ringing' ? 'alerting' : 'busy';
  }

  /** Its device is open, on-hook. */
  opened(box: LineDevice, signal: AbortSignal): void {
    this.#hands.take(box, signal);
    this.#ears = createLineEars(box.abilities, this.#parts.tones);
    this.#senses.hear(this.#ears);
    this.#cable = 'present';
    this.#phone.renew();
    this.#step('opened');
  }

  /** Its device is gone: what is on it ends without a word. Resolves when its recordings are finished. */
  async lost(): Promise<void> {
    this.#hands.letGo();
    this.stop();
    const party = this.#party;
    this.#party = undefined;
    this.#waiting = false;
    this.#step('lost');
    await party?.quiet();
  }

  /** Ends every timer. */
  stop(): void {
    this.#timers.cancelAll();
    this.#bell.forget();
    this.#outgoing.forget();
    this.#listener.stop();
  }

  /** Something that the device tells. */
  deviceEvent(event: LineDeviceEvent): void {
    switch (event.type) {
      case 'signal':
        return this.#signal(event.signal);
      case 'line':
        return this.#cableIs(event.state);
      case 'phoneHook':
        return this.#phone.hookIs(event.hook);
      case 'phoneFlash':
        return this.#parts.onPhone({ type: 'flash' });
      case 'digit':
        if (event.from === 'phone') return this.#parts.onPhone({ type: 'digit', digit: event.digit });
        return this.#digit(event);
      default:
        return this.#senses.device(event);
    }
  }

  /** Sound of the line. */
  heard(samples: Int16Array): void {
    this.port.heard(samples);
    this.#senses.sound(samples, this.#isOffHook ? 'off' : 'on');
  }

  /** Takes a call that rings. */
  async answer(party: Party): Promise<DriverReply> {
    if (party !== this.#party || !this.#step('answer')) return refused('conflict');
    this.#bell.forget();
    const reply = await this.#hands.setHook('off');
    if (reply.outcome === 'refused') {
      void this.#end({ cause: 'failure' });
      return reply;
    }
    if (this.#step('offHook')) {
      this.#talks('signalling');
      party.connected();
    }
    return ACCEPTED;
  }

  /** Ends the call, whatever it is doing. */
  clear(party: Party, cause: ReleaseCause): DriverReply {
    if (party !== this.#party) return refused('gone');
    if (this.#state === 'ringing') void this.#refuse(cause);
    else void this.#end({ cause });
    return ACCEPTED;
  }

  /** Dials; where a phone on the line has done so already, follows that. */
  originate(
    call: {
      readonly connectionId: ConnectionId;
      readonly callId: CallId;
      readonly calling: RawParty;
      readonly ringTimeoutMs: number;
    },
    number: string,
  ): DriverReply {
    const digits = diallable(number);
    if (!DIALLABLE.test(digits)) return refused('invalid');
    const adopts = this.#state === 'byPhone';
    if (!adopts && !this.isFree) return refused('conflict', 'the line is taken');
    const { connectionId, callId, calling } = call;
    const called: RawParty = { number: number.slice(0, 64), presentation: 'allowed' };
    this.#party = this.#make({ connectionId, callId, direction: 'outgoing', calling, called });
    this.#outgoing.prepare({ digits, ringTimeoutMs: call.ringTimeoutMs });
    this.#party.created();
    if (adopts) {
      this.#step('adopt');
      this.#outgoing.follow();
    } else if (this.#state === 'guard') {
      this.#waiting = true;
      this.#tellPresence();
    } else void this.#outgoing.seize();
    return ACCEPTED;
  }

  /** Keys to the far end. */
  async sendDigits(
    party: Party,
    digits: string,
    timing: { readonly toneMs: number; readonly gapMs: number },
  ): Promise<DriverReply> {
    if (party !== this.#party || this.#hands.hook === 'on') return refused('conflict');
    const { pauseMs } = this.#parts.timing;
    return this.#hands.send(digits, { pauseMs, digitToneMs: timing.toneMs, digitGapMs: timing.gapMs });
  }

  /** A hook flash and what follows it. */
  async flash(party: Party, digits: string | undefined, after: 'stay' | 'leave'): Promise<DriverReply> {
    if (party !== this.#party || this.#state !== 'talking') return refused('conflict');
    return this.#outgoing.flash(digits, after);
  }

  /** Ends what a phone on the line does without a call, as far as the device can. It is joined again when it has been laid down. */
  cutPhone(): Promise<DriverReply> {
    return this.#phone.cut();
  }

  /** Is the phone on the line off still, after a call that is over? */
  get phoneOutlivesCall(): boolean {
    return this.#phone.outlivesCall;
  }

  get #isOffHook(): boolean {
    return this.#hands.hook === 'off' || this.#phone.holdsLine;
  }

  get #isOpenToCalls(): boolean {
    return this.#state === 'idle' || this.#state === 'guard' || this.#state === 'ringing';
  }

  #hearsCallerId(): boolean {
    const abilities = this.#hands.box?.abilities;
    if (abilities === undefined) return false;
    return abilities.detects.has('callerId') || (abilities.sound !== 'none' && abilities.listensOnHook === 'listens');
  }

  #signal(signal: LineSignal): void {
    this.#senses.signal(signal);
    if (signal === 'polarity') this.#listener.polarity();
    else if (!this.#isOpenToCalls) return;
    else if (signal === 'ringStart') this.#bell.begins();
    else this.#bell.ends();
  }

  /** Tells the call that rings, once. */
  #announce(): void {
    if (this.#state !== 'ringing' || this.#party?.direction === 'incoming') return;
    const { newId, ownNumber } = this.#parts;
    const called: RawParty = { number: ownNumber, presentation: ownNumber === '' ? 'unavailable' : 'allowed' };
    const waited = this.#waiting ? this.#party : undefined;
    this.#waiting = false;
    this.#party = this.#make({ connectionId: newId(), direction: 'incoming', calling: this.#bell.calling, called });
    this.#party.created();
    // A call that waited to go out when this one came has lost its line.
    void waited?.end({ cause: 'congestion', evidence: { by: 'signalling', confidence: 1 } });
  }

  #ringGone(): void {
    if (this.#state !== 'ringing') return;
    // A caller who rang once and went is a missed call like any other.
    this.#announce();
    const party = this.#party;
    this.#party = undefined;
    this.#bell.forget();
    this.#step('ringGone');
    void party?.end({ cause: 'cancelled', evidence: { by: 'timeout', confidence: 0.9 } });
  }

  async #refuse(cause: ReleaseCause): Promise<void> {
    this.#step('refuse');
    this.#bell.forget();
    await this.#hands.setHook('off');
    this.#timers.set('refuse', this.#parts.timing.refuseMs, () => void this.#end({ cause }));
  }

  #answered(evidence: Evidence): void {
    if (!this.#step('answered')) return;
    this.#ears?.answered();
    this.#listener.talking(evidence.by);
    this.#party?.connected(evidence);
  }

  #talks(by: Evidence['by']): void {
    this.#ears?.reset();
    this.#ears?.answered();
    this.#hands.turn(this.port.plays === 'nothing' ? 'hear' : 'play');
    this.#listener.talking(by);
  }

  #digit(event: { readonly digit: string; readonly toneMs?: number }): void {
    if (this.port.plays === 'keys') return;
    if (this.#state === 'byPhone') return this.#parts.onPhone({ type: 'digit', digit: event.digit });
    const key = event.digit.toUpperCase();
    if (this.#state !== 'talking' || !/^[0-9*#A-D]$/.test(key)) return;
    if (this.port.bridge?.echoes(key, this.#parts.clock.nowMs()) !== true) this.#party?.digit(key, event.toneMs);
  }

  #phoneLifted(): void {
    const rang = this.#state === 'ringing';
    if (rang) this.#announce();
    this.#step('phoneOff');
    if (rang) {
      this.#bell.forget();
      this.#talks('hook');
      this.#party?.connected({ by: 'hook', confidence: 1 });
    } else if (this.#state === 'byPhone') this.#ears?.reset();
  }

  /** A line that only the phone held is free now. */
  #phoneLaidDown(): void {
    if (this.#party !== undefined && this.#hands.hook === 'on' && this.#state !== 'ringing')
      void this.#end({ cause: 'normalClearing', evidence: { by: 'hook', confidence: 1 } });
    this.#step('phoneOn');
  }

  #cableIs(state: 'present' | 'absent'): void {
    if (this.#cable === state) return;
    this.#cable = state;
    if (state === 'absent' && this.#state === 'ringing') this.#ringGone();
    else if (state === 'absent' && this.#party !== undefined)
      void this.#end({ cause: 'failure', evidence: { by: 'signalling', confidence: 1 } });
    this.#tellPresence();
  }

  /** Puts the line on-hook and tells the end of its call. */
  async #end(release: Release): Promise<void> {
    const party = this.#party;
    const waited = this.#waiting;
    this.#party = undefined;
    if (party !== undefined) this.#phone.callOver();
    this.#waiting = false;
    this.#outgoing.forget();
    this.#bell.forget();
    this.#listener.stop();
    this.#timers.cancel('refuse');
    const wasUp = !waited && this.#state !== 'ringing' && this.#step('end');
    await Promise.all([party?.end(release), wasUp ? this.#hangUp() : undefined]);
    if (waited) this.#tellPresence();
  }

  async #hangUp(): Promise<void> {
    await this.#hands.setHook('on');
    this.#step('onHook');
    // The phone on the line goes on with it.
    if (this.#phone.holdsLine && this.#state === 'guard') this.#step('phoneOff');
  }

  #make(parts: {
    readonly connectionId: ConnectionId;
    readonly callId?: CallId;
    readonly direction: 'incoming' | 'outgoing';
    readonly calling: RawParty;
    readonly called: RawParty;
  }): Party {
    return new Party({ ...parts, device: this.device, port: this.port, world: this.#parts.world });
  }

  #step(event: LineEvent): boolean {
    const before = this.presence;
    const { outcome, state } = stepMachine(LINE_MACHINE, this.#state, event);
    if (outcome !== 'moved') return false;
    this.#state = state;
    if (state === 'guard') this.#guard();
    else this.#timers.cancel('guard');
    if (before !== this.presence) this.#tellPresence();
    return true;
  }

  #guard(): void {
    const { clock, timing } = this.#parts;
    this.#timers.set('guard', this.#hands.onHookSinceMs + timing.onHookMs - clock.nowMs(), () => {
      if (!this.#step('guardOver') || !this.#waiting) return;
      this.#waiting = false;
      void this.#outgoing.seize();
    });
  }

  #tellPresence(): void {
    if (this.#state !== 'absent')
      this.#parts.tell({ type: 'devicePresence', device: this.device, presence: this.presence });
  }
}
