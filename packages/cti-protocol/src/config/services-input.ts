import * as z from 'zod';
import { duration } from './duration.js';

const text = (max: number): z.ZodString => z.string().min(1).max(max);
const DAY_MS = 86_400_000;

const ORIGIN = "expected an origin such as 'https://api.example.com'";
/** Scheme, host and port of an HTTP service: what stands in an allow-list. */
const origin = z
  .string()
  .max(300)
  .refine((value) => {
    try {
      const url = new URL(value);
      return /^https?:$/u.test(url.protocol) && (url.href === value || url.href === `${value}/`) && bare(url);
    } catch {
      return false;
    }
  }, ORIGIN)
  .transform((value) => new URL(value).origin);

const bare = (url: URL): boolean =>
  url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';

/**
 * A service that flows may ask. As a text: reached only at public addresses, unless the origin itself is an address. `network: 'private'`: the name may also
 * lead to loopback, private and link-local addresses.
 */
const allowed = z.union(
  [
    origin.transform((value) => ({ origin: value, network: 'public' as const })),
    z.strictObject({ origin, network: z.enum(['public', 'private']).default('public') }),
  ],
  { error: `${ORIGIN}, or { origin, network: 'private' }` },
);

const code = (what: string) =>
  z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', { error: `expected ${what}` });

/** Where a secret's value comes from, and which of the allowed services it may be sent to; default: all of them. */
const secret = z
  .strictObject({
    /** Name of an environment variable. */
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/u, 'expected the name of an environment variable')
      .exactOptional(),
    /** A file whose text, without white space around it, is the value. */
    file: text(4096).exactOptional(),
    for: z.array(origin).min(1).max(100).exactOptional(),
  })
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), 'expected either env or file');

/** What flows ask of the world outside. Nothing may be asked that does not stand here. */
export const ivrInput = z.strictObject({
  http: z.strictObject({ allow: z.array(allowed).max(1000).default([]) }).exactOptional(),
  /** By the name that stands in a header as `{secret.NAME}`. */
  secrets: z
    .record(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/u, 'expected a name of 1-64 letters, digits, _ or -'), secret)
    .exactOptional(),
  /** Where numbers belong: a file of lines `prefix,province,city,carrier`, or a function. */
  area: z
    .union([code('a function'), z.strictObject({ file: text(4096) })], { error: 'expected a function, or { file }' })
    .exactOptional(),
  speech: z
    .strictObject({
      /** Words of a recording: a function of the recording's bytes. */
      recognise: code('a function').exactOptional(),
      /** Sound of words: a function that gives WAV or raw µ-law. */
      synthesise: code('a function').exactOptional(),
      /** A name that `synthesise` is given; part of what its results are kept under. */
      voice: text(128).exactOptional(),
      /** Bound of one answer of `synthesise`; default 4 s. Nobody hears anything meanwhile. */
      timeout: duration(100, 15_000).exactOptional(),
    })
    .exactOptional(),
  /** Sends a document to a number. */
  fax: code('a function').exactOptional(),
  /** Days that a message in a voice box is kept; default: as recordings. */
  messageRetentionDays: z.int().min(1).max(3660).exactOptional(),
});

/** Functions that flows run, by `id@version`. */
export const functionsInput = z
  .record(
    z.string().regex(/^[A-Za-z0-9_.-]{1,64}@[A-Za-z0-9_.-]{1,32}$/u, "expected a name such as 'find-order@1'"),
    code('a function'),
  )
  .refine((functions) => Object.keys(functions).length <= 1000, 'expected at most 1000 functions');

/** The voice library. */
export const voiceInput = z.strictObject({
  /** Folder of the files that switches play; default `voice` of the data folder. A switch must be able to read it. */
  folder: text(4096).exactOptional(),
  /** The same folder as the switch sees it, when it is mounted there under another name. */
  seenAs: z
    .string()
    .max(100)
    .regex(/^\/[A-Za-z0-9_./-]*$/u, 'expected an absolute path')
    .exactOptional(),
  /** How long the sound of words is kept after its last use; default `720h`. */
  speechKeep: duration(3_600_000, 3660 * DAY_MS).exactOptional(),
  /** Bytes of such sounds that are kept at most; default 512 MiB. */
  speechBytes: z.int().min(1_048_576).max(1_099_511_627_776).exactOptional(),
});

const handle = z
  .strictObject({
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/u)
      .exactOptional(),
    file: text(4096).exactOptional(),
  })
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), 'expected either env or file');

/** Voice boxes by name (R6). */
export const boxesInput = z
  .record(
    text(64),
    z.strictObject({
      /** 4-12 digits, or where they come from. Without one the box is opened by no telephone. */
      pin: z
        .union([z.string().regex(/^[0-9]{4,12}$/u), handle], { error: 'expected 4-12 digits, { env } or { file }' })
        .exactOptional(),
      /** Calls this number when a message comes, and puts who answers into this flow, which should ask for the PIN. */
      callOut: z
        .strictObject({
          number: z.string().regex(/^[+0-9*#, -]{1,40}$/u, 'expected a number to dial'),
          flow: text(64),
          /** Calls in all until the new messages were heard, 1-10; default 3. */
          tries: z.int().min(1).max(10).default(3),
          /** Time between two calls; default `15m`. */
          every: duration(60_000, DAY_MS).default(900_000),
        })
        .transform(({ every, ...rest }) => ({ ...rest, everyMs: every }))
        .exactOptional(),
    }),
  )
  .refine((boxes) => Object.keys(boxes).length <= 1000, 'expected at most 1000 boxes');
