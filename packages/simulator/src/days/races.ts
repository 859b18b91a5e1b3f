import type { DriverCommandType, DriverEventType, EngineEffect, EngineInput } from '@cordboard/cti-core';

/** An event that came for a connection while a command for it was under way. */
type Crossing = `${DriverEventType}/${DriverCommandType}`;

/** The races that a run of days must reach: what happened, against what had just been asked for. */
export const RACES = [
  // The party is gone before what was asked for it is done.
  'cleared/answer',
  'cleared/play',
  'cleared/holdMusic',
  'cleared/bridge',
  'cleared/unbridge',
  'cleared/clear',
  'cleared/record',
  'cleared/originate',
  // The phone is lifted while its ringing is being taken back.
  'connected/clear',
  'alerting/clear',
  // A key meets the end or the start of an announcement.
  'digit/play',
  'digit/stopPlay',
  'playbackFinished/stopPlay',
  'playbackFinished/clear',
  // Confirmations before their answers.
  'connected/answer',
  'created/originate',
  'bridged/bridge',
  'unbridged/unbridge',
  'playbackStarted/play',
  'recordingStarted/record',
  // The phone acts by itself meanwhile.
  'heldByDevice/bridge',
  'recordingFinished/clear',
] as const satisfies readonly Crossing[];
/** One of the {@link RACES}. */
export type Race = (typeof RACES)[number];

/** Counts crossings of events and commands. */
export class RaceWatch {
  readonly reached = new Map<string, number>();
  /** Commands without an answer, by connection. */
  readonly #open = new Map<string, Map<string, DriverCommandType>>();
  readonly #of = new Map<string, readonly string[]>();

  applied(input: EngineInput, effects: readonly EngineEffect[]): void {
    if (input.kind === 'driver' && 'connectionId' in input.event) {
      const { connectionId, type } = input.event;
      for (const command of new Set(this.#open.get(connectionId)?.values())) this.#count(`${type}/${command}`);
      if (type === 'cleared') this.#open.delete(connectionId);
    }
    if (input.kind === 'reply') {
      for (const id of this.#of.get(input.commandId) ?? []) this.#open.get(id)?.delete(input.commandId);
      this.#of.delete(input.commandId);
    }
    for (const effect of effects) {
      if (effect.kind !== 'driver') continue;
      const { command } = effect;
      const ids = command.type === 'bridge' ? command.connectionIds : [command.connectionId];
      this.#of.set(command.commandId, ids);
      for (const id of ids) {
        const open = this.#open.get(id) ?? new Map<string, DriverCommandType>();
        open.set(command.commandId, command.type);
        this.#open.set(id, open);
      }
    }
  }

  #count(race: string): void {
    this.reached.set(race, (this.reached.get(race) ?? 0) + 1);
  }
}
