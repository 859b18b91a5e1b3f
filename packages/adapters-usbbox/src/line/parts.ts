import type { Clock, ConnectionId, DeviceId, DriverEvent, Logger } from '@cordboard/cti-core';
import type { ToneSet } from '@cordboard/telephony-dsp';
import type { LineTiming } from '../options.js';
import type { PartyWorld } from '../party.js';
import type { PhoneOnLine } from './hanging-phone.js';

/** What a line is made of. */
export interface LineParts {
  readonly device: DeviceId;
  readonly ownNumber: string;
  readonly timing: LineTiming;
  readonly tones: ToneSet;
  readonly clock: Clock;
  readonly log: Logger;
  readonly world: PartyWorld;
  readonly tell: (event: DriverEvent) => void;
  /** A new id for a call that comes in. */
  readonly newId: () => ConnectionId;
  /** Hook and keys of a phone that hangs on the line itself are told to whoever minds the phone. */
  readonly onPhone: (event: PhoneOnLine) => void;
}
