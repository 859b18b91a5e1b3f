// The made-up floor of the fan-out bench: who watches what, and what is published.
import type { AgentView, CallView, PublishedEvent, QueueView } from '@cordboard/cti-core';

/** One connected person. */
export interface Person {
  readonly userId: string;
  readonly role: 'agent' | 'supervisor' | 'admin' | 'operator';
  readonly numbers?: 'clear' | 'masked' | 'hidden';
  readonly streams: readonly string[];
}

/** Agents who are connected; a third of them see no numbers. */
export const AGENTS = 380;
/** Queues of the floor. */
export const QUEUES = 8;
/** Events of one turn: calls of so many agents change at once. */
export const EVENTS_A_TURN = 8;

/** 500 people of four roles and three mask classes, each on their own streams. */
export function people(): readonly Person[] {
  const agents = Array.from({ length: AGENTS }, (_, index): Person => {
    const streams = [`agent:a${index}`];
    return { userId: `a${index}`, role: 'agent', streams, ...(index % 3 === 0 ? { numbers: 'masked' } : {}) };
  });
  const supervisors = Array.from({ length: 80 }, (_, index): Person => {
    const streams = ['board', `queue:q${index % QUEUES}`];
    return { userId: `s${index}`, role: 'supervisor', streams, ...(index % 4 === 0 ? { numbers: 'masked' } : {}) };
  });
  const admins = Array.from(
    { length: 20 },
    (_, index): Person => ({ userId: `m${index}`, role: 'admin', streams: ['board'] }),
  );
  const operators = Array.from(
    { length: 20 },
    (_, index): Person => ({ userId: `o${index}`, role: 'operator', streams: ['board'] }),
  );
  return [...agents, ...supervisors, ...admins, ...operators];
}

/** Frames that one turn of {@link EVENTS_A_TURN} events sends, when the agents and queues of a turn differ. */
export function framesATurn(everybody: readonly Person[]): number {
  const boards = everybody.filter(({ streams }) => streams.includes('board')).length;
  const queues = everybody.filter(({ streams }) => streams.some((stream) => stream.startsWith('queue:'))).length;
  return boards + queues + EVENTS_A_TURN;
}

const number = (text: string): CallView['calling'] => ({
  raw: text,
  e164: `+86${text}`,
  display: text,
  presentation: 'allowed',
});

/**
 * The view of one agent's call as it might be in mid-talk. Fields are written out as the engine's views write them: a spread that other
 * fields follow gives each object a shape of its own, and the bench would weigh its own events.
 */
export function callOf(agent: number, turn: number): CallView {
  // A call has some twenty events.
  const call = Math.floor((turn * EVENTS_A_TURN) / AGENTS / 20);
  const caller = number(`139${String(call % 10_000).padStart(4, '0')}${String(agent).padStart(4, '0')}`);
  return {
    callId: `e-c${agent}` as never,
    aliases: [],
    direction: 'inbound',
    calling: caller,
    called: { raw: '4008001000', display: '4008001000', presentation: 'allowed' },
    customer: caller,
    startedWallMs: turn,
    queueId: `q${agent % QUEUES}` as never,
    ivrPath: ['front/start', 'front/pick', 'front/support'],
    data: { language: 'zh', note: 'asked for a copy of the invoice' },
    connections: [
      {
        state: 'connected',
        role: 'party',
        control: 'full',
        sinceMs: turn,
        sinceWallMs: turn,
        connectionId: `main~in-${agent}` as never,
        device: 'main:trunk:carrier' as never,
        party: caller,
        actions: [],
      },
      {
        state: 'connected',
        role: 'party',
        control: 'full',
        sinceMs: turn,
        sinceWallMs: turn,
        connectionId: `main~out-${agent}` as never,
        device: `main:extension:${8000 + agent}` as never,
        party: { raw: String(8000 + agent), display: String(8000 + agent), presentation: 'allowed' },
        agentId: `a${agent}` as never,
        actions: ['clear', 'hold', 'mute', 'sendDigits', 'consult', 'transfer', 'startRecording', 'setData'],
      },
    ],
    recordings: [],
  };
}

/** What a turn publishes: agent's call to the agent, its queue and the board, one and the same event object. */
export function eventsOf(
  turn: number,
): readonly { readonly event: PublishedEvent; readonly streams: readonly string[] }[] {
  return Array.from({ length: EVENTS_A_TURN }, (_, index) => {
    const agent = (turn * EVENTS_A_TURN + index) % AGENTS;
    const event: PublishedEvent = {
      type: 'call',
      change: turn % 2 === 0 ? 'held' : 'retrieved',
      call: callOf(agent, turn),
    };
    return { event, streams: [`agent:a${agent}`, `queue:q${agent % QUEUES}`, 'board'] };
  });
}

/** An agent at rest. */
export function agentView(id: string): AgentView {
  return { agentId: id as never, name: id, state: 'ready', sinceMs: 0, sinceWallMs: 0, queues: [], calls: [] };
}

/** An empty queue. */
export function queueView(id: string): QueueView {
  return { queueId: id as never, name: id, waiting: [], waitingCount: 0, agentsReady: 0, agentsLoggedOn: 0 };
}
