import type { ConnectionId, DriverReply, MonitorMode } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { AriAnswer } from '../link/ari-rest.js';
import { INTERNAL, type Leg } from '../map/leg.js';
import { part } from '../map/request.js';
import { BRIDGE_TYPE } from './bridges.js';
import { isOk, type Kit, replyOf } from './kit.js';
import type { Quiet } from './quiet.js';
import type { Snoops } from './snoops.js';

interface Monitor {
  readonly supervisor: Leg;
  readonly target: Leg;
  mode: MonitorMode;
  /** The snoop channel of listen and whisper; none while barging. */
  snoopId: string | undefined;
}

const SNOOP = /^cb-mon-([lw])-(.+)$/;

/**
 * Supervisors' connections that hear, whisper to or join a party. To listen or whisper the supervisor stands in a small
 * bridge with a snoop channel of the target; to barge in, in the target's own bridge. A snoop channel's directions can
 * not be changed, so another mode is another snoop channel, opened before the old one goes.
 */
export class Monitors {
  readonly #kit: Kit;
  readonly #snoops: Snoops;
  readonly #quiet: Quiet;
  readonly #bySupervisor = new Map<Leg, Monitor>();
  /** The small bridges that stand. */
  readonly #bridges = new Map<Leg, string>();
  /** Supervisors whose `bridged` is not told yet: Asterisk's answer and its event overtake each other. */
  readonly #entering = new Map<ConnectionId, () => void>();
  #made = 0;

  constructor(kit: Kit, parts: { readonly snoops: Snoops; readonly quiet: Quiet }) {
    this.#kit = kit;
    this.#snoops = parts.snoops;
    this.#quiet = parts.quiet;
  }

