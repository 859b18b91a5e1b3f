import type { Calendar, DialPlan, FlowId, IvrContext, IvrGraph, MediaRef, NodeRef } from '../contract/index.js';

/** Everything outside of a session that a step may look at. Pure: the same questions give the same answers within one step. */
export interface IvrWorld {
  readonly context: IvrContext;
  /** A flow in the version that is given, else in the one that new calls get; `undefined` when it is not there (any more). */
  readonly graph: (flow: FlowId, version?: string) => IvrGraph | undefined;
  /** Calendars by name, for `hours` nodes. */
  readonly calendars: Readonly<Record<string, Calendar>>;
  /** Numbers by the name of their list, in any form that the dial plan reads; one that ends in `*` is a beginning. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** What operators have set by hand, by the name of the switch: the present values. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Minutes that zones are ahead of UTC now, by IANA name. A zone that is not there has the site's time. */
  readonly zones?: Readonly<Record<string, number>>;
  /** Tells extensions from outside numbers when a variable says where a transfer goes. */
  readonly dialPlan: DialPlan;
  /** What becomes of words that have no file: `none` leaves them out. Default: a `speech` reference, for the site's speech service. */
  readonly speech?: 'none' | ((text: string, language: string) => MediaRef | undefined);
  /**
   * What an edge that is taken leads to, for graphs whose edges hold signs in place of references, so that it shows which one was taken: tests count edges so.
   * Default: the edges are references.
   */
  readonly edge?: (sign: NodeRef) => NodeRef;
}
