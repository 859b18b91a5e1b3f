import type { Bill } from './bill.js';
import type { CallEnd, CallerIdentity, Direction } from './status.js';

/** Where an extension stands in a call. */
export type ExtLegState =
  | 'offHook'
  | 'dialling'
  | 'ringing'
  | 'ringback'
  | 'busy'
  | 'howler'
  | 'talking'
  | 'holding'
  | 'paging'
  | 'programming';

/** Where a line stands in a call; held, parked and conference follow from the others in it. */
export type LineLegState = 'ringing' | 'seized' | 'dialling' | 'ringback' | 'busy' | 'talking';

/** Why a telephone rings. `dial`: for its user to lift before the PBX dials; `join`: to come into a conversation; `recall`: its own call comes back. */
export type RingReason = 'call' | 'transfer' | 'recall' | 'join' | 'dial' | 'wake';

/** An extension in a call. */
export interface ExtLeg {
  readonly ext: Extension;
  call: PbxCall;
  state: ExtLegState;
  /** While it rings. */
  reason?: RingReason;
  /** When it began to ring. */
  rangAtMs?: number;
  /** Who transfers or calls it in. */
  by?: Extension;
  /** Pending timers of this leg: cancelled when the leg ends or changes. */
  cancel?: (() => void) | undefined;
}

/** A line in a call. */
export interface LineLeg {
  readonly line: Trunk;
  call: PbxCall;
  state: LineLegState;
  readonly direction: 'in' | 'out';
  readonly bill: Bill;
  /** The number called or, once it is known, of the caller. */
  number?: string;
  name?: string;
  /** Who calls, once it is known. */
  identity?: CallerIdentity;
  cancel?: (() => void) | undefined;
}

/** A call: everybody who is in it. */
export interface PbxCall {
  readonly id: number;
  /** For which of two is the older. */
  readonly order: number;
  readonly exts: ExtLeg[];
  readonly lines: LineLeg[];
  direction?: Direction;
  /** Number dialled inside, or at a telephone so far. */
  dialled?: string;
  slot?: Slot;
  /** Waits for a target to answer, or to come back. */
  waiting?: { readonly by: Extension; cancel: (() => void) | undefined };
  /** Ringing of an incoming call: which telephones, when. */
  ringing?: { cancel: (() => void) | undefined; readonly tried: Set<Extension> };
  /** Record of an inside call. */
  bill?: Bill;
}

/** A telephone and its port. */
export interface Extension {
  readonly port: number;
  number: string;
  readonly legs: ExtLeg[];
  /** `released`: lifted, but the PBX has ended the call and left it idle. */
  hook: 'on' | 'off' | 'handsFree' | 'released';
  /** A key telephone with a loudspeaker: rings never for its own calls, answers by itself when the PC says so. */
  handsFree: boolean;
  outOfService: boolean;
  /** Last number dialled outside. */
  lastNumber?: string;
  /** Since when it is free, for the group that rings the longest idle. */
  freeSinceMs: number;
  /** How the call ended that it was in last; told once. */
  end?: CallEnd | undefined;
  /** Who reads its keys at present in the place of the PBX. */
  keypad?: { key(key: string): void; hungUp(): void } | undefined;
  /** Keys on their way into a `digits` event. */
  gathered: string;
  cancelGathering?: (() => void) | undefined;
  /** Keys since it went off-hook, or since the line was seized. */
  keys: string;
}

/** A line to the exchange. */
export interface Trunk {
  readonly number: number;
  leg?: LineLeg | undefined;
  outOfService: boolean;
  end?: CallEnd | undefined;
  /** Guard time runs. */
  wrap?: (() => void) | undefined;
}

/** A place where calls are parked. */
export interface Slot {
  readonly number: number;
  call?: PbxCall | undefined;
  by?: Extension | undefined;
  cancel?: (() => void) | undefined;
}
