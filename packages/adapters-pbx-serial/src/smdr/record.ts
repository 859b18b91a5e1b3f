import type { SwitchCallEnd } from '@cordboard/cti-core';

/** Which way a call went. `internal`: between extensions. */
export type SmdrDirection = 'out' | 'in' | 'internal' | 'unknown';

/** What a parser is not sure of. Nothing is guessed in silence. */
export type SmdrDoubt =
  /** The format gives no year, or no date: taken from the time of arrival. */
  | 'dateGuessed'
  /** The format stamps the end, and its length is not known. */
  | 'startUnknown'
  /** A field held what its column cannot hold, and was left out. */
  | 'fieldUnreadable'
  /** Digits that the PBX hides (`.`, `X`). */
  | 'digitsHidden'
  /** Two records are equal in everything and may be one call told twice, or two equal calls. */
  | 'perhapsDouble'
  /** The line may lack its beginning or its end: the first one after connecting, or the last one without an end of line. */
  | 'perhapsCut'
  /** The line does not stand in the columns of its format; it was read by its words. */
  | 'columnsShifted'
  /** The number's column is filled to its last place: the PBX may have cut what it printed there. */
  | 'columnFull'
  /** Name and number stand in one field and cannot be told apart: all of it is in `name`. */
  | 'nameOrNumber'
  /** The PBX lost its power in the middle of the call: its length is up to the last moment that it knows of, at most a minute too short. */
  | 'durationEstimated';

/** One call record of a PBX (station message detail recording), whatever its format. Times are local to the PBX: it knows no zone. */
export interface SmdrRecord {
  /** Local start of the call, `YYYY-MM-DDTHH:MM:SS`. Absent where neither start nor end and length were told. */
  readonly start?: string;
  /** Length of the talk, ms. Of a call that was not answered: 0. */
  readonly durationMs?: number;
  /** Ringing before the answer, ms. */
  readonly ringMs?: number;
  readonly extension?: string;
  /** Outside line as the PBX numbers it. */
  readonly line?: string;
  readonly direction: SmdrDirection;
  /** The other side: dialled, or calling where it is known. Hidden digits stand as `.`. */
  readonly number?: string;
  /** The caller's name, where the number's column holds one. */
  readonly name?: string;
  /** What a caller dialled to reach the PBX (DID, DDI, MSN): number or name of it. */
  readonly did?: string;
  readonly accountCode?: string;
  /** Verified, walking or authorisation code of the person who made the call: a key to a person, not the password. */
  readonly personalCode?: string;
  /** Which DISA password let the caller in. */
  readonly disaCode?: string;
  /** Charge in the smallest unit of the currency, where the PBX counted one. */
  readonly costMinor?: number;
  /** Currency as the PBX wrote it, such as `EUR`. */
  readonly currency?: string;
  /** Metering pulses, where the PBX counted them. */
  readonly pulses?: number;
  readonly answered?: 'answered' | 'unanswered';
  /** The PBX's own number of the record: the only thing that makes a repeat certain. */
  readonly recordNo?: string;
  /** Id that parts of one call share, and whether more parts follow. */
  readonly callRef?: string;
  readonly continues?: 'continues';
  /** The call was handed on: to or from another extension. */
  readonly transfer?: 'to' | 'from';
  /** The extension that gave the call to this one, and the one that got it from here, where the PBX names them. */
  readonly transferredFrom?: string;
  readonly transferredTo?: string;
  /** Which record of its call this is, from 1, where the PBX counts them. */
  readonly part?: number;
  /** How this stretch of the call ended, where the PBX tells. */
  readonly end?: SwitchCallEnd;
  /** Begun by a flash from another call on the same line. */
  readonly flash?: 'flash';
  readonly holdMs?: number;
  readonly parkMs?: number;
  /** Condition code as the PBX wrote it (`TR`, `D1`, `7`, `X`, ...). */
  readonly code?: string;
  readonly doubts: readonly SmdrDoubt[];
  /** The line or lines as they came. */
  readonly raw: string;
}

/**
 * A line that is no record: what it is taken for, and where it stood. `unreadable` is to be told to a person; `event` is something else than a
 * call that the PBX logs (log-in, check-in, reminder); `repeat` is a record told before.
 */
export interface SmdrOther {
  readonly kind: 'header' | 'empty' | 'init' | 'partial' | 'event' | 'repeat' | 'unreadable';
  readonly lineNo: number;
  readonly raw: string;
}
