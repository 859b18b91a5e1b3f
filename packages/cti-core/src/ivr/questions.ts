import type { IvrAnswer, IvrNode, IvrQuestion, NodeRef, RecordingId } from '../contract/index.js';
import { keepValues } from './assign.js';
import { areaTarget, callableNumber, e164Of } from './caller-number.js';
import { roundFailed } from './rounds.js';
import { bounded, type Onward, type Run, setTimer } from './run.js';
import { wholeMedia } from './saying.js';
import { fillForService, fillIn, headerPart, MAX_VALUE_TEXT, urlPart, variable } from './variables.js';

/** A node that asks the world outside on its own. */
export type QuestionNode = Extract<IvrNode, { type: 'http' | 'compute' | 'query' | 'fax' | 'area' }>;
type ListenNode = Extract<IvrNode, { type: 'listen' }>;

/** Longest address that is asked. */
export const MAX_URL = 8000;
/** Longest header, and longest field of a body. */
const MAX_PART = 4000;
/** Most headers, fields of a body or texts that are passed. */
const MAX_PARTS = 64;
/** Beyond all tries: the way to the host and back. */
const GRACE_MS = 5000;
const TRIES = { min: 1, max: 5, otherwise: 1 };
const timeout = (otherwise: number) => ({ min: 100, max: 60_000, otherwise });

/** Enters a node that asks: the question goes out and the announcement is said meanwhile. */
export function askOutside(run: Run, node: QuestionNode): Onward {
  if (node.type === 'area') {
    const found = areaTarget(node, e164Of(run.world.context.callerNumber, run.world.dialPlan));
    if ('to' in found) return found.to;
    put(run, { type: 'area', number: found.ask }, { timeoutMs: bounded(node.timeoutMs, timeout(2000)), tries: 1 });
    return undefined;
  }
  const question = questionOf(run, node);
  if (question === undefined) return node.failed;
  const { state } = run;
  put(run, question, { timeoutMs: bounded(node.timeoutMs, timeout(5000)), tries: bounded(node.tries, TRIES) });
  const media = wholeMedia(run, node, 'main');
  if (media.length === 0) return undefined;
  state.saying = 'main';
  run.actions.push({ type: 'play', turn: state.turn, media });
  return undefined;
}

/** Has the host's speech service make words of what was recorded. */
export function askWords(run: Run, node: ListenNode, recordingId: RecordingId): undefined {
  const { language } = run.state;
  const phrases = node.phrases ?? [];
  const bounds = { timeoutMs: bounded(node.timeoutMs, timeout(5000)), tries: 1 };
  put(run, { type: 'speech', recordingId, language, phrases }, bounds);
}

/** The last bound stands beside the question: a host that never answers keeps nobody. */
function put(run: Run, question: IvrQuestion, bounds: { readonly timeoutMs: number; readonly tries: number }): void {
  const { state } = run;
  state.turn += 1;
  state.phase = 'asking';
  state.saying = undefined;
  state.stretch = undefined;
  const place = `${run.world.context.session}:${state.flow}/${state.node}:${state.visit}`;
  // Each round of listening asks about other words.
  const key = question.type === 'speech' ? `${place}:${question.recordingId}` : place;
  run.actions.push({ type: 'ask', turn: state.turn, key, ...bounds, question });
  setTimer(run, bounds.timeoutMs * bounds.tries + GRACE_MS);
}

function questionOf(run: Run, node: Exclude<QuestionNode, { type: 'area' }>): IvrQuestion | undefined {
  const { variables } = run.state;
  switch (node.type) {
    case 'http': {
      const url = fillForService(node.url, variables, urlPart);
      if (url.length > MAX_URL) return undefined;
      const { method, body } = node;
      const headers = filled(node.headers, (text) => fillForService(text, variables, headerPart).slice(0, MAX_PART));
      const keep = node.keep ?? {};
      if (body === undefined) return { type: 'http', method, url, headers, keep };
      const fields = filled(body, (text) => fillForService(text, variables, (value) => value).slice(0, MAX_PART));
      return { type: 'http', method, url, headers, body: fields, keep };
    }
    case 'compute':
    case 'query': {
      const pass = filled(node.pass, (text) => fillIn(text, variables));
      return { type: 'host', function: node.function, pass, keep: node.keep ?? {}, ways: Object.keys(node.ways) };
    }
    case 'fax': {
      const text = node.variable === undefined ? run.world.context.callerNumber : variable(variables, node.variable);
      const number = callableNumber(text, run.world.dialPlan);
      return number === undefined ? undefined : { type: 'fax', document: node.document, number };
    }
  }
}

