import type { DriverCapability, DriverFacets } from '@cordboard/cti-core';

const CALL: readonly DriverCapability[] = [
  'answer',
  'clear',
  'sendDigits',
  'makeCall',
  'hold',
  'retrieve',
  'transfer',
  'singleStepTransfer',
  'pickUp',
  'redial',
];

/** What each word of WELCOME's `caps` brings; the services of calls that have no word of their own come with `call`. */
const BY_WORD: Readonly<Record<string, readonly DriverCapability[]>> = {
  state: ['devices'],
  call: CALL,
  park: ['park', 'unpark'],
  conf: ['conference', 'singleStepConference'],
  page: ['page'],
  flash: ['flash'],
};

/** All that a PBX of this family may be able to do. */
export const ALL_CAPABILITIES: ReadonlySet<DriverCapability> = new Set(Object.values(BY_WORD).flat());

/** What this PBX is able to do, as its WELCOME says. Words that nobody knows bring nothing. */
export function capabilitiesOf(caps: readonly string[]): ReadonlySet<DriverCapability> {
  const can = new Set(caps.flatMap((word) => BY_WORD[word] ?? []));
  // A call that cannot be seen cannot be acted upon: the services name connections.
  if (!caps.includes('state')) return new Set();
  if (!caps.includes('call')) for (const each of can) if (each !== 'devices') can.delete(each);
  return can;
}

/** The word of `caps` by which a PBX offers a facet; the archive of records is the host's own. */
export const FACET_WORDS = { programming: 'param', clock: 'clock', hotel: 'hotel' } as const satisfies Partial<
  Record<keyof DriverFacets, string>
>;

/** The facets that this PBX offers, of those that there may be. */
export function facetsOf(all: DriverFacets, caps: readonly string[]): DriverFacets {
  const lacks = (facet: string): boolean => {
    const word = FACET_WORDS[facet as keyof typeof FACET_WORDS] as string | undefined;
    return word !== undefined && !caps.includes(word);
  };
  return Object.fromEntries(Object.entries(all).filter(([facet]) => !lacks(facet)));
}
