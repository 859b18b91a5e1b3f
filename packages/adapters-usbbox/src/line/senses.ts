import type { DspEvent, Hook, LineSignal } from '@cordboard/telephony-dsp';
import type { LineDeviceEvent } from '../device/port.js';
import { meanPower } from '../sound/port.js';
import type { CallerId } from './bell.js';
import type { LineEars } from './dsp.js';
import { Gate } from './gate.js';
import type { CallListener } from './listener.js';

/** Where what is sensed goes. */
export interface SensesParts {
  readonly listener: CallListener;
  readonly callerId: (id: CallerId) => void;
  readonly digit: (event: { readonly digit: string; readonly toneMs?: number }) => void;
  /** What we play ourselves comes back from the line: tones are no news now. */
  readonly deaf: () => boolean;
  /** Power of what we give to the line while its fate is listened for; 0: it does not matter. */
  readonly echoPower: () => number;
}

/** What comes back from a line is at least so much weaker than what goes out, as power: 12 dB, the poorest hybrid. */
const ECHO_LOSS = 16;
const SILENCE = new Int16Array(1_600);

/** Brings what the signal code hears and what the device finds out by itself to one form. */
export class Senses {
  readonly #parts: SensesParts;
  readonly #gate = new Gate();
  #ears: LineEars | undefined;

  constructor(parts: SensesParts) {
    this.#parts = parts;
  }

  /** With these ears from now on. */
  hear(ears: LineEars | undefined): void {
    this.#ears = ears;
  }

  /** Sound of the line. On-hook it is looked at only while there is any. */
  sound(samples: Int16Array, hook: Hook): void {
    if (this.#ears === undefined || (hook === 'on' && !this.#gate.opens(samples))) return;
    const echo = this.#parts.echoPower();
    // Who waits with the phone at the ear may talk: what the line gives back of it is no answer.
    const own = echo > 0 && samples.length <= SILENCE.length && meanPower(samples) * ECHO_LOSS < echo;
    const heard = own ? SILENCE.subarray(0, samples.length) : samples;
    for (const event of this.#ears.push(heard, hook)) this.#dsp(event);
  }

  /** The line itself did something. */
  signal(signal: LineSignal): void {
    this.#gate.wake();
    if (this.#ears !== undefined) for (const event of this.#ears.signal(signal)) this.#dsp(event);
  }

  /** What the device found out. */
  device(event: LineDeviceEvent): void {
    const { listener } = this.#parts;
    switch (event.type) {
      case 'callerId':
        return this.#parts.callerId(event.callerId);
      case 'tone':
        if (event.tone !== 'fax' && event.tone !== 'modem')
          return this.#tone(event.tone, { state: event.state, forMs: 0 });
        if (event.state === 'begins')
          listener.heard({ type: 'answerTone', tone: event.tone === 'fax' ? 'ced' : 'modem' });
        return;
      case 'answer':
        return listener.heard({ type: 'answer', by: event.by, confidence: event.by === 'polarity' ? 1 : 0.9 });
      case 'callFailed':
        return listener.heard({ type: 'callFailed', why: event.why });
      case 'remoteHangup':
        return listener.heard({ type: 'remoteHangup', by: event.by });
      case 'voice':
        return listener.heard({ type: 'voice', state: event.state });
      default:
        return;
    }
  }

  #dsp(event: DspEvent): void {
    const { listener } = this.#parts;
    switch (event.type) {
      case 'cid':
        return this.#parts.callerId(event);
      case 'dtmf':
        return this.#parts.digit(event);
      case 'tone':
        return this.#tone(event.tone, { state: 'begins', forMs: Math.max(0, event.detectedMs - event.atMs) });
      case 'toneEnd':
        return this.#tone(event.tone, { state: 'ends', forMs: 0 });
      case 'answer':
        // Polarity is judged by the listener, which knows what the line was doing.
        if (event.by !== 'polarity') listener.heard({ type: 'answer', by: event.by, confidence: event.confidence });
        return;
      case 'crbt':
        return listener.heard({ type: 'crbt' });
      case 'fax':
        return listener.heard({ type: 'answerTone', tone: event.tone });
      case 'voice':
        return listener.heard({ type: 'voice', state: event.state });
      case 'messageWaiting':
        return;
    }
  }

  #tone(tone: Parameters<CallListener['tone']>[0], how: Parameters<CallListener['tone']>[1]): void {
    if (!this.#parts.deaf()) this.#parts.listener.tone(tone, how);
  }
}
