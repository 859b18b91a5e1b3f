import { SAMPLE_RATE } from '../contract.js';
import { BASEBAND_DELAY, FSK_TONES, FskBaseband, type FskStandard } from './baseband.js';
import { FskMarkWatch, HOP } from './mark-watch.js';
import { FskSequenceDecoder } from './sequence.js';
import { FskStartSearch } from './start-search.js';
import { type FskTuning, LOOP, MARK_BOUNDARY_HZ, NOMINAL_BIT } from './tuning.js';

/** Samples kept while nothing is heard, so that the beginning of a mark is not lost. */
const PRE = 512;
const PRE_MASK = PRE - 1;

/** Hops without a mark after which listening closely ends (100 ms). */
const LINGER_HOPS = 20;

/** Samples after the best start so far in which a better one may still come. */
const SETTLE = 12 * NOMINAL_BIT;

/** Listening closely starts again from 0 before sample counts could get large. */
const LONGEST_LISTEN = 2 ** 26;

/** A message as the data link had it, its checksum not yet looked at. */
export interface FskMessage {
  readonly bytes: Uint8Array;
  /** Bell 202 or V.23, by the mark tone. */
  readonly standard: FskStandard;
  /** Natural logarithm of how much likelier than anything else; share of energy explained, in all and in the worst byte. */
  readonly margin: number;
  readonly share: number;
  readonly worstByte: number;
  /** Samples since the begin of the stream: where carrier, first byte and end of the message are. */
  readonly carrierAt: number;
  readonly startAt: number;
  readonly endAt: number;
}

/** Receives FSK data-link messages in a stream of samples. One receiver for both pairs of tones: the marks tell which. */
export class FskReceiver {
  readonly #tuning: FskTuning;
  readonly #watch: FskMarkWatch;
  readonly #baseband = new FskBaseband();
  readonly #search: FskStartSearch;
  readonly #decoder: FskSequenceDecoder;
  readonly #pre = new Float64Array(PRE);
  readonly #emit: (message: FskMessage) => void;
  #taken = 0;
  #preAt = 0;
  #mean = 0;
  #listening = false;
  #origin = 0;
  #quietHops = 0;
  #searched = 0;
  #toneKnown = false;
  #spaceStep = 0;
  #startAt = 0;
  #carrierAt = 0;

  constructor(tuning: FskTuning, emit: (message: FskMessage) => void) {
    this.#tuning = tuning;
    this.#watch = new FskMarkWatch(tuning);
    this.#search = new FskStartSearch(this.#baseband);
    this.#decoder = new FskSequenceDecoder(this.#baseband);
    this.#emit = emit;
  }

  /** Samples taken since the last `reset`. */
  get taken(): number {
    return this.#taken;
  }

  /** Forgets all but the time: what comes next has nothing to do with what was. */
  forget(): void {
    this.#watch.reset();
    this.#stop();
    this.#pre.fill(0);
    this.#mean = 0;
  }

  reset(): void {
    this.forget();
    this.#taken = 0;
    this.#preAt = 0;
  }

  /** Time passes that is not listened to. */
  skip(samples: number): void {
    this.#taken += samples;
  }

