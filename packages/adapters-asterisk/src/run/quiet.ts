import type { Leg } from '../map/leg.js';
import { part } from '../map/request.js';
import type { Kit } from './kit.js';
import type { Playbacks } from './playbacks.js';

/** Connections that hear hold music, and the way to make a connection quiet. */
export class Quiet {
  readonly #kit: Kit;
  readonly #playbacks: Playbacks;
  readonly #music = new Set<Leg>();

  constructor(kit: Kit, playbacks: Playbacks) {
    this.#kit = kit;
    this.#playbacks = playbacks;
  }

  /** Remembers whether hold music runs. */
  music(leg: Leg, mode: 'start' | 'stop'): void {
    if (mode === 'start') this.#music.add(leg);
    else this.#music.delete(leg);
  }

  /**
   * Stops what plays to a connection, hold music too, before it joins or leaves a bridge: Asterisk lets both wait for
   * the end of a playback (1.2 s measured on 22.10.1, 2026-11-21), and music would go on inside the bridge.
   */
  async hush(leg: Leg, signal: AbortSignal): Promise<void> {
    await this.#playbacks.stopAllOf(leg, signal);
    if (!this.#music.delete(leg)) return;
    await this.#kit.send({ method: 'DELETE', path: `/channels/${part(leg.id)}/moh` }, signal);
  }

  forget(leg: Leg): void {
    this.#music.delete(leg);
  }
}
