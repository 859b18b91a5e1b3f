import {
  asId,
  type DeviceId,
  type DriverCommand,
  type DriverReply,
  parseDeviceId,
  type RawParty,
} from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { MapEffect } from '../map/effects.js';
import { createRequest, dialRequest, onChannel } from '../map/from-core.js';
import { type Leg, rawNumber, rawParty } from '../map/leg.js';
import type { Arrivals } from './arrivals.js';
import { isOk, type Kit, replyOf } from './kit.js';

/** How long an originated channel may stay unseen after its request failed, before it is forgotten. */
export const UNSEEN_MS = 10_000;

type Originate = Extract<DriverCommand, { type: 'originate' }>;

/** What {@link originate} works with. */
export interface OriginateParts {
  readonly kit: Kit;
  readonly arrivals: Arrivals;
  /** Carries out what the model says has to follow. */
  readonly follow: (effects: readonly MapEffect[]) => void;
}

/**
 * Dials, in two steps: a channel is made inside the application, then told to dial. So it belongs to the application while it rings, and
 * whoever answers when no server is connected stays in the line until one is: a channel that Asterisk dials for the application and
 * brings there at the answer is hung up instead.
 *
 * @throws {CtiError} by rejection `driver.linkLost`, `driver.timeout`, `wait.aborted`
 */
export async function originate(parts: OriginateParts, command: Originate, signal: AbortSignal): Promise<DriverReply> {
  const { kit } = parts;
  const id = command.connectionId.slice(command.connectionId.indexOf('~') + 1);
  if (kit.model.leg(id) !== undefined) return refused('conflict');
  const leg = plannedLeg(command, id);
  if (command.target.kind === 'number') kit.model.learnTrunk(parseDeviceId(command.target.trunk)?.address ?? '');
  // Its events may come before the answer: it has to be known by then.
  kit.model.add(leg);
  const arrival = parts.arrivals.expect(id, signal);
  try {
    const made = await kit.send(createRequest(command, kit.options), signal);
    if (!isOk(made)) return notMade(parts, leg, made);
    await arrival.here;
    leg.dialling = 'asked';
    const dialled = await kit.send(dialRequest(id, command.ringTimeoutMs), signal);
    if (isOk(dialled) || kit.model.leg(id) !== leg) return ACCEPTED;
    giveUp(kit, leg);
    // Told already: its end will be told as well.
    return leg.told === 'yes' ? ACCEPTED : replyOf(dialled);
  } catch (error) {
    if (leg.dialling === 'wanted') giveUp(kit, leg);
    kit.later(UNSEEN_MS, () => {
      if (leg.told === 'no') kit.model.drop(id);
    });
    throw error;
  } finally {
    arrival.cancel();
  }
}

function notMade(parts: OriginateParts, leg: Leg, answer: Parameters<typeof replyOf>[0]): DriverReply {
  const { kit, follow } = parts;
  if (leg.told === 'yes') return ACCEPTED;
  if (answer.status === 500) {
    // "Allocation failed": nothing is registered at that address, so that there is nobody to ring.
    follow(kit.model.end(leg, { cause: 'deviceUnreachable', native: { text: 'Allocation failed' } }));
    return ACCEPTED;
  }
  kit.model.drop(leg.id);
  return replyOf(answer);
}

/** Nobody is going to dial it: it ends now, or as soon as it shows. */
function giveUp(kit: Kit, leg: Leg): void {
  leg.dialling = 'givenUp';
  void kit.tidy(onChannel(leg.id, { method: 'DELETE' }));
}

function plannedLeg(command: Originate, id: string): Leg {
  const { target } = command;
  const calling: RawParty = rawParty({ number: command.callerNumber ?? '', name: command.callerName ?? '' });
  return {
    id,
    connectionId: command.connectionId,
    device: target.kind === 'device' ? target.device : asId<DeviceId>(target.trunk),
    direction: 'outgoing',
    calling,
    called: rawNumber(target.kind === 'device' ? parseDeviceId(target.device)?.address : target.number),
    state: 'initiated',
    place: 'before',
    told: 'no',
    callId: command.mark.callId,
    hold: 'none',
    dialling: 'wanted',
  };
}
