import { CtiError } from '@cordboard/cti-core';
import { z } from 'zod';
import type { SerialOpener } from './serial.js';

const command = z.string().regex(/^AT[\x20-\x7e]{0,62}$/, 'a command that begins with AT, at most 64 characters');

/** The options of a line with `device: { kind: 'v253', ... }`. */
export const v253Options = z.strictObject({
  kind: z.literal('v253'),
  /** The tty: `/dev/ttyACM0`, `/dev/serial/by-id/...`, `COM3`. */
  path: z.string().min(1).max(256).optional(),
  /** Something else that opens the port, in the place of `path`. */
  open: z.custom<SerialOpener>((value) => typeof value === 'function', 'a function that opens a port').optional(),
  /** Speed of the port. More than ten times the rate of samples: 8-bit sound at 8,000 samples a second takes 80,000. Default 115,200. */
  baudRate: z.number().int().min(76_800).max(921_600).default(115_200),
  /** `hardware` RTS/CTS, or `none`. Default `hardware`. */
  flow: z.enum(['hardware', 'none']).default('hardware'),
  /** Country as T.35 numbers it, two hex digits for `AT+GCI=`: China 26, USA B5. Default: the modem's own setting is kept. */
  country: z
    .string()
    .regex(/^[0-9A-Fa-f]{2}$/, 'two hex digits')
    .optional(),
  /** Commands after those that every modem gets; what they answer is not looked at. */
  init: z.array(command).max(16).default([]),
  /** Sound that is asked for. Default: the best that the modem lists. */
  sound: z
    .strictObject({
      coding: z.enum(['unsigned', 'signed', 'ulaw', 'alaw']).optional(),
      rate: z.number().int().min(6_000).max(48_000).optional(),
      /** The first figure of `AT+VSM=`, for modems that do not list theirs; `coding` and `rate` are needed with it. */
      method: z.number().int().min(0).max(255).optional(),
    })
    .default({}),
  /** `half`, `full` (`+VTR`), or what the modem says. Default `ask`. */
  duplex: z.enum(['ask', 'half', 'full']).default('ask'),
  /** `formatted` (`+VCID=1`), `raw` (`+VCID=2`, which keeps names in Chinese as they are), or `none`. Default `raw`. */
  callerId: z.enum(['raw', 'formatted', 'none']).default('raw'),
  /** Who dials: the modem (`ATDT`), or keys that are played. Default `modem`. */
  dials: z.enum(['modem', 'sound']).default('modem'),
  /**
   * Who watches what becomes of a dialled call: our signal code on the sound of the line (`sound`), or the modem, whose result codes and event
   * codes are believed (`modem`). Default `sound`.
   */
  progress: z.enum(['sound', 'modem']).default('sound'),
  /** So many codes of the same tone are believed. 1 to 10, default 2. */
  toneCodes: z.number().int().min(1).max(10).default(2),
  /** The modem gives the sound of the line while on-hook, so that caller ID by DTMF can be heard. Default `deaf`. */
  listensOnHook: z.enum(['deaf', 'listens']).default('deaf'),
  /** A telephone in the modem's own socket, or beside it on the line, whose hook the modem tells. Default `none`. */
  phone: z.enum(['none', 'parallel']).default('none'),
  /** The line is seized with `AT+VLS=1` (`vls`), or an incoming call is taken with `ATA` (`ata`). Default `vls`. */
  answer: z.enum(['vls', 'ata']).default('vls'),
  /** What ends `+VRX`: `DLE !` of V.253, or `DLE ESC` of older modems. Default `!`. */
  stopHearing: z.enum(['!', 'esc']).default('!'),
  /** Silence after which the modem's `s` or `q` is believed to be the far end's hang-up, in tenths of a second; 0: never. Default 0. */
  silenceEnds: z.number().int().min(0).max(255).default(0),
  /** Seconds without anything from us after which the modem hangs up by itself (`+VIT`). 0 to 255, default 60. */
  inactivity: z.number().int().min(0).max(255).default(60),
  /** Bound of every command but dialling, ms. 200 to 20,000, default 3,000. */
  commandTimeoutMs: z.number().int().min(200).max(20_000).default(3_000),
  /** A modem that nobody uses is asked so often whether it is there, ms. 1 s to 10 min, default 30 s. */
  probeMs: z.number().int().min(1_000).max(600_000).default(30_000),
});

/** As {@link v253Options} gives them, every default filled in. */
export type V253Options = z.output<typeof v253Options>;

/**
 * Checks the options of a modem.
 * @throws {CtiError} `config.invalid`
 */
export function checkV253Options(input: Readonly<Record<string, unknown>>): V253Options {
  const parsed = v253Options.safeParse(input);
  const problem = parsed.success
    ? parsed.data.path === undefined && parsed.data.open === undefined
      ? 'path: the serial port of the modem is missing'
      : parsed.data.sound.method !== undefined &&
          (parsed.data.sound.coding === undefined || parsed.data.sound.rate === undefined)
        ? 'sound.method: coding and rate are needed with it'
        : undefined
    : `${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? 'is wrong'}`;
  if (!parsed.success || problem !== undefined)
    throw new CtiError('config.invalid', `device v253, ${problem ?? 'is wrong'}`, { details: { kind: 'v253' } });
  return parsed.data;
}
