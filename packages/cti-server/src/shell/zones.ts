import type { Clock, EngineInputBody, Logger, TenantConfig } from '@cordboard/cti-core';
import { offsetOf, type ZoneClock, zoneClock } from './zone-offset.js';

/** Most zones that the flows of a site may name. */
export const MAX_ZONES = 100;
/** Zones change on whole minutes; so far ahead is looked, and so long a jump of the clock can stay unseen, ms. */
const LOOK_MS = 900_000;

/** What zones are watched with. */
export interface ZoneOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly submit: (input: EngineInputBody) => void;
}

/**
 * Tells the engine how far the zones that flows name are ahead of UTC: at once, when the flows change, and at the minute at which one of them goes over to another time. The
 * rules come from `Intl`.
 */
export class Zones {
  readonly #options: ZoneOptions;
  #zones = new Map<string, ZoneClock>();
  #told = '';
  #state: 'idle' | 'running' = 'idle';
  #cancel: () => void = () => undefined;

  constructor(options: ZoneOptions) {
    this.#options = options;
  }

  /** Takes over the zones of a configuration, and tells their offsets if these are others than before. */
  follow(config: TenantConfig): void {
    const names = zonesIn(config);
    const zones = new Map<string, ZoneClock>();
    for (const name of names.slice(0, MAX_ZONES)) {
      try {
        zones.set(name, this.#zones.get(name) ?? zoneClock(name));
      } catch {
        // The checker tells of it; its nodes keep the site's own time.
        this.#options.log.warn('a flow names a time zone that is not known here', { zone: name });
      }
    }
    if (names.length > MAX_ZONES) this.#options.log.warn('flows name too many time zones', { most: MAX_ZONES });
    this.#zones = zones;
    if (this.#state === 'running') this.#look();
  }

  /** Begins to tell. */
  start(): void {
    this.#state = 'running';
    this.#look();
  }

  /** Twice is once. */
  stop(): void {
    this.#state = 'idle';
    this.#cancel();
  }

  #look(): void {
    this.#cancel();
    const { clock, submit } = this.#options;
    const nowMs = clock.wallMs();
    const offsets = Object.fromEntries([...this.#zones].map(([name, zone]) => [name, offsetOf(zone, nowMs)]));
    const text = JSON.stringify(offsets);
    if (text !== this.#told && !(this.#told === '' && this.#zones.size === 0)) {
      this.#told = text;
      submit({ kind: 'zones', offsets });
    }
    if (this.#zones.size === 0) return;
    this.#cancel = clock.setTimer(this.#nextLookMs(nowMs) - nowMs, () => this.#look());
  }

  /** The moment of the first change within the time that is looked ahead, or its end. */
  #nextLookMs(nowMs: number): number {
    const minuteMs = 60_000;
    let nextMs = nowMs + LOOK_MS;
    for (const zone of this.#zones.values()) {
      const before = offsetOf(zone, nowMs);
      if (offsetOf(zone, nextMs) === before) continue;
      let [low, high] = [Math.floor(nowMs / minuteMs), Math.ceil(nextMs / minuteMs)];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (offsetOf(zone, middle * minuteMs) === before) low = middle;
        else high = middle;
      }
      nextMs = Math.min(nextMs, Math.max(nowMs, high * minuteMs));
    }
    return nextMs;
  }
}

function zonesIn(config: TenantConfig): readonly string[] {
  const names = new Set<string>();
  for (const flow of config.flows) {
    for (const node of Object.values(flow.nodes)) {
      if (node.type === 'hours' && node.zone !== undefined) names.add(node.zone);
    }
  }
  return [...names].sort();
}
