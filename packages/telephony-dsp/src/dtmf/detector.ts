import type { Detector, DtmfEvent, Hook, LineSignal } from '../contract.js';
import { emptyMeasured, isKey, type Measured, measureLife, powerOfDbm0 } from './judge.js';
import type { DtmfLimits } from './limits.js';
import { Look } from './look.js';
import { NoiseFloor } from './noise-floor.js';
import { DTMF_KEYS, HOP, HOP_MS, RING, ToneBank } from './tone-bank.js';

const NONE: readonly DtmfEvent[] = Object.freeze([]);
/** A window of 10 ms that half lies in a tone has a quarter of its power. */
const EDGE = 0.25;
/** A single hop with less than this of the key's power lies in a drop-out; at most so many of them are left out of a life. */
const DROPPED = 0.35;
const MAX_DROPPED = 4;
/** How fast the level that a key is held to may sink, per hop: a drop-out must not lower it, a slow fade may. */
const FADE = 0.99;
/** Hops in a row that another pair must be there for before a held key is given up. */
const OTHER_HOPS = 2;
/** A tone so much stronger than what was held is a new one; one so much weaker right after a key is its echo. Four times the power. */
const LOUDER = 4;
/** Looks after which a pair is no more a first guess. */
const SETTLED = 3;
/** What the high-pass delays the tones, ms: between 0.1 (1633 Hz) and 2 (697 Hz). */
const FILTER_MS = 0.5;
/** Hops that reach so far over an edge are not counted in. */
const INSIDE = 0.1;
/** A look that begins a key ends about so many hops after the key began. */
const LOOK_LAG = 3;
/** Longest life that is judged, hops. */
const MAX_LIFE = RING - 16;

