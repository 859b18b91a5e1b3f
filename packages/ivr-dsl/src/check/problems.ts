/** Every code of the checker with what it means. Codes stay as they are: editors and configurations refer to them. */
export const IVR_PROBLEMS = {
  'start.unknown': 'the flow begins at a node that it does not have',
  'target.unknown': 'an edge leads to a node that the flow does not have',
  'prompt.unknown': 'an announcement names a prompt that the flow does not have',
  'prompt.language': 'a prompt that is used lacks a language of the flow',
  'language.unknown': 'a node chooses a language that the flow does not have',
  'node.unreachable': 'no way leads from the start to the node',
  'loop.noInput': 'the node is on a loop in which the caller can press nothing and nobody can answer',
  'end.none': 'no way leads from the node to an end, a queue or a transfer',
  'variable.unknown': 'a variable is used that nothing sets',
  'variable.reserved': 'a node sets a variable of the system (call.*) or one whose name is none',
  'pattern.unsafe': 'a pattern is outside of the safe subset of regular expressions',
  'collect.lengths': 'the fewest keys are more than the most, or the pattern can never be as long as asked',
  'hours.invalid':
    'a rule of opening hours can never fit: a time or date that is none, or a range that ends before it begins',
  'speech.missing': 'an announcement has a text, and there is no speech service',
  'flow.unknown': 'a sub-flow is called that is not among the flows',
  'result.unknown': 'an edge waits for a result that the called flow never gives',
} as const;

/** One of {@link IVR_PROBLEMS}. */
export type IvrProblemCode = keyof typeof IVR_PROBLEMS;

/** One finding: what, in which node, and where exactly (`nodes.pick.keys.2`). */
export interface IvrProblem {
  readonly code: IvrProblemCode;
  /** Absent where it is about the flow as a whole. */
  readonly node?: string;
  readonly path: string;
  /** The meaning of the code and the name that it is about. */
  readonly message: string;
}

/** Makes a finding about a node's field. */
export function problem(
  code: IvrProblemCode,
  place: { readonly node?: string; readonly field?: string },
  about = '',
): IvrProblem {
  const { node, field } = place;
  const path = [...(node === undefined ? [] : ['nodes', node]), ...(field === undefined ? [] : [field])].join('.');
  const message = about === '' ? IVR_PROBLEMS[code] : `${IVR_PROBLEMS[code]}: ${about}`;
  return { code, ...(node === undefined ? {} : { node }), path, message };
}
