import { z } from 'zod';
import { charsetOf, DEFAULT_FALLBACK_CHARSET } from './wire/charset.js';

/** `'250ms'`, `'20s'`, `'5m'`, or a number of milliseconds. */
const duration = z
  .union([
    z.number().nonnegative(),
    z.string().regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'a duration such as "250ms", "20s" or "5m"'),
  ])
  .transform((value) => {
    if (typeof value === 'number') return value;
    const [, amount = '0', unit = 'ms'] = /^([\d.]+)(ms|s|m|h)$/.exec(value) ?? [];
    return Number(amount) * ({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit] ?? 1);
  });

const within = (min: number, max: number) =>
  duration.pipe(z.number().min(min, `at least ${min} ms`).max(max, `at most ${max} ms`));

const secret = z
  .string()
  .max(256)
  .regex(/^[^\r\n\0]*$/, 'one line');
const word = z
  .string()
  .max(128)
  .regex(/^[^\s\x00-\x1f\x7f]+$/, 'one word');

/** What every ESL connection has, dialled or taken. */
export const eslCaps = {
  /** Charset of values that are not UTF-8, by its label in the Encoding standard, such as `gbk`, `big5` or `windows-1252`. */
  charset: z
    .string()
    .refine((label) => charsetOf(label) !== undefined, 'a charset of the Encoding standard, such as "gb18030"')
    .default(DEFAULT_FALLBACK_CHARSET),
  /** Longest header block. 1 KiB to 16 MiB. */
  maxHeaderBytes: z
    .number()
    .int()
    .min(1 << 10)
    .max(16 << 20)
    .default(1 << 20),
  /** Longest body. 1 KiB to 1 GiB. */
  maxBodyBytes: z
    .number()
    .int()
    .min(1 << 10)
    .max(1 << 30)
    .default(64 << 20),
  /** Events, and their bytes, that wait for a slow reader before further ones are dropped. */
  maxQueuedEvents: z.number().int().min(1).max(10_000_000).default(100_000),
  maxQueuedBytes: z
    .number()
    .int()
    .min(64 << 10)
    .max(2 ** 32)
    .default(256 << 20),
  /** Commands whose answer has not come. 1 to 100,000. */
  maxPending: z.number().int().min(1).max(100_000).default(1_000),
};

/** How to reach one FreeSWITCH by its event socket, and what to hear from it. Durations are text such as `'20s'`. */
export const eslOptions = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.number().int().min(1).max(65_535).default(8_021),
  /** Password of `event_socket.conf.xml`, or the user's. */
  password: secret,
  /** `name@domain` of a user of the directory, who may do what `esl-allowed-*` there says. Without it the log-in has all rights. */
  user: word.optional(),
  /** `true`, or options of `node:tls`, where a proxy before FreeSWITCH speaks TLS. */
  tls: z.union([z.boolean(), z.record(z.string(), z.unknown())]).default(false),
  /** Events to hear, by name; `ALL` for every one. `BACKGROUND_JOB` is added. */
  events: z.array(word).default([]),
  /** Subclasses of `CUSTOM` events to hear, such as `sofia::register`. */
  custom: z.array(word).default([]),
  /** In what form events come. Plain costs the least to read. */
  format: z.enum(['plain', 'json', 'xml']).default('plain'),
  /**
   * Only events of which a header has a value pass, such as `['Unique-ID', uuid]`; a value `/.../` is a regular expression. With several,
   * one that fits is enough.
   */
  filters: z.array(z.tuple([word, secret.min(1)])).default([]),
  ...eslCaps,
  /** Bound of connect and log-in. 100 ms to 60 s. */
  connectTimeout: within(100, 60_000).prefault('10s'),
  /** Silence after which FreeSWITCH is asked for a sign of life. 100 ms to 10 min. */
  probeEvery: within(100, 600_000).prefault('15s'),
  /** Bound of that sign of life. 100 ms to 60 s. */
  probeTimeout: within(100, 60_000).prefault('5s'),
  /** First and longest pause between attempts to connect. */
  backoffFirst: within(10, 60_000).prefault('500ms'),
  backoffMax: within(10, 600_000).prefault('15s'),
});

/** Options of an ESL connection as a configuration writes them. */
export type EslOptionsInput = z.input<typeof eslOptions>;
/** Checked options, durations in ms. */
export type EslOptions = z.output<typeof eslOptions>;

/** How to take the connections that FreeSWITCH's `socket` application opens. */
export const eslServerOptions = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 for any free one. */
  port: z.number().int().min(0).max(65_535).default(8_084),
  /** How long FreeSWITCH keeps the connection after the call has ended, so that its last events are heard. 0 to 60 s. */
  linger: within(0, 60_000).prefault('5s'),
  /** Calls at a time; a further one is turned away at once, and its dialplan goes on. 1 to 100,000. */
  maxCalls: z.number().int().min(1).max(100_000).default(5_000),
  /** Bound of the first commands on a new connection. 100 ms to 20 s, since FreeSWITCH waits for 25 s. */
  connectTimeout: within(100, 20_000).prefault('5s'),
  ...eslCaps,
});

/** Options of an ESL server as a configuration writes them. */
export type EslServerOptionsInput = z.input<typeof eslServerOptions>;
/** Checked options, durations in ms. */
export type EslServerOptions = z.output<typeof eslServerOptions>;
