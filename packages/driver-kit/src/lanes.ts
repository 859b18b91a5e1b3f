/**
 * Keeps commands that touch the same thing in their order: each waits for those before it that share a key. Commands
 * without a common key run side by side. Keys of finished commands are forgotten.
 */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `task` after every earlier task that shares one of the keys, whether those succeeded or not. */
  async run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const before = keys.flatMap((key) => this.#last.get(key) ?? []);
    let release: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    for (const key of keys) this.#last.set(key, mine);
    try {
      await Promise.all(before);
      return await task();
    } finally {
      release();
      for (const key of keys) if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }

  /** Keys with a command under way. */
  get busy(): number {
    return this.#last.size;
  }
}
