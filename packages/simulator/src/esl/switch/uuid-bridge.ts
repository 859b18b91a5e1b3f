import type { Channel } from './channel.js';
import type { EslSwitch } from './esl-switch.js';
import { unwind } from './frames.js';
import { hangUp } from './lifecycle.js';
import { Link } from './link.js';

/** Channels that are on their way into a bridge, and with whom. */
const underWay = new WeakMap<Channel, Channel>();

/**
 * Joins two channels wherever they are: each leaves what it is in, enters CS_SOFT_EXECUTE, and the first one carries the bridge. A leg that still
 * rings makes both end (freeswitch.md 15).
 */
export function uuidBridge(sw: EslSwitch, a: Channel, b: Channel): void {
  if (a === b) return withSelf(sw, a);
  const both = sw.order('unpark') === 'unpark.bFirst' ? [b, a] : [a, b];
  const ringing = [a, b].find((channel) => channel.answer !== 'answered' && channel.answer !== 'early');
  for (const channel of [a, b]) {
    channel.epoch++;
    channel.steps = [];
    // Taken away on its way to somebody else, it leaves them to nobody (1.11.2).
    const left = underWay.get(channel);
    if (left !== undefined && left !== a && left !== b && left.isUp) hangUp(sw, left, 'DESTINATION_OUT_OF_ORDER');
  }
  underWay.set(a, b);
  underWay.set(b, a);
  a.other = { type: 'originatee', profile: b.profile, times: { ...b.profile.times } };
  b.other = { type: 'originator', profile: a.profile, times: { ...a.profile.times } };
  b.hitDialplan = false;
  let left = 2;
  const ready = (): void => {
    left--;
    if (left > 0) return;
    if (underWay.get(a) === b) underWay.delete(a);
    if (underWay.get(b) === a) underWay.delete(b);
    if (ringing !== undefined) return abandon(sw, { ringing, other: ringing === a ? b : a });
    join(sw, a, b);
  };
  for (const channel of both) {
    sw.links.get(channel)?.partyLeft(channel, 'transfer');
    sw.onThread(channel, sw.noticeMs(), () => unwind(sw, channel, { why: 'transfer', next: ready }));
  }
}

function join(sw: EslSwitch, a: Channel, b: Channel): void {
  if (!a.isUp || !b.isUp) {
    for (const one of [a, b]) if (one.isUp) hangUp(sw, one, 'ORIGINATOR_CANCEL');
    return;
  }
  for (const state of ['CS_HIBERNATE', 'CS_RESET', 'CS_SOFT_EXECUTE'] as const) {
    sw.enter(a, state);
    sw.enter(b, state);
  }
  for (const [channel, other] of [
    [a, b],
    [b, a],
  ] as const) {
    channel.lastApp = { name: 'uuid_bridge', data: other.uuid };
    sw.tell(channel, 'CHANNEL_EXECUTE', {
      source: 'CHANNEL_EXECUTE_UUID_BRIDGE',
      trail: [
        ['Application', 'uuid_bridge'],
        ['Application-Data', other.uuid],
      ],
    });
  }
  new Link(sw, { a, b }).start();
}

function abandon(sw: EslSwitch, legs: { readonly ringing: Channel; readonly other: Channel }): void {
  hangUp(sw, legs.ringing, 'DESTINATION_OUT_OF_ORDER');
  hangUp(sw, legs.other, 'ORIGINATOR_CANCEL');
}

/** `uuid_bridge a a` is taken, and breaks the bridge that there was. */
function withSelf(sw: EslSwitch, a: Channel): void {
  a.epoch++;
  a.steps = [];
  sw.links.get(a)?.partyLeft(a, 'transfer');
  sw.onThread(a, sw.noticeMs(), () => unwind(sw, a, { why: 'transfer', next: () => sw.enter(a, 'CS_SOFT_EXECUTE') }));
}
