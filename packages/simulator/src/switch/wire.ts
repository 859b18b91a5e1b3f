import type { Clock, DriverCapability, DriverCommand, DriverEvent, DriverReply, LinkId } from '@cordboard/cti-core';
import { timerOn } from '../scheduler.js';
import type { Job, Timer } from '../timer-queue.js';
import { Bag, type Bagged } from './bag.js';
import type { Leg, SwitchFaults, VirtualParty } from './model.js';

type Consumer = (event: DriverEvent) => void;
/** Hears the answer to a command. One function may do for all of them. */
export type Answer = (reply: DriverReply, command: DriverCommand) => void;

/** A command that was taken. It waits for its answer as long as it is in the wire's bag. */
export interface Waiting extends Bagged {
  readonly command: DriverCommand;
  readonly answer: Answer;
  /** Later ones have a higher one. */
  readonly n: number;
  cancelBound: (() => void) | undefined;
}

/** A timer of the client side. */
interface Pending extends Bagged {
  timer: Timer | undefined;
}

/** What is under way on the wire, and void when the link has broken since. */
abstract class Underway implements Pending, Job {
  at = 0;
  timer: Timer | undefined = undefined;
  readonly epoch: number;

  constructor(epoch: number) {
    this.epoch = epoch;
  }

  abstract run(): void;
}

class PassingEvent extends Underway {
  readonly event: DriverEvent;
  readonly #arrived: (passing: PassingEvent) => void;

  constructor(epoch: number, event: DriverEvent, arrived: (passing: PassingEvent) => void) {
    super(epoch);
    this.event = event;
    this.#arrived = arrived;
  }

  run(): void {
    this.#arrived(this);
  }
}

class PassingReply extends Underway {
  readonly told: { readonly waiting: Waiting; readonly reply: DriverReply };
  readonly #arrived: (passing: PassingReply) => void;

  constructor(epoch: number, told: PassingReply['told'], arrived: (passing: PassingReply) => void) {
    super(epoch);
    this.told = told;
    this.#arrived = arrived;
  }

  run(): void {
    this.#arrived(this);
  }
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
  readonly #waiting = new Bag<Waiting>();
  #taken = 0;
  readonly #overtaken = new Set<() => void>();
  readonly #timers = new Bag<Pending>();
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
    return this.#waiting.size;
  }

  /** Timers of the client side that are set. */
  get pendingTimers(): number {
    return this.#timers.size;
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
    for (const { timer } of this.#timers.takeAll()) timer?.cancel();
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
  expect(command: DriverCommand, answer: Answer): Waiting {
    return this.#waiting.add({ at: 0, command, answer, n: this.#taken++, cancelBound: undefined });
  }

  /** As {@link expect}, where the switch may stay silent. */
  expectWithin(command: DriverCommand, answer: Answer): Waiting {
    const waiting = this.expect(command, answer);
    waiting.cancelBound = this.#bounded(command.boundMs, () => {
      if (this.#waiting.delete(waiting)) answer({ outcome: 'refused', code: 'timeout' }, command);
    });
    return waiting;
  }

  /** Is the command still waiting for its answer? */
  waits(waiting: Waiting): boolean {
    return this.#waiting.has(waiting);
  }

  /** Answers after `lagMs`, unless that has happened otherwise by then. */
  answer(waiting: Waiting, reply: DriverReply, lagMs: number): void {
    const nowMs = this.#clock.nowMs();
    const passing = this.#timers.add(new PassingReply(this.#epoch, { waiting, reply }, this.#answered));
    passing.timer = timerOn(this.#clock, this.thawed(nowMs + lagMs) - nowMs, passing);
  }

  readonly #answered = (passing: PassingReply): void => {
    this.#timers.delete(passing);
    if (passing.epoch !== this.#epoch) return;
    const { waiting, reply } = passing.told;
    if (!this.#waiting.delete(waiting)) return;
    waiting.cancelBound?.();
    waiting.answer(reply, waiting.command);
  };

  #pass(event: DriverEvent, delayMs: number): void {
    const passing = this.#timers.add(new PassingEvent(this.#epoch, event, this.#passed));
    passing.timer = timerOn(this.#clock, delayMs, passing);
  }

  readonly #passed = (passing: PassingEvent): void => {
    this.#timers.delete(passing);
    if (passing.epoch === this.#epoch) this.#deliver(passing.event);
  };

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
    const pending = this.#timers.add<Pending>({ at: 0, timer: undefined });
    pending.timer = timerOn(this.#clock, delayMs, () => {
      this.#timers.delete(pending);
      run();
    });
    return pending;
  }

  /** As `#later`, for what may be called off. */
  #bounded(delayMs: number, run: () => void): () => void {
    const pending = this.#later(delayMs, run);
    return () => {
      this.#timers.delete(pending);
      pending.timer?.cancel();
    };
  }

  #void(): void {
    this.#epoch++;
    this.#overtaken.clear();
  }

  #answerAll(reply: DriverReply): void {
    for (const { answer, command, cancelBound } of this.#waiting.takeAll().sort((a, b) => a.n - b.n)) {
      cancelBound?.();
      answer(reply, command);
    }
  }
}
