import { BACK as back, END as end, RETURN as toCaller } from '@cordboard/cti-core';

// Typed by name, so that their types do not widen to `string` where a node is written inside of another.

/** Ends the call. */
export const END: typeof end = end;
/** Ends a sub-flow without a result: the flow that called it goes on at `otherwise`. */
export const RETURN: typeof toCaller = toCaller;
/** Leads back to the menu that led here, or to the start of the flow. */
export const BACK: typeof back = back;
