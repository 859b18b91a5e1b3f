import type { DriverReply, MonitorMode } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import { header, type SwitchEvent } from '../map/event.js';
import { eavesdropText, setVariable } from '../map/from-core.js';
import { type Leg, MONITOR } from '../map/leg.js';
import { replyOf } from '../map/reply.js';
import type { Kit } from './kit.js';
import type { Quiet } from './quiet.js';

interface Monitor {
  readonly supervisor: Leg;
  readonly target: Leg;
  mode: MonitorMode;
}

/** What {@link Monitors} works with; the bridges come later, since each needs the other. */
export interface MonitorParts {
  readonly quiet: Quiet;
  /** Puts a leg into the bridge of another. */
  readonly joinBridgeOf: (leg: Leg, target: Leg, signal: AbortSignal) => Promise<DriverReply>;
  readonly leaveBridge: (leg: Leg, signal: AbortSignal) => Promise<DriverReply>;
  readonly park: (leg: Leg, signal: AbortSignal) => Promise<DriverReply>;
}

/**
 * Supervisors' connections that hear, whisper to or join a party. To listen or whisper the supervisor's channel runs `eavesdrop` on the target's; another
 * mode is another run of it. To barge in it joins the target's bridge, which becomes a conference.
 */
export class Monitors {
  readonly #kit: Kit;
  readonly #parts: () => MonitorParts;
  readonly #bySupervisor = new Map<Leg, Monitor>();
  /** Supervisors whose `eavesdrop` is awaited: the target's channel. */
  readonly #starting = new Map<Leg, string>();

  constructor(kit: Kit, parts: () => MonitorParts) {
    this.#kit = kit;
    this.#parts = parts;
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
    if (supervisor.place.kind === 'before' || (mode === 'barge' && target.bridgeId === undefined))
      return refused('conflict');
    const current = this.#bySupervisor.get(supervisor);
    if (current !== undefined && current.target !== target) await this.stop(supervisor, signal);
    else if (current?.mode === mode) return ACCEPTED;
    await this.#parts().quiet.hush(supervisor, signal);
    const reply =
      mode === 'barge'
        ? await this.#barge(supervisor, target, signal)
        : await this.#eavesdrop(supervisor, target, { mode, signal });
    if (reply.outcome === 'refused') return reply;
    if (isOver(supervisor) || isOver(target)) return refused('gone');
    this.#bySupervisor.set(supervisor, { supervisor, target, mode });
    this.#tell(supervisor, target, mode);
    return reply;
  }

