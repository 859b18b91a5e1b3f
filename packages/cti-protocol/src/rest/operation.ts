import type { Role } from '@cordboard/cti-core';
import type * as z from 'zod';

/** What an operation answers when it went well. */
export type Answer =
  | { readonly status: 200 | 201; readonly schema: z.ZodType }
  | { readonly status: 204 }
  /** Bytes, with range requests. */
  | { readonly status: 200; readonly media: readonly string[] };

/** One operation of the REST interface: the source of its route, its checks, its permission and its documentation. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  /** Roles that may; `anyone`: without a token. */
  readonly roles: readonly Role[] | 'anyone';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is bytes of one of these media types, at most so many. */
  readonly upload?: { readonly media: readonly string[]; readonly bytes: number };
  readonly answer: Answer;
  /** What is answered with 503 in place of an error, for questions about the server's own state. */
  readonly unwell?: z.ZodType;
}
