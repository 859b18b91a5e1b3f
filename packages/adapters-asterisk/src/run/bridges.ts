import type { DriverCommand, DriverReply } from '@cordboard/cti-core';
import type { Leg } from '../map/leg.js';
import { type AriRequest, part } from '../map/request.js';
import { isBridge } from '../wire/ari-decoder.js';
import { ACCEPTED, isOk, type Kit, refused, replyOf } from './kit.js';
import type { Lanes } from './lanes.js';
import type { Monitors } from './monitors.js';
import type { Quiet } from './quiet.js';

/**
 * Without `dtmf_events` two members that are bridged natively would give no digit to anybody (22.10.1, 2026-11-21).
 */
export const BRIDGE_TYPE = 'mixing,dtmf_events';

/** The key that keeps everything about one bridge in order. */
export function bridgeLane(bridgeId: string): string {
  return `bridge ${bridgeId}`;
}

/** What {@link Bridges} works with. */
export interface BridgeParts {
  readonly quiet: Quiet;
  readonly monitors: Monitors;
  readonly lanes: Lanes;
}

/** The bridges of the engine: made when first named, destroyed when the last member has left. */
export class Bridges {
  readonly #kit: Kit;
  readonly #parts: BridgeParts;

  constructor(kit: Kit, parts: BridgeParts) {
    this.#kit = kit;
    this.#parts = parts;
  }

  async join(
    command: Extract<DriverCommand, { type: 'bridge' }>,
    legs: readonly Leg[],
    signal: AbortSignal,
  ): Promise<DriverReply> {
    if (legs.some((leg) => leg.place !== 'in')) return refused('conflict');
    const coming = legs.filter((leg) => leg.bridgeId !== command.bridgeId);
    if (coming.length === 0) return ACCEPTED;
    await Promise.all(coming.map((leg) => this.#ready(leg, signal)));
    const path = `/bridges/${part(command.bridgeId)}`;
    const made = await this.#kit.send({ method: 'POST', path, query: { type: BRIDGE_TYPE } }, signal);
    // 409: it is there already.
    if (!isOk(made) && made.status !== 409) return replyOf(made);
    const query = { channel: coming.map((leg) => leg.id).join(',') };
    const added = await this.#kit.send({ method: 'POST', path: `${path}/addChannel`, query }, signal);
    if (isOk(added)) return ACCEPTED;
    void this.destroyIfEmpty(command.bridgeId);
    // Asterisk says 400 for a channel that is no longer there.
    return added.status === 400 ? refused('gone', 'HTTP 400') : replyOf(added);
  }

  async leave(leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    if (leg.bridgeId === undefined) return refused('conflict');
    await this.#parts.quiet.hush(leg, signal);
    if (leg.bridgeId === undefined) return ACCEPTED;
    const path = `/bridges/${part(leg.bridgeId)}/removeChannel`;
    return replyOf(await this.#kit.send({ method: 'POST', path, query: { channel: leg.id } }, signal));
  }

  /** Destroys a bridge that stands empty, unless a command has put somebody into it meanwhile. */
  async destroyIfEmpty(bridgeId: string): Promise<void> {
    await this.#parts.lanes.run([bridgeLane(bridgeId)], async () => {
      const request: AriRequest = { method: 'GET', path: `/bridges/${part(bridgeId)}` };
      const answer = await this.#kit.send(request).catch(() => undefined);
      if (answer === undefined || !isOk(answer) || !isBridge(answer.json) || answer.json.channels.length > 0) return;
      await this.#kit.tidy({ ...request, method: 'DELETE' });
    });
  }

  async #ready(leg: Leg, signal: AbortSignal): Promise<void> {
    await this.#parts.quiet.hush(leg, signal);
    await this.#parts.monitors.release(leg, signal);
  }
}
