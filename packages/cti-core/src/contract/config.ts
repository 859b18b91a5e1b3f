import type { AgentId, DeviceId, FlowId, QueueId, SwitchId } from './ids.js';
import type { Calendar, IvrGraph } from './ivr-graph.js';
import type { BlockingWork, WorkKind } from './work.js';

/** Where a call can be sent by a route or an overflow. */
export type RouteTarget =
  | { readonly kind: 'ivr'; readonly flow: FlowId }
  | { readonly kind: 'queue'; readonly queue: QueueId }
  | { readonly kind: 'extension'; readonly number: string }
  | { readonly kind: 'agent'; readonly agent: AgentId }
  | { readonly kind: 'outside'; readonly number: string }
  | { readonly kind: 'hangup' };

/** The site's dial plan (L8): how numbers are read and dialled. */
export interface DialPlan {
  /** Country calling code without `+`, such as `86`. */
  readonly countryCode: string;
  /** Own area code without the trunk zero, such as `10`. */
  readonly areaCode?: string;
  /** Prefix of national numbers; default `0`. */
  readonly nationalPrefix?: string;
  /** Prefix of international numbers; default `00`. */
  readonly internationalPrefix?: string;
  /** Numbers that are extensions, as `from`-`to` of equal length. */
  readonly internal: readonly { readonly from: string; readonly to: string }[];
  /** The site's own outside numbers (never a customer). */
  readonly ownNumbers: readonly string[];
  /** Pass every restriction and are never dialled by a machine's retry (L15). Default 110, 119, 120, 122, 112, 911. */
  readonly emergency: readonly string[];
  /** Digits sent to get an outside line; a comma is a pause of one second. */
  readonly outsidePrefix?: string;
  /** What is dialled with this in front is a code of the speed dial lists (L8), where there is such a code: 1-3 of `0-9*#`. Default: none. */
  readonly speedDialPrefix?: string;
  /** First match wins; `pattern` is a prefix of the dialled number; `strip` digits are cut, `prefix` is put in front. */
  readonly prefixRules?: readonly {
    readonly pattern: string;
    readonly strip?: number;
    readonly prefix?: string;
    readonly trunk?: DeviceId;
  }[];
}

/** An agent as configured. */
export interface AgentConfig {
  readonly id: AgentId;
  readonly name: string;
  /** The seat to use when none is named at log-on. */
  readonly seat?: DeviceId;
  /** Seats where this agent may log on; empty or absent: any extension of a known switch and any configured device but trunks. */
  readonly allowedSeats?: readonly DeviceId[];
  readonly queues: readonly QueueId[];
  /** Ask the phone to answer by itself (A2). */
  readonly answer: 'manual' | 'auto';
  /** `silent`: the phone is asked not to sound when it is called (A2); it may ignore that, and a request to answer by itself goes before. Default `audible`. */
  readonly ring?: 'audible' | 'silent';
  /**
   * What becomes of the agent's connection when everybody else has left a talk (A2). `auto`: it ends. `manual`: it stays, silent, and the agent busy,
   * until the agent, a supervisor or the phone ends it; after-call work begins then. No other call comes to it meanwhile. Default `auto`.
   */
  readonly release?: 'manual' | 'auto';
  readonly record: 'always' | 'never' | 'byQueue';
  /** The agent sees references instead of numbers (L13). */
  readonly numbers: 'clear' | 'masked';
  /** May only dial these, by command and at the configured seat's phone, logged on or not; default `any`. Emergency numbers always. */
  readonly mayDial: 'any' | 'internal' | 'none';
}

