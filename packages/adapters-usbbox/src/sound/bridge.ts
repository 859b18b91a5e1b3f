import type { BridgeId } from '@cordboard/cti-core';
import { Fifo } from './fifo.js';

/** 200 ms: what two clocks may drift apart before something is dropped. */
const CAPACITY = 1_600;
/** After an overflow so much is kept, 40 ms, so that the delay does not stay. */
const KEPT = 320;
/** Both sides are judged within so long of one another: the path through the bridge and the line's own delay. */
const ECHO_MS = 500;

/**
 * The parties that hear each other. Each gives its sound and takes that of all others, by its own clock: between any two lies a short store that drops
 * what a faster clock gives too much and is silent where a slower one gives too little.
 */
export class Bridge {
  readonly bridgeId: BridgeId;
  readonly #members = new Set<object>();
  /** By listener, by speaker. */
  readonly #paths = new Map<object, Map<object, Fifo>>();
  #key: { readonly key: string; readonly nowMs: number } | undefined;

  constructor(bridgeId: BridgeId) {
    this.bridgeId = bridgeId;
  }

  /** Notes that a key was pressed at a phone in it: what the line gives back of it is no key of the far end. */
  pressed(key: string, nowMs: number): void {
    this.#key = { key, nowMs };
  }

  /** May this key, heard on a line now, be the echo of one that was pressed in the bridge? */
  echoes(key: string, nowMs: number): boolean {
    return this.#key !== undefined && this.#key.key === key && nowMs - this.#key.nowMs <= ECHO_MS;
  }

  /** How many are in it. */
  get size(): number {
    return this.#members.size;
  }

  /** Who is in it. */
  has(member: object): boolean {
    return this.#members.has(member);
  }

  /** Adds a party. */
  join(member: object): void {
    if (this.#members.has(member)) return;
    const mine = new Map<object, Fifo>();
    for (const other of this.#members) {
      mine.set(other, new Fifo(CAPACITY));
      this.#paths.get(other)?.set(member, new Fifo(CAPACITY));
    }
    this.#members.add(member);
    this.#paths.set(member, mine);
  }

  /** Takes a party out. */
  leave(member: object): void {
    this.#members.delete(member);
    this.#paths.delete(member);
    for (const paths of this.#paths.values()) paths.delete(member);
  }

  /** Sound of a party, for all others. */
  push(member: object, samples: Int16Array): void {
    for (const [listener, paths] of this.#paths) {
      if (listener === member) continue;
      const path = paths.get(member);
      if (path !== undefined && path.push(samples) > 0) path.drop(path.length - KEPT);
    }
  }

  /** Adds what a party shall hear to `out`. @returns `nothing` when nobody had anything */
  mixInto(member: object, out: Int16Array): 'sound' | 'nothing' {
    let had = 0;
    for (const path of this.#paths.get(member)?.values() ?? []) had += path.mixInto(out);
    return had > 0 ? 'sound' : 'nothing';
  }
}
