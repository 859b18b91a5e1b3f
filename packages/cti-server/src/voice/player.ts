import type { DriverCommand, EngineInputBody, MediaRef, PlaybackId, SwitchId } from '@cordboard/cti-core';
import type { Playable } from './playable.js';

/** What a player works with. */
export interface PlayerOptions {
  readonly playable: Pick<Playable, 'resolve'>;
  /** Gives a command to its driver; the reply becomes an input. */
  readonly execute: (switchId: SwitchId, command: DriverCommand) => void;
  readonly submit: (input: EngineInputBody) => void;
}

type Play = Extract<DriverCommand, { type: 'play' }>;
type StopPlay = Extract<DriverCommand, { type: 'stopPlay' }>;

/**
 * Stands between engine and drivers, and puts files in the place of words and of names of the voice library. To the engine it looks like a driver: each command has one reply, each
 * accepted playback ends once, also one of which nothing is left to play: that one is over at once, so that no flow waits for a sound that nobody makes.
 */
export class Player {
  readonly #options: PlayerOptions;
  /** Playbacks whose sound is being made; they have not reached their driver. */
  readonly #waiting = new Map<PlaybackId, { readonly switchId: SwitchId; readonly command: Play }>();

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  /** Playbacks that wait for their sound. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Carries out a command. Only `play` and what ends a waiting one are looked at. */
  execute(switchId: SwitchId, command: DriverCommand): void {
    if (command.type === 'play') return this.#play(switchId, command);
    if (command.type === 'stopPlay' && this.#waiting.has(command.playbackId)) return this.#stop(switchId, command);
    this.#options.execute(switchId, command);
  }

  /** A link has gone: what follows begins anew, and a sound that is still being made must not be heard in the midst of it. */
  linkLost(switchId: SwitchId): void {
    for (const [playbackId, waiting] of this.#waiting) {
      if (waiting.switchId !== switchId) continue;
      this.#waiting.delete(playbackId);
      const { commandId } = waiting.command;
      this.#options.submit({ kind: 'reply', commandId, reply: { outcome: 'refused', code: 'linkLost' } });
    }
  }

  #play(switchId: SwitchId, command: Play): void {
    const media = this.#options.playable.resolve(command.media);
    if (!(media instanceof Promise)) return this.#pass(switchId, command, media);
    this.#waiting.set(command.playbackId, { switchId, command });
    void media
      .catch((): readonly MediaRef[] => [])
      .then((made) => {
        if (this.#waiting.delete(command.playbackId)) this.#pass(switchId, command, made);
      });
  }

  #pass(switchId: SwitchId, command: Play, media: readonly MediaRef[]): void {
    if (media.length > 0) return this.#options.execute(switchId, { ...command, media });
    this.#accept(command);
    this.#over(switchId, { command, outcome: 'done' });
  }

  #stop(switchId: SwitchId, stop: StopPlay): void {
    const command = this.#waiting.get(stop.playbackId)?.command;
    this.#waiting.delete(stop.playbackId);
    if (command !== undefined) this.#accept(command);
    this.#accept(stop);
    if (command !== undefined) this.#over(switchId, { command, outcome: 'stopped' });
  }

  #accept({ commandId }: DriverCommand): void {
    this.#options.submit({ kind: 'reply', commandId, reply: { outcome: 'accepted' } });
  }

  #over(switchId: SwitchId, what: { readonly command: Play; readonly outcome: 'done' | 'stopped' }): void {
    const { connectionId, playbackId } = what.command;
    this.#options.submit({
      kind: 'driver',
      switchId,
      event: { type: 'playbackFinished', connectionId, playbackId, outcome: what.outcome },
    });
  }
}
