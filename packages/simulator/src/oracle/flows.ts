import type {
  DriverCommand,
  EngineEffect,
  EngineInput,
  IvrNode,
  Lookup,
  MessageRecord,
  RecordingRecord,
  TenantConfig,
} from '@cordboard/cti-core';
import type { Leg } from '../switch/model.js';
import type { Check, CheckContext } from './check.js';
import type { Board } from './views.js';

/** How long something may be so while the link is up: a command's bound and its confirmation, twice, with room. */
const SETTLED_MS = 40_000;
/** So long after the last trouble it must be prompt. */
const CALM_MS = 60_000;
const PROMPT_MS = 6_000;
/** A flow waits for an answer for so long beyond all tries. */
const GRACE_MS = 5_000;

interface Question {
  readonly callId: string;
  readonly key: string;
  readonly text: string;
  readonly askedMs: number;
  readonly boundMs: number;
  /** Of before a crash: its answer means nothing any more. */
  isVoid?: 'void';
}

/** What flows ask, record and ring: nobody is asked twice, no message is lost, one of a group gets the caller. */
export function flowChecks(context: CheckContext, board: Board): Check {
  const { pbx } = context;
  let config: TenantConfig | undefined;
  const open = new Map<string, Question>();
  /** The last question of each call that nobody has answered, and all keys that were answered. */
  const lastOf = new Map<string, Question>();
  const answered = new Set<string>();
  const keys = new Set<string>();
  /** Recordings of flows that are messages: the shortest length. */
  const boxed = new Map<string, number>();
  /** When the longest time of a recording is over. */
  const overMs = new Map<string, number>();
  const recordings = new Map<string, RecordingRecord>();
  const messages = new Map<string, MessageRecord>();
  /** Connections that a group of a flow rings: its call. */
  const rung = new Map<string, string>();
  const wrongSinceMs = new Map<string, number>();

  /** The node that a call's flow entered last. */
  function nodeOf(callId: string): IvrNode | undefined {
    const place = board.calls.get(callId)?.ivrPath.at(-1) ?? '';
    const slash = place.indexOf('/');
    return config?.flows.find(({ id }) => id === place.slice(0, slash))?.nodes[place.slice(slash + 1)];
  }

  function callIn(connectionId: string): string | undefined {
    for (const call of board.calls.values())
      if (call.connections.some((one) => one.connectionId === connectionId)) return call.callId;
    return undefined;
  }

  function takeQuestion(lookupId: string, lookup: Extract<Lookup, { type: 'ivr' }>, input: EngineInput): void {
    const { callId, key, question, timeoutMs, tries } = lookup;
    const isAgain = input.kind === 'driver' && input.event.type === 'linkSynced';
    const text = JSON.stringify(question);
    const last = lastOf.get(callId);
    if (isAgain && last?.text === text && last.key !== key)
      context.fail('asked-once', 'a question is asked under another key after an outage');
    if (answered.has(key)) context.fail('asked-once', 'what was answered is asked again');
    else if (!isAgain && keys.has(key)) context.fail('asked-once', 'another visit asks under the same key');
    keys.add(key);
    const asked = { callId, key, text, askedMs: input.atMs, boundMs: timeoutMs * tries + GRACE_MS };
    open.set(lookupId, asked);
    lastOf.set(callId, asked);
  }

  function takeAnswer(input: Extract<EngineInput, { kind: 'lookup' }>, effects: readonly EngineEffect[]): void {
    const question = open.get(input.lookupId);
    if (question === undefined) return;
    open.delete(input.lookupId);
    const { askedMs, boundMs, callId, key } = question;
    const sinceMs = context.upSinceMs();
    // The bound begins anew when the node is entered again, under the same question.
    const isLate = sinceMs !== undefined && sinceMs < askedMs && input.atMs - askedMs > boundMs;
    if (question.isVoid !== undefined || isLate) {
      if (effects.length > 0) context.fail('late-answer', 'an answer that nobody waits for any more is taken');
      return;
    }
    answered.add(key);
    if (lastOf.get(callId) === question) lastOf.delete(callId);
  }

  function takeCommand(command: DriverCommand, input: EngineInput): void {
    if (command.type === 'record') {
      const callId = callIn(command.connectionId);
      const node = callId === undefined ? undefined : nodeOf(callId);
      if (node?.type !== 'record') return;
      if (node.box !== undefined) boxed.set(command.recordingId, node.minMs ?? 1_000);
      overMs.set(command.recordingId, input.atMs + (node.maxMs ?? 120_000));
    }
    // What an agent dials into the call is no ringing of the flow's.
    if (command.type !== 'originate' || input.kind === 'client') return;
    const { callId } = command.mark;
    const node = nodeOf(callId);
    const rings = node?.type === 'orderDesk' || (node?.type === 'transfer' && node.to.kind === 'group');
    if (rings) rung.set(command.connectionId, callId);
  }

  function lastsTooLong(key: string, verdict: { readonly isWrong: boolean }): boolean {
    const upSinceMs = context.upSinceMs();
    const nowMs = context.nowMs();
    if (!verdict.isWrong || upSinceMs === undefined) {
      wrongSinceMs.delete(key);
      return false;
    }
    const sinceMs = Math.max(wrongSinceMs.get(key) ?? nowMs, upSinceMs);
    wrongSinceMs.set(key, sinceMs);
    if (nowMs - sinceMs <= (nowMs - context.troubleMs() > CALM_MS ? PROMPT_MS : SETTLED_MS)) return false;
    wrongSinceMs.set(key, nowMs + 600_000);
    return true;
  }

  function checkGroups(): void {
    const byCall = new Map<string, Leg[]>();
    for (const [id, callId] of rung) {
      const leg = pbx.legs.get(id as Leg['connectionId']);
      if (leg === undefined) continue;
      byCall.set(callId, [...(byCall.get(callId) ?? []), leg]);
    }
    for (const [callId, legs] of byCall) {
      const up = legs.filter(({ state }) => state === 'connected');
      const bridged = up.filter(({ bridge }) => bridge !== undefined);
      if (new Set(bridged.map(({ bridge }) => bridge)).size < bridged.length)
        context.fail('one-of-group', 'two phones of a group talk in one call');
      if (lastsTooLong(`up ${callId}`, { isWrong: up.length > 1 }))
        context.fail('one-of-group', 'two phones of a group are up for one caller');
      const others = [...pbx.legs.values()].filter((leg) => leg.callId === callId && !legs.includes(leg));
      for (const leg of legs) {
        const rings = leg.state === 'alerting' || leg.state === 'initiated';
        if (
          lastsTooLong(`rings ${leg.connectionId}`, { isWrong: rings && (others.length === 0 || bridged.length > 0) })
        )
          context.fail('rings-for-somebody', 'a phone of a group rings and its caller is not there to be had');
      }
    }
  }

  return {
    applied(input: EngineInput, effects: readonly EngineEffect[]): void {
      if (input.kind === 'boot' || input.kind === 'config') config = input.config;
      if (input.kind === 'recovered') for (const question of open.values()) question.isVoid = 'void';
      if (input.kind === 'lookup') takeAnswer(input, effects);
      if (input.kind === 'driver' && input.event.type === 'cleared') rung.delete(input.event.connectionId);
      for (const effect of effects) {
        if (effect.kind === 'lookup' && effect.lookup.type === 'ivr')
          takeQuestion(effect.lookupId, effect.lookup, input);
        if (effect.kind === 'driver') takeCommand(effect.command, input);
        if (effect.kind !== 'record') continue;
        const { record } = effect;
        if (record.table === 'recording' && record.value.cause === 'flow') recordings.set(record.key, record.value);
        if (record.table === 'message') messages.set(record.key, record.value);
      }
    },
    tick(): void {
      checkGroups();
      for (const leg of pbx.legs.values()) {
        for (const { recordingId: id } of leg.recordings) {
          const { state } = recordings.get(id) ?? { state: 'recording' };
          const isLong = context.nowMs() > (overMs.get(id) ?? Number.POSITIVE_INFINITY);
          if (lastsTooLong(`long ${id}`, { isWrong: isLong }))
            context.fail('not-in-secret', 'a caller is recorded for longer than the flow asked for');
          const isOver = (state === 'done' || state === 'failed') && leg.state === 'connected';
          if (lastsTooLong(`records ${id}`, { isWrong: isOver }))
            context.fail('not-in-secret', 'a caller is recorded whose recording is shown as over');
        }
      }
    },
    end(): void {
      for (const [id, { state, durationMs }] of recordings) {
        const minMs = boxed.get(id);
        if (minMs === undefined || durationMs === undefined) continue;
        const isOne = state === 'done' && durationMs >= minMs;
        if (isOne && !messages.has(id))
          context.fail('message-kept', `a caller spoke for ${durationMs} ms and there is no message`);
        if (!isOne && messages.has(id))
          context.fail('message-kept', `a message of ${durationMs} ms was kept, ${state}`);
      }
      for (const id of messages.keys())
        if (!boxed.has(id)) context.fail('message-kept', 'a message was kept that no box asked for');
    },
  };
}