function filled(
  templates: Readonly<Record<string, string>> | undefined,
  fill: (template: string) => string,
): Readonly<Record<string, string>> {
  const parts = Object.entries(templates ?? {}).slice(0, MAX_PARTS);
  return Object.fromEntries(parts.map(([name, template]) => [name, fill(template)]));
}

/** The world outside has answered. The answer is held until the announcement is over. */
export function answered(run: Run, node: QuestionNode | ListenNode, answer: IvrAnswer): Onward {
  run.actions.push({ type: 'cancelTimer', turn: run.state.turn });
  return hold(run, node, wanted(node, answer));
}

/** Nobody has answered in time. */
export function unanswered(run: Run, node: QuestionNode | ListenNode): Onward {
  return hold(run, node, FAILED);
}

function hold(run: Run, node: QuestionNode | ListenNode, answer: IvrAnswer): Onward {
  if (run.state.saying === undefined) return conclude(run, node, answer);
  run.state.answer = answer;
  return undefined;
}

/** Does the node ask the world outside as soon as it is entered? */
export function isQuestion(node: IvrNode): node is QuestionNode {
  const { type } = node;
  return type === 'http' || type === 'compute' || type === 'query' || type === 'fax' || type === 'area';
}

const FAILED: IvrAnswer = { outcome: 'failed' };
const AREA_PARTS = ['province', 'city', 'carrier'];

/** What of an answer the node has asked for. */
function wanted(node: QuestionNode | ListenNode, answer: IvrAnswer): IvrAnswer {
  if (answer.outcome !== 'answered') return FAILED;
  const names = node.type === 'area' ? AREA_PARTS : node.type === 'listen' ? ['text'] : Object.keys(node.keep ?? {});
  const values = names
    .slice(0, MAX_PARTS)
    .flatMap((name) =>
      Object.hasOwn(answer.values, name) ? [[name, String(answer.values[name]).slice(0, MAX_VALUE_TEXT)] as const] : [],
    );
  return { outcome: 'answered', way: String(answer.way).slice(0, MAX_PARTS), values: Object.fromEntries(values) };
}

/** Leaves the node with its answer. */
export function conclude(run: Run, node: QuestionNode | ListenNode, answer: IvrAnswer): Onward {
  run.state.answer = undefined;
  if (answer.outcome === 'failed') return node.type === 'area' ? node.otherwise : node.failed;
  const { way, values } = answer;
  if (node.type === 'listen') return heard(run, node, answer);
  if (node.type === 'area') {
    const found = areaTarget(node, e164Of(run.world.context.callerNumber, run.world.dialPlan), values);
    return 'to' in found ? found.to : node.otherwise;
  }
  const to = wayOf(node, way);
  // What came with an answer that is none is none.
  if (to !== undefined) keepValues(run, values, node.masked);
  return to ?? node.failed;
}

function heard(run: Run, node: ListenNode, { way, values }: Extract<IvrAnswer, { outcome: 'answered' }>): Onward {
  if (way !== 'match') return roundFailed(run, node, way === 'noInput' ? 'noInput' : 'noMatch');
  const text = values.text ?? '';
  const isKnown = node.phrases === undefined || node.phrases.length === 0 || node.phrases.includes(text);
  if (text === '' || !isKnown) return roundFailed(run, node, 'noMatch');
  keepValues(run, { [node.variable]: text });
  return node.next;
}

/** The edge of a way; `undefined` for one that the node cannot be answered by. */
function wayOf(node: Exclude<QuestionNode, { type: 'area' }>, way: string): NodeRef | undefined {
  if (node.type === 'fax') return way === 'done' ? node.next : undefined;
  const named = (name: string): NodeRef | undefined => (Object.hasOwn(node.ways, name) ? node.ways[name] : undefined);
  if (node.type !== 'http') return named(way);
  return /^[1-5]\d\d$/.test(way) ? (named(way) ?? named(`${way.charAt(0)}xx`) ?? node.otherwise) : undefined;
}
