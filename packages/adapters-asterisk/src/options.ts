import { DEFAULT_LINK_POLICY, type LinkPolicy } from '@cordboard/driver-kit';
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

/**
 * How to reach one Asterisk and how its dialplan is laid out. Durations are text such as `'20s'`.
 */
export const asteriskOptions = z.strictObject({
  /** ARI: the calls. `url` is `http(s)://host:port`; user and password are those of `ari.conf`. */
  ari: z.strictObject({
    url: z.url({ protocol: /^https?$/, error: 'an http or https URL such as "http://pbx:8088"' }),
    user: z.string().min(1).max(128),
    password: z.string().min(1).max(256),
  }),
  /** AMI: calls outside the application, only watched. Without it the driver lacks `observe`. */
  ami: z
    .strictObject({
      host: z.string().min(1),
      port: z.number().int().min(1).max(65_535).default(5_038),
      user: z.string().min(1).max(128),
      secret: z.string().min(1).max(256),
    })
    .optional(),
  /** Name of the Stasis application, as the dialplan calls it: `Stasis(cordboard)`. */
  app: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, - and _')
    .default('cordboard'),
  /** Dialplan context of calls that are given back (`redirect`). */
  context: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,80}$/)
    .default('cordboard-plain'),
  /** PJSIP endpoints that are trunks. Calls whose Stasis arguments begin with `trunk` teach the driver further ones. */
  trunks: z.array(z.string().min(1)).default([]),
  /** Dial strings. `{address}` is the device's, `{number}` the dialled number. */
  dial: z
    .strictObject({
      device: z.string().includes('{address}').default('PJSIP/{address}'),
      number: z.string().includes('{number}').default('PJSIP/{number}@{address}'),
    })
    .prefault({}),
  /** Put in front of the name of each prompt, such as `cordboard/`. */
  promptPrefix: z
    .string()
    .regex(/^[A-Za-z0-9_./-]{0,64}$/)
    .default(''),
  /** Longest time that a prompt may play before it is taken for stuck. 1 s to 1 h. */
  maxPlay: within(1_000, 3_600_000).prefault('10m'),
  /** Bound of connect and log-in. 100 ms to 60 s. */
  connectTimeout: within(100, 60_000).prefault('10s'),
  /** Silence after which the switch is asked for a sign of life. 100 ms to 10 min. */
  probeEvery: within(100, 600_000).prefault('15s'),
  /** Bound of that sign of life. 100 ms to 60 s. */
  probeTimeout: within(100, 60_000).prefault('5s'),
  /** First and longest pause between attempts to connect. */
  backoffFirst: within(10, 60_000).prefault('500ms'),
  backoffMax: within(10, 600_000).prefault('15s'),
  /** How long a phone that asked for a transfer (REFER) waits for what comes of it, before it is told that there is none. */
  transferWait: within(10, 60_000).prefault('5s'),
});

/** Options as a configuration writes them. */
export type AsteriskOptionsInput = z.input<typeof asteriskOptions>;
/** Checked options, durations in ms. */
export type AsteriskOptions = z.output<typeof asteriskOptions>;

/** How both links of the driver behave. */
export function linkPolicy(options: AsteriskOptions): LinkPolicy {
  return {
    ...DEFAULT_LINK_POLICY,
    connectTimeoutMs: options.connectTimeout,
    probeEveryMs: options.probeEvery,
    probeTimeoutMs: options.probeTimeout,
    backoffFirstMs: options.backoffFirst,
    backoffMaxMs: options.backoffMax,
  };
}
