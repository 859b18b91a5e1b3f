import { BLOCK_MS, type FrontEnd } from './front-end.js';
import { Steadiness } from './steadiness.js';

/** Music is looked for in so much sound, hops of 30 ms: 2 s. */
const WINDOW_HOPS = 66;
/** Share of them that has to sound, and mean share of it that stands still in pitch. */
const ACTIVE_SHARE = 0.7;
const STEADY_SHARE = 0.4;
/** Notes have to change: a tone that goes on and on is no music. */
const MIN_CHANGES = 2;
const STANDS = 0.7;
const MOVES = 0.5;
/** What follows the music is a new sound after so much quiet, frames: 60 ms. */
const GAP_FRAMES = 12;
/** "Hello" lasts between these, frames, and an announcement longer. */
const SHORTEST = 150 / BLOCK_MS;
const LONGEST = 1900 / BLOCK_MS;
/** A voice has less than this that stands still. */
const VOICE_SHARE = 0.25;
/** Silence after the music longer than this is no answer that could be told from anything, frames. */
const LONGEST_GAP = 4000 / BLOCK_MS;
/** After so much quiet a sound is a new one: digits, then music, frames. */
const NEW_SOUND = 700 / BLOCK_MS;
/** Shorter sound than this is a click and does not begin an utterance, frames. */
const CLICK = 30 / BLOCK_MS;

/**
 * Finds music, and after it the turn of a person: the music stops, one short utterance comes, then quiet, because the one who said
 * "hello" waits for the other. An announcement goes on speaking, and about one that does nothing is told.
 */
export class MusicThenVoice {
  /** Frame at which the sound that turned out to be music began. */
  soundFrame = 0;
  /** Frame at which the utterance began. */
  voiceFrame = 0;
  readonly #steadiness = new Steadiness();
  readonly #pauseFrames: number;
  readonly #shares = new Float64Array(WINDOW_HOPS);
  readonly #active = new Uint8Array(WINDOW_HOPS);
  #at = 0;
  #hops = 0;
  #sounded = 0;
  #stood = false;
  #moved = false;
  #changes = 0;
  #soundFrames = 0;
  #quietFrames = 0;
  #music = false;
  #unsure = false;
  #told = false;
  #waiting = false;
  #shareSum = 0;
  #shareHops = 0;

  constructor(pauseMs: number) {
    this.#pauseFrames = Math.round(pauseMs / BLOCK_MS);
  }

  /** One frame; `sound`: it is louder than the line's noise and no tone. */
  step(front: FrontEnd, heard: 'sound' | 'quiet'): 'music' | 'voice' | undefined {
    const sound = heard === 'sound';
    const frame = front.blocks - 1;
    const hop = this.#steadiness.take(front.block);
    if (hop) this.#takeHop();
    if (sound) this.#noteSound(frame);
    else this.#noteQuiet();
    if (!this.#music) {
      if (!hop || !this.#isMusic()) return undefined;
      this.#music = true;
      return 'music';
    }
    // What was taken for an announcement was a quiet passage.
    if (hop && this.#unsure && !this.#told && this.#isMusic()) this.#unsure = false;
    return this.#afterMusic(hop && sound ? 'hop' : 'frame') ? 'voice' : undefined;
  }

  #noteSound(frame: number): void {
    // A pause within music or speech does not begin it anew.
    if (this.#soundFrames === 0 && (this.#sounded === 0 || this.#quietFrames > NEW_SOUND)) this.soundFrame = frame;
    if (this.#soundFrames === 0 && this.#quietFrames >= GAP_FRAMES) this.#begin(frame);
    this.#soundFrames++;
    this.#sounded = 1;
    if (this.#soundFrames >= CLICK) this.#quietFrames = 0;
  }

  #noteQuiet(): void {
    this.#quietFrames++;
    if (this.#quietFrames >= GAP_FRAMES) this.#soundFrames = 0;
  }

  #begin(frame: number): void {
    if (!this.#music || this.#waiting || this.#quietFrames > LONGEST_GAP) return;
    this.#waiting = true;
    this.voiceFrame = frame;
    this.#shareSum = 0;
    this.#shareHops = 0;
    this.#length = 0;
  }
  #length = 0;

  #takeHop(): void {
    const share = this.#steadiness.share;
    const sounds = this.#soundFrames > 0 && this.#quietFrames === 0;
    this.#shares[this.#at] = share;
    this.#active[this.#at] = sounds ? 1 : 0;
    this.#at = (this.#at + 1) % WINDOW_HOPS;
    this.#hops++;
    if (!sounds) {
      this.#stood = false;
      this.#moved = false;
      return;
    }
    // A note ends in another sound: one that ends in silence may be a tone.
    if (this.#moved) this.#changes++;
    this.#moved = this.#stood && share < MOVES;
    this.#stood = share >= STANDS || (this.#stood && !this.#moved);
  }

  #isMusic(): boolean {
    if (this.#hops < WINDOW_HOPS || this.#changes < MIN_CHANGES) return false;
    let active = 0;
    let share = 0;
    for (let n = 0; n < WINDOW_HOPS; n++) {
      if (this.#active[n] === 0) continue;
      active++;
      share += this.#shares[n] as number;
    }
    return active >= ACTIVE_SHARE * WINDOW_HOPS && share >= STEADY_SHARE * active;
  }

  /** The next frame after the music; `hop`: one of sound for which its steadiness is known. */
  #afterMusic(what: 'hop' | 'frame'): boolean {
    if (!this.#waiting || this.#unsure || this.#told) return false;
    this.#length++;
    if (what === 'hop') {
      this.#shareSum += this.#steadiness.share;
      this.#shareHops++;
    }
    const spoken = this.#length - this.#quietFrames;
    if (this.#quietFrames < this.#pauseFrames) {
      if (spoken > LONGEST) this.#judgeLong();
      return false;
    }
    this.#waiting = false;
    if (spoken < SHORTEST) return false;
    // Only the first that is said after the music is an answer; if it was none, nothing later tells.
    this.#unsure = true;
    if (this.#shareHops > 0 && this.#shareSum / this.#shareHops > VOICE_SHARE) return false;
    this.#told = true;
    return true;
  }

  /** It went on for too long: music again, or an announcement, after which nothing more is told. */
  #judgeLong(): void {
    this.#waiting = false;
    if (this.#shareHops > 0 && this.#shareSum / this.#shareHops <= VOICE_SHARE) this.#unsure = true;
  }

  reset(): void {
    this.#steadiness.reset();
    this.#at = 0;
    this.#hops = 0;
    this.#sounded = 0;
    this.#stood = false;
    this.#moved = false;
    this.#changes = 0;
    this.#soundFrames = 0;
    this.#quietFrames = 0;
    this.#music = false;
    this.#unsure = false;
    this.#told = false;
    this.#waiting = false;
    this.#shareSum = 0;
    this.#shareHops = 0;
    this.#length = 0;
    this.#active.fill(0);
  }
}
