import { settleUser } from '../switch/dial.js';
import { hangUp } from '../switch/lifecycle.js';
import { Link } from '../switch/link.js';
import { dialAny } from '../switch/originate.js';
import type { App } from './app.js';

/** Calls somebody for this channel and joins the two. */
export const bridge: App = (run) => {
  const { sw, channel } = run;
  const wasActive = channel.callState === 'ACTIVE';
  if (wasActive) sw.setCallState(channel, 'RING_WAIT');
  let link: Link | undefined;
  const timeoutS = Number(channel.get('call_timeout') ?? 60) || 60;
  const dial = dialAny(sw, run.data, {
    by: channel,
    timeoutS,
    answered: (other) => {
      if (!channel.isUp) return hangUp(sw, other, 'ORIGINATOR_CANCEL');
      sw.after(sw.noticeMs(), () => {
        if (!channel.isUp || !other.isUp) return other.isUp ? hangUp(sw, other, 'ORIGINATOR_CANCEL') : run.done();
        channel.other = { type: 'originatee', profile: other.profile, times: { ...other.profile.times } };
        channel.profile.calleeName = other.profile.calleeName;
        channel.profile.calleeNumber = other.profile.calleeNumber;
        if (channel.answer !== 'answered') sw.pbx.connect(channel.leg);
        sw.setCallState(channel, 'ACTIVE');
        sw.tell(other, 'CHANNEL_OUTGOING', { detail: 'basic' });
        channel.fill({
          originated_legs: `ARRAY::${other.uuid};Outbound Call;${other.profile.destination}`,
          originate_causes: `ARRAY::${other.uuid};NONE`,
          originate_disposition: 'SUCCESS',
          DIALSTATUS: 'SUCCESS',
        });
        channel.set('switch_m_sdp', other.get('switch_r_sdp'));
        settleUser(other);
        link = new Link(sw, { a: channel, b: other }, () => run.done());
        link.start();
      });
    },
    failed: (cause) => {
      channel.fill({ originate_disposition: cause, DIALSTATUS: cause, originate_failed_cause: cause });
      channel.set('hangup_cause', undefined);
      if (wasActive && channel.isUp) sw.setCallState(channel, 'ACTIVE');
      const goesOn =
        channel.steps.length > 0 &&
        (channel.isTrue('continue_on_fail') || channel.get('continue_on_fail')?.includes(cause));
      if (channel.isUp && !goesOn && !channel.isTrue('park_after_bridge')) hangUp(sw, channel, cause);
      run.done();
    },
  });
  run.onLeave((why, then) => {
    dial.cancel();
    if (link === undefined) return then();
    link.carrierLeaves(why, then);
  });
};
