import type { DriverCapability } from '@cordboard/cti-core';

/** All that the virtual switch can do: the whole media profile and its facets. */
export const CAPABILITIES: ReadonlySet<DriverCapability> = new Set<DriverCapability>([
  'originate',
  'claim',
  'ring',
  'answer',
  'clear',
  'bridge',
  'unbridge',
  'holdMusic',
  'play',
  'stopPlay',
  'collectDigits',
  'sendDigits',
  'mute',
  'record',
  'controlRecording',
  'monitor',
  'stopMonitor',
  'redirect',
  'devices',
  'observe',
  'phoneHold',
  'phoneTransfer',
  'monitor.whisper',
  'monitor.barge',
]);
