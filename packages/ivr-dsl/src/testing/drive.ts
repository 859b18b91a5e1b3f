import {
  createIvrSession,
  type IvrAction,
  type IvrAnswer,
  type IvrInput,
  type IvrNode,
  type IvrSessionState,
  type MediaRef,
  nodeOf,
  type RecordingId,
  stepIvr,
} from '@cordboard/cti-core';
import type { Observer } from '../coverage.js';
import type { Reply } from './options.js';
import { type Ask, heardAs, outcomeOf, outcomeOfReply } from './replies.js';
import type { TestWorld } from './test-world.js';

/** How a caller's time in a flow ended. `answered`: somebody of the queue or the goal of a transfer took the call. */
export type Exit = 'ended' | 'hungUp' | 'answered';

/** A message or recording that the caller left. */
export interface Left {
  readonly recordingId: RecordingId;
  readonly durationMs: number;
  readonly box?: string;
}

interface Due {
  readonly atMs: number;
  readonly turn: number;
  readonly kind: 'play' | 'timer' | 'answer' | 'recorded';
  readonly answer?: IvrAnswer;
}

interface Taking {
  readonly turn: number;
  readonly sinceMs: number;
  readonly recordingId: RecordingId;
  readonly minMs: number;
  readonly box?: string;
  readonly said?: string;
}

const MAX_WAITS = 10_000;
/** Between two keys. */
export const KEY_GAP_MS = 200;
/** Longest wait for things to come about in one go: a day. */
const MAX_WAIT_MS = 86_400_000;

/** A session on a virtual clock: plays, records, asks and times out as a switch and a server would. Can be copied at any moment. */
export class Drive {
  readonly world: TestWorld;
  nowMs = 0;
  state: IvrSessionState;
  exit: Exit | undefined;
  /** What is being said, or was said last. */
  playing: readonly MediaRef[] = [];
  /** Counts the announcements. */
  plays = 0;
  /** A question that nobody has answered yet. */
  asked: Ask | undefined;
  left: readonly Left[] = [];
  /** Sees each action, in order. */
  tap: ((action: IvrAction) => void) | undefined;
  observer: Observer | undefined;
  #dues: readonly Due[] = [];
  #taking: Taking | undefined;
  #said: ReadonlyMap<RecordingId, string> = new Map();

  constructor(world: TestWorld, from?: Drive) {
    this.world = world;
    if (from === undefined) {
      const { options } = world;
      const context = world.at(0, undefined).context;
      this.state = createIvrSession(world.graph, context, {
        variables: options.variables ?? {},
        ...(options.language === undefined ? {} : { language: options.language }),
      });
      return;
    }
    this.nowMs = from.nowMs;
    this.state = from.state;
    this.exit = from.exit;
    this.playing = from.playing;
    this.plays = from.plays;
    this.asked = from.asked;
    this.left = from.left;
    this.observer = from.observer;
    this.#dues = from.#dues;
    this.#taking = from.#taking;
    this.#said = from.#said;
  }

  /** The same moment once more; what is done to one is not done to the other. Nobody taps the copy. */
  copy(): Drive {
    return new Drive(this.world, this);
  }

  /** Sets the session going. */
  start(): void {
    this.gets({ type: 'start' });
  }

  /** The node that the caller is in. */
  get node(): IvrNode | undefined {
    const graph = this.world.graphNamed(this.state.flow);
    return graph === undefined ? undefined : nodeOf(graph, this.state.node);
  }
  /** Is something being said? */
  get speaking(): boolean {
    return this.#dues.some(({ kind }) => kind === 'play');
  }
  /** Is the caller being recorded? */
  get recording(): boolean {
    return this.#taking !== undefined;
  }
  /** Will something come about by time alone? */
  get awaiting(): boolean {
    return this.#dues.length > 0;
  }

  /** Tells the session something and does what it asks for. */
  gets(input: IvrInput): void {
    if (this.exit !== undefined) return;
    const step = stepIvr(this.state, input, this.world.at(this.nowMs, this.observer));
    this.state = step.state;
    for (const action of step.actions) this.#does(action);
  }

