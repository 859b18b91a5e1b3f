import type { MessageOf } from '../wire/kts/index.js';
import type { BoardState } from './board.js';
import type { CallKey } from './connections.js';

/** States of an extension in which it takes part in no call, whatever the message says beside. */
const EXT_APART: ReadonlySet<string> = new Set(['oos', 'idle', 'prog']);
/** States in which a call is not begun where none is told: dial tone, and the reminder to hang up. */
const EXT_ALONE: ReadonlySet<string> = new Set(['offhook', 'howl', 'busy']);
/** States in which the other side may be held. */
const EXT_WITH_OTHER: ReadonlySet<string> = new Set(['intalk', 'talk', 'hold']);
const LINE_APART: ReadonlySet<string> = new Set(['oos', 'idle', 'wrap']);

/** States that this version knows no word for say nothing of calls: what was, stays. */
export function isUnknownWord(word: string): boolean {
  return word.startsWith('#');
}

/** Which call a line is in; one without a number has the line's name. */
export function callOfLine({ line, lineState, call }: MessageOf<'lineState'>): CallKey | undefined {
  if (LINE_APART.has(lineState)) return undefined;
  return call === undefined ? `l${line}` : `c${call}`;
}

/** Which call an extension is in; without a number it is that of its line, else its own. */
export function callOfExt(message: MessageOf<'extState'>, board: BoardState): CallKey | undefined {
  const { ext, extState, call, line } = message;
  if (EXT_APART.has(extState)) return undefined;
  if (call !== undefined) return `c${call}`;
  const ofLine = line === undefined ? undefined : board.lines.get(line);
  const key = ofLine === undefined ? undefined : callOfLine(ofLine);
  if (key !== undefined) return key;
  return EXT_ALONE.has(extState) ? undefined : `x${ext}`;
}

/** Which call waits on a slot. */
export function callOfSlot({ call, line }: MessageOf<'parkState'>, board: BoardState): CallKey | undefined {
  if (call !== undefined) return `c${call}`;
  const ofLine = line === undefined ? undefined : board.lines.get(line);
  return ofLine === undefined ? undefined : callOfLine(ofLine);
}

/** Is somebody else of this call still there for whom `ext` holds it, as the other side tells? */
export function isHeldBy(board: BoardState, { call, ext }: { readonly call: CallKey; readonly ext: string }): boolean {
  for (const line of board.lines.values()) {
    if (callOfLine(line) !== call) continue;
    // That it takes the call back the line may say first.
    if (line.lineState === 'talk' && line.peer === ext) return true;
    if (line.lineState === 'held') return line.peer === undefined || line.peer === ext;
  }
  for (const other of board.exts.values()) {
    if (!EXT_WITH_OTHER.has(other.extState)) continue;
    if (other.peer === ext && other.ext !== ext && callOfExt(other, board) === call) return true;
  }
  return false;
}
