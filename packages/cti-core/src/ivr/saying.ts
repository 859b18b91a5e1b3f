import type { IvrNode, IvrSessionState, MediaRef, Say } from '../contract/index.js';
import { hasFixedPieces, mediaOf, type Speaker, stretchesOf } from './media.js';
import { graphOf, type Run } from './run.js';

/** Which announcement of a node. */
export type Saying = NonNullable<IvrSessionState['saying']>;

/** Do keys cut the announcements of this node short, where their pieces allow it? */
export function isCuttable(node: IvrNode): boolean {
  return node.type === 'menu' || node.type === 'collect' || (node.type === 'play' && node.bargeIn === true);
}

/** Says an announcement of the node from its beginning; `false` when there is nothing to hear. */
export function say(run: Run, node: IvrNode, what: Saying): boolean {
  return sayFrom(run, node, { what, first: 0 });
}

/** Goes on with the announcement that is being said; `false` when that was all of it. */
export function sayOn(run: Run, node: IvrNode): boolean {
  const { saying, stretch } = run.state;
  if (saying === undefined || stretch === undefined) return false;
  return sayFrom(run, node, { what: saying, first: stretch + 1 });
}

/** Does a key cut short what is being said now? */
export function keyCuts(run: Run, node: IvrNode): boolean {
  if (!isCuttable(node)) return false;
  const { saying, stretch } = run.state;
  if (saying === undefined || stretch === undefined) return true;
  const text = textOf(run, node, saying);
  const speaker = speakerOf(run);
  return speaker !== undefined && text !== undefined && stretchesOf(text, speaker, run.world)[stretch]?.keys === 'cut';
}

/** The sound of an announcement that no key cuts short. */
export function wholeMedia(run: Run, node: IvrNode, what: Saying): readonly MediaRef[] {
  const speaker = speakerOf(run);
  return speaker === undefined ? [] : mediaOf(textOf(run, node, what), speaker, run.world);
}

function sayFrom(run: Run, node: IvrNode, from: { readonly what: Saying; readonly first: number }): boolean {
  const { what, first } = from;
  const text = textOf(run, node, what);
  const speaker = speakerOf(run);
  if (speaker === undefined || text === undefined) return tone(run, node, what);
  if (!isCuttable(node) || !hasFixedPieces(text)) {
    const media = mediaOf(text, speaker, run.world);
    // Keys that wait have cut it short before it began.
    if (keysWait(run, node)) return false;
    return play(run, what, { media: withTone(media, node, what), stretch: undefined });
  }
  const stretches = stretchesOf(text, speaker, run.world);
  for (let index = first; index < stretches.length; index += 1) {
    const stretch = stretches[index];
    if (stretch === undefined || (stretch.keys === 'cut' && keysWait(run, node))) continue;
    if (play(run, what, { media: stretch.media, stretch: index })) return true;
  }
  return false;
}

/** Has the caller pressed keys that leave nothing to be said but what must be heard? In a `play`: while it is said. */
function keysWait(run: Run, node: IvrNode): boolean {
  if (node.type === 'play') return run.state.digits !== '';
  return (node.type === 'menu' || node.type === 'collect') && run.state.ahead !== undefined;
}

function play(
  run: Run,
  what: Saying,
  piece: { readonly media: readonly MediaRef[]; readonly stretch: number | undefined },
): boolean {
  if (piece.media.length === 0) return false;
  const { state } = run;
  state.turn += 1;
  state.phase = 'saying';
  state.saying = what;
  state.stretch = piece.stretch;
  run.actions.push({ type: 'play', turn: state.turn, media: piece.media });
  return true;
}

const BEEP: MediaRef = { kind: 'tone', tone: 'beep' };

function withTone(media: readonly MediaRef[], node: IvrNode, what: Saying): readonly MediaRef[] {
  return node.type === 'record' && node.tone !== 'none' && what === 'main' ? [...media, BEEP] : media;
}

function tone(run: Run, node: IvrNode, what: Saying): boolean {
  return play(run, what, { media: withTone([], node, what), stretch: undefined });
}

function speakerOf(run: Run): Speaker | undefined {
  const graph = graphOf(run);
  return graph === undefined ? undefined : { graph, language: run.state.language, variables: run.state.variables };
}

/** The words of an announcement. Before a repetition: the n-th for the n-th time of that reason, the last one again and again. */
function textOf(run: Run, node: IvrNode, what: Saying): Say | undefined {
  switch (what) {
    case 'main':
      return 'say' in node ? node.say : undefined;
    case 'failed':
      return node.type === 'transfer' ? node.failedSay : undefined;
    case 'noInput':
    case 'noMatch': {
      if (node.type !== 'menu' && node.type !== 'collect' && node.type !== 'listen') return undefined;
      const { tries, silent = 0 } = run.state;
      const [says, times] = what === 'noInput' ? [node.noInputSay, silent] : [node.noMatchSay, tries - silent];
      return says?.[Math.min(times, says.length) - 1];
    }
  }
}
