import { z } from 'zod';
import type { LineDeviceFactory } from './device/port.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `'250ms'`, `'20s'`, `'5m'`, or a number of milliseconds. */
const duration = z
  .union([
    z.number().nonnegative(),
    z.string().regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'a duration such as "250ms", "20s" or "5m"'),
  ])
  .transform((value) => {
    if (typeof value === 'number') return value;
    const [, amount = '0', unit = 'ms'] = /^([\d.]+)(ms|s|m|h)$/.exec(value) ?? [];
    return Number(amount) * (UNITS[unit] ?? 1);
  });

/** A duration of at least `min` and at most `max` ms. */
export const within = (min: number, max: number) =>
  duration.pipe(z.number().min(min, `at least ${min} ms`).max(max, `at most ${max} ms`));

const name = z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'letters, digits, dot, - and _, at most 32');

/** The tone of a country that a site has learnt, or that its PBX makes: Hz and lengths in ms, on and off in turn; an empty cadence is a tone without end. */
const learntTone = z.strictObject({
  hz: z.union([z.number().min(200).max(2_500), z.array(z.number().min(200).max(2_500)).min(1).max(2)]),
  cadence: z.array(z.number().min(20).max(10_000)).max(8).default([]),
});

/** How lines behave; given for all, and by each line for itself. */
const behaviour = {
  /** Country whose call-progress tones sound on the line, ISO 3166, such as `CN`. */
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .transform((text) => text.toUpperCase())
    .optional(),
  /** Tones that differ from the country's, as learnt: by their name (`dial`, `busy`, `ringback`, ...). */
  tones: z.record(z.string(), learntTone).optional(),
  /**
   * How long after its first ring a call is held back for its caller ID. The second ring ends the wait as well. FSK is complete 1.1-2.1 s after a
   * ring of 1 s (GR-30; rings 5 s apart), so that 4.5 s are enough. 0 to 20 s, default 4.5 s.
   */
  callerIdWaitMs: within(0, 20_000).optional(),
  /** Silence of the bell after which a caller has given up: more than the 4 s between two rings. 1 to 20 s, default 5,500 ms. */
  missedCallMs: within(1_000, 20_000).optional(),
  /** A shorter ring is a spike. 0 to 1 s, default 150 ms. */
  ringDebounceMs: within(0, 1_000).optional(),
  /** How long dial tone is waited for before the digits go out anyway. 0 to 20 s, default 3 s. */
  dialToneWaitMs: within(0, 20_000).optional(),
  /** Without dial tone: `dial` anyway, or `fail`. Default `dial`. */
  noDialTone: z.enum(['dial', 'fail']).optional(),
  /** Length of each dialled key. 40 to 1,000 ms, default 75. */
  digitToneMs: within(40, 1_000).optional(),
  /** Pause after each dialled key. 40 to 1,000 ms, default 75. */
  digitGapMs: within(40, 1_000).optional(),
  /** Length of a comma in a dialled number. 100 ms to 10 s, default 1 s. */
  pauseMs: within(100, 10_000).optional(),
  /**
   * Cycles of busy tone that tell a remote hang-up: 2 to 10, default 3. Two can be made by music or by a phone that beeps; five take
   * 3.5 s of everybody's time. Three are 2.1 s, and what is recorded of them is short.
   */
  busyCycles: z.number().int().min(2).max(10).optional(),
  /** Dial tone that lasts so long in a talk says that the PBX has let go of the other side. 1 to 30 s, default 4 s. */
  dialToneEndsMs: within(1_000, 30_000).optional(),
  /** Length of a hook flash. 40 to 1,000 ms, default 300. */
  flashMs: within(40, 1_000).optional(),
  /** Pause between a flash and the digits after it. 100 ms to 10 s, default 500 ms. */
  afterFlashMs: within(100, 10_000).optional(),
  /** Least time on-hook between two uses, so that no exchange takes a hang-up for a flash. 500 ms to 10 s, default 2 s. */
  onHookMs: within(500, 10_000).optional(),
  /** How long the line is off-hook to refuse a call. 100 ms to 5 s, default 500 ms. */
  refuseMs: within(100, 5_000).optional(),
  /**
   * Voice that nothing before it explains is taken for an answer (or an announcement) after so long. 500 ms to 30 s, default
   * 4 s: music in the place of ringback is known after 2 s.
   */
  voiceAnswerMs: within(500, 30_000).optional(),
  /** Pause after the last key dialled at a local phone that completes the number. 1 to 20 s, default 4 s. */
  dialDoneMs: within(1_000, 20_000).optional(),
  /** What a flash of a separate local phone does: nothing, or it is told as the digit `*`. Default `ignore`. */
  phoneFlash: z.enum(['ignore', 'tell']).optional(),
};

const device = z.union([
  z.custom<LineDeviceFactory>((value) => typeof value === 'function', 'a device, or an object with its "kind"'),
  z.looseObject({ kind: z.string().min(1).max(32) }),
]);