  /** Lets the next thing come about that time brings; `false` when there is none. */
  passNext(): boolean {
    let next: Due | undefined;
    for (const due of this.#dues) if (next === undefined || due.atMs < next.atMs) next = due;
    if (next === undefined || this.exit !== undefined) return false;
    this.nowMs = Math.max(this.nowMs, next.atMs);
    this.#drop((due) => due === next);
    this.#comes(next);
    return true;
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const until = this.nowMs + ms;
    for (let wait = 0; wait < MAX_WAITS && this.#dues.some(({ atMs }) => atMs <= until); wait += 1) this.passNext();
    this.nowMs = until;
  }

  /** Lets time pass while the condition holds and something comes about. */
  passWhile(holds: () => boolean): void {
    const until = this.nowMs + MAX_WAIT_MS;
    for (let wait = 0; wait < MAX_WAITS && this.nowMs < until && holds() && this.passNext(); wait += 1);
  }

  /** Listens to the end of what is being said, and of what is said then: up to where the flow waits for somebody. */
  listen(): void {
    for (let said = 0; said < MAX_WAITS; said += 1) {
      this.passWhile(() => this.speaking);
      this.passNow();
      if (!this.speaking || this.exit !== undefined) return;
    }
  }

  /** Presses one key. */
  press(digit: string): void {
    this.gets({ type: 'digit', digit });
    this.pass(KEY_GAP_MS);
  }

  /** Says words while being recorded. `false` when nobody records. */
  say(words: string): boolean {
    if (this.#taking === undefined) return false;
    const said = [this.#taking.said, words].filter((part) => part !== undefined).join(' ');
    this.#taking = { ...this.#taking, said };
    return true;
  }

  /** The recording under way is lost. `false` when there is none. */
  loseRecording(): boolean {
    const taking = this.#taking;
    if (taking === undefined) return false;
    this.#taking = undefined;
    this.#drop(({ kind }) => kind === 'recorded');
    const { turn, recordingId } = taking;
    this.gets({ type: 'recorded', turn, outcome: 'failed', recordingId, durationMs: 0 });
    return true;
  }

  /** Answers the open question. `false` when there is none. */
  answer(reply: Reply): boolean {
    const ask = this.asked;
    if (ask === undefined) return false;
    this.asked = undefined;
    const { afterMs, answer } = outcomeOfReply(ask, reply);
    if (answer === undefined) return true;
    this.#due({ atMs: this.nowMs + afterMs, turn: ask.turn, kind: 'answer', answer });
    if (afterMs === 0) this.passNow();
    return true;
  }

  /** What is due at this very moment comes about. */
  passNow(): void {
    this.pass(0);
  }

  /** The caller hangs up: a recording under way is kept if it is long enough. */
  hangUp(): void {
    if (this.exit !== undefined) return;
    this.#keepTaking();
    this.exit = 'hungUp';
    this.#dues = [];
  }

  /** Somebody takes the call. */
  isAnswered(): void {
    this.exit = 'answered';
    this.#dues = [];
  }

  #comes({ kind, turn, answer }: Due): void {
    if (kind === 'play') this.gets({ type: 'playbackFinished', turn, outcome: 'done' });
    else if (kind === 'timer') this.gets({ type: 'timer', turn });
    else if (kind === 'answer' && answer !== undefined) this.gets({ type: 'answer', turn, answer });
    else if (kind === 'recorded') this.#recorded();
  }

  #recorded(): void {
    const taking = this.#taking;
    if (taking === undefined) return;
    const durationMs = this.#keepTaking();
    this.gets({ type: 'recorded', turn: taking.turn, outcome: 'done', recordingId: taking.recordingId, durationMs });
  }

  #keepTaking(): number {
    const taking = this.#taking;
    if (taking === undefined) return 0;
    const { recordingId, box, said } = taking;
    const durationMs = this.nowMs - taking.sinceMs;
    this.#taking = undefined;
    if (said !== undefined) this.#said = new Map([...this.#said, [recordingId, said]]);
    if (durationMs >= taking.minMs) {
      this.left = [...this.left, { recordingId, durationMs, ...(box === undefined ? {} : { box }) }];
    }
    return durationMs;
  }

  #does(action: IvrAction): void {
    this.tap?.(action);
    switch (action.type) {
      case 'visited':
        this.observer?.visited(action.flow, action.node);
        return;
      case 'play': {
        this.plays += 1;
        this.playing = action.media;
        const lasts = action.media.reduce((sum, media) => sum + this.world.lasts(media), 0);
        this.#drop(({ kind }) => kind === 'play');
        return this.#due({ atMs: this.nowMs + lasts, turn: action.turn, kind: 'play' });
      }
      case 'stopPlay':
        return this.#drop(({ kind }) => kind === 'play');
      case 'setTimer':
        return this.#due({ atMs: this.nowMs + action.inMs, turn: action.turn, kind: 'timer' });
      case 'cancelTimer':
        return this.#drop(({ kind, turn }) => kind === 'timer' && turn === action.turn);
      case 'ask':
        return this.#asks(action);
      case 'record': {
        const recordingId = `recording-${action.turn}` as RecordingId;
        const { turn, minMs, box } = action;
        this.#taking = { turn, sinceMs: this.nowMs, recordingId, minMs, ...(box === undefined ? {} : { box }) };
        return this.#due({ atMs: this.nowMs + action.maxMs, turn, kind: 'recorded' });
      }
      case 'stopRecord':
        this.#drop(({ kind }) => kind === 'recorded');
        return this.#due({ atMs: this.nowMs, turn: action.turn, kind: 'recorded' });
      case 'end':
        this.#keepTaking();
        this.exit = 'ended';
        this.#dues = [];
        return;
      default:
        return;
    }
  }

  #asks(ask: Ask): void {
    const { question } = ask;
    const outcome =
      question.type === 'speech'
        ? { afterMs: 0, answer: heardAs(this.#said.get(question.recordingId), question.phrases) }
        : outcomeOf(ask, this.world.options);
    this.asked = outcome === undefined ? ask : undefined;
    if (outcome?.answer === undefined) return;
    this.#due({ atMs: this.nowMs + outcome.afterMs, turn: ask.turn, kind: 'answer', answer: outcome.answer });
  }

  #due(due: Due): void {
    this.#dues = [...this.#dues, due];
  }
  #drop(which: (due: Due) => boolean): void {
    if (this.#dues.some(which)) this.#dues = this.#dues.filter((due) => !which(due));
  }
}
