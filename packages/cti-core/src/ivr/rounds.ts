import type { IvrNode, NodeRef } from '../contract/index.js';
import { keepDigits } from './assign.js';
import { compileDigitPattern, MAX_DIGITS, matchesDigitPattern } from './digit-pattern.js';
import { startRecording } from './recording.js';
import { bounded, interrupt, keepKey, type Onward, type Run, waitForKey } from './run.js';
import { say, sayOn } from './saying.js';

/** A node that wants keys from the caller. */
export type KeysNode = Extract<IvrNode, { type: 'menu' | 'collect' }>;
/** A node that asks the caller in rounds. */
export type RoundsNode = Extract<IvrNode, { type: 'menu' | 'collect' | 'listen' }>;
type MenuNode = Extract<IvrNode, { type: 'menu' }>;
type CollectNode = Extract<IvrNode, { type: 'collect' }>;

const FIRST_KEY = { min: 100, max: 3_600_000, otherwise: 5000 };
const NEXT_KEY = { min: 100, max: 3_600_000, otherwise: 3000 };
const TRIES = { min: 1, max: 10, otherwise: 3 };

/** Begins a round: the given announcement if there is one, then the main one, then the caller's turn. */
export function askRound(run: Run, node: RoundsNode, first: 'main' | 'noInput' | 'noMatch'): Onward {
  run.state.digits = '';
  if (first !== 'main' && say(run, node, first)) return undefined;
  return say(run, node, 'main') ? undefined : callersTurn(run, node);
}

/** A stretch of an announcement has ended. */
export function saidOut(run: Run, node: RoundsNode): Onward {
  const { saying } = run.state;
  if (sayOn(run, node)) return undefined;
  return saying !== 'main' && say(run, node, 'main') ? undefined : callersTurn(run, node);
}

function callersTurn(run: Run, node: RoundsNode): Onward {
  if (node.type === 'listen') return startRecording(run, node);
  const { ahead } = run.state;
  run.state.saying = undefined;
  run.state.stretch = undefined;
  return ahead === undefined ? waitForKey(run, bounded(node.timeoutMs, FIRST_KEY)) : consume(run, node, ahead);
}

/** A key has cut the announcement short. What may not be cut is still said before the key counts. */
export function keyWhileSaying(run: Run, node: KeysNode, key: string): Onward {
  interrupt(run);
  keepKey(run, key);
  return saidOut(run, node);
}

/** A key was pressed while the node waits for it. */
export function keyWhileWaiting(run: Run, node: KeysNode, key: string): Onward {
  interrupt(run);
  return consume(run, node, key);
}

/** Takes keys in order, as far as the node wants them; what is left is for the next node. */
function consume(run: Run, node: KeysNode, keys: string): Onward {
  for (let index = 0; index < keys.length; index += 1) {
    const verdict =
      node.type === 'menu' ? menuKey(run, node, keys.charAt(index)) : collectKey(run, node, keys.charAt(index));
    if (verdict.is === 'open') continue;
    const rest = keys.slice(index + 1);
    run.state.ahead = (isSpent(run, rest.charAt(0)) ? rest.slice(1) : rest) || undefined;
    return verdict.is === 'fits' ? verdict.to : roundFailed(run, node, 'noMatch');
  }
  run.state.ahead = undefined;
  const first = run.state.digits === '';
  return waitForKey(run, first ? bounded(node.timeoutMs, FIRST_KEY) : bounded(node.interDigitMs, NEXT_KEY));
}

type Verdict = { readonly is: 'open' | 'wrong' } | { readonly is: 'fits'; readonly to: NodeRef };
const OPEN: Verdict = { is: 'open' };
const WRONG: Verdict = { is: 'wrong' };

function menuKey(run: Run, node: MenuNode, key: string): Verdict {
  run.state.digits += key;
  const { digits } = run.state;
  if (digits.length === 1 && choicesOf(node).longer.includes(digits)) return OPEN;
  return menuChoice(node, digits);
}

function menuChoice(node: MenuNode, digits: string): Verdict {
  return choicesOf(node).verdicts.get(digits) ?? WRONG;
}

/** A menu's choices as every key asks for them. */
interface Choices {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The keys that begin a choice of two. */
  readonly longer: string;
}

/** Found once for a menu: flows do not change. */
const choices = new WeakMap<MenuNode['keys'], Choices>();

function choicesOf({ keys }: MenuNode): Choices {
  let known = choices.get(keys);
  if (known === undefined) {
    const verdicts = new Map<string, Verdict>();
    let longer = '';
    for (const [choice, to] of Object.entries<NodeRef | undefined>(keys)) {
      if (to !== undefined) verdicts.set(choice, { is: 'fits', to });
      if (choice.length === 2) longer += choice.charAt(0);
    }
    known = { verdicts, longer };
    choices.set(keys, known);
  }
  return known;
}

function collectKey(run: Run, node: CollectNode, key: string): Verdict {
  const terminator = node.terminator === undefined ? '#' : node.terminator;
  if (key === terminator) return collected(run, node);
  run.state.digits += key;
  if (run.state.digits.length < lengths(node).max) return OPEN;
  const untilMs = run.world.context.atMs + bounded(node.interDigitMs, NEXT_KEY);
  if (terminator !== null) run.state.spent = { key: terminator, untilMs };
  return collected(run, node);
}

/** Was it pressed to end an input that had ended by its length? Asked of the first key after it, once. */
export function isSpent(run: Run, key: string): boolean {
  const { spent } = run.state;
  if (spent === undefined || key === '') return false;
  run.state.spent = undefined;
  return key === spent.key && run.world.context.atMs <= spent.untilMs;
}

function collected(run: Run, node: CollectNode): Verdict {
  const { digits } = run.state;
  const pattern = node.pattern === undefined ? undefined : compileDigitPattern(node.pattern);
  const fits =
    digits.length >= lengths(node).min &&
    (node.pattern === undefined || (pattern !== undefined && matchesDigitPattern(pattern, digits)));
  if (!fits) return WRONG;
  keepDigits(run, node.variable, node.masked === true ? 'covered' : 'shown');
  return { is: 'fits', to: node.next };
}

/** No further key came in time. */
export function keyTimedOut(run: Run, node: KeysNode): Onward {
  const { digits } = run.state;
  if (digits === '') return roundFailed(run, node, 'noInput');
  const verdict = node.type === 'menu' ? menuChoice(node, digits) : collected(run, node);
  return verdict.is === 'fits' ? verdict.to : roundFailed(run, node, 'noMatch');
}

/** A round ended without an answer: the next one begins, or the node is left. Keys pressed ahead were pressed for another place. */
export function roundFailed(run: Run, node: RoundsNode, outcome: 'noInput' | 'noMatch'): Onward {
  const { state } = run;
  state.tries += 1;
  if (outcome === 'noInput') state.silent = (state.silent ?? 0) + 1;
  state.outcome = outcome;
  state.ahead = undefined;
  const exit: NodeRef = outcome === 'noInput' ? node.noInput : node.noMatch;
  return state.tries >= bounded(node.tries, TRIES) ? exit : askRound(run, node, outcome);
}

function lengths(node: CollectNode): { readonly min: number; readonly max: number } {
  const max = bounded(node.max, { min: 1, max: MAX_DIGITS, otherwise: MAX_DIGITS });
  return { min: bounded(node.min, { min: 0, max, otherwise: 1 }), max };
}
