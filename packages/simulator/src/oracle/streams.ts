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
