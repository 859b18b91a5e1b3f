import { asId, BACK, END, type IvrNode, type NodeRef, RETURN } from '../contract/index.js';
import { assign } from './assign.js';
import { listHolds } from './caller-number.js';
import { openTarget } from './hours.js';
import { keepsake } from './keeping.js';
import { askOutside } from './questions.js';
import { reach } from './reach.js';
import { startRecording } from './recording.js';
import { askRound } from './rounds.js';
import {
  appended,
  bounded,
  breakOff,
  clearVisit,
  currentNode,
  finish,
  graphOf,
  type Onward,
  type Run,
  trace,
} from './run.js';
import { say } from './saying.js';
import { stayIn } from './stay.js';

/** Nodes that one input may enter: a graph that goes on without waiting for anything is cut there. */
export const MAX_ENTERED = 1000;
/** Flows within flows. */
export const MAX_DEPTH = 16;
/** Menus that BACK remembers. */
export const MAX_MENUS = 128;

/** Leaves the present node and goes on until the session waits for the outside or is over. */
export function leave(run: Run, from: Onward): void {
  let onward = from;
  while (onward !== undefined) {
    const name = resolve(run, onward);
    if (name === undefined) return;
    onward = enter(run, name, 'anew');
  }
}

/** Enters the present node: for the first time, or again after a restart, which is the same visit and keeps the rounds that were used in it. */
export function enterHere(run: Run, how: 'anew' | 'again'): void {
  leave(run, enter(run, run.state.node, how));
}

/** The name of the node that a reference means; `undefined` when it ended the session. */
function resolve(run: Run, edge: NodeRef): string | undefined {
  const { state } = run;
  const ref = meant(run, edge);
  // The menu that is left is remembered for BACK.
  if (ref !== BACK && currentNode(run)?.type === 'menu') {
    state.menus = appended(state.menus, state.node, MAX_MENUS);
  }
  return target(run, ref);
}

function target(run: Run, ref: NodeRef): string | undefined {
  if (ref === END) return finish(run, 'end');
  if (ref === BACK) return run.state.menus.at(-1) ?? graphOf(run)?.start ?? breakOff(run, 'unknownFlow');
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
  stayIn(run, { endMs: caller.stayEndMs });
  const node = currentNode(run);
  if (node?.type !== 'subflow') return breakOff(run, graphOf(run) === undefined ? 'unknownFlow' : 'unknownNode');
  const known = result !== undefined && Object.hasOwn(node.results, result) ? node.results[result] : undefined;
  return target(run, meant(run, known ?? node.otherwise));
}

/** What stands at an edge: a reference, or a sign that the world knows one for. */
function meant(run: Run, edge: NodeRef): NodeRef {
  const { world } = run;
  return world.edge === undefined ? edge : world.edge(edge);
}

function enter(run: Run, name: string, how: 'anew' | 'again'): Onward {
  const { state } = run;
  if (run.entered >= MAX_ENTERED) return breakOff(run, 'endless');
  run.entered += 1;
  clearVisit(run);
  state.node = name;
  state.phase = 'entering';
  if (how === 'anew') {
    state.visit += 1;
    state.tries = 0;
    state.silent = undefined;
  }
  const node = currentNode(run);
  if (node === undefined) return breakOff(run, graphOf(run) === undefined ? 'unknownFlow' : 'unknownNode');
  trace(run);
  run.actions.push({ type: 'visited', flow: state.flow, node: name });
  return begin(run, node);
}

function begin(run: Run, node: IvrNode): Onward {
  const { state, world } = run;
  switch (node.type) {
    case 'play':
      return say(run, node, 'main') ? undefined : node.next;
    case 'menu': {
      const before = state.menus.indexOf(state.node);
      if (before >= 0) state.menus = state.menus.slice(0, before);
      if (node.typeAhead === 'discard') state.ahead = undefined;
      return askRound(run, node, 'main');
    }
    case 'collect':
      if (node.typeAhead === 'discard') state.ahead = undefined;
      return askRound(run, node, 'main');
    case 'listen':
      return askRound(run, node, 'main');
    case 'record':
      return say(run, node, 'main') ? undefined : startRecording(run, node);
    case 'hours':
      return hours(run, node);
    case 'mode': {
      const value = own(world.modes, node.mode);
      return (value === undefined ? undefined : own(node.ways, value)) ?? node.otherwise;
    }
    case 'list':
      return listTarget(run, node);
    case 'area':
    case 'http':
    case 'compute':
    case 'query':
    case 'fax':
      return askOutside(run, node);
    case 'message':
    case 'score':
    case 'callback':
      return keepsake(run, node);
    case 'set':
      assign(run, node.assign);
      return node.next;
    case 'language':
      state.language = node.language;
      state.variables = { ...state.variables, 'call.language': node.language };
      return node.next;
    case 'queue':
    case 'transfer':
    case 'orderDesk':
      return reach(run, node);
    case 'subflow':
      return call(run, node);
    case 'return':
      return returned(run, node.result);
    case 'hangup':
      return say(run, node, 'main') ? undefined : finish(run, 'hangup');
  }
}

function hours(run: Run, node: Extract<IvrNode, { type: 'hours' }>): NodeRef {
  const { calendars, zones, context } = run.world;
  const days = node.calendar === undefined ? undefined : own(calendars, node.calendar);
  const zone = node.zone === undefined ? undefined : own(zones, node.zone);
  const offsetMin = bounded(zone, { min: -1440, max: 1440, otherwise: context.offsetMin });
  return openTarget(node, days, { wallMs: context.wallMs, offsetMin });
}

function listTarget(run: Run, node: Extract<IvrNode, { type: 'list' }>): NodeRef {
  const { lists, dialPlan, context } = run.world;
  for (const rule of node.rules) {
    const list = own(lists, rule.list);
    if (list !== undefined && listHolds(list, context.callerNumber, dialPlan)) return rule.goTo;
  }
  return node.otherwise;
}

function call(run: Run, node: Extract<IvrNode, { type: 'subflow' }>): Onward {
  const { state } = run;
  const graph = run.world.graph(asId(node.flow));
  if (graph === undefined || state.stack.length >= MAX_DEPTH) return node.otherwise;
  const { flow, version, menus, stay } = state;
  const back = stay === undefined ? {} : { stayEndMs: stay.endMs };
  state.stack = [...state.stack, { flow, version, node: state.node, menus, ...back }];
  state.flow = graph.id;
  state.version = graph.version;
  // The name of the calling node may be that of a menu in there, which nobody has passed.
  state.node = graph.start;
  state.menus = [];
  stayIn(run, { endMs: stay?.endMs, bounds: graph.bounds });
  return graph.start;
}

/** A field of a record that bears this name itself: not one that all objects have. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