  /** `CHANNEL_EXECUTE` and `CHANNEL_EXECUTE_COMPLETE` of `eavesdrop`. */
  apply(event: SwitchEvent): void {
    if (header(event, 'Application') !== 'eavesdrop') return;
    const leg = this.#kit.model.leg(header(event, 'Unique-ID') ?? '');
    if (leg === undefined) return;
    if (event.name === 'CHANNEL_EXECUTE') {
      if (this.#starting.get(leg) !== header(event, 'Application-Data')) return;
      this.#starting.delete(leg);
      this.#kit.moves.moved(leg);
      return;
    }
    // Ended by itself, and not for another run of it: the target's channel has gone, which its own end tells.
    if (event.name !== 'CHANNEL_EXECUTE_COMPLETE' || this.#starting.has(leg)) return;
    const monitor = this.#bySupervisor.get(leg);
    if (monitor === undefined || monitor.mode === 'barge' || monitor.target.id !== header(event, 'Application-Data'))
      return;
    this.#bySupervisor.delete(leg);
    this.#tell(leg, monitor.target, null);
  }

  /** Ends monitoring; the supervisor's connection stays up, alone. */
  async stop(supervisor: Leg, signal: AbortSignal): Promise<DriverReply> {
    const monitor = this.#bySupervisor.get(supervisor);
    if (monitor === undefined) return refused('gone');
    this.#bySupervisor.delete(supervisor);
    const parts = this.#parts();
    const reply =
      monitor.mode !== 'barge'
        ? await parts.park(supervisor, signal)
        : supervisor.bridgeId === undefined
          ? ACCEPTED
          : await parts.leaveBridge(supervisor, signal);
    if (reply.outcome === 'refused' && !isOver(supervisor)) {
      this.#bySupervisor.set(supervisor, monitor);
      return reply;
    }
    void this.#kit.tidy(setVariable(supervisor.id, MONITOR));
    this.#tell(supervisor, monitor.target, null);
    return ACCEPTED;
  }

  /** The supervisor's connection is wanted in a bridge: it stops listening, which nobody has to command. */
  async release(supervisor: Leg, signal: AbortSignal): Promise<void> {
    const monitor = this.#bySupervisor.get(supervisor);
    if (monitor === undefined || this.#starting.has(supervisor)) return;
    // Whoever barges in from listening is moved by the bridge itself.
    if (monitor.mode === 'barge') return void (await this.stop(supervisor, signal));
    this.#bySupervisor.delete(supervisor);
    void this.#kit.tidy(setVariable(supervisor.id, MONITOR));
    this.#tell(supervisor, monitor.target, null);
  }

  /** A connection is over: whoever monitored it no longer does. */
  endOf(leg: Leg): void {
    this.#starting.delete(leg);
    for (const monitor of [...this.#bySupervisor.values()]) {
      if (monitor.target !== leg && monitor.supervisor !== leg) continue;
      this.#bySupervisor.delete(monitor.supervisor);
      this.#tell(monitor.supervisor, monitor.target, null);
    }
  }

  /** After an outage: what the channels say of themselves, in {@link MONITOR}, as far as both live. */
  resync(legs: readonly { readonly leg: Leg; readonly note: string | undefined }[]): void {
    this.#starting.clear();
    this.#bySupervisor.clear();
    for (const { leg: supervisor, note = '' } of legs) {
      const [, mode, targetId = ''] = /^(listen|whisper|barge):(.+)$/.exec(note) ?? [];
      const target = this.#kit.model.leg(targetId);
      if (target === undefined || target === supervisor) continue;
      if (mode === 'barge' && (target.bridgeId === undefined || target.bridgeId !== supervisor.bridgeId)) continue;
      this.#bySupervisor.set(supervisor, { supervisor, target, mode: mode as MonitorMode });
    }
  }

  clear(): void {
    this.#bySupervisor.clear();
    this.#starting.clear();
  }

  async #eavesdrop(
    supervisor: Leg,
    target: Leg,
    options: { readonly mode: 'listen' | 'whisper'; readonly signal: AbortSignal },
  ): Promise<DriverReply> {
    const { mode, signal } = options;
    this.#kit.model.detach(supervisor);
    const noted = await this.#kit.api(setVariable(supervisor.id, MONITOR, `${mode}:${target.id}`), signal);
    if (replyOf(noted).outcome === 'refused') return replyOf(noted);
    this.#starting.set(supervisor, target.id);
    try {
      const reply = replyOf(await this.#kit.api(eavesdropText(supervisor.id, { targetId: target.id, mode }), signal));
      if (reply.outcome === 'refused') return reply;
      const runs = await this.#kit.moves.until(supervisor, () => !this.#starting.has(supervisor), signal);
      if (!runs) return refused(isOver(supervisor) ? 'gone' : 'timeout');
    } finally {
      this.#starting.delete(supervisor);
    }
    this.#kit.follow(this.#kit.model.leave(supervisor));
    return ACCEPTED;
  }

  async #barge(supervisor: Leg, target: Leg, signal: AbortSignal): Promise<DriverReply> {
    // Out of the way of `release`, which would tell an end that is none.
    const before = this.#bySupervisor.get(supervisor);
    this.#bySupervisor.delete(supervisor);
    const noted = await this.#kit.api(setVariable(supervisor.id, MONITOR, `barge:${target.id}`), signal);
    const reply =
      replyOf(noted).outcome === 'refused'
        ? replyOf(noted)
        : await this.#parts().joinBridgeOf(supervisor, target, signal);
    if (reply.outcome === 'refused' && before !== undefined && !isOver(supervisor))
      this.#bySupervisor.set(supervisor, before);
    return reply;
  }

  #tell(supervisor: Leg, target: Leg, mode: MonitorMode | null): void {
    this.#kit.emit({ type: 'monitoring', connectionId: supervisor.connectionId, targetId: target.connectionId, mode });
  }
}

function isOver(leg: Leg): boolean {
  return leg.ending !== undefined || leg.gone !== undefined;
}
