import type { Channel } from './channel.js';
import { inlineSteps } from './dialplan.js';
import type { EslSwitch } from './esl-switch.js';
import { runSteps } from './executor.js';
import { flip } from './flip.js';
import { unwind } from './frames.js';
import { newTimes } from './profile.js';

/** Where a channel is sent. */
export interface Destination {
  readonly number: string;
  readonly dialplan: string;
  readonly context: string;
}

/** Sends a channel elsewhere: out of all that it is in, a new caller profile, then the applications of the extension. */
export function transfer(sw: EslSwitch, channel: Channel, to: Destination): void {
  if (!channel.isUp) return;
  channel.epoch++;
  channel.steps = [];
  channel.other = undefined;
  newProfile(sw, channel, to);
  channel.set('signal_bond', undefined);
  sw.links.get(channel)?.partyLeft(channel, 'transfer');
  sw.onThread(channel, sw.noticeMs(), () => {
    unwind(sw, channel, {
      why: 'transfer',
      next: () => {
        if (!channel.isUp) return;
        sw.enter(channel, 'CS_ROUTING');
        route(sw, channel, { ...to, profile: 'again' });
      },
    });
  });
}

/** A channel that goes to another extension gets a caller profile of its own for it. */
function newProfile(sw: EslSwitch, channel: Channel, to: Destination): void {
  const { rdnis: _old, ...profile } = channel.profile;
  const at = sw.identity.nowUs;
  const source = `${Math.floor(at / 1_000_000)}:${sw.identity.uuid()}:bl_xfer:${to.number}/${to.context}/${to.dialplan}`;
  channel.profile = {
    ...profile,
    dialplan: to.dialplan,
    destination: to.number,
    ...(to.dialplan === 'inline' ? {} : { rdnis: profile.destination }),
    context: to.context,
    index: profile.index + 1,
    transferSource: source,
    times: { ...newTimes(at), created: profile.times.created, answered: profile.times.answered, transfer: at },
  };
  channel.fill({ transfer_history: source, transfer_source: source });
}

/** A channel that is being routed finds its extension and starts on it. */
export function route(
  sw: EslSwitch,
  channel: Channel,
  to: Destination & { readonly profile: 'first' | 'again' },
): void {
  if (to.profile === 'first' && channel.direction === 'outbound') newProfile(sw, channel, to);
  if (channel.direction === 'outbound') flip(sw, channel);
  sw.presence(channel, 'CS_ROUTING');
  const steps =
    to.dialplan === 'inline'
      ? inlineSteps(to.number)
      : (sw.options.dialplan.find(to.number, to.context, channel) ?? [{ app: 'hangup', data: 'UNALLOCATED_NUMBER' }]);
  sw.enter(channel, 'CS_EXECUTE');
  runSteps(sw, channel, steps);
}
