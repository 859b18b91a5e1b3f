/** What a line is doing, in the words of docs/protocols/kts-1.md, section 10. */
export type LineState =
  | 'outOfService'
  | 'idle'
  | 'ringing'
  | 'seized'
  | 'dialling'
  | 'ringback'
  | 'talking'
  | 'held'
  | 'busy'
  | 'wrapUp'
  | 'parked'
  | 'conference';

/** What an extension is doing. `inside`: talks with another extension; `talking`: on a line; `holding`: has put its call on hold and has no other. */
export type ExtensionState =
  | 'outOfService'
  | 'idle'
  | 'offHook'
  | 'dialling'
  | 'ringing'
  | 'inside'
  | 'talking'
  | 'holding'
  | 'howler'
  | 'ringback'
  | 'conference'
  | 'busy'
  | 'programming';

/** Which way a call goes. */
export type Direction = 'in' | 'out' | 'internal';

/** How a call, or one extension's stretch of it, ended. `cut`: by a loss of power. */
export type CallEnd =
  | 'unknown'
  | 'normal'
  | 'busy'
  | 'noAnswer'
  | 'rejected'
  | 'failed'
  | 'transferred'
  | 'abandoned'
  | 'cut'
  | 'barred';

/** The bytes of a caller's name: in which charset the PBX believes them to be. */
export type Charset = 'unknown' | 'ascii' | 'gbk' | 'utf8' | 'latin1' | 'shiftJis' | 'big5' | 'utf16be';

/** Why a caller has no number, or that it has one. */
export type Presentation = 'number' | 'withheld' | 'unavailable' | 'payphone' | 'overseas';

/** Local time of the PBX, as ms since 1970-01-01T00:00:00 on its own clock (a PBX knows no zone: read it with the UTC methods of `Date`). */
export type LocalMs = number;

/** All that there is to say of a line. What is absent does not apply. */
export interface LineStatus {
  readonly line: number;
  readonly state: LineState;
  readonly call?: number;
  readonly peer?: string;
  readonly number?: string;
  readonly direction?: Direction;
  readonly end?: CallEnd;
}

/** All that there is to say of an extension. */
export interface ExtensionStatus {
  readonly ext: string;
  readonly state: ExtensionState;
  readonly call?: number;
  readonly line?: number;
  readonly peer?: string;
  readonly number?: string;
  readonly direction?: Direction;
  readonly end?: CallEnd;
  readonly dnd: boolean;
  /** Empty: calls are not forwarded. */
  readonly forward: string;
  /** Class of service in force now (day or night), 1-6. */
  readonly classOfService: number;
  readonly lamp: boolean;
}

/** A park slot. */
export interface SlotStatus {
  readonly slot: number;
  readonly state: 'free' | 'taken';
  readonly call?: number;
  readonly line?: number;
  /** Who parked. */
  readonly peer?: string;
}

/** Who calls on a line. */
export interface CallerIdentity {
  readonly line: number;
  readonly call: number;
  readonly presentation: Presentation;
  readonly number?: string;
  /** Only when the PBX is sure of its charset. */
  readonly name?: string;
  readonly nameBytes?: Uint8Array;
  readonly charset?: Charset;
}

/** One call record (docs/protocols/kts-1.md, section 12). Durations in whole seconds, as a PBX writes them. */
export interface PbxRecord {
  /** 1, 2, 3, ... without a hole, kept through a loss of power. */
  readonly record: number;
  readonly start: LocalMs;
  readonly durationS: number;
  readonly direction: Direction;
  readonly end: CallEnd;
  readonly call: number;
  readonly part: number;
  readonly more: boolean;
  readonly ringS: number;
  readonly heldS: number;
  readonly ext?: string;
  readonly line?: number;
  readonly number?: string;
  readonly name?: string;
  readonly peer?: string;
  readonly from?: string;
  readonly account?: string;
  /** In the smallest unit of the currency. */
  readonly charge?: number;
  readonly pulses?: number;
  readonly estimated: boolean;
}

/** A tone that an extension, or a caller who was let into the PBX, hears. */
export type Tone = 'silence' | 'dial' | 'ringback' | 'busy' | 'howler' | 'beep' | 'longBeep' | 'warning';

/** Something that happened at the telephone of a room. */
export type RoomNews =
  | { readonly what: 'status'; readonly status: number }
  | { readonly what: 'wake'; readonly outcome: 'answered' | 'noAnswer' | 'busy' }
  | { readonly what: 'dnd' | 'lamp'; readonly on: boolean };

/** What a PBX tells its faces. State comes once per change, after whatever caused it has been carried out. */
export type PbxNews =
  | { readonly type: 'line'; readonly status: LineStatus }
  | { readonly type: 'extension'; readonly status: ExtensionStatus }
  | { readonly type: 'slot'; readonly status: SlotStatus }
  | { readonly type: 'callerId'; readonly identity: CallerIdentity }
  /** Keys pressed at an extension, gathered for at most 500 ms; never account codes, passwords or programming. */
  | {
      readonly type: 'digits';
      readonly ext: string;
      readonly digits: string;
      readonly line?: number;
      readonly call?: number;
    }
  /** Written at this moment. */
  | { readonly type: 'record'; readonly record: PbxRecord }
  /** Records before `first` were written over. */
  | { readonly type: 'recordsLost'; readonly first: number }
  /** Parameters were changed; `by` is the port that did it, or `telephone`. */
  | {
      readonly type: 'parameter';
      readonly item: number;
      readonly index: number;
      readonly field: number;
      readonly count: number;
      readonly by: object | 'telephone';
    }
  | { readonly type: 'room'; readonly ext: string; readonly news: RoomNews; readonly at: LocalMs }
  /** A tone began at an extension or towards an outside caller on a line. */
  | { readonly type: 'tone'; readonly ext?: string; readonly line?: number; readonly tone: Tone }
  /** Every single key at an extension or from outside on a line, secret ones too: what a tone decoder on that wire would hear. */
  | { readonly type: 'key'; readonly ext?: string; readonly line?: number; readonly key: string };
