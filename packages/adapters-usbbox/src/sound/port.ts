import type { Bridge } from './bridge.js';
import { type SoundSource, samplesSource } from './source.js';

/** Hears both sides of one party: a recording. */
export interface Tap {
  /** What the party said. The array is not kept. */
  fromParty(samples: Int16Array): void;
  /** What the party heard. The array is not kept. */
  toParty(samples: Int16Array): void;
}

interface Playing {
  readonly source: SoundSource;
  readonly done: () => void;
}

/** In each block of 20 ms. */
const ECHO_FADES = 0.87;

/** Mean power of samples, by every second one of them. */
export function meanPower(samples: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 2) {
    const sample = samples[i] ?? 0;
    sum += sample * sample;
  }
  return (2 * sum) / Math.max(1, samples.length);
}

/**
 * The sound of one party: what it says goes to its bridge and to its taps; what it hears is put together from keys, playbacks, hold music and its bridge,
 * when its device asks for it. Nothing here waits or allocates while sound goes through.
 */
export class SoundPort {
  readonly #scratch = new Int16Array(1_600);
  readonly #taps: Tap[] = [];
  #bridge: Bridge | undefined;
  #muted = false;
  #shut = false;
  #echoPower = 0;
  #keys: Playing | undefined;
  #playing: Playing | undefined;
  #music: SoundSource | undefined;

  /** Told when there begins or ends to be something to play by itself: devices of half a line must be turned round. */
  onWants: ((wants: 'play' | 'hear') => void) | undefined;
  #wants: 'play' | 'hear' = 'hear';

  /** `shut`: what its bridge says is not for this party now: an exchange that waits for keys takes a voice for some. */
  shut(state: 'shut' | 'open'): void {
    this.#shut = state === 'shut';
  }

  /** Power of what the party was given in the last moments, fading by about 15 dB in half a second: its echo comes back from the line. */
  get echoPower(): number {
    return this.#echoPower;
  }

  /** What is being played: keys, a playback, music; not the bridge. */
  get plays(): 'keys' | 'playback' | 'music' | 'nothing' {
    if (this.#keys !== undefined) return 'keys';
    if (this.#playing !== undefined) return 'playback';
    return this.#music === undefined ? 'nothing' : 'music';
  }

  /** The bridge that it is in. */
  get bridge(): Bridge | undefined {
    return this.#bridge;
  }

  /** Joins a bridge, and leaves the one before. `undefined`: none. Hold music ends where it joins one. */
  join(bridge: Bridge | undefined): void {
    this.#bridge?.leave(this);
    this.#bridge = bridge;
    bridge?.join(this);
    if (bridge !== undefined) this.music(undefined);
  }

  /** The party is (not) heard by others. */
  mute(mode: 'mute' | 'unmute'): void {
    this.#muted = mode === 'mute';
  }

  /** Plays a source after which `done` is called once. What played before is given up without a word. */
  play(source: SoundSource | undefined, done: () => void = () => undefined): void {
    this.#playing = source === undefined ? undefined : { source, done };
    this.#tellWants();
  }

  /** Sends keys (or dials): alone, so that nothing blurs them. */
  sendKeys(source: SoundSource | undefined, done: () => void = () => undefined): void {
    this.#keys = source === undefined ? undefined : { source, done };
    this.#tellWants();
  }

  /** Hold music for ever; `undefined`: none. */
  music(samples: Int16Array | undefined): void {
    this.#music = samples === undefined ? undefined : samplesSource(samples, 'loop');
    this.#tellWants();
  }

  /** Lets a recording hear. */
  tap(tap: Tap): void {
    this.#taps.push(tap);
  }

  /** It hears no longer. */
  untap(tap: Tap): void {
    const at = this.#taps.indexOf(tap);
    if (at >= 0) this.#taps.splice(at, 1);
  }

  /** Ends all: out of the bridge, nothing plays. */
  close(): void {
    this.join(undefined);
    this.#keys = undefined;
    this.#playing = undefined;
    this.#music = undefined;
    this.#shut = false;
    this.#taps.length = 0;
  }

  /** Sound of the party. */
  heard(samples: Int16Array): void {
    for (const tap of this.#taps) tap.fromParty(samples);
    if (!this.#muted) this.#bridge?.push(this, samples);
  }

  /** Sound for the party. */
  wanted(out: Int16Array): 'sound' | 'nothing' {
    const had = this.#fill(out);
    this.#echoPower = Math.max(had === 'sound' ? meanPower(out) : 0, this.#echoPower * ECHO_FADES);
    for (const tap of this.#taps) tap.toParty(out);
    return had;
  }

  #fill(out: Int16Array): 'sound' | 'nothing' {
    out.fill(0);
    if (this.#keys !== undefined) {
      const { source, done } = this.#keys;
      if (source.read(out) < out.length) {
        this.#keys = undefined;
        this.#tellWants();
        done();
      }
      // What others say is dropped meanwhile, so that it is not heard late.
      this.#bridge?.mixInto(this, this.#scratch.subarray(0, out.length));
      return 'sound';
    }
    let had: 'sound' | 'nothing' = 'nothing';
    if (this.#playing !== undefined) {
      const { source, done } = this.#playing;
      had = 'sound';
      if (source.read(out) < out.length) {
        this.#playing = undefined;
        this.#tellWants();
        done();
      }
    } else if (this.#music !== undefined) {
      this.#music.read(out);
      had = 'sound';
    }
    if (this.#shut) {
      this.#bridge?.mixInto(this, this.#scratch.subarray(0, out.length));
      return had;
    }
    return this.#bridge?.mixInto(this, out) === 'sound' ? 'sound' : had;
  }

  #tellWants(): void {
    const wants = this.plays === 'nothing' ? 'hear' : 'play';
    if (wants === this.#wants) return;
    this.#wants = wants;
    this.onWants?.(wants);
  }
}
