import { asId, type CommandId, type ConnectionId, type DriverCommand } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { Scheduler } from '../scheduler.js';
import { Wire } from './wire.js';

const command = (id: string): DriverCommand => ({
  type: 'answer',
  commandId: asId<CommandId>(id),
  connectionId: asId<ConnectionId>('main~1'),
  boundMs: 100,
});

test('each command is answered once, and those that wait when the link breaks in the order in which they came', () => {
  const clock = new Scheduler(0);
  const wire = new Wire(clock, {});
  const heard: string[] = [];
  wire.open(() => undefined);
  wire.connect({ dialMs: 1, askMs: 1 }, () => []);
  clock.runTo(10);
  const hear = (reply: object, { commandId }: DriverCommand): void =>
    void heard.push(`${commandId} ${'code' in reply ? reply.code : 'accepted'}`);
  const [, second] = ['a', 'b', 'c', 'd'].map((id) => wire.expect(command(id), hear));
  wire.expectWithin(command('e'), hear);
  if (second === undefined) throw new Error('five are asked');
  wire.answer(second, { outcome: 'accepted' }, 1);
  wire.answer(second, { outcome: 'accepted' }, 2);
  clock.runTo(20);
  expect(heard).toEqual(['b accepted']);
  clock.runTo(150);
  wire.cut('closed', []);
  expect(heard).toEqual(['b accepted', 'e timeout', 'a linkLost', 'c linkLost', 'd linkLost']);
  clock.runTo(1_000);
  expect([heard.length, wire.unanswered, wire.pendingTimers]).toEqual([5, 0, 0]);
});
