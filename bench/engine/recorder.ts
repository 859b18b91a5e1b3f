import {
  asId,
  type ClientCommand,
  CORE_VERSION,
  type ConnectionId,
  type DriverCommand,
  type DriverEvent,
  type Engine,
  type EngineEffect,
  type EngineInput,
  type EngineInputBody,
  type TenantConfig,
  type TimerId,
} from '@cordboard/cti-core';
import { agentId, switchId } from './floor.js';

/**
 * Runs an engine against a switch that does everything at once, and keeps every input: the journal that is measured. Time goes on by one
 * millisecond an input; timers fire when they are due.
 */
export class Recorder {
  readonly journal: EngineInput[] = [];
  /** Calls whose parties hear each other now. */
  readonly talking = new Set<ConnectionId>();
  readonly #engine: Engine;
  readonly #pending: EngineInputBody[] = [];
  readonly #timers = new Map<TimerId, number>();
  #nextDueMs = Number.POSITIVE_INFINITY;
  #atMs = 0;
  #commands = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get atMs(): number {
    return this.#atMs;
  }

  boot(config: TenantConfig): void {
    this.input({ kind: 'boot', coreVersion: CORE_VERSION, epoch: 'bench', seed: 1, config });
    const linkId = asId<Extract<DriverEvent, { type: 'linkUp' }>['linkId']>('one');
    this.event({ type: 'linkUp', linkId });
    this.event({ type: 'snapshot', snapshot: { connections: [], recordings: [], monitors: [], devices: [] } });
    this.event({
      type: 'linkSynced',
      linkId,
      capabilities: [
        'originate',
        'claim',
        'ring',
        'answer',
        'clear',
        'bridge',
        'unbridge',
        'holdMusic',
        'play',
        'stopPlay',
        'collectDigits',
      ],
    });
  }

  /** An agent's command. */
  command(index: number, command: ClientCommand): void {
    this.#commands += 1;
    const actor = {
      userId: asId<never>(`u${index}`),
      role: 'agent' as const,
      agentId: agentId(index),
      clientId: asId<never>(`p${index}`),
    };
    this.input({ kind: 'client', commandId: asId(`k${this.#commands}`), actor, command });
  }

  /** An agent's page comes on line. */
  online(index: number): void {
    const ids = { userId: asId<never>(`u${index}`), clientId: asId<never>(`p${index}`), agentId: agentId(index) };
    this.input({ kind: 'presence', ...ids, state: 'online' });
  }

  event(event: DriverEvent): void {
    this.input({ kind: 'driver', switchId, event });
  }

  /** One input and everything that follows from it at once. */
  input(body: EngineInputBody): void {
    this.#pending.push(body);
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) this.#apply(next);
  }

  /** Lets time go on; timers fire. */
  runTo(atMs: number): void {
    while (this.#nextDueMs <= atMs) {
      this.#atMs = Math.max(this.#atMs, this.#nextDueMs);
      this.#fireDue();
    }
    this.#atMs = Math.max(this.#atMs, atMs);
  }

  #fireDue(): void {
    const due = [...this.#timers].filter(([, dueMs]) => dueMs <= this.#atMs);
    for (const [timerId] of due) {
      if (this.#timers.delete(timerId)) this.input({ kind: 'timer', timerId });
    }
    this.#nextDueMs = Math.min(...this.#timers.values(), Number.POSITIVE_INFINITY);
  }

  #apply(body: EngineInputBody): void {
    this.#atMs += 1;
    const input: EngineInput = { ...body, atMs: this.#atMs, wallMs: 1_767_600_000_000 + this.#atMs, offsetMin: 480 };
    this.journal.push(input);
    for (const effect of this.#engine.apply(input)) this.#carryOut(effect);
  }

  #carryOut(effect: EngineEffect): void {
    if (effect.kind === 'setTimer') {
      this.#timers.set(effect.timerId, effect.dueAtMs);
      this.#nextDueMs = Math.min(this.#nextDueMs, effect.dueAtMs);
    } else if (effect.kind === 'cancelTimer') this.#timers.delete(effect.timerId);
    else if (effect.kind === 'lookup') {
      const result = { outcome: 'found', match: { decision: 'none', customers: [] } } as const;
      this.#pending.push({ kind: 'lookup', lookupId: effect.lookupId, result });
    } else if (effect.kind === 'driver') {
      const { command } = effect;
      this.#pending.push({ kind: 'reply', commandId: command.commandId, reply: { outcome: 'accepted' } });
      for (const event of this.#does(command)) this.#pending.push({ kind: 'driver', switchId, event });
    }
  }

  /** What the switch tells of having carried out a command. */
  #does(command: DriverCommand): readonly DriverEvent[] {
    const { connectionId } = command as { connectionId: ConnectionId };
    switch (command.type) {
      case 'answer':
        return [{ type: 'connected', connectionId }];
      case 'clear':
        this.talking.delete(connectionId);
        return [{ type: 'cleared', connectionId, release: { cause: command.cause } }];
      case 'play':
        return [{ type: 'playbackStarted', connectionId, playbackId: command.playbackId }];
      case 'stopPlay':
        return [{ type: 'playbackFinished', connectionId, playbackId: command.playbackId, outcome: 'stopped' }];
      case 'bridge':
        return command.connectionIds.map((member) => {
          this.talking.add(member);
          return { type: 'bridged', connectionId: member, bridgeId: command.bridgeId };
        });
      case 'originate': {
        if (command.target.kind !== 'device') throw new Error('nobody is dialled outside here');
        const { device } = command.target;
        const number = device.slice(device.lastIndexOf(':') + 1);
        const party = (text: string) => ({ number: text, presentation: 'allowed' as const });
        const called = party(number);
        const calling = party(command.callerNumber ?? '');
        const { callId } = command.mark;
        return [
          { type: 'created', connectionId, device, direction: 'outgoing', control: 'full', calling, called, callId },
          { type: 'alerting', connectionId },
          { type: 'connected', connectionId },
        ];
      }
      default:
        return [];
    }
  }
}
