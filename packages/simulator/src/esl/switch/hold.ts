import type { Channel } from './channel.js';
import type { EslSwitch } from './esl-switch.js';
import { privateExecute } from './private-command.js';

const MUSIC = 'local_stream://moh';

/** The switch holds a leg: its partner hears music. @returns `held` already or not */
export function hold(sw: EslSwitch, channel: Channel, by: 'command' | 'phone'): 'done' | 'refused' {
  if (channel.held) return 'refused';
  channel.held = 'held';
  channel.profile.times.lastHold = sw.identity.nowUs;
  sw.setCallState(channel, 'HELD');
  sw.tell(channel, 'CHANNEL_HOLD', { source: by === 'phone' ? 'CHANNEL_HOLD_PHONE' : 'CHANNEL_HOLD' });
  if (by === 'phone') sw.presence(channel, 'hold');
  const { partner } = channel;
  if (partner !== undefined) {
    sw.onThread(partner, sw.noticeMs(), () => {
      if (channel.held) privateExecute(sw, partner, { app: 'playback', data: MUSIC, loops: -1, lock: 'lock' });
    });
  }
  return 'done';
}

/** Takes a held leg back. */
export function unhold(sw: EslSwitch, channel: Channel, by: 'command' | 'phone'): 'done' | 'refused' {
  if (!channel.held) return 'refused';
  for (const sound of channel.partner?.sounds ?? []) if (sound.path === MUSIC) sound.stop('break');
  unmark(sw, channel, by);
  if (by === 'phone') sw.presence(channel, 'unhold');
  sw.setCallState(channel, 'ACTIVE');
  return 'done';
}

/** The bridge of a held leg ends: the switch takes the hold off its books, whatever the phone says (freeswitch.md 35, and `switch_ivr_bridge.c`). */
export function forgetHold(sw: EslSwitch, channel: Channel): void {
  if (!channel.held) return;
  unmark(sw, channel, 'phone');
  if (channel.isUp) sw.setCallState(channel, 'ACTIVE');
}

function unmark(sw: EslSwitch, channel: Channel, by: 'command' | 'phone'): void {
  channel.held = undefined;
  const { times } = channel.profile;
  times.holdAccum += sw.identity.nowUs - times.lastHold;
  sw.setCallState(channel, 'UNHELD');
  sw.tell(channel, 'CHANNEL_UNHOLD', { source: by === 'phone' ? 'CHANNEL_HOLD_PHONE' : 'CHANNEL_UNHOLD' });
}

const reinvited = (sw: EslSwitch, channel: Channel): void =>
  sw.fire('CUSTOM', { source: 'REINVITE', subclass: 'sofia::reinvite', headers: [['Unique-ID', channel.uuid]] });

/** What the phone says of its media now: the rest of its SDP stays. */
function says(channel: Channel, direction: 'sendonly' | 'sendrecv'): void {
  const sdp = (channel.get('switch_r_sdp') ?? '').replace(/a=sendonly\r\n/, '');
  channel.set('switch_r_sdp', direction === 'sendonly' ? `${sdp}a=sendonly\r\n` : sdp);
}

/** The phone put its call on hold (re-INVITE). */
export function phoneHold(sw: EslSwitch, channel: Channel): void {
  says(channel, 'sendonly');
  hold(sw, channel, 'phone');
  reinvited(sw, channel);
}

/** The phone took it back: nothing but the re-INVITE is told where the switch has forgotten the hold. */
export function phoneRetrieve(sw: EslSwitch, channel: Channel): void {
  says(channel, 'sendrecv');
  unhold(sw, channel, 'phone');
  reinvited(sw, channel);
}
