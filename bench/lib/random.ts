export { randomOf } from '../../tools/lib/random.js';

/** One member of a list. @throws {Error} when the list is empty */
export function pick<T>(random: () => number, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}
