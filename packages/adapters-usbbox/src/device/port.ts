import type { CallerIdEvent, LineSignal } from '@cordboard/telephony-dsp';

/** What a device finds out by itself; the rest is done by the signal code, where the device gives sound for it. */
export type Detection =
  /** Ringing voltage on the line. Without it the driver cannot see calls come in. */
  | 'ring'
  | 'callerId'
  | 'dtmf'
  /** Dial tone, busy, ringback and so on. */
  | 'progress'
  | 'answer'
  | 'polarity'
  /** Hook of the local phone. */
  | 'phoneHook'
  | 'voice';

/** What a device is able to do. Fixed once it is open. */
export interface LineAbilities {
  readonly detects: ReadonlySet<Detection>;
  /** `full`: hears while it plays. `half`: one after the other. `none`: no sound at all (caller-ID units). */
  readonly sound: 'full' | 'half' | 'none';
  /** Gives the line's sound while on-hook, so that the signal code can read a caller ID there. */
  readonly listensOnHook: 'listens' | 'deaf';
  /** `soft`: goes off-hook and on-hook by command. `none`: only watches. */
  readonly hook: 'soft' | 'none';
  /** `sound`: digits are played into the line. `itself`: the device dials when told. */
  readonly dials: 'sound' | 'itself' | 'none';
  /**
   * The socket for a local phone. `none`: there is none. `parallel`: always on the line together with the device. `switched`: can be cut off from the line and joined to it.
   * `separate`: has sound of its own, apart from the line's (a phone port with a codec, a headset).
   */
  readonly phone: 'none' | 'parallel' | 'switched' | 'separate';
  /** The local phone can be made to ring by command. */
  readonly ringsPhone: 'rings' | 'silent';
}

/** Why a device went away. `removed`: pulled out. `failed`: it answers no more or says nonsense. `busy`: another program has it. `absent`: not there when opened. */
export type DeviceLoss = 'removed' | 'failed' | 'busy' | 'absent' | 'closed';

/** What a device tells, in order. Times are those of arrival. */
export type LineDeviceEvent =
  | { readonly type: 'signal'; readonly signal: LineSignal }
  /** Line voltage is gone (cable pulled) or back. */
  | { readonly type: 'line'; readonly state: 'present' | 'absent' }
  | { readonly type: 'callerId'; readonly callerId: Omit<CallerIdEvent, 'type' | 'atMs' | 'detectedMs'> }
  /** A key of the far end, or of the local phone. */
  | { readonly type: 'digit'; readonly from: 'line' | 'phone'; readonly digit: string; readonly toneMs?: number }
  /** The device's own ears. `fax`, `modem`: answer tones. */
  | {
      readonly type: 'tone';
      readonly tone: 'dial' | 'ringback' | 'busy' | 'congestion' | 'fax' | 'modem';
      readonly state: 'begins' | 'ends';
    }
  | { readonly type: 'answer'; readonly by: 'polarity' | 'modem' }
  /** A device that dials by itself says what became of the call: `noCarrier` where it only knows that nobody was reached. */
  | { readonly type: 'callFailed'; readonly why: 'busy' | 'noAnswer' | 'noDialTone' | 'noCarrier' }
  /** The far end has hung up, as the device believes. */
  | { readonly type: 'remoteHangup'; readonly by: 'polarity' | 'modem' | 'current' }
  | { readonly type: 'phoneHook'; readonly hook: 'on' | 'off' }
  | { readonly type: 'phoneFlash' }
  | { readonly type: 'voice'; readonly state: 'voice' | 'silence' }
  /** The device is of no use any more; nothing follows. */
  | { readonly type: 'lost'; readonly reason: DeviceLoss };

/**
 * Takes what a device gives, and fills what it wants to play. The device is the clock of its sound: nothing else times it. Never throws.
 * Sound is 16 bit at 8,000 samples a second; blocks of 80 to 320 samples.
 */
export interface LineDeviceSink {
  event(event: LineDeviceEvent): void;
  /** Sound of the line. The array is the device's: copy what is kept. */
  heard(samples: Int16Array): void;
  /** The device wants as many samples to play into the line. @returns `nothing` when the block is silence that need not be played */
  wanted(samples: Int16Array): 'sound' | 'nothing';
  /** Sound of the phone, of a `separate` one. */
  phoneHeard(samples: Int16Array): void;
  /** As {@link LineDeviceSink.wanted}, into the phone. */
  phoneWanted(samples: Int16Array): 'sound' | 'nothing';
}

/**
 * One analog line: hook, sound, and what the line does. Inert until opened; opened once (a lost device is replaced by a new one from its {@link LineDeviceFactory}).
 * Commands reject with `CtiError` `device.lost` when it went away, `device.refused` when it said no, `device.notSupported`, `wait.aborted`, `device.timeout`.
 */
export interface LineDevice {
  /** Known once open. */
  readonly abilities: LineAbilities;
  /** Opens it and brings it on-hook (or leaves a talk that the local phone has under way alone). */
  open(sink: LineDeviceSink, options: { readonly signal: AbortSignal }): Promise<void>;
  hook(state: 'on' | 'off', options: { readonly signal: AbortSignal }): Promise<void>;
  /** On-hook for `forMs` (40-1,000) and off-hook again. */
  flash(forMs: number, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Of devices that dial themselves: `0-9*#A-D` and `,` (one second). Resolves when the last digit is sent. */
  dial?(digits: string, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Of half-duplex devices: what it shall do from now on. */
  direct?(way: 'hear' | 'play' | 'idle', options: { readonly signal: AbortSignal }): Promise<void>;
  /** Of `switched` phones: joined to the line, or cut off. */
  switchPhone?(way: 'joined' | 'cut', options: { readonly signal: AbortSignal }): Promise<void>;
  /** Of phones that ring: one ring cycle after another until stopped. */
  ringPhone?(way: 'start' | 'stop', options: { readonly signal: AbortSignal }): Promise<void>;
  /** Leaves the line on-hook and lets go of the device. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** Makes a device for a line; no I/O. */
export type LineDeviceFactory = () => LineDevice;
