import { END, type IvrNode, type NodeRef, type TransferGoal } from '../contract/index.js';
import { planDial } from '../numbers/index.js';
import { bounded, type Onward, type Run } from './run.js';
import { say } from './saying.js';
import { variable } from './variables.js';

type QueueNode = Extract<IvrNode, { type: 'queue' }>;
type TransferNode = Extract<IvrNode, { type: 'transfer' }>;
type DeskNode = Extract<IvrNode, { type: 'orderDesk' }>;
/** A node that lets the caller wait for somebody. */
export type ReachingNode = QueueNode | TransferNode | DeskNode;
type TransferResult = 'busy' | 'noAnswer' | 'failed';

const RING = { min: 1000, max: 300_000, otherwise: 30_000 };
const WAIT = { min: 1000, max: 86_400_000, otherwise: 86_400_000 };
const DESK = { min: 1000, max: 3_600_000, otherwise: 600_000 };
const PRIORITY = { min: -1000, max: 1000, otherwise: 0 };

/** Enters the node: its announcement, then the attempt. */
export function reach(run: Run, node: ReachingNode): Onward {
  return say(run, node, 'main') ? undefined : attempt(run, node);
}

/** The announcement is over: the caller waits from now on. */
export function attempt(run: Run, node: ReachingNode): Onward {
  if (node.type === 'queue') return joinQueue(run, node);
  if (node.type === 'orderDesk') {
    wait(run, 'transferring');
    const to = { kind: 'group', group: node.group } as const;
    run.actions.push({ type: 'transfer', to, untilMs: bounded(node.maxMs, DESK) });
    return undefined;
  }
  if (run.state.saying === 'failed') return node[failureOf(run)];
  const to = node.to.kind === 'variable' ? dialled(run, node.to) : node.to;
  if (to === undefined) return transferFailed(run, node, 'failed');
  wait(run, 'transferring');
  const ring = node.ringTimeoutMs;
  run.actions.push({ type: 'transfer', to, ...(ring === undefined ? {} : { ringTimeoutMs: bounded(ring, RING) }) });
  return undefined;
}

function joinQueue(run: Run, { queue, priority, overflowAfterMs }: QueueNode): undefined {
  wait(run, 'queued');
  run.actions.push({
    type: 'enqueue',
    queue,
    ...(priority === undefined ? {} : { priority: bounded(priority, PRIORITY) }),
    ...(overflowAfterMs === undefined ? {} : { overflowAfterMs: bounded(overflowAfterMs, WAIT) }),
  });
}

/** Keys of before mean nothing any more when the caller comes back. */
function wait(run: Run, phase: 'queued' | 'transferring'): void {
  run.state.phase = phase;
  run.state.saying = undefined;
  run.state.ahead = undefined;
  run.actions.push({ type: 'collectDigits', mode: 'stop' });
}

/** The caller has left the queue. */
export function leftQueue(run: Run, node: QueueNode, result: 'overflow' | 'full' | 'returned'): NodeRef {
  run.actions.push({ type: 'collectDigits', mode: 'start' });
  return { overflow: node.overflow, full: node.full ?? node.overflow, returned: node.returned ?? END }[result];
}

/** The goal was not reached: says so, then leaves by the edge of the result. */
export function notReached(run: Run, node: TransferNode | DeskNode, result: TransferResult): Onward {
  run.actions.push({ type: 'collectDigits', mode: 'start' });
  if (node.type === 'transfer') return transferFailed(run, node, result);
  return result === 'failed' ? node.failed : node.timeout;
}

function transferFailed(run: Run, node: TransferNode, result: TransferResult): Onward {
  run.state.outcome = result;
  return say(run, node, 'failed') ? undefined : node[result];
}

/** The server came back while the caller heard that the goal was not reached: that is said again, and nobody is dialled. */
export function sayFailureAgain(run: Run, node: TransferNode): Onward {
  return transferFailed(run, node, failureOf(run));
}

function failureOf(run: Run): TransferResult {
  const { outcome } = run.state;
  return outcome === 'busy' || outcome === 'noAnswer' ? outcome : 'failed';
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
