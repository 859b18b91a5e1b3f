import * as z from 'zod';
import { wireError } from '../errors.js';
import type { Operation } from './operation.js';
import { OPERATION_IDS, operation } from './operations.js';

type Json = { [key: string]: unknown };

/** Gathers named schemas as components while operations are written. */
class Components {
  readonly schemas = new Map<string, Json>();

  /** The JSON schema of a zod schema; parts with an id become components. What a request may hold and what an answer holds differ by defaults. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const whole = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json;
    const { $schema: _dialect, $defs = {}, ...rest } = io === 'output' ? (open(whole) as Json) : whole;
    const renamed = (id: string): string => (io === 'input' && this.#differs(id, $defs as Json) ? `${id}Input` : id);
    const parts = new Map(Object.entries($defs as Record<string, Json>).map(([id, part]) => [id, part]));
    const names = new Map([...parts.keys()].map((id) => [id, renamed(id)]));
    for (const [id, part] of parts) this.schemas.set(names.get(id) ?? id, relink(part, names) as Json);
    return relink(rest, names) as Json;
  }

  #differs(id: string, parts: Json): boolean {
    const known = this.schemas.get(id);
    return known !== undefined && JSON.stringify(known) !== JSON.stringify(parts[id]);
  }
}

/** Answers may grow by fields: a client that refuses unknown ones would break at the next version. */
function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, item]) => !(key === 'additionalProperties' && item === false));
  return Object.fromEntries(kept.map(([key, item]) => [key, open(item)]));
}

/** Points references at the components of the document. */
function relink(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => relink(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key !== '$ref' || typeof item !== 'string') return [key, relink(item, names)];
      const id = item.replace('#/$defs/', '');
      return [key, `#/components/schemas/${names.get(id) ?? id}`];
    }),
  );
}

/** The OpenAPI 3.1 document of the REST interface, from the table of operations. The same input gives the same text. */
export function openApiDocument(version: string): Json {
  const components = new Components();
  components.of(wireError, 'output');
  const paths: Record<string, Json> = {};
  for (const id of OPERATION_IDS) {
    const one = operation(id);
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: describe(id, one, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cordboard',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Configuration, live state and records of a Cordboard server. Live events come over the WebSocket, see protocol.md.',
    },
    paths,
    components: {
      schemas: Object.fromEntries([...components.schemas].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: {
        Failure: {
          description: 'It did not go; `code` says why',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
    security: [{ bearer: [] }],
  };
}

function describe(id: string, one: Operation, components: Components): Json {
  const parameters = [...fields(one.params, 'path', components), ...fields(one.query, 'query', components)];
  return {
    operationId: id,
    summary: one.summary,
    tags: [one.tag],
    ...(one.roles === 'anyone' ? { security: [] } : { 'x-roles': one.roles }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(one.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: components.of(one.body, 'input') } },
          },
        }),
    ...(one.upload === undefined
      ? {}
      : { requestBody: { required: true, content: Object.fromEntries(one.upload.media.map((media) => [media, {}])) } }),
    responses: {
      [one.answer.status]: answerOf(one, components),
      ...(one.unwell === undefined ? {} : { 503: jsonOf(one.unwell, 'It does not; `status` says why', components) }),
      default: { $ref: '#/components/responses/Failure' },
    },
  };
}

function answerOf(one: Operation, components: Components): Json {
  const { answer } = one;
  if ('schema' in answer) return jsonOf(answer.schema, one.summary, components);
  if ('media' in answer) {
    const bytes = Object.fromEntries(answer.media.map((media) => [media, {}]));
    return { description: one.summary, content: bytes };
  }
  return { description: 'Done' };
}

function jsonOf(schema: z.ZodType, description: string, components: Components): Json {
  return { description, content: { 'application/json': { schema: components.of(schema, 'output') } } };
}

function fields(schema: z.ZodObject | undefined, place: 'path' | 'query', components: Components): Json[] {
  if (schema === undefined) return [];
  const whole = components.of(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(whole.properties ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || (whole.required ?? []).includes(name),
    schema: field,
  }));
}
