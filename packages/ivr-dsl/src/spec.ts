import type { IvrNode, NodeRef } from '@cordboard/cti-core';

/** How a node turns into plain data: asks the flow for names of edges and for named hours. */
export interface Scope {
  /** The name that an edge leads to. A node that stands in the place of a name becomes a node of the flow, named after its place. */
  edge(field: string, target: unknown): NodeRef;
  /** The name that a node written at that field has. */
  at(field: string): NodeRef;
  hours(name: string): OfficeHours | undefined;
  /** Refuses the node: `flow.invalid`. */
  refuse(field: string, expected: string): never;
}

/** Opening hours under a name of their own. `open` lists the times; days that the calendar calls holidays are closed, special working days are open at all these times. */
export interface OfficeHours {
  readonly calendar?: string;
  /** IANA name of the zone whose local time counts; default: the site's. */
  readonly zone?: string;
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

/**
 * A node of a flow as the author wrote it. Its edges lead to `T`; `U` is what else it has to do with its flow (`says front.menu`, `reads order`).
 * Made by a builder, put in its place by `defineIvr`.
 */
export interface NodeSpec<T extends string = string, U extends string = string> extends AnySpec {
  /** For the compiler alone: not there at run time. */
  readonly [uses]: { readonly targets: T; readonly uses: U };
}

/** The names that a node's edges lead to. */
export type TargetsOf<S> = S extends { readonly [uses]: { readonly targets: infer T extends string } } ? T : never;
/** What else a node has to do with its flow. */
export type UsesOf<S> = S extends { readonly [uses]: { readonly uses: infer U extends string } } ? U : never;

/** Where an edge may lead: the name of a node, `END`, `RETURN`, `BACK`, or a node written on the spot. */
export type Target<T extends string = string, U extends string = string> = T | NodeSpec<T, U>;

/** Makes a spec out of the function that lowers it. */
export function spec<T extends string, U extends string>(lower: (scope: Scope) => IvrNode): NodeSpec<T, U> {
  const made: AnySpec = { [LOWER]: lower };
  return made as NodeSpec<T, U>;
}

/** Was it made by a builder? */
export function isSpec(value: unknown): value is AnySpec {
  return typeof value === 'object' && value !== null && LOWER in value;
}
