import {
  type ConnectionId,
  type DriverCommand,
  type DriverReply,
  isServiceCommand,
  type MediaCommand,
} from '@cordboard/cti-core';
import type { AskedPlaybacks } from './asked-playbacks.js';
import type { Lanes } from './lanes.js';
import { refused } from './replies.js';

type Of<T extends MediaCommand['type']> = Extract<MediaCommand, { type: T }>;

/** A command on one connection that waits for what was said to this connection before. */
export type ConnectionCommand = Exclude<
  MediaCommand,
  { type: 'originate' | 'clear' | 'stopPlay' | 'bridge' | 'monitor' | 'flash' }
>;

/** What a driver of the `media` profile can do with the connections that it keeps (`L`). */
export interface MediaHands<L> {
  readonly lanes: Lanes;
  /** What waits to be played: the driver looks there before it has a playback sound. */
  readonly asked: AskedPlaybacks;
  /** The connection, or undefined when it is gone. */
  readonly legOf: (id: ConnectionId) => L | undefined;
  /** The lane of a bridge. */
  readonly bridgeLane: (bridgeId: Of<'bridge'>['bridgeId']) => string;
  readonly originate: (command: Of<'originate'>, signal: AbortSignal) => Promise<DriverReply>;
  readonly clear: (command: Of<'clear'>, leg: L, signal: AbortSignal) => Promise<DriverReply>;
  readonly stopPlay: (command: Of<'stopPlay'>, leg: L, signal: AbortSignal) => Promise<DriverReply>;
  readonly bridge: (command: Of<'bridge'>, legs: readonly L[], signal: AbortSignal) => Promise<DriverReply>;
  readonly monitor: (
    command: Of<'monitor'>,
    legs: { readonly supervisor: L; readonly target: L },
    signal: AbortSignal,
  ) => Promise<DriverReply>;
  readonly onLeg: (command: ConnectionCommand, leg: L, signal: AbortSignal) => Promise<DriverReply>;
  /** Connections beside its own whose earlier commands a command waits for, as things stand when it is given. Nobody's without it. */
  readonly alsoAfter?: (command: ConnectionCommand) => readonly ConnectionId[];
}

/**
 * Does what a checked command says, in the order that the contract asks for: what touches the same connection or bridge one after the
 * other, but a hang-up and the end of a playback at once. A connection that is gone is answered `gone`, a service of another profile
 * `notSupported`.
 *
 * @throws {CtiError} by rejection what the driver's hands throw
 */
export function carryOutMedia<L>(
  hands: MediaHands<L>,
  command: DriverCommand,
  signal: AbortSignal,
): Promise<DriverReply> {
  return isServiceCommand(command) ? Promise.resolve(refused('notSupported')) : carryOut(hands, command, signal);
}

function carryOut<L>(hands: MediaHands<L>, command: MediaCommand, signal: AbortSignal): Promise<DriverReply> {
  const { lanes } = hands;
  switch (command.type) {
    case 'originate':
      return hands.originate(command, signal);
    case 'clear':
      // Nothing may keep a hang-up waiting for long, least of all a command that hangs.
      return withLeg(hands, command.connectionId, (leg) => hands.clear(command, leg, signal));
    case 'stopPlay':
      return withLeg(hands, command.connectionId, (leg) => {
        hands.asked.stop(command.playbackId);
        return hands.stopPlay(command, leg, signal);
      });
    case 'flash':
      return Promise.resolve(refused('notSupported'));
    case 'bridge':
      return lanes.run([hands.bridgeLane(command.bridgeId), ...command.connectionIds], () =>
        bridge(hands, command, signal),
      );
    case 'monitor':
      return lanes.run([command.connectionId, command.targetId], () =>
        withLeg(hands, command.connectionId, (supervisor) =>
          withLeg(hands, command.targetId, (target) => hands.monitor(command, { supervisor, target }, signal)),
        ),
      );
    case 'play':
      return hands.asked.inTurn(command.playbackId, () => onLeg(hands, command, signal));
    default:
      return onLeg(hands, command, signal);
  }
}

function onLeg<L>(hands: MediaHands<L>, command: ConnectionCommand, signal: AbortSignal): Promise<DriverReply> {
  return hands.lanes.run([command.connectionId, ...(hands.alsoAfter?.(command) ?? [])], () =>
    withLeg(hands, command.connectionId, (leg) => hands.onLeg(command, leg, signal)),
  );
}

function withLeg<L>(
  hands: MediaHands<L>,
  id: ConnectionId,
  then: (leg: L) => Promise<DriverReply>,
): Promise<DriverReply> {
  const leg = hands.legOf(id);
  return leg === undefined ? Promise.resolve(refused('gone')) : then(leg);
}

async function bridge<L>(hands: MediaHands<L>, command: Of<'bridge'>, signal: AbortSignal): Promise<DriverReply> {
  const legs: L[] = [];
  for (const id of command.connectionIds) {
    const leg = hands.legOf(id);
    if (leg === undefined) return refused('gone');
    legs.push(leg);
  }
  return hands.bridge(command, legs, signal);
}
