/** May the number be shown? `withheld` by the caller, `unavailable` from the network. */
export type Presentation = 'allowed' | 'withheld' | 'unavailable';

/**
 * A telephone number, normalised once by the site's dial plan. Keys (customer match, firewall, last agent) use
 * `e164`, else `raw`. `raw` is what the switch said, at most 64 characters; `display` is for people.
 */
export interface PhoneNumber {
  readonly raw: string;
  readonly e164?: string;
  readonly display: string;
  readonly presentation: Presentation;
}

/** A party as a switch tells it, before the dial plan has seen it. `number` at most 64 characters, `name` at most 128. */
export interface RawParty {
  readonly number: string;
  readonly name?: string;
  readonly presentation: Presentation;
}
