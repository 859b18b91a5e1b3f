import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDeviceId } from './ids.js';

/** The same said by an expression: what a device id is. */
function readSlowly(id: string): ReturnType<typeof parseDeviceId> | object {
  const match = /^([a-z0-9-]{1,32}):(extension|line|trunk|external):(.{1,128})$/su.exec(id);
  return match === null ? undefined : { switchId: match[1], kind: match[2], address: match[3] };
}

const part = fc.oneof(
  fc.constantFrom('main', 'x-1', '', 'Main', 'extension', 'line', 'trunk', 'external', 'a'.repeat(32), 'a'.repeat(33)),
  fc.constantFrom('1'.repeat(128), '1'.repeat(129), '😀'.repeat(64), '😀'.repeat(128), '😀'.repeat(129), '\n', 'a:b'),
  fc.string({ maxLength: 8 }),
);

test('a device id is read as the expression says, whatever text it is', () => {
  const text = fc.oneof(
    fc.tuple(part, part, part).map((parts) => parts.join(':')),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (id) => {
      expect(parseDeviceId(id)).toEqual(readSlowly(id));
    }),
    { numRuns: 3000 },
  );
});
