import type { DeviceId } from './ids.js';

/**
 * What can be done with a switch itself, apart from its calls: its parameters, its clock, its rooms. Each facet stands by itself. Whatever asks the switch rejects
 * `command.notSupported` when the switch has said by then that it does not offer it.
 */
export interface DriverFacets {
  readonly programming?: ProgrammingFacet;
  readonly clock?: ClockFacet;
  readonly hotel?: HotelFacet;
  readonly records?: RecordsFacet;
}

/** Ends a request before its time. */
export interface FacetOptions {
  readonly signal: AbortSignal;
}

/** The four groups in which parameters are backed up and restored (row P5). */
export const PARAMETER_GROUPS = ['extensions', 'lines', 'system', 'dialling'] as const;
/** One of {@link PARAMETER_GROUPS}. */
export type ParameterGroup = (typeof PARAMETER_GROUPS)[number];

/** What a parameter is of. `table`: numbered places; `system`: the whole switch. */
export type ParameterScope = 'extension' | 'port' | 'line' | 'table' | 'system';

/** How the values of a parameter are written and which there are. */
export type ParameterType =
  /** `words`: what each number means, in order from `min`. */
  | {
      readonly kind: 'number';
      readonly min: number;
      readonly max: number;
      readonly unit?: string;
      readonly words?: readonly string[];
    }
  | { readonly kind: 'flag' }
  /** `min` 0: may be empty. */
  | { readonly kind: 'digits'; readonly min: number; readonly max: number }
  | { readonly kind: 'text'; readonly max: number }
  /** `HH:MM`, or empty for none. */
  | { readonly kind: 'time' }
  /** Numbers of lines or ports. */
  | { readonly kind: 'set'; readonly of: 'line' | 'port'; readonly max: number };

/** A value of a parameter in its typed form: `set` is a sorted list of numbers without repeats. */
export type ParameterValue = number | boolean | string | readonly number[];

/** One parameter of a switch. */
export interface ParameterDefinition {
  /** `classOfService.day`. */
  readonly id: string;
  readonly group: ParameterGroup;
  readonly scope: ParameterScope;
  /** Places of a `table` or `port` scope: 1 to this. */
  readonly places?: number;
  readonly type: ParameterType;
  /** One sentence for who sets it. */
  readonly help: string;
  /** An empty value is good too: there is none. */
  readonly empty?: 'allowed';
  /** Read and written only with the system password, and never shown in clear. */
  readonly secret?: 'secret';
}

/** One parameter at one place: an extension number, a line, a place of a table; 0 for the whole switch. */
export interface ParameterAt {
  readonly id: string;
  readonly index: number;
}

/**
 * What became of one parameter. `ok`: it reads as it was written. `unverified`: the switch said that it took it, and it cannot be read (a keypad language answers by tones
 * alone); `mismatch`: it was taken, and reads otherwise; `lost`: the link went down, and nobody knows.
 */
export type ParameterCode =
  | 'ok'
  | 'unverified'
  | 'range'
  | 'noDevice'
  | 'readOnly'
  | 'wrongType'
  | 'denied'
  | 'unsupported'
  | 'mismatch'
  | 'failed'
  | 'lost';

/** The outcome for one parameter, with what the switch says its value is. */
export interface ParameterOutcome extends ParameterAt {
  readonly code: ParameterCode;
  readonly value?: ParameterValue;
}

/** Facet `programming`: typed parameters, read and written, each verified. */
export interface ProgrammingFacet {
  readonly catalogue: readonly ParameterDefinition[];
  /**
   * Reads them, many at a time where the switch can.
   * @throws {CtiError} `driver.linkLost` before the first one, `argument.invalid` an id that is not in the catalogue
   */
  get(
    what: readonly ParameterAt[],
    options: FacetOptions & { readonly password?: string },
  ): Promise<readonly ParameterOutcome[]>;
  /**
   * Writes them in this order and reads each back. One that is refused stops nothing.
   * @throws {CtiError} `driver.linkLost` before the first one, `argument.invalid` as above, `auth.forbidden` for a wrong password
   */
  set(
    what: readonly (ParameterAt & { readonly value: ParameterValue })[],
    options: FacetOptions & { readonly password: string },
  ): Promise<readonly ParameterOutcome[]>;
}

/** Facet `clock`: the switch's own clock, local time `YYYY-MM-DDTHH:MM:SS`. */
export interface ClockFacet {
  /** The zone that its configuration gives the switch; absent: nobody said, and whoever asks uses the site's. */
  readonly timeZone?: string;
  /** Answers its time, and by how many ms it is ahead of the host's wall clock in that zone (the way over the line taken out). */
  get(
    options: FacetOptions & { readonly timeZone: string },
  ): Promise<{ readonly at: string; readonly aheadMs: number }>;
  /** Sets it to the host's time in that zone. */
  set(options: FacetOptions & { readonly timeZone: string }): Promise<void>;
}

