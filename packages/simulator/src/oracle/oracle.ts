import type { Cdr, EngineEffect, EngineInput } from '@cordboard/cti-core';
import type { HostObserver } from '../floor/engine-host.js';
import type { Scheduler } from '../scheduler.js';
import type { VirtualSwitch } from '../switch/virtual-switch.js';
import type { Check, InvariantId, Violation } from './check.js';
import { fitChecks } from './fit.js';
import { flowChecks } from './flows.js';
import { keepingChecks } from './keeping.js';
import { placeChecks } from './places.js';
import { recordChecks } from './records.js';
import { ruleChecks } from './rules.js';
import { clientChecks } from './streams.js';
import { truthChecks } from './truth.js';
import { type Board, viewChecks } from './views.js';

const TICK_MS = 1_000;
const MAX_VIOLATIONS = 20;
/** A busy second of a hundred agents has some hundred inputs. */
const STORM_INPUTS = 3_000;

/**
 * Judges a floor by what goes into the engine, what comes out, and what is true on the switch. It shares no code with the engine and never asks it.
 */
export class Oracle implements HostObserver {
  readonly violations: Violation[] = [];
  readonly board: Board = { agents: new Map(), calls: new Map(), queues: new Map(), ended: new Map() };
  /** CDRs kept so far, the latest of each call. */
  readonly cdrs = new Map<string, Cdr>();
  readonly #checks: readonly Check[];
  readonly #clock: Scheduler;
  #upSinceMs: number | undefined;
  #troubleMs = 0;
  #second = -1;
  #inputs = 0;
  #cancelTick: (() => void) | undefined;

  /** `looks`: once a second at what lasts too long, or never (default: each second). */
  constructor(pbx: VirtualSwitch, clock: Scheduler, options: { readonly looks?: 'eachSecond' | 'never' } = {}) {
    this.#clock = clock;
    const context = {
      pbx,
      fail: (invariant: InvariantId, what: string) => this.fail(invariant, what),
      nowMs: () => clock.nowMs(),
      upSinceMs: () => this.#upSinceMs,
      troubleMs: () => this.#troubleMs,
    };
    this.#checks = [
      clientChecks(context),
      // They ask what was before: they come before the one that brings the board up to date.
      fitChecks(context, this.board),
      placeChecks(context, this.board),
      viewChecks(context, this.board),
      recordChecks(context, this.cdrs),
      truthChecks(context, this.board),
      keepingChecks(context, this.board),
      ruleChecks(context, this.board),
      flowChecks(context, this.board),
    ];
    if (options.looks !== 'never') this.#tick();
  }

  /** Something goes wrong outside: for a while things may take longer. */
  noteTrouble(): void {
    this.#troubleMs = this.#clock.nowMs();
  }

  /** Notes a violation. */
  fail(invariant: InvariantId, what: string): void {
    if (this.violations.length < MAX_VIOLATIONS) this.violations.push({ invariant, atMs: this.#clock.nowMs(), what });
  }

  applied(input: EngineInput, effects: readonly EngineEffect[]): void {
    this.#countInput(input);
    if (input.kind === 'reply' && input.reply.outcome === 'refused' && input.reply.code !== 'gone') this.noteTrouble();
    if (input.kind === 'driver') {
      if (input.event.type === 'linkSynced') this.#upSinceMs = input.atMs;
      if (input.event.type === 'linkDown') this.#upSinceMs = undefined;
    }
    for (const check of this.#checks) check.applied?.(input, effects);
  }

  crashed(): void {
    this.#upSinceMs = undefined;
  }

  recovered(dumps: { readonly before: string; readonly after: string }): void {
    if (dumps.before !== dumps.after) this.fail('recovers-equal', 'the replayed state differs');
  }

  /** Everybody has hung up: judges what is left. */
  end(): void {
    this.#cancelTick?.();
    for (const check of this.#checks) check.end?.();
  }

  /** @throws {RangeError} in a storm: time would never go on */
  #countInput(input: EngineInput): void {
    const second = Math.floor(input.atMs / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#inputs = 0;
    }
    if (++this.#inputs > STORM_INPUTS) {
      const what = input.kind === 'driver' ? input.event.type : input.kind;
      this.fail('no-storm', `more than ${STORM_INPUTS} inputs in a second, such as ${what}`);
      throw new RangeError('storm');
    }
  }

  #tick(): void {
    this.#cancelTick = this.#clock.setTimer(TICK_MS, () => {
      for (const check of this.#checks) check.tick?.();
      this.#tick();
    });
  }
}
