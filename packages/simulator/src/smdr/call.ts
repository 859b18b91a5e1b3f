/** One extension's part in a call. A call that is handed on has one for each extension that had it, in their order. */
export interface CallLeg {
  /** Digits as people dial them. */
  readonly extension: string;
  /** When it began to ring, or was seized: seconds since 1970 as if the PBX's local time were UTC. It knows no zone. */
  readonly startS: number;
  /** Ringing before the answer; of outgoing calls 0. */
  readonly ringS: number;
  /** Talk; 0: nobody answered. */
  readonly talkS: number;
  /** Of the talk, on hold. */
  readonly holdS?: number;
}

/** What happened at a PBX: the truth of which each format prints as much as it has columns for. */
export interface PbxCall {
  /** 1 and up, in the order of beginning. */
  readonly id: number;
  readonly direction: 'in' | 'out' | 'internal';
  /** Outside line, 1 and up; absent for internal calls. */
  readonly line?: number;
  /** The other side: dialled, calling, or of an internal call the extension called. */
  readonly number?: string;
  /** Caller's name. */
  readonly name?: string;
  /** What the caller dialled to reach the PBX. */
  readonly did?: string;
  /** At least one. */
  readonly legs: readonly CallLeg[];
  /** Digits of `number` from this place on are not to be printed. */
  readonly hiddenFrom?: number;
  /** How they are not printed: dots for a secret speed dial, X for privacy. Default `secret`. */
  readonly hiding?: 'secret' | 'privacy';
  /** Begun by a flash from another call on the same line. */
  readonly flash?: 'flash';
  /** Access code of a host PBX that was dialled before the number. */
  readonly hostCode?: string;
  readonly account?: string;
  /** Verified code of the person. */
  readonly verified?: string;
  /** Which DISA password the caller gave, 0-9. */
  readonly disa?: number;
  /** In the smallest unit of the currency. */
  readonly costMinor?: number;
  /** The PBX's clock was set during the call: it prints asterisks for what it lost. */
  readonly clock?: 'lost';
}

/** Something that the PBX logs and that is no call. */
export interface PbxEvent {
  readonly extension: string;
  readonly atS: number;
  /** As printed: `LOG IN`, `Check out`. */
  readonly words: string;
}

/** A line as printed, without its end, and what it tells of. */
export interface PrintedRecord {
  readonly text: string;
  readonly call: PbxCall;
  /** Place in {@link PbxCall.legs}. */
  readonly leg: number;
  /** When the PBX prints it. */
  readonly atS: number;
}

/** When a leg was over. */
export const endOf = (leg: CallLeg): number => leg.startS + leg.ringS + leg.talkS;
