import type { Leg } from '../../switch/model.js';
import { type HeaderValue, listOf } from '../wire/event.js';
import type { HangupCause } from './hangup-cause.js';
import { type CallerProfile, type ProfileTimes, profileHeaders } from './profile.js';
import { type CallState, CHANNEL_STATES, type ChannelState } from './states.js';

/** A sound file, tone or stream that sounds on a channel now. */
export interface RunningSound {
  readonly path: string;
  /** Ends it: by its own end, by `uuid_break`, by a key, or with its channel. */
  stop(status: 'done' | 'break'): void;
}

/** A recording that runs on a channel. */
export interface RunningTape {
  readonly path: string;
  readonly startedMs: number;
  readonly bugId: string;
  stop(why: 'command' | 'hangup' | 'limit'): void;
}

/** An application that runs on a channel, and how to take the channel out of it. */
export interface RunningApp {
  readonly name: string;
  readonly data: string;
  readonly uuid: string;
  /** Leaves the application now; its CHANNEL_EXECUTE_COMPLETE follows. */
  leave(why: 'hangup' | 'transfer' | 'break'): void;
}

/** One step of an extension: an application with what it is given. */
export interface AppStep {
  readonly app: string;
  readonly data: string;
  readonly uuid?: string;
  readonly uuidName?: string;
}

/** What the other leg's headers show of it: the real one leaves its times out at first and keeps them as they were later. */
export interface OtherLeg {
  readonly type: 'originator' | 'originatee';
  readonly profile: CallerProfile;
  times: ProfileTimes;
}

/** One leg of a call as the switch keeps it, over a connection of the virtual switch. */
export class Channel {
  readonly uuid: string;
  readonly leg: Leg;
  readonly name: string;
  readonly direction: 'inbound' | 'outbound';
  readonly variables = new Map<string, string>();
  profile: CallerProfile;
  /** Where it is going; what its thread is in is {@link running} and lags behind (freeswitch.md 30). */
  state: ChannelState = 'CS_INIT';
  running: ChannelState = 'CS_NONE';
  callState: CallState = 'DOWN';
  answer: 'ringing' | 'early' | 'answered' | 'hangup' = 'ringing';
  hitDialplan: boolean;
  presenceId: string | undefined;
  callUuid: string;
  codec: 'none' | 'ready' = 'none';
  other: OtherLeg | undefined;
  /** The channel that hears it. */
  partner: Channel | undefined;
  hangupCause: HangupCause | undefined;
  /** Applications from outermost to innermost: `sendmsg` nests them (freeswitch.md 45). */
  readonly apps: RunningApp[] = [];
  readonly sounds: RunningSound[] = [];
  readonly tapes = new Map<string, RunningTape>();
  /** What its extension still has to do. */
  steps: AppStep[] = [];
  /** Grows whenever what was going to happen on it is void: hang-up, transfer. */
  epoch = 0;
  /** Keys that came in while nobody collected. */
  digits = '';
  onDigit: ((digit: string) => 'taken' | 'left') | undefined;
  held: 'held' | undefined;
  /** Whose place it takes, when it came in to do so. */
  replaces: { readonly old: Channel; readonly partner: Channel } | undefined;
  lastApp: { readonly name: string; readonly data: string } = { name: '', data: '' };
  initial: { readonly dialplan: string; readonly context: string; readonly dest: string };
  createdUs: number;
  destroyed: 'destroyed' | undefined;
  /** Is the far end's sound cut, by direction? */
  readonly muted = { read: false, write: false };

  constructor(spec: {
    readonly uuid: string;
    readonly leg: Leg;
    readonly name: string;
    readonly profile: CallerProfile;
    readonly hitDialplan: boolean;
  }) {
    this.uuid = spec.uuid;
    this.leg = spec.leg;
    this.name = spec.name;
    this.profile = spec.profile;
    this.direction = spec.profile.direction;
    this.hitDialplan = spec.hitDialplan;
    this.callUuid = spec.uuid;
    this.createdUs = spec.profile.times.created;
    const { dialplan = '', context, destination } = spec.profile;
    this.initial = { dialplan, context, dest: destination };
  }

  get isUp(): boolean {
    return this.hangupCause === undefined && this.destroyed === undefined;
  }

  /** A variable; nothing for one that is not set. */
  get(name: string): string | undefined {
    return this.variables.get(name);
  }

  isTrue(name: string): boolean {
    const value = this.variables.get(name)?.toLowerCase() ?? '';
    return ['true', 'yes', 'on', 'enable', 'enabled', 'active', 'allow', 't', '1'].includes(value);
  }

  /** Sets a variable in its old place, or last; an empty value takes it away. */
  set(name: string, value: string | undefined): void {
    if (value === undefined || value === '') this.variables.delete(name);
    else this.variables.set(name, value);
  }

  /** Sets variables that it has not. */
  fill(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  /** The application innermost of those that run. */
  get app(): RunningApp | undefined {
    return this.apps[this.apps.length - 1];
  }

  /** All headers of an event of this channel, after those that all events have. `detail` `full` adds the variables (freeswitch.md 32). */
  headers(detail: 'full' | 'basic'): (readonly [string, HeaderValue])[] {
    const out: (readonly [string, HeaderValue])[] = [
      ['Channel-State', this.running],
      ['Channel-Call-State', this.callState],
      ['Channel-State-Number', String(CHANNEL_STATES[this.state])],
      ['Channel-Name', this.name],
      ['Unique-ID', this.uuid],
      ['Call-Direction', this.direction],
      ['Presence-Call-Direction', this.direction],
      ['Channel-HIT-Dialplan', String(this.hitDialplan)],
    ];
    if (this.presenceId !== undefined) out.push(['Channel-Presence-ID', this.presenceId]);
    out.push(['Channel-Call-UUID', this.callUuid], ['Answer-State', this.answer]);
    if (this.hangupCause !== undefined) out.push(['Hangup-Cause', this.hangupCause]);
    if (this.codec === 'ready') out.push(...CODEC_HEADERS);
    if (this.running !== 'CS_NEW') out.push(...profileHeaders('Caller', this.profile));
    if (this.other !== undefined) {
      out.push(['Other-Type', this.other.type]);
      out.push(...profileHeaders('Other-Leg', this.other.profile, this.other.times));
    }
    if (detail === 'full') for (const [name, value] of this.variables) out.push([`variable_${name}`, listOf(value)]);
    return out;
  }
}

const CODEC_HEADERS = [
  ['Channel-Read-Codec-Name', 'PCMU'],
  ['Channel-Read-Codec-Rate', '8000'],
  ['Channel-Read-Codec-Bit-Rate', '64000'],
  ['Channel-Write-Codec-Name', 'PCMU'],
  ['Channel-Write-Codec-Rate', '8000'],
  ['Channel-Write-Codec-Bit-Rate', '64000'],
] as const;
