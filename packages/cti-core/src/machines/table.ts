/**
 * What reaches an `ignore` cell: a fault that the simulator plants, a race that its days hold, or a recorded dialogue.
 * The walk tests check the form; the fault days count that each one is reached.
 */
export type ReachedBy = `fault:${string}` | `race:${string}` | `trace:${string}`;

/** A late or repeated report: counted, nothing changes. */
export interface Ignore {
  readonly ignore: ReachedBy;
}

/** A cell: the next state, a late report that is ignored, or `reject`: a caller's mistake or a sign of lost sync. */
export type Cell<S extends string> = S | Ignore | 'reject';

/**
 * A state machine as data: every state has a verdict for every event, or it does not compile.
 * @typeParam S - states; the name `reject` is reserved
 * @typeParam E - events
 */
export interface Machine<S extends string, E extends string> {
  readonly name: string;
  /** Where an instance begins. */
  readonly start: S;
  /** States that nothing leaves. */
  readonly end: readonly S[];
  readonly table: Readonly<Record<S, Readonly<Record<E, Cell<S>>>>>;
}

/** What one step did. `state` is the state afterwards. */
export type Step<S extends string> =
  | { readonly outcome: 'moved'; readonly state: S }
  | { readonly outcome: 'ignored'; readonly state: S }
  | { readonly outcome: 'rejected'; readonly state: S };

/** Marks a cell as ignored and says what reaches it. */
export function ignore(reachedBy: ReachedBy): Ignore {
  return { ignore: reachedBy };
}

/** One step of a machine. Pure. */
export function stepMachine<S extends string, E extends string>(
  machine: Machine<S, E>,
  state: S,
  event: NoInfer<E>,
): Step<S> {
  const cell: Cell<S> = machine.table[state][event];
  if (typeof cell === 'object') return { outcome: 'ignored', state };
  if (cell === 'reject') return { outcome: 'rejected', state };
  return { outcome: 'moved', state: cell as S };
}
