import type { Calendar, DialPlan, FlowId, IvrContext, IvrGraph, MediaRef } from '../contract/index.js';

/** Everything outside of a session that a step may look at. Pure: the same questions give the same answers within one step. */
export interface IvrWorld {
  readonly context: IvrContext;
  /** A flow in the version that is given, else in the one that new calls get; `undefined` when it is not there (any more). */
  readonly graph: (flow: FlowId, version?: string) => IvrGraph | undefined;
  /** Calendars by name, for `hours` nodes. */
  readonly calendars: Readonly<Record<string, Calendar>>;
  /** Tells extensions from outside numbers when a variable says where a transfer goes. */
  readonly dialPlan: DialPlan;
  /** Turns a text into sound, where the site has a speech service; without one, `text` items are silent. */
  readonly speech?: (text: string, language: string) => MediaRef | undefined;
}
