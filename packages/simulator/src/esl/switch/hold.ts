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
  channel.held = undefined;
  const { times } = channel.profile;
  times.holdAccum += sw.identity.nowUs - times.lastHold;
  sw.setCallState(channel, 'UNHELD');
  const { partner } = channel;
  for (const sound of partner?.sounds ?? []) if (sound.path === MUSIC) sound.stop('break');
  sw.tell(channel, 'CHANNEL_UNHOLD', { source: by === 'phone' ? 'CHANNEL_HOLD_PHONE' : 'CHANNEL_UNHOLD' });
  if (by === 'phone') sw.presence(channel, 'unhold');
  sw.setCallState(channel, 'ACTIVE');
  return 'done';
}

const reinvited = (sw: EslSwitch, channel: Channel): void =>
  sw.fire('CUSTOM', { source: 'REINVITE', subclass: 'sofia::reinvite', headers: [['Unique-ID', channel.uuid]] });

/** The phone put its call on hold (re-INVITE). */
export function phoneHold(sw: EslSwitch, channel: Channel): void {
  hold(sw, channel, 'phone');
  reinvited(sw, channel);
}

/** The phone took it back. */
export function phoneRetrieve(sw: EslSwitch, channel: Channel): void {
  unhold(sw, channel, 'phone');
  reinvited(sw, channel);
}
