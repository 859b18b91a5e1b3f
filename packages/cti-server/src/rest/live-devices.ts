import { type DeviceView, streamOf } from '@cordboard/cti-core';
import type { RestDesk } from './context.js';

/** What devices do now, by their ids. */
export type LiveDevices = ReadonlyMap<string, DeviceView>;

/** Of a device that was made a moment ago nothing is known. */
export const NO_LIVE: LiveDevices = new Map();

/** Every device that a switch tells of. */
export function liveDevices(engine: Pick<RestDesk['engine'], 'snapshotOf'>): LiveDevices {
  const board = engine.snapshotOf(streamOf('board'));
  if (board?.kind !== 'board' || board.devices === undefined) return NO_LIVE;
  return new Map(board.devices.map((view) => [view.device, view]));
}
