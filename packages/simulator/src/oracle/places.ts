import type { ConnectionId, EngineEffect, EngineInput } from '@cordboard/cti-core';
import type { Check, CheckContext } from './check.js';
import type { Board } from './views.js';

/** Who takes the place of another one changes nobody else's calls. To be asked before the {@link Board} is brought up to date. */
export function placeChecks(context: CheckContext, board: Board): Check {
  function takePlace(replaced: ConnectionId, by: ConnectionId, effects: readonly EngineEffect[]): void {
    const calls = [...board.calls.values()].filter((call) =>
      call.connections.some(({ connectionId }) => isOn(connectionId, replaced)),
    );
    const others = new Set(
      calls
        .flatMap((call) => call.connections)
        .filter(({ connectionId, state, role }) => {
          const takesPart = state === 'connected' || state === 'held' || state === 'queued';
          // Who watches an agent leaves with the agent.
          const isParty = role === 'party' || role === 'consult';
          return isParty && takesPart && !isOn(connectionId, replaced) && !isOn(connectionId, by);
        })
        .map(({ connectionId }) => connectionId),
    );
    for (const effect of effects) {
      if (effect.kind === 'driver' && effect.command.type === 'clear' && others.has(effect.command.connectionId))
        context.fail('place-kept', 'one is let go when another party of the call is replaced');
      if (effect.kind !== 'publish' || effect.stream !== 'board' || effect.event.type !== 'callEnded') continue;
      const { callId, stillLives } = effect.event;
      if (stillLives === undefined && calls.some((call) => call.callId === callId))
        context.fail('place-kept', 'a call ends when one of its parties is replaced');
    }
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      if (input.kind !== 'driver' || input.event.type !== 'replaced') return;
      takePlace(input.event.connectionId, input.event.by, effects);
    },
  };
}

/** An agent's second and third connection share the driver's one. */
function isOn(id: ConnectionId, leg: ConnectionId): boolean {
  return id === leg || id.startsWith(`${leg}+`);
}
