import type { DriverCapability } from '@cordboard/cti-core';
import type { LineAbilities } from '../device/port.js';

/** Everything that a line can have, in the order in which it is told. */
const ALL: readonly DriverCapability[] = [
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
  'flash',
  'devices',
];

/**
 * What a line with such a device is able to do.
 * @param abilities - absent: not known yet, so everything that is possible
 */
export function capabilitiesOf(
  abilities: LineAbilities | undefined,
  site: { readonly recordings: 'kept' | 'none' },
): ReadonlySet<DriverCapability> {
  const can = new Set<DriverCapability>(ALL);
  const without = (...each: readonly DriverCapability[]): void => {
    for (const one of each) can.delete(one);
  };
  if (site.recordings === 'none') without('record', 'controlRecording');
  if (abilities === undefined) return can;
  const sounds = abilities.sound !== 'none';
  if (!sounds) without('holdMusic', 'play', 'stopPlay', 'mute', 'record', 'controlRecording');
  // Two parties can be joined where sound goes both ways at once, or where the phone hangs on the line itself.
  if (abilities.sound !== 'full' && abilities.phone !== 'parallel' && abilities.phone !== 'switched')
    without('bridge', 'unbridge');
  if (abilities.hook === 'none') without('answer', 'clear', 'flash');
  const dials = abilities.hook === 'soft' && abilities.dials !== 'none';
  if (!dials) without('sendDigits');
  if (!dials && abilities.ringsPhone === 'silent') without('originate');
  if (!sounds && !abilities.detects.has('dtmf')) without('collectDigits');
  return can;
}

/** The capabilities of several lines together. */
export function unionOf(sets: readonly ReadonlySet<DriverCapability>[]): readonly DriverCapability[] {
  return ALL.filter((each) => sets.some((set) => set.has(each)));
}
