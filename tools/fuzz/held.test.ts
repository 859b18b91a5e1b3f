import { expect, it } from 'vitest';
import { heldBytes } from './held.js';

/** So many that the 1.4 MiB are little beside them by which the heap of a process changes though nothing is kept. */
const MANY = 1_000_000;
/** An object of one field and its place in a list take no less. */
const LEAST_BYTES = MANY * 16;

const objects = (): { n: number }[] => Array.from({ length: MANY }, (_, n) => ({ n }));

it('counts what is held, in the heap and beside it, and nothing that nobody holds any more', () => {
  const before = heldBytes();
  let kept: unknown[] | undefined = objects();
  const withObjects = heldBytes();
  expect(withObjects - before).toBeGreaterThan(LEAST_BYTES);
  kept.push(Buffer.alloc(32 << 20));
  expect(heldBytes() - withObjects).toBeGreaterThan(28 << 20);
  kept = undefined;
  objects();
  expect(heldBytes() - before).toBeLessThan(LEAST_BYTES);
});
