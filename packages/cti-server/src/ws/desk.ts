import type {
  AgentConfig,
  AgentId,
  ClientCommandId,
  Clock,
  EngineInputBody,
  Logger,
  QueueConfig,
  StreamId,
  StreamSnapshot,
  TenantConfig,
} from '@cordboard/cti-core';
import { type MaskClass, ROLE_MASK, strictest } from '@cordboard/cti-protocol';
import type { Identity, Tokens } from '../auth/tokens.js';
import type { StreamHub } from '../streams/hub.js';
import type { Masker } from '../streams/masker.js';
import type { References } from '../streams/references.js';
import type { WsClient } from './client.js';

/** What a client's socket needs of the server. */
export interface Desk {
  readonly tokens: Tokens;
  readonly hub: StreamHub;
  readonly masker: Masker;
  readonly references: References;
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes an input for the engine. */
  readonly submit: (input: EngineInputBody) => void;
  readonly engine: {
    readonly epoch: string;
    readonly nowMs: number;
    readonly isBusy: boolean;
    lastSeq(stream: StreamId): number;
    snapshotOf(stream: StreamId): StreamSnapshot | undefined;
  };
  readonly config: () => TenantConfig;
  /** Remembers who waits for the outcome of a command. */
  readonly awaitOutcome: (client: WsClient, commandId: ClientCommandId) => void;
  /** A socket is gone. */
  readonly closed: (client: WsClient) => void;
  /** Counts something that went in or was refused. */
  readonly count: (what: 'frames' | 'refused' | 'slow' | 'lapsed') => void;
  readonly pingMs: number;
}

/** Which agent a user is: the one that the token names, else, for the role `agent`, the one of the same name. */
export function agentOf(who: Identity): AgentId | undefined {
  if (who.agentId !== undefined) return who.agentId;
  return who.role === 'agent' ? (who.userId as string as AgentId) : undefined;
}

/** What a user may see of numbers: the strictest of role, token and the agent's configuration. */
export function maskClassOf(who: Identity, config: TenantConfig): MaskClass {
  return strictest(
    ROLE_MASK[who.role],
    who.numbers,
    who.role === 'agent' ? agentConfigOf(who, config)?.numbers : undefined,
  );
}

/** The configuration of the agent that a user is. */
export function agentConfigOf(who: Identity, config: TenantConfig): AgentConfig | undefined {
  const id = agentOf(who);
  return id === undefined ? undefined : config.agents.find((agent) => agent.id === id);
}

/** Queues whose names a user is told at the door. */
export function queuesOf(who: Identity, config: TenantConfig): readonly QueueConfig[] {
  if (who.role === 'supervisor' || who.role === 'admin') return config.queues;
  const own = agentConfigOf(who, config)?.queues ?? [];
  return config.queues.filter((queue) => own.includes(queue.id));
}
