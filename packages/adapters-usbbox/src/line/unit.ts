import {
  type CallId,
  type Clock,
  type ConnectionId,
  type DeviceId,
  type DevicePresence,
  type DriverEvent,
  type DriverReply,
  type Evidence,
  isCtiError,
  type Logger,
  type RawParty,
  type Release,
  type ReleaseCause,
  stepMachine,
} from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { CallerIdEvent, DspEvent, LineSignal, ToneName, ToneSet } from '@cordboard/telephony-dsp';
import type { LineDevice, LineDeviceEvent } from '../device/port.js';
import type { LineTiming } from '../options.js';
import { Party, type PartyWorld } from '../party.js';
import { DIALLABLE, diallable, keysSource } from '../sound/keys.js';
import { SoundPort } from '../sound/port.js';
import { Timers } from '../timers.js';
import { createLineEars, cycleMs, type LineEars } from './dsp.js';
import { Gate } from './gate.js';
import { LINE_MACHINE, type LineEvent, type LineState } from './machine.js';
import { type Heard, hangupEvidence, judge, NOTHING_HEARD, type Progress } from './progress.js';

/** What a line is made of. */
export interface LineParts {
  readonly device: DeviceId;
  readonly ownNumber: string;
  readonly timing: LineTiming;
  readonly tones: ToneSet;
  readonly clock: Clock;
  readonly log: Logger;
  readonly world: PartyWorld;
  readonly tell: (event: DriverEvent) => void;
  /** A new id for a call that comes in. */
  readonly newId: () => ConnectionId;
  /** Hook and keys of a phone that hangs on the line itself are told to whoever minds the phone. */
  readonly onPhone: (event: PhoneOnLine) => void;
}

/** What a phone that hangs on the line itself does. */
export type PhoneOnLine =
  | { readonly type: 'off' }
  | { readonly type: 'on' }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'flash' };

type TimerName =
  | 'debounce'
  | 'missed'
  | 'callerId'
  | 'refuse'
  | 'guard'
  | 'dialTone'
  | 'ringTimeout'
  | 'voice'
  | 'sure'
  | 'dialToneEnds'
  | 'answer'
  | 'flash';

type CallerId = Omit<CallerIdEvent, 'type' | 'atMs' | 'detectedMs'>;

/** A ring is over by itself after so long where the device does not tell its end. */
const LONGEST_RING_MS = 3_000;
/** A caller ID that comes before the first ring belongs to a call that rings so soon (ETSI: 200-500 ms; a PBX may take longer). */
const CALLER_ID_AHEAD_MS = 6_000;
/** After a flash the PBX gives its own dial tone: it is no end of the call for so long. */
const FLASH_QUIET_MS = 15_000;
/** A fax is known by its answer tone after so long. */
const FAX_WAIT_MS = 700;
/** The voice detector hears a tone begin so much earlier than the tone itself is dated. */
const TONE_ONSET_MS = 400;

interface Outgoing {
  readonly digits: string;
  readonly ringTimeoutMs: number;
}

/**
 * One analog line: takes what its device and the signal code tell, keeps {@link LINE_MACHINE}, and turns it into one call at a time.
 * It never throws, whatever its device tells in whatever order.
 */
export class LineUnit {
  readonly device: DeviceId;
  readonly port = new SoundPort();
  readonly #parts: LineParts;
  readonly #timers: Timers<TimerName>;
  readonly #gate = new Gate();
  #state: LineState = LINE_MACHINE.start;
  #box: LineDevice | undefined;
  #signal: AbortSignal = AbortSignal.abort();
  #ears: LineEars | undefined;
  #hook: 'on' | 'off' = 'on';
  #onHookSinceMs = Number.NEGATIVE_INFINITY;
  #cable: 'present' | 'absent' = 'present';
  #phone: 'on' | 'off' = 'on';
  #cut: 'joined' | 'cut' = 'joined';
  #party: Party | undefined;
  #rings = 0;
  #callerId: { readonly id: CallerId; readonly atMs: number } | undefined;
  #outgoing: Outgoing | undefined;
  #waiting: Outgoing | undefined;
  #progress: Progress = NOTHING_HEARD;
  #voiceMs = 0;
  #voiceSinceMs: number | undefined;
  #voiceFirstMs: number | undefined;
  #toneSounds = false;
  #answeredBy: Evidence['by'] | undefined;
  #deafUntilMs = Number.NEGATIVE_INFINITY;
  #work: Promise<void> = Promise.resolve();

