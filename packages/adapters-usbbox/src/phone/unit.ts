import type {
  CallId,
  Clock,
  ConnectionId,
  DeviceId,
  DevicePresence,
  DriverEvent,
  DriverReply,
  RawParty,
  Release,
  ReleaseCause,
} from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { LineAbilities } from '../device/port.js';
import type { LineEars } from '../line/dsp.js';
import type { PhoneOnLine } from '../line/hanging-phone.js';
import type { LineUnit } from '../line/unit.js';
import type { LineTiming } from '../options.js';
import { Party, type PartyWorld } from '../party.js';
import { keysSource } from '../sound/keys.js';
import { SoundPort } from '../sound/port.js';
import { samplesSource } from '../sound/source.js';
import { toneCycle } from '../sound/tones.js';
import { Timers } from '../timers.js';

/** What a local phone is made of. */
export interface PhoneParts {
  readonly device: DeviceId;
  readonly extension: string;
  readonly line: LineUnit;
  readonly timing: LineTiming;
  readonly clock: Clock;
  readonly world: PartyWorld;
  readonly tell: (event: DriverEvent) => void;
  readonly newId: () => ConnectionId;
  readonly createEars: () => LineEars | undefined;
  /** Rings it, or lets it be. */
  readonly ring: (way: 'start' | 'stop') => Promise<DriverReply>;
}

/** Most keys of a number dialled at a phone. */
const MAX_DIALLED = 32;

/**
 * The local phone of a line, as an extension.
 *
 * A `separate` one has sound of its own: it is rung, lifted and dialled like any phone. One that hangs on the line itself (`parallel`, `switched`) shares the
 * line's sound, so that its connection is a name for what the person does.
 */
export class PhoneUnit {
  readonly device: DeviceId;
  /** The phone's own sound; for one that hangs on the line nothing goes through it. */
  readonly port = new SoundPort();
  readonly #parts: PhoneParts;
  readonly #timers: Timers<'ring' | 'dialDone'>;
  #kind: LineAbilities['phone'] = 'none';
  #rings: LineAbilities['ringsPhone'] = 'silent';
  #hook: 'on' | 'off' = 'on';
  #party: Party | undefined;
  #keys = '';
  #ears: LineEars | undefined;

  constructor(parts: PhoneParts) {
    this.device = parts.device;
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
  }

  /** Its part in a call. */
  get party(): Party | undefined {
    return this.#party;
  }

  /** Does it share the line's sound? */
  get isOnLine(): boolean {
    return this.#kind === 'parallel' || this.#kind === 'switched';
  }

