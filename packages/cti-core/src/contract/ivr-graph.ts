import type { FlowId } from './ids.js';

/** Where a flow goes next: the id of a node, `END` (hang up), or `RETURN` (back to the flow that called this one, with a result). */
export type NodeRef = string;
/** Ends the call. A reserved node name. */
export const END = 'END';
/** Ends a sub-flow. A reserved node name. */
export const RETURN = 'RETURN';
/** Goes back to the menu that led here, or to the start. A reserved node name. */
export const BACK = 'BACK';

/**
 * One piece of an announcement. `prompt` is a key of the prompts; `text` goes to speech output, with `{variables}`; `say` reads a variable
 * aloud: key by key, as a whole number, as a date (`2026-11-22`) or time of day (`17:30`), or as an amount in the smallest unit of a currency
 * (`1250` of `CNY` is 12.50), whose units are the prompts `money.<currency>.major` and `.minor`; `recording` plays what a `record` node kept.
 * `bargeIn: 'none'`: keys pressed while it is said do not cut it short; they are kept for the node that asks next. It is said in any case, also to a caller
 * who has cut short what stands before it or has pressed the keys for its node ahead.
 */
export type SayItem =
  | { readonly kind: 'prompt'; readonly prompt: string; readonly bargeIn?: 'none' }
  | { readonly kind: 'text'; readonly text: string; readonly bargeIn?: 'none' }
  | { readonly kind: 'say'; readonly variable: string; readonly as: 'digits' | 'number' | 'date' | 'time' }
  | { readonly kind: 'say'; readonly variable: string; readonly as: 'money'; readonly currency: string }
  | { readonly kind: 'recording'; readonly variable: string }
  | { readonly kind: 'silence'; readonly forMs: number };

/** What is said: in order; `loop` 1-99 times, default 1. */
export type Say = readonly SayItem[];

/** One telephone key. */
export type DigitKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#';

/** What a menu is left by: one key or two. Where one key begins another's two, the shorter is taken when no further key comes in time. */
export type MenuKey = DigitKey | `${DigitKey}${DigitKey}`;

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
  /** Several phones of the configuration (`groups`), all at once or one after the other. */
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'outside'; readonly number: string; readonly trunk?: string }
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'variable'; readonly variable: string; readonly outside?: 'allowed' };

/** A rule about where the caller's number belongs; all given parts must fit. `prefixes` are beginnings of E.164 numbers (`+8610`). */
export interface AreaRule {
  readonly prefixes?: readonly string[];
  readonly province?: string;
  readonly city?: string;
  readonly carrier?: string;
  readonly goTo: NodeRef;
}

/**
 * What all nodes that ask the world outside have in common. The question bears the key `<session>:<visit>`, the same after a restart of the server
 * and for every try. `say` is said meanwhile; the node is left when both are over. `keep`: variable -> field of the answer (for `http` a JSON
 * pointer such as `/customer/name`), at most 1,000 characters each. `masked`: those of them that never become data of the call.
 */
