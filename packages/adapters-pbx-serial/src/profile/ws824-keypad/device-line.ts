import { type Clock, CtiError } from '@cordboard/cti-core';
import { generateDtmf } from '@cordboard/telephony-dsp';
import type { KeypadLine, KeypadTone } from './keypad-line.js';
import { ToneEar, type ToneEarOptions } from './tone-ear.js';

/** What a device tells and wants: 16 bit at 8,000 samples a second. */
export interface KeypadDeviceSink {
  event(event: { readonly type: string }): void;
  heard(samples: Int16Array): void;
  wanted(samples: Int16Array): 'sound' | 'nothing';
  phoneHeard(samples: Int16Array): void;
  phoneWanted(samples: Int16Array): 'sound' | 'nothing';
}

/** The part of an analog line device (a voice box, a V.253 modem) that a keypad needs. The devices of the driver `usbbox` have this form. */
export interface KeypadDevice {
  readonly abilities: {
    readonly dials: 'sound' | 'itself' | 'none';
    readonly hook: 'soft' | 'none';
    readonly sound: 'full' | 'half' | 'none';
  };
  open(sink: KeypadDeviceSink, options: { readonly signal: AbortSignal }): Promise<void>;
  hook(state: 'on' | 'off', options: { readonly signal: AbortSignal }): Promise<void>;
  dial?(digits: string, options: { readonly signal: AbortSignal }): Promise<void>;
  direct?(way: 'hear' | 'play' | 'idle', options: { readonly signal: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

/** How a device is dialled on and listened to. */
export interface DeviceLineOptions {
  readonly clock: Clock;
  readonly device: KeypadDevice;
  readonly ear?: ToneEarOptions;
  /** Length of each key and of the pause after it, ms, 40-500. Default 100: switches of this kind are slow to hear. */
  readonly keyMs?: number;
}

/** A {@link KeypadLine} on an analog line device. Opened by its first use; `close` gives the device back. */
export class DeviceKeypadLine implements KeypadLine {
  readonly #options: DeviceLineOptions;
  readonly #ear: ToneEar;
  #opening: Promise<void> | undefined;
  #isLost = false;
  #isOff = false;
  #playing: { readonly samples: Int16Array; at: number; readonly done: () => void } | undefined;
  #heard: ((tone: KeypadTone) => void) | undefined;
  #lostNow: (() => void) | undefined;

  constructor(options: DeviceLineOptions) {
    this.#options = options;
    this.#ear = new ToneEar(options.ear);
  }

  async offHook({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { device } = this.#options;
    this.#opening ??= device.open(this.#sink(), { signal });
    await this.#opening;
    const { hook, dials, sound } = device.abilities;
    if (hook !== 'soft' || dials === 'none' || sound === 'none') {
      throw new CtiError('device.notSupported', 'the device cannot lift its line, dial on it and listen to it');
    }
    this.#check(signal);
    await device.hook('off', { signal });
    this.#isOff = true;
    this.#ear.reset();
    await device.direct?.('hear', { signal });
  }

  async dial(digits: string, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    this.#check(signal);
    const { device, keyMs = 100 } = this.#options;
    this.#ear.reset();
    if (device.abilities.dials === 'itself' && device.dial !== undefined) await device.dial(digits, { signal });
    else {
      await device.direct?.('play', { signal });
      await this.#play(generateDtmf(digits, { toneMs: keyMs, gapMs: keyMs }), signal);
      await device.direct?.('hear', { signal });
    }
    this.#ear.reset();
  }

  listen(
    until: ReadonlySet<KeypadTone>,
    { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<KeypadTone | 'nothing'> {
    return this.#waiting<KeypadTone | 'nothing'>(signal, (resolve) => {
      const cancel = this.#options.clock.setTimer(timeoutMs, () => resolve('nothing'));
      this.#heard = (tone) => {
        if (until.has(tone)) resolve(tone);
      };
      return () => {
        cancel();
        this.#heard = undefined;
      };
    });
  }

  async onHook(): Promise<void> {
    if (!this.#isOff) return;
    this.#isOff = false;
    this.#playing = undefined;
    // A device that is gone is on-hook.
    await this.#options.device.hook('on', { signal: new AbortController().signal }).catch(() => undefined);
  }

  /** Lays it down and gives the device back. May be called again; never rejects. */
  async close(): Promise<void> {
    await this.onHook();
    if (this.#opening !== undefined) await this.#options.device.close();
    this.#isLost = true;
  }

  #play(samples: Int16Array, signal: AbortSignal): Promise<void> {
    return this.#waiting<void>(signal, (resolve) => {
      this.#playing = { samples, at: 0, done: () => resolve() };
      return () => {
        this.#playing = undefined;
      };
    });
  }

  /** Waits for what comes of the device, its loss or the signal, whichever is first. */
  #waiting<T>(signal: AbortSignal, begin: (resolve: (value: T) => void) => () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        signal.removeEventListener('abort', onAbort);
        this.#lostNow = undefined;
        end();
        act();
      };
      const onAbort = (): void => settle(() => reject(aborted()));
      this.#lostNow = () => settle(() => reject(lost()));
      signal.addEventListener('abort', onAbort, { once: true });
      const end = begin((value) => settle(() => resolve(value)));
      if (signal.aborted) onAbort();
      else if (this.#isLost) this.#lostNow();
    });
  }

  #check(signal: AbortSignal): void {
    if (signal.aborted) throw aborted();
    if (this.#isLost) throw lost();
  }

  #sink(): KeypadDeviceSink {
    const silent = (): 'nothing' => 'nothing';
    return {
      event: ({ type }) => this.#event(type),
      heard: (samples) => {
        const tone = this.#isOff && this.#playing === undefined ? this.#ear.push(samples) : undefined;
        if (tone !== undefined) this.#heard?.(tone);
      },
      wanted: (samples) => this.#fill(samples),
      phoneHeard: () => undefined,
      phoneWanted: silent,
    };
  }

  #event(type: string): void {
    // Tones that a device hears by itself are of no use: to a modem a long beep is dial tone.
    if (type !== 'lost') return;
    this.#isLost = true;
    this.#lostNow?.();
  }

  #fill(out: Int16Array): 'sound' | 'nothing' {
    out.fill(0);
    const playing = this.#playing;
    if (playing === undefined) return 'nothing';
    const part = playing.samples.subarray(playing.at, playing.at + out.length);
    out.set(part);
    playing.at += out.length;
    if (playing.at >= playing.samples.length) playing.done();
    return 'sound';
  }
}

function lost(): CtiError {
  return new CtiError('device.lost', 'the line device went away while the switch was being programmed');
}

function aborted(): CtiError {
  return new CtiError('wait.aborted', 'programming was given up by its caller');
}
