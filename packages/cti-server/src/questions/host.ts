import type { IvrAnswer, IvrQuestion } from '@cordboard/cti-core';
import * as z from 'zod';
import { MAX_VALUE } from './pointer.js';
import type { HostFunction } from './providers.js';

/** Most values of one answer. */
const MAX_VALUES = 64;

const reply = z.object({
  way: z.string().max(64),
  values: z
    .record(z.string().min(1).max(64), z.string().max(MAX_VALUE))
    .refine((values) => Object.keys(values).length <= MAX_VALUES)
    .optional(),
});

/**
 * Runs a registered function once. Rejects when there is none of this name, when it throws, and when it answers with a way that the node does not have or values
 * that no flow could hold.
 */
export async function askHost(
  question: Extract<IvrQuestion, { type: 'host' }>,
  functions: ReadonlyMap<string, HostFunction>,
  call: { readonly key: string; readonly signal: AbortSignal },
): Promise<IvrAnswer> {
  const run = functions.get(question.function);
  if (run === undefined) throw new Error('no function of this name is registered');
  const { way, values = {} } = reply.parse(await run({ pass: question.pass, key: call.key, signal: call.signal }));
  if (!question.ways.includes(way)) throw new Error('the function answered a way that the node does not have');
  const kept = Object.entries(question.keep).map(([variable, field]) => [variable, fieldOf(values, field)] as const);
  return { outcome: 'answered', way, values: Object.fromEntries(kept) };
}

function fieldOf(values: Readonly<Record<string, string>>, field: string): string {
  const name = field.replace(/^\//u, '');
  return Object.hasOwn(values, name) ? (values[name] ?? '') : '';
}
