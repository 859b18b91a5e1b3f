/** Every code of the checker with what it means. Codes stay as they are: editors and configurations refer to them. */
export const IVR_PROBLEMS = {
  'start.unknown': 'the flow begins at a node that it does not have',
  'target.unknown': 'an edge leads to a node that the flow does not have',
  'edge.missing': 'a node has an outcome without an edge',
  'node.unreachable': 'no way leads from the start to the node',
  'end.none': 'no way leads from the node to an end, a queue or a transfer',
  'loop.noInput': 'the node is on a loop in which the caller can press nothing and nobody can answer',
  'loop.silent': 'a caller who says and presses nothing goes round for ever: the loop has no bound',
  'key.ambiguous': 'a key begins a choice of two keys, and nothing says how long to wait for the second',
  'key.duplicate': 'a name stands twice in one object of the text: the first of the two is lost',
  'key.notHandled': 'a key is announced that leads nowhere',
  'key.notAnnounced': 'a key leads somewhere and no announcement says so',
  'prompt.unknown': 'an announcement names a prompt that the flow does not have',
  'prompt.language': 'a prompt that is used lacks a language of the flow',
  'language.unknown': 'a node chooses a language that the flow does not have',
  'speech.missing': 'an announcement has words without a file, and there is no speech service',
  'variable.unknown': 'a variable is used that nothing sets',
  'variable.unset': 'a variable is used that is not set on every way to the node',
  'variable.reserved': 'a node sets a variable of the system (call.*) or one whose name is none',
  'pattern.unsafe': 'a pattern is outside of the safe subset of regular expressions',
  'collect.lengths': 'the fewest keys are more than the most, or the pattern can never be as long as asked',
  'hours.invalid':
    'a rule of opening hours can never fit: a time or date that is none, a range that ends before it begins, or a kind of day without a calendar',
  'hours.covered': 'a rule can never decide: the rules before it fit whenever it does',
  'hours.overlap':
    'two rules fit at the same times, lead to different nodes, and neither is the exception to the other',
  'hours.gap': 'a few minutes between two rules belong to neither',
  'hours.otherwise': 'the rules fit at every time: the edge for all other times is never taken',
  'hours.skipped': 'on a day on which the clocks go forward the rule lies in the hour that there is not',
  'hours.twice': 'on a day on which the clocks go back the rule begins or ends in the hour that there is twice',
  'zone.unknown': 'the zone is not a name of the IANA time zone database',
  'area.covered': 'a rule can never decide: it names no prefix, or the rules before it fit whenever it does',
  'list.covered': 'a rule can never decide: an earlier one asks for the same list',
  'transfer.unknown': 'a transfer goes to an extension, an agent or a number that the site does not have',
  'queue.unknown': 'a queue is named that the site does not have',
  'group.unknown': 'a group of phones is named that the site does not have',
  'mode.unknown': 'a switch is asked for that the site does not have, or for a position that it never has',
  'list.unknown': 'a list is named that the site does not have',
  'calendar.unknown': 'a calendar is named that the site does not have',
  'function.unknown': 'a function is named that the host does not have',
  'box.unknown': 'a message box is named that the site does not have',
  'http.timeout': 'a service is asked without a bound of how long the caller waits for it',
  'http.failure': 'a service is asked without an edge for no answer',
  'http.host': 'a service is asked that is not on the list of allowed ones, or whose host depends on a variable',
  'http.insecure': 'a service is asked without encryption although the list allows it with encryption alone',
  'privacy.url': 'what was keyed in under a mask, or the number of the caller, becomes part of an address',
  'privacy.shown': 'what was keyed in under a mask is said aloud or kept as a score',
  'consent.missing': 'the caller may be recorded on a way on which nobody agreed to it',
  'bounds.depth': 'more menus stand on one way than the flow promises',
  'bounds.duration': 'a call may stay in the flow for longer than the flow promises',
  'flow.unknown': 'a sub-flow is called that is not among the flows',
  'result.unknown': 'an edge waits for a result that the called flow never gives',
} as const;

/** One of {@link IVR_PROBLEMS}. */
export type IvrProblemCode = keyof typeof IVR_PROBLEMS;

/** One finding: what, in which node, where exactly (`nodes.pick.keys.2`), how a caller comes there, and what to do. */
export interface IvrProblem {
  readonly code: IvrProblemCode;
  /** Absent where it is about the flow as a whole. */
  readonly node?: string;
  readonly path: string;
  /** The meaning of the code and the name that it is about. */
  readonly message: string;
  /** The way from the start to the node, the shortest on which the finding is one: `node.field` of each edge. Empty at the start, and where no way leads. */
  readonly way: readonly string[];
  /** What to do about it. */
  readonly hint: string;
}

/** A finding as a rule makes it: the way and the hint are added by the checker. */
export interface Found {
  readonly code: IvrProblemCode;
  readonly node?: string;
  readonly field?: string;
  readonly about?: string;
  /** Where the shortest way of all is not one on which the finding is one. */
  readonly way?: readonly string[];
}

/** Makes a finding about a node's field. */
export function found(
  code: IvrProblemCode,
  place: { readonly node?: string; readonly field?: string },
  about = '',
): Found {
  return { code, ...place, ...(about === '' ? {} : { about }) };
}
