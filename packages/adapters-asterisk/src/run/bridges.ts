import type { BridgeId, DriverCommand, DriverReply } from '@cordboard/cti-core';
import type { Lanes } from '@cordboard/driver-kit';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { Place } from '../map/effects.js';
import { engineBridgeOf, type Leg } from '../map/leg.js';
import { type AriRequest, part } from '../map/request.js';
import { isBridge } from '../wire/ari-decoder.js';
import { isOk, type Kit, replyOf } from './kit.js';
import type { Monitors } from './monitors.js';
import type { Quiet } from './quiet.js';
import type { Recordings } from './recordings.js';

/**
 * Without `dtmf_events` two members that are bridged natively would give no digit to anybody (22.10.1, 2026-11-21).
 */
export const BRIDGE_TYPE = 'mixing,dtmf_events';

/** Begins the last part of the names of bridges that mix, so that they are known again after a restart. */
const MIXER = 'm';

function isMixer(bridgeId: string): boolean {
  return bridgeId.includes(`~${MIXER}`);
}

/** Names that are tried for one bridge: an earlier life of the driver may have used some. */
const MAX_NAMES = 20;

/**
 * A bridge that always mixes. Where somebody is recorded it has to: Asterisk's recording of a connection drops what comes to it from a
 * member whose RTP sequence numbers are below those of the member before, which is every second change of agents, unless the sound was
 * mixed on its way (22.10.1, 2026-11-21).
 */
export const MIXER_TYPE = `${BRIDGE_TYPE},video_sfu`;

/** The key that keeps everything about one bridge in order. */
export function bridgeLane(bridgeId: string): string {
  return `bridge ${bridgeId}`;
}

/** What {@link Bridges} works with. */
export interface BridgeParts {
  readonly quiet: Quiet;
  readonly monitors: Monitors;
  readonly recordings: Recordings;
  readonly lanes: Lanes;
}

/** The bridges of the engine: made when first named, destroyed when the last member has left. */
export class Bridges {
  readonly #kit: Kit;
  readonly #parts: BridgeParts;
  /** Bridges that stand, by the engine's id. */
  readonly #native = new Map<BridgeId, string>();
  #made = 0;

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
    let bridgeId = this.#standing(command.bridgeId);
    const members = [...this.#kit.model.legs].filter((leg) => leg.bridgeId !== undefined && leg.bridgeId === bridgeId);
    if (legs.every((leg) => members.includes(leg))) return ACCEPTED;
    const mixes = [...members, ...legs].some((leg) => this.#parts.recordings.isRecording(leg));
    const moved = mixes && bridgeId !== undefined && !isMixer(bridgeId) ? members : [];
    if (moved.length > 0) bridgeId = undefined;
    const coming = [...moved, ...legs.filter((leg) => !members.includes(leg))];
    await Promise.all(coming.map((leg) => this.#ready(leg, signal)));
    const query = { channel: coming.map((leg) => leg.id).join(',') };
    for (let tries = 0; ; tries += 1) {
      bridgeId ??= this.#name(command.bridgeId, mixes ? 'mixer' : 'plain');
      for (const leg of moved) leg.moving = bridgeId;
      const path = `/bridges/${part(bridgeId)}`;
      const made = await this.#kit.send(
        { method: 'POST', path, query: { type: isMixer(bridgeId) ? MIXER_TYPE : BRIDGE_TYPE } },
        signal,
      );
      // 409: it is there already, or its name is still taken by one that was destroyed.
      if (!isOk(made) && made.status !== 409) return replyOf(made);
      const added = await this.#kit.send({ method: 'POST', path: `${path}/addChannel`, query }, signal);
      if (isOk(added)) {
        this.#native.set(command.bridgeId, bridgeId);
        return ACCEPTED;
      }
      if (added.status === 404 && made.status === 409 && tries < MAX_NAMES) {
        this.#native.delete(command.bridgeId);
        bridgeId = undefined;
        continue;
      }
      for (const leg of moved) delete leg.moving;
      void this.destroyIfEmpty(bridgeId);
      // Asterisk says 400 for a channel that is no longer there.
      return added.status === 400 ? refused('gone', 'HTTP 400') : replyOf(added);
    }
  }

  /** The link is down: what stands is seen again with its members. */
  clear(): void {
    this.#native.clear();
  }

  async leave(leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    if (leg.bridgeId === undefined) return refused('conflict');
    await this.#parts.quiet.hush(leg, signal);
    if (leg.bridgeId === undefined) return ACCEPTED;
    const path = `/bridges/${part(leg.bridgeId)}/removeChannel`;
    return replyOf(await this.#kit.send({ method: 'POST', path, query: { channel: leg.id } }, signal));
  }

  /** Takes back a transfer that Asterisk made: its Local channels go, and who was in a bridge comes back to it. */
  async undo(what: { readonly channelIds: readonly string[]; readonly places: readonly Place[] }): Promise<void> {
    for (const { legId, bridgeId } of what.places) {
      if (this.#kit.model.leg(legId)?.bridgeId === bridgeId) continue;
      const path = `/bridges/${part(bridgeId)}/addChannel`;
      await this.#kit.tidy({ method: 'POST', path, query: { channel: legId } });
    }
    for (const id of what.channelIds) await this.#kit.tidy({ method: 'DELETE', path: `/channels/${part(id)}` });
  }

  /** Destroys a bridge that stands empty, unless a command has put somebody into it meanwhile. */
  async destroyIfEmpty(bridgeId: string): Promise<void> {
    const name = engineBridgeOf(bridgeId);
    await this.#parts.lanes.run([bridgeLane(name)], async () => {
      const request: AriRequest = { method: 'GET', path: `/bridges/${part(bridgeId)}` };
      const answer = await this.#kit.send(request).catch(() => undefined);
      if (answer === undefined || !isOk(answer) || !isBridge(answer.json) || answer.json.channels.length > 0) return;
      if (this.#native.get(name) === bridgeId) this.#native.delete(name);
      await this.#kit.tidy({ ...request, method: 'DELETE' });
    });
  }

  /** The switch's bridge that stands for one of the engine now. */
  #standing(bridgeId: BridgeId): string | undefined {
    const known = this.#native.get(bridgeId);
    if (known !== undefined) return known;
    for (const leg of this.#kit.model.legs) {
      if (leg.bridgeId !== undefined && engineBridgeOf(leg.bridgeId) === bridgeId) return leg.bridgeId;
    }
    return undefined;
  }

  #name(bridgeId: BridgeId, kind: 'mixer' | 'plain'): string {
    this.#made += 1;
    return `${bridgeId}~${kind === 'mixer' ? MIXER : ''}${this.#made}`;
  }

  async #ready(leg: Leg, signal: AbortSignal): Promise<void> {
    await this.#parts.quiet.hush(leg, signal);
    await this.#parts.monitors.release(leg, signal);
  }
}
