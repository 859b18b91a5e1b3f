import type { ClientCommand } from '@cordboard/cti-core';
import type { ServerFrame } from '@cordboard/cti-protocol';
import { afterEach, expect, test } from 'vitest';
import type { TestClient } from './support/client.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

let floor: Floor | undefined;
afterEach(async () => {
  await floor?.end();
  floor = undefined;
});

/** What a client knows of its agent and its calls after the frames up to `until`. */
function known(frames: readonly ServerFrame[], until: ServerFrame): { agent?: string; calls: Record<string, string> } {
  const calls: Record<string, string> = {};
  let agent: string | undefined;
  for (const frame of frames) {
    if (frame === until) break;
    if (frame.type !== 'events') continue;
    for (const { event } of frame.items) {
      if (event.type === 'agent') agent = event.agent.state;
      if (event.type === 'callEnded') calls[event.callId] = 'ended';
      if (event.type === 'call') {
        const own = event.call.connections.find((one) => one.agentId === 'ann');
        calls[event.call.callId] = own?.state ?? 'none';
      }
    }
  }
  return agent === undefined ? { calls } : { agent, calls };
}

/** Sends a command; gives what its sender knew when its outcome came. */
async function ask(client: TestClient, command: ClientCommand): Promise<ReturnType<typeof known>> {
  const outcome = await client.command(command);
  expect(outcome, JSON.stringify(command)).toMatchObject({ outcome: { outcome: 'done' } });
  return known(client.frames, outcome);
}

test('when an outcome comes, every event of its input has come before', async () => {
  floor = await startFloor();
  const ann = await floor.client('agent');
  await ann.watch('agent:ann');
  expect((await ask(ann, { type: 'agent.logOn' })).agent).toBe('notReady');
  expect((await ask(ann, { type: 'agent.ready' })).agent).toBe('ready');
  expect((await ask(ann, { type: 'agent.notReady', reason: 'break' })).agent).toBe('notReady');
  expect((await ask(ann, { type: 'agent.ready' })).agent).toBe('ready');
  floor.phone.call(CALLER, '4008001000');
  const bridged = await ann.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  const callId = bridged.items.flatMap(({ event }) => (event.type === 'call' ? [event.call.callId] : []))[0];
  if (callId === undefined) throw new Error('no call was offered');
  expect((await ask(ann, { type: 'call.hold', callId })).calls[callId]).toBe('held');
  expect((await ask(ann, { type: 'call.retrieve', callId })).calls[callId]).toBe('connected');
  expect((await ask(ann, { type: 'call.clear', callId })).calls[callId]).toBe('ended');
});
