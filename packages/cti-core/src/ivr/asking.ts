import type { DigitKey, IvrNode, NodeRef } from '../contract/index.js';
import { compileDigitPattern, MAX_DIGITS, matchesDigitPattern } from './digit-pattern.js';
import { assign, bounded, interrupt, type Onward, type Run, say, waitForKey } from './run.js';

/** A node that wants keys from the caller. */
export type AskingNode = Extract<IvrNode, { type: 'menu' | 'collect' }>;

const FIRST_KEY = { min: 100, max: 3_600_000, otherwise: 5000 };
const NEXT_KEY = { min: 100, max: 3_600_000, otherwise: 3000 };
const TRIES = { min: 1, max: 10, otherwise: 3 };

/** Begins a round: the given announcement if there is one, then the main one, then the wait for keys. */
export function ask(run: Run, node: AskingNode, first: 'main' | 'noInput' | 'noMatch'): undefined {
  run.state.digits = '';
  const says = first === 'noMatch' ? node.noMatchSay : node.noInputSay;
  const special = says?.[Math.min(run.state.tries, says.length) - 1];
  if (first !== 'main' && say(run, first, special)) return;
  if (say(run, 'main', node.say)) return;
  waitForKey(run, bounded(node.timeoutMs, FIRST_KEY));
}

/** An announcement of the node has ended. */
export function saidOut(run: Run, node: AskingNode): undefined {
  if (run.state.saying !== 'main' && say(run, 'main', node.say)) return;
  waitForKey(run, bounded(node.timeoutMs, FIRST_KEY));
}

/** A key was pressed while the node speaks or waits, or ahead of it. */
export function keyPressed(run: Run, node: AskingNode, key: string): Onward {
  interrupt(run);
  delete run.state.saying;
  if (node.type === 'menu') {
    const to = Object.hasOwn(node.keys, key) ? node.keys[key as DigitKey] : undefined;
    return to === undefined ? roundFailed(run, node, 'noMatch') : { to };
  }
  const terminator = node.terminator === undefined ? '#' : node.terminator;
  if (key === terminator) return collected(run, node);
  run.state.digits += key;
  if (run.state.digits.length >= lengths(node).max) return collected(run, node);
  return waitForKey(run, bounded(node.interDigitMs, NEXT_KEY));
}

/** No further key came in time. */
export function keyTimedOut(run: Run, node: AskingNode): Onward {
  return run.state.digits === '' ? roundFailed(run, node, 'noInput') : collected(run, node as CollectNode);
}

type CollectNode = Extract<IvrNode, { type: 'collect' }>;

function collected(run: Run, node: CollectNode): Onward {
  const { digits } = run.state;
  const pattern = node.pattern === undefined ? undefined : compileDigitPattern(node.pattern);
  const fits =
    digits.length >= lengths(node).min &&
    (node.pattern === undefined || (pattern !== undefined && matchesDigitPattern(pattern, digits)));
  if (!fits) return roundFailed(run, node, 'noMatch');
  assign(run, { [node.variable]: digits }, node.masked === true ? 'masked' : 'clear');
  return { to: node.next };
}

function roundFailed(run: Run, node: AskingNode, outcome: 'noInput' | 'noMatch'): Onward {
  run.state.tries += 1;
  run.state.outcome = outcome;
  const exit: NodeRef = outcome === 'noInput' ? node.noInput : node.noMatch;
  return run.state.tries >= bounded(node.tries, TRIES) ? { to: exit } : ask(run, node, outcome);
}

function lengths(node: CollectNode): { readonly min: number; readonly max: number } {
  const max = bounded(node.max, { min: 1, max: MAX_DIGITS, otherwise: MAX_DIGITS });
  return { min: bounded(node.min, { min: 0, max, otherwise: 1 }), max };
}
