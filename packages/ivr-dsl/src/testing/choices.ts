import type { IvrNode } from '@cordboard/cti-core';
import { inputsFor } from './digits.js';
import type { Drive } from './drive.js';
import type { Move } from './moves.js';
import type { Reply } from './options.js';

/** Something that can be done where a flow stands now, all the way to where it stands next. */
export type Choice = readonly Move[];

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'];
const LISTENS: Move = { move: 'listens' };
const TIMEOUT_MS = 5000;
const NEXT_KEY_MS = 3000;
const TRIES = 3;

/** Everything that can be done where a flow stands now: each choice is meant to take another edge. None when it is over. */
export function choicesOf(drive: Drive): readonly Choice[] {
  const { node, asked } = drive;
  if (drive.exit !== undefined || node === undefined) return [];
  if (asked !== undefined) return repliesFor(drive, node).map((reply) => [{ move: 'answers', reply }, LISTENS]);
  switch (drive.state.phase) {
    case 'queued':
      return (['overflow', 'full', 'returned', 'answered'] as const).map((result) => [{ move: 'queue', result }]);
    case 'transferring':
      return (['busy', 'noAnswer', 'failed', 'answered'] as const).map((result) => [{ move: 'transfer', result }]);
    case 'asking':
      return [[{ move: 'waits', ms: 1000 }], [LISTENS, { move: 'waits', ms: 30_000 }]];
    default:
      return choicesAt(drive, node);
  }
}

function choicesAt(drive: Drive, node: IvrNode): readonly Choice[] {
  switch (node.type) {
    case 'menu':
      return [...menuChoices(node), rounds(drive, node, silence(node))];
    case 'collect': {
      const { good, wrong } = inputsFor(node, drive.world.dialPlan);
      const ends = node.terminator === null ? [{ move: 'waits' as const, ms: node.interDigitMs ?? NEXT_KEY_MS }] : [];
      const enter = (keys: string): Choice => [{ move: 'presses', keys }, ...ends];
      return [
        ...good.map(enter),
        ...wrong.slice(0, 2).map((keys) => rounds(drive, node, [LISTENS, ...enter(keys)])),
        rounds(drive, node, silence(node)),
      ];
    }
    case 'record':
      return recordChoices(node);
    case 'listen':
      return listenChoices(drive, node);
    default:
      return [[LISTENS], ...(drive.speaking ? [[{ move: 'presses', keys: '5' } as const, LISTENS]] : [])];
  }
}

type Menu = Extract<IvrNode, { type: 'menu' }>;

function menuChoices(node: Menu): readonly Choice[] {
  const known = Object.keys(node.keys);
  const wait = { move: 'waits' as const, ms: node.interDigitMs ?? NEXT_KEY_MS };
  const begins = (first: string): boolean => known.some((keys) => keys.length === 2 && keys.startsWith(first));
  const keys = known.map((one): Choice => {
    const press: Move = { move: 'presses', keys: one };
    return one.length === 1 && begins(one) ? [LISTENS, press, wait] : [press, LISTENS];
  });
  const wrong = wrongKeys(known, begins);
  const round: Choice = wrong === undefined ? [] : [LISTENS, { move: 'presses', keys: wrong }];
  return [...keys, ...(wrong === undefined ? [] : [repeated(round, node.tries ?? TRIES)])];
}

/** Keys that a menu does not know, if there are any. */
function wrongKeys(known: readonly string[], begins: (first: string) => boolean): string | undefined {
  const single = KEYS.find((key) => !known.includes(key) && !begins(key));
  if (single !== undefined) return single;
  const first = KEYS.find(begins);
  const second = KEYS.find((key) => !known.includes(`${first ?? ''}${key}`));
  return first === undefined || second === undefined ? undefined : first + second;
}

type Rounds = Extract<IvrNode, { type: 'menu' | 'collect' | 'listen' }>;

function silence(node: Extract<IvrNode, { type: 'menu' | 'collect' }>): Choice {
  return [LISTENS, { move: 'waits', ms: node.timeoutMs ?? TIMEOUT_MS }];
}

/** A round as often as is left. */
function rounds(drive: Drive, node: Rounds, round: Choice): Choice {
  return repeated(round, Math.max(1, (node.tries ?? TRIES) - drive.state.tries));
}

function repeated(round: Choice, times: number): Choice {
  return Array.from({ length: times }, () => round).flat();
}

