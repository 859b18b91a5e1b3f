import { asId, BACK, END, type IvrNode, type NodeRef, RETURN, type TransferGoal } from '../contract/index.js';
import { planDial } from '../numbers/index.js';
import { ask, keyPressed } from './asking.js';
import { nodeOf } from './graph-access.js';
import { openTarget } from './hours.js';
import {
  assign,
  bounded,
  breakOff,
  clearVisit,
  currentNode,
  finish,
  graphOf,
  type Onward,
  type Run,
  say,
  trace,
} from './run.js';
import { variable } from './variables.js';

/** Nodes that one input may enter: a graph that goes on without waiting for anything is cut there. */
export const MAX_ENTERED = 1000;
/** Flows within flows. */
export const MAX_DEPTH = 16;
/** Menus that BACK remembers. */
export const MAX_MENUS = 128;

const DURATION = { min: 1000, max: 86_400_000 };

/** Goes on from a reference until the session waits for the outside or is over. */
export function walk(run: Run, from: Onward): void {
  let onward = from;
  while (onward !== undefined) {
    const target = resolve(run, onward.to);
    if (target === undefined) return;
    onward = enter(run, { name: target, key: onward.key });
  }
}

/** Leaves the present node through an edge: a menu is remembered for BACK. */
export function leave(run: Run, onward: Onward): void {
  const { state } = run;
  const node = currentNode(run);
  if (onward !== undefined && onward.to !== BACK && node?.type === 'menu') {
    state.menus = [...state.menus.slice(1 - MAX_MENUS), state.node];
  }
  walk(run, onward);
}

/** Enters the present node anew, keeping the rounds that were used in it. */
export function enterAgain(run: Run): void {
  const { tries, node } = run.state;
  walk(run, enter(run, { name: node, tries }));
}

/** The name of the node that a reference means; `undefined` when it ended the session. */
function resolve(run: Run, ref: NodeRef): string | undefined {
  const { state } = run;
  if (ref === END) return finish(run, 'end');
  if (ref === BACK) {
    return state.menus.at(-1) ?? graphOf(run)?.start ?? breakOff(run, 'unknownFlow');
  }
  return ref === RETURN ? returned(run, undefined) : ref;
}

/** Goes back to the flow that called this one: the name of the node that the result leads to. */
function returned(run: Run, result: string | undefined): string | undefined {
  const { state } = run;
  // Results may lead to END, BACK or RETURN again: one level less each time.
  const caller = state.stack.at(-1);
  if (caller === undefined) return finish(run, 'return', result);
  state.stack = state.stack.slice(0, -1);
  state.flow = caller.flow;
  state.version = caller.version;
  state.node = caller.node;
  state.menus = caller.menus;
  const node = currentNode(run);
  if (node?.type !== 'subflow') return breakOff(run, graphOf(run) === undefined ? 'unknownFlow' : 'unknownNode');
  const known = result !== undefined && Object.hasOwn(node.results, result) ? node.results[result] : undefined;
  return resolve(run, known ?? node.otherwise);
}

function enter(
  run: Run,
  visit: { readonly name: string; readonly key?: string | undefined; readonly tries?: number },
): Onward {
  const { name, key, tries = 0 } = visit;
  const { state } = run;
  if (run.entered >= MAX_ENTERED) return breakOff(run, 'endless');
  run.entered += 1;
  clearVisit(run);
  state.node = name;
  state.tries = tries;
  state.phase = 'entering';
  const graph = graphOf(run);
  const node = graph === undefined ? undefined : nodeOf(graph, name);
  if (node === undefined) return breakOff(run, graph === undefined ? 'unknownFlow' : 'unknownNode');
  trace(run);
  run.actions.push({ type: 'visited', flow: state.flow, node: name });
  switch (node.type) {
    case 'play':
      return say(run, 'main', node.say) ? undefined : { to: node.next, ...ahead(key) };
    case 'menu': {
      const before = state.menus.indexOf(name);
      if (before >= 0) state.menus = state.menus.slice(0, before);
      return key === undefined ? ask(run, node, 'main') : leaveMenu(run, name, keyPressed(run, node, key));
    }
    case 'collect':
      return key === undefined ? ask(run, node, 'main') : keyPressed(run, node, key);
    case 'hours': {
      const calendar = node.calendar !== undefined && Object.hasOwn(run.world.calendars, node.calendar);
      const days = calendar ? run.world.calendars[node.calendar ?? ''] : undefined;
      return { to: openTarget(node, days, run.world.context), ...ahead(key) };
    }
    case 'set':
      assign(run, node.assign, 'clear');
      return { to: node.next, ...ahead(key) };
    case 'language':
      state.language = node.language;
      state.variables = { ...state.variables, 'call.language': node.language };
      return { to: node.next, ...ahead(key) };
    case 'queue':
      return say(run, 'main', node.say) ? undefined : joinQueue(run, node);
    case 'transfer':
      return say(run, 'main', node.say) ? undefined : startTransfer(run, node);
    case 'subflow':
      return call(run, node, key);
    case 'return': {
      const to = returned(run, node.result);
      return to === undefined ? undefined : { to, ...ahead(key) };
    }
    case 'hangup':
      return say(run, 'main', node.say) ? undefined : finish(run, 'hangup');
    default:
      return breakOff(run, 'unknownNode');
  }
}

