import {
  BACK,
  contentVersion,
  END,
  type IvrBounds,
  type IvrGraph,
  type IvrNode,
  type IvrPrompt,
  RETURN,
  type Say,
} from '@cordboard/cti-core';
import * as z from 'zod';
import { fromZodError } from './errors.js';
import { flowId } from './ids.js';

const HOUR_MS = 3_600_000;
const MAX_RULES = 200;
const MAX_FIELDS = 64;
const name = z
  .string()
  .max(512)
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.*#-]*$/u, 'expected a name: letters, digits, _ . - * #, at most 512');
const RESERVED: readonly string[] = [END, RETURN, BACK];
// What stands in `meta` beside words is what a refinement demands, for the JSON Schema.
const nodeName = name
  .refine((text) => !RESERVED.includes(text), 'expected a name other than END, RETURN, BACK')
  .meta({ not: { enum: RESERVED } });
const ref = name.meta({ id: 'IvrRef', description: 'Name of a node, END, RETURN or BACK' });
const variable = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/u, 'expected the name of a variable: a letter, then letters, digits, _ . -')
  .meta({ id: 'IvrVariable', description: 'Name of a variable' });
const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/u, "expected a language tag such as 'zh' or 'en-GB'");
const currency = z.string().regex(/^[A-Z]{3}$/u, "expected the letters of a currency such as 'CNY'");
const key = z.enum(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#']);
const menuKeys = z.partialRecord(z.union([key, z.templateLiteral([key, key])]), ref);
const zone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/u, "expected a time zone such as 'Asia/Shanghai'");
const ms = (max: number): z.ZodInt => z.int().min(0).max(max);
const time = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/u, "expected a time of day such as '09:00'");
const day = /\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/u.source;
const date = z
  .string()
  .regex(new RegExp(`^${day}(/${day})?$`, 'u'), "expected a date such as '2026-10-01' or '2026-10-01/2026-10-07'");
const number = z.string().min(1).max(40);
const id = z.string().min(1).max(64);
// A name within the voice library: a switch must not be led to other files or to addresses by it.
const file = z
  .string()
  .max(256)
  .regex(
    /^(?!.*\.\.)[\p{L}\p{N}_][\p{L}\p{N}_. /-]*$/u,
    "expected a file of the voice library such as 'front/menu', without '..'",
  );

const bargeIn = z.literal('none').exactOptional();

/** Schema of {@link Say}. */
export const ivrSay = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('prompt'), prompt: z.string().min(1).max(128), bargeIn }),
      z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(1000), bargeIn }),
      z.discriminatedUnion('as', [
        z.strictObject({ kind: z.literal('say'), variable, as: z.enum(['digits', 'number', 'date', 'time']) }),
        z.strictObject({ kind: z.literal('say'), variable, as: z.literal('money'), currency }),
      ]),
      z.strictObject({ kind: z.literal('recording'), variable }),
      z.strictObject({ kind: z.literal('silence'), forMs: ms(60_000) }),
    ]),
  )
  .max(64)
  .meta({ id: 'IvrSay', description: 'What is said, in order' }) satisfies z.ZodType<Say>;

const atMost = <K extends z.ZodString, V extends z.ZodType>(max: number, what: string, record: z.ZodRecord<K, V>) =>
  record
    .refine((given) => Object.keys(given).length <= max, `expected at most ${max.toLocaleString('en')} ${what}`)
    .meta({ maxProperties: max });
const ways = atMost(MAX_FIELDS, 'ways', z.record(id, ref));
const texts = (keys: z.ZodString, max = 1000) => atMost(MAX_FIELDS, 'fields', z.record(keys, z.string().max(max)));
const tries = z.int().min(1).max(10);
const tapered = z.array(ivrSay).min(1).max(10).exactOptional();
const rounds = {
  say: ivrSay,
  tries: tries.exactOptional(),
  timeoutMs: ms(HOUR_MS).exactOptional(),
  noInputSay: tapered,
  noMatchSay: tapered,
  noInput: ref,
  noMatch: ref,
};
const keyed = { ...rounds, interDigitMs: ms(HOUR_MS).exactOptional(), typeAhead: z.literal('discard').exactOptional() };
const boundMs = z.int().min(100).max(60_000).exactOptional();
const asking = {
  say: ivrSay.exactOptional(),
  timeoutMs: boundMs,
  tries: z.int().min(1).max(5).exactOptional(),
  keep: texts(variable, 256).exactOptional(),
  masked: z.array(variable).max(MAX_FIELDS).exactOptional(),
  failed: ref,
};
const hostCall = {
  ...asking,
  // The last `@` parts the version from the id.
  function: z
    .string()
    .max(128)
    .regex(/^[A-Za-z][A-Za-z0-9_./-]*@[A-Za-z0-9_.-]+$/u, "expected a function of the host such as 'price@1'"),
  pass: texts(z.string().min(1).max(64)).exactOptional(),
  ways,
};
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/u, 'expected the name of a header');

