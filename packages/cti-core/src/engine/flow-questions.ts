import type { LookupResult } from '../contract/engine-io.js';
import type { LookupId } from '../contract/ids.js';
import type { IvrAction } from '../contract/ivr-session.js';
import { feedFlow } from './flows.js';
import { callOf } from './lookups.js';
import { customerFound } from './pops.js';
import { count, nextId, type Run } from './run.js';
import type { Call, Flow } from './state.js';
import { stopTimer } from './timers.js';

/** Puts a flow's question to the shell. */
export function askWorld(
  run: Run,
  of: { readonly call: Call; readonly flow: Flow },
  action: Extract<IvrAction, { type: 'ask' }>,
): void {
  const { call, flow } = of;
  const { turn, key, timeoutMs, tries, question } = action;
  const { visit } = flow.state;
  const open = flow.asked;
  // The node was entered again while the answer is on its way: nobody is asked twice. Words spoken anew are another question.
  if (open?.key === key && question.type !== 'speech') {
    flow.asked = { ...open, turn, visit };
    return;
  }
  forgetQuestion(run, flow);
  const lookupId = nextId<LookupId>(run, 'l');
  run.s.lookups.set(lookupId, call.id);
  flow.asked = { lookupId, turn, key, visit };
  run.out.push({
    kind: 'lookup',
    lookupId,
    lookup: { type: 'ivr', callId: call.id, key, timeoutMs, tries, question },
  });
}

/** The flow has gone on, or is over: an answer that still comes is late. */
export function forgetQuestion(run: Run, flow: Flow): void {
  if (flow.asked === undefined) return;
  run.s.lookups.delete(flow.asked.lookupId);
  flow.asked = undefined;
}

/**
 * The server was away: nobody knows what became of the questions of before, and their answers mean nothing any more. Each is put again, under its key,
 * when the switch can be reached and the node is entered again.
 */
export function forgetQuestions(run: Run): void {
  for (const call of run.s.calls.values()) {
    const { flow } = call;
    if (flow?.asked === undefined) continue;
    forgetQuestion(run, flow);
    stopTimer(run, flow.timer?.timerId);
    flow.timer = undefined;
  }
}

/** The shell's answer to a look-up: of a customer, or of a flow. */
export function lookupAnswered(run: Run, lookupId: LookupId, result: LookupResult): void {
  const callId = run.s.lookups.get(lookupId);
  if (callId === undefined) return count(run, 'ignored.lookup.late');
  const call = callOf(run, callId);
  const flow = call?.flow;
  if (call !== undefined && flow?.asked?.lookupId === lookupId) {
    // No answer to that question: the true one may still come.
    if (result.outcome === 'found') return count(run, 'ignored.lookup.foreign');
    const { turn } = flow.asked;
    forgetQuestion(run, flow);
    return feedFlow(run, call, { type: 'answer', turn, answer: result });
  }
  run.s.lookups.delete(lookupId);
  if (call === undefined) return count(run, 'ignored.lookup.late');
  if (result.outcome === 'found') customerFound(run, call, result.match);
  else if (result.outcome === 'answered') count(run, 'ignored.lookup.foreign');
}