function leaveMenu(run: Run, name: string, onward: Onward): Onward {
  if (onward !== undefined && onward.to !== BACK) run.state.menus = [...run.state.menus.slice(1 - MAX_MENUS), name];
  return onward;
}

function ahead(key: string | undefined): { readonly key?: string } {
  return key === undefined ? {} : { key };
}

function call(run: Run, node: Extract<IvrNode, { type: 'subflow' }>, key: string | undefined): Onward {
  const { state } = run;
  const graph = run.world.graph(asId(node.flow));
  if (graph === undefined || state.stack.length >= MAX_DEPTH) return { to: node.otherwise, ...ahead(key) };
  const { flow, version, menus } = state;
  state.stack = [...state.stack, { flow, version, node: state.node, menus }];
  state.flow = graph.id;
  state.version = graph.version;
  state.menus = [];
  return { to: graph.start, ...ahead(key) };
}

/** The announcement of a queue node is over: the caller waits from now on. */
export function joinQueue(run: Run, node: Extract<IvrNode, { type: 'queue' }>): undefined {
  run.state.phase = 'queued';
  delete run.state.saying;
  const { priority, overflowAfterMs } = node;
  run.actions.push({ type: 'collectDigits', mode: 'stop' });
  run.actions.push({
    type: 'enqueue',
    queue: node.queue,
    ...(priority === undefined ? {} : { priority: bounded(priority, { min: -1000, max: 1000, otherwise: 0 }) }),
    ...(overflowAfterMs === undefined
      ? {}
      : { overflowAfterMs: bounded(overflowAfterMs, { ...DURATION, otherwise: DURATION.max }) }),
  });
}

/** The announcement of a transfer node is over: the goal is dialled. */
export function startTransfer(run: Run, node: Extract<IvrNode, { type: 'transfer' }>): Onward {
  const to = node.to.kind === 'variable' ? dialled(run, node.to) : node.to;
  if (to === undefined) return transferFailed(run, node, 'failed');
  run.state.phase = 'transferring';
  delete run.state.saying;
  const ring = node.ringTimeoutMs;
  run.actions.push({ type: 'collectDigits', mode: 'stop' });
  run.actions.push({
    type: 'transfer',
    to,
    ...(ring === undefined ? {} : { ringTimeoutMs: bounded(ring, { min: 1000, max: 300_000, otherwise: 30_000 }) }),
  });
  return undefined;
}

/** The goal was not reached: says so, then leaves by the edge of the result. */
export function transferFailed(
  run: Run,
  node: Extract<IvrNode, { type: 'transfer' }>,
  result: 'busy' | 'noAnswer' | 'failed',
): Onward {
  run.state.outcome = result;
  return say(run, 'failed', node.failedSay) ? undefined : { to: node[result] };
}

function dialled(
  run: Run,
  goal: Extract<TransferGoal, { kind: 'variable' }>,
): { kind: 'extension' | 'outside'; number: string } | undefined {
  const number = variable(run.state.variables, goal.variable);
  const decision = planDial(number, run.world.dialPlan);
  if (decision.kind === 'invalid') return undefined;
  if (decision.kind === 'internal') return { kind: 'extension', number: decision.number };
  return goal.outside === 'allowed' && decision.emergency === undefined ? { kind: 'outside', number } : undefined;
}
