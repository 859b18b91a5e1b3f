import type { ReleaseCause } from '@cordboard/cti-core';
import type { Channel } from './channel.js';
import { dialFailed } from './dial.js';
import type { EslSwitch } from './esl-switch.js';
import { unwind } from './frames.js';
import { HANGUP_CAUSES, type HangupCause } from './hangup-cause.js';
import { answeredVariables, mediaCounts, reportVariables, ringingVariables } from './sip-variables.js';

const READ_CODEC = [
  ['channel-read-codec-name', 'PCMU'],
  ['channel-read-codec-rate', '8000'],
  ['channel-read-codec-bit-rate', '64000'],
] as const;

/** Names that stand twice in one event (freeswitch.md 5), the last of them spelt otherwise. */
const WRITE_CODEC = [
  ['Channel-Write-Codec-Name', 'PCMU'],
  ['Channel-Write-Codec-Rate', '8000'],
  ['Channel-Write-codec-bit-rate', '64000'],
] as const;

/** A channel that the switch dialled rings at the far end: CHANNEL_PROGRESS, call state RINGING. */
export function tellRinging(sw: EslSwitch, channel: Channel, contact: string): void {
  if (!channel.isUp || channel.callState !== 'DOWN') return;
  channel.profile.times.progress = sw.identity.nowUs;
  channel.profile.networkAddress = '127.0.0.1';
  channel.fill(ringingVariables(channel, sw.random, contact));
  sw.tell(channel, 'CHANNEL_PROGRESS');
  sw.setCallState(channel, 'RINGING');
}

/** A channel is answered, at the far end or by the switch itself. Call states lag behind the events (freeswitch.md 30). */
export function tellAnswered(sw: EslSwitch, channel: Channel): void {
  if (!channel.isUp || channel.answer === 'answered') return;
  if (channel.codec === 'none') {
    channel.codec = 'ready';
    sw.tell(channel, 'CODEC', { source: 'CODEC_READ', detail: 'basic', trail: READ_CODEC });
    sw.tell(channel, 'CODEC', { source: 'CODEC_WRITE', detail: 'basic', trail: WRITE_CODEC });
  }
  channel.fill(answeredVariables(sw.random));
  const { times } = channel.profile;
  if (channel.direction === 'inbound' && channel.answer !== 'early') preAnswer(sw, channel);
  times.answered = sw.identity.nowUs;
  channel.answer = 'answered';
  sw.tell(channel, 'CHANNEL_ANSWER');
  sw.presence(channel, 'answered');
  sw.setCallState(channel, 'ACTIVE');
}

/** Sound before the answer: CHANNEL_PROGRESS_MEDIA, call state EARLY. */
export function preAnswer(sw: EslSwitch, channel: Channel): void {
  if (!channel.isUp || channel.answer !== 'ringing') return;
  channel.profile.times.progressMedia = sw.identity.nowUs;
  channel.answer = 'early';
  sw.tell(channel, 'CHANNEL_PROGRESS_MEDIA');
  sw.setCallState(channel, 'EARLY');
}

const RELEASES: Partial<Record<HangupCause, ReleaseCause>> = {
  USER_BUSY: 'busy',
  NO_ANSWER: 'noAnswer',
  CALL_REJECTED: 'rejected',
  ORIGINATOR_CANCEL: 'cancelled',
  UNALLOCATED_NUMBER: 'unallocatedNumber',
  PICKED_OFF: 'replaced',
  SYSTEM_SHUTDOWN: 'shutdown',
};

/**
 * Ends a channel. CHANNEL_HANGUP is told at once; its thread leaves what it is in a moment later, reports and is gone. Nothing happens to one
 * that has hung up already.
 */
export function hangUp(sw: EslSwitch, channel: Channel, cause: HangupCause): void {
  if (!channel.isUp) return;
  const wasAnswered = channel.answer === 'answered';
  channel.hangupCause = cause;
  channel.state = 'CS_HANGUP';
  channel.answer = 'hangup';
  channel.epoch++;
  channel.steps = [];
  if (sw.links.get(channel)?.a === channel) channel.set('last_bridge_role', 'originator');
  sw.tell(channel, 'CHANNEL_HANGUP');
  const { leg } = channel;
  if (leg.state !== 'ended') {
    const q850 = HANGUP_CAUSES[cause] <= 127 ? HANGUP_CAUSES[cause] : 16;
    sw.pbx.end(leg, RELEASES[cause] ?? 'normalClearing', { q850 });
  }
  sw.links.get(channel)?.partyLeft(channel, 'hangup');
  if (!wasAnswered) sw.after(sw.noticeMs(), () => dialFailed(channel, cause));
  sw.after(sw.noticeMs(), () => {
    for (const ended of [...sw.endings]) ended(channel);
    unwind(sw, channel, { why: 'hangup', next: () => report(sw, channel) });
  });
}

function report(sw: EslSwitch, channel: Channel): void {
  channel.running = 'CS_HANGUP';
  for (const tape of [...channel.tapes.values()]) tape.stop('hangup');
  sw.tell(channel, 'CHANNEL_STATE', { detail: 'basic' });
  channel.profile.times.hangup = sw.identity.nowUs;
  sw.setCallState(channel, 'HANGUP');
  sw.presence(channel, 'CS_HANGUP');
  sw.after(lag(sw), () => {
    channel.running = 'CS_REPORTING';
    channel.state = 'CS_REPORTING';
    channel.callUuid = channel.uuid;
    sw.tell(channel, 'CHANNEL_STATE', { detail: 'basic' });
    channel.fill(reportVariables(channel));
    if (channel.codec === 'ready') channel.fill(mediaCounts());
    sw.tell(channel, 'CHANNEL_HANGUP_COMPLETE');
    sw.after(lag(sw), () => destroy(sw, channel));
  });
}

function destroy(sw: EslSwitch, channel: Channel): void {
  const keeps = sw.lingering(channel);
  sw.channels.delete(channel.uuid);
  sw.byLeg.delete(channel.leg);
  const last = (): void => {
    channel.destroyed = 'destroyed';
    channel.state = 'CS_DESTROY';
    sw.tell(channel, 'CHANNEL_DESTROY');
    channel.running = 'CS_DESTROY';
    sw.tell(channel, 'CHANNEL_STATE', { detail: 'basic' });
  };
  if (keeps === undefined) last();
  else keeps(last);
}

const lag = (sw: EslSwitch): number => (sw.options.orders === 'plain' ? 1 : sw.random.int(0, 6));
