import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Question } from './worker.js';

/** Worker processes that take questions in turn. */
export class Crew {
  readonly #workers: ChildProcess[];
  readonly #idle: ChildProcess[];
  readonly #waiting: ((worker: ChildProcess) => void)[] = [];

  /** @param file - the bundled worker */
  constructor(file: string, size: number) {
    this.#workers = Array.from({ length: size }, () => fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
    this.#idle = [...this.#workers];
  }

  /**
   * Asks the next free worker.
   * @throws {Error} when the worker dies, or is silent for `boundMs`
   */
  async ask(question: Question, boundMs = 300_000): Promise<Answer> {
    const worker = this.#idle.pop() ?? (await new Promise<ChildProcess>((resolve) => this.#waiting.push(resolve)));
    const bound = new AbortController();
    const timer = setTimeout(() => bound.abort(), boundMs);
    try {
      const answered = once(worker, 'message', { signal: bound.signal });
      const died = once(worker, 'exit', { signal: bound.signal }).then(() => {
        throw new Error('a worker died');
      });
      worker.send(question);
      const [answer] = await Promise.race([answered, died]);
      return answer as Answer;
    } finally {
      clearTimeout(timer);
      bound.abort();
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(worker);
      else next(worker);
    }
  }

  /** Ends all workers. */
  stop(): void {
    for (const worker of this.#workers) worker.kill();
  }
}
