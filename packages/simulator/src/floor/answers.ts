import type { IvrAnswer, IvrQuestion, Lookup } from '@cordboard/cti-core';
import type { LookupPlan } from './engine-host.js';
import { inMs, type Time } from './time.js';

/**
 * What somebody outside answers to one try of a flow's question. `after`: how long it takes (default: no time); later than the bound of one try is too
 * late. `fails`: an answer that is none, at once. `never`: none in the bound of this try. `lost`: the question is lost, and no try follows.
 */
export type FloorReply = FunctionReply | HttpReply | 'fails' | 'never' | 'lost';

/** A host function's answer: one of the node's ways, and values by field. Also that of a speech or fax service. */
export interface FunctionReply {
  readonly way: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly after?: Time;
}

/** An HTTP service's answer. `body` is what its JSON would say. */
export interface HttpReply {
  readonly status: number;
  readonly body?: unknown;
  readonly after?: Time;
}

/** What a handler is told of one try. */
export interface FloorAsked {
  /** The same for every try of a visit, and after a crash. */
  readonly key: string;
  /** From 1, anew after a crash. */
  readonly attempt: number;
}

/** An HTTP request of a flow, with its variables filled in; `{secret.NAME}` stands as it is. */
export type FloorRequest = FloorAsked & Omit<Extract<IvrQuestion, { type: 'http' }>, 'type' | 'keep'>;

/** Who answers what flows ask. Each handler is called at the moment of its try, in virtual time; one that is absent or throws gives no answer. */
export interface FloorServices {
  readonly http?: (request: FloorRequest) => FloorReply;
  /** Host functions by `id@version`. */
  readonly functions?: Readonly<
    Record<string, FloorReply | ((pass: Readonly<Record<string, string>>, asked: FloorAsked) => FloorReply)>
  >;
  /** Where a number belongs. */
  readonly area?: (
    number: string,
  ) => { readonly province?: string; readonly city?: string; readonly carrier?: string } | undefined;
  /** What is heard in a recording: `match` with `values.text`, `noInput` or `noMatch`. */
  readonly speech?: (heard: Omit<Extract<IvrQuestion, { type: 'speech' }>, 'type'>) => FloorReply;
  readonly fax?: (document: string, number: string) => FloorReply;
}

type IvrLookup = Extract<Lookup, { type: 'ivr' }>;
const FAILED: IvrAnswer = { outcome: 'failed' };

/** Puts a flow's question to the services of a floor, try after try. */
export function planOf(lookup: IvrLookup, services: FloorServices, attempt = 1): LookupPlan {
  const { key, question, timeoutMs, tries } = lookup;
  const reply = said(question, services, { key, attempt });
  if (reply === 'lost') return 'never';
  const { afterMs, answer } = answered(question, reply);
  if (afterMs < timeoutMs && answer.outcome === 'answered') return { afterMs, result: answer };
  const takenMs = Math.min(afterMs, timeoutMs);
  if (attempt >= tries) return { afterMs: takenMs, result: FAILED };
  return { afterMs: takenMs, next: () => planOf(lookup, services, attempt + 1) };
}

function said(question: IvrQuestion, services: FloorServices, asked: FloorAsked): FloorReply {
  try {
    return handled(question, services, asked) ?? 'fails';
  } catch {
    return 'fails';
  }
}

function handled(question: IvrQuestion, services: FloorServices, asked: FloorAsked): FloorReply | undefined {
  switch (question.type) {
    case 'http': {
      const { type: _, keep: __, ...request } = question;
      return services.http?.({ ...request, ...asked });
    }
    case 'host': {
      const functions = services.functions ?? {};
      const known = Object.hasOwn(functions, question.function) ? functions[question.function] : undefined;
      return typeof known === 'function' ? known(question.pass, asked) : known;
    }
    case 'area': {
      const area = services.area?.(question.number);
      return area === undefined ? undefined : { way: 'known', values: { ...area } };
    }
    case 'speech': {
      const { type: _, ...heard } = question;
      return services.speech?.(heard);
    }
    case 'fax':
      return services.fax?.(question.document, question.number);
  }
}

function answered(
  question: IvrQuestion,
  reply: Exclude<FloorReply, 'lost'>,
): { readonly afterMs: number; readonly answer: IvrAnswer } {
  if (reply === 'fails') return { afterMs: 0, answer: FAILED };
  if (reply === 'never') return { afterMs: Number.POSITIVE_INFINITY, answer: FAILED };
  const afterMs = inMs(reply.after ?? 0);
  if ('status' in reply) {
    if (question.type !== 'http') return { afterMs, answer: FAILED };
    return {
      afterMs,
      answer: { outcome: 'answered', way: String(reply.status), values: kept(reply.body, question.keep) },
    };
  }
  const { way, values = {} } = reply;
  if (question.type === 'http' || (question.type === 'host' && !question.ways.includes(way)))
    return { afterMs, answer: FAILED };
  return {
    afterMs,
    answer: { outcome: 'answered', way, values: question.type === 'host' ? kept(values, question.keep) : values },
  };
}

/** The values of an answer by variable, as the node wants them kept: by JSON pointer (RFC 6901), or by the name of a top field. */
function kept(body: unknown, keep: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(keep).flatMap(([variable, field]) => {
      const value = fieldOf(body, field);
      return value === undefined ? [] : [[variable, value]];
    }),
  );
}

function fieldOf(body: unknown, field: string): string | undefined {
  const parts = field.startsWith('/')
    ? field
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : [field];
  let value = body;
  for (const part of parts) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  if (typeof value === 'string') return value.slice(0, 1_000);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
