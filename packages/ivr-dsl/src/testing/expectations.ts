import type { IvrAction, IvrKeepsake } from '@cordboard/cti-core';
import type { Drive } from './drive.js';
import { goalOf, type Way } from './way.js';

/** How a flow is over: by a node that hangs up, by END, or with a result. */
export type HowOver = { readonly by: 'hangup' | 'end' } | { readonly result: string };

/** What an expectation looks at. */
interface Seen {
  readonly drive: Drive;
  readonly actions: readonly IvrAction[];
  readonly way: Way;
}

/** What must come of a flow. Each first listens to the end of what is being said, and gives the caller back. */
export class Expectations<C> {
  readonly #caller: C;
  readonly #seen: Seen;

  constructor(caller: C, seen: Seen) {
    this.#caller = caller;
    this.#seen = seen;
  }

  /** The caller waits in this queue. */
  toQueue(queue: string): C {
    const phase = this.#phase();
    return this.#holds(
      heldIf(phase === 'queued' && this.#last('enqueue')?.queue === queue),
      `the caller waits in the queue ${queue}`,
    );
  }
  /** The caller is being put through to this number, agent or group. */
  toTransfer(goal: string): C {
    const phase = this.#phase();
    const last = this.#last('transfer');
    const is = phase === 'transferring' && last !== undefined && goalOf(last) === goal;
    return this.#holds(heldIf(is), `the caller is put through to ${goal}`);
  }
  /** The caller is being recorded, for this box if one is given. */
  toRecord(box?: string): C {
    const { drive } = this.#seen;
    drive.passWhile(() => drive.speaking && !drive.recording);
    const is = drive.recording && (box === undefined || this.#last('record')?.box === box);
    return this.#holds(heldIf(is), `the caller is recorded${box === undefined ? '' : ` for the box ${box}`}`);
  }
  /** The flow has asked this host function (`id@version`), or an HTTP service whose `METHOD url` the expression fits, in this or an earlier node. */
  toAsk(what: string | RegExp): C {
    this.#listened();
    const is = this.#seen.actions.some((action) => action.type === 'ask' && asks(action, what));
    return this.#holds(heldIf(is), `the flow asks ${what}`);
  }
  /** Something stays of the call: a score, a wish to be called back, a number beside a message, a message thrown away. All given fields must fit. */
  toKeep(what: Partial<IvrKeepsake>): C {
    this.#listened();
    const wanted = Object.entries(what);
    const is = this.#seen.actions.some((action) => {
      if (action.type !== 'keep') return false;
      const kept = new Map<string, unknown>(Object.entries(action.what));
      return wanted.every(([field, value]) => kept.get(field) === value);
    });
    return this.#holds(
      heldIf(is),
      `it is kept: ${wanted.map(([field, value]) => `${field} ${String(value)}`).join(', ')}`,
    );
  }
  /** The flow is over. */
  toEnd(how?: HowOver): C {
    this.#listened();
    const end = this.#last('end');
    const is = how === undefined ? end !== undefined : 'by' in how ? end?.reason === how.by : isResult(end, how.result);
    const expected = how === undefined ? '' : ` by ${'by' in how ? how.by : `the result ${how.result}`}`;
    return this.#holds(heldIf(is), `the flow is over${expected}`);
  }
  /** The call's data hold this value. */
  toSet(name: string, value: string): C {
    this.#listened();
    const known = this.#seen.actions.findLast(
      (action) => action.type === 'setData' && Object.hasOwn(action.data, name),
    );
    const is = known?.type === 'setData' && known.data[name] === value;
    return this.#holds(heldIf(is), `the call's data hold ${name}`);
  }

  #listened(): void {
    this.#seen.drive.listen();
  }
  #phase() {
    this.#listened();
    return this.#seen.drive.exit === undefined ? this.#seen.drive.state.phase : 'ended';
  }
  #last<T extends IvrAction['type']>(type: T): Extract<IvrAction, { type: T }> | undefined {
    const isOne = (action: IvrAction): action is Extract<IvrAction, { type: T }> => action.type === type;
    return this.#seen.actions.findLast(isOne);
  }
  #holds(held: 'held' | 'not', expected: string): C {
    return held === 'held' ? this.#caller : this.#seen.way.unlike(expected);
  }
}

function isResult(end: Extract<IvrAction, { type: 'end' }> | undefined, result: string): boolean {
  return end?.reason === 'return' && end.result === result;
}

function asks({ question }: Extract<IvrAction, { type: 'ask' }>, what: string | RegExp): boolean {
  const name =
    question.type === 'host'
      ? question.function
      : question.type === 'http'
        ? `${question.method} ${question.url}`
        : question.type;
  return typeof what === 'string' ? name === what : new RegExp(what.source, what.flags.replace(/[gy]/g, '')).test(name);
}

const heldIf = (is: unknown): 'held' | 'not' => (is === true ? 'held' : 'not');