  constructor(parts: LineParts) {
    this.#parts = parts;
    this.device = parts.device;
    this.#timers = new Timers(parts.clock);
    this.port.onWants = (wants) => this.#turn(wants);
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
    return (
      (this.#state === 'idle' || this.#state === 'guard') && this.#waiting === undefined && this.#cable === 'present'
    );
  }

  /** A phone that hangs on the line is lifted. */
  get phoneHook(): 'on' | 'off' {
    return this.#phone;
  }

  /** What whoever looks at it sees. */
  get presence(): DevicePresence {
    if (this.#state === 'absent' || this.#cable === 'absent') return 'unreachable';
    if (this.#state === 'idle' || this.#state === 'guard') return this.#waiting === undefined ? 'idle' : 'busy';
    return this.#state === 'ringing' ? 'alerting' : 'busy';
  }

  // ---- the device ----

  /** Its device is open, on-hook. */
  opened(box: LineDevice, signal: AbortSignal): void {
    this.#box = box;
    this.#signal = signal;
    this.#ears = createLineEars(box.abilities, this.#parts.tones);
    this.#hook = 'on';
    this.#cable = 'present';
    this.#phone = 'on';
    this.#cut = 'joined';
    this.#onHookSinceMs = this.#parts.clock.nowMs();
    this.#step('opened');
  }

  /** Its device is gone: what is on it ends without a word. Resolves when its recordings are finished. */
  async lost(): Promise<void> {
    this.#box = undefined;
    this.#timers.cancelAll();
    const party = this.#party;
    this.#party = undefined;
    this.#waiting = undefined;
    this.#outgoing = undefined;
    this.#callerId = undefined;
    this.#rings = 0;
    this.#step('lost');
    await party?.quiet();
  }

  /** Something that the device tells. */
  deviceEvent(event: LineDeviceEvent): void {
    switch (event.type) {
      case 'signal':
        return this.#lineSignal(event.signal);
      case 'line':
        return this.#cableIs(event.state);
      case 'callerId':
        return this.#callerIdIs(event.callerId);
      case 'digit':
        return event.from === 'phone' ? this.#parts.onPhone({ type: 'digit', digit: event.digit }) : this.#digit(event);
      case 'tone':
        return this.#deviceTone(event);
      case 'answer':
        return this.#heard({ type: 'answer', by: event.by, confidence: event.by === 'polarity' ? 1 : 0.9 });
      case 'remoteHangup':
        return this.#heard({ type: 'remoteHangup', by: event.by });
      case 'phoneHook':
        return this.#phoneHook(event.hook);
      case 'phoneFlash':
        return this.#parts.onPhone({ type: 'flash' });
      case 'voice':
        return this.#heard({ type: 'voice', state: event.state });
      case 'lost':
        return;
    }
  }

  /** Sound of the line. */
  heard(samples: Int16Array): void {
    this.port.heard(samples);
    const off = this.#hook === 'off' || (this.#phone === 'off' && this.#cut === 'joined');
    if (this.#ears === undefined || (!off && !this.#gate.opens(samples))) return;
    for (const event of this.#ears.push(samples, off ? 'off' : 'on')) this.#dsp(event);
  }

  // ---- commands ----

  /** Takes a call that rings. */
  async answer(party: Party): Promise<DriverReply> {
    if (party !== this.#party || this.#state !== 'ringing') return refused('conflict');
    this.#step('answer');
    const reply = await this.#setHook('off');
    if (reply.outcome === 'refused') {
      void this.#end({ cause: 'failure' });
      return reply;
    }
    if (this.#step('offHook')) {
      this.#listenAnew();
      this.#ears?.answered();
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

  /** Dials. `adopt`: a phone on the line has done so already. */
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
    const party = new Party({
      connectionId: call.connectionId,
      device: this.device,
      direction: 'outgoing',
      calling: call.calling,
      called: { number: number.slice(0, 64), presentation: 'allowed' },
      callId: call.callId,
      port: this.port,
      world: this.#parts.world,
    });
    this.#party = party;
    this.#outgoing = { digits, ringTimeoutMs: call.ringTimeoutMs };
    party.created();
    if (adopts) {
      this.#step('adopt');
      this.#beginProgress();
    } else if (this.#state === 'guard') {
      this.#waiting = this.#outgoing;
      this.#tellPresence();
    } else void this.#seize();
    return ACCEPTED;
  }

  /** Keys to the far end. */
  async sendDigits(
    party: Party,
    digits: string,
    timing: { readonly toneMs: number; readonly gapMs: number },
  ): Promise<DriverReply> {
    if (party !== this.#party || this.#hook === 'on') return refused('conflict');
    return this.#send(digits, { ...this.#parts.timing, digitToneMs: timing.toneMs, digitGapMs: timing.gapMs });
  }

  /** A hook flash and what follows it. */
  async flash(party: Party, digits: string | undefined, after: 'stay' | 'leave'): Promise<DriverReply> {
    const { timing, clock } = this.#parts;
    if (party !== this.#party || this.#state !== 'talking' || this.#box === undefined) return refused('conflict');
    this.#deafUntilMs = clock.nowMs() + timing.flashMs + FLASH_QUIET_MS;
    this.#timers.cancel('sure');
    this.#timers.cancel('dialToneEnds');
    const box = this.#box;
    const reply = await this.#device(() => box.flash(timing.flashMs, { signal: this.#signal }));
    if (reply.outcome === 'refused') return reply;
    const leave = (): void => {
      if (this.#party === party && after === 'leave') void this.#end({ cause: 'transferred' });
    };
    this.#timers.set('flash', timing.afterFlashMs, () => {
      if (this.#party !== party) return;
      if (digits === undefined) leave();
      else void this.#send(digits, timing, leave);
    });
    return ACCEPTED;
  }

  /** Ends what a phone on the line does without a call, as far as the device can. It is joined again when it has been laid down. */
  async cutPhone(): Promise<DriverReply> {
    const reply = await this.#switchPhone('cut');
    if (reply.outcome === 'refused') return reply;
    this.#cut = 'cut';
    this.#onHookSinceMs = this.#parts.clock.nowMs();
    this.#step('phoneOn');
    return reply;
  }

  /** Ends every timer. */
  stop(): void {
    this.#timers.cancelAll();
  }

  // ---- calls that come in ----

  #lineSignal(signal: LineSignal): void {
    this.#gate.wake();
    if (this.#ears !== undefined) for (const event of this.#ears.signal(signal)) this.#dsp(event);
    if (signal === 'polarity') return this.#polarity();
    const { timing } = this.#parts;
    if (this.#state !== 'idle' && this.#state !== 'guard' && this.#state !== 'ringing') return;
    if (signal === 'ringStart') {
      this.#timers.set('debounce', timing.ringDebounceMs, () => this.#ring());
      if (this.#rings > 0) this.#timers.set('missed', timing.missedCallMs + LONGEST_RING_MS, () => this.#ringGone());
    } else {
      this.#timers.cancel('debounce');
      if (this.#rings > 0) this.#timers.set('missed', timing.missedCallMs, () => this.#ringGone());
    }
  }

  #ring(): void {
    const { timing, clock } = this.#parts;
    if (!this.#step('ring')) return;
    this.#rings += 1;
    this.#timers.set('missed', timing.missedCallMs + LONGEST_RING_MS, () => this.#ringGone());
    if (this.#party !== undefined && this.#party.direction === 'incoming') return;
    if (this.#rings > 1) return this.#announce();
    const early = this.#callerId;
    if (early !== undefined && clock.nowMs() - early.atMs > CALLER_ID_AHEAD_MS) this.#callerId = undefined;
    if (this.#callerId !== undefined || !this.#canHearCallerId()) return this.#announce();
    this.#timers.set('callerId', timing.callerIdWaitMs, () => this.#announce());
  }

  #canHearCallerId(): boolean {
    const abilities = this.#box?.abilities;
    if (abilities === undefined) return false;
    return abilities.detects.has('callerId') || (abilities.sound !== 'none' && abilities.listensOnHook === 'listens');
  }

  #callerIdIs(id: CallerId): void {
    if (this.#state !== 'idle' && this.#state !== 'guard' && this.#state !== 'ringing') return;
    if (this.#callerId === undefined || this.#state !== 'ringing')
      this.#callerId = { id, atMs: this.#parts.clock.nowMs() };
    if (this.#state === 'ringing') this.#announce();
  }

  /** Tells the call, once: its caller ID is complete, or none can come any more. */
  #announce(): void {
    this.#timers.cancel('callerId');
    if (this.#state !== 'ringing' || this.#party?.direction === 'incoming') return;
    const { world, newId, ownNumber } = this.#parts;
    const party = new Party({
      connectionId: newId(),
      device: this.device,
      direction: 'incoming',
      calling: callingOf(this.#callerId?.id),
      called: { number: ownNumber, presentation: ownNumber === '' ? 'unavailable' : 'allowed' },
      port: this.port,
      world,
    });
    this.#party = party;
    party.created();
  }

  #ringGone(): void {
    if (this.#state !== 'ringing') return;
    // A caller who rang once and went is a missed call like any other.
    this.#announce();
    const party = this.#party;
    this.#party = undefined;
    this.#forgetRing();
    this.#step('ringGone');
    void party?.end({ cause: 'cancelled', evidence: { by: 'timeout', confidence: 0.9 } });
  }

  #forgetRing(): void {
    this.#rings = 0;
    this.#callerId = undefined;
    for (const name of ['debounce', 'missed', 'callerId'] as const) this.#timers.cancel(name);
  }

  async #refuse(cause: ReleaseCause): Promise<void> {
    this.#step('refuse');
    await this.#setHook('off');
    this.#timers.set('refuse', this.#parts.timing.refuseMs, () => void this.#end({ cause }));
  }

  // ---- calls that go out ----

  async #seize(): Promise<void> {
    const { timing } = this.#parts;
    if (!this.#step('seize')) return;
    const reply = await this.#setHook('off');
    if (this.#state !== 'seizing') return;
    if (reply.outcome === 'refused') return this.#end({ cause: 'deviceUnreachable' });
    this.#step('offHook');
    this.#listenAnew();
    this.#progress = NOTHING_HEARD;
    const { abilities } = this.#box ?? {};
    const hears = this.#ears !== undefined || abilities?.detects.has('progress') === true;
    // A device that dials by itself waits for dial tone by itself.
    if (!hears || abilities?.dials === 'itself') return this.#dial();
    this.#timers.set('dialTone', timing.dialToneWaitMs, () => {
      this.#progress = { ...this.#progress, dialTone: 'missing' };
      if (timing.noDialTone === 'dial') return void this.#dial();
      void this.#end({ cause: 'failure', evidence: { by: 'timeout', confidence: 0.9, tone: 'dial' } });
    });
  }

  async #dial(): Promise<void> {
    this.#timers.cancel('dialTone');
    const digits = this.#outgoing?.digits ?? '';
    if (!this.#step('dial')) return;
    const party = this.#party;
    const reply = await this.#send(digits, this.#parts.timing, () => {
      if (this.#party === party && this.#step('dialled')) this.#beginProgress();
    });
    if (reply.outcome === 'refused' && this.#party === party) await this.#end({ cause: 'failure' });
  }

  /** The digits are out: what becomes of the call is listened for. */
  #beginProgress(): void {
    this.#listenAnew();
    this.#ears?.dialled();
    this.#progress = { ...NOTHING_HEARD, dialTone: this.#progress.dialTone };
    this.#timers.set('ringTimeout', this.#outgoing?.ringTimeoutMs ?? 60_000, () =>
      this.#heard({ type: 'ringTimeout' }),
    );
  }

  // ---- what is heard ----

  #dsp(event: DspEvent): void {
    switch (event.type) {
      case 'cid':
        return this.#callerIdIs(event);
      case 'dtmf':
        return this.#digit(event);
      case 'tone':
        return this.#tone(event.tone, { state: 'begins', forMs: Math.max(0, event.detectedMs - event.atMs) });
      case 'toneEnd':
        return this.#tone(event.tone, { state: 'ends', forMs: 0 });
      case 'answer':
        // Polarity is judged here, where it is known what the line was doing.
        if (event.by === 'polarity') return;
        return this.#heard({ type: 'answer', by: event.by, confidence: event.confidence });
      case 'crbt':
        return this.#heard({ type: 'crbt' });
      case 'fax':
        return this.#heard({ type: 'answerTone', tone: event.tone });
      case 'voice':
        return this.#heard({ type: 'voice', state: event.state });
      case 'messageWaiting':
        return;
    }
  }

  #deviceTone(event: Extract<LineDeviceEvent, { type: 'tone' }>): void {
    if (event.tone === 'fax' || event.tone === 'modem') {
      if (event.state === 'begins') this.#heard({ type: 'answerTone', tone: event.tone === 'fax' ? 'ced' : 'modem' });
      return;
    }
    this.#tone(event.tone, { state: event.state, forMs: 0 });
  }

  #tone(tone: ToneName, how: { readonly state: 'begins' | 'ends'; readonly forMs: number }): void {
    // What we play ourselves comes back from the line.
    if (this.#party?.playsTone === true || this.port.plays === 'keys') return;
    if (tone === 'dial' || tone === 'special_dial') return this.#dialTone(how.state);
    if (how.state === 'ends') this.#timers.cancel('sure');
    else if (tone !== 'ringback') this.#makeSure(tone, how.forMs);
    this.#heard({ type: 'tone', tone, ...how });
  }

  /** A tone that would end the call must last for as many cycles as the line's options say. */
  #makeSure(tone: ToneName, forMs: number): void {
    const { timing, tones } = this.#parts;
    this.#timers.set('sure', timing.busyCycles * cycleMs(tones, tone) - forMs, () =>
      this.#heard({ type: 'toneSure', tone }),
    );
  }

  #dialTone(state: 'begins' | 'ends'): void {
    if (state === 'ends') return this.#timers.cancel('dialToneEnds');
    if (this.#state === 'seizing') {
      this.#progress = { ...this.#progress, dialTone: 'heard' };
      void this.#dial();
    } else if (this.#state === 'talking' && this.#parts.clock.nowMs() >= this.#deafUntilMs) {
      this.#timers.set('dialToneEnds', this.#parts.timing.dialToneEndsMs, () => {
        if (this.#state === 'talking') void this.#hungUp({ by: 'tone', confidence: 0.9, tone: 'dial' });
      });
    }
  }

  #polarity(): void {
    if (this.#state === 'progress') this.#heard({ type: 'answer', by: 'polarity', confidence: 1 });
    else if (this.#state === 'talking' && this.#answeredBy === 'polarity')
      void this.#hungUp({ by: 'polarity', confidence: 1 });
  }

  #heard(heard: Heard): void {
    if (this.#state === 'talking') return this.#heardInTalk(heard);
    if (this.#state === 'seizing' && heard.type === 'toneSure')
      return void this.#end({ cause: 'congestion', evidence: { by: 'tone', confidence: 0.9, tone: heard.tone } });
    if (this.#state !== 'progress') return;
    if (heard.type === 'voice' && !this.#countVoice(heard.state)) return;
    if (heard.type === 'tone') this.#toneIs(heard.state, heard.forMs);
    const { progress, verdict } = judge(this.#progress, heard);
    this.#progress = progress;
    if (verdict.type === 'alerting') this.#party?.alerting(verdict.evidence);
    else if (verdict.type === 'connected') this.#maybeAnswered(verdict.evidence);
    else if (verdict.type === 'cleared') void this.#end({ cause: verdict.cause, evidence: verdict.evidence });
  }

  #heardInTalk(heard: Heard): void {
    if (heard.type === 'remoteHangup') return void this.#hungUp(hangupEvidence(heard.by));
    if (heard.type !== 'toneSure' || this.#parts.clock.nowMs() < this.#deafUntilMs) return;
    void this.#hungUp({ by: 'tone', confidence: 0.9, tone: heard.tone });
  }

  /** Adds up voice. @returns whether it may be one: a tone is loud as well */
  #countVoice(state: 'voice' | 'silence'): boolean {
    const nowMs = this.#parts.clock.nowMs();
    if (this.#toneSounds) return false;
    if (state === 'voice' && this.#voiceSinceMs === undefined) {
      this.#voiceSinceMs = nowMs;
      this.#voiceFirstMs ??= nowMs;
      this.#timers.set('voice', this.#parts.timing.voiceAnswerMs - this.#voiceMs, () =>
        this.#heard({ type: 'voiceLong' }),
      );
    } else if (state === 'silence' && this.#voiceSinceMs !== undefined) {
      this.#voiceMs += nowMs - this.#voiceSinceMs;
      this.#voiceSinceMs = undefined;
      this.#timers.cancel('voice');
    }
    return true;
  }

  /** What sounded like a voice was the beginning of a tone, where none was heard before it. */
  #toneIs(state: 'begins' | 'ends', forMs: number): void {
    this.#toneSounds = state === 'begins';
    if (state === 'ends') return;
    this.#timers.cancel('voice');
    this.#voiceSinceMs = undefined;
    const sinceMs = this.#parts.clock.nowMs() - forMs - TONE_ONSET_MS;
    if (this.#voiceFirstMs === undefined || this.#voiceFirstMs < sinceMs) return;
    this.#voiceFirstMs = undefined;
    this.#voiceMs = 0;
    this.#progress = { ...this.#progress, voice: 'never' };
  }

  /** An answer by sound waits for a moment: the answer tone of a fax breaks the ringback as well. */
  #maybeAnswered(evidence: Evidence): void {
    if (evidence.by !== 'ringback-broken') return this.#answered(evidence);
    if (!this.#timers.has('answer')) this.#timers.set('answer', FAX_WAIT_MS, () => this.#answered(evidence));
  }

  #answered(evidence: Evidence): void {
    if (!this.#step('answered')) return;
    for (const name of ['ringTimeout', 'voice', 'sure', 'answer'] as const) this.#timers.cancel(name);
    this.#answeredBy = evidence.by;
    this.#ears?.answered();
    this.#party?.connected(evidence);
  }

  #hungUp(evidence: Evidence): Promise<void> {
    return this.#end({ cause: 'normalClearing', evidence });
  }

  #digit(event: { readonly digit: string; readonly toneMs?: number }): void {
    if (this.port.plays === 'keys') return;
    if (this.#state === 'byPhone') return this.#parts.onPhone({ type: 'digit', digit: event.digit });
    const key = event.digit.toUpperCase();
    if (
      this.#state !== 'talking' ||
      !/^[0-9*#A-D]$/.test(key) ||
      this.port.bridge?.echoes(key, this.#parts.clock.nowMs())
    )
      return;
    this.#party?.digit(key, event.toneMs);
  }

  #listenAnew(): void {
    this.#ears?.reset();
    this.#voiceMs = 0;
    this.#voiceSinceMs = undefined;
    this.#voiceFirstMs = undefined;
    this.#toneSounds = false;
    for (const name of ['sure', 'voice', 'dialToneEnds', 'answer'] as const) this.#timers.cancel(name);
  }

  // ---- the phone on the line, the cable ----

  #phoneHook(hook: 'on' | 'off'): void {
    if (this.#phone === hook) return;
    this.#phone = hook;
    if (this.#cut === 'cut') {
      if (hook === 'off') return;
      this.#cut = 'joined';
      void this.#switchPhone('joined');
      return this.#parts.onPhone({ type: 'on' });
    }
    if (hook === 'off') {
      const rang = this.#state === 'ringing';
      if (rang) this.#announce();
      this.#step('phoneOff');
      if (rang) {
        this.#forgetRing();
        this.#listenAnew();
        this.#ears?.answered();
        this.#party?.connected({ by: 'hook', confidence: 1 });
      } else if (this.#state === 'byPhone') this.#listenAnew();
      return this.#parts.onPhone({ type: 'off' });
    }
    if (this.#hook === 'on') this.#onHookSinceMs = this.#parts.clock.nowMs();
    this.#parts.onPhone({ type: 'on' });
    // A line that only the phone held is free now.
    if (this.#party !== undefined && this.#hook === 'on' && this.#state !== 'ringing')
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

  async #switchPhone(way: 'joined' | 'cut'): Promise<DriverReply> {
    const box = this.#box;
    if (box?.switchPhone === undefined || box.abilities.phone !== 'switched')
      return refused('rejected', 'the phone holds the line itself');
    const turn = box.switchPhone.bind(box);
    return this.#device(() => turn(way, { signal: this.#signal }));
  }

  // ---- the end ----

  /** Puts the line on-hook and tells the end of its call. */
  async #end(release: Release): Promise<void> {
    const party = this.#party;
    this.#party = undefined;
    const waited = this.#waiting !== undefined;
    this.#waiting = undefined;
    this.#outgoing = undefined;
    this.#answeredBy = undefined;
    this.#deafUntilMs = Number.NEGATIVE_INFINITY;
    const bell = this.#state === 'ringing';
    this.#forgetRing();
    for (const name of [
      'refuse',
      'dialTone',
      'ringTimeout',
      'voice',
      'sure',
      'dialToneEnds',
      'answer',
      'answer',
      'flash',
    ] as const)
      this.#timers.cancel(name);
    const wasUp = !waited && !bell && this.#step('end');
    await Promise.all([party?.end(release), wasUp ? this.#hangUp() : undefined]);
    if (waited) this.#tellPresence();
  }

  async #hangUp(): Promise<void> {
    await this.#setHook('on');
    this.#step('onHook');
    // The phone on the line goes on with it.
    if (this.#phone === 'off' && this.#cut === 'joined' && this.#state === 'guard') this.#step('phoneOff');
  }

  // ---- small things ----

  #step(event: LineEvent): boolean {
    const before = this.#presenceKey();
    const { outcome, state } = stepMachine(LINE_MACHINE, this.#state, event);
    if (outcome !== 'moved') return false;
    this.#state = state;
    if (state === 'guard') this.#guard();
    else this.#timers.cancel('guard');
    if (before !== this.#presenceKey()) this.#tellPresence();
    return true;
  }

  #presenceKey(): DevicePresence {
    return this.presence;
  }

  #tellPresence(): void {
    if (this.#state !== 'absent')
      this.#parts.tell({ type: 'devicePresence', device: this.device, presence: this.presence });
  }

  #guard(): void {
    const { clock, timing } = this.#parts;
    this.#timers.set('guard', this.#onHookSinceMs + timing.onHookMs - clock.nowMs(), () => {
      if (!this.#step('guardOver')) return;
      if (this.#waiting === undefined) return;
      this.#waiting = undefined;
      void this.#seize();
    });
  }

  async #setHook(hook: 'on' | 'off'): Promise<DriverReply> {
    const box = this.#box;
    if (box === undefined) return refused('linkLost');
    const reply = await this.#device(() => box.hook(hook, { signal: this.#signal }));
    if (reply.outcome === 'accepted') {
      if (hook === 'off') this.#forgetRing();
      this.#hook = hook;
    }
    if (hook === 'on') {
      this.#hook = 'on';
      this.#onHookSinceMs = this.#parts.clock.nowMs();
    }
    return reply;
  }

  /** Sends keys by sound or has the device dial them; `done` when the last one is out. */
  async #send(
    digits: string,
    timing: Pick<LineTiming, 'digitToneMs' | 'digitGapMs' | 'pauseMs'>,
    done: () => void = () => undefined,
  ): Promise<DriverReply> {
    const box = this.#box;
    if (box === undefined) return refused('linkLost');
    if (box.abilities.dials === 'itself' && box.dial !== undefined) {
      const dial = box.dial.bind(box);
      const reply = await this.#device(() => dial(digits, { signal: this.#signal }));
      if (reply.outcome === 'accepted') done();
      return reply;
    }
    if (box.abilities.dials === 'none') return refused('notSupported');
    this.port.sendKeys(keysSource(digits, timing), done);
    return ACCEPTED;
  }

  #turn(wants: 'play' | 'hear'): void {
    const box = this.#box;
    if (box?.direct === undefined || box.abilities.sound !== 'half') return;
    const direct = box.direct.bind(box);
    void this.#device(() => direct(wants, { signal: this.#signal }));
  }

  /** One order to the device after the other. Never rejects. */
  #device(order: () => Promise<void>): Promise<DriverReply> {
    const done = this.#work.then(async (): Promise<DriverReply> => {
      try {
        await order();
        return ACCEPTED;
      } catch (error) {
        return this.#replyOf(error);
      }
    });
    this.#work = done.then(() => undefined);
    return done;
  }

  #replyOf(error: unknown): DriverReply {
    const code = isCtiError(error) ? error.code : 'internal';
    this.#parts.log.warn('a device did not do what it was told', { device: this.device, code });
    if (code === 'device.lost' || code === 'wait.aborted') return refused('linkLost');
    if (code === 'device.timeout') return refused('timeout');
    return refused(code === 'device.notSupported' ? 'notSupported' : 'rejected', code);
  }
}

/** The party that calls, as far as it is told. */
function callingOf(id: CallerId | undefined): RawParty {
  const name = id?.name === undefined ? {} : { name: id.name.slice(0, 128) };
  if (id?.number !== undefined && id.number !== '')
    return { number: id.number.slice(0, 64), presentation: 'allowed', ...name };
  return { number: '', presentation: id?.absence === 'P' ? 'withheld' : 'unavailable', ...name };
}
