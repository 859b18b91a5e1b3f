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
  | 'perhapsDouble';

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
  readonly accountCode?: string;
  /** Charge in the smallest unit of the currency, where the PBX counted one. */
  readonly costMinor?: number;
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
  /** Condition code as the PBX wrote it (`TR`, `D1`, `7`, `X`, ...). */
  readonly code?: string;
  readonly doubts: readonly SmdrDoubt[];
  /** The line or lines as they came. */
  readonly raw: string;
}

/** A line that is no record: what it is taken for, and where it stood. `unreadable` is to be told to a person. */
export interface SmdrOther {
  readonly kind: 'header' | 'empty' | 'init' | 'partial' | 'unreadable';
  readonly lineNo: number;
  readonly raw: string;
}