/** {@link createDtmf} with every limit open. For the package's own use and tests. */
export class DtmfDetector implements Detector<DtmfEvent> {
  readonly #limits: DtmfLimits;
  readonly #bank: ToneBank;
  readonly #look: Look;
  readonly #floor = new NoiseFloor();
  readonly #measured: Measured = emptyMeasured();
  readonly #present = new Uint8Array(RING);
  readonly #found: DtmfEvent[] = [];
  readonly #life = {
    row: 0,
    column: 0,
    first: 0,
    last: 0,
    present: this.#present,
    noise: 0,
    toneMs: 0,
    measured: this.#measured,
  };
  readonly #pauseHops: number;
  readonly #tellHops: number;

  /** A pair is being followed. */
  #held = false;
  #told = false;
  readonly #pair = { row: 0, column: 4 };
  #level = 0;
  #noise = 0;
  /** First hop of the run that was a hit, last hop at whose end the key was there. */
  #from = 0;
  #there = 0;
  #hits = 0;
  #others = 0;
  #otherPair = -1;
  /** Where the last run ended, in hops: nothing before it belongs to a new one. */
  #endOfLast = 0;
  /** The last key told and where it ended, in hops. */
  #toldPair = -1;
  #toldEnd = 0;
  #toldLevel = 0;

  constructor(limits: DtmfLimits) {
    this.#limits = limits;
    this.#bank = new ToneBank(powerOfDbm0(limits.minLevelDbm0 - 6) * HOP);
    this.#look = new Look(limits);
    this.#pauseHops = limits.minPauseMs / HOP_MS;
    this.#tellHops = Math.ceil(limits.tellAfterMs / HOP_MS) - LOOK_LAG;
  }

  push(samples: Int16Array, _hook: Hook): readonly DtmfEvent[] {
    const bank = this.#bank;
    const found = this.#found;
    found.length = 0;
    let at = 0;
    while (at < samples.length) {
      const hops = bank.hops;
      at = bank.take(samples, at);
      if (bank.hops !== hops) this.#step();
    }
    return found.length === 0 ? NONE : found;
  }

  /** Lets time pass in which nobody listens: what was heard is forgotten and `count` samples are counted. */
  pass(count: number): void {
    this.#bank.skip(count);
    this.#forget();
  }

  signal(_signal: LineSignal): readonly DtmfEvent[] {
    return NONE;
  }

  flush(): readonly DtmfEvent[] {
    const found = this.#found;
    found.length = 0;
    if (this.#held) this.#close();
    this.reset();
    return found.length === 0 ? NONE : found;
  }

  reset(): void {
    this.#bank.reset();
    this.#forget();
  }

  #forget(): void {
    this.#floor.reset();
    this.#held = false;
    this.#told = false;
    this.#endOfLast = this.#bank.hops;
    this.#toldPair = -1;
    this.#others = 0;
  }

  #step(): void {
    const bank = this.#bank;
    const last = bank.hops - 1;
    this.#floor.add(bank.energy[last % RING] as number, this.#held ? 'held' : 'none');
    this.#look.at(bank);
    const { hit, row, column } = this.#look;
    if (!this.#held) {
      if (hit) this.#open(last);
      return;
    }
    const power = Look.pairPower(bank, last, this.#pair);
    this.#level *= FADE;
    if (hit && row === this.#pair.row && column === this.#pair.column) {
      this.#others = 0;
      this.#hits++;
      // The echo of a key is followed by the same key again: that is where the new one began.
      if (this.#look.power > this.#level * LOUDER && !this.#told) this.#from = last;
      if (this.#look.power > this.#level) this.#level = this.#look.power;
    } else if (hit && this.#otherPairHolds(row * 8 + column)) {
      // The first look at a key reaches only half into it and may name a neighbour; a pair that was there for longer was another key.
      if (this.#hits >= SETTLED || this.#told) this.#close();
      this.#open(last);
      return;
    }
    if (power >= EDGE * this.#level) this.#there = last;
    else if (last - this.#there > this.#pauseHops) {
      this.#close();
      return;
    }
    if (!this.#told && last - this.#from >= this.#tellHops) {
      if (!this.#tell(last, 'goesOn')) this.#drop(last);
    }
  }

  #otherPairHolds(pair: number): boolean {
    this.#others = pair === this.#otherPair ? this.#others + 1 : 1;
    this.#otherPair = pair;
    return this.#others >= OTHER_HOPS;
  }

  #open(last: number): void {
    this.#held = true;
    this.#told = false;
    this.#pair.row = this.#look.row;
    this.#pair.column = this.#look.column;
    this.#level = this.#look.power;
    this.#noise = this.#floor.energy;
    this.#from = last;
    this.#there = last;
    this.#hits = 1;
    this.#others = 0;
    this.#otherPair = -1;
  }

  /** The run is over at this hop. */
  #drop(end: number): void {
    if (this.#told) {
      this.#toldPair = this.#pair.row * 8 + this.#pair.column;
      this.#toldEnd = end;
      this.#toldLevel = this.#level;
    }
    this.#held = false;
    this.#told = false;
    this.#endOfLast = end;
  }

  #close(): void {
    if (!this.#told) this.#tell(this.#there, 'over');
    this.#drop(this.#there);
  }

  /** Amplitude of the pair in the 10 ms that end with this hop, against the key's. */
  #amplitude(hop: number): number {
    return Math.sqrt(Look.pairPower(this.#bank, hop, this.#pair) / this.#level);
  }

  /** First hop of the life: back from its end as long as the pair was there with no more than a drop-out between. */
  #firstThere(last: number): number {
    const oldest = Math.max(this.#endOfLast + 1, this.#bank.hops - RING + 2, last - MAX_LIFE, 2);
    let first = last;
    for (let h = last - 1; h >= oldest && first - h <= this.#pauseHops + 1; h--) {
      if (this.#amplitude(h) >= 0.5) first = h;
    }
    return first;
  }

  /**
   * Judges the life that ended with hop `last`, or goes on, and tells the key if it is one.
   * @returns whether the run is a key's
   */
  #tell(last: number, how: 'goesOn' | 'over'): boolean {
    const { hops } = this.#bank;
    const firstHop = this.#firstThere(last);
    const inside = this.#amplitude(firstHop);
    const before = this.#amplitude(firstHop - 1);
    const on = firstHop - 1 + (before >= 0.5 ? 0 : (0.5 - before) / (inside - before));
    let off = last + 1;
    if (how === 'over' && last + 1 < hops) {
      const end = this.#amplitude(last);
      const after = this.#amplitude(last + 1);
      off = last + (after >= end || end < 0.5 ? 0.5 : Math.min(1, (end - 0.5) / (end - after)));
    }
    const toneMs = (off - on) * HOP_MS;
    const life = this.#life;
    life.row = this.#pair.row;
    life.column = this.#pair.column;
    life.first = Math.ceil(on + INSIDE);
    life.last = Math.floor(off - INSIDE) - 1;
    life.noise = this.#noise;
    if (life.last - life.first + 1 < this.#limits.minHops || !this.#markDropOuts(life.first, life.last)) return false;
    life.toneMs = toneMs;
    measureLife(this.#bank, life);
    if (!isKey(this.#bank, life, this.#limits)) return false;
    const pair = this.#pair.row * 8 + this.#pair.column;
    if (pair === this.#toldPair && on - this.#toldEnd < this.#pauseHops) {
      // The key that was told goes on after a drop-out, or echoes.
      this.#told = this.#level * LOUDER > this.#toldLevel;
      return this.#told;
    }
    this.#told = true;
    this.#found.push({
      type: 'dtmf',
      digit: DTMF_KEYS.charAt(this.#pair.row * 4 + this.#pair.column - 4),
      atMs: Math.max(0, on * HOP_MS - FILTER_MS),
      detectedMs: hops * HOP_MS,
      toneMs,
    });
    return true;
  }

  /** @returns false where more is missing than drop-outs explain */
  #markDropOuts(first: number, last: number): boolean {
    let missing = 0;
    for (let h = first; h <= last; h++) {
      const here = Look.hopPower(this.#bank, h, this.#pair) >= DROPPED * this.#level;
      this.#present[h - first] = here ? 1 : 0;
      if (!here) missing++;
    }
    return missing <= MAX_DROPPED;
  }
}
