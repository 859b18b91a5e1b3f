/** An option's value, if it lies in its range. @throws {TypeError} otherwise */
export function inRange(name: string, value: number, [low, high]: readonly [number, number]): number {
  if (!(value >= low && value <= high)) throw new TypeError(`${name} must be ${low} to ${high}`);
  return value;
}
