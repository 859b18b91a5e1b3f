import { CtiError, type IvrAction, type MediaRef } from '@cordboard/cti-core';
import type { Drive } from './drive.js';
import { type Move, printMove } from './moves.js';

/** One announcement that the caller heard. */
interface Heard {
  readonly atMs: number;
  readonly keys: readonly string[];
  readonly words: string;
}

const MAX_LINES = 40;
const MAX_WORDS = 80;

/** Notes the way that a caller takes, for what is heard and for the words of a failure. */
export class Way {
  readonly #drive: Drive;
  readonly #lines: string[] = [];
  readonly #heard: Heard[] = [];
  #now: Heard | undefined;

  constructor(drive: Drive) {
    this.#drive = drive;
  }

  /** Notes what the flow did. */
  tells(action: IvrAction): void {
    const { state } = this.#drive;
    switch (action.type) {
      case 'visited':
        return this.#line(`is at ${action.flow}/${action.node}`);
      case 'play': {
        const pieces = action.media.map((media: MediaRef) => this.#drive.world.spoken(state.flow, media));
        const words = pieces
          .map((piece) => piece.words)
          .filter((text) => text !== '')
          .join(' ');
        this.#now = { atMs: this.#drive.nowMs, keys: pieces.flatMap(({ keys }) => keys), words };
        this.#heard.push(this.#now);
        return this.#line(`  hears "${words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}...` : words}"`);
      }
      case 'ask': {
        const { question } = action;
        const of =
          question.type === 'host'
            ? question.function
            : question.type === 'http'
              ? `${question.method} ${question.url}`
              : '';
        return this.#line(`  asks ${question.type} ${of}`.trimEnd());
      }
      case 'record':
        return this.#line(action.box === undefined ? '  is recorded' : `  is recorded for the box ${action.box}`);
      case 'enqueue':
        return this.#line(`  waits in the queue ${action.queue}`);
      case 'transfer':
        return this.#line(`  is put through to ${goalOf(action)}`);
      case 'end':
        return this.#line(`  is at the end: ${action.result ?? action.reason}`);
      default:
        return;
    }
  }

  /** Notes what the caller does. */
  does(move: Move): void {
    this.#line(`    ${printMove(move)}`);
  }

  /** Is it being said now? */
  hearsNow(prompt: string | RegExp): boolean {
    return this.#drive.speaking && this.#now !== undefined && fits(this.#now, prompt);
  }

  /** When it was heard first, `mm:ss`. */
  heard(prompt: string | RegExp): string | undefined {
    const found = this.#heard.find((heard) => fits(heard, prompt));
    return found === undefined ? undefined : clock(found.atMs);
  }

  /** Refuses: says what was expected, what is the case, and how it came to that. */
  unlike(expected: string): never {
    const { state, exit } = this.#drive;
    const { flow, node, phase } = state;
    const left = this.#lines.length > MAX_LINES ? [`  ... ${this.#lines.length - MAX_LINES} lines before`] : [];
    const way = [...left, ...this.#lines.slice(-MAX_LINES).map((line) => `  ${line}`)].join('\n');
    const is = exit === 'hungUp' || exit === 'answered' ? `${phase} (${exit})` : phase;
    throw new CtiError(
      'flow.invalid',
      `expected that ${expected}, but the flow is ${is} at ${flow}/${node}; the way taken:\n${way}\n`,
      { details: { expected, phase, node, lastHeard: this.#now?.words ?? '', path: [...state.path] } },
    );
  }

  #line(text: string): void {
    this.#lines.push(`${clock(this.#drive.nowMs)} ${text}`);
  }
}

/** Where a transfer goes, in a word. */
export function goalOf({ to }: Extract<IvrAction, { type: 'transfer' }>): string {
  switch (to.kind) {
    case 'agent':
      return to.agent;
    case 'group':
      return to.group;
    case 'extension':
    case 'outside':
      return to.number;
  }
}

function fits({ keys, words }: Heard, prompt: string | RegExp): boolean {
  if (typeof prompt === 'string') return keys.includes(prompt);
  // A global or sticky expression remembers where it stopped; each question begins anew.
  return new RegExp(prompt.source, prompt.flags.replace(/[gy]/g, '')).test(words);
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
