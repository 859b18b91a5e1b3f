import type { Clock, DriverCommand, DriverReply } from '@cordboard/cti-core';
import { Correlator } from './correlator.js';
import { refused, replyOfError } from './replies.js';

/** Carries one command out on the wire. `signal` aborts when the command has its answer: what still waits is given up. */
export type CarryOut = (command: DriverCommand, signal: AbortSignal) => Promise<DriverReply>;

/** Gives each command of a driver its one answer: the switch's, or within the command's bound one that says why there is none. */
export class CommandDesk {
  readonly #answers: Correlator<DriverReply>;
  #state: 'open' | 'stopped' = 'open';

  constructor(options: { readonly clock: Clock }) {
    this.#answers = new Correlator(options);
  }

  /** Has a command carried out. Never rejects. After {@link stop}: `stopped`. */
  async execute(command: DriverCommand, carryOut: CarryOut): Promise<DriverReply> {
    if (this.#state === 'stopped') return refused('stopped');
    const bound = new AbortController();
    const answer = this.#answers.open(command.commandId, { timeoutMs: command.boundMs });
    carryOut(command, bound.signal).then(
      (reply) => this.#answers.resolve(command.commandId, reply),
      (error: unknown) => this.#answers.resolve(command.commandId, replyOfError(error)),
    );
    try {
      return await answer;
    } catch (error) {
      return (this.#state as string) === 'stopped' ? refused('stopped') : replyOfError(error);
    } finally {
      bound.abort();
    }
  }

  /** Answers every command under way with `linkLost`; call it before the loss is told. */
  linkLost(): void {
    this.#answers.linkLost();
  }

  /** Answers every command under way and all later ones with `stopped`. May be called again. */
  stop(): void {
    this.#state = 'stopped';
    this.#answers.close();
  }
}
