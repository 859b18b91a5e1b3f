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
  'flashTransfer',
  'park',
  'unpark',
  'pickUp',
  'page',
  'redial',
  'flash',
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
  makeCall: {
    media: composed('originate', 'bridge'),
    callControl: native('makeCall'),
    line: composed('originate', 'bridge'),
  },
  answer: { media: native('answer'), callControl: native('answer'), line: native('answer') },
  clear: { media: native('clear'), callControl: native('clear'), line: native('clear') },
  hold: {
    media: composed('unbridge', 'holdMusic'),
    callControl: native('hold'),
    line: composed('unbridge', 'holdMusic'),
  },
  retrieve: { media: composed('bridge'), callControl: native('retrieve'), line: composed('bridge') },
  mute: { media: native('mute'), callControl: refused, line: native('mute') },
  sendDigits: { media: native('sendDigits'), callControl: native('sendDigits'), line: unconfirmed('sendDigits') },
  consult: {
    media: composed('originate', 'bridge', 'unbridge', 'holdMusic'),
    callControl: composed('hold', 'makeCall'),
    line: composed('originate', 'bridge', 'unbridge', 'holdMusic'),
  },
  completeTransfer: {
    media: composed('bridge', 'clear'),
    callControl: native('transfer'),
    line: composed('bridge', 'clear'),
  },
  alternate: {
    media: composed('bridge', 'unbridge', 'holdMusic'),
    // Retrieving one holds the other.
    callControl: composed('retrieve'),
    line: composed('bridge', 'unbridge', 'holdMusic'),
  },
  blindTransfer: {
    media: composed('originate', 'bridge', 'unbridge', 'holdMusic', 'clear'),
    callControl: native('singleStepTransfer'),
    line: composed('originate', 'bridge', 'unbridge', 'holdMusic', 'clear'),
  },
  conference: { media: composed('bridge'), callControl: native('conference'), line: composed('bridge') },
  addParty: {
    media: composed('originate', 'bridge'),
    callControl: native('singleStepConference'),
    line: composed('originate', 'bridge'),
  },
  dropParty: { media: native('clear'), callControl: refused, line: native('clear') },
  toFlow: {
    media: composed('unbridge', 'play', 'stopPlay', 'collectDigits'),
    callControl: refused,
    line: composed('unbridge', 'play', 'stopPlay', 'collectDigits'),
  },
  queueMusic: { media: native('holdMusic'), callControl: refused, line: native('holdMusic') },
  flashTransfer: { media: refused, callControl: refused, line: unconfirmed('flash') },
  park: { media: refused, callControl: native('park'), line: refused },
  unpark: { media: refused, callControl: native('unpark'), line: refused },
  pickUp: { media: refused, callControl: native('pickUp'), line: refused },
  page: { media: refused, callControl: native('page'), line: refused },
  redial: { media: refused, callControl: native('redial'), line: refused },
  flash: { media: refused, callControl: native('flash'), line: refused },
  record: {
    media: native('record', 'controlRecording'),
    callControl: refused,
    line: native('record', 'controlRecording'),
  },
  pauseRecording: { media: native('controlRecording'), callControl: refused, line: native('controlRecording') },
  listen: { media: composed('originate', 'monitor'), callControl: refused, line: composed('originate', 'monitor') },
  whisper: {
    media: composed('originate', 'monitor', 'monitor.whisper'),
    callControl: refused,
    line: composed('originate', 'monitor', 'monitor.whisper'),
  },
  barge: {
    media: composed('originate', 'monitor', 'monitor.barge'),
    callControl: refused,
    line: composed('originate', 'monitor', 'monitor.barge'),
  },
};

/** Can this service be had on this switch now? Links that are down take capabilities away. */
export function offers(run: Run, switchId: SwitchId, service: Service): boolean {
  return servicesOf(run, switchId).has(service);
}

/** Every service that can be had on a switch now. Found anew when the switch has told other capabilities. */
export function servicesOf(run: Run, switchId: SwitchId): ReadonlySet<Service> {
  const known = run.s.switches.get(switchId);
  const told = known?.capabilities ?? NOTHING;
  const profile = known?.profile ?? 'media';
  const before = run.ix.services.get(switchId);
  if (before?.told === told) return before.services;
  const services = new Set(
    SERVICES.filter((service) => {
      const way = PLANNER[service][profile];
      return way.how !== 'refused' && way.needs.every((capability) => told.includes(capability));
    }),
  );
  run.ix.services.set(switchId, { told, services });
  return services;
}

/** With which word a request settles that was done in this way: `unconfirmed` where nothing on the line can show it. */
export function wordFor(run: Run, switchId: SwitchId, service: Service): 'done' | 'unconfirmed' {
  const profile = run.s.switches.get(switchId)?.profile ?? 'media';
  return PLANNER[service][profile].how === 'unconfirmed' ? 'unconfirmed' : 'done';
}