export interface Asking {
  readonly say?: Say;
  /** Bound of one try, 100-60,000; default 5,000 ms. */
  readonly timeoutMs?: number;
  /** Tries in all, 1-5; default 1. */
  readonly tries?: number;
  readonly keep?: Readonly<Record<string, string>>;
  readonly masked?: readonly string[];
  /** No answer in time, an answer that is none, or nobody there to ask. */
  readonly failed: NodeRef;
}

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
      readonly keys: Readonly<Partial<Record<MenuKey, NodeRef>>>;
      /** Rounds of asking, 1-10, default 3. */
      readonly tries?: number;
      /** From the end of the announcement to the first key; default 5,000 ms. */
      readonly timeoutMs?: number;
      /** From a key that begins a longer choice to the next; default 3,000 ms. */
      readonly interDigitMs?: number;
      /** `discard`: keys that were pressed before the node was entered are forgotten. Default: they count. */
      readonly typeAhead?: 'discard';
      /** Said before the n-th repetition after silence; the last one again and again. */
      readonly noInputSay?: readonly Say[];
      /** Said before the n-th repetition after a wrong key. */
      readonly noMatchSay?: readonly Say[];
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
      readonly typeAhead?: 'discard';
      readonly noInputSay?: readonly Say[];
      readonly noMatchSay?: readonly Say[];
      readonly next: NodeRef;
      readonly noInput: NodeRef;
      readonly noMatch: NodeRef;
    }
  | {
      readonly type: 'hours';
      readonly calendar?: string;
      /** IANA name of the zone whose local time counts; default: the site's. */
      readonly zone?: string;
      readonly rules: readonly HoursRule[];
      readonly otherwise: NodeRef;
    }
  /** Branches on a switch of the configuration (`modes`) that operators set by hand, such as day and night. */
  | {
      readonly type: 'mode';
      readonly mode: string;
      readonly ways: Readonly<Record<string, NodeRef>>;
      readonly otherwise: NodeRef;
    }
  /** Branches on where the caller's number belongs: the first rule that fits. Province, city and carrier are asked of the host. */
  | {
      readonly type: 'area';
      readonly rules: readonly AreaRule[];
      readonly otherwise: NodeRef;
      /** Bound of the question; default 2,000 ms; then `otherwise`. */
      readonly timeoutMs?: number;
    }
  /** Branches on the first list of the configuration (`lists`) that holds the caller's number. */
  | {
      readonly type: 'list';
      readonly rules: readonly { readonly list: string; readonly goTo: NodeRef }[];
      readonly otherwise: NodeRef;
    }
  /**
   * Runs a function of the host, `id@version`. `compute` has no effect outside and may run again; `query` gets the key of the visit, that it may do its
   * work once. `pass`: name -> text with `{variables}`. It answers with one of `ways` and values.
   */
  | (Asking & {
      readonly type: 'compute' | 'query';
      readonly function: string;
      readonly pass?: Readonly<Record<string, string>>;
      readonly ways: Readonly<Record<string, NodeRef>>;
    })
  /**
   * Asks an HTTP service that the configuration allows. `{variables}` in `url` are percent-encoded; `{secret.NAME}` in a header is put in by the server alone.
   * `body` becomes a JSON object of texts. The key of the visit goes along as `Idempotency-Key`. `ways`: a status (`200`) or a class (`2xx`).
   */
  | (Asking & {
      readonly type: 'http';
      readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: Readonly<Record<string, string>>;
      readonly ways: Readonly<Record<string, NodeRef>>;
      /** Any other status. */
      readonly otherwise: NodeRef;
    })
  /**
   * Records the caller after a tone until a key of `keys`, `maxMs` or the hang-up; `variable` then names the recording. With `box` it is a message for that
   * box, also when the caller hangs up while it records or later.
   */
  | {
      readonly type: 'record';
      readonly say?: Say;
      readonly variable: string;
      /** 1,000-3,600,000; default 120,000 ms. */
      readonly maxMs?: number;
      /** A shorter one is none; default 1,000 ms. */
      readonly minMs?: number;
      /** Default `#` and `*`. */
      readonly keys?: readonly DigitKey[];
      readonly tone?: 'none';
      readonly box?: string;
      readonly next: NodeRef;
      /** Shorter than `minMs`. */
      readonly empty: NodeRef;
      readonly failed: NodeRef;
    }
  /** Changes the message that `variable` names: throws it away, or notes the number to call back, which another variable holds. */
  | {
      readonly type: 'message';
      readonly variable: string;
      readonly does: 'discard' | 'contact';
      readonly contact?: string;
      readonly next: NodeRef;
    }
  /** Keeps the answer of a survey, from a variable that holds a whole number, with the call's record. */
  | { readonly type: 'score'; readonly survey: string; readonly variable: string; readonly next: NodeRef }
  /** Keeps the wish to be called back, at the caller's own number or the one in `variable`. `refused`: that is no number that may be dialled. */
  | {
      readonly type: 'callback';
      readonly queue: string;
      readonly variable?: string;
      readonly next: NodeRef;
      readonly refused: NodeRef;
    }
  /** Asks for words: records an answer of at most `maxMs` (default 8,000), ended by any key, and has the host's speech service turn it into `variable`: one of `phrases` if there are any. */
  | {
      readonly type: 'listen';
      readonly say: Say;
      readonly variable: string;
      readonly phrases?: readonly string[];
      readonly maxMs?: number;
      readonly timeoutMs?: number;
      readonly tries?: number;
      readonly noInputSay?: readonly Say[];
      readonly noMatchSay?: readonly Say[];
      readonly next: NodeRef;
      readonly noInput: NodeRef;
      readonly noMatch: NodeRef;
      readonly failed: NodeRef;
    }
  /** Has the host's fax service send a document to the caller's own number or the one in `variable`. */
  | (Asking & {
      readonly type: 'fax';
      readonly document: string;
      readonly variable?: string;
      readonly next: NodeRef;
    })
  /**
   * The order desk: rings the phones of a group, all at once and again and again, while the caller hears music, until somebody picks up or
   * `maxMs` (default 600,000) is over.
   */
  | {
      readonly type: 'orderDesk';
      readonly group: string;
      readonly say?: Say;
      readonly maxMs?: number;
      readonly timeout: NodeRef;
      readonly failed: NodeRef;
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

/**
 * One language's form of a prompt: a file of the voice library, the words that it says, or both. Without a file the words go to speech output. The checker
 * reads in the words which keys they announce.
 */
export type IvrPrompt = string | { readonly file?: string; readonly text?: string };

/** What the author promises of a flow; the checker holds the flow to it, and the engine ends a flow that runs longer than `maxMs`. */
export interface IvrBounds {
  /** Longest stay in the flow, without queues, transfers and order desks, ms. */
  readonly maxMs?: number;
  /** Most menus on one way. */
  readonly depth?: number;
  /** `consent`: nothing may be recorded on a way that has not set `recording.consent`. */
  readonly recordingNeeds?: 'consent';
}

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
  /** Key -> language -> file of the voice library, or words. */
  readonly prompts: Readonly<Record<string, Readonly<Record<string, IvrPrompt>>>>;
  readonly bounds?: IvrBounds;
}

/** Days of a site: `YYYY-MM-DD` each. Special working days win over holidays. */
export interface Calendar {
  readonly holidays: readonly string[];
  readonly workdays: readonly string[];
}
