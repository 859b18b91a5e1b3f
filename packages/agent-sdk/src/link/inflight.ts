import type { ClientCommand, ClientCommandId, ClientOutcome } from '@cordboard/cti-core';
import { asId, type CallId, type Clock, CtiError } from '@cordboard/cti-core';
import { errorOf } from './errors.js';

/** A command that ended well. */
export interface Reply {
  readonly outcome: 'done' | 'unconfirmed';
  readonly callId?: CallId;
  /** Where a call was parked. */
  readonly slot?: number;
}

interface Waiting {
  readonly commandId: ClientCommandId;
  readonly command: ClientCommand;
  readonly settle: (reply: Reply | CtiError) => void;
}

const maxWaiting = 1_000;

/** What {@link Inflight} needs. */
export interface InflightOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  /** Bound of each command, from its first sending to its outcome. */
  readonly timeoutMs: number;
  /** Sends when there is a socket; otherwise the command waits for the next {@link Inflight.resend}. */
  readonly send: (commandId: ClientCommandId, command: ClientCommand) => void;
}

/**
 * Commands without an outcome. Each keeps its id until it is settled, whatever number of sockets it takes: the server
 * carries one id out once.
 */
export class Inflight {
  readonly #waiting = new Map<ClientCommandId, Waiting>();
  readonly #options: InflightOptions;
  #ended: CtiError | undefined;

  constructor(options: InflightOptions) {
    this.#options = options;
  }

  /** Commands that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Sends a command and waits for its outcome. Rejects with the error told, `client.timeout`, `client.closed`, `wait.aborted` or `server.busy`. */
  request(command: ClientCommand, signal?: AbortSignal): Promise<Reply> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (signal?.aborted) return Promise.reject(aborted(signal, command));
    if (this.#waiting.size >= maxWaiting) {
      return Promise.reject(new CtiError('server.busy', `more than ${maxWaiting} commands wait for their outcome`));
    }
    const commandId = asId<ClientCommandId>(this.#options.newId());
    return new Promise<Reply>((resolve, reject) => {
      const cancelTimer = this.#options.clock.setTimer(this.#options.timeoutMs, () => {
        const message = `the server did not say in ${this.#options.timeoutMs} ms how ${command.type} ended`;
        settle(new CtiError('client.timeout', message, { details: { command: command.type, commandId } }));
      });
      const onAbort = (): void => settle(aborted(signal, command));
      const settle = (result: Reply | CtiError): void => {
        if (!this.#waiting.delete(commandId)) return;
        cancelTimer();
        signal?.removeEventListener('abort', onAbort);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(commandId, { commandId, command, settle });
      this.#options.send(commandId, command);
    });
  }

  /** Sends all that wait again, in their order, under their ids. */
  resend(): void {
    for (const { commandId, command } of [...this.#waiting.values()]) this.#options.send(commandId, command);
  }

  /** An outcome came. A second one for the same id is of no interest. */
  settle(commandId: ClientCommandId, outcome: ClientOutcome): void {
    const waiting = this.#waiting.get(commandId);
    if (waiting === undefined) return;
    if (outcome.outcome === 'failed') waiting.settle(errorOf(outcome));
    else {
      const slot = outcome.outcome === 'done' ? outcome.slot : undefined;
      waiting.settle({
        outcome: outcome.outcome,
        ...(outcome.callId === undefined ? {} : { callId: outcome.callId }),
        ...(slot === undefined ? {} : { slot }),
      });
    }
  }

  /** The command was refused at the door. */
  refuse(commandId: ClientCommandId, error: CtiError): void {
    this.#waiting.get(commandId)?.settle(error);
  }

  /** Rejects all that wait and all that come. */
  end(error: CtiError): void {
    this.#ended ??= error;
    for (const waiting of [...this.#waiting.values()]) waiting.settle(error);
  }
}

function aborted(signal: AbortSignal | undefined, command: ClientCommand): CtiError {
  return new CtiError('wait.aborted', `the wait for ${command.type} was given up`, { cause: signal?.reason });
}
