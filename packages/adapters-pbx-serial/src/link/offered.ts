import { CtiError } from '@cordboard/cti-core';
import type { MessageName, MessageOf } from '../wire/kts/index.js';
import type { PbxRequests } from './pbx-requests.js';
import type { Answer, Asked } from './requests.js';

/** A word of WELCOME's `caps` that stands for a kind of question. Source: docs/protocols/kts-1.md, 8.1. */
export type OfferedWord = 'param' | 'clock' | 'hotel';

/** {@link PbxRequests} that asks a PBX only for what its WELCOME offers. */
export class OfferedRequests implements PbxRequests {
  readonly #requests: PbxRequests;
  readonly #word: OfferedWord;

  constructor(requests: PbxRequests, word: OfferedWord) {
    this.#requests = requests;
    this.#word = word;
  }

  get welcome(): MessageOf<'welcome'> | undefined {
    return this.#requests.welcome;
  }

  /** @throws {CtiError} by rejection: `command.notSupported` this PBX does not offer it, with its word in `details.native`; and as of {@link PbxRequests.ask} */
  ask(asked: Asked, options: { readonly signal: AbortSignal }): Promise<Answer> {
    const { welcome } = this;
    if (welcome === undefined || welcome.caps.includes(this.#word)) return this.#requests.ask(asked, options);
    const native = this.#word.toUpperCase();
    return Promise.reject(
      new CtiError('command.notSupported', `this PBX does not offer ${native}`, { details: { native } }),
    );
  }

  on<T extends MessageName>(type: T, listener: (message: MessageOf<T>) => void): () => void {
    return this.#requests.on(type, listener);
  }
}
