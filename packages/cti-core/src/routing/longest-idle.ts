import type { AgentId, QueueEntryId, QueueId } from '../contract/ids.js';
import { TurnoverMap } from '../turnover-map.js';
import { RankedSet } from './ranked-set.js';

/** An agent that may be given work: `idleSinceMs` is when the last work ended or readiness began. */
export interface IdleAgent {
  readonly agentId: AgentId;
  readonly idleSinceMs: number;
  readonly queues: readonly QueueId[];
}

/** A caller that waits. `n` breaks ties: the order of arrival. `returned`: came back from a failed transfer, before all others. */
export interface WaitingEntry {
  readonly entryId: QueueEntryId;
  readonly queueId: QueueId;
  readonly n: number;
  readonly priority: number;
  readonly enqueuedMs: number;
  /** What a step of priority is worth in waiting; absent: more than any. */
  readonly ageingMs?: number;
  readonly returned?: 'returned';
}

/** An entry and the agent that gets it. */
export interface Match {
  readonly entryId: QueueEntryId;
  readonly agentId: AgentId;
}

/** Agents: the longest idle first, then by id. */
export function idleBefore(a: IdleAgent, b: IdleAgent): boolean {
  return a.idleSinceMs !== b.idleSinceMs ? a.idleSinceMs < b.idleSinceMs : a.agentId < b.agentId;
}

/**
 * Callers: returned ones, then the larger priority, then the longer wait, then the earlier arrival. With ageing, priority counts as waiting: an order that time
 * does not change, so that nobody has to be moved as they wait.
 */
export function waitsBefore(a: WaitingEntry, b: WaitingEntry): boolean {
  if (a.returned !== b.returned) return a.returned !== undefined;
  if (a.ageingMs !== undefined && a.ageingMs === b.ageingMs) {
    const [first, second] = [a.enqueuedMs - a.priority * a.ageingMs, b.enqueuedMs - b.priority * b.ageingMs];
    if (first !== second) return first < second;
  }
  if (a.priority !== b.priority) return a.priority > b.priority;
  return a.enqueuedMs !== b.enqueuedMs ? a.enqueuedMs < b.enqueuedMs : a.n < b.n;
}

interface Lane {
  readonly idle: RankedSet<IdleAgent>;
  readonly waiting: RankedSet<WaitingEntry>;
}

/**
 * Who gets whom, by longest idle. Changes cost O(log n) per queue of the agent; a decision O(queues of the agent).
 * Holds only what is free: an entry on offer and an agent with work are taken out by the caller.
 */
export class LongestIdleRouter {
  private readonly lanes = new Map<QueueId, Lane>();
  private readonly agents = new TurnoverMap<AgentId, IdleAgent>();
  private readonly entries = new TurnoverMap<QueueEntryId, WaitingEntry>();

  /** Puts an agent in (or moves it) with the queues that may be served now. */
  setIdle(agent: IdleAgent): void {
    const known = this.agents.get(agent.agentId);
    if (known !== undefined && known.idleSinceMs === agent.idleSinceMs && known.queues === agent.queues) return;
    this.removeAgent(agent.agentId);
    this.agents.set(agent.agentId, agent);
    for (const queue of agent.queues) this.lane(queue).idle.add(agent);
  }

  /** Takes an agent out: work came, or readiness went. */
  removeAgent(agentId: AgentId): void {
    const agent = this.agents.get(agentId);
    if (agent === undefined) return;
    this.agents.delete(agentId);
    for (const queue of agent.queues) this.lane(queue).idle.delete(agentId);
  }

  /** Puts a waiting caller in. */
  addWaiting(entry: WaitingEntry): void {
    this.removeWaiting(entry.entryId);
    this.entries.set(entry.entryId, entry);
    this.lane(entry.queueId).waiting.add(entry);
  }

  /** Takes a waiting caller out. */
  removeWaiting(entryId: QueueEntryId): void {
    const entry = this.entries.get(entryId);
    if (entry === undefined) return;
    this.entries.delete(entryId);
    this.lane(entry.queueId).waiting.delete(entryId);
  }

  /** The agent that is next for a queue, and the caller that is next in it; `undefined` when either is missing. */
  matchQueue(queueId: QueueId): Match | undefined {
    const lane = this.lanes.get(queueId);
    const entry = lane?.waiting.first();
    const agent = lane?.idle.first();
    return entry === undefined || agent === undefined ? undefined : { entryId: entry.entryId, agentId: agent.agentId };
  }

  /** The best waiting caller over all queues of one idle agent. */
  matchAgent(agentId: AgentId): Match | undefined {
    const agent = this.agents.get(agentId);
    let best: WaitingEntry | undefined;
    for (const queue of agent?.queues ?? []) {
      const head = this.lanes.get(queue)?.waiting.first();
      if (head !== undefined && (best === undefined || waitsBefore(head, best))) best = head;
    }
    return best === undefined ? undefined : { entryId: best.entryId, agentId };
  }

  /** The first `count` callers of a queue in the order in which they are served. */
  firstWaiting(queueId: QueueId, count: number): readonly WaitingEntry[] {
    return this.lanes.get(queueId)?.waiting.take(count) ?? [];
  }

  /** Callers that wait in a queue and are not on offer. */
  waitingCount(queueId: QueueId): number {
    return this.lanes.get(queueId)?.waiting.size ?? 0;
  }

  /** Agents that a queue could give work to now. */
  idleCount(queueId: QueueId): number {
    return this.lanes.get(queueId)?.idle.size ?? 0;
  }

  private lane(queueId: QueueId): Lane {
    let lane = this.lanes.get(queueId);
    if (lane === undefined) {
      lane = {
        idle: new RankedSet<IdleAgent>((agent) => agent.agentId, idleBefore),
        waiting: new RankedSet<WaitingEntry>((entry) => entry.entryId, waitsBefore),
      };
      this.lanes.set(queueId, lane);
    }
    return lane;
  }
}
