import type { Channel } from '../switch/channel.js';

/** How a client came to hold a call. */
export interface Control {
  readonly channel: Channel;
  /** `outbound`: the switch dialled it for this call; `myevents`: it bound itself to the call. */
  readonly kind: 'outbound' | 'myevents';
  /** May it do what an inbound client may? Always with `myevents`. */
  readonly full: 'full' | undefined;
  readonly mode: 'async' | 'sync';
  /** After the call: seconds, -1 for ever; absent: the connection ends with the call. */
  lingerSeconds: number | undefined;
}
