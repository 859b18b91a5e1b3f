import type { IvrAction, IvrGraph } from '@cordboard/cti-core';
import { type Duration, msOf } from '../duration.js';
import { Drive, type Exit, type Left } from './drive.js';
import { Expectations, type HowOver } from './expectations.js';
import { apply, type Move } from './moves.js';
import type { FlowTestOptions, Reply } from './options.js';
import { TestWorld } from './test-world.js';
import { Way } from './way.js';

/**
 * Puts a caller into a flow on a virtual clock, without any switch.
 * @throws {CtiError} `argument.invalid` for an `at` that is no time or a `zone` that is none
 */
export function flowTest(graph: IvrGraph, options: FlowTestOptions = {}): FlowCaller {
  return new FlowCaller(graph, options);
}

/**
 * A caller in a flow. Each step returns the caller again; an expectation that does not hold throws, with what was the case and the way taken.
 * @throws {CtiError} `flow.invalid` from every expectation that does not hold
 */
export class FlowCaller {
  /** Everything that the flow asked for, in order. */
  readonly actions: IvrAction[] = [];
  /** What must come of it: `caller.expects.toQueue('sales')`. */
  readonly expects: Expectations<this>;
  readonly #drive: Drive;
  readonly #way: Way;

  constructor(graph: IvrGraph, options: FlowTestOptions) {
    const world = new TestWorld(graph, options);
    this.#drive = new Drive(world);
    this.#way = new Way(this.#drive);
    const { coverage } = options;
    for (const flow of world.graphs.values()) coverage?.begins(flow);
    if (coverage !== undefined) this.#drive.observer = coverage;
    this.#drive.tap = (action) => {
      this.actions.push(action);
      this.#way.tells(action);
    };
    this.expects = new Expectations(this, { drive: this.#drive, actions: this.actions, way: this.#way });
    this.#drive.start();
    this.#drive.passNow();
  }

  /** The node that the caller is in. */
  get node(): string {
    return this.#drive.state.node;
  }
  /** Nodes passed, `flow/node`, the newest 200. */
  get path(): readonly string[] {
    return this.#drive.state.path;
  }
  /** What the flow knows: its variables and those of the system. */
  get variables(): Readonly<Record<string, string>> {
    return this.#drive.state.variables;
  }
  /** How the flow is over for the caller; `undefined` while it is not. */
  get exit(): Exit | undefined {
    return this.#drive.exit;
  }
  /** Virtual time since the call began, ms. */
  get passedMs(): number {
    return this.#drive.nowMs;
  }
  /** What the flow told the world about the call. */
  get data(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.actions.map((action) => (action.type === 'setData' ? action.data : {})));
  }
  /** Recordings that the caller left and that were not thrown away; those of a `box` are messages. */
  get left(): readonly Left[] {
    const kept = this.actions.flatMap((action) => (action.type === 'keep' ? [action.what] : []));
    const gone = new Set(kept.flatMap((what) => (what.kind === 'discard' ? [what.recordingId] : [])));
    return this.#drive.left.filter(({ recordingId }) => !gone.has(recordingId));
  }

  /**
   * Listens until an announcement plays with this prompt (its key), or whose words fit the expression; where a prompt has no words, its key stands for
   * them. Does not listen past a silence in which the flow waits for something.
   */
  hears(prompt: string | RegExp): this {
    const heard = () => this.#way.hearsNow(prompt);
    for (let said = -1; said !== this.#drive.plays && !heard(); this.#drive.passNow()) {
      said = this.#drive.plays;
      this.#drive.passWhile(() => !heard() && this.#drive.speaking);
    }
    return heard() ? this : this.#way.unlike(`the caller hears ${prompt}`);
  }
  /** From the start of the call up to now, the caller never heard such a prompt or words. Takes no time. */
  neverHears(prompt: string | RegExp): this {
    const heard = this.#way.heard(prompt);
    return heard === undefined ? this : this.#way.unlike(`the caller never hears ${prompt}, who heard it at ${heard}`);
  }
  /** Listens to the end of all announcements, up to where the flow waits for something. */
  listens(): this {
    return this.#does({ move: 'listens' });
  }
  /** Presses keys, one each fifth of a second. */
  presses(keys: string): this {
    return this.#does({ move: 'presses', keys });
  }
  /** Says words into the recording that is under way, or that begins when all is said. They take time, half a second a word. */
  says(words: string): this {
    return this.#does({ move: 'says', words }, 'the caller is asked to speak');
  }
  /** Lets time pass: announcements end, waits run out. */
  waits(time: Duration): this {
    return this.#does({ move: 'waits', ms: msOf(time, 'waits') });
  }
  /** Lays the phone down. A message under way is kept if it is long enough. */
  hangsUp(): this {
    return this.#does({ move: 'hangsUp' });
  }
  /** Answers the question that the flow asks now, where the test has no handler for it. */
  answers(reply: Reply): this {
    return this.#does({ move: 'answers', reply }, 'the flow asks a question that no handler answers');
  }
  /** The recording under way, or the one that begins when all is said, cannot be made. */
  recordingFails(): this {
    return this.#does({ move: 'recordingFails' }, 'the caller is recorded');
  }
  /** Nobody answered in the queue's bound. */
  queueOverflows(): this {
    return this.#does({ move: 'queue', result: 'overflow' }, 'the caller waits in a queue');
  }
  /** The queue took no more callers. */
  queueIsFull(): this {
    return this.#does({ move: 'queue', result: 'full' }, 'the caller waits in a queue');
  }
  /** An agent answered and gave the caller back to the flow. */
  comesBack(): this {
    return this.#does({ move: 'queue', result: 'returned' }, 'the caller waits in a queue');
  }
  /** The goal of the transfer was not reached. At an order desk `noAnswer` is that nobody picked up in its time. */
  transferFails(result: 'busy' | 'noAnswer' | 'failed'): this {
    return this.#does({ move: 'transfer', result }, 'a transfer is under way');
  }
  /** Somebody takes the call: an agent of the queue, or the goal of the transfer. The flow is over for the caller. */
  isAnswered(): this {
    this.listens();
    const { phase } = this.#drive.state;
    const move = phase === 'queued' ? 'queue' : 'transfer';
    return this.#does({ move, result: 'answered' }, 'the caller waits for somebody');
  }
  /** The server came back after an outage. */
  survivesOutage(): this {
    return this.#does({ move: 'outage' });
  }

  /** Does what a move says; a move that does not fit is passed over. For scripts that were found by a search. */
  does(move: Move): this {
    apply(this.#drive, move);
    return this;
  }

  /** The caller is in this node. */
  isAt(node: string): this {
    return this.node === node ? this : this.#way.unlike(`the caller is at ${node}`);
  }
  /** The caller waits in this queue, once all is said. */
  isQueuedIn(queue: string): this {
    return this.expects.toQueue(queue);
  }
  /** The caller is being put through to this number, agent or group, once all is said. */
  isTransferredTo(goal: string): this {
    return this.expects.toTransfer(goal);
  }
  /** The flow is over, once all is said: `hangup` by a node, `end` by END, or by its result. */
  isOver(how: HowOver): this {
    return this.expects.toEnd(how);
  }

  #does(move: Move, needs?: string): this {
    this.#way.does(move);
    if (apply(this.#drive, move) || needs === undefined) return this;
    if (this.#drive.exit !== undefined && needs === undefined) return this;
    return this.#way.unlike(needs);
  }
}
