import { type AgentId, asId, type QueueId, restoreEngine } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { FLOOR_NUMBER, type FloorAgent, type FloorCaller, type VirtualFloor, virtualFloor } from '../src/index.js';

interface Scene {
  readonly floor: VirtualFloor;
  readonly ann: FloorAgent;
  readonly caller: FloorCaller;
}

const giveOnCall = (
  scene: Scene,
  make: (callId: NonNullable<FloorCaller['callId']>) => Parameters<FloorAgent['give']>[0],
): void => {
  const { callId } = scene.caller;
  if (callId !== undefined) scene.ann.give(make(callId));
};

/** What people, phones, operators and cables do to one call of a queue. */
const ACTS: Readonly<Record<string, (scene: Scene) => void>> = {
  'the caller hangs up': ({ floor, caller }) => void (caller.leg !== undefined && floor.pbx.hangUp(caller.leg)),
  'the agent hangs up': ({ ann }) => void ann.clear(),
  'the phone is put down': ({ ann }) => void ann.hangsUp(),
  'the agent transfers to a colleague': ({ ann }) => void ann.transfer('agent:bob'),
  'the agent transfers to nobody': ({ ann }) => void ann.transfer('8099'),
  'the agent transfers to the queue': ({ ann }) => void ann.transfer('queue:a'),
  'the agent consults': ({ ann }) => void ann.consult('agent:bob'),
  'the agent completes': ({ ann }) => void ann.completeTransfer(),
  'the agent holds': ({ ann }) => void ann.hold(),
  'the agent adds a colleague': (scene) =>
    giveOnCall(scene, (callId) => ({ type: 'call.addParty', callId, to: '8002' })),
  'the phone holds': ({ floor, ann }) => {
    for (const leg of ann.phone.legs) if (leg.state === 'connected') floor.pbx.phoneHold(leg, 'hold');
  },
  'the phone transfers': ({ floor, ann }) => {
    for (const leg of ann.phone.legs) if (leg.state === 'connected') floor.pbx.phoneTransfer(leg, '8002');
  },
  'a recording begins': (scene) => giveOnCall(scene, (callId) => ({ type: 'call.record', callId, mode: 'start' })),
  'the agent logs off': ({ ann }) => void ann.give({ type: 'agent.logOff' }),
  'the agent will not be disturbed': ({ ann }) => void ann.give({ type: 'agent.doNotDisturb', mode: 'on' }),
  'the page falls silent': ({ ann }) => void ann.goesSilent().isOnline('offline'),
  'the supervisor releases': (scene) => {
    const { callId } = scene.caller;
    if (callId !== undefined) scene.floor.supervisor('sue', '8050').give({ type: 'supervise.forceRelease', callId });
  },
  'the link is cut': ({ floor }) => floor.pbx.cutLink(800),
  'the server crashes': ({ floor }) => floor.host.crashAfterNextInput(600),
  'the server drains': ({ floor }) => floor.host.input({ kind: 'drain', mode: 'start' }),
  'the queue is taken away': ({ floor }) => {
    const config = floor.config;
    floor.use({
      ...config,
      queues: config.queues.filter(({ id }) => id !== 'a'),
      agents: config.agents.map((agent) => ({ ...agent, queues: agent.queues.filter((id) => id !== 'a') })),
      routes: config.routes.map((route) => ({ ...route, to: { kind: 'queue', queue: asId<QueueId>('b') } })),
    });
  },
};

/** After these the caller may be gone: somebody ended the call, or there is no queue to wait in any more. */
const ENDS: ReadonlySet<string> = new Set([
  'the caller hangs up',
  'the agent hangs up',
  'the phone is put down',
  'the supervisor releases',
  'the queue is taken away',
]);

/** A call in the moment in which ann's phone rings, is being lifted, or both talk. */
const MOMENTS = { ringing: 1_200, lifted: 2_000, talking: 6_000 } as const;

function scene(seed: number, untilMs: number): Scene {
  const floor = virtualFloor({
    seed,
    queues: {
      a: { agents: ['ann', 'bob'], record: 'always', ringTimeoutMs: 8_000 },
      b: { agents: ['bob'] },
    },
    spareSeats: ['8050'],
  });
  floor.open();
  const ann = floor.agent('ann').ready().answers({ after: 900 });
  floor.run(1_000);
  const caller = floor.caller('+8613900000001').dials(FLOOR_NUMBER).givesUp({ after: 120_000 });
  floor.run(500);
  floor.agent('bob').ready().answers({ after: 700 });
  floor.run(untilMs - 500);
  return { floor, ann, caller };
}

describe('two things at once', () => {
  for (const [moment, atMs] of Object.entries(MOMENTS)) {
    it.each(Object.keys(ACTS))(`lose nobody while a call is ${moment}: %s`, (first) => {
      for (const second of Object.keys(ACTS)) {
        for (const gapMs of [0, 3]) {
          const name = `${first}, ${gapMs} ms later ${second}`;
          const stage = scene(7 + gapMs, atMs);
          const { floor, caller } = stage;
          ACTS[first]?.(stage);
          if (gapMs > 0) floor.run(gapMs);
          ACTS[second]?.(stage);
          // Longer than what the oracle allows for anybody to be stranded.
          floor.run(50_000);
          if (!ENDS.has(first) && !ENDS.has(second)) expect(caller.ended(), `${name}: the caller is gone`).toBe(false);
          if (caller.leg !== undefined && !caller.ended()) floor.pbx.hangUp(caller.leg);
          floor.run(1_000);
          for (const id of ['ann', 'bob']) floor.agent(id).hangsUp();
          floor.run(70_000);
          expect(floor.oracle.violations, name).toEqual([]);
          const dump = floor.host.engine.dump();
          expect(restoreEngine(dump).dump() === dump, name).toBe(true);
          expect(floor.host.engine.agent(asId<AgentId>('ann'))?.calls, name).toEqual([]);
        }
      }
    });
  }
});
