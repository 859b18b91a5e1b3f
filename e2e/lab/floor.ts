import type {
  AgentView,
  CallView,
  Cdr,
  ClientCommand,
  ClientOutcome,
  PopView,
  PublishedEvent,
  QueueView,
  RecordingRecord,
} from '@cordboard/cti-core';
import type { AgentName } from './floor-config.js';
import { PATIENCE_MS, until } from './wait.js';

/** One who commands: an agent at a desk, or the supervisor. Views are what the product published last. */
export interface Desk {
  readonly name: AgentName;
  /** Says a command; resolves with how it settled. */
  command(command: ClientCommand): Promise<ClientOutcome>;
  agent(): AgentView | undefined;
  calls(): readonly CallView[];
  pops(): readonly PopView[];
  /** All that was published to this desk, in order. */
  readonly told: readonly PublishedEvent[];
}

/** A floor of agents on a real switch, however the product is run. */
export interface Floor {
  desk(name: AgentName): Promise<Desk>;
  /** Every call record kept so far, one for each upsert's key. */
  cdrs(): Promise<readonly Cdr[]>;
  recordings(): Promise<readonly RecordingRecord[]>;
  queue(name: string): Promise<QueueView | undefined>;
  liveCalls(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Says a command that must be done.
 * @throws {Error} when it was refused, with the code.
 */
export async function must(desk: Desk, command: ClientCommand): Promise<Extract<ClientOutcome, { callId?: unknown }>> {
  const outcome = await desk.command(command);
  if (outcome.outcome === 'failed') {
    throw new Error(`${desk.name}: ${command.type} failed: ${outcome.code} ${outcome.message}`);
  }
  return outcome;
}

/** Logs an agent on, ready; a call that waits may take them at once. */
export async function goReady(desk: Desk): Promise<void> {
  await must(desk, { type: 'agent.logOn' });
  await must(desk, { type: 'agent.ready' });
}

/** Resolves when an agent has this state. */
export async function isNow(desk: Desk, state: AgentView['state'], withinMs = PATIENCE_MS): Promise<AgentView> {
  return until(() => (desk.agent()?.state === state ? desk.agent() : undefined), {
    what: `${desk.name} to be ${state}`,
    withinMs,
    seen: () => desk.agent(),
  });
}

/**
 * Resolves when the last states that an agent was told to be in are these, in turn. Since all that was told counts, a state that is over
 * before anyone looks is not missed.
 */
export async function cameBy(desk: Desk, ...states: readonly AgentView['state'][]): Promise<void> {
  const last = (): readonly string[] =>
    desk.told
      .flatMap((event) => (event.type === 'agent' && event.agent.agentId === desk.name ? [event.agent.state] : []))
      .filter((state, index, all) => state !== all[index - 1])
      .slice(-states.length);
  await until(() => last().join() === states.join(), {
    what: `${desk.name} to have come by ${states.join(', ')}`,
    seen: last,
  });
}

/** Resolves with the desk's first call that `match` accepts. */
export async function hasCall(
  desk: Desk,
  match: (call: CallView) => boolean,
  options: { readonly what: string; readonly withinMs?: number },
): Promise<CallView> {
  return until(() => desk.calls().find(match), {
    what: `${desk.name} to have ${options.what}`,
    withinMs: options.withinMs ?? PATIENCE_MS,
    seen: () => desk.calls().map(brief),
  });
}

/** The agent's own connection of a call. */
export function own(desk: Desk, call: CallView): CallView['connections'][number] | undefined {
  return call.connections.find((one) => one.agentId === desk.name);
}

/** Resolves with the call in which the desk's own connection has this state. */
export function inState(
  desk: Desk,
  state: CallView['connections'][number]['state'],
  withinMs = PATIENCE_MS,
): Promise<CallView> {
  return hasCall(desk, (call) => own(desk, call)?.state === state, { what: `a call that is ${state}`, withinMs });
}

/** Resolves when the desk is offered to join the consultation of a call with it. */
export function mayJoin(desk: Desk, callId: string): Promise<CallView> {
  return hasCall(
    desk,
    (call) => call.consultOf === callId && own(desk, call)?.actions.includes('conference') === true,
    { what: 'a consultation to join' },
  );
}

/** What a desk was told, in a few words and in its order, the end of it. */
export function toldTo(desk: Desk): string {
  const words = desk.told.flatMap((event): readonly string[] => {
    switch (event.type) {
      case 'agent':
        return event.agent.agentId === desk.name ? [`is ${event.agent.state}`] : [];
      case 'call': {
        const part = own(desk, event.call);
        return [`${event.change} ${event.call.callId.slice(-3)} ${part?.state ?? ''}${part?.pending ?? ''}`.trim()];
      }
      case 'callEnded':
        return [`ended ${event.callId.slice(-3)}`];
      default:
        return [event.type];
    }
  });
  return `${desk.name}: ${words
    .filter((word, at) => word !== words[at - 1])
    .join(', ')
    .slice(-500)}`;
}

/** A call in a few words, for errors. */
export function brief(call: CallView): string {
  const parts = call.connections.map(
    (one) =>
      `${one.agentId ?? one.device.split(':').at(-1) ?? ''} ${one.role} ${one.state} ${one.pending ?? ''} ${one.actions.join(' ')}`,
  );
  return `${call.callId} [${parts.join(', ')}]`;
}

/** Resolves with the one call record there is, when there is one. @throws {Error} when there are more. */
export async function oneCdr(floor: Floor): Promise<Cdr> {
  await until(async () => (await floor.cdrs()).length > 0, { what: 'a call record', everyMs: 50 });
  const all = await floor.cdrs();
  const [first] = all;
  if (first === undefined || all.length !== 1) throw new Error(`${all.length} call records where there must be one`);
  const sum = first.segments.reduce((total, part) => total + part.endMs - part.startMs, 0);
  if (sum !== first.durationMs) throw new Error(`segments add up to ${sum} of ${first.durationMs} ms`);
  for (const [index, part] of first.segments.entries()) {
    if (part.startMs !== (first.segments[index - 1]?.endMs ?? 0)) throw new Error('segments do not follow one another');
  }
  return first;
}
