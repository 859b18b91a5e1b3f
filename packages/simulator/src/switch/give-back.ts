import type { SwitchFloor } from './floor.js';
import { endPlaybacks } from './media.js';
import type { Leg } from './model.js';

/** How long the switch's own dialplan rings somebody before it is answered. */
const ANSWERED_AFTER_MS = 1_000;

/** The switch's own dialplan goes on with a connection: over as far as its client is concerned, while the party is still there and is answered by somebody. */
export function giveBack(pbx: SwitchFloor, leg: Leg): void {
  endPlaybacks(pbx, leg);
  for (const { recordingId } of leg.recordings) pbx.endRecording(leg, recordingId);
  for (const watcher of leg.watchers) {
    pbx.setMonitor(watcher, undefined);
    leg.tellFromMs = Math.max(leg.tellFromMs, watcher.tellFromMs);
  }
  if (leg.monitor !== undefined) pbx.setMonitor(leg, undefined);
  if (leg.bridge !== undefined) pbx.leave(leg, 'tell');
  pbx.tell(leg, {
    type: 'cleared',
    connectionId: leg.connectionId,
    release: { cause: 'transferred', native: { q850: 16 } },
  });
  leg.hidden = 'hidden';
  pbx.clock.setTimer(ANSWERED_AFTER_MS, () => pbx.connect(leg));
}
