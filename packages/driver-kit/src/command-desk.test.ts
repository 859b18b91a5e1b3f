import {
  asId,
  type CommandId,
  CtiError,
  connectionId,
  type DriverCommand,
  type DriverReply,
} from '@cordboard/cti-core';
import { beforeEach, expect, it } from 'vitest';
import { CommandDesk } from './command-desk.js';
import { ACCEPTED } from './replies.js';
import { SimulatedClock } from './testing/index.js';

const ring: DriverCommand = {
  type: 'ring',
  commandId: asId<CommandId>('k1'),
  connectionId: connectionId(asId('main'), 'a'),
  boundMs: 1_000,
};
let clock: SimulatedClock;
let desk: CommandDesk;
/** What was asked of the wire: its signal, and the two ways to end it. */
let asked: { signal: AbortSignal; answer: (reply: DriverReply) => void; fail: (error: unknown) => void } | undefined;
const carryOut = (_: DriverCommand, signal: AbortSignal): Promise<DriverReply> =>
  new Promise((answer, fail) => {
    asked = { signal, answer, fail };
  });

beforeEach(() => {
  clock = new SimulatedClock(0);
  desk = new CommandDesk({ clock });
  asked = undefined;
});

it('gives the answer of the switch and ends what the command began', async () => {
  const reply = desk.execute(ring, carryOut);
  expect(asked?.signal.aborted).toBe(false);
  asked?.answer(ACCEPTED);
  expect(await reply).toEqual(ACCEPTED);
  expect(asked?.signal.aborted).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});

it('answers within the bound, and an answer after it changes nothing', async () => {
  const reply = desk.execute(ring, carryOut);
  await clock.tick(1_000);
  expect(await reply).toEqual({ outcome: 'refused', code: 'timeout' });
  expect(asked?.signal.aborted).toBe(true);
  asked?.answer(ACCEPTED);
});

it.each([
  ['driver.linkLost', 'linkLost'],
  ['wait.aborted', 'linkLost'],
  ['driver.timeout', 'timeout'],
  ['wire.unsafeValue', 'invalid'],
  ['driver.stopped', 'stopped'],
] as const)('a wire that fails with %s means %s', async (failure, code) => {
  const reply = desk.execute(ring, carryOut);
  asked?.fail(new CtiError(failure, 'the wire failed'));
  expect(await reply).toMatchObject({ outcome: 'refused', code });
});

it('a failure that nobody foresaw is a refusal, and its words stay out', async () => {
  const reply = desk.execute(ring, carryOut);
  asked?.fail(new Error('13900000000'));
  expect(await reply).toEqual({ outcome: 'refused', code: 'rejected', native: 'internal' });
});

it('a lost link answers what is under way, and later commands are carried out again', async () => {
  const reply = desk.execute(ring, carryOut);
  desk.linkLost();
  expect(await reply).toEqual({ outcome: 'refused', code: 'linkLost' });
  const next = desk.execute(ring, carryOut);
  asked?.answer(ACCEPTED);
  expect(await next).toEqual(ACCEPTED);
});

it('after the stop everything is answered `stopped`, and nothing goes to the wire', async () => {
  const reply = desk.execute(ring, carryOut);
  desk.stop();
  desk.stop();
  expect(await reply).toEqual({ outcome: 'refused', code: 'stopped' });
  asked = undefined;
  expect(await desk.execute(ring, carryOut)).toEqual({ outcome: 'refused', code: 'stopped' });
  expect(asked).toBeUndefined();
});
