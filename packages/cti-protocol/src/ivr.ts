import { BACK, contentVersion, END, type IvrGraph, type IvrNode, RETURN, type Say } from '@cordboard/cti-core';
import * as z from 'zod';
import { fromZodError } from './errors.js';
import { flowId } from './ids.js';

const HOUR_MS = 3_600_000;
const name = z
  .string()
  .max(512)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.*#-]*$/u, 'expected a name: letters, digits, _ . - * #, at most 512');
const nodeName = name.refine(
  (text) => ![END, RETURN, BACK].includes(text),
  'expected a name other than END, RETURN, BACK',
);
const ref = name.meta({ description: 'name of a node, END, RETURN or BACK' });
const variable = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/u, 'expected the name of a variable: a letter, then letters, digits, _ . -');
const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/u, "expected a language tag such as 'zh' or 'en-GB'");
const currency = z.string().regex(/^[A-Z]{3}$/u, "expected the letters of a currency such as 'CNY'");
const key = z.enum(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#']);
const ms = (max: number): z.ZodInt => z.int().min(0).max(max);
const time = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/u, "expected a time of day such as '09:00'");
const day = /\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/u.source;
const date = z
  .string()
  .regex(new RegExp(`^${day}(/${day})?$`, 'u'), "expected a date such as '2026-10-01' or '2026-10-01/2026-10-07'");
const number = z.string().min(1).max(40);
// A name within the voice library: a switch must not be led to other files or to addresses by it.
const file = z
  .string()
  .max(256)
  .regex(
    /^(?!.*\.\.)[\p{L}\p{N}_][\p{L}\p{N}_. /-]*$/u,
    "expected a file of the voice library such as 'front/menu', without '..'",
  );

/** Schema of {@link Say}. */
export const ivrSay = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('prompt'), prompt: z.string().min(1).max(128) }),
      z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(1000) }),
      z.discriminatedUnion('as', [
        z.strictObject({ kind: z.literal('say'), variable, as: z.enum(['digits', 'number']) }),
        z.strictObject({ kind: z.literal('say'), variable, as: z.literal('money'), currency }),
      ]),
      z.strictObject({ kind: z.literal('silence'), forMs: ms(60_000) }),
    ]),
  )
  .max(64) satisfies z.ZodType<Say>;

const tries = z.int().min(1).max(10);
const asking = {
  say: ivrSay,
  tries: tries.exactOptional(),
  timeoutMs: ms(HOUR_MS).exactOptional(),
  noInput: ref,
  noMatch: ref,
};

/** Schema of {@link IvrNode}. Fields that a node does not have are refused. */
export const ivrNode = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('play'),
    say: ivrSay,
    loop: z.int().min(1).max(99).exactOptional(),
    bargeIn: z.boolean().exactOptional(),
    next: ref,
  }),
  z.strictObject({
    type: z.literal('menu'),
    ...asking,
    keys: z.partialRecord(key, ref),
    noInputSay: ivrSay.exactOptional(),
    noMatchSay: ivrSay.exactOptional(),
  }),
  z.strictObject({
    type: z.literal('collect'),
    ...asking,
    variable,
    min: z.int().min(0).max(64),
    max: z.int().min(1).max(64),
    terminator: key.nullable().exactOptional(),
    interDigitMs: ms(HOUR_MS).exactOptional(),
    pattern: z.string().max(200).exactOptional(),
    masked: z.boolean().exactOptional(),
    noMatchSay: ivrSay.exactOptional(),
    next: ref,
  }),
  z.strictObject({
    type: z.literal('hours'),
    calendar: z.string().min(1).max(64).exactOptional(),
    rules: z
      .array(
        z.strictObject({
          from: time.exactOptional(),
          to: time.exactOptional(),
          weekdays: z.array(z.int().min(1).max(7)).max(7).exactOptional(),
          dates: z.array(date).max(400).exactOptional(),
          dayKind: z.enum(['holiday', 'workday', 'ordinary']).exactOptional(),
          goTo: ref,
        }),
      )
      .max(200),
    otherwise: ref,
  }),
  z.strictObject({
    type: z.literal('queue'),
    queue: z.string().min(1).max(64),
    say: ivrSay.exactOptional(),
    priority: z.int().min(-1000).max(1000).exactOptional(),
    overflowAfterMs: ms(24 * HOUR_MS).exactOptional(),
    overflow: ref,
    full: ref.exactOptional(),
    returned: ref.exactOptional(),
  }),
  z.strictObject({
    type: z.literal('transfer'),
    to: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('extension'), number }),
      z.strictObject({ kind: z.literal('outside'), number, trunk: z.string().min(1).max(200).exactOptional() }),
      z.strictObject({ kind: z.literal('agent'), agent: z.string().min(1).max(64) }),
      z.strictObject({ kind: z.literal('variable'), variable, outside: z.literal('allowed').exactOptional() }),
    ]),
    say: ivrSay.exactOptional(),
    failedSay: ivrSay.exactOptional(),
    ringTimeoutMs: z.int().min(1000).max(300_000).exactOptional(),
    busy: ref,
    noAnswer: ref,
    failed: ref,
  }),
  z.strictObject({ type: z.literal('set'), assign: z.record(variable, z.string().max(1000)), next: ref }),
  z.strictObject({
    type: z.literal('subflow'),
    flow: z.string().min(1).max(64),
    results: z.record(z.string().min(1).max(64), ref),
    otherwise: ref,
  }),
  z.strictObject({ type: z.literal('return'), result: z.string().min(1).max(64) }),
  z.strictObject({ type: z.literal('language'), language, next: ref }),
  z.strictObject({ type: z.literal('hangup'), say: ivrSay.exactOptional() }),
]) satisfies z.ZodType<IvrNode>;

const entries = (max: number) => (record: object) => Object.keys(record).length <= max;

/** Schema of {@link IvrGraph}: the form of a flow. Whether its edges lead anywhere is the checker's question (`checkIvr`). */
export const ivrGraph = z
  .strictObject({
    format: z.literal('cordboard-ivr/1'),
    id: flowId,
    version: z.string().min(1).max(64),
    languages: z.array(language).min(1).max(16),
    start: nodeName,
    nodes: z.record(nodeName, ivrNode).refine(entries(5000), 'expected at most 5,000 nodes'),
    prompts: z
      .record(z.string().min(1).max(128), z.record(language, file))
      .refine(entries(10_000), 'expected at most 10,000 prompts'),
  })
  .meta({ id: 'IvrGraph', description: 'A flow of the IVR' }) satisfies z.ZodType<IvrGraph, unknown>;

/**
 * Reads a flow that came as plain data: from a JSON file, an editor, or a program. A flow without `version` gets a hash of its content.
 * @param path - where it stood, for the error
 * @throws {CtiError} `flow.invalid` with `path` and `expected`
 */
export function readIvrGraph(value: unknown, path = ''): IvrGraph {
  const isOpen = typeof value === 'object' && value !== null && !('version' in value);
  const checked = ivrGraph.safeParse(isOpen ? { ...value, version: 'none' } : value);
  if (!checked.success) throw fromZodError('flow.invalid', checked.error, path);
  return isOpen ? { ...checked.data, version: contentVersion(checked.data) } : checked.data;
}
