import type { CallId, MediaRef, ReleaseCause } from '@cordboard/cti-core';
import type { Leg, VirtualParty } from '../switch/model.js';
import type { VirtualSwitch } from '../switch/virtual-switch.js';
import { inMs, type Time } from './time.js';

type Step = (next: () => void) => void;

/**
 * Somebody outside with a script: dials, presses, waits, talks, hangs up. Steps follow one another, `after` counts from the step before;
 * the script ends with the call.
 */
export class FloorCaller {
  readonly number: string;
  /** Has the call ended, or was it never taken? */
  readonly ended = (): boolean => this.#state === 'ended';
  /** Has somebody been reached: does this caller hear another party? */
  readonly talking = (): boolean => this.#talking;
  readonly #pbx: VirtualSwitch;
  readonly #party: VirtualParty;
  readonly #steps: Step[] = [];
  readonly #onTalk: (() => void)[] = [];
  #state: 'idle' | 'calling' | 'ended' = 'idle';
  #leg: Leg | undefined;
  #running: 'running' | undefined;
  #talking = false;

  constructor(pbx: VirtualSwitch, number: string) {
    this.#pbx = pbx;
    this.number = number;
    this.#party = pbx.party(number);
  }

  /** The engine's id of the call, once it is claimed. */
  get callId(): CallId | undefined {
    return this.#leg?.callId;
  }
  /** The connection on the switch. */
  get leg(): Leg | undefined {
    return this.#leg;
  }
  /** What was played to this caller, in order: names of prompts, `recording:<id>`, `digits:...`, tones and pauses by their kind. */
  readonly heard: string[] = [];
  /** How it ended. */
  get cause(): ReleaseCause | undefined {
    return this.#leg?.release?.cause;
  }

  /** Calls `number`. */
  dials(number: string, options: { readonly after?: Time } = {}): this {
    return this.#then(options.after, (next) => {
      this.#party.hooks = {
        cleared: (leg) => this.#end(leg),
        // Past us the switch's own dialplan has answered: somebody is reached all the same.
        connected: (leg) => (leg.hidden === undefined ? undefined : this.#reach()),
        playing: (_, playback) => this.heard.push(...playback.media.map(soundOf)),
        bridged: (leg) => this.#hear(leg),
        unbridged: () => {
          this.#talking = false;
        },
      };
      this.#leg = this.#pbx.dial(this.#party, number);
      this.#state = this.#leg === undefined ? 'ended' : 'calling';
      if (this.#leg !== undefined) next();
    });
  }

  /** Presses keys, 300 ms apart. */
  presses(digits: string, options: { readonly after?: Time } = {}): this {
    for (const [n, digit] of [...digits].entries()) {
      this.#then(n === 0 ? options.after : 300, (next) => {
        if (this.#leg !== undefined) this.#pbx.press(this.#leg, digit);
        next();
      });
    }
    return this;
  }

  /** Does nothing for a while. */
  waits(time: Time): this {
    return this.#then(time, (next) => next());
  }

  /** Waits until somebody is reached, then talks for a while. */
  talks(options: { readonly for: Time }): this {
    return this.#then(0, (next) => {
      const talk = (): void => void this.#pbx.clock.setTimer(inMs(options.for), next);
      if (this.#talking) talk();
      else this.#onTalk.push(talk);
    });
  }

  /** Hangs up. */
  hangsUp(options: { readonly after?: Time } = {}): this {
    return this.#then(options.after, () => {
      if (this.#leg !== undefined) this.#pbx.hangUp(this.#leg);
    });
  }

  /** Hangs up when nobody was reached in time. Counts from the step before and goes on at once. */
  givesUp(options: { readonly after: Time }): this {
    return this.#then(0, (next) => {
      this.#pbx.clock.setTimer(inMs(options.after), () => {
        if (!this.#everTalked && this.#leg !== undefined) this.#pbx.hangUp(this.#leg);
      });
      next();
    });
  }

  #everTalked = false;

  #then(after: Time | undefined, act: Step): this {
    const delayMs = inMs(after ?? 0);
    this.#steps.push((next) => {
      this.#pbx.clock.setTimer(delayMs, () => {
        if (this.#state !== 'ended') act(next);
      });
    });
    if (this.#running === undefined) {
      this.#running = 'running';
      this.#pbx.clock.setTimer(0, () => this.#next());
    }
    return this;
  }

  #next(): void {
    const step = this.#steps.shift();
    if (step === undefined) this.#running = undefined;
    else step(() => this.#next());
  }

  #hear(leg: Leg): void {
    const others = leg.bridge?.members.length ?? 0;
    if (others > 1) this.#reach();
    // Members enter one after the other within the same moment.
    else this.#pbx.clock.setTimer(0, () => ((leg.bridge?.members.length ?? 0) > 1 ? this.#reach() : undefined));
  }

  #reach(): void {
    this.#talking = true;
    this.#everTalked = true;
    for (const talk of this.#onTalk.splice(0)) talk();
  }

  #end(leg: Leg): void {
    if (leg !== this.#leg) return;
    this.#state = 'ended';
    this.#talking = false;
  }
}

function soundOf(media: MediaRef): string {
  switch (media.kind) {
    case 'prompt':
      return media.prompt;
    case 'recording':
      return `recording:${media.recordingId}`;
    case 'digits':
    case 'speech':
      return `${media.kind}:${media.text}`;
    case 'number':
      return `number:${media.value}`;
    case 'tone':
      return media.tone;
    case 'silence':
      return 'silence';
  }
}
