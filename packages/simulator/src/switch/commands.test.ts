import { asId, type CallId, type CommandId, type ConnectionId, deviceId, type SwitchId } from '@cordboard/cti-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refusalOf } from './commands.js';

const switchId = asId<SwitchId>('main');
/** What can stand on the wire as the id of a connection, in other words than the switch has for it. */
const SOUND = /~[A-Za-z0-9.-]{1,64}$/u;

const refused = (connectionId: string) =>
  refusalOf({
    type: 'originate',
    commandId: asId<CommandId>('m1'),
    connectionId: asId<ConnectionId>(connectionId),
    target: { kind: 'device', device: deviceId(switchId, 'extension', '8001') },
    mark: { callId: asId<CallId>('c1') },
    ringTimeoutMs: 20_000,
    boundMs: 5_000,
  });

const pieces = fc.constantFrom(
  '~',
  'main~',
  'a',
  'Z',
  '0',
  '9',
  '.',
  '-',
  '@',
  '[',
  '`',
  '{',
  '/',
  ':',
  '_',
  ' ',
  'é',
  '\n',
);

test('a connection is dialled under an id that can stand on the wire, and under no other', () => {
  for (const n of [0, 1, 64, 65])
    expect(refused(`main~${'x'.repeat(n)}`)).toBe(n === 0 || n > 64 ? 'invalid' : undefined);
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const id = parts.join('');
      expect(refused(id)).toBe(SOUND.test(id) ? undefined : 'invalid');
    }),
    { numRuns: 1_000 },
  );
});
