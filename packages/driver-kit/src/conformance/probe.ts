import assert from 'node:assert/strict';
import {
  type BridgeId,
  type CallId,
  type CommandId,
  type ConnectionId,
  type CtiDriver,
  connectionId,
  type DriverCommand,
  type DriverEvent,
  type DriverReply,
  isCtiError,
  type PlaybackId,
  type RecordingId,
} from '@cordboard/cti-core';
import { LawChecker } from './laws.js';
import type { World, WorldParty } from './world.js';

type Bodied<T> = T extends DriverCommand ? Omit<T, 'commandId' | 'boundMs'> & { readonly boundMs?: number } : never;
/** A command without its id; the bound is 5,000 ms unless given. */
export type ProbeCommand = Bodied<DriverCommand>;
type EventOf<T extends DriverEvent['type']> = Extract<DriverEvent, { type: T }>;

const DEFAULT_BOUND_MS = 5_000;
/** What a driver may take beyond the bound of a command: turns of the event loop, timer grain. */
const GRACE_MS = 500;

/** One driver in one case: records what it tells, gives it commands, waits for things to happen. Fails with node's `AssertionError`. */
export class Probe {
  readonly world: World;
  readonly driver: CtiDriver;
  readonly events: DriverEvent[] = [];
  readonly laws = new LawChecker();
  readonly #abort = new AbortController();
  readonly #nonce: string;
  #ids = 0;
  /** Faults of commands: answered twice, rejected, late. */
  readonly replyFaults: string[] = [];

  constructor(world: World, nonce: string) {
    this.world = world;
    this.#nonce = nonce;
    this.driver = world.createDriver();
  }

  /**
   * Starts the driver and waits for the `linkSynced` that brings the last of what the driver is able to do: with a link of
   * its own for some abilities, what happens before that link is up comes in its snapshot and is told by no event.
   */
  async start(): Promise<void> {
    await this.startOnly();
    await this.sees('linkSynced', {
      where: ({ capabilities }) => [...this.driver.capabilities].every((each) => capabilities.includes(each)),
    });
  }

