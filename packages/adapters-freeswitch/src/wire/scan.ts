import { WantedNames } from './wanted-names.js';

/** How one format writes its headers: where each begins and ends. */
export interface HeaderSyntax {
  readonly terminator: ': ' | '":';
  /** Where the first header begins. */
  readonly start: number;
  /**
   * Reads the header that begins at `at`. `place.nameLength` tells how long its name is, {@link UNKNOWN_LENGTH} or {@link SKIPPED}.
   *
   * @returns `false` at the end of the headers
   */
  read(text: string, at: number, place: HeaderPlace): boolean;
}

/** Where one header stands. Filled anew for each header, so that none costs an object. */
export interface HeaderPlace {
  /** Told by the caller: length of the name, {@link UNKNOWN_LENGTH}, or {@link SKIPPED}. */
  nameLength: number;
  nameTo: number;
  valueFrom: number;
  valueTo: number;
  next: number;
}

/** Nobody knows yet how long the name is. */
export const UNKNOWN_LENGTH = 0;
/** Nobody wants this header: only `next` must be set. */
export const SKIPPED = -1;

/** An empty place. */
export const newPlace = (): HeaderPlace => ({
  nameLength: UNKNOWN_LENGTH,
  nameTo: 0,
  valueFrom: 0,
  valueTo: 0,
  next: 0,
});

/**
 * Finds headers by name. One scanner serves all events of a socket: it keeps where the wanted names stand in the event that was asked
 * last, so that reading one event after the other allocates nothing but the values.
 */
export class HeaderScanner {
  readonly #syntax: HeaderSyntax;
  readonly #wanted: WantedNames;
  readonly #place = newPlace();
  #owner: object | undefined;
  /** Up to here the owner's text is read; -1 when all its headers are. */
  #frontier = 0;
  /** How many names were known when the pass began: a further one needs a new pass. */
  #passNames = 0;
  #pass = 0;
  readonly #foundIn: number[] = [0];
  readonly #from: number[] = [0];
  readonly #to: number[] = [0];

  constructor(syntax: HeaderSyntax) {
    this.#syntax = syntax;
    this.#wanted = new WantedNames(syntax.terminator);
  }

  /**
   * The first value of a name as it stands on the wire, not decoded.
   *
   * @param owner - the event; what was found is kept until another one is asked
   */
  find(owner: object, text: string, name: string): string | undefined {
    const slot = this.#wanted.slotOf(name);
    if (slot === 0) return this.#findAlone(text, name);
    if (this.#owner !== owner || slot > this.#passNames) {
      this.#owner = owner;
      this.#frontier = this.#syntax.start;
      this.#passNames = this.#wanted.size;
      this.#pass += 1;
    }
    if (this.#foundIn[slot] !== this.#pass && !this.#advance(text, slot)) return undefined;
    return text.slice(this.#from[slot], this.#to[slot]);
  }

  /** All headers in wire order, not decoded. */
  each(text: string, take: (name: string, value: string) => void): void {
    const place = newPlace();
    for (let at = this.#syntax.start; this.#syntax.read(text, at, place); at = place.next) {
      take(text.slice(at, place.nameTo), text.slice(place.valueFrom, place.valueTo));
    }
  }

  /** Reads on to the header of a slot. */
  #advance(text: string, wanted: number): boolean {
    const names = this.#wanted;
    const place = this.#place;
    for (let at = this.#frontier; at >= 0 && at < text.length; at = place.next) {
      const slot = names.slotAt(text, at);
      place.nameLength = slot === 0 ? SKIPPED : names.lengthOf(slot);
      if (!this.#syntax.read(text, at, place)) break;
      if (slot === 0 || this.#foundIn[slot] === this.#pass) continue;
      this.#foundIn[slot] = this.#pass;
      this.#from[slot] = place.valueFrom;
      this.#to[slot] = place.valueTo;
      if (slot === wanted) {
        this.#frontier = place.next;
        return true;
      }
    }
    this.#frontier = -1;
    return false;
  }

  #findAlone(text: string, name: string): string | undefined {
    const place = newPlace();
    for (let at = this.#syntax.start; this.#syntax.read(text, at, place); at = place.next) {
      if (place.nameTo - at === name.length && text.startsWith(name, at)) {
        return text.slice(place.valueFrom, place.valueTo);
      }
    }
    return undefined;
  }
}
