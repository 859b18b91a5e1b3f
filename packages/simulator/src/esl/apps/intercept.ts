import { hangUp } from '../switch/lifecycle.js';
import type { App } from './app.js';

/** `intercept UUID`: takes the place of a leg beside its partner; the old leg ends as PICKED_OFF. */
export const intercept: App = (run) => {
  const { sw, channel } = run;
  const old = sw.channels.get(run.data.trim()) ?? channel.replaces?.old;
  const partner = channel.replaces?.partner ?? old?.partner ?? sw.channels.get(old?.get('originator') ?? '');
  if (partner === undefined || !partner.isUp || partner === channel) return run.done();
  if (old?.isUp) {
    const link = sw.links.get(old);
    if (link !== undefined) link.bothMove = 'bothMove';
    hangUp(sw, old, 'PICKED_OFF');
  }
  sw.bridgeCommand?.(channel, partner);
};
