import {
  type Clock,
  type DriverCapability,
  type DriverCommand,
  type DriverEvent,
  type DriverReply,
  type LinkId,
  TurnoverMap,
} from '@cordboard/cti-core';
import { timerOn } from '../scheduler.js';
import type { Timer } from '../timer-queue.js';
import type { Leg, SwitchFaults, VirtualParty } from './model.js';

type Consumer = (event: DriverEvent) => void;
type Answer = (reply: DriverReply) => void;

/** A timer of the client side. It knows its place among them: every event has one, and a `Set` would cost more than the event. */
interface Pending {
  at: number;
  timer: Timer | undefined;
}

/** How long an event that shall be overtaken waits at most for another one to pass. */
const REORDER_MAX_MS = 2_000;

/**
 * The socket between the switch and its client: order within a connection, latency, loss. It knows nothing of calls.
 * What is under way when the link breaks is lost with it.
 */
export class Wire {
  readonly linkId = 'sim' as LinkId;
  readonly #clock: Clock;
  readonly #faults: SwitchFaults;
  #consumer: Consumer | undefined;
  #state: 'closed' | 'down' | 'logging-in' | 'up' = 'closed';
  /** Grows when what is under way becomes void. */
  #epoch = 0;
  #attempt = 0;
  #frozenUntilMs = 0;
  readonly #answers = new TurnoverMap<
    string,
    { readonly answer: Answer; readonly cancelBound: (() => void) | undefined }
  >();
  readonly #overtaken = new Set<() => void>();
  readonly #timers: Pending[] = [];
  /** Hear of each event in the moment it happens, whether anybody listens on the wire or not. */
  readonly watchers = new Set<(event: DriverEvent, subject: Leg | VirtualParty) => void>();
  /** Events told, for bounds and statistics. */
  told = 0;

  constructor(clock: Clock, faults: SwitchFaults) {
    this.#clock = clock;
    this.#faults = faults;
  }

  get state(): 'closed' | 'down' | 'logging-in' | 'up' {
    return this.#state;
  }

  /** Commands taken and not answered. */
  get unanswered(): number {
    return this.#answers.size;
  }

  /** Timers of the client side that are set. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** A client listens; the link is down still. */
  open(consumer: Consumer): void {
    this.#consumer = consumer;
    this.#state = 'down';
  }

