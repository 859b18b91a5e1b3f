import type { IvrInput, IvrNode } from '../contract/index.js';
import { keepValues } from './assign.js';
import { answered, askWords, conclude, isQuestion, type QuestionNode, unanswered } from './questions.js';
import { attempt, leftQueue, notReached, sayFailureAgain } from './reach.js';
import { isLongEnough, keyWhileRecording, startRecording } from './recording.js';
import { isSpent, keyTimedOut, keyWhileSaying, keyWhileWaiting, roundFailed, saidOut } from './rounds.js';
import { bounded, breakOff, currentNode, finish, graphOf, interrupt, keepKey, type Onward, type Run } from './run.js';
import { keyCuts, say, sayOn } from './saying.js';
import { passTime } from './stay.js';
import { enterHere, leave } from './walk.js';

/** Did an input fit? One that did not has changed nothing. */
export type Taken = 'ignored' | 'taken';

type Of<T extends IvrInput['type']> = Extract<IvrInput, { type: T }>;
type AskedNode = QuestionNode | Extract<IvrNode, { type: 'listen' }>;

/** Takes an input: the present phase and node decide what it means. */
export function take(run: Run, input: IvrInput): Taken {
  const { phase, turn } = run.state;
  if (phase === 'ended') return 'ignored';
  if (phase === 'entering') return input.type === 'start' || input.type === 'reenter' ? start(run) : 'ignored';
  if ('turn' in input && input.turn !== turn) return 'ignored';
  const node = currentNode(run);
  if (node === undefined) return lost(run, input, graphOf(run) === undefined ? 'unknownFlow' : 'unknownNode');
  if (input.type !== 'start' && passTime(run, input) === 'over') return lost(run, input, 'tooLong');
  switch (input.type) {
    case 'start':
      return 'ignored';
    case 'digit':
      return isKey(input.digit) ? digit(run, node, input.digit) : 'ignored';
    case 'playbackFinished':
      return played(run, node, input.outcome);
    case 'timer':
      return timedOut(run, node);
    case 'answer':
      return phase === 'asking' && asks(node) && run.state.answer === undefined
        ? goOn(run, answered(run, node, input.answer))
        : 'ignored';
    case 'recorded':
      return phase === 'recording' && (node.type === 'record' || node.type === 'listen')
        ? goOn(run, recorded(run, node, input))
        : 'ignored';
    case 'queueResult':
      return phase === 'queued' && node.type === 'queue' ? goOn(run, leftQueue(run, node, input.result)) : 'ignored';
    case 'transferResult':
      return phase === 'transferring' && (node.type === 'transfer' || node.type === 'orderDesk')
        ? goOn(run, notReached(run, node, input.result))
        : 'ignored';
    case 'reenter':
      return reenter(run, node);
  }
}

function goOn(run: Run, onward: Onward): 'taken' {
  leave(run, onward);
  return 'taken';
}

/** There is no way on for this session: its version is gone, or its time is over. */
function lost(run: Run, input: IvrInput, why: 'unknownFlow' | 'unknownNode' | 'tooLong'): 'taken' {
  if (input.type === 'playbackFinished') run.state.saying = undefined;
  interrupt(run);
  breakOff(run, why);
  return 'taken';
}

function start(run: Run): 'taken' {
  run.actions.push({ type: 'collectDigits', mode: 'start' });
  enterHere(run, 'anew');
  return 'taken';
}

function isKey(digit: string): boolean {
  return digit.length === 1 && '0123456789*#'.includes(digit);
}

function asks(node: IvrNode): node is AskedNode {
  return isQuestion(node) || node.type === 'listen';
}