/** Schema of {@link IvrNode}. Fields that a node does not have are refused. */
export const ivrNode = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('play'),
      say: ivrSay,
      loop: z.int().min(1).max(99).exactOptional(),
      bargeIn: z.boolean().exactOptional(),
      next: ref,
    }),
    z.strictObject({
      type: z.literal('menu'),
      ...keyed,
      keys: menuKeys,
    }),
    z.strictObject({
      type: z.literal('collect'),
      ...keyed,
      variable,
      min: z.int().min(0).max(64),
      max: z.int().min(1).max(64),
      terminator: key.nullable().exactOptional(),
      pattern: z.string().max(200).exactOptional(),
      masked: z.boolean().exactOptional(),
      next: ref,
    }),
    z.strictObject({
      type: z.literal('hours'),
      calendar: id.exactOptional(),
      zone: zone.exactOptional(),
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
        .max(MAX_RULES),
      otherwise: ref,
    }),
    z.strictObject({ type: z.literal('mode'), mode: id, ways, otherwise: ref }),
    z.strictObject({
      type: z.literal('area'),
      rules: z
        .array(
          z.strictObject({
            prefixes: z
              .array(z.string().regex(/^\+[0-9]{1,15}$/u, "expected the beginning of an E.164 number such as '+8610'"))
              .max(500)
              .exactOptional(),
            province: id.exactOptional(),
            city: id.exactOptional(),
            carrier: id.exactOptional(),
            goTo: ref,
          }),
        )
        .max(MAX_RULES),
      otherwise: ref,
      timeoutMs: boundMs,
    }),
    z.strictObject({
      type: z.literal('list'),
      rules: z.array(z.strictObject({ list: id, goTo: ref })).max(MAX_RULES),
      otherwise: ref,
    }),
    z.strictObject({ type: z.literal('compute'), ...hostCall }),
    z.strictObject({ type: z.literal('query'), ...hostCall }),
    z.strictObject({
      type: z.literal('http'),
      ...asking,
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      url: z.string().min(1).max(2000),
      headers: texts(headerName).exactOptional(),
      body: texts(z.string().min(1).max(64)).exactOptional(),
      ways: atMost(
        MAX_FIELDS,
        'ways',
        z.record(z.string().regex(/^[1-5]([0-9]{2}|xx)$/u, "expected a status such as '200' or '2xx'"), ref),
      ),
      otherwise: ref,
    }),
    z.strictObject({
      type: z.literal('record'),
      say: ivrSay.exactOptional(),
      variable,
      maxMs: z.int().min(1000).max(HOUR_MS).exactOptional(),
      minMs: ms(HOUR_MS).exactOptional(),
      keys: z.array(key).max(12).exactOptional(),
      tone: z.literal('none').exactOptional(),
      box: id.exactOptional(),
      next: ref,
      empty: ref,
      failed: ref,
    }),
    z.strictObject({
      type: z.literal('message'),
      variable,
      does: z.enum(['discard', 'contact']),
      contact: variable.exactOptional(),
      next: ref,
    }),
    z.strictObject({ type: z.literal('score'), survey: id, variable, next: ref }),
    z.strictObject({
      type: z.literal('callback'),
      queue: id,
      variable: variable.exactOptional(),
      next: ref,
      refused: ref,
    }),
    z.strictObject({
      type: z.literal('listen'),
      ...rounds,
      timeoutMs: boundMs,
      variable,
      phrases: z.array(z.string().min(1).max(100)).max(500).exactOptional(),
      maxMs: z.int().min(1000).max(60_000).exactOptional(),
      next: ref,
      failed: ref,
    }),
    z.strictObject({
      type: z.literal('fax'),
      ...asking,
      document: z.string().min(1).max(256),
      variable: variable.exactOptional(),
      next: ref,
    }),
    z.strictObject({
      type: z.literal('orderDesk'),
      group: id,
      say: ivrSay.exactOptional(),
      maxMs: z.int().min(1000).max(HOUR_MS).exactOptional(),
      timeout: ref,
      failed: ref,
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
        z.strictObject({ kind: z.literal('group'), group: id }),
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
  ])
  .meta({ id: 'IvrNode', description: 'A node, by its type' }) satisfies z.ZodType<IvrNode>;

const prompt = z.union([
  file,
  z
    .strictObject({ file: file.exactOptional(), text: z.string().min(1).max(1000).exactOptional() })
    .refine((given) => given.file !== undefined || given.text !== undefined, 'expected a file, a text or both')
    .meta({ minProperties: 1 }),
]) satisfies z.ZodType<IvrPrompt>;

const bounds = z.strictObject({
  maxMs: z
    .int()
    .min(1000)
    .max(24 * HOUR_MS)
    .exactOptional(),
  depth: z.int().min(1).max(1000).exactOptional(),
  recordingNeeds: z.literal('consent').exactOptional(),
}) satisfies z.ZodType<IvrBounds>;

/** Schema of {@link IvrGraph}: the form of a flow. Whether its edges lead anywhere is the checker's question (`checkIvr`). */
export const ivrGraph = z
  .strictObject({
    format: z.literal('cordboard-ivr/1'),
    id: flowId,
    version: z.string().min(1).max(64),
    languages: z.array(language).min(1).max(16),
    start: nodeName,
    nodes: atMost(5000, 'nodes', z.record(nodeName, ivrNode)),
    prompts: atMost(10_000, 'prompts', z.record(z.string().min(1).max(128), z.record(language, prompt))),
    bounds: bounds.exactOptional(),
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
