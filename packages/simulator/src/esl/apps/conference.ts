import { Conference } from '../switch/conference.js';
import type { App } from './app.js';

/** `conference NAME[@PROFILE][+PIN][+flags{mute|deaf|...}]`: into the room, which is made for the first one. */
export const conference: App = (run) => {
  const { sw, channel } = run;
  const flags = /\+flags\{([^}]*)\}/u.exec(run.data)?.[1]?.split(/[|,]/u) ?? [];
  const [name = '', profile = 'default'] = run.data.replace(/\+.*$/u, '').trim().split('@');
  if (name === '') return run.done();
  if (channel.answer !== 'answered' && channel.leg.state !== 'ended') sw.pbx.connect(channel.leg);
  const room = sw.conferences.get(name) ?? new Conference(sw, name, profile);
  const member = room.join(channel, flags, () => {
    room.part(member);
    run.done();
  });
  run.onLeave((_why, next) => {
    room.part(member);
    next();
  });
};
