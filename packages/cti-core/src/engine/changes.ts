import type { CallChange } from '../contract/engine-io.js';
import type { CallId } from '../contract/ids.js';

/** Above so many calls they are found by a map, below by looking at each. */
const FEW = 16;

/**
 * What is to be told of which calls at the end of an input, in the order in which they came. Nearly always one call or two with a word or
 * two: lists whose places are used again, where a `Map` would make a new table at each emptying.
 *
 * One frame is enough for a client: a word that says nothing beside another one is left out.
 */
export class Changes {
  private readonly calls: (CallId | undefined)[] = [];
  private readonly words: (CallChange[] | undefined)[] = [];
  private end = 0;
  private many: Map<CallId, number> | undefined;

  /** How many calls there may be something to tell of. */
  get size(): number {
    return this.end;
  }

  /** A call is to be told with this word; once is enough. */
  add(callId: CallId, change: CallChange): void {
    const known = this.indexOf(callId);
    if (known >= 0) return this.addWord(known, change);
    const at = this.end;
    this.end += 1;
    this.calls[at] = callId;
    this.words[at] = [change];
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

  /** The call at a place from 0 up to {@link size}; `undefined` when there is nothing to tell of it. */
  callAt(at: number): CallId | undefined {
    return this.calls[at];
  }

  /** The words of the call at a place. */
  wordsAt(at: number): readonly CallChange[] {
    return this.words[at] ?? [];
  }

  /** All has been told. */
  clear(): void {
    for (let at = 0; at < this.end; at += 1) {
      this.calls[at] = undefined;
      this.words[at] = undefined;
    }
    this.end = 0;
    this.many = undefined;
  }

  private addWord(at: number, change: CallChange): void {
    const words = this.words[at];
    if (words === undefined || saysLittle(change) || words.includes(change)) return;
    const [first] = words;
    if (first !== undefined && saysLittle(first)) words[0] = change;
    else words.push(change);
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

/** Does every other word say it too: the call has changed? */
function saysLittle(change: CallChange): boolean {
  return change === 'pending' || change === 'partyChanged';
}
