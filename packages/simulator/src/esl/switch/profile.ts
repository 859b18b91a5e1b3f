import type { HeaderValue } from '../wire/event.js';

type Headers = (readonly [string, HeaderValue])[];

/** Moments of a channel's life, µs since 1970; 0: not yet. */
export interface ProfileTimes {
  profileCreated: number;
  created: number;
  answered: number;
  progress: number;
  progressMedia: number;
  hangup: number;
  transfer: number;
  bridged: number;
  lastHold: number;
  holdAccum: number;
}

/** Who calls whom on a channel: what the `Caller-*` headers say. A transfer makes a new one. */
export interface CallerProfile {
  readonly direction: 'inbound' | 'outbound';
  logicalDirection: 'inbound' | 'outbound';
  readonly username?: string;
  dialplan?: string;
  callerIdName: string;
  callerIdNumber: string;
  readonly origName: string;
  readonly origNumber: string;
  calleeName: string;
  calleeNumber: string;
  networkAddress: string;
  readonly ani: string;
  destination: string;
  readonly uniqueId: string;
  readonly source: string;
  transferSource?: string;
  context: string;
  rdnis?: string;
  readonly channelName: string;
  index: number;
  readonly times: ProfileTimes;
}

/** All times at their beginning. */
export function newTimes(nowUs: number): ProfileTimes {
  return {
    profileCreated: nowUs,
    created: nowUs,
    answered: 0,
    progress: 0,
    progressMedia: 0,
    hangup: 0,
    transfer: 0,
    bridged: 0,
    lastHold: 0,
    holdAccum: 0,
  };
}

/** A caller profile as headers; `prefix` is `Caller`, `Other-Leg` or (in the reply to `connect`) `Channel`. Empty fields are left out. */
export function profileHeaders(prefix: string, profile: CallerProfile, times: ProfileTimes = profile.times): Headers {
  const headers: Headers = [];
  const add = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== '') headers.push([`${prefix}-${name}`, String(value)]);
  };
  add('Direction', profile.direction);
  add('Logical-Direction', profile.logicalDirection);
  add('Username', profile.username);
  add('Dialplan', profile.dialplan);
  add('Caller-ID-Name', profile.callerIdName);
  add('Caller-ID-Number', profile.callerIdNumber);
  add('Orig-Caller-ID-Name', profile.origName);
  add('Orig-Caller-ID-Number', profile.origNumber);
  add('Callee-ID-Name', profile.calleeName);
  add('Callee-ID-Number', profile.calleeNumber);
  add('Network-Addr', profile.networkAddress);
  add('ANI', profile.ani);
  add('Destination-Number', profile.destination);
  add('Unique-ID', profile.uniqueId);
  add('Source', profile.source);
  if (prefix !== 'Other-Leg') add('Transfer-Source', profile.transferSource);
  add('Context', profile.context);
  add('RDNIS', profile.rdnis);
  add('Channel-Name', profile.channelName);
  if (prefix !== 'Other-Leg') add('Profile-Index', profile.index);
  add('Profile-Created-Time', times.profileCreated);
  add('Channel-Created-Time', times.created);
  add('Channel-Answered-Time', times.answered);
  add('Channel-Progress-Time', times.progress);
  add('Channel-Progress-Media-Time', times.progressMedia);
  add('Channel-Hangup-Time', times.hangup);
  add('Channel-Transfer-Time', times.transfer);
  add('Channel-Resurrect-Time', 0);
  add('Channel-Bridged-Time', times.bridged);
  add('Channel-Last-Hold', times.lastHold);
  add('Channel-Hold-Accum', times.holdAccum);
  add('Screen-Bit', 'true');
  add('Privacy-Hide-Name', 'false');
  add('Privacy-Hide-Number', 'false');
  return headers;
}