/** What a hotel does with a room (row P8). `at` is local time. */
export type RoomCommand =
  | { readonly type: 'checkIn'; readonly room: DeviceId; readonly classOfService?: number; readonly name?: string }
  | { readonly type: 'checkOut'; readonly room: DeviceId }
  | { readonly type: 'move'; readonly room: DeviceId; readonly to: DeviceId }
  | { readonly type: 'classOfService'; readonly room: DeviceId; readonly classOfService: number }
  | { readonly type: 'wakeUp'; readonly room: DeviceId; readonly at: string; readonly repeat?: 'daily' }
  | { readonly type: 'wakeUpClear'; readonly room: DeviceId }
  | { readonly type: 'messageLamp' | 'doNotDisturb'; readonly room: DeviceId; readonly mode: 'on' | 'off' }
  | { readonly type: 'name'; readonly room: DeviceId; readonly name: string }
  | { readonly type: 'roomStatus'; readonly room: DeviceId; readonly status: RoomStatus };

/** How a room stands with the housekeeping. */
export const ROOM_STATES = [
  'cleanVacant',
  'cleanOccupied',
  'dirtyVacant',
  'dirtyOccupied',
  'inspected',
  'outOfOrder',
] as const;
/** One of {@link ROOM_STATES}. */
export type RoomStatus = (typeof ROOM_STATES)[number];

/** What happened at the telephone of a room. */
export type RoomEvent =
  | { readonly type: 'wakeUp'; readonly room: DeviceId; readonly outcome: 'answered' | 'noAnswer' | 'busy' | 'unknown' }
  | { readonly type: 'messageLamp' | 'doNotDisturb'; readonly room: DeviceId; readonly mode: 'on' | 'off' }
  | { readonly type: 'roomStatus'; readonly room: DeviceId; readonly status: RoomStatus };

/** Facet `hotel`. */
export interface HotelFacet {
  /** @throws {CtiError} `driver.linkLost`, `driver.timeout`, `driver.refused` with the switch's own word */
  carryOut(command: RoomCommand, options: FacetOptions): Promise<void>;
  /** Tells what happens at the rooms' telephones; returns its end. */
  listen(listener: (event: RoomEvent) => void): () => void;
}

/**
 * How a call record's stretch of a call ended. `transferred`: another extension has the call from here on. `abandoned`: the caller gave up before anybody answered.
 * `barred`: the switch did not let it out. `cut`: the switch lost its power in the middle of it.
 */
export const SWITCH_CALL_ENDS = [
  'normal',
  'transferred',
  'abandoned',
  'noAnswer',
  'busy',
  'rejected',
  'barred',
  'failed',
  'cut',
] as const;
/** One of {@link SWITCH_CALL_ENDS}. */
export type SwitchCallEnd = (typeof SWITCH_CALL_ENDS)[number];

/**
 * One call as the switch itself recorded it (SMDR), or the stretch of it that one extension had: then the others have the same `callRef`. Times are local to the switch: it
 * knows no zone.
 */
export interface SwitchCallRecord {
  /** Local start, `YYYY-MM-DDTHH:MM:SS`. */
  readonly start?: string;
  /** Length of the talk, ms. */
  readonly durationMs?: number;
  /** Ringing before the answer, ms. */
  readonly ringMs?: number;
  readonly extension?: string;
  /** Outside line as the switch numbers it. */
  readonly line?: string;
  readonly direction: 'out' | 'in' | 'internal' | 'unknown';
  /** The other side. Hidden digits stand as `.`. */
  readonly number?: string;
  readonly name?: string;
  /** What a caller dialled to reach the switch. */
  readonly did?: string;
  readonly accountCode?: string;
  /** Key of the person whose personal password let the call out; never the password. */
  readonly personalCode?: string;
  /** Key of the password by which a caller was let in to dial out (DISA); never the password. */
  readonly disaCode?: string;
  /** Charge in the smallest unit of the currency, where the switch counted one. */
  readonly costMinor?: number;
  readonly currency?: string;
  readonly pulses?: number;
  /** Absent: the switch did not tell. */
  readonly answered?: 'answered' | 'unanswered';
  /** Absent: the switch did not tell. */
  readonly end?: SwitchCallEnd;
  /** Time on hold or parked, part of `durationMs`, ms. */
  readonly holdMs?: number;
  /** Time parked, where the switch counts it by itself, ms. */
  readonly parkMs?: number;
  /** What the records of one call share. A switch may use it again for a later call: `continues` says where one ends. */
  readonly callRef?: string;
  /** Which record of its call this is, from 1. Absent: the switch does not count them. */
  readonly part?: number;
  /** Another record of the same call follows. */
  readonly continues?: 'continues';
  /** The extension that gave the call to this one, and the one that got it from here. */
  readonly transferredFrom?: string;
  readonly transferredTo?: string;
  /** The switch's own number of the record: the same one twice is the same record. */
  readonly recordNo?: string;
  /** What is not certain in it, by words of the driver. */
  readonly doubts: readonly string[];
}

/** Which records are wanted; what is left out does not matter. */
export interface CallRecordQuery {
  /** Local start, at or after: `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`. */
  readonly from?: string;
  /** Local start, before. */
  readonly to?: string;
  readonly extension?: string;
  readonly line?: string;
  /** Beginning of the number. */
  readonly number?: string;
  readonly direction?: SwitchCallRecord['direction'];
  readonly accountCode?: string;
}

/** Facet `records`: the archive of the switch's own call records. */
export interface RecordsFacet {
  /** Oldest first, as they were archived; one month is in memory at a time. */
  query(query: CallRecordQuery): AsyncIterable<SwitchCallRecord>;
}
