import {
  type Calendar,
  CtiError,
  createIvrSession,
  type DialPlan,
  type FlowId,
  type IvrAction,
  type IvrContext,
  type IvrGraph,
  type IvrInput,
  type IvrSessionState,
  type MediaRef,
  nodeOf,
  stepIvr,
} from '@cordboard/cti-core';
import { type Duration, msOf } from '../duration.js';

/** The world of a flow under test. */
export interface FlowTestOptions {
  /** Local time at the site, `YYYY-MM-DDTHH:MM`; default Monday, `2026-03-02T10:00`. */
  readonly at?: string;
  /** Minutes that the site is ahead of UTC; default 480. */
  readonly offsetMin?: number;
  /** The caller's number; default `13900000000`. */
  readonly from?: string;
  /** The number that was called; default `8100`. */
  readonly dialled?: string;
  /** Flows that this one calls. */
  readonly flows?: readonly IvrGraph[];
  readonly calendars?: Readonly<Record<string, Calendar>>;
  /** Tells extensions from outside numbers; default: China, extensions 8000 to 8999. */
  readonly dialPlan?: DialPlan;
  /** How long a prompt lasts; default `3s`. */
  readonly promptLasts?: Duration;
  /** Data that the call already has. */
  readonly variables?: Readonly<Record<string, string>>;
}

const CHINA: DialPlan = {
  countryCode: '86',
  internal: [{ from: '8000', to: '8999' }],
  ownNumbers: [],
  emergency: [],
};
const KEY_GAP_MS = 200;
const MAX_WAITS = 10_000;

/**
 * Puts a caller into a flow on a virtual clock, without any switch.
 * @throws {CtiError} `argument.invalid` for an `at` that is no time
 */
export function flowTest(graph: IvrGraph, options: FlowTestOptions = {}): FlowCaller {
  return new FlowCaller(graph, options);
}

/**
 * A caller in a flow. Each step returns the caller again; an expectation that does not hold throws, with what was the case.
 * @throws {CtiError} `flow.invalid` from every expectation that does not hold
 */
export class FlowCaller {
  /** Everything that the flow asked for, in order. */
  readonly actions: IvrAction[] = [];
  readonly #options: FlowTestOptions;
  readonly #graphs: readonly IvrGraph[];
  readonly #startWallMs: number;
  #nowMs = 0;
  #state: IvrSessionState;
  #playing: readonly MediaRef[] = [];
  /** When the announcement or the wait for a key ends. */
  #dueMs: number | undefined;

  constructor(graph: IvrGraph, options: FlowTestOptions) {
    this.#options = options;
    this.#graphs = [graph, ...(options.flows ?? [])];
    const local = Date.parse(`${options.at ?? '2026-03-02T10:00'}Z`);
    if (Number.isNaN(local)) throw new CtiError('argument.invalid', "at: expected a time such as '2026-03-02T10:00'");
    this.#startWallMs = local - (options.offsetMin ?? 480) * 60_000;
    this.#state = createIvrSession(graph, this.#context(), { variables: options.variables ?? {} });
    this.#gets({ type: 'start' });
  }

