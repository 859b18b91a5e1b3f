import { CtiError, type IvrAction, type IvrAnswer } from '@cordboard/cti-core';
import { msOf } from '../duration.js';
import type { Asked, FlowTestOptions, FunctionReply, HttpReply, Reply } from './options.js';
import { kept } from './pointer.js';

/** A question of the flow, as its action says it. */
export type Ask = Extract<IvrAction, { type: 'ask' }>;

/** What comes back, how long after the question. Without an answer nothing ever does. */
export interface Outcome {
  readonly afterMs: number;
  readonly answer?: IvrAnswer;
}

const FAILED: IvrAnswer = { outcome: 'failed' };

/** Asks the test's handlers, try after try; `undefined` where the test has none for this question. */
export function outcomeOf(ask: Ask, options: FlowTestOptions): Outcome | undefined {
  const handler = handlerOf(ask, options);
  if (handler === undefined) return undefined;
  let afterMs = 0;
  for (let attempt = 1; attempt <= ask.tries; attempt += 1) {
    const reply = said(handler, { key: ask.key, attempt });
    if (reply === 'lost') return { afterMs };
    const one = outcomeOfReply(ask, reply);
    afterMs += Math.min(one.afterMs, ask.timeoutMs);
    const inTime = one.afterMs < ask.timeoutMs;
    if (inTime && one.answer?.outcome === 'answered') return { afterMs, answer: one.answer };
  }
  return { afterMs, answer: FAILED };
}

/** What one reply comes to. */
export function outcomeOfReply(ask: Ask, reply: Reply): Outcome {
  if (reply === 'lost') return { afterMs: 0 };
  if (reply === 'fails') return { afterMs: 0, answer: FAILED };
  if (reply === 'never') return { afterMs: ask.timeoutMs, answer: FAILED };
  const afterMs = reply.after === undefined ? 0 : msOf(reply.after, 'after');
  return { afterMs, answer: 'status' in reply ? httpAnswer(ask, reply) : hostAnswer(ask, reply) };
}

function said(handler: (asked: Asked) => Reply, asked: Asked): Reply {
  let reply: Reply;
  try {
    reply = handler(asked);
  } catch {
    return 'fails';
  }
  if (reply instanceof Promise) {
    throw new CtiError(
      'argument.invalid',
      'a handler of a flow test: expected a reply, since a promise takes real time',
    );
  }
  return reply;
}

function handlerOf(ask: Ask, options: FlowTestOptions): ((asked: Asked) => Reply) | undefined {
  const { question } = ask;
  switch (question.type) {
    case 'host': {
      const functions = options.functions ?? {};
      const handler = Object.hasOwn(functions, question.function) ? functions[question.function] : undefined;
      if (handler === undefined) return undefined;
      return typeof handler === 'function' ? (asked) => handler(question.pass, asked) : () => handler;
    }
    case 'http': {
      const { http } = options;
      const { type, keep, ...request } = question;
      return http === undefined ? undefined : (asked) => http({ ...request, ...asked });
    }
    case 'area': {
      const { area } = options;
      if (area === undefined) return () => 'fails';
      return typeof area === 'string' ? () => area : () => ({ way: 'known', values: { ...area } });
    }
    case 'fax': {
      const { fax = 'sent' } = options;
      return fax === 'sent' ? () => ({ way: 'done' }) : () => fax;
    }
    case 'speech':
      return undefined;
  }
}

function hostAnswer({ question }: Ask, { way, values = {} }: FunctionReply): IvrAnswer {
  const known = question.type === 'host' && !question.ways.includes(way) ? FAILED : undefined;
  return known ?? { outcome: 'answered', way, values: question.type === 'host' ? kept(values, question.keep) : values };
}

function httpAnswer({ question }: Ask, { status, body }: HttpReply): IvrAnswer {
  if (question.type !== 'http') return FAILED;
  return { outcome: 'answered', way: String(status), values: kept(body, question.keep) };
}

/** What the speech service makes of words: one of the phrases where there are any. */
export function heardAs(words: string | undefined, phrases: readonly string[]): IvrAnswer {
  const said = words?.trim() ?? '';
  if (said === '') return { outcome: 'answered', way: 'noInput', values: {} };
  if (phrases.length === 0) return { outcome: 'answered', way: 'match', values: { text: said } };
  const phrase = phrases.find((one) => one.toLowerCase() === said.toLowerCase());
  if (phrase === undefined) return { outcome: 'answered', way: 'noMatch', values: {} };
  return { outcome: 'answered', way: 'match', values: { text: phrase } };
}
