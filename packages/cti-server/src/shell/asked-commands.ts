import {
  type Actor,
  asId,
  type ClientCommand,
  type ClientCommandId,
  type ClientOutcome,
  type Clock,
  CtiError,
  type EngineInputBody,
} from '@cordboard/cti-core';

const BOUND_MS = 10_000;

/** Client commands that come by REST: each waits for its outcome. */
export class AskedCommands {
  readonly #options: { readonly clock: Clock; readonly submit: (input: EngineInputBody) => void };
  readonly #waiting = new Map<string, (outcome: ClientOutcome) => void>();

  constructor(options: { readonly clock: Clock; readonly submit: (input: EngineInputBody) => void }) {
    this.#options = options;
  }

  /**
   * Gives a command to the engine and waits until it is done.
   *
   * @throws {CtiError} the engine's refusal; `client.timeout` after ten seconds
   */
  async do(who: Omit<Actor, 'clientId'>, command: ClientCommand): Promise<void> {
    const commandId = asId<ClientCommandId>(`rest-${crypto.randomUUID()}`);
    const key = `${who.userId}\0${commandId}`;
    let cancel: () => void = () => undefined;
    const answered = new Promise<ClientOutcome>((resolve, reject) => {
      this.#waiting.set(key, resolve);
      cancel = this.#options.clock.setTimer(BOUND_MS, () =>
        reject(new CtiError('client.timeout', 'the engine has not answered in time')),
      );
    });
    try {
      this.#options.submit({ kind: 'client', commandId, actor: { ...who, clientId: asId('rest') }, command });
      const outcome = await answered;
      if (outcome.outcome === 'failed') throw new CtiError(outcome.code, outcome.message);
    } finally {
      cancel();
      this.#waiting.delete(key);
    }
  }

  /** Looks at an outcome. */
  settle(userId: string, commandId: string, outcome: ClientOutcome): void {
    this.#waiting.get(`${userId}\0${commandId}`)?.(outcome);
  }
}