  push(sample: number): void {
    const filtered = this.#watch.filter(sample);
    // A click is many times louder than the tones around it: cut to what tones may reach.
    const size = Math.abs(filtered);
    const most = LOOP.crest * this.#mean;
    const x = size > most ? (filtered > 0 ? most : -most) : filtered;
    this.#mean += LOOP.meanGain * (Math.min(size, 4 * most + 1) - this.#mean);
    this.#taken++;
    if (this.#listening) this.#baseband.push(x);
    this.#pre[this.#preAt] = x;
    this.#preAt = (this.#preAt + 1) & PRE_MASK;
    if (this.#watch.hop()) this.#hop();
  }

  #hop(): void {
    if (this.#watch.run >= this.#tuning.markFrames) this.#quietHops = 0;
    else this.#quietHops++;
    if (!this.#listening) {
      if (this.#watch.run < this.#tuning.markFrames) return;
      this.#listen(this.#watch.v23Lead > 0 ? 'v23' : 'bell202');
    }
    if (this.#decoder.active) this.#decode();
    if (this.#decoder.active) return;
    if (this.#watch.run >= this.#tuning.markFrames && this.#watch.isMark && this.#search.bestScore === 0) {
      if (this.#search.measureMarks(this.#baseband.length)) this.#nameTone();
    }
    const length = this.#baseband.length;
    this.#look(length);
    if (!this.#decoder.active && (this.#quietHops > LINGER_HOPS || length > LONGEST_LISTEN)) this.#stop();
  }

  #listen(standard: FskStandard): void {
    this.#listening = true;
    this.#baseband.restart(standard);
    this.#search.clear();
    this.#toneKnown = false;
    const held = Math.min(PRE, this.#taken);
    for (let i = held; i > 0; i--) this.#baseband.push(this.#pre[(this.#preAt - i) & PRE_MASK] as number);
    this.#origin = this.#taken - held;
    this.#searched = FskStartSearch.before;
  }

  #stop(): void {
    this.#listening = false;
    this.#toneKnown = false;
    this.#decoder.active = false;
    this.#search.clear();
  }

  /** Which standard's marks these are, and where its space tone must then be: one clock makes both. */
  #nameTone(): void {
    const hz = (this.#search.markStep * SAMPLE_RATE) / (2 * Math.PI);
    const standard = hz < MARK_BOUNDARY_HZ ? 'bell202' : 'v23';
    if (standard !== this.#baseband.standard) {
      this.#listen(standard);
      return;
    }
    const ratio = hz / FSK_TONES[standard].mark;
    this.#toneKnown = Math.abs(ratio - 1) < 0.03;
    this.#spaceStep = ((2 * Math.PI) / SAMPLE_RATE) * FSK_TONES[standard].space * ratio;
  }

  #look(length: number): void {
    const until = length - FskStartSearch.after;
    if (!this.#toneKnown) {
      this.#searched = Math.max(this.#searched, until);
      return;
    }
    const search = this.#search;
    this.#searched = Math.max(this.#searched, length - 3800);
    for (; this.#searched < until; this.#searched++) {
      search.look(this.#searched, this.#spaceStep);
      if (search.bestScore < this.#tuning.startShare) search.clear();
      if (search.bestScore > 0 && this.#searched > search.bestTime + SETTLE) {
        this.#begin();
        if (this.#decoder.active) {
          this.#decode();
          if (this.#decoder.active) return;
        }
      }
    }
  }

  #begin(): void {
    const search = this.#search;
    const time = search.bestTime;
    this.#searched = time + 2 * NOMINAL_BIT;
    search.clear();
    const spacePower = search.spacePower;
    if (!search.measureMarks(time)) return;
    this.#nameTone();
    if (!this.#toneKnown) return;
    const ago = Math.ceil((this.#baseband.length + BASEBAND_DELAY - (time - search.markSamples)) / HOP);
    const power = (0.6 * (search.markPower + search.noisePower)) / 2;
    this.#carrierAt = this.#taken - this.#watch.hopsAbove(power, ago) * HOP;
    const edge = search.bestEdge;
    this.#startAt = this.#origin + edge;
    this.#decoder.start({
      time: edge,
      markStep: search.markStep,
      spaceStep: this.#spaceStep,
      markPower: search.markPower,
      spacePower,
      noisePower: search.noisePower,
    });
  }

  #decode(): void {
    const state = this.#decoder.advance();
    if (state !== 'done') return;
    const decoder = this.#decoder;
    this.#searched = Math.max(this.#searched, decoder.endTime);
    this.#emit({
      bytes: decoder.bytes,
      standard: this.#baseband.standard,
      margin: decoder.margin,
      share: decoder.share,
      worstByte: decoder.worstByte,
      carrierAt: Math.max(0, Math.min(this.#carrierAt, this.#startAt)),
      startAt: this.#startAt,
      endAt: this.#origin + decoder.endTime,
    });
  }
}
