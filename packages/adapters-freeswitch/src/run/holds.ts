import { commandText } from '../map/command-text.js';
import type { Leg } from '../map/leg.js';
import { sdpHolds } from '../map/phone-hold.js';
import type { Kit } from './kit.js';

/** Asks for the phone's last word: that a call is taken back is told only where the switch has not forgotten the hold. Never rejects. */
export async function lookAtHold(kit: Kit, leg: Leg): Promise<void> {
  const sdp = await kit.api(commandText('uuid_getvar', leg.id, 'switch_r_sdp')).catch(() => '');
  if (sdp.startsWith('v=') && !sdpHolds(sdp)) kit.follow(kit.model.retrieved(leg));
}
