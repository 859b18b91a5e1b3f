import type { RawParty } from '@cordboard/cti-core';
import type { MessageOf } from '../wire/kts/index.js';
import type { CallKey } from './connections.js';
import { nameOf } from './names.js';

/** Nobody knows who it is. */
export const NOBODY: RawParty = { number: '', presentation: 'unavailable' };

/** A party by its number; {@link NOBODY} without one. */
export function party(number: string | undefined): RawParty {
  return number === undefined || number === '' ? NOBODY : { number, presentation: 'allowed' };
}

/** The number of the other side: of a caller from outside never that of the telephone which hands him on. */
export function otherNumber({
  dir,
  number,
  peer,
}: Pick<MessageOf<'extState'>, 'dir' | 'number' | 'peer'>): string | undefined {
  return number || (dir === 'in' ? undefined : peer);
}

/** The caller as a line tells it. A payphone's or an overseas caller's number is not told. */
export function callerOf(message: MessageOf<'callerId'>): RawParty {
  const { presentation, number = '' } = message;
  const name = nameOf(message);
  return {
    number: presentation === 'number' ? number : '',
    presentation: presentation === 'number' ? 'allowed' : presentation === 'withheld' ? 'withheld' : 'unavailable',
    ...(name === undefined ? {} : { name }),
  };
}

/** Are they the same in everything that is told? */
export function isSameParty(one: RawParty, other: RawParty): boolean {
  return one.number === other.number && one.name === other.name && one.presentation === other.presentation;
}

/** Does `told` say more than, or other than, what is known? A number is not forgotten because a message leaves it out. */
export function isNews(known: RawParty, told: RawParty): boolean {
  if (isSameParty(known, told)) return false;
  if (told.number !== '') return told.number !== known.number || told.name !== undefined;
  return known.number === '' && told !== NOBODY;
}

const MAX_CALLS = 1_024;

/** Who calls on the lines, as caller ID has told it: the number stands in the messages of the call as well, the name nowhere else. */
export class Callers {
  readonly #byCall = new Map<CallKey, RawParty>();

  /** Caller ID has come. */
  set(call: CallKey, caller: RawParty): void {
    this.#byCall.delete(call);
    this.#byCall.set(call, caller);
    for (const oldest of this.#byCall.keys()) {
      if (this.#byCall.size <= MAX_CALLS) break;
      this.#byCall.delete(oldest);
    }
  }

  /** What was told. */
  get(call: CallKey): RawParty | undefined {
    return this.#byCall.get(call);
  }

  /** The call is over. */
  delete(call: CallKey): void {
    this.#byCall.delete(call);
  }

  /** The party of a message: with the caller's name and presentation, where it is about the caller. */
  partyOf(
    call: CallKey | undefined,
    { dir, number }: { readonly dir?: string | undefined; readonly number?: string | undefined },
  ): RawParty {
    const caller = dir === 'in' && call !== undefined ? this.#byCall.get(call) : undefined;
    if (caller === undefined) return party(number);
    return number === undefined || number === '' || number === caller.number ? caller : party(number);
  }
}
