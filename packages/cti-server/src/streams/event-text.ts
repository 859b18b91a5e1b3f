import type { PublishedEvent } from '@cordboard/cti-core';

/**
 * A published event as it is kept for clients that come back: its text in clear. One string instead of some forty objects: what a
 * floor keeps for its clients is the largest part of a server's memory, and the collector copies each object of it twice.
 */
export class EventText {
  #event: PublishedEvent | undefined;
  #clear: string | undefined = undefined;
  #masked: string | undefined = undefined;
  #hidden: string | undefined = undefined;

  constructor(event: PublishedEvent) {
    this.#event = event;
  }

  /** The event's JSON text with all that it holds. */
  get clear(): string {
    this.#clear ??= JSON.stringify(this.#event);
    return this.#clear;
  }

  /** The event: as it was published, and after {@link settle} as it is read back from its text. */
  get event(): PublishedEvent {
    return this.#event ?? (JSON.parse(this.clear) as PublishedEvent);
  }

  /** Has its turn ended? */
  get state(): 'fresh' | 'settled' {
    return this.#event === undefined ? 'settled' : 'fresh';
  }

  /** What readers of a class see, where that was noted. */
  shown(maskClass: 'masked' | 'hidden'): string | undefined {
    return maskClass === 'masked' ? this.#masked : this.#hidden;
  }

  /** Notes what readers of a class see. */
  note(maskClass: 'masked' | 'hidden', text: string): void {
    if (maskClass === 'masked') this.#masked = text;
    else this.#hidden = text;
  }

  /** Forgets what was noted. */
  forget(): void {
    this.#masked = undefined;
    this.#hidden = undefined;
  }

  /** Its turn has ended: lets all go but the text in clear. */
  settle(): void {
    this.#clear ??= JSON.stringify(this.#event);
    this.#event = undefined;
    this.forget();
  }
}
