import type { Clock, Stamp } from '@cordboard/cti-core';
import { offsetOf, type ZoneClock, zoneClock } from './zone-offset.js';

/** A jump of the wall clock beyond this is an input of its own. */
const JUMP_MS = 5000;
/** Zone offsets change on quarters of an hour only. */
const QUARTER_MS = 900_000;

/**
 * Stamps inputs: `atMs` on the journal's own clock, which goes on over restarts and never back, and the wall clock with
 * the site's zone, whose rules come from `Intl`.
 */
export class Stamper {
  readonly #clock: Clock;
  readonly #zone: ZoneClock;
  readonly #baseMs: number;
  #lastAtMs: number;
  /** Wall clock minus journal clock, as last agreed. */
  #skewMs: number;
  #offset: { quarter: number; min: number } = { quarter: Number.NaN, min: 0 };

  /** @param last - stamps of the last journaled input; the time since then counts on, never backwards */
  constructor(clock: Clock, timeZone: string, last?: Pick<Stamp, 'atMs' | 'wallMs'>) {
    this.#clock = clock;
    this.#zone = zoneClock(timeZone);
    const goneMs = last === undefined ? 0 : Math.max(0, clock.wallMs() - last.wallMs);
    this.#lastAtMs = (last?.atMs ?? 0) + goneMs;
    this.#baseMs = this.#lastAtMs - clock.nowMs();
    this.#skewMs = clock.wallMs() - this.#lastAtMs;
  }

  /** The journal's clock now, whole ms. */
  nowMs(): number {
    this.#lastAtMs = Math.max(this.#lastAtMs, Math.floor(this.#baseMs + this.#clock.nowMs()));
    return this.#lastAtMs;
  }

  /** A stamp, and by how much the wall clock has jumped since the last one, or 0. */
  stamp(): { readonly stamp: Stamp; readonly jumpMs: number } {
    const atMs = this.nowMs();
    const wallMs = Math.floor(this.#clock.wallMs());
    const drift = wallMs - atMs - this.#skewMs;
    const isJump = Math.abs(drift) > JUMP_MS;
    if (isJump) this.#skewMs += drift;
    return { stamp: { atMs, wallMs, offsetMin: this.#offsetMin(wallMs) }, jumpMs: isJump ? drift : 0 };
  }

  #offsetMin(wallMs: number): number {
    const quarter = Math.floor(wallMs / QUARTER_MS);
    if (quarter !== this.#offset.quarter) this.#offset = { quarter, min: offsetOf(this.#zone, wallMs) };
    return this.#offset.min;
  }
}