  /** Starts the driver. */
  async startOnly(): Promise<void> {
    await this.driver.start(this.listen, { signal: this.#abort.signal });
  }

  /** The one sink. */
  readonly listen = (event: DriverEvent): void => {
    this.events.push(event);
    this.laws.take(event);
  };

  /** Aborts the signal that the driver was started with. */
  abort(): void {
    this.#abort.abort();
  }

  /** A number that grows, for ids that no other case uses. */
  id(stem: string): string {
    return `${this.#nonce}-${stem}${this.#ids++}`;
  }
  /** An id for what is dialled. */
  connectionId(): ConnectionId {
    return connectionId(this.world.switchId, this.id('x'));
  }
  /** An id for a bridge. */
  bridgeId(): BridgeId {
    return this.id('b') as BridgeId;
  }
  /** An id for a playback. */
  playbackId(): PlaybackId {
    return this.id('p') as PlaybackId;
  }
  /** An id for a recording. */
  recordingId(): RecordingId {
    return this.id('r') as RecordingId;
  }
  /** An id for a mark. */
  callId(): CallId {
    return this.id('c') as CallId;
  }

  /** Where the record of events stands: give it to {@link sees} to look only at what follows. */
  get mark(): number {
    return this.events.length;
  }

  /** Gives a command and waits for its answer, which must come within the bound. */
  async command(body: ProbeCommand): Promise<DriverReply> {
    const replies: DriverReply[] = [];
    const boundMs = body.boundMs ?? DEFAULT_BOUND_MS;
    this.give(body).then(
      (reply) => replies.push(reply),
      () => this.replyFaults.push(`${body.type} was rejected; an answer is data`),
    );
    const done = await this.world.until(() => replies.length > 0 || this.replyFaults.length > 0, boundMs + GRACE_MS);
    const [reply] = replies;
    if (!done || reply === undefined) {
      this.replyFaults.push(`${body.type} got no answer within its bound`);
      assert.fail(`${body.type} got no answer within ${boundMs} ms`);
    }
    return reply;
  }

  /** Gives a command and leaves its answer to the caller. */
  give(body: ProbeCommand): Promise<DriverReply> {
    const commandId = this.id('k') as CommandId;
    return this.driver.execute({ boundMs: DEFAULT_BOUND_MS, ...body, commandId } as DriverCommand);
  }

  /** Gives a command that must be accepted. */
  async accepted(body: ProbeCommand): Promise<void> {
    const reply = await this.command(body);
    assert.deepEqual(reply, { outcome: 'accepted' }, `${body.type} should be accepted, got ${JSON.stringify(reply)}`);
  }

  /** Gives a command that must be refused with one of the codes. */
  async refused(body: ProbeCommand, ...codes: readonly string[]): Promise<void> {
    const reply = await this.command(body);
    assert.equal(reply.outcome, 'refused', `${body.type} should be refused`);
    assert.ok(
      reply.outcome === 'refused' && codes.includes(reply.code),
      `${body.type}: ${JSON.stringify(reply)}, not ${codes.join(' or ')}`,
    );
  }

  /** Waits for an event, of one connection when `on` is given, from `since` on. @returns the first that fits */
  async sees<T extends DriverEvent['type']>(
    type: T,
    options: {
      readonly on?: ConnectionId;
      readonly since?: number;
      readonly withinMs?: number;
      readonly where?: (event: EventOf<T>) => boolean;
    } = {},
  ): Promise<EventOf<T>> {
    const find = (): EventOf<T> | undefined => {
      for (let at = options.since ?? 0; at < this.events.length; at++) {
        const event = this.events[at];
        if (event?.type !== type) continue;
        if (options.on !== undefined && !('connectionId' in event && event.connectionId === options.on)) continue;
        if (options.where === undefined || options.where(event as EventOf<T>)) return event as EventOf<T>;
      }
      return undefined;
    };
    await this.world.until(() => find() !== undefined, options.withinMs ?? this.world.patienceMs);
    const found = find();
    assert.ok(found, `${type} was not told in time; told: ${this.#told(options.since ?? 0)}`);
    return found;
  }

  /** Events of a type so far, of one connection when `on` is given. */
  count(type: DriverEvent['type'], on?: ConnectionId): number {
    return this.events.filter(
      (event) => event.type === type && (on === undefined || ('connectionId' in event && event.connectionId === on)),
    ).length;
  }

  /** A call from outside that waits unanswered, claimed by us. */
  async incoming(): Promise<ConnectionId> {
    const since = this.mark;
    await this.world.outsider.dial(this.world.inboundNumber);
    const created = await this.sees('created', { since, where: (event) => event.direction === 'incoming' });
    await this.accepted({ type: 'claim', connectionId: created.connectionId, mark: { callId: this.callId() } });
    return created.connectionId;
  }

  /** A call from outside that we answered. */
  async caller(): Promise<ConnectionId> {
    const id = await this.incoming();
    await this.accepted({ type: 'answer', connectionId: id });
    await this.sees('connected', { on: id });
    return id;
  }

  /** Dials a phone. */
  async dial(
    party: WorldParty,
    more: { readonly ringTimeoutMs?: number; readonly callId?: CallId } = {},
  ): Promise<ConnectionId> {
    const id = this.connectionId();
    await this.accepted({
      type: 'originate',
      connectionId: id,
      target: { kind: 'device', device: party.device },
      mark: { callId: more.callId ?? this.callId() },
      ringTimeoutMs: more.ringTimeoutMs ?? 30_000,
    });
    return id;
  }

  /** Dials a phone that answers at once. */
  async phoneUp(party: WorldParty): Promise<ConnectionId> {
    await party.setHabit('answer');
    const id = await this.dial(party);
    await this.sees('connected', { on: id });
    return id;
  }

  /** Two connections that hear each other: the caller and a phone. */
  async talk(
    party: WorldParty = this.world.phones[0],
  ): Promise<{ caller: ConnectionId; agent: ConnectionId; bridgeId: BridgeId }> {
    const caller = await this.caller();
    const agent = await this.phoneUp(party);
    const bridgeId = this.bridgeId();
    await this.accepted({ type: 'bridge', bridgeId, connectionIds: [caller, agent] });
    await this.sees('bridged', { on: caller });
    await this.sees('bridged', { on: agent });
    return { caller, agent, bridgeId };
  }

  /** Ends the case: stops the driver, which must let go of everything. */
  async finish(): Promise<void> {
    await this.driver.stop();
    const left = (): number => this.world.resources();
    await this.world.until(() => left() === 0, this.world.patienceMs);
    assert.equal(left(), 0, 'timers, sockets or listeners are left after stop');
  }

  #told(since: number): string {
    return this.events
      .slice(since)
      .map((event) => event.type)
      .slice(-12)
      .join(', ');
  }
}

/** Does this reject with that code? */
export async function rejects(promise: Promise<unknown>, code: 'driver.started' | 'driver.stopped'): Promise<void> {
  await assert.rejects(promise, (error) => isCtiError(error, code), `should reject with ${code}`);
}
