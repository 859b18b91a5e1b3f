import type { IvrNode, NodeRef, Say } from '@cordboard/cti-core';
import type { SayInput } from './say.js';

/** How a node turns into plain data: asks the flow for names of edges, files and times. */
export interface Scope {
  /** The name that an edge leads to. A node that stands in the place of a name becomes a node of the flow, named after its place. */
  edge(field: string, target: unknown): NodeRef;
  say(input: SayInput): Say;
  ms(field: string, duration: string): number;
  hours(name: string): OfficeHours | undefined;
  /** Refuses the node: `flow.invalid`. */
  refuse(field: string, expected: string): never;
}

/** Opening hours under a name of their own. `open` lists the times; days that the calendar calls holidays are closed, special working days are open at all these times. */
export interface OfficeHours {
  readonly calendar?: string;
  readonly open: readonly OpenTime[];
}

/** One stretch of opening: local times `HH:MM` (`to` may be `24:00`, or earlier than `from`: over midnight), weekdays 1 (Monday) to 7. */
export interface OpenTime {
  readonly from?: string;
  readonly to?: string;
  readonly weekdays?: readonly number[];
  readonly dates?: readonly string[];
}

/** Where the plain node is made. Private: a spec is written with the builders alone. */
export const LOWER: unique symbol = Symbol('cordboard.ivr.lower');
declare const uses: unique symbol;

/** A node of a flow as the author wrote it, whatever it refers to. */
export interface AnySpec {
  readonly [LOWER]: (scope: Scope) => IvrNode;
}

/** What a node refers to; for the compiler alone. */
export interface Uses {
  readonly targets: string;
  readonly prompts: string;
  readonly results: string;
  readonly hours: string;
}

/**
 * A node of a flow as the author wrote it, that refers to `T`argets, `P`rompts and named `H`ours, and may give the `R`esults. Made by a
 * builder, put in its place by `defineIvr`.
 */
export interface NodeSpec<
  T extends string = string,
  P extends string = string,
  R extends string = string,
  H extends string = string,
> extends AnySpec {
  /** Not there at run time. */
  readonly [uses]?: { readonly targets: T; readonly prompts: P; readonly results: R; readonly hours: H };
}

/** The results that a node may give. */
export type ResultsOf<S> = S extends { readonly [uses]?: { readonly results: infer R extends string } } ? R : never;

/** Where an edge may lead: the name of a node, `END`, `RETURN`, `BACK`, or a node written on the spot. */
export type Target<T extends string, P extends string, R extends string, H extends string> = T | NodeSpec<T, P, R, H>;

/** Makes a spec out of the function that lowers it. */
export function spec<T extends string, P extends string, R extends string, H extends string>(
  lower: (scope: Scope) => IvrNode,
): NodeSpec<T, P, R, H> {
  return { [LOWER]: lower };
}

/** Was it made by a builder? */
export function isSpec(value: unknown): value is AnySpec {
  return typeof value === 'object' && value !== null && LOWER in value;
}
