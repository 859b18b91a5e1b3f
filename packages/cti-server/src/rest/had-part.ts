import type { AgentId, Cdr } from '@cordboard/cti-core';

/** Did this agent talk in the call, dial it or miss it? Its record is theirs to see then. */
export function hadPart({ agents, madeBy, missedBy }: Cdr, agentId: AgentId): boolean {
  return agents.includes(agentId) || madeBy === agentId || missedBy?.includes(agentId) === true;
}