  /** The node that the caller is in. */
  get node(): string {
    return this.#state.node;
  }
  /** Nodes passed, `flow/node`. */
  get path(): readonly string[] {
    return this.#state.path;
  }
  /** What the flow knows: its variables and those of the system. */
  get variables(): Readonly<Record<string, string>> {
    return this.#state.variables;
  }
  /** What the flow told the world about the call. */
  get data(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.actions.map((action) => (action.type === 'setData' ? action.data : {})));
  }

  /** Listens until an announcement with this prompt plays. Does not listen past a silence in which the flow waits for a key. */
  hears(prompt: string): this {
    for (let wait = 0; !this.#hearsNow(prompt); wait += 1) {
      if (this.#state.phase !== 'saying' || wait > MAX_WAITS) return this.#unlike(`the caller hears ${prompt}`);
      this.#passDue();
    }
    return this;
  }
  /** Listens to the end of all announcements, up to where the flow waits for something. */
  listens(): this {
    for (let wait = 0; this.#state.phase === 'saying' && wait < MAX_WAITS; wait += 1) this.#passDue();
    return this;
  }
  /** Presses keys, one each fifth of a second. */
  presses(keys: string): this {
    for (const digit of keys) {
      this.#gets({ type: 'digit', digit });
      this.#pass(KEY_GAP_MS);
    }
    return this;
  }
  /** Lets time pass: announcements end, waits run out. */
  waits(time: Duration): this {
    this.#pass(msOf(time, 'waits'));
    return this;
  }
  /** Nobody answered in the queue's bound. */
  queueOverflows(): this {
    return this.#queue('overflow');
  }
  /** The queue took no more callers. */
  queueIsFull(): this {
    return this.#queue('full');
  }
  /** An agent answered and gave the caller back to the flow. */
  comesBack(): this {
    return this.#queue('returned');
  }
  /** The goal of the transfer was not reached. */
  transferFails(result: 'busy' | 'noAnswer' | 'failed'): this {
    this.listens();
    if (this.#state.phase !== 'transferring') return this.#unlike('a transfer is under way');
    return this.#gets({ type: 'transferResult', result });
  }
  /** The server came back after an outage. */
  survivesOutage(): this {
    return this.#gets({ type: 'reenter' });
  }

  /** The caller is in this node. */
  isAt(node: string): this {
    return this.node === node ? this : this.#unlike(`the caller is at ${node}`);
  }
  /** The caller waits in this queue, once all is said. */
  isQueuedIn(queue: string): this {
    const node = this.listens().#nodeNow();
    const is = this.#state.phase === 'queued' && node?.type === 'queue' && node.queue === queue;
    return is ? this : this.#unlike(`the caller waits in the queue ${queue}`);
  }
  /** The caller is being put through to this number or agent, once all is said. */
  isTransferredTo(goal: string): this {
    this.listens();
    const last = this.actions.findLast((action) => action.type === 'transfer');
    const to = last === undefined ? undefined : last.to.kind === 'agent' ? last.to.agent : last.to.number;
    const is = this.#state.phase === 'transferring' && to === goal;
    return is ? this : this.#unlike(`the caller is put through to ${goal}`);
  }
  /** The flow is over, once all is said: `hangup` by a node, `end` by END, or by its result. */
  isOver(how: { readonly by: 'hangup' | 'end' } | { readonly result: string }): this {
    this.listens();
    const end = this.actions.findLast((action) => action.type === 'end');
    const is = 'by' in how ? end?.reason === how.by : end?.reason === 'return' && end.result === how.result;
    return is ? this : this.#unlike(`the flow is over by ${'by' in how ? how.by : `the result ${how.result}`}`);
  }

  #queue(result: 'overflow' | 'full' | 'returned'): this {
    this.listens();
    if (this.#state.phase !== 'queued') return this.#unlike('the caller waits in a queue');
    return this.#gets({ type: 'queueResult', result });
  }

  #context(): IvrContext {
    const { from = '13900000000', dialled = '8100', offsetMin = 480 } = this.#options;
    const wallMs = this.#startWallMs + this.#nowMs;
    return { session: 'test', atMs: this.#nowMs, wallMs, offsetMin, callerNumber: from, dialledNumber: dialled };
  }

  #gets(input: IvrInput): this {
    const step = stepIvr(this.#state, input, {
      context: this.#context(),
      graph: (flow: FlowId, version?: string) =>
        this.#graphs.find((graph) => graph.id === flow && (version === undefined || version === graph.version)),
      calendars: this.#options.calendars ?? {},
      dialPlan: this.#options.dialPlan ?? CHINA,
    });
    this.#state = step.state;
    for (const action of step.actions) {
      this.actions.push(action);
      if (action.type === 'stopPlay' || action.type === 'cancelTimer' || action.type === 'end') this.#dueMs = undefined;
      if (action.type === 'setTimer') this.#dueMs = this.#nowMs + action.inMs;
      if (action.type === 'play') {
        this.#playing = action.media;
        this.#dueMs = this.#nowMs + action.media.reduce((sum, media) => sum + this.#lasts(media), 0);
      }
    }
    return this;
  }

  #lasts(media: MediaRef): number {
    if (media.kind === 'silence') return media.forMs;
    if (media.kind === 'digits') return media.text.length * 500;
    return msOf(this.#options.promptLasts ?? '3s', 'promptLasts');
  }

  /** Lets time pass up to the next thing that the flow waits for. */
  #passDue(): void {
    if (this.#dueMs === undefined) return;
    this.#nowMs = Math.max(this.#nowMs, this.#dueMs);
    this.#dueMs = undefined;
    const { phase, turn } = this.#state;
    if (phase === 'saying') this.#gets({ type: 'playbackFinished', turn, outcome: 'done' });
    else if (phase === 'waiting') this.#gets({ type: 'timer', turn });
  }

  #pass(ms: number): void {
    const until = this.#nowMs + ms;
    for (let wait = 0; this.#dueMs !== undefined && this.#dueMs <= until && wait < MAX_WAITS; wait += 1)
      this.#passDue();
    this.#nowMs = until;
  }

  #hearsNow(prompt: string): boolean {
    if (this.#state.phase !== 'saying') return false;
    const files = this.#graphs.find((graph) => graph.id === this.#state.flow)?.prompts ?? {};
    const own = Object.hasOwn(files, prompt) ? Object.values(files[prompt] ?? {}) : [];
    return this.#playing.some((media) => media.kind === 'prompt' && own.includes(media.prompt));
  }

  #nodeNow() {
    const graph = this.#graphs.find(({ id }) => id === this.#state.flow);
    return graph === undefined ? undefined : nodeOf(graph, this.#state.node);
  }

  #unlike(expected: string): never {
    const { flow, node, phase } = this.#state;
    const heard = this.#playing.map((media) => (media.kind === 'prompt' ? media.prompt : media.kind)).join(' + ');
    throw new CtiError('flow.invalid', `expected that ${expected}, but the flow is ${phase} at ${flow}/${node}`, {
      details: { expected, phase, node, lastHeard: heard, path: [...this.#state.path] },
    });
  }
}