const line = z.strictObject({
  /** Address of the line: `line:<name>`. */
  name,
  /** The number that callers dial to reach it. Default none. */
  ownNumber: z
    .string()
    .regex(/^[0-9+*#]{0,32}$/)
    .default(''),
  /** Lines of the same trunk are taken in turn when `trunk:<name>` is dialled. */
  trunk: name.optional(),
  /** The box on this line: its `kind` with the options of that kind, or a factory. */
  device,
  /** The extension number of the local phone or headset, which makes it a seat. Without it what the phone does is seen and not told. */
  phone: z.strictObject({ extension: z.string().regex(/^[0-9*#]{1,16}$/) }).optional(),
  ...behaviour,
});

/**
 * Analog lines of one machine. Durations are text such as `'20s'`, or milliseconds.
 */
export const usbBoxOptions = z
  .strictObject({
    lines: z.array(line).min(1).max(128, 'at most 128 lines'),
    /** Folder of prompts: `<language>/<prompt>.wav`, else `<prompt>.wav`; digits and numbers in `<language>/digits/`. Default: no prompts. */
    prompts: z.string().min(1).optional(),
    /** Language of prompts that name none, and of numbers. Default `zh-CN`. */
    language: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,16}$/)
      .default('zh-CN'),
    /** Folder of recordings; made when it is absent. Without it the driver lacks `record`. */
    recordings: z.string().min(1).optional(),
    /** Folder of hold music: a file or folder by class, `default` where none is named. Without it a gentle tone sounds. */
    music: z.string().min(1).optional(),
    /** Most bytes of decoded prompts that are kept. 1 MB to 1 GB, default 64 MB. */
    promptCacheBytes: z.number().int().min(1e6).max(1e9).default(64e6),
    /** First and longest pause between attempts to open a device. */
    backoffFirst: within(10, 60_000).prefault('500ms'),
    backoffMax: within(10, 600_000).prefault('15s'),
    /** Bound of opening a device. 100 ms to 60 s. */
    openTimeout: within(100, 60_000).prefault('10s'),
    ...behaviour,
  })
  .superRefine((options, context) => {
    unique(
      'name',
      options.lines.map((one) => one.name),
      context,
    );
    unique(
      'phone',
      options.lines.flatMap((one) => one.phone?.extension ?? []),
      context,
    );
    const trunks = new Set(options.lines.flatMap((one) => one.trunk ?? []));
    options.lines.forEach((one, index) => {
      if (trunks.has(one.name) && one.trunk !== one.name)
        context.addIssue({ code: 'custom', path: ['lines', index, 'name'], message: 'is the name of a trunk as well' });
    });
  });

function unique(field: string, values: readonly string[], context: z.core.$RefinementCtx): void {
  values.forEach((value, index) => {
    if (values.indexOf(value) !== index)
      context.addIssue({ code: 'custom', path: ['lines', index, field], message: 'two lines have the same' });
  });
}

/** Options as a configuration writes them. */
export type UsbBoxOptionsInput = z.input<typeof usbBoxOptions>;
/** Checked options, durations in ms. */
export type UsbBoxOptions = z.output<typeof usbBoxOptions>;

/** How one line behaves: every figure decided, in ms. See the options of the same names. */
export interface LineTiming {
  readonly callerIdWaitMs: number;
  readonly missedCallMs: number;
  readonly ringDebounceMs: number;
  readonly dialToneWaitMs: number;
  readonly noDialTone: 'dial' | 'fail';
  readonly digitToneMs: number;
  readonly digitGapMs: number;
  readonly pauseMs: number;
  readonly busyCycles: number;
  readonly dialToneEndsMs: number;
  readonly flashMs: number;
  readonly afterFlashMs: number;
  readonly onHookMs: number;
  readonly refuseMs: number;
  readonly voiceAnswerMs: number;
  readonly dialDoneMs: number;
  readonly phoneFlash: 'ignore' | 'tell';
}

/** Sources: YD/T 1277 and GR-30 (rings and caller ID), the BriSDK header (missed call, dial, refuse), 2 s between uses from vendors' samples. */
export const DEFAULT_TIMING: LineTiming = {
  callerIdWaitMs: 4_500,
  missedCallMs: 5_500,
  ringDebounceMs: 150,
  dialToneWaitMs: 3_000,
  noDialTone: 'dial',
  digitToneMs: 75,
  digitGapMs: 75,
  pauseMs: 1_000,
  busyCycles: 3,
  dialToneEndsMs: 4_000,
  flashMs: 300,
  afterFlashMs: 500,
  onHookMs: 2_000,
  refuseMs: 500,
  voiceAnswerMs: 4_000,
  dialDoneMs: 4_000,
  phoneFlash: 'ignore',
};

/** One line, every figure decided: its own, else that of all lines, else the default. */
export type LineOptions = UsbBoxOptions['lines'][number];

/** The figures of one line. */
export function timingOf(options: UsbBoxOptions, one: LineOptions): LineTiming {
  const figures: Record<string, unknown> = { ...DEFAULT_TIMING };
  for (const key of Object.keys(DEFAULT_TIMING) as (keyof LineTiming)[]) {
    const value = one[key] ?? options[key];
    if (value !== undefined) figures[key] = value;
  }
  return figures as unknown as LineTiming;
}
