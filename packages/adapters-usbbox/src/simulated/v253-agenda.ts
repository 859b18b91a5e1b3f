/** What a modem does later, in order of time; on the modem's own count of milliseconds. */
export class Agenda {
  #plan: { readonly atMs: number; readonly run: () => void }[] = [];

  /** Plans something; of two for the same time the first planned goes first. */
  at(atMs: number, run: () => void): void {
    let at = this.#plan.length;
    while (at > 0 && (this.#plan[at - 1]?.atMs ?? 0) > atMs) at -= 1;
    this.#plan.splice(at, 0, { atMs, run });
  }

  /** Does what is due. */
  run(nowMs: number): void {
    while (this.#plan[0] !== undefined && this.#plan[0].atMs <= nowMs) this.#plan.shift()?.run();
  }

  /** Forgets all of it. */
  clear(): void {
    this.#plan = [];
  }
}

/** Mixes sound into other sound, within what 16 bits hold. */
export function addTo(out: Int16Array, more: Int16Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(-32_768, Math.min(32_767, (out[i] ?? 0) + (more[i] ?? 0)));
}

/** The keys of a `+VTS` list and when each begins, ms from now, and when the list is done; tones of other kinds are pauses. */
export function tonesOf(list: string): {
  readonly keys: readonly { readonly key: string; readonly afterMs: number }[];
  readonly doneMs: number;
} {
  const keys: { key: string; afterMs: number }[] = [];
  let ms = 0;
  for (const part of list.match(/\[[^\]]*\]|[0-9*#A-D]/g) ?? []) {
    if (part.startsWith('[')) {
      ms += Number(part.slice(1, -1).split(',')[2] ?? 0) * 10;
      continue;
    }
    keys.push({ key: part, afterMs: ms });
    ms += 170;
  }
  return { keys, doneMs: ms };
}