  /** What whoever looks at it sees. */
  get presence(): DevicePresence {
    if (this.#kind === 'none') return 'unreachable';
    if (this.#hook === 'off') return 'busy';
    return this.#party?.state === 'alerting' ? 'alerting' : 'idle';
  }

  /** The device of its line is open. */
  opened(abilities: LineAbilities): void {
    this.#kind = abilities.phone;
    this.#rings = abilities.ringsPhone;
    this.#hook = 'on';
    this.#ears = abilities.phone === 'separate' ? this.#parts.createEars() : undefined;
  }

  /** The device of its line is gone. */
  async lost(): Promise<void> {
    this.#kind = 'none';
    this.#timers.cancelAll();
    const party = this.#party;
    this.#party = undefined;
    this.#keys = '';
    await party?.quiet();
  }

  /** What a phone does that hangs on the line, as its line has seen it. */
  onLine(event: PhoneOnLine): void {
    if (event.type === 'off') return this.#hookIs('off');
    if (event.type === 'on') return this.#hookIs('on');
    if (event.type === 'digit') return this.#key(event.digit);
    if (this.#parts.timing.phoneFlash === 'tell') this.#party?.digit('*');
  }

  /** Sound of a `separate` phone. */
  heard(samples: Int16Array): void {
    this.port.heard(samples);
    if (this.#hook === 'on' || this.#ears === undefined) return;
    for (const event of this.#ears.push(samples, 'off'))
      if (event.type === 'dtmf') this.#key(event.digit, event.toneMs);
  }

  /** Rings it. */
  originate(call: {
    readonly connectionId: ConnectionId;
    readonly callId: CallId;
    readonly calling: RawParty;
    readonly ringTimeoutMs: number;
  }): DriverReply {
    if (this.#kind === 'none') return refused('rejected', 'its box is not there');
    if (this.#rings === 'silent' && this.#hook === 'on' && !this.#hangsOn(call.callId))
      return refused('rejected', 'this phone cannot be rung');
    if (this.#party !== undefined) return refused('conflict', 'the phone is taken');
    const party = this.#make({
      ...call,
      direction: 'outgoing',
      called: { number: this.#parts.extension, presentation: 'allowed' },
    });
    party.created();
    if (this.#hook === 'off') {
      this.#party = undefined;
      void party.end({ cause: 'busy', evidence: { by: 'hook', confidence: 1 } });
      return ACCEPTED;
    }
    party.alerting();
    this.#tellPresence();
    void this.#parts.ring('start');
    this.#timers.set('ring', call.ringTimeoutMs, () => void this.#stopRinging({ cause: 'noAnswer' }));
    return ACCEPTED;
  }

  /** Ends its part in a call. The handset may be off still: it hears busy tone until it is laid down. */
  async clear(party: Party, cause: ReleaseCause): Promise<DriverReply> {
    if (party !== this.#party) return refused('gone');
    if (party.state === 'alerting') {
      void this.#stopRinging({ cause });
      return ACCEPTED;
    }
    if (this.isOnLine && this.#parts.line.party === undefined) {
      // It dialled by itself on the line, and that shall not be: only a phone that can be cut off lets itself be ended. After a call that is over it holds
      // but the busy tone, and its part is over with the call.
      const reply = await this.#parts.line.cutPhone();
      if (reply.outcome === 'refused' && !this.#parts.line.phoneOutlivesCall) return reply;
    }
    this.#party = undefined;
    this.#keys = '';
    await party.end({ cause });
    if (!this.isOnLine && this.#hook === 'off') this.port.play(samplesSource(toneCycle('busy'), 'loop'));
    this.#tellPresence();
    return ACCEPTED;
  }

  /** Keys to whoever is at the phone. */
  sendDigits(digits: string, timing: { readonly toneMs: number; readonly gapMs: number }): DriverReply {
    if (this.isOnLine) return refused('notSupported');
    this.port.sendKeys(
      keysSource(digits, { ...this.#parts.timing, digitToneMs: timing.toneMs, digitGapMs: timing.gapMs }),
    );
    return ACCEPTED;
  }

  /** The hook of a `separate` phone, as its device tells it. */
  hookIs(hook: 'on' | 'off'): void {
    this.#hookIs(hook);
  }

  /** Ends every timer. */
  stop(): void {
    this.#timers.cancelAll();
  }

  #hookIs(hook: 'on' | 'off'): void {
    if (this.#hook === hook || this.#kind === 'none') return;
    this.#hook = hook;
    if (hook === 'off') this.#lifted();
    else this.#laidDown();
    this.#tellPresence();
  }

  #lifted(): void {
    const { line } = this.#parts;
    this.#ears?.reset();
    this.#keys = '';
    if (this.#party?.state === 'alerting') {
      this.#timers.cancel('ring');
      void this.#parts.ring('stop');
      this.#party.connected();
      return;
    }
    const target = line.party;
    // Whoever lifts while a call is on the line that nobody holds a phone for wants that call.
    if (target !== undefined && this.#wantsPhone(target)) {
      const party = this.#make({
        direction: 'incoming',
        calling: { number: this.#parts.extension, presentation: 'allowed' },
        called: { number: '', presentation: 'unavailable' },
      });
      party.created();
      this.#parts.tell({ type: 'lifted', connectionId: party.connectionId, targetId: target.connectionId });
      return;
    }
    if (!this.isOnLine) this.port.play(samplesSource(toneCycle('dial'), 'loop'));
  }

  /**
   * Is it called for the call on the very line that it hangs on? Its bell is that line's, and rings as long as the exchange rings it; once the line is taken, whoever
   * looks after the phone is told by the screen alone. Lifting it joins the call either way.
   */
  #hangsOn(callId: CallId): boolean {
    const on = this.#parts.line.party;
    return this.isOnLine && on !== undefined && on.direction === 'incoming' && (on.callId ?? callId) === callId;
  }

  #wantsPhone(target: Party): boolean {
    if (target.direction === 'outgoing' && target.state !== 'connected') return false;
    return target.port.bridge === undefined || target.port.bridge.size < 2;
  }

  #laidDown(): void {
    this.#timers.cancel('dialDone');
    this.#keys = '';
    this.port.play(undefined);
    const party = this.#party;
    this.#party = undefined;
    if (party !== undefined) void party.end({ cause: 'normalClearing', evidence: { by: 'hook', confidence: 1 } });
  }

  async #stopRinging(release: Release): Promise<void> {
    const party = this.#party;
    this.#party = undefined;
    this.#timers.cancel('ring');
    void this.#parts.ring('stop');
    await party?.end(release);
    this.#tellPresence();
  }

  #key(digit: string, toneMs?: number): void {
    const key = digit.toUpperCase();
    if (!/^[0-9*#A-D]$/.test(key)) return;
    const { clock, timing } = this.#parts;
    this.port.bridge?.pressed(key, clock.nowMs());
    if (this.#party !== undefined)
      return this.#party.state === 'connected' ? this.#party.digit(key, toneMs) : undefined;
    if (this.#hook === 'on') return;
    // The first key ends the dial tone, as at an exchange.
    if (this.#keys === '' && !this.isOnLine) this.port.play(undefined);
    if (this.#keys.length < MAX_DIALLED) this.#keys += key;
    this.#timers.set('dialDone', timing.dialDoneMs, () => this.#dialled());
  }

  /** The number is complete: the phone calls it. */
  #dialled(): void {
    const number = this.#keys;
    if (this.#hook === 'on' || this.#party !== undefined || number === '') return;
    if (this.isOnLine && this.#parts.line.state !== 'byPhone') return;
    const party = this.#make({
      direction: 'incoming',
      calling: { number: this.#parts.extension, presentation: 'allowed' },
      called: { number, presentation: 'allowed' },
    });
    party.created();
  }

  #make(parts: {
    readonly connectionId?: ConnectionId;
    readonly callId?: CallId;
    readonly direction: 'incoming' | 'outgoing';
    readonly calling: RawParty;
    readonly called: RawParty;
  }): Party {
    const party = new Party({
      connectionId: parts.connectionId ?? this.#parts.newId(),
      device: this.device,
      direction: parts.direction,
      calling: parts.calling,
      called: parts.called,
      ...(parts.callId === undefined ? {} : { callId: parts.callId }),
      port: this.isOnLine ? this.#parts.line.port : this.port,
      ...(this.isOnLine ? { shares: 'line' as const } : {}),
      world: this.#parts.world,
    });
    this.#party = party;
    return party;
  }

  #tellPresence(): void {
    if (this.#kind !== 'none')
      this.#parts.tell({ type: 'devicePresence', device: this.device, presence: this.presence });
  }
}
