import type { DriverCapability, DriverProfile } from '../contract/driver.js';
import type { SwitchId } from '../contract/ids.js';
import type { Run } from './run.js';

/** What users ask for. */
export const SERVICES = [
  'makeCall',
  'answer',
  'clear',
  'hold',
  'retrieve',
  'mute',
  'sendDigits',
  'consult',
  'completeTransfer',
  'alternate',
  'blindTransfer',
  'conference',
  'addParty',
  'dropParty',
  'toFlow',
  'queueMusic',
  'record',
  'pauseRecording',
  'listen',
  'whisper',
  'barge',
] as const;
/** One of {@link SERVICES}. */
export type Service = (typeof SERVICES)[number];

/**
 * How a service is done. `native`: one command of the switch. `composed`: a plan of the engine. `refused`: not possible.
 * `unconfirmed`: done, but nothing on the line can confirm it: the request settles with that word.
 */
export interface Way {
  readonly how: 'native' | 'composed' | 'refused' | 'unconfirmed';
  /** All of these must be among the switch's capabilities. */
  readonly needs: readonly DriverCapability[];
}

const NOTHING: readonly DriverCapability[] = [];
const refused: Way = { how: 'refused', needs: [] };
const native = (...needs: DriverCapability[]): Way => ({ how: 'native', needs });
const composed = (...needs: DriverCapability[]): Way => ({ how: 'composed', needs });
const unconfirmed = (...needs: DriverCapability[]): Way => ({ how: 'unconfirmed', needs });

/** Service x profile: how each user-level service is done on each kind of switch. */
export const PLANNER: Readonly<Record<Service, Readonly<Record<DriverProfile, Way>>>> = {
  makeCall: { media: composed('originate', 'bridge'), callControl: native('originate'), line: refused },
  answer: { media: native('answer'), callControl: native('answer'), line: native('answer') },
  clear: { media: native('clear'), callControl: native('clear'), line: native('clear') },
  hold: { media: composed('unbridge', 'holdMusic'), callControl: refused, line: refused },
  retrieve: { media: composed('bridge'), callControl: refused, line: refused },
  mute: { media: native('mute'), callControl: refused, line: refused },
  sendDigits: { media: native('sendDigits'), callControl: native('sendDigits'), line: unconfirmed('sendDigits') },
  consult: { media: composed('originate', 'bridge', 'unbridge', 'holdMusic'), callControl: refused, line: refused },
  completeTransfer: { media: composed('bridge', 'clear'), callControl: refused, line: refused },
  alternate: { media: composed('bridge', 'unbridge', 'holdMusic'), callControl: refused, line: refused },
  blindTransfer: {
    media: composed('originate', 'bridge', 'unbridge', 'holdMusic', 'clear'),
    callControl: unconfirmed('redirect'),
    line: refused,
  },
  conference: { media: composed('bridge'), callControl: refused, line: refused },
  addParty: { media: composed('originate', 'bridge'), callControl: refused, line: refused },
  dropParty: { media: native('clear'), callControl: refused, line: refused },
  toFlow: { media: composed('unbridge', 'play', 'stopPlay', 'collectDigits'), callControl: refused, line: refused },
  queueMusic: { media: native('holdMusic'), callControl: refused, line: native('play') },
  record: { media: native('record', 'controlRecording'), callControl: refused, line: native('record') },
  pauseRecording: { media: native('controlRecording'), callControl: refused, line: refused },
  listen: { media: composed('originate', 'monitor'), callControl: refused, line: refused },
  whisper: { media: composed('originate', 'monitor', 'monitor.whisper'), callControl: refused, line: refused },
  barge: { media: composed('originate', 'monitor', 'monitor.barge'), callControl: refused, line: refused },
};

/** Can this service be had on this switch now? Links that are down take capabilities away. */
export function offers(run: Run, switchId: SwitchId, service: Service): boolean {
  return servicesOf(run, switchId).has(service);
}

/** Every service that can be had on a switch now. Found anew when the switch has told other capabilities. */
export function servicesOf(run: Run, switchId: SwitchId): ReadonlySet<Service> {
  const told = run.s.switches.get(switchId)?.capabilities ?? NOTHING;
  const known = run.ix.services.get(switchId);
  if (known?.told === told) return known.services;
  const services = new Set(
    SERVICES.filter((service) => {
      const way = PLANNER[service].media;
      return way.how !== 'refused' && way.needs.every((capability) => told.includes(capability));
    }),
  );
  run.ix.services.set(switchId, { told, services });
  return services;
}
