import type { SeenEvent, SeenFrame } from './frames.js';
import { fieldOf } from './frames.js';

/** What recordings allow of one kind of event. */
interface KindShape {
  /** Names that every one of them has. */
  readonly required: Set<string>;
  readonly allowed: Set<string>;
  readonly requiredVariables: Set<string>;
  /** `a|b`: a stood before b in some of them. */
  readonly before: Set<string>;
  count: number;
}

/** What the recorded events look like, kind by kind. */
export class Shapes {
  readonly #kinds = new Map<string, KindShape>();
  /** Shapes learnt already: thousands of events share some hundred of them. */
  readonly #learnt = new Set<string>();
  readonly #judged = new Map<string, readonly string[]>();
  /** Variables that any event had: which of them have been set by then differs from call to call. */
  readonly #variables = new Set<string>();

  learn(events: Iterable<SeenEvent>): void {
    for (const event of events) {
      const key = keyOf(event);
      if (this.#learnt.has(key)) continue;
      this.#learnt.add(key);
      this.#learnOne(event);
    }
  }

  get kinds(): number {
    return this.#kinds.size;
  }

  knows(kind: string): boolean {
    return this.#kinds.has(kind);
  }

  #learnOne(event: SeenEvent): void {
    this.#judged.clear();
    for (const name of event.variables) this.#variables.add(name);
    const names = new Set(event.names);
    const variables = new Set(event.variables);
    const shape = this.#kinds.get(event.kind);
    if (shape === undefined) {
      this.#kinds.set(event.kind, {
        required: names,
        allowed: new Set(names),
        requiredVariables: variables,
        before: pairsOf(event.names),
        count: 1,
      });
      return;
    }
    shape.count++;
    for (const name of [...shape.required]) if (!names.has(name)) shape.required.delete(name);
    for (const name of [...shape.requiredVariables]) if (!variables.has(name)) shape.requiredVariables.delete(name);
    for (const name of names) shape.allowed.add(name);
    for (const pair of pairsOf(event.names)) shape.before.add(pair);
  }

  /** What is wrong with an event, in words; nothing when recordings allow it. */
  judge(event: SeenEvent): readonly string[] {
    const key = keyOf(event);
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    const wrong = this.#judgeOne(event);
    this.#judged.set(key, wrong);
    return wrong;
  }

  #judgeOne(event: SeenEvent): readonly string[] {
    const shape = this.#kinds.get(event.kind);
    if (shape === undefined) return [`${event.kind}: no recording has this kind`];
    const wrong: string[] = [];
    const names = new Set(event.names);
    const variables = new Set(event.variables);
    for (const name of shape.required) if (!names.has(name)) wrong.push(`${event.kind}: ${name} is missing`);
    for (const name of names) if (!shape.allowed.has(name)) wrong.push(`${event.kind}: ${name} is in no recording`);
    for (const name of shape.requiredVariables) {
      if (!variables.has(name)) wrong.push(`${event.kind}: ${name} is missing`);
    }
    for (const name of variables) {
      if (!this.#variables.has(name)) wrong.push(`${event.kind}: ${name} is in no recording`);
    }
    for (const pair of pairsOf(event.names)) {
      const [a = '', b = ''] = pair.split('|');
      if (shape.allowed.has(a) && shape.allowed.has(b) && !shape.before.has(pair) && shape.before.has(`${b}|${a}`)) {
        wrong.push(`${event.kind}: ${a} stands before ${b}`);
      }
    }
    return wrong;
  }
}

const keyOf = (event: SeenEvent): string => `${event.kind}\n${event.names.join()}\n${event.variables.join()}`;

function pairsOf(names: readonly string[]): Set<string> {
  const pairs = new Set<string>();
  for (let a = 0; a < names.length; a++) {
    for (let b = a + 1; b < names.length; b++) pairs.add(`${names[a]}|${names[b]}`);
  }
  return pairs;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu;

/** A reply with what differs from run to run taken out: ids, times, counts. */
export function replyShape(frame: SeenFrame): string {
  const type = fieldOf(frame, 'Content-Type') ?? '(connect)';
  if (fieldOf(frame, 'Event-Name') === 'CHANNEL_DATA') {
    return `connect ${frame.headers
      .slice(-4)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ')}`;
  }
  const names = frame.headers.map(([name]) => name).join(',');
  const text = type === 'command/reply' ? (fieldOf(frame, 'Reply-Text') ?? '') : textShape(frame.body.toString('utf8'));
  return `${type} [${names}] ${text.replaceAll(UUID, '<uuid>')}`;
}

function textShape(body: string): string {
  if (body.startsWith('{"row_count"')) {
    const rows = JSON.parse(body) as { row_count: number; rows?: readonly object[] };
    return `rows of ${rows.rows === undefined ? 'nothing' : Object.keys(rows.rows[0] ?? {}).join(',')}`;
  }
  if (body.startsWith('UP ')) {
    return body
      .split('\n')
      .map((line) =>
        line.replaceAll(/[\d.]+/gu, '<n>').replaceAll(/(second|minute|hour|day|millisecond|microsecond)s?/gu, '$1'),
      )
      .join('\n');
  }
  if (/^\d+\n$/u.test(body)) return '<n>\n';
  if (body.startsWith('Event-Name: CHANNEL_DATA')) return 'CHANNEL_DATA';
  return body;
}

/** Which orders of events recordings show within one channel: pairs that never stand the other way round. */
export class Orders {
  readonly #seen = new Set<string>();

  /** Takes the kinds of one channel's events, in order. */
  learn(kinds: readonly string[]): void {
    for (const pair of firstPairs(kinds)) this.#seen.add(pair);
  }

  /** Pairs that stand in an order in which no recording has them. Both kinds must be known together. */
  judge(kinds: readonly string[]): readonly string[] {
    const wrong: string[] = [];
    for (const pair of firstPairs(kinds)) {
      const [a = '', b = ''] = pair.split('|');
      if (!this.#seen.has(pair) && this.#seen.has(`${b}|${a}`)) wrong.push(`${a} comes before ${b}`);
    }
    return wrong;
  }
}

/** Each pair of kinds by where each comes first. */
function firstPairs(kinds: readonly string[]): Set<string> {
  const order = [...new Set(kinds)];
  const pairs = new Set<string>();
  for (let a = 0; a < order.length; a++) {
    for (let b = a + 1; b < order.length; b++) pairs.add(`${order[a]}|${order[b]}`);
  }
  return pairs;
}

/** Kinds of events by channel, in order. */
export function byChannel(events: readonly SeenEvent[]): ReadonlyMap<string, readonly string[]> {
  const channels = new Map<string, string[]>();
  for (const { uuid, kind } of events) {
    if (uuid === undefined) continue;
    const kinds = channels.get(uuid) ?? [];
    kinds.push(kind);
    channels.set(uuid, kinds);
  }
  return channels;
}
