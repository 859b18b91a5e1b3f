const NONE: readonly never[] = [];

/** A list of nothing: one and the same for all, as most of what a switch keeps lists of has none. */
export function none<T>(): readonly T[] {
  return NONE;
}

/** The list without that member. */
export function without<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 1) return list[0] === item ? NONE : list;
  return list.filter((other) => other !== item);
}
