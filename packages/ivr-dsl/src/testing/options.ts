import type { Calendar, DialPlan, IvrGraph } from '@cordboard/cti-core';
import type { Coverage } from '../coverage.js';
import type { Duration } from '../duration.js';

/**
 * What somebody outside answers to a question of the flow. `after` is how long it takes (default: no time); later than the node's bound of one try
 * is too late. `fails`: an answer that is none, at once. `never`: nobody answers within the bound, in any try. `lost`: the question itself is lost, so
 * that only the flow's own last bound ends the wait.
 */
export type Reply = FunctionReply | HttpReply | 'fails' | 'never' | 'lost';

/** A host function's answer: one of the node's ways, and values by field. */
export interface FunctionReply {
  readonly way: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly after?: Duration;
}

/** An HTTP service's answer. `body` is what its JSON would say. */
export interface HttpReply {
  readonly status: number;
  readonly body?: unknown;
  readonly after?: Duration;
}

/** What a handler in a test is told of one try. */
export interface Asked {
  /** The same for every try and after an outage: `test:<flow>/<node>:<visit>`. */
  readonly key: string;
  /** From 1. */
  readonly attempt: number;
}

/** An HTTP request of a flow, with its variables filled in; `{secret.NAME}` stands as it is. */
export interface HttpAsked extends Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
}

/** Where a number belongs. */
export interface Area {
  readonly province?: string;
  readonly city?: string;
  readonly carrier?: string;
}

/** The world of a flow under test. */
export interface FlowTestOptions {
  /** Local time at the site, `YYYY-MM-DDTHH:MM`; default Monday, `2026-03-02T10:00`. */
  readonly at?: string;
  /** The site's zone by its IANA name, daylight saving included. */
  readonly zone?: string;
  /** Minutes that the site is ahead of UTC, where no `zone` is given; default 480. */
  readonly offsetMin?: number;
  /** The caller's number; default `13900000000`. */
  readonly from?: string;
  /** The number that was called; default `8100`. */
  readonly dialled?: string;
  /** Language tag that the call begins with; default: the flow's first. */
  readonly language?: string;
  /** Flows that this one calls. */
  readonly flows?: readonly IvrGraph[];
  readonly calendars?: Readonly<Record<string, Calendar>>;
  /** Tells extensions from outside numbers; default: China, extensions 8000 to 8999. */
  readonly dialPlan?: DialPlan;
  /** What each switch of the configuration stands at. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Numbers by the name of their list. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** What the host knows of the caller's number; default: it does not know the number. */
  readonly area?: Area | 'never' | 'lost';
  /** Host functions by `id@version`. A handler that throws is an answer that is none. */
  readonly functions?: Readonly<
    Record<
      string,
      FunctionReply | 'fails' | 'never' | 'lost' | ((pass: Readonly<Record<string, string>>, asked: Asked) => Reply)
    >
  >;
  /** The HTTP services. */
  readonly http?: (request: HttpAsked) => Reply;
  /** What becomes of documents to be faxed; default `sent`. */
  readonly fax?: 'sent' | 'fails' | 'never' | 'lost';
  /** How long a prompt lasts; default `3s`. */
  readonly promptLasts?: Duration;
  /** Data that the call already has. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Collects which nodes and edges are gone through. */
  readonly coverage?: Coverage;
}

export const CHINA: DialPlan = {
  countryCode: '86',
  internal: [{ from: '8000', to: '8999' }],
  ownNumbers: [],
  emergency: [],
};
