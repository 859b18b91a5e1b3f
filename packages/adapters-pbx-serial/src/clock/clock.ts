import { type Clock, type ClockFacet, CtiError, type FacetOptions } from '@cordboard/cti-core';
import { sleep } from '@cordboard/driver-kit';
import type { Answer, PbxRequests } from '../link/index.js';
import { localMs, localTimeOf, wallClockMs } from '../map/local-time.js';
import type { KtsMessage } from '../wire/index.js';

/** What a {@link PbxClock} is made of. */
export interface PbxClockOptions {
  /** Zone of the PBX, where the configuration gives it. */
  readonly timeZone?: string;
  readonly requests: PbxRequests;
  readonly clock: Clock;
  /** How long a message of this session takes on the line, ms; 0 where the line has no rate. */
  readonly wayMs: (message: KtsMessage) => number;
}

/** Looks at a clock that tells whole seconds: so many, a part of a second apart, find the turn of the second within this part. */
const LOOKS = 5;
const APART_MS = 230;
/** Any time: all take as long. */
const SOME_TIME = '2026-11-22T09:30:00';
const ASKED: KtsMessage = { type: 'clockGet', ref: 100 };
const ANSWERED: KtsMessage = { type: 'clock', ref: 100, at: SOME_TIME };
const SET: KtsMessage = { type: 'clockSet', ref: 100, at: SOME_TIME };
/**
 * Facet `clock` of a PBX that speaks kts-1.
 *
 * How far it is ahead is known to about a quarter of a second, though it tells whole seconds: several looks at it, each with the bounds that the way over the
 * line leaves, have to agree.
 */
export class PbxClock implements ClockFacet {
  readonly timeZone?: string;
  readonly #options: PbxClockOptions;

  constructor(options: PbxClockOptions) {
    this.#options = options;
    if (options.timeZone !== undefined) this.timeZone = options.timeZone;
  }

  /**
   * Answers the PBX's time, and by how many ms it is ahead of the host's clock. Takes about a second.
   * @throws {CtiError} `driver.linkLost`, `driver.timeout`, `driver.refused` with the PBX's word, `argument.invalid` no such zone, `wait.aborted`
   */
  async get({ signal, timeZone }: FacetOptions & { readonly timeZone: string }): Promise<{
    readonly at: string;
    readonly aheadMs: number;
  }> {
    const { clock } = this.#options;
    wallClockMs(clock.wallMs(), timeZone);
    let least = Number.NEGATIVE_INFINITY;
    let most = Number.POSITIVE_INFINITY;
    let at = '';
    for (let look = 0; look < LOOKS; look++) {
      if (look > 0) await sleep(clock, APART_MS, signal);
      const seen = await this.#look({ signal, timeZone });
      at = seen.at;
      // A clock that was set meanwhile: what was known of it before is wrong.
      if (seen.least > most || seen.most < least) [least, most] = [seen.least, seen.most];
      else [least, most] = [Math.max(least, seen.least), Math.min(most, seen.most)];
    }
    return { at, aheadMs: Math.round((least + most) / 2) };
  }

  /**
   * Sets the PBX's clock to the host's: it is told a full second just so that its last byte arrives with it.
   * @throws {CtiError} as {@link PbxClock.get}
   */
  async set({ signal, timeZone }: FacetOptions & { readonly timeZone: string }): Promise<void> {
    const { clock, requests } = this.#options;
    wallClockMs(clock.wallMs(), timeZone);
    const wayMs = this.#options.wayMs(SET);
    const arrivesMs = clock.wallMs() + wayMs;
    await sleep(clock, Math.ceil(arrivesMs / 1_000) * 1_000 - arrivesMs, signal);
    // The nearest second: a timer that fired a moment early or late means the same one.
    const at = localTimeOf(wallClockMs(Math.round((clock.wallMs() + wayMs) / 1_000) * 1_000, timeZone));
    const answer = await requests.ask({ type: 'clockSet', at }, { signal });
    if (answer.type !== 'result' || answer.code !== 'ok') throw refusedBy(answer);
  }

  /** One look: between which bounds the PBX is ahead. */
  async #look({ signal, timeZone }: FacetOptions & { readonly timeZone: string }): Promise<{
    readonly at: string;
    readonly least: number;
    readonly most: number;
  }> {
    const { clock, requests, wayMs } = this.#options;
    const askedMs = wallClockMs(clock.wallMs(), timeZone) + wayMs(ASKED);
    const answer = await requests.ask({ type: 'clockGet' }, { signal });
    const answeredMs = wallClockMs(clock.wallMs(), timeZone) - wayMs(ANSWERED);
    if (answer.type !== 'clock') throw refusedBy(answer);
    const toldMs = localMs(answer.at);
    return { at: answer.at, least: toldMs - Math.max(askedMs, answeredMs), most: toldMs + 1_000 - askedMs };
  }
}

function refusedBy(answer: Answer): CtiError {
  const word = 'code' in answer ? answer.code.toUpperCase() : answer.type;
  return new CtiError('driver.refused', `the PBX answered ${word}`, { details: { native: word } });
}
