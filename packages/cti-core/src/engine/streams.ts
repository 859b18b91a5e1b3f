import { type AgentId, type QueueId, type StreamId, streamOf } from '../contract/ids.js';
import type { Run } from './run.js';
import type { Stream } from './state.js';

/** The stream of everything. */
const BOARD = streamOf('board');

/** The stream of everything. Found once, as those of agents and queues: events are numbered without a look-up. */
export function boardStream(run: Run): Stream {
  const { streams } = run.ix;
  streams.board ??= streamNamed(run, BOARD);
  return streams.board;
}

/** The stream of an agent. */
export function agentStream(run: Run, agentId: AgentId): Stream {
  const { agents } = run.ix.streams;
  const known = agents.get(agentId);
  if (known !== undefined) return known;
  const stream = streamNamed(run, streamOf('agent', agentId));
  agents.set(agentId, stream);
  return stream;
}

/** The stream of a queue. */
export function queueStream(run: Run, queueId: QueueId): Stream {
  const { queues } = run.ix.streams;
  const known = queues.get(queueId);
  if (known !== undefined) return known;
  const stream = streamNamed(run, streamOf('queue', queueId));
  queues.set(queueId, stream);
  return stream;
}

function streamNamed(run: Run, id: StreamId): Stream {
  const known = run.s.seqs.get(id);
  if (known !== undefined) return known;
  const stream: Stream = { id, seq: 0 };
  run.s.seqs.set(id, stream);
  return stream;
}
