import type { EslFace } from '../../packages/simulator/src/esl/index.js';
import type { Leg } from '../../packages/simulator/src/switch/model.js';
import type { Ear } from './party.js';
import { PROMPTS, TONE } from './tone-plan.js';
import { exactlyMs, type ToneSegment } from './tones.js';
import { PATIENCE_MS, until } from './wait.js';

/** How often an ear of a virtual telephone is held to its connection. */
const LISTEN_MS = 20;
const MUSIC = [TONE.musicLow, TONE.musicHigh];

/** What a connection of the virtual FreeSWITCH hears in this moment, as the tones that a real one would carry. */
export function heardBy(face: EslFace, leg: Leg, voiceOf: (leg: Leg) => number): readonly number[] {
  if (leg.state !== 'connected' || leg.heldByDevice === 'held') return [];
  const channel = face.sw.byLeg.get(leg);
  // A file that is played to one of two hides the other one.
  const playing = channel?.sounds.at(-1)?.path;
  if (playing !== undefined) return tonesOf(playing);
  const heard = new Set<number>();
  const others = (one: Leg): readonly Leg[] =>
    [...(one.bridge?.members ?? [])].filter((other) => other !== one && isHeard(face, other));
  for (const other of others(leg)) {
    heard.add(voiceOf(other));
    for (const watcher of other.watchers) if (watcher.monitor?.mode === 'barge') heard.add(voiceOf(watcher));
  }
  for (const watcher of leg.watchers) if (watcher.monitor?.mode !== 'listen') heard.add(voiceOf(watcher));
  const target = leg.monitor?.target;
  if (target !== undefined) for (const one of [target, ...others(target)]) heard.add(voiceOf(one));
  heard.delete(voiceOf(leg));
  return [...heard].sort((a, b) => a - b);
}

function isHeard(face: EslFace, leg: Leg): boolean {
  return leg.state === 'connected' && leg.heldByDevice !== 'held' && face.sw.byLeg.get(leg)?.muted.read !== true;
}

function tonesOf(path: string): readonly number[] {
  if (path.startsWith('local_stream://')) return MUSIC;
  const name = /([a-z-]+)\.wav$/.exec(path)?.[1] ?? '';
  const prompt = PROMPTS[name as keyof typeof PROMPTS] as (typeof PROMPTS)[keyof typeof PROMPTS] | undefined;
  return prompt === undefined ? [] : [prompt.hz];
}

/** The ear of a virtual telephone: looks at its connection all the time and keeps what it heard. */
export class VirtualEar implements Ear {
  readonly #startedAtMs = performance.now();
  readonly #segments: { fromMs: number; toMs: number; freqs: readonly number[] }[] = [];
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(listen: () => readonly number[]) {
    this.#timer = setInterval(() => this.#take(listen()), LISTEN_MS);
    this.#timer.unref();
  }

  nowMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  segments(range: { readonly fromMs?: number; readonly toMs?: number } = {}): readonly ToneSegment[] {
    const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = range;
    return this.#segments
      .filter((part) => part.toMs > fromMs && part.fromMs < toMs)
      .map((part) => ({ ...part, fromMs: Math.max(part.fromMs, fromMs), toMs: Math.min(part.toMs, toMs) }));
  }

  async hears(
    freqs: readonly number[],
    bounds: { readonly forMs?: number; readonly withinMs?: number; readonly sinceMs?: number } = {},
  ): Promise<void> {
    const fromMs = bounds.sinceMs ?? this.nowMs();
    await until(() => exactlyMs(this.segments({ fromMs }), freqs) >= (bounds.forMs ?? 400), {
      what: `to hear [${freqs.join(', ')}] Hz`,
      withinMs: bounds.withinMs ?? PATIENCE_MS,
      seen: () => this.segments({ fromMs }).slice(-12),
    });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #take(freqs: readonly number[]): void {
    const nowMs = this.nowMs();
    const last = this.#segments.at(-1);
    const fromMs = last?.toMs ?? nowMs - LISTEN_MS;
    if (last !== undefined && last.freqs.join() === freqs.join()) last.toMs = nowMs;
    else this.#segments.push({ fromMs, toMs: nowMs, freqs });
  }
}
