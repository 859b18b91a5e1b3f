import type { CallChange } from '../contract/engine-io.js';
import type { CallId } from '../contract/ids.js';

/** Above so many calls they are found by a map, below by looking at each. */
const FEW = 16;

/**
 * What is to be told of which calls at the end of an input, in the order in which they came. Nearly always one call or two with a word or
 * two: lists whose places are used again, where a `Map` would make a new table at each emptying.
 */
export class Changes {
  private readonly calls: (CallId | undefined)[] = [];
  private readonly words: CallChange[][] = [];
  private end = 0;
  private many: Map<CallId, number> | undefined;

  /** How many calls there may be something to tell of. */
  get size(): number {
    return this.end;
  }

  /** A call is to be told with this word; once is enough. */
  add(callId: CallId, change: CallChange): void {
    const known = this.indexOf(callId);
    if (known >= 0) {
      const words = this.words[known];
      if (words?.includes(change) === false) words.push(change);
      return;
    }
    const at = this.end;
    this.end += 1;
    this.calls[at] = callId;
    const free = this.words[at];
    if (free === undefined) this.words[at] = [change];
    else free.push(change);
    if (this.many !== undefined) this.many.set(callId, at);
    else if (this.end > FEW) this.many = this.mapped();
  }

  /** There is nothing to tell of this call. */
  delete(callId: CallId): void {
    const at = this.indexOf(callId);
    if (at < 0) return;
    this.calls[at] = undefined;
    this.many?.delete(callId);
  }

  /** Gives every call with its words to `tell` and forgets them. The words are lent for the time of the call. */
  takeAll(tell: (callId: CallId, changes: readonly CallChange[]) => void): void {
    for (let at = 0; at < this.end; at += 1) {
      const callId = this.calls[at];
      const words = this.words[at];
      this.calls[at] = undefined;
      if (words === undefined) continue;
      if (callId !== undefined) tell(callId, words);
      words.length = 0;
    }
    this.end = 0;
    this.many = undefined;
  }

  private indexOf(callId: CallId): number {
    if (this.many !== undefined) return this.many.get(callId) ?? -1;
    for (let at = 0; at < this.end; at += 1) if (this.calls[at] === callId) return at;
    return -1;
  }

  private mapped(): Map<CallId, number> {
    const many = new Map<CallId, number>();
    for (let at = 0; at < this.end; at += 1) {
      const callId = this.calls[at];
      if (callId !== undefined) many.set(callId, at);
    }
    return many;
  }
}
