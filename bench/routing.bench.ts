import { type AgentId, asId, LongestIdleRouter, type QueueEntryId, type QueueId } from '@cordboard/cti-core';
import { defineBench } from './lib/bench.js';
import { cpuUs, inTurns, resultOf } from './lib/measure.js';
import { pick, randomOf } from './lib/random.js';
import { rounded } from './lib/stats.js';

/** Who is there: ready agents of several queues each, and callers that wait in one. */
interface Crowd {
  readonly agents: number;
  readonly waiting: number;
}

const QUEUES = Array.from({ length: 20 }, (_, index) => asId<QueueId>(`q${index}`));
const QUEUES_EACH = 3;
const agentAt = (index: number): AgentId => asId(`a${index}`);
const entryAt = (index: number): QueueEntryId => asId(`e${index}`);

/** What both contenders do: people come and go, and the next pair is found. */
interface Desk {
  agentIdle(agentId: AgentId, idleSinceMs: number, queues: readonly QueueId[]): void;
  waits(entryId: QueueEntryId, enqueuedMs: number, queue: { readonly queueId: QueueId; readonly n: number }): void;
  /** The caller that an agent who became idle gets, taken out with the agent. */
  take(agentId: AgentId): QueueEntryId | undefined;
}

function routerDesk(): Desk {
  const router = new LongestIdleRouter();
  return {
    agentIdle: (agentId, idleSinceMs, queues) => router.setIdle({ agentId, idleSinceMs, queues }),
    waits: (entryId, enqueuedMs, { queueId, n }) => router.addWaiting({ entryId, queueId, n, priority: 0, enqueuedMs }),
    take: (agentId) => {
      const match = router.matchAgent(agentId);
      if (match === undefined) return undefined;
      router.removeWaiting(match.entryId);
      router.removeAgent(agentId);
      return match.entryId;
    },
  };
}

/** The plain way: a list of callers in order of arrival, looked through for each decision, as many dialplan queues do. */
function scanningDesk(): Desk {
  const agents = new Map<AgentId, readonly QueueId[]>();
  const callers: { readonly entryId: QueueEntryId; readonly queueId: QueueId; readonly enqueuedMs: number }[] = [];
  return {
    agentIdle: (agentId, _, queues) => {
      agents.set(agentId, queues);
    },
    waits: (entryId, enqueuedMs, { queueId }) => {
      callers.push({ entryId, queueId, enqueuedMs });
    },
    take: (agentId) => {
      const queues = agents.get(agentId) ?? [];
      let best = -1;
      for (const [index, caller] of callers.entries()) {
        const leader = callers[best];
        if (queues.includes(caller.queueId) && (leader === undefined || caller.enqueuedMs < leader.enqueuedMs))
          best = index;
      }
      const [taken] = best < 0 ? [] : callers.splice(best, 1);
      agents.delete(agentId);
      return taken?.entryId;
    },
  };
}

/** CPU of one decision with all that it moves: an agent becomes idle, gets a caller, and another caller comes to wait. */
function usPerDecision(makeDesk: () => Desk, crowd: Crowd, decisions: number): number {
  const random = randomOf(7);
  const desk = makeDesk();
  const queuesOf = Array.from({ length: crowd.agents }, () =>
    Array.from({ length: QUEUES_EACH }, () => pick(random, QUEUES)),
  );
  let entries = 0;
  const come = (): void => {
    desk.waits(entryAt(entries), entries, { queueId: pick(random, QUEUES), n: entries });
    entries += 1;
  };
  for (let index = 0; index < crowd.agents; index += 1) desk.agentIdle(agentAt(index), index, queuesOf[index] ?? []);
  for (let index = 0; index < crowd.waiting; index += 1) come();
  let served = 0;
  const before = cpuUs();
  for (let turn = 0; turn < decisions; turn += 1) {
    const index = Math.floor(random() * crowd.agents);
    desk.agentIdle(agentAt(index), crowd.agents + turn, queuesOf[index] ?? []);
    if (desk.take(agentAt(index)) === undefined) continue;
    served += 1;
    desk.agentIdle(agentAt(index), crowd.agents + turn, queuesOf[index] ?? []);
    come();
  }
  const used = cpuUs() - before;
  if (served < decisions / 2) throw new Error(`only ${served} of ${decisions} decisions found a caller`);
  return used / decisions;
}

export default defineBench({
  about:
    'Longest-idle decisions with 1,000 ready agents of 3 in 20 queues and 5,000 waiting callers: CPU of one, beside the same with a tenth of both and beside a scan of all callers',
  async run({ report, smoke }) {
    const full: Crowd = { agents: 1000, waiting: 5000 };
    const tenth: Crowd = { agents: 100, waiting: 500 };
    const count = smoke ? 500 : 200_000;
    const results = await inTurns(
      [
        { name: 'full', measure: async () => usPerDecision(routerDesk, full, count) },
        { name: 'tenth', measure: async () => usPerDecision(routerDesk, tenth, count) },
        { name: 'scan', measure: async () => usPerDecision(scanningDesk, full, Math.ceil(count / 40)) },
        { name: 'scan of a tenth', measure: async () => usPerDecision(scanningDesk, tenth, Math.ceil(count / 40)) },
      ],
      smoke ? { repetitions: 1, warmUps: 0 } : {},
    );
    const us = (name: string): number => rounded(resultOf(results, name).median);
    const [low, high] = resultOf(results, 'full').range;
    const range = [rounded(low), rounded(high)] as const;
    report({
      name: 'routing.decision',
      value: us('full'),
      unit: 'us',
      reference: { name: 'a scan of all callers', value: us('scan') },
      range,
    });
    // A queue holds 250 callers against 25: logarithmic is log(250) / log(25) = 1.72, and more where the larger crowd falls out of
    // the processor's cache. Linear is 10: the scan shows it.
    const least = {
      name: 'a tenth of agents and callers, least of all turns',
      value: rounded(resultOf(results, 'tenth').range[0]),
    };
    report({ name: 'routing.growth', value: rounded(low), unit: 'us', reference: least });
    const scanned = { name: 'a scan of a tenth of all callers', value: us('scan of a tenth') };
    report({ name: 'routing.scan.growth', value: us('scan'), unit: 'us', reference: scanned });
  },
});
