import type { RtpVoice } from './rtp.js';
import { audioPort } from './sip-message.js';
import type { SipTap, TappedMessage } from './sip-tap.js';

/**
 * Leads the voice of a party by what its one call says: to where the switch listens, and nowhere once the call is over. A voice that went on
 * would speak into the next call to which the switch gives the port, and a switch that answers to where sound comes from (RFC 4961) would send
 * that call's sound to it: the caller of the next call then hears nothing.
 */
export function leadVoice(tap: Pick<SipTap, 'watch'>, voice: Pick<RtpVoice, 'sendTo'>): void {
  const stop = tap.watch((message) => {
    if (endsCall(message)) {
      stop();
      voice.sendTo(undefined);
      return;
    }
    const port = audioPort(message.sip.body);
    if (message.by === 'switch' && port !== undefined) voice.sendTo(port);
  });
}

function endsCall({ sip }: TappedMessage): boolean {
  if (sip.status === undefined) return sip.method === 'BYE' || sip.method === 'CANCEL';
  return sip.method === 'INVITE' && sip.status >= 300;
}
