/** A list without one member, which stands in it at most once. A new list, in its length: whoever walks the old one goes on over all that it held. */
export function without<T>(list: readonly T[], gone: T): T[] {
  const at = list.indexOf(gone);
  return at < 0 ? [...list] : list.toSpliced(at, 1);
}
