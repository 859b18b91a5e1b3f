import type { IvrNode } from '../contract/index.js';
import { bounded, keepKey, type Run, withinStay } from './run.js';

/** A node that records the caller. */
export type RecordingNode = Extract<IvrNode, { type: 'record' | 'listen' }>;

const MESSAGE = { longest: { min: 1000, max: 3_600_000, otherwise: 120_000 }, shortest: 1000, keys: ['#', '*'] };
const ANSWER = { longest: { min: 1000, max: 60_000, otherwise: 8000 }, shortest: 200 };

/** The announcement is over: the caller is recorded. What was pressed ahead was not meant for what comes after. */
export function startRecording(run: Run, node: RecordingNode): undefined {
  const { state } = run;
  state.turn += 1;
  state.phase = 'recording';
  state.saying = undefined;
  state.digits = '';
  state.ahead = undefined;
  const { longest } = node.type === 'record' ? MESSAGE : ANSWER;
  run.actions.push({
    type: 'record',
    turn: state.turn,
    maxMs: withinStay(run, bounded(node.maxMs, longest)),
    minMs: shortestOf(node),
    ...(node.type === 'record' && node.box !== undefined ? { box: node.box } : {}),
  });
}

/** A key while the caller is recorded: ends it, or is kept for the next node when it has been ended before. */
export function keyWhileRecording(run: Run, node: RecordingNode, key: string): 'ignored' | 'taken' {
  const { state } = run;
  if (state.digits !== '') return keepKey(run, key);
  const keys: readonly string[] | undefined = node.type === 'record' ? (node.keys ?? MESSAGE.keys) : undefined;
  if (keys?.includes(key) === false) return 'ignored';
  state.digits = key;
  run.actions.push({ type: 'stopRecord', turn: state.turn });
  return 'taken';
}

/** Was it long enough to be one? */
export function isLongEnough(node: RecordingNode, durationMs: number): boolean {
  return durationMs >= shortestOf(node);
}

function shortestOf(node: RecordingNode): number {
  if (node.type === 'listen') return ANSWER.shortest;
  return bounded(node.minMs, { min: 0, max: MESSAGE.longest.max, otherwise: MESSAGE.shortest });
}
