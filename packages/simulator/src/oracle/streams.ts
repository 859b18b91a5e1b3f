import type { EngineEffect, EngineInput, StreamId } from '@cordboard/cti-core';
import type { Check, CheckContext } from './check.js';

/** A command that stays unsettled for so long is forgotten: ring bound of a call plus confirmation, with room. */
const SETTLE_BOUND_MS = 150_000;

/** So long after the last trouble the switch confirms what it is asked. */
const CALM_MS = 90_000;

/** What clients get: streams without gap, outcomes once. */
export function clientChecks(context: CheckContext): Check {
  const seqs = new Map<StreamId, number>();
  const open = new Map<string, { readonly sinceMs: number; readonly type: string }>();
  const settled = new Set<string>();
  const ended = new Set<string>();
  /** Calls whose end the board was told, and what is on the screens of agents, by stream. */
  const over = new Set<string>();
  const screens = new Map<string, Set<string>>();

  /** One event of a stream after the other, as its client takes them. */
  function show({ stream, event }: Extract<EngineEffect, { kind: 'publish' }>): void {
    if (event.type !== 'call' && event.type !== 'callEnded') return;
    const callId = event.type === 'call' ? event.call.callId : event.callId;
    if (over.has(callId))
      context.fail('told-in-order', `${event.type} on ${stream} after the board was told of the end`);
    if (stream === 'board' && event.type === 'callEnded') over.add(callId);
    if (!stream.startsWith('agent:')) return;
    const screen = screens.get(stream) ?? new Set();
    screens.set(stream, screen);
    if (event.type === 'call') screen.add(callId);
    else screen.delete(callId);
  }

  /** Does everybody who has a part in a call that changed have it on the screen? */
  function checkScreens(effects: readonly EngineEffect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'publish' || effect.stream !== 'board' || effect.event.type !== 'call') continue;
      const { callId, connections } = effect.event.call;
      for (const { agentId } of over.has(callId) ? [] : connections) {
        if (agentId === undefined || screens.get(`agent:${agentId}`)?.has(callId) === true) continue;
        context.fail('told-in-order', 'an agent has a part in a call and was told that it is over');
      }
    }
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      if (input.kind === 'client') {
        const key = `${input.actor.userId}/${input.commandId}`;
        if (!settled.has(key)) open.set(key, { sinceMs: input.atMs, type: input.command.type });
      }
      for (const effect of effects) {
        if (effect.kind === 'publish') {
          const expected = (seqs.get(effect.stream) ?? 0) + 1;
          if (effect.seq !== expected)
            context.fail('stream-contiguous', `${effect.stream} has ${effect.seq} after ${expected - 1}`);
          seqs.set(effect.stream, effect.seq);
          show(effect);
          const { event } = effect;
          if (event.type === 'callEnded' && event.stillLives === undefined) ended.add(event.callId);
          if (event.type === 'pop' && event.pop.state === 'offered' && ended.has(event.pop.callId)) {
            context.fail('pop-alive', `pop ${event.pop.popId} of ended call ${event.pop.callId}`);
          }
        }
        if (effect.kind === 'outcome') {
          const key = `${effect.userId}/${effect.commandId}`;
          if (settled.has(key) && !open.has(key)) context.fail('settles-once', `${key} settled twice`);
          const isCalm = context.upSinceMs() !== undefined && context.nowMs() - context.troubleMs() > CALM_MS;
          if (isCalm && effect.outcome.outcome === 'failed' && effect.outcome.code === 'driver.timeout') {
            context.fail('settles-once', `${open.get(key)?.type} timed out although nothing was wrong`);
          }
          if (!open.delete(key) && !settled.has(key))
            context.fail('settles-once', `${key} settled and was never asked`);
          settled.add(key);
        }
      }
      checkScreens(effects);
    },
    tick(): void {
      for (const [key, { sinceMs, type }] of open) {
        if (context.nowMs() - sinceMs < SETTLE_BOUND_MS) return;
        open.delete(key);
        context.fail('settles-once', `${type} was never settled`);
      }
    },
    end(): void {
      for (const { type } of open.values()) context.fail('settles-once', `${type} was never settled`);
    },
  };
}