/** A queue as configured. All times in ms. */
export interface QueueConfig {
  readonly id: QueueId;
  readonly name: string;
  readonly strategy: 'longestIdle';
  /** How long an agent's phone rings before the next one is tried; 1,000-300,000, default 20,000. */
  readonly ringTimeoutMs: number;
  /** How long a caller waits before the overflow; 0 = for ever; default 0. */
  readonly waitTimeoutMs: number;
  /** Callers that may wait; 0 = no bound. */
  readonly maxWaiting: number;
  readonly overflow: RouteTarget;
  /** After a call: work that ends by itself after so long; 0 = none; default 10,000. */
  readonly afterCallWorkMs: number;
  readonly musicClass?: string;
  readonly record: 'always' | 'never';
  /** A larger number is served first; default 0. */
  readonly priority: number;
  /**
   * Ageing (A5): one step of priority is worth so much waiting, so that nobody is passed for ever. A caller of priority 1 is served before one of priority 0 who
   * has waited for less than this longer. 1,000-86,400,000; default: priority goes before any waiting.
   */
  readonly ageingMs?: number;
  /**
   * An agent whose phone rang out: not ready with reason `ringNoAnswer`, or stays ready. Default `notReady`. A phone that could not be rung rests instead: 1,000 ms,
   * doubled each time in a row, at most 30,000.
   */
  readonly ringNoAnswer: 'notReady' | 'ready';
  /** Not-ready reasons that this queue routes to all the same (A1). */
  readonly routesToReasons: readonly string[];
  /** The kind of work that this queue gives: agents get it who are ready for that kind (A1). Default `inbound`. */
  readonly work?: WorkKind;
  /** Work that keeps this queue's callers away from an agent who is ready (A1). Default: all of {@link BlockingWork}. */
  readonly blockedBy?: readonly BlockingWork[];
  /** The flow that the caller is put into when the agent has hung up (R7); default: none. */
  readonly survey?: FlowId;
  /** URL template of the screen pop (S2), with `{caller.number}`, `{queue.name}`, `{call.id}`, `{ivr.path}` and so on. See {@link PopConfig}. */
  readonly popUrl?: string;
  readonly popAt: 'alerting' | 'connected';
}

/** An inbound route (L2); the first enabled one that fits the dialled number. */
export interface RouteConfig {
  readonly id: string;
  /**
   * The dialled number in any form that the dial plan reads (E.164, national, local), or a prefix ending in `*`. Prefixes take calls
   * from outside alone: what a phone dials is an extension or an outside number, unless a route names exactly that number.
   */
  readonly number: string;
  readonly switchId?: SwitchId;
  readonly to: RouteTarget;
  /**
   * Whose screen pops as soon as the call comes, whatever becomes of it (an IVR, a queue): an agent, or who is logged on at an extension. They see the call until it is over.
   * Default: nobody's but those whose phone rings.
   */
  readonly popTo?:
    | { readonly kind: 'agent'; readonly agent: AgentId }
    | { readonly kind: 'extension'; readonly number: string };
  readonly enabled: 'enabled' | 'paused';
  /** Calls at once; 0 = no bound. One more is refused with `busy`. */
  readonly maxConcurrent: number;
  readonly priority: number;
  readonly note: string;
}

/**
 * The screen pop where neither the agent's device nor the queue says another (S2). Each of `url` and `at` is looked for at the device where
 * the agent sits, then at the queue, then here.
 */
export interface PopConfig {
  readonly url?: string;
  /** For callers whom the directory does not know, whatever the device or the queue says. */
  readonly createUrl?: string;
  /** For calls of no queue. Default `alerting`. */
  readonly at?: 'alerting' | 'connected';
}

/** A number under a short code (L8): of the site, or of one agent, whose own codes go before the site's. */
export interface SpeedDialConfig {
  /** The code alone, or `<agent>/<code>`. */
  readonly id: string;
  /** 1-8 of `0-9*#`. */
  readonly code: string;
  readonly agent?: AgentId;
  /** As a person would dial it: the rules for who may dial what hold. */
  readonly number: string;
  readonly name: string;
}

/** A device as configured. Devices that are not configured are met when a switch names them. */
export interface DeviceConfig {
  readonly id: DeviceId;
  readonly label: string;
  /** A fixed or mobile number at which an agent sits (A3, L9): dialled through this trunk. */
  readonly dial?: { readonly trunk: DeviceId; readonly number: string };
  /** URL template of the screen pop for who sits here, before the queue's (S2). */
  readonly popUrl?: string;
  readonly popAt?: 'alerting' | 'connected';
}

