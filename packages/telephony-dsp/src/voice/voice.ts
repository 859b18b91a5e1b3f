import type { Detector, Hook, LineSignal, VoiceEvent } from '../contract.js';
import { BLOCK_MS, FrontEnd, powerOf, WINDOW_LAG_MS } from '../tones/front-end.js';

/** What may be set about the parting of voice and silence. */
export interface VoiceOptions {
  /** Sound is voice when it is so much above the floor, dB, 3-30. Default 9. */
  readonly aboveFloorDb?: number;
  /** What is below this is silence in any case, dBm0, -70 to -20. Default -46. */
  readonly minLevelDbm0?: number;
  /** The floor is never taken to be above this, dBm0, -60 to -10. Default -26: a loud line is not silence. */
  readonly maxFloorDbm0?: number;
  /** How fast the floor rises to a noise that stays, dB a second, 0.2-20. Default 3; it falls at once. */
  readonly floorRiseDbPerSecond?: number;
  /** So much sound makes voice, ms, 10-1000. Default 60. */
  readonly onsetMs?: number;
  /** Voice lasts until there was silence for so long, ms, 50-60 000. Default 500. */
  readonly hangoverMs?: number;
}

const NOTHING: readonly never[] = Object.freeze([]);
/** Where the floor begins and how low it goes, dBm0: the idle noise of a line. */
const FLOOR_AT_FIRST = powerOf(-56);
const FLOOR_LOWEST = powerOf(-70);

/**
 * Parts voice from silence by level over a floor that follows the line's noise. A stream begins as silence, which is not told; `atMs` of
 * `voice` is its first sound, `atMs` of `silence` the end of the last. Works with the hook on and off alike.
 */
export function createVoice(options: VoiceOptions = {}): Detector<VoiceEvent> {
  return new Voice(options);
}

class Voice implements Detector<VoiceEvent> {
  readonly #front = new FrontEnd([]);
  readonly #above: number;
  readonly #least: number;
  readonly #maxFloor: number;
  readonly #rise: number;
  readonly #onset: number;
  readonly #hangover: number;
  #found: VoiceEvent[] = [];
  #floor = FLOOR_AT_FIRST;
  #voice = false;
  #score = 0;
  #firstSound = 0;
  #lastSound = 0;

  constructor(options: VoiceOptions) {
    this.#above = 10 ** ((options.aboveFloorDb ?? 9) / 10);
    this.#least = powerOf(options.minLevelDbm0 ?? -46);
    this.#maxFloor = powerOf(options.maxFloorDbm0 ?? -26);
    this.#rise = 10 ** (((options.floorRiseDbPerSecond ?? 3) * BLOCK_MS) / 10_000);
    this.#onset = (options.onsetMs ?? 60) / BLOCK_MS;
    this.#hangover = (options.hangoverMs ?? 500) / BLOCK_MS;
  }

  push(samples: Int16Array, _hook: Hook): readonly VoiceEvent[] {
    if (this.#found.length > 0) this.#found = [];
    let at = 0;
    while (at < samples.length) {
      at = this.#front.fill(samples, at);
      if (this.#front.full) this.#step();
    }
    return this.#found.length > 0 ? this.#found : NOTHING;
  }

  #step(): void {
    const front = this.#front;
    front.frame();
    const { total } = front;
    const sounds = total > this.#floor * this.#above && total > this.#least;
    // One quiet frame by chance must not pull the floor below the noise, so it falls in steps.
    const lower = total < this.#floor ? this.#floor * 0.8 + total * 0.2 : this.#floor * this.#rise;
    this.#floor = Math.min(this.#maxFloor, Math.max(FLOOR_LOWEST, lower));
    if (sounds) {
      if (this.#score <= 0) this.#firstSound = front.blocks;
      this.#score = Math.min(this.#onset, this.#score + 1);
      this.#lastSound = front.blocks;
    } else this.#score = Math.max(0, this.#score - 0.5);
    if (!this.#voice && this.#score >= this.#onset) this.#turn('voice', this.#firstSound - 1);
    else if (this.#voice && front.blocks - this.#lastSound >= this.#hangover) this.#turn('silence', this.#lastSound);
  }

  #turn(state: 'voice' | 'silence', block: number): void {
    this.#voice = state === 'voice';
    this.#score = 0;
    const detectedMs = this.#front.blocks * BLOCK_MS;
    const atMs = Math.min(detectedMs, Math.max(0, (block + 1) * BLOCK_MS - WINDOW_LAG_MS));
    this.#found.push({ type: 'voice', state, atMs, detectedMs });
  }

  signal(_signal: LineSignal): readonly never[] {
    return NOTHING;
  }

  flush(): readonly never[] {
    this.reset();
    return NOTHING;
  }

  reset(): void {
    this.#front.reset();
    this.#floor = FLOOR_AT_FIRST;
    this.#voice = false;
    this.#score = 0;
    this.#firstSound = 0;
    this.#lastSound = 0;
  }
}
