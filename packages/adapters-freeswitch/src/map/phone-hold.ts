import type { SwitchEvent } from './event.js';
import { variable } from './event.js';

/**
 * Does an SDP that a phone has sent hold the call: `sendonly` or `inactive` (RFC 3264, 8.4), or the old way of no address at all? Only what is said of the
 * session and of its first medium counts.
 */
export function sdpHolds(sdp: string): boolean {
  const [session = '', first = ''] = sdp.split(/^m=/m);
  return /^(a=(sendonly|inactive)\b|c=IN IP4 0\.0\.0\.0\b)/m.test(`${session}\n${first}`);
}

/**
 * Does the phone behind a channel still hold, by its last word? FreeSWITCH takes the hold off its own books whenever the bridge of a held channel ends, and says
 * `CHANNEL_UNHOLD` (1.11.2, `switch_ivr_bridge.c`); when the phone takes the call back after that, only `sofia::reinvite` is heard.
 */
export function phoneHolds(event: SwitchEvent): boolean {
  return sdpHolds(variable(event, 'switch_r_sdp') ?? '');
}
