import { type IvrNode, referencesIn, type Say } from '@cordboard/cti-core';

/** What becomes of a value that a node reads. */
export type Use =
  /** Said aloud, or kept as a score. A number to dial or to call back at is for that: it is `passed`. */
  | 'shown'
  /** Part of an address, which servers and proxies on the way write into their logs. */
  | 'url'
  /** Sent to a service or a function in a body, dialled, or put into another variable. */
  | 'passed';

/** A variable that a node reads, and the field where. */
export interface Reading {
  readonly field: string;
  readonly variable: string;
  readonly use: Use;
}

/** The announcements of a node by their fields. */
export function saysOf(node: IvrNode): readonly (readonly [field: string, say: Say])[] {
  const says: (readonly [string, Say | undefined])[] = [
    ['say', 'say' in node ? node.say : undefined],
    ...('noInputSay' in node ? listed('noInputSay', node.noInputSay) : []),
    ...('noMatchSay' in node ? listed('noMatchSay', node.noMatchSay) : []),
    ['failedSay', 'failedSay' in node ? node.failedSay : undefined],
  ];
  return says.flatMap(([field, say]) => (say === undefined ? [] : [[field, say] as const]));
}

function listed(field: string, says: readonly Say[] | undefined): (readonly [string, Say])[] {
  return (says ?? []).map((say, index) => [`${field}.${index}`, say] as const);
}

/** Every variable that a node reads before it changes it. */
export function readsOf(node: IvrNode): readonly Reading[] {
  const said = saysOf(node).flatMap(([field, say]) =>
    say.flatMap((item, index) => {
      const names =
        item.kind === 'say' || item.kind === 'recording'
          ? [item.variable]
          : item.kind === 'text'
            ? referencesIn(item.text)
            : [];
      return names.map((variable): Reading => ({ field: `${field}.${index}`, variable, use: 'shown' }));
    }),
  );
  return [...said, ...ownReads(node)];
}

function ownReads(node: IvrNode): readonly Reading[] {
  const one = (field: string, variable: string | undefined, use: Use = 'shown'): readonly Reading[] =>
    variable === undefined ? [] : [{ field, variable, use }];
  switch (node.type) {
    case 'set': {
      const assigned = new Set<string>();
      return Object.entries(node.assign).flatMap(([target, value]) => {
        const fresh = referencesIn(value).filter((name) => !assigned.has(name));
        assigned.add(target);
        return fresh.map((variable): Reading => ({ field: `assign.${target}`, variable, use: 'passed' }));
      });
    }
    case 'transfer':
      return node.to.kind === 'variable' ? one('to.variable', node.to.variable, 'passed') : [];
    case 'http':
      return [
        ...referencesIn(node.url).map((variable): Reading => ({ field: 'url', variable, use: 'url' })),
        ...filled('headers', node.headers),
        ...filled('body', node.body),
      ];
    case 'compute':
    case 'query':
      return filled('pass', node.pass);
    case 'message':
      return [...one('variable', node.variable, 'passed'), ...one('contact', node.contact, 'passed')];
    case 'score':
      return one('variable', node.variable);
    case 'callback':
    case 'fax':
      return one('variable', node.variable, 'passed');
    default:
      return [];
  }
}

function filled(field: string, texts: Readonly<Record<string, string>> | undefined): readonly Reading[] {
  return Object.entries(texts ?? {}).flatMap(([key, text]) =>
    referencesIn(text)
      // A secret is put in by the server alone and is no variable.
      .filter((variable) => !variable.startsWith('secret.'))
      .map((variable): Reading => ({ field: `${field}.${key}`, variable, use: 'passed' })),
  );
}

/** Every variable that a node may set. */
export function writesOf(node: IvrNode): readonly string[] {
  if (node.type === 'set') return Object.keys(node.assign);
  if (node.type === 'collect' || node.type === 'record' || node.type === 'listen') return [node.variable];
  return 'keep' in node ? Object.keys(node.keep ?? {}) : [];
}

/** The variables that are set when a node is left by an edge. */
export function writesBy(node: IvrNode, field: string): readonly string[] {
  if (node.type === 'set') return Object.keys(node.assign);
  if (node.type === 'collect' || node.type === 'record' || node.type === 'listen') {
    return field === 'next' ? [node.variable] : [];
  }
  return 'keep' in node && field !== 'failed' ? Object.keys(node.keep ?? {}) : [];
}
