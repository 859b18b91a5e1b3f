import { parseDeviceId } from '@cordboard/cti-core';
import type { AriEvent } from '../wire/ari-messages.js';
import { type MapEffect, on, tell } from './effects.js';
import { type Leg, rawNumber } from './leg.js';

type Of<T extends AriEvent['type']> = Extract<AriEvent, { type: T }>;

/**
 * What a phone's REFER means, in both forms in which Asterisk tells it: as a question, when the channel's
 * `PJSIP_TRANSFER_HANDLING()` is `ari-only`, or as something done, where that function does not exist.
 */
export class PhoneTransfers {
  readonly #legs: ReadonlyMap<string, Leg>;
  /** Halves of Local channels in the application: Asterisk's own means of a transfer, never told as connections. */
  readonly #means = new Set<string>();
  /** The bridge that a leg left last, for the way back. */
  readonly #lastBridge = new Map<string, string>();

  constructor(legs: ReadonlyMap<string, Leg>) {
    this.#legs = legs;
  }

  /** A Local half has come into the application. */
  met(channelId: string): void {
    this.#means.add(channelId);
  }

  /** A leg has left a bridge. */
  left(legId: string, bridgeId: string): void {
    this.#lastBridge.set(legId, bridgeId);
  }

  /** A channel is gone. */
  gone(channelId: string): void {
    this.#means.delete(channelId);
    this.#lastBridge.delete(channelId);
  }

  /** Asterisk holds still and waits for our `transfer_progress`; later events of the same REFER have a state. */
  asked(leg: Leg, event: Of<'ChannelTransfer'>): MapEffect[] {
    if (event.state !== undefined) return [];
    if (!isPhone(leg)) return [{ kind: 'declineTransfer', leg }];
    const { destination_channel: channel, requested_destination: wanted } = event.refer_to;
    const named = channel === undefined ? undefined : this.#legs.get(channel.id);
    const consult = named ?? this.#byProtocol(wanted?.protocol_id, leg);
    const to = wanted?.destination ?? '';
    if (consult === undefined && to === '') return [];
    leg.referring = 'yes';
    return [consult === undefined ? blind(leg, to, event.timestamp) : attended(leg, consult, event.timestamp)];
  }

  /** Asterisk carried out a blind REFER: the goal is told, and what it did is taken back. */
  blindDone(leg: Leg, event: Of<'BridgeBlindTransfer'>): MapEffect[] {
    if (event.exten === '' || (event.result !== undefined && event.result !== 'Success')) return [];
    return [...(isPhone(leg) ? [blind(leg, event.exten, event.timestamp)] : []), this.#undo([leg])];
  }

  /** Asterisk carried out a REFER with Replaces. When the other call is not ours there is nothing that we could join. */
  attendedDone(leg: Leg, event: Of<'BridgeAttendedTransfer'>): MapEffect[] {
    const consult = this.#legs.get(event.transferer_second_leg.id);
    if (consult === undefined) return [];
    return [...(isPhone(leg) ? [attended(leg, consult, event.timestamp)] : []), this.#undo([leg, consult])];
  }

  #undo(legs: readonly Leg[]): MapEffect {
    const channelIds = [...this.#means];
    this.#means.clear();
    const places = legs.flatMap((leg) => {
      const bridgeId = leg.bridgeId ?? this.#lastBridge.get(leg.id);
      return bridgeId === undefined ? [] : [{ legId: leg.id, bridgeId }];
    });
    return { kind: 'undo', channelIds, places };
  }

  #byProtocol(protocolId: string | undefined, not: Leg): Leg | undefined {
    if (protocolId === undefined || protocolId === '') return undefined;
    for (const leg of this.#legs.values()) if (leg.protocolId === protocolId && leg !== not) return leg;
    return undefined;
  }
}

/** A REFER from the far end of a trunk would have this site dial, and pay, for whoever calls it. */
function isPhone(leg: Leg): boolean {
  return parseDeviceId(leg.device)?.kind === 'extension';
}

function blind(leg: Leg, to: string, timestamp: string | undefined): MapEffect {
  return tell({ type: 'transferRequested', ...on(leg, timestamp), kind: 'blind', to: rawNumber(to) });
}

function attended(leg: Leg, consult: Leg, timestamp: string | undefined): MapEffect {
  return tell({ type: 'transferRequested', ...on(leg, timestamp), kind: 'attended', consultId: consult.connectionId });
}