/** Recording rules (R1); the first that fits decides, else the agent's and the queue's. */
export interface RecordingRules {
  /** Compared as the dial plan reads them: any written form of a number will do. */
  readonly neverNumbers: readonly string[];
  readonly format: 'wav' | 'ulaw' | 'wav49';
  readonly tracks: 'mixed' | 'separate';
  /** The legal basis that is kept with each recording, such as `consentAnnounced`. */
  readonly basis: string;
  readonly announcement?: string;
  /** Days until a recording may be removed. */
  readonly retentionDays: number;
}

/**
 * Who is let through (L12): names of lists of {@link TenantConfig.lists}. Emergency numbers pass each of these.
 * Callers on a `refuse` list are refused before any route, and written down (outcome `blocked`). Callers on a `favour` list have that priority in every queue instead
 * of the route's. With `outbound`, outside numbers that are on none of those lists cannot be dialled (`call.blocked`).
 */
export interface FirewallConfig {
  readonly refuse?: readonly string[];
  readonly favour?: readonly { readonly list: string; readonly priority: number }[];
  readonly outbound?: readonly string[];
}

/** Phones that a flow rings as one (V4, V12). `inOrder`: one after the other, each for the ring time. */
export interface GroupConfig {
  /** Extension numbers of the dial plan, 1-32. */
  readonly members: readonly string[];
  readonly ring: 'all' | 'inOrder';
}

/** A switch that operators set by hand (V5), such as day and night. */
export interface ModeConfig {
  readonly values: readonly string[];
  /** Holds until somebody sets another; that outlives restarts. */
  readonly initial: string;
}

/** All that the engine must know of one tenant. An input like any other; calls under way keep what they started with. */
export interface TenantConfig {
  readonly tenant: string;
  readonly dialPlan: DialPlan;
  readonly switches: readonly {
    readonly id: SwitchId;
    readonly defaultTrunk?: DeviceId;
    readonly callerNumber?: string;
    /** Extensions of a PBX behind the lines of a `line` switch (V13), as `from`-`to` of equal length: reached by a flash on the line's call, or dialled without the outside prefix. */
    readonly behind?: readonly { readonly from: string; readonly to: string }[];
  }[];
  /** Default: nobody is refused, everybody has the route's priority, every number may be dialled. */
  readonly firewall?: FirewallConfig;
  readonly devices: readonly DeviceConfig[];
  /** What phones may dial at which nobody is logged on and which are no agent's seat; default `internal`. Emergency numbers always. */
  readonly phones?: { readonly mayDial: AgentConfig['mayDial'] };
  readonly agents: readonly AgentConfig[];
  readonly queues: readonly QueueConfig[];
  readonly routes: readonly RouteConfig[];
  readonly flows: readonly IvrGraph[];
  readonly calendars: Readonly<Record<string, Calendar>>;
  readonly groups?: Readonly<Record<string, GroupConfig>>;
  readonly modes?: Readonly<Record<string, ModeConfig>>;
  /** Numbers by the name of their list (V6), in any form that the dial plan reads; one that ends in `*` is a beginning. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly recording: RecordingRules;
  readonly notReadyReasons: readonly string[];
  /** What a call can be filed under, by hand, while it goes on or afterwards. Default: nothing. */
  readonly callCategories?: readonly string[];
  /** Default: no pop of the site's. */
  readonly pop?: PopConfig;
  readonly speedDial?: readonly SpeedDialConfig[];
  readonly timers: EngineTimers;
}

/** Bounds of the engine, in ms. */
export interface EngineTimers {
  /** A driver command's bound; default 5,000. */
  readonly commandMs: number;
  /** How long a request waits for the switch's confirmation; default 10,000. */
  readonly confirmMs: number;
  /** An agent's page may be silent for so long before it is not ready (`connectionLost`); default 30,000. */
  readonly clientLeaseMs: number;
  /** A claimed pop must be acknowledged within this; default 2,000. */
  readonly popClaimMs: number;
  /** Ring bound of calls that agents make; default 60,000. */
  readonly ringMs: number;
  /** A call longer than this is ended (cause `failure`): guards against calls that nobody ends; 0 = no bound; default 14,400,000. */
  readonly maxCallMs: number;
}