function recordChoices(node: Extract<IvrNode, { type: 'record' }>): readonly Choice[] {
  const [end] = node.keys ?? ['#'];
  const stop: readonly Move[] =
    end === undefined ? [{ move: 'waits', ms: node.maxMs ?? 120_000 }] : [{ move: 'presses', keys: end }];
  const long = Math.max(3000, (node.minMs ?? 1000) + 500);
  return [
    [{ move: 'says', words: 'hello' }, { move: 'waits', ms: long }, ...stop],
    [LISTENS, ...(end === undefined ? [] : stop)],
    [{ move: 'recordingFails' }],
    [
      { move: 'says', words: 'hello' },
      { move: 'waits', ms: 3_600_000 },
    ],
    [{ move: 'says', words: 'hello' }, { move: 'waits', ms: long }, { move: 'hangsUp' }],
  ];
}

function listenChoices(drive: Drive, node: Extract<IvrNode, { type: 'listen' }>): readonly Choice[] {
  const end: Move = { move: 'presses', keys: '#' };
  const phrase = node.phrases?.[0] ?? 'hello';
  const wrong: Choice = [{ move: 'says', words: 'nothing of the kind' }, end];
  return [
    [{ move: 'says', words: phrase }, end],
    rounds(drive, node, [LISTENS, end]),
    ...(node.phrases === undefined || node.phrases.length === 0 ? [] : [rounds(drive, node, wrong)]),
    [{ move: 'recordingFails' }],
  ];
}

function repliesFor(drive: Drive, node: IvrNode): readonly Reply[] {
  const broken: readonly Reply[] = ['fails', 'never'];
  if (node.type === 'compute' || node.type === 'query') {
    const fields = Object.values(node.keep ?? {});
    const given = keptValues(drive).map((value) => Object.fromEntries(fields.map((field) => [field, value])));
    const values = fields.length === 0 ? [{}] : given;
    return [...Object.keys(node.ways).flatMap((way) => values.map((one) => replyOf(way, one))), ...broken];
  }
  if (node.type === 'http') {
    const body = keptValues(drive).map((value) => bodyWith(Object.values(node.keep ?? {}), value));
    const bodies = Object.keys(node.keep ?? {}).length === 0 ? [{}] : body;
    return [
      ...statusesFor(Object.keys(node.ways)).flatMap((status) => bodies.map((one) => ({ status, body: one }))),
      ...broken,
    ];
  }
  return [...broken, { way: 'done' }];
}

function replyOf(way: string, values: Readonly<Record<string, string>>): Reply {
  return Object.keys(values).length === 0 ? { way } : { way, values };
}

/** Values that mean different things to a node that dials or counts. */
function keptValues(drive: Drive): readonly string[] {
  return [drive.world.dialPlan.internal[0]?.from ?? '1', 'none'];
}

/** One status for each way, and one that no way names. */
function statusesFor(ways: readonly string[]): readonly number[] {
  const named = ways.filter((way) => /^[1-5]\d\d$/.test(way)).map(Number);
  const isFree = (status: number): boolean => !named.includes(status);
  const classes = ways.filter((way) => /^[1-5]xx$/.test(way)).map((way) => Number(way.charAt(0)) * 100);
  const ofClasses = classes.flatMap((first) => rangeOf(first).find(isFree) ?? []);
  const other = [200, 404, 500, 302, 100].find(
    (status) => !classes.includes(Math.floor(status / 100) * 100) && isFree(status),
  );
  return [...named, ...ofClasses, ...(other === undefined ? [] : [other])];
}

function rangeOf(first: number): readonly number[] {
  return Array.from({ length: 100 }, (_, index) => first + index);
}

/** A body in which each pointer leads to the value. */
function bodyWith(pointers: readonly string[], value: string): unknown {
  const body: Record<string, unknown> = {};
  for (const pointer of pointers) {
    const path = (pointer.startsWith('/') ? pointer.slice(1).split('/') : [pointer]).map((part) =>
      part.replaceAll('~1', '/').replaceAll('~0', '~'),
    );
    let inside = body;
    for (const part of path.slice(0, -1)) {
      const known = Object.hasOwn(inside, part) ? inside[part] : undefined;
      const next = typeof known === 'object' && known !== null ? (known as Record<string, unknown>) : {};
      inside[part] = next;
      inside = next;
    }
    inside[path.at(-1) ?? ''] = value;
  }
  return body;
}