  /** The client is gone: nothing is told any more and pending commands are answered `stopped`. */
  close(): void {
    this.#state = 'closed';
    this.#void();
    for (const { timer } of this.#timers.splice(0)) timer?.cancel();
    this.#consumer = undefined;
    this.#answerAll({ outcome: 'refused', code: 'stopped' });
  }

  /** Dials and logs in: `linkUp` after `dialMs`, then after `askMs` what `sync` tells (the snapshot), then `linkSynced`. */
  connect(times: { readonly dialMs: number; readonly askMs: number }, sync: () => readonly DriverEvent[]): void {
    const attempt = ++this.#attempt;
    this.#later(times.dialMs, () => {
      if (this.#state !== 'down' || attempt !== this.#attempt) return;
      this.#state = 'logging-in';
      this.#consumer?.({ type: 'linkUp', linkId: this.linkId });
      this.#later(times.askMs, () => {
        if (this.#state !== 'logging-in' || attempt !== this.#attempt) return;
        this.#void();
        this.#state = 'up';
        for (const event of sync()) this.#consumer?.(event);
      });
    });
  }

  /** The link breaks: commands are answered `linkLost`, then `linkDown`. */
  cut(reason: 'closed' | 'timeout', capabilities: readonly DriverCapability[]): void {
    if (this.#state === 'closed' || this.#state === 'down') return;
    this.#void();
    this.#state = 'down';
    this.#answerAll({ outcome: 'refused', code: 'linkLost' });
    this.#consumer?.({ type: 'linkDown', linkId: this.linkId, reason, capabilities });
  }

  /** Nothing passes from the switch until `untilMs`. */
  freeze(untilMs: number): void {
    this.#frozenUntilMs = Math.max(this.#frozenUntilMs, untilMs);
  }

  /** When something that the switch does at `atMs` can be done or told. */
  thawed(atMs: number): number {
    return Math.max(atMs, this.#frozenUntilMs);
  }

  /**
   * Tells an event of a connection or device after `lagMs`, never before an earlier one of the same.
   * @returns when it is told; -1 when nobody listens
   */
  tell(subject: Leg | VirtualParty, event: DriverEvent, lagMs: number): number {
    for (const watch of this.watchers) watch(event, subject);
    if (this.#state !== 'up') return -1;
    const nowMs = this.#clock.nowMs();
    let atMs = this.thawed(Math.max(nowMs + lagMs, subject.tellFromMs));
    const fault = this.#faults.event?.(event);
    if (typeof fault === 'object') atMs += fault.lateMs;
    if (fault === 'reorder') {
      this.#holdBack(subject, event);
      return atMs;
    }
    subject.tellFromMs = atMs;
    this.#pass(event, atMs - nowMs);
    if (fault === 'double') this.#pass(event, atMs - nowMs + 1);
    return atMs;
  }

  /** Takes a command: its answer is given once, by {@link answer}, by a cut, or `timeout` when the bound has passed. */
  expect(command: DriverCommand, answer: Answer): void {
    this.#answers.set(command.commandId, { answer, cancelBound: undefined });
  }

  /** As {@link expect}, where the switch may stay silent. */
  expectWithin(command: DriverCommand, answer: Answer): void {
    const { commandId } = command;
    const cancelBound = this.#bounded(command.boundMs, () => {
      this.#answers.delete(commandId);
      answer({ outcome: 'refused', code: 'timeout' });
    });
    this.#answers.set(commandId, { answer, cancelBound });
  }

  /** Is the command still waiting for its answer? */
  waits(commandId: string): boolean {
    return this.#answers.has(commandId);
  }

  /** Answers after `lagMs`, unless that has happened otherwise by then. */
  answer(commandId: string, reply: DriverReply, lagMs: number): void {
    const nowMs = this.#clock.nowMs();
    const epoch = this.#epoch;
    const pending = this.#pending();
    pending.timer = timerOn(this.#clock, this.thawed(nowMs + lagMs) - nowMs, () => {
      this.#drop(pending);
      if (epoch !== this.#epoch) return;
      const waiting = this.#answers.get(commandId);
      if (waiting === undefined) return;
      this.#answers.delete(commandId);
      waiting.cancelBound?.();
      waiting.answer(reply);
    });
  }

  #pass(event: DriverEvent, delayMs: number): void {
    const epoch = this.#epoch;
    const pending = this.#pending();
    pending.timer = timerOn(this.#clock, delayMs, () => {
      this.#drop(pending);
      if (epoch === this.#epoch) this.#deliver(event);
    });
  }

  #deliver(event: DriverEvent): void {
    this.told++;
    this.#consumer?.(event);
    if (this.#overtaken.size === 0) return;
    const held = [...this.#overtaken];
    this.#overtaken.clear();
    for (const release of held) release();
  }

  /** Holds an event of a connection until one of another connection has passed; its own later ones queue up behind. */
  #holdBack(subject: Leg | VirtualParty, event: DriverEvent): void {
    const epoch = this.#epoch;
    const nowMs = this.#clock.nowMs();
    subject.tellFromMs = Math.max(subject.tellFromMs, nowMs) + REORDER_MAX_MS;
    const release = (): void => {
      if (!this.#overtaken.delete(release) && released) return;
      released = true;
      cancel();
      if (epoch !== this.#epoch) return;
      subject.tellFromMs = Math.min(subject.tellFromMs, this.#clock.nowMs());
      this.told++;
      this.#consumer?.(event);
    };
    let released = false;
    const cancel = this.#bounded(subject.tellFromMs - nowMs, release);
    this.#overtaken.add(release);
  }

  #later(delayMs: number, run: () => void): Pending {
    const pending = this.#pending();
    pending.timer = timerOn(this.#clock, delayMs, () => {
      this.#drop(pending);
      run();
    });
    return pending;
  }

  /** As `#later`, for what may be called off. */
  #bounded(delayMs: number, run: () => void): () => void {
    const pending = this.#later(delayMs, run);
    return () => {
      this.#drop(pending);
      pending.timer?.cancel();
    };
  }

  #pending(): Pending {
    const pending: Pending = { at: this.#timers.length, timer: undefined };
    this.#timers.push(pending);
    return pending;
  }

  /** The last one takes the place of the one that is over; nothing happens when that is out already. */
  #drop(pending: Pending): void {
    if (this.#timers[pending.at] !== pending) return;
    const last = this.#timers.pop();
    if (last === undefined || last === pending) return;
    this.#timers[pending.at] = last;
    last.at = pending.at;
  }

  #void(): void {
    this.#epoch++;
    this.#overtaken.clear();
  }

  #answerAll(reply: DriverReply): void {
    const pending = [...this.#answers.values()];
    this.#answers.clear();
    for (const { answer, cancelBound } of pending) {
      cancelBound?.();
      answer(reply);
    }
  }
}