  get active(): readonly { readonly supervisor: Leg; readonly target: Leg; readonly mode: MonitorMode }[] {
    return [...this.#bySupervisor.values()];
  }

  async set(
    supervisor: Leg,
    target: Leg,
    options: { readonly mode: MonitorMode; readonly signal: AbortSignal },
  ): Promise<DriverReply> {
    const { mode, signal } = options;
    if (supervisor === target) return refused('invalid');
    if (supervisor.state !== 'connected' || target.state !== 'connected') return refused('conflict');
    if (mode === 'barge' && target.bridgeId === undefined) return refused('conflict');
    const current = this.#bySupervisor.get(supervisor);
    if (current !== undefined && current.target !== target) await this.stop(supervisor, signal);
    else if (current?.mode === mode) return ACCEPTED;
    const before = this.#bySupervisor.get(supervisor);
    await this.#quiet.hush(supervisor, signal);
    const reply =
      mode === 'barge'
        ? await this.#barge(supervisor, target, signal)
        : await this.#listen(supervisor, target, { mode, signal });
    if (reply.outcome === 'refused') return reply;
    if (before?.snoopId !== undefined) void this.#snoops.close(before.snoopId);
    if (mode === 'barge' && before !== undefined) void this.#destroyBridge(supervisor);
    if (mode === 'barge') await this.#entered(supervisor, target, signal);
    const ended = this.#kit.model.leg(target.id) !== target || this.#kit.model.leg(supervisor.id) !== supervisor;
    if (ended) return refused('gone');
    this.#bySupervisor.set(supervisor, {
      supervisor,
      target,
      mode,
      snoopId: mode === 'barge' ? undefined : snoopIdOf(mode, supervisor),
    });
    this.#tell(supervisor, target, mode);
    return reply;
  }

  /** `bridged` of this connection was told. */
  bridged(connectionId: ConnectionId): void {
    this.#entering.get(connectionId)?.();
  }

  /** `monitoring` follows `bridged` where a supervisor joins. Resolves at the command's bound at the latest. */
  #entered(supervisor: Leg, target: Leg, signal: AbortSignal): Promise<void> {
    if (supervisor.bridgeId === target.bridgeId || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#entering.delete(supervisor.connectionId);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#entering.set(supervisor.connectionId, done);
      signal.addEventListener('abort', done);
    });
  }

  /** Ends monitoring; the supervisor's connection stays up, alone. */
  async stop(supervisor: Leg, signal: AbortSignal): Promise<DriverReply> {
    const monitor = this.#bySupervisor.get(supervisor);
    if (monitor === undefined) return refused('gone');
    this.#bySupervisor.delete(supervisor);
    if (monitor.mode === 'barge') {
      if (supervisor.bridgeId !== undefined) {
        const path = `/bridges/${part(supervisor.bridgeId)}/removeChannel`;
        const answer = await this.#kit.send({ method: 'POST', path, query: { channel: supervisor.id } }, signal);
        if (!isOk(answer) && answer.status !== 404 && answer.status !== 422) {
          this.#bySupervisor.set(supervisor, monitor);
          return replyOf(answer);
        }
      }
    } else await this.#dismantle(monitor);
    this.#tell(supervisor, monitor.target, null);
    return ACCEPTED;
  }

  /** The supervisor's connection is wanted in a bridge: it stops listening, which nobody has to command. */
  async release(supervisor: Leg, signal: AbortSignal): Promise<void> {
    if (this.#bySupervisor.has(supervisor)) await this.stop(supervisor, signal);
  }

  /** A connection is over: whoever monitored it no longer does, and what served its own monitoring goes. */
  endOf(leg: Leg): void {
    for (const monitor of [...this.#bySupervisor.values()]) {
      if (monitor.target !== leg && monitor.supervisor !== leg) continue;
      this.#bySupervisor.delete(monitor.supervisor);
      void this.#dismantle(monitor);
      this.#tell(monitor.supervisor, monitor.target, null);
    }
  }

  /** After an outage: keeps what is still so, and takes up what an earlier life of the driver had set up. */
  resync(live: readonly { readonly snoopId: string; readonly leg: Leg }[]): void {
    const known = new Map(live.map((each) => [each.snoopId, each.leg]));
    for (const monitor of [...this.#bySupervisor.values()]) {
      const { supervisor, target } = monitor;
      const alive = this.#kit.model.leg(supervisor.id) === supervisor && this.#kit.model.leg(target.id) === target;
      if (!alive || (monitor.snoopId !== undefined && !known.has(monitor.snoopId)))
        this.#bySupervisor.delete(supervisor);
    }
    for (const [snoopId, target] of known) {
      const [, letter, id] = SNOOP.exec(snoopId) ?? [];
      const supervisor = id === undefined ? undefined : this.#kit.model.leg(id);
      if (supervisor === undefined || this.#bySupervisor.has(supervisor)) continue;
      this.#bySupervisor.set(supervisor, { supervisor, target, mode: letter === 'w' ? 'whisper' : 'listen', snoopId });
    }
  }

  clear(): void {
    this.#bySupervisor.clear();
    this.#bridges.clear();
  }

  async #listen(
    supervisor: Leg,
    target: Leg,
    options: { readonly mode: 'listen' | 'whisper'; readonly signal: AbortSignal },
  ): Promise<DriverReply> {
    const { mode, signal } = options;
    const snoopId = snoopIdOf(mode, supervisor);
    const snoop = await this.#snoops.open(target.id, snoopId, {
      spy: 'both',
      whisper: mode === 'whisper' ? 'out' : 'none',
      signal,
    });
    if (snoop.outcome === 'refused') return snoop;
    const added = await this.#join(supervisor, snoopId, signal);
    if (!isOk(added)) void this.#snoops.close(snoopId);
    return replyOf(added);
  }

  /** Puts a snoop channel and the supervisor into their small bridge, the one that stands or a new one. */
  async #join(supervisor: Leg, snoopId: string, signal: AbortSignal): Promise<AriAnswer> {
    const standing = this.#bridges.get(supervisor);
    // Asterisk refuses to add who is there already: when it only changes from listening to whispering.
    const there = standing !== undefined && this.#bySupervisor.get(supervisor)?.snoopId !== undefined;
    this.#made += standing === undefined ? 1 : 0;
    const bridgeId = standing ?? `${INTERNAL}mon-${supervisor.id}~${this.#made}`;
    const path = `/bridges/${part(bridgeId)}`;
    if (standing === undefined) {
      const made = await this.#kit.send({ method: 'POST', path, query: { type: BRIDGE_TYPE } }, signal);
      if (!isOk(made)) return made;
      this.#bridges.set(supervisor, bridgeId);
    }
    const query = { channel: there ? snoopId : `${supervisor.id},${snoopId}` };
    return this.#kit.send({ method: 'POST', path: `${path}/addChannel`, query }, signal);
  }

  async #barge(supervisor: Leg, target: Leg, signal: AbortSignal): Promise<DriverReply> {
    const path = `/bridges/${part(target.bridgeId ?? '')}/addChannel`;
    return replyOf(await this.#kit.send({ method: 'POST', path, query: { channel: supervisor.id } }, signal));
  }

  async #dismantle(monitor: Monitor): Promise<void> {
    if (monitor.snoopId === undefined) return;
    await this.#snoops.close(monitor.snoopId);
    await this.#destroyBridge(monitor.supervisor);
  }

  async #destroyBridge(supervisor: Leg): Promise<void> {
    const bridgeId = this.#bridges.get(supervisor);
    this.#bridges.delete(supervisor);
    // One of an earlier life of the driver goes when its last member has left.
    if (bridgeId !== undefined) await this.#kit.tidy({ method: 'DELETE', path: `/bridges/${part(bridgeId)}` });
  }

  #tell(supervisor: Leg, target: Leg, mode: MonitorMode | null): void {
    this.#kit.emit({ type: 'monitoring', connectionId: supervisor.connectionId, targetId: target.connectionId, mode });
  }
}

function snoopIdOf(mode: 'listen' | 'whisper', supervisor: Leg): string {
  return `${INTERNAL}mon-${mode === 'whisper' ? 'w' : 'l'}-${supervisor.id}`;
}
