import type { EslEvent, EventFormat } from '../wire/event.js';
import { headerOf } from '../wire/event.js';
import { EVENT_NAMES } from './event-names.js';

interface Filter {
  readonly header: string;
  readonly value: string;
}

/** Which events a client wants, and in what form: the form is one for the whole connection (freeswitch.md 18). */
export class Subscription {
  format: EventFormat = 'plain';
  #all: 'all' | undefined;
  #on: 'on' | undefined;
  readonly #names = new Set<string>();
  readonly #nixed = new Set<string>();
  readonly #subclasses = new Set<string>();
  #anySubclass: 'any' | undefined;
  readonly #filters: Filter[] = [];
  /** Only events of this channel, whatever is subscribed. */
  only: string | undefined;

  get isOn(): boolean {
    return this.#on !== undefined;
  }

  /** Takes the words of an `event` command. @returns whether there was a name among them */
  add(words: readonly string[]): 'added' | 'none' {
    let custom = false;
    let known = false;
    for (const [at, word] of words.entries()) {
      const upper = word.toUpperCase();
      if (at === 0 && (upper === 'PLAIN' || upper === 'JSON' || upper === 'XML')) {
        this.format = upper.toLowerCase() as EventFormat;
      } else if (custom) {
        this.#subclasses.add(word);
        known = true;
      } else if (upper === 'ALL') {
        known = true;
        this.#all = 'all';
        this.#anySubclass = 'any';
        this.#nixed.clear();
      } else if (EVENT_NAMES.has(upper)) {
        known = true;
        this.#names.add(upper);
        this.#nixed.delete(upper);
        if (upper === 'CUSTOM') custom = true;
      }
    }
    if (!known) return 'none';
    this.#on = 'on';
    return 'added';
  }

  /** Takes the words of a `nixevent` command. After `event all` it costs the subclasses that nobody has used so far (freeswitch.md 19). */
  remove(words: readonly string[], usedSubclasses: ReadonlySet<string>): 'removed' | 'none' {
    let known = false;
    let custom = false;
    for (const word of words) {
      const upper = word.toUpperCase();
      if (custom) {
        this.#subclasses.delete(word);
        known = true;
      } else if (upper === 'ALL') {
        known = true;
        this.clear();
      } else if (EVENT_NAMES.has(upper)) {
        known = true;
        this.#names.delete(upper);
        this.#nixed.add(upper);
        if (upper === 'CUSTOM') custom = true;
      }
    }
    if (!known) return 'none';
    if (this.#anySubclass !== undefined) {
      this.#anySubclass = undefined;
      for (const subclass of usedSubclasses) this.#subclasses.add(subclass);
    }
    return 'removed';
  }

  /** Wants nothing any more. */
  clear(): void {
    this.#all = undefined;
    this.#on = undefined;
    this.#anySubclass = undefined;
    this.#names.clear();
    this.#nixed.clear();
    this.#subclasses.clear();
  }

  /** All events of one channel: `myevents`. */
  bind(uuid: string | undefined): void {
    this.only = uuid;
    this.#all = 'all';
    this.#on = 'on';
  }

  addFilter(header: string, value: string): void {
    this.#filters.push({ header, value });
  }

  /** Takes filters of a header away, of one value or all. */
  removeFilter(header: string, value: string | undefined): void {
    const keeps = (one: Filter): boolean =>
      header !== 'all' &&
      (one.header.toLowerCase() !== header.toLowerCase() || (value !== undefined && one.value !== value));
    const left = this.#filters.filter(keeps);
    this.#filters.splice(0, this.#filters.length, ...left);
  }

  /** Does this client get the event? */
  wants(event: EslEvent): boolean {
    if (this.#on === undefined) return false;
    if (this.only !== undefined) return headerOf(event, 'Unique-ID') === this.only && this.#passes(event);
    if (!this.#isSubscribed(event)) return false;
    return this.#passes(event);
  }

  #isSubscribed({ name, subclass }: EslEvent): boolean {
    if (name === 'CUSTOM' && subclass !== undefined) {
      return this.#anySubclass !== undefined || this.#subclasses.has(subclass);
    }
    if (this.#nixed.has(name)) return false;
    return this.#all !== undefined || this.#names.has(name);
  }

  /** With filters, an event passes that one of them lets in and none keeps out (`- ` in front of its value). */
  #passes(event: EslEvent): boolean {
    if (this.#filters.length === 0) return true;
    let passes = false;
    for (const { header, value } of this.#filters) {
      const found = headerOf(event, header);
      if (found === undefined) continue;
      const sign = /^[+\- ]*/u.exec(value)?.[0] ?? '';
      const isOut = sign.includes('-');
      if (passes && !isOut) continue;
      if (!matches(found, value.slice(sign.length))) continue;
      if (isOut) return false;
      passes = true;
    }
    return passes;
  }
}

function matches(found: string, wanted: string): boolean {
  const pattern = /^\/(.*)\/$/u.exec(wanted)?.[1];
  if (pattern === undefined) return found.toLowerCase() === wanted.toLowerCase();
  try {
    return new RegExp(pattern, 'u').test(found);
  } catch {
    return false;
  }
}
