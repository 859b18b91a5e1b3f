import type { Channel } from './channel.js';
import { settleUser } from './dial.js';
import type { EslSwitch } from './esl-switch.js';

/** An answered call of its own changes its two ids: who was called is now the caller (freeswitch.md 31). */
export function flip(sw: EslSwitch, channel: Channel): void {
  const { profile } = channel;
  channel.hitDialplan = true;
  settleUser(channel);
  if (channel.get('channel_cid_flipped') === 'yes') return;
  channel.set('pre_transfer_caller_id_name', profile.callerIdName);
  channel.set('pre_transfer_caller_id_number', profile.callerIdNumber);
  channel.set('channel_cid_flipped', 'yes');
  [profile.callerIdName, profile.calleeName] = [profile.calleeName, profile.callerIdName];
  [profile.callerIdNumber, profile.calleeNumber] = [profile.calleeNumber, profile.callerIdNumber];
  sw.tell(channel, 'CALL_UPDATE', { source: 'CALL_UPDATE_FLIP', lead: [['Direction', 'RECV']] });
}
