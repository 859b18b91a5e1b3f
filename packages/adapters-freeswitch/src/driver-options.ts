import { z } from 'zod';

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

/** A name of the switch's configuration: nothing that a command line of FreeSWITCH would read as a separator. */
const word = (what: string) => z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, `${what}: letters, digits, _ . -`);

/** A dial string without what would end it early; `{}` only around the two names. */
const dialString = (...names: readonly string[]) =>
  z
    .string()
    .max(256)
    .refine(
      (text) => names.every((name) => text.includes(`{${name}}`)),
      `must hold ${names.map((name) => `{${name}}`).join(' and ')}`,
    )
    .refine(
      (text) => /^[A-Za-z0-9_./:@;=+*#-]+$/.test(text.replace(/\{(address|number)\}/g, '')),
      'letters, digits and _ . / : @ ; = + * # - beside the names',
    );

/**
 * How to reach one FreeSWITCH and how its dialplan is laid out, see docs/freeswitch.md. Durations are text such as `'20s'`.
 */
export const freeswitchOptions = z.strictObject({
  /** The event socket (`event_socket.conf.xml`). `user` (as `8001@domain`) logs in by `userauth` with the rights of that user. */
  esl: z.strictObject({
    host: z.string().min(1).max(255),
    port: z.number().int().min(1).max(65_535).default(8_021),
    password: z
      .string()
      .min(1)
      .max(256)
      .regex(/^[^\r\n\0]*$/, 'one line of text'),
    user: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}@[A-Za-z0-9_.-]{1,128}$/, 'a user and its domain, such as "cti@pbx"')
      .optional(),
    /** TLS, where a proxy in front of the event socket offers it. */
    tls: z.strictObject({ ca: z.string().optional(), servername: z.string().optional() }).optional(),
  }),
  /** Watch other people's calls too. */
  observe: z.boolean().default(true),
  /** Dialplan context of calls that are given back (`redirect`). */
  context: word('context').default('default'),
  /** Extension in that context of calls from outside that are given back without a number: what happens when nobody takes a call. */
  fallback: word('fallback').default('cordboard-fallback'),
  /** Dialplan context that catches what a phone transfers, and parks it. */
  transferContext: word('transferContext').default('cordboard-transfer'),
  /** Profile of `conference.conf.xml` for bridges of three and more. */
  conferenceProfile: word('conferenceProfile').default('cordboard'),
  /** Dial strings. `{address}` is the device's, `{number}` the dialled number. */
  dial: z
    .strictObject({
      device: dialString('address').default('user/{address}'),
      number: dialString('address', 'number').default('sofia/gateway/{address}/{number}'),
    })
    .prefault({}),
  /** Put in front of the name of each prompt, such as `/usr/share/freeswitch/sounds/cordboard/`. */
  promptPrefix: z
    .string()
    .regex(/^[A-Za-z0-9_./-]{0,128}$/)
    .default('cordboard/'),
  /** Put behind the name of a prompt that has no ending. */
  promptEnding: z
    .string()
    .regex(/^(\.[A-Za-z0-9]{2,5})?$/)
    .default('.wav'),
  /** Languages that have a folder of their own below `promptPrefix`. */
  promptLanguages: z.array(word('language')).max(64).default([]),
  /** Language of spoken digits and numbers: `mod_say_<language>`. */
  sayLanguage: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .default('en'),
  /** Hold music when none is named: a stream of `local_stream.conf.xml`. */
  music: word('music').default('moh'),
  /** Recordings: `path` as the switch sees the folder, `readFrom` as this process sees it. Without `path`: `cordboard` in the switch's own recordings folder. */
  recordings: z
    .strictObject({
      path: z
        .string()
        .regex(/^\/(?!.*\.\.)[A-Za-z0-9_./-]{1,200}$/, 'an absolute path without blanks')
        .optional(),
      readFrom: z.string().min(1).optional(),
    })
    .prefault({}),
  /** Bytes that are decoded as this charset where they are no UTF-8. */
  charset: z.string().min(1).max(32).default('gb18030'),
  /** Events that wait while the reader is slow or the switch is asked for everything. Past it they are dropped and everything is asked for anew. */
  maxWaitingEvents: z.number().int().min(1).max(10_000_000).default(100_000),
  /** Longest time that a prompt may play before it is taken for stuck. 1 s to 1 h. */
  maxPlay: within(1_000, 3_600_000).prefault('10m'),
  /** Longest time that a phone's own transfer waits for the engine. 1 s to 5 min. */
  transferWait: within(1_000, 300_000).prefault('30s'),
  /** How long the dialplan may trust that this server lives, after its last word. 3 s to 5 min. */
  lease: within(3_000, 300_000).prefault('15s'),
  /** Bound of connect and log-in. 100 ms to 60 s. */
  connectTimeout: within(100, 60_000).prefault('10s'),
  /** Silence after which the switch is asked for a sign of life. 100 ms to 10 min. */
  probeEvery: within(100, 600_000).prefault('15s'),
  /** Bound of that sign of life. 100 ms to 60 s. */
  probeTimeout: within(100, 60_000).prefault('5s'),
  /** First and longest pause between attempts to connect. */
  backoffFirst: within(10, 60_000).prefault('500ms'),
  backoffMax: within(10, 600_000).prefault('15s'),
});

/** Options as a configuration writes them. */
export type FreeswitchOptionsInput = z.input<typeof freeswitchOptions>;
/** Checked options, durations in ms. */
export type FreeswitchOptions = z.output<typeof freeswitchOptions>;
