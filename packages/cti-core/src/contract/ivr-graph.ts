import type { FlowId } from './ids.js';

/** Where a flow goes next: the id of a node, `END` (hang up), or `RETURN` (back to the flow that called this one, with a result). */
export type NodeRef = string;
/** Ends the call. A reserved node name. */
export const END = 'END';
/** Ends a sub-flow. A reserved node name. */
export const RETURN = 'RETURN';
/** Goes back to the menu that led here, or to the start. A reserved node name. */
export const BACK = 'BACK';

/** One piece of an announcement. `prompt` is a key of the prompts; `text` goes to speech output, with `{variables}`; `say` reads a variable
 * aloud: key by key, as a whole number, or as an amount in the smallest unit of a currency (`1250` of `CNY` is 12.50), whose units
 * are the prompts `money.<currency>.major` and `.minor`. */
export type SayItem =
  | { readonly kind: 'prompt'; readonly prompt: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'say'; readonly variable: string; readonly as: 'digits' | 'number' }
  | { readonly kind: 'say'; readonly variable: string; readonly as: 'money'; readonly currency: string }
  | { readonly kind: 'silence'; readonly forMs: number };

/** What is said: in order; `loop` 1-99 times, default 1. */
export type Say = readonly SayItem[];

/** One telephone key. */
export type DigitKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#';

/** A local time of day `HH:MM`; `24:00` is allowed as an end. */
export type TimeOfDay = string;

/** One rule of opening hours; all given parts must fit. `weekdays` 1 (Monday) to 7. `dates` `YYYY-MM-DD` or `YYYY-MM-DD/YYYY-MM-DD`. */
export interface HoursRule {
  readonly from?: TimeOfDay;
  readonly to?: TimeOfDay;
  readonly weekdays?: readonly number[];
  readonly dates?: readonly string[];
  /** A name of the calendar's holidays or special working days that must (not) apply. */
  readonly dayKind?: 'holiday' | 'workday' | 'ordinary';
  readonly goTo: NodeRef;
}

/**
 * A transfer's goal. `variable` holds an extension; an outside number is `failed` unless `outside` is `allowed`, since what callers key in
 * would have the site pay for any call of theirs. An emergency number is never dialled from a variable.
 */
export type TransferGoal =
  | { readonly kind: 'extension'; readonly number: string }
  | { readonly kind: 'outside'; readonly number: string; readonly trunk?: string }
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'variable'; readonly variable: string; readonly outside?: 'allowed' };

/**
 * One node of a flow: plain data. Every outcome has its edge. Variables are texts; the system sets
 * `call.number`, `call.dialled`, `call.language`.
 */
export type IvrNode =
  | {
      readonly type: 'play';
      readonly say: Say;
      readonly loop?: number;
      readonly bargeIn?: boolean;
      readonly next: NodeRef;
    }
  | {
      readonly type: 'menu';
      readonly say: Say;
      readonly keys: Readonly<Partial<Record<DigitKey, NodeRef>>>;
      /** Rounds of asking, 1-10, default 3. */
      readonly tries?: number;
      /** From the end of the announcement to the first key; default 5,000 ms. */
      readonly timeoutMs?: number;
      readonly noInputSay?: Say;
      readonly noMatchSay?: Say;
      /** Taken when all tries ended without a key / with wrong keys. */
      readonly noInput: NodeRef;
      readonly noMatch: NodeRef;
    }
  | {
      readonly type: 'collect';
      readonly say: Say;
      readonly variable: string;
      readonly min: number;
      readonly max: number;
      /** Ends the input and is not part of it; default `#`; `null` for none. */
      readonly terminator?: DigitKey | null;
      readonly timeoutMs?: number;
      readonly interDigitMs?: number;
      readonly tries?: number;
      /** A regular expression over digits that the whole input must fit; at most 200 characters. */
      readonly pattern?: string;
      /** The digits never reach logs, events or the journal in clear. */
      readonly masked?: boolean;
      readonly noMatchSay?: Say;
      readonly next: NodeRef;
      readonly noInput: NodeRef;
      readonly noMatch: NodeRef;
    }
  | {
      readonly type: 'hours';
      readonly calendar?: string;
      readonly rules: readonly HoursRule[];
      readonly otherwise: NodeRef;
    }
  | {
      readonly type: 'queue';
      readonly queue: string;
      readonly say?: Say;
      readonly priority?: number;
      /** Leaves the queue after so long; default: the queue's own bound. */
      readonly overflowAfterMs?: number;
      readonly overflow: NodeRef;
      /** The queue was full or closed at once. */
      readonly full?: NodeRef;
      /** Where an agent's "back to the flow" goes; default END. */
      readonly returned?: NodeRef;
    }
  | {
      readonly type: 'transfer';
      readonly to: TransferGoal;
      readonly say?: Say;
      readonly failedSay?: Say;
      readonly ringTimeoutMs?: number;
      readonly busy: NodeRef;
      readonly noAnswer: NodeRef;
      readonly failed: NodeRef;
    }
  | { readonly type: 'set'; readonly assign: Readonly<Record<string, string>>; readonly next: NodeRef }
  | {
      readonly type: 'subflow';
      readonly flow: string;
      readonly results: Readonly<Record<string, NodeRef>>;
      readonly otherwise: NodeRef;
    }
  | { readonly type: 'return'; readonly result: string }
  | { readonly type: 'language'; readonly language: string; readonly next: NodeRef }
  | { readonly type: 'hangup'; readonly say?: Say };

/** The `type` of every node. */
export type IvrNodeType = IvrNode['type'];

/** An immutable flow: the same value whether it came from the DSL or from JSON. */
export interface IvrGraph {
  readonly format: 'cordboard-ivr/1';
  readonly id: FlowId;
  /** Calls finish on the version that they started with. Any text; by default a hash of the graph. */
  readonly version: string;
  readonly languages: readonly string[];
  readonly start: string;
  readonly nodes: Readonly<Record<string, IvrNode>>;
  /** Key -> language -> file of the voice library. */
  readonly prompts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Days of a site: `YYYY-MM-DD` each. Special working days win over holidays. */
export interface Calendar {
  readonly holidays: readonly string[];
  readonly workdays: readonly string[];
}
