import type { ClientOutcome, EngineInputBody, Logger } from '@cordboard/cti-core';
import type { ConfigKeeper } from '../config/keeper.js';

/**
 * Routes that a supervisor paused or enabled by a command: the engine has done it; the configuration must remember it, or the next
 * change of anything else would undo it.
 */
export class RouteNotes {
  readonly #keeper: ConfigKeeper;
  readonly #log: Logger;
  readonly #asked = new Map<string, { routeId: string; enabled: 'enabled' | 'paused' }>();

  constructor(keeper: ConfigKeeper, log: Logger) {
    this.#keeper = keeper;
    this.#log = log;
  }

  /** Looks at an input of a client. */
  see(input: EngineInputBody): void {
    if (input.kind !== 'client' || input.command.type !== 'route.set') return;
    const { routeId, enabled } = input.command;
    this.#asked.set(`${input.actor.userId}\0${input.commandId}`, { routeId, enabled });
  }

  /** Looks at an outcome. */
  settle(userId: string, commandId: string, outcome: ClientOutcome): void {
    const key = `${userId}\0${commandId}`;
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    this.#asked.delete(key);
    if (outcome.outcome === 'failed') return;
    this.#keeper
      .note('routes', asked.routeId, (route) => ({ ...route, enabled: asked.enabled }))
      .catch(() => this.#log.error('a paused or enabled route could not be kept', { routeId: asked.routeId }));
  }
}