function digit(run: Run, node: IvrNode, key: string): Taken {
  if (isSpent(run, key)) return 'taken';
  switch (run.state.phase) {
    case 'waiting':
      return node.type === 'menu' || node.type === 'collect' ? goOn(run, keyWhileWaiting(run, node, key)) : 'ignored';
    case 'saying':
      if (!keyCuts(run, node)) return keepKey(run, key);
      if (node.type === 'menu' || node.type === 'collect') return goOn(run, keyWhileSaying(run, node, key));
      return node.type === 'play' ? goOn(run, cutShort(run, node, key)) : 'ignored';
    case 'asking':
      return keepKey(run, key);
    case 'recording':
      return node.type === 'record' || node.type === 'listen' ? keyWhileRecording(run, node, key) : 'ignored';
    default:
      return 'ignored';
  }
}

/** The key counts at the node that asks next. What may not be cut short is said all the same. */
function cutShort(run: Run, node: Extract<IvrNode, { type: 'play' }>, key: string): Onward {
  interrupt(run);
  keepKey(run, key);
  run.state.digits = key;
  return sayOn(run, node) ? undefined : node.next;
}

function played(run: Run, node: IvrNode, outcome: 'done' | 'stopped' | 'failed'): Taken {
  const { phase, saying, answer } = run.state;
  if (phase === 'asking' && saying !== undefined && asks(node)) {
    run.state.saying = undefined;
    return answer === undefined ? 'taken' : goOn(run, conclude(run, node, answer));
  }
  return phase === 'saying' ? goOn(run, afterPlayback(run, node, outcome)) : 'ignored';
}

function afterPlayback(run: Run, node: IvrNode, outcome: 'done' | 'stopped' | 'failed'): Onward {
  switch (node.type) {
    case 'play': {
      if (sayOn(run, node)) return undefined;
      run.state.loops += 1;
      const times = bounded(node.loop, { min: 1, max: 99, otherwise: 1 });
      // What cannot be played is not tried again: the next node may be of more help.
      const again = outcome !== 'failed' && run.state.digits === '' && run.state.loops < times;
      return again && say(run, node, 'main') ? undefined : node.next;
    }
    case 'menu':
    case 'collect':
    case 'listen':
      return saidOut(run, node);
    case 'record':
      return startRecording(run, node);
    case 'queue':
    case 'transfer':
    case 'orderDesk':
      return attempt(run, node);
    case 'hangup':
      return finish(run, 'hangup');
    default:
      return breakOff(run, 'unknownNode');
  }
}

function timedOut(run: Run, node: IvrNode): Taken {
  const { phase, answer } = run.state;
  if (phase === 'asking' && asks(node)) return answer === undefined ? goOn(run, unanswered(run, node)) : 'ignored';
  if (phase !== 'waiting') return 'ignored';
  const isAsked = node.type === 'menu' || node.type === 'collect';
  return goOn(run, isAsked ? keyTimedOut(run, node) : breakOff(run, 'unknownNode'));
}

function recorded(run: Run, node: Extract<IvrNode, { type: 'record' | 'listen' }>, told: Of<'recorded'>): Onward {
  const { outcome, recordingId, durationMs } = told;
  if (outcome === 'failed') return node.failed;
  const isOne = isLongEnough(node, durationMs);
  if (node.type === 'listen') return isOne ? askWords(run, node, recordingId) : roundFailed(run, node, 'noInput');
  if (!isOne) return node.empty;
  keepValues(run, { [node.variable]: recordingId });
  return node.next;
}

/**
 * After an outage the node is entered again: digits cleared, rounds kept, and it is the same visit. A transfer under way has failed, so that nobody is dialled
 * twice; what was answered before the outage is not asked again.
 */
function reenter(run: Run, node: IvrNode): Taken {
  const { state } = run;
  const { phase, answer, saying } = state;
  if (phase === 'transferring' && (node.type === 'transfer' || node.type === 'orderDesk'))
    return goOn(run, notReached(run, node, 'failed'));
  state.turn += 1;
  state.ahead = undefined;
  run.actions.push({ type: 'collectDigits', mode: 'start' });
  if (answer !== undefined && asks(node)) return goOn(run, conclude(run, node, answer));
  if (node.type === 'transfer' && saying === 'failed') return goOn(run, sayFailureAgain(run, node));
  enterHere(run, 'again');
  return 'taken';
}
