import type { DriverCommandType, DriverEventType, MonitorMode, Refusal } from '@cordboard/cti-core';
import type { RingHabit } from '../floor/agent.js';

/** What an agent, or an agent's phone, does in a call; `afterMs` counts from the act before, the first from the start of the talk. */
export type Act = { readonly afterMs: number } & ActBody;
/** An {@link Act} without its time. `to` is an extension, an outside number, `queue:<id>` or `agent:<id>`. */
export type ActBody =
  | {
      readonly act:
        | 'hold'
        | 'retrieve'
        | 'clear'
        | 'completeTransfer'
        | 'cancelConsult'
        | 'alternate'
        | 'conference'
        | 'mute'
        | 'unmute'
        | 'startRecording'
        | 'stopRecording'
        | 'pauseRecording'
        | 'resumeRecording'
        | 'setData'
        | 'sendDigits'
        | 'muteCaller'
        | 'phoneHold'
        | 'phoneRetrieve'
        | 'phoneHangUp'
        | 'phoneJoin'
        | 'forceRelease'
        | 'stopMonitor';
    }
  | { readonly act: 'consult' | 'transfer' | 'addParty' | 'phoneTransfer' | 'phoneConsult'; readonly to: string }
  /** Default: the survey, which ends by itself. */
  | { readonly act: 'toFlow'; readonly flow?: 'front' }
  | { readonly act: 'monitor'; readonly mode: MonitorMode }
  | { readonly act: 'phonePickUp'; readonly by: string };

/** A caller from outside with everything that becomes of the call: patience, keys, what agents do when it rings and while it lasts. */
export interface CallStep {
  readonly atMs: number;
  readonly do: 'call';
  readonly from: string;
  readonly to: string;
  readonly presses: readonly { readonly digits: string; readonly afterMs: number }[];
  /** Hangs up when nobody was reached after so long. */
  readonly patienceMs: number;
  /** Hangs up so near to the moment at which the first phone rings, or is lifted. */
  readonly leaves?: { readonly at: 'ring' | 'answer'; readonly offsetMs: number };
  /** Hangs up after so long a talk; absent: leaves that to the others, at most ten minutes. */
  readonly talkMs?: number;
  /** What the first, second, ... phone that it rings does; the last one goes for all further ones. */
  readonly offers: readonly RingHabit[];
  /** The person at the first phone that rings lets it ring and calls somebody from it by a second line. */
  readonly meanwhile?: { readonly afterMs: number; readonly to: string };
  /** What the first agent does with it. */
  readonly service: readonly Act[];
}

/** An agent, or a phone, that makes a call. */
export interface MakeStep {
  readonly atMs: number;
  readonly do: 'make' | 'phoneMake';
  readonly agent: string;
  readonly to: string;
  readonly answers: RingHabit;
  readonly talkMs: number;
  readonly service: readonly Act[];
}

/** Somebody comes, goes, works or rests. `silent`: the page stops renewing its lease. */
export interface AgentStep {
  readonly atMs: number;
  readonly do: 'agent';
  readonly agent: string;
  readonly wish:
    | 'ready'
    | 'break'
    | 'logOff'
    | 'silent'
    | 'offline'
    | 'logOnAgain'
    | 'leaveQueue'
    | 'joinQueue'
    | 'doNotDisturb'
    | 'disturb';
}

/** A supervisor sets an agent's state, or hands the longest waiting caller to the agent. */
export interface SuperviseStep {
  readonly atMs: number;
  readonly do: 'supervise';
  readonly agent: string;
  readonly what: 'ready' | 'notReady' | 'loggedOff' | 'pickWaiting';
}

/**
 * Another configuration is in force for a while. `dropDesk`: without the queue `desk`, whoever waits in it; `shortCalls`: calls that begin are ended
 * after `maxCallMs`.
 */
export interface ConfigStep {
  readonly atMs: number;
  readonly do: 'config';
  readonly what: 'dropDesk' | 'shortCalls';
  readonly forMs: number;
  readonly maxCallMs: number;
}

/** Something goes wrong. Armed faults hit the next command or event that fits. */
export interface FaultStep {
  readonly atMs: number;
  readonly do: 'fault';
  readonly fault: Fault;
}

/** The faults. */
export type Fault =
  /** `at`: when the next such command is on the wire. */
  | { readonly kind: 'linkLost'; readonly forMs: number; readonly at?: DriverCommandType }
  | { readonly kind: 'switchRestart'; readonly forMs: number }
  /** `at`: at the next input of this kind, or of this driver event; else at the next input. */
  | { readonly kind: 'serverCrash'; readonly forMs: number; readonly at?: string }
  | { readonly kind: 'switchSilent'; readonly forMs: number }
  | { readonly kind: 'phoneGone'; readonly agent: string; readonly forMs: number }
  | { readonly kind: 'clockJump'; readonly byMs: number }
  | { readonly kind: 'eventLate'; readonly event: DriverEventType; readonly lateMs: number }
  | { readonly kind: 'eventDoubled'; readonly event: DriverEventType }
  | { readonly kind: 'eventReordered'; readonly event: DriverEventType }
  /** So long after the next pause of a recording the switch finds that it cannot keep its files: all that run have failed. */
  | { readonly kind: 'recordingLost'; readonly afterMs: number }
  | { readonly kind: 'commandRefused'; readonly command: DriverCommandType; readonly code: Refusal }
  | { readonly kind: 'commandUnconfirmed'; readonly command: DriverCommandType }
  | { readonly kind: 'commandUnanswered'; readonly command: DriverCommandType; readonly done: 'done' | 'notDone' };

/** Every kind of fault, phones' own acts included: a day reaches some, a run of days must reach all. */
export const FAULT_KINDS = [
  'linkLost',
  'switchRestart',
  'serverCrash',
  'switchSilent',
  'phoneGone',
  'clockJump',
  'eventLate',
  'eventDoubled',
  'eventReordered',
  'commandRefused',
  'commandUnconfirmed',
  'commandUnanswered',
  'recordingLost',
  'phoneHold',
  'phoneTransfer',
  'phoneJoin',
  'phonePickUp',
  'pageSilent',
] as const;
/** One of the {@link FAULT_KINDS}. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One thing of a day. */
export type Step = CallStep | MakeStep | AgentStep | SuperviseStep | ConfigStep | FaultStep;

/** A day as plain data: printed, kept and played again as JSON. */
export interface Day {
  readonly format: 'cordboard-day/1';
  readonly seed: number;
  readonly steps: readonly Step[];
  /** Of a kept failure: what did not hold. */
  readonly fails?: string;
}

/** Reads a day from JSON text. @throws {SyntaxError} for what is none */
export function parseDay(text: string): Day {
  const value: unknown = JSON.parse(text);
  const isDay =
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 'cordboard-day/1' &&
    'seed' in value &&
    typeof value.seed === 'number' &&
    'steps' in value &&
    Array.isArray(value.steps);
  if (!isDay) throw new SyntaxError('a day is an object with format cordboard-day/1, seed and steps');
  return value as unknown as Day;
}
