import { type AgentId, type QueueId, type StreamId, streamOf } from '../contract/ids.js';
import type { Run } from './run.js';

/** The stream of everything. */
export const BOARD = streamOf('board');

/** The stream of an agent. The same text each time, not an equal one: what looks it up need not read it again. */
export function agentStream(run: Run, agentId: AgentId): StreamId {
  const { agents } = run.ix.streams;
  const known = agents.get(agentId);
  if (known !== undefined) return known;
  const stream = streamOf('agent', agentId);
  agents.set(agentId, stream);
  return stream;
}

/** The stream of a queue, as {@link agentStream}. */
export function queueStream(run: Run, queueId: QueueId): StreamId {
  const { queues } = run.ix.streams;
  const known = queues.get(queueId);
  if (known !== undefined) return known;
  const stream = streamOf('queue', queueId);
  queues.set(queueId, stream);
  return stream;
}
