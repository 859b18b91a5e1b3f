/** What somebody at the far end does, or the network in their place, one after the other. */
export type FarStep =
  /** Ringback, so many cycles of 5 s; without a count until something else happens. */
  | { readonly do: 'ringback'; readonly cycles?: number }
  /** Music in the place of ringback. */
  | { readonly do: 'colour'; readonly forMs: number }
  /** Lifts. `polarity`: the exchange changes the wires' places. */
  | { readonly do: 'answer'; readonly polarity?: 'reversed' }
  | { readonly do: 'say'; readonly forMs: number }
  /** A voice of one tone, so that it can be told from others in a recording; -16 dBm0, 240 ms on and 60 ms off. */
  | { readonly do: 'hum'; readonly hz: number; readonly forMs: number }
  | { readonly do: 'silence'; readonly forMs: number }
  | { readonly do: 'press'; readonly digits: string }
  /** A tone of the network that ends the matter; until the line goes on-hook. */
  | { readonly do: 'tone'; readonly tone: 'busy' | 'congestion' | 'unobtainable' }
  /** The network speaks: so long, then busy tone. */
  | { readonly do: 'announce'; readonly forMs: number }
  /** A fax machine answers. */
  | { readonly do: 'fax' }
  /** Hangs up: busy tone. `polarity`: the wires change back first. */
  | { readonly do: 'hangUp'; readonly polarity?: 'reversed' };

/** How a caller makes itself known. */
export interface IncomingCall {
  readonly number?: string;
  readonly name?: string;
  /** Why there is no number, as GR-30 says it: `P` withheld, `O` unavailable. */
  readonly absence?: 'P' | 'O';
  /** Default `fsk`. */
  readonly callerId?: 'fsk' | 'dtmf' | 'none';
  /** Default after the first ring for FSK, before it for DTMF. */
  readonly callerIdAt?: 'beforeRing' | 'afterFirstRing';
  /** Rings after which the caller gives up; default 30. */
  readonly rings?: number;
  /** What the caller does once somebody answers; default says something for an hour. */
  readonly answered?: readonly FarStep[];
}
