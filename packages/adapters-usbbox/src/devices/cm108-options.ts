import { z } from 'zod';
import { CM108_INPUTS, type Cm108Input } from '../wire/cm108/report.js';

const INPUT_NAMES = Object.keys(CM108_INPUTS) as [Cm108Input, ...Cm108Input[]];

/** A pin that is driven. */
const output = z.strictObject({
  /** 1 to 4 on a CM108, 1 to 8 on a CM109 or CM119. */
  pin: z.number().int().min(1).max(8),
  /** Level that means yes. Default `high`. */
  active: z.enum(['high', 'low']).default('high'),
});

/** A bit that is watched. */
const input = z.strictObject({
  /** A GPIO pin, or one of the volume keys' pins where a box uses them to sense. */
  from: z.enum(INPUT_NAMES),
  /** Level that means yes. Default `high`. */
  active: z.enum(['high', 'low']).default('high'),
});

/** A pin that is driven, as checked. */
export type Cm108OutputPin = z.output<typeof output>;
/** A bit that is watched, as checked. */
export type Cm108InputBit = z.output<typeof input>;

/** Options of the device kind `cm108`. */
export const cm108Options = z
  .strictObject({
    kind: z.literal('cm108'),
    /** Path of the HID device, such as `/dev/hidraw0`. Default: the first C-Media box. */
    hid: z.string().min(1).max(256).optional(),
    /** ALSA's name of its sound card, as `arecord -L` lists it. Default `plughw:CARD=Device,DEV=0`, the first C-Media box. */
    card: z
      .string()
      .regex(/^[\w:=,.-]{1,128}$/, "ALSA's name of a card, such as plughw:CARD=Device,DEV=0")
      .default('plughw:CARD=Device,DEV=0'),
    /** Samples a second of the card: 8,000 to 48,000. Default 48,000. */
    rate: z.number().int().min(8_000).max(48_000).default(48_000),
    /** The relay that takes the line off-hook. Default pin 3, active high. */
    hook: output.prefault({ pin: 3 }),
    /** A relay that cuts the local phone off from the line; at rest the phone is joined, so that it works while the PC is off. Default: none. */
    cutPhone: output.optional(),
    /** Ringing voltage. Without it no call is seen to come in. Default: none. */
    ring: input.optional(),
    /** Silence of the ring bit that ends a ring: it follows the 25 Hz of the bell on many boxes. 50 to 1,000 ms, default 200. */
    ringHoldMs: z.number().int().min(50).max(1_000).default(200),
    /** Which way round the wires are; a change is told. Default: none. */
    polarity: input.optional(),
    /** The local phone is off-hook. Default: none. */
    phoneHook: input.optional(),
    /** The line has voltage. Default: none. */
    line: input.optional(),
    /** Does the box hear the line while on-hook? Without it there is no caller ID. Default `listens`. */
    listensOnHook: z.enum(['listens', 'deaf']).default('listens'),
  })
  .superRefine((options, context) => {
    const outputs = [options.hook, options.cutPhone].flatMap((each) => (each === undefined ? [] : `gpio${each.pin}`));
    const inputs = (['ring', 'polarity', 'phoneHook', 'line'] as const).flatMap((name) => options[name]?.from ?? []);
    const all = [...outputs, ...inputs];
    if (new Set(all).size < all.length) context.addIssue({ code: 'custom', message: 'two uses of the same pin' });
    if (options.cutPhone !== undefined && options.phoneHook === undefined)
      context.addIssue({ code: 'custom', path: ['phoneHook'], message: 'a phone that can be cut off needs its hook' });
  });

/** Checked options of a `cm108` device. */
export type Cm108Options = z.output<typeof cm108Options>;
