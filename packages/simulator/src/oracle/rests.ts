import type { EngineEffect, EngineInput } from '@cordboard/cti-core';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * Until when the phone of an agent may be left alone: a phone that could not be rung n times in a row rests for one second, doubled each time, thirty at
 * most (docs/server.md). Counted from what was asked of the switch and what it said.
 */
export function phoneRests(): {
  applied(input: EngineInput, effects: readonly EngineEffect[]): void;
  untilMs(seat: string): number;
} {
  /** Diallings that have not rung, by connection and by command. */
  const silent = new Map<string, string>();
  const asked = new Map<string, string>();
  const strikes = new Map<string, { readonly times: number; readonly untilMs: number }>();

  function strike(connectionId: string, atMs: number): void {
    const device = silent.get(connectionId);
    if (device === undefined) return;
    silent.delete(connectionId);
    const times = (strikes.get(device)?.times ?? 0) + 1;
    strikes.set(device, { times, untilMs: atMs + Math.min(FIRST_MS * 2 ** (times - 1), LONGEST_MS) });
  }

  function takeInput(input: EngineInput): void {
    if (input.kind === 'recovered') return silent.clear();
    if (input.kind === 'reply') {
      const connectionId = asked.get(input.commandId);
      asked.delete(input.commandId);
      if (connectionId === undefined || input.reply.outcome === 'accepted') return;
      if (input.reply.code === 'linkLost') silent.delete(connectionId);
      else strike(connectionId, input.atMs);
      return;
    }
    if (input.kind !== 'driver') return;
    const { event } = input;
    if (event.type === 'snapshot') silent.clear();
    if (event.type === 'linkSynced') strikes.clear();
    if (event.type === 'cleared') strike(event.connectionId, input.atMs);
    if (event.type === 'alerting' || event.type === 'connected') {
      const device = silent.get(event.connectionId);
      silent.delete(event.connectionId);
      if (device !== undefined) strikes.delete(device);
    }
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      takeInput(input);
      const unconfirmed = effects.some((effect) => effect.kind === 'note' && effect.code === 'originate.unconfirmed');
      for (const effect of effects) {
        if (effect.kind !== 'driver') continue;
        const { command } = effect;
        if (command.type === 'originate' && command.target.kind === 'device') {
          silent.set(command.connectionId, command.target.device);
          asked.set(command.commandId, command.connectionId);
        } else if (command.type === 'clear' && unconfirmed) strike(command.connectionId, input.atMs);
      }
    },
    untilMs: (seat: string): number => strikes.get(seat)?.untilMs ?? 0,
  };
}
