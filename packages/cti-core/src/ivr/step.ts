import type { IvrAction, IvrContext, IvrGraph, IvrInput, IvrSessionState } from '../contract/index.js';
import { keyPressed, keyTimedOut, saidOut } from './asking.js';
import { bounded, breakOff, currentNode, finish, graphOf, interrupt, type Onward, type Run, say } from './run.js';
import { MAX_VALUE_TEXT } from './variables.js';
import { enterAgain, joinQueue, leave, startTransfer, transferFailed } from './walk.js';
import type { IvrWorld } from './world.js';

/** What a step makes of a session: its new state, and what it wants done, in order. */
export interface IvrStep {
  readonly state: IvrSessionState;
  readonly actions: readonly IvrAction[];
}

/**
 * A session that stands before its flow; the input `start` sets it going. `variables` are those that the call already has.
 * The language is the given one if the flow has it, else the flow's first.
 */
export function createIvrSession(
  graph: IvrGraph,
  context: IvrContext,
  begin: { readonly language?: string; readonly variables?: Readonly<Record<string, string>> } = {},
): IvrSessionState {
  const wanted = begin.language;
  const language = wanted !== undefined && graph.languages.includes(wanted) ? wanted : (graph.languages[0] ?? '');
  return {
    flow: graph.id,
    version: graph.version,
    node: graph.start,
    phase: 'entering',
    tries: 0,
    loops: 0,
    digits: '',
    visit: 0,
    turn: 0,
    language,
    variables: {
      ...begin.variables,
      'call.number': context.callerNumber.slice(0, MAX_VALUE_TEXT),
      'call.dialled': context.dialledNumber.slice(0, MAX_VALUE_TEXT),
      'call.language': language,
    },
    stack: [],
    menus: [],
    path: [],
  };
}

/**
 * Takes one input. Pure and total: no graph and no input makes it throw or run for long (at most 1,000 nodes
 * an input, and 1,000 without time passing between inputs). Inputs
 * that do not fit (late turns, keys that nobody asked for, anything after the end) leave the state as it is and ask for nothing.
 */
export function stepIvr(state: IvrSessionState, input: IvrInput, world: IvrWorld): IvrStep {
  const { atMs } = world.context;
  const run: Run = {
    state: { ...state },
    actions: [],
    world,
    entered: state.burst?.atMs === atMs ? state.burst.entered : 0,
  };
  if (take(run, input) === 'ignored') return { state, actions: [] };
  run.state.burst = { atMs, entered: run.entered };
  return { state: run.state, actions: run.actions };
}

function take(run: Run, input: IvrInput): 'ignored' | 'taken' {
  const { phase, turn } = run.state;
  if (phase === 'ended') return 'ignored';
  if (phase === 'entering') return input.type === 'start' || input.type === 'reenter' ? start(run) : 'ignored';
  if ((input.type === 'timer' || input.type === 'playbackFinished') && input.turn !== turn) return 'ignored';
  if (input.type !== 'start' && graphOf(run) === undefined) return taken(breakOff(run, 'unknownFlow'));
  switch (input.type) {
    case 'start':
      return 'ignored';
    case 'digit':
      return digit(run, input.digit);
    case 'playbackFinished':
      return phase === 'saying' ? played(run, input.outcome) : 'ignored';
    case 'timer':
      return phase === 'waiting' ? timedOut(run) : 'ignored';
    case 'queueResult':
      return phase === 'queued' ? queueResult(run, input.result) : 'ignored';
    case 'transferResult':
      return phase === 'transferring' ? transferResult(run, input.result) : 'ignored';
    case 'answer':
    case 'recorded':
      return 'ignored';
    case 'reenter':
      return reenter(run);
  }
}

function taken(_: undefined): 'taken' {
  return 'taken';
}

function start(run: Run): 'taken' {
  run.actions.push({ type: 'collectDigits', mode: 'start' });
  enterAgain(run);
  return 'taken';
}

function digit(run: Run, key: string): 'ignored' | 'taken' {
  const { phase } = run.state;
  if (!/^[0-9*#]$/.test(key) || (phase !== 'saying' && phase !== 'waiting')) return 'ignored';
  const node = currentNode(run);
  if (node?.type === 'menu' || node?.type === 'collect') leave(run, keyPressed(run, node, key));
  else if (node?.type === 'play' && node.bargeIn === true) {
    interrupt(run);
    leave(run, { to: node.next, key });
  } else return 'ignored';
  return 'taken';
}

function played(run: Run, outcome: 'done' | 'stopped' | 'failed'): 'taken' {
  leave(run, afterPlayback(run, outcome));
  return 'taken';
}

function afterPlayback(run: Run, outcome: 'done' | 'stopped' | 'failed'): Onward {
  const node = currentNode(run);
  switch (node?.type) {
    case 'play': {
      run.state.loops += 1;
      const times = bounded(node.loop, { min: 1, max: 99, otherwise: 1 });
      // What cannot be played is not tried again: the next node may be of more help.
      const again = outcome !== 'failed' && run.state.loops < times && say(run, 'main', node.say);
      return again ? undefined : { to: node.next };
    }
    case 'menu':
    case 'collect':
      return saidOut(run, node);
    case 'queue':
      return joinQueue(run, node);
    case 'transfer':
      return run.state.saying === 'failed' ? { to: node[failure(run)] } : startTransfer(run, node);
    case 'hangup':
      return finish(run, 'hangup');
    default:
      return breakOff(run, 'unknownNode');
  }
}

function failure(run: Run): 'busy' | 'noAnswer' | 'failed' {
  const { outcome } = run.state;
  return outcome === 'busy' || outcome === 'noAnswer' ? outcome : 'failed';
}

function timedOut(run: Run): 'taken' {
  const node = currentNode(run);
  const asking = node?.type === 'menu' || node?.type === 'collect';
  leave(run, asking ? keyTimedOut(run, node) : breakOff(run, 'unknownNode'));
  return 'taken';
}

function queueResult(run: Run, result: 'overflow' | 'full' | 'returned'): 'taken' {
  const node = currentNode(run);
  if (node?.type !== 'queue') return taken(breakOff(run, 'unknownNode'));
  run.actions.push({ type: 'collectDigits', mode: 'start' });
  const to = { overflow: node.overflow, full: node.full ?? node.overflow, returned: node.returned ?? 'END' }[result];
  leave(run, { to });
  return 'taken';
}

function transferResult(run: Run, result: 'busy' | 'noAnswer' | 'failed'): 'taken' {
  const node = currentNode(run);
  if (node?.type !== 'transfer') return taken(breakOff(run, 'unknownNode'));
  run.actions.push({ type: 'collectDigits', mode: 'start' });
  leave(run, transferFailed(run, node, result));
  return 'taken';
}

function reenter(run: Run): 'taken' {
  if (run.state.phase === 'transferring') return transferResult(run, 'failed');
  run.state.turn += 1;
  run.actions.push({ type: 'collectDigits', mode: 'start' });
  enterAgain(run);
  return 'taken';
}
