import type { RecordsFacet } from '@cordboard/cti-core';
import { z } from 'zod';
import type { PlacedRecord } from './map/records.js';
import type { OpenTransport } from './profile/index.js';

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

const within = (min: number, max: number) =>
  duration.pipe(z.number().min(min, `at least ${min} ms`).max(max, `at most ${max} ms`));

const name = z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'letters, digits, dot, - and _, at most 32');

const serial = z.strictObject({
  /** `/dev/ttyUSB0`, `COM3`. */
  port: z.string().min(1).max(256),
  /** Bd. 1,200 to 921,600, default 9,600. */
  baudRate: z.number().int().min(1_200).max(921_600).default(9_600),
  /** kts-bin/1 needs eight. Default 8. */
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd', 'mark', 'space']).default('none'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
  flow: z.enum(['none', 'rtscts', 'xonxoff']).default('none'),
});

const tcp = z.strictObject({
  /** A PBX with a network port, or a device server in front of its serial one. */
  host: z.string().min(1).max(255),
  /** 1 to 65,535, default 4,710. */
  port: z.number().int().min(1).max(65_535).default(4_710),
});

/** Anything that opens a stream of bytes. `baudRate` is the rate that timers reckon with; 0: none. */
const opener = z.strictObject({
  open: z.custom<OpenTransport>((value) => typeof value === 'function', 'a function that opens a stream'),
  baudRate: z.number().int().min(0).max(921_600).default(9_600),
});

/**
 * Where call records are kept. What it has kept the PBX may forget; a record that comes again (same `store` and `record`) is never handed to it twice in one
 * life of the host, and after another one only what comes after its `position`.
 */
export interface RecordSink {
  /** Number of the last record kept of this record memory of a PBX; `undefined` when none was. */
  position(store: number): Promise<number | undefined>;
  /**
   * Keeps records, all or none, in order, with the new position. When it resolves they are durable. When it rejects, the same records are handed to it again
   * a second later.
   */
  keep(records: readonly PlacedRecord[]): Promise<void>;
  /** Records that the PBX has lost: from and to, both among them. */
  missing?(from: number, to: number): void;
  /** What was kept. Where it is there, the driver has the facet `records`. */
  query?: RecordsFacet['query'];
}

const sink = z.custom<RecordSink>((value) => {
  const { position, keep } = (value ?? {}) as Partial<Record<keyof RecordSink, unknown>>;
  return typeof position === 'function' && typeof keep === 'function';
}, 'an object with position and keep');

const line = z.strictObject({
  /** Address of its device: `main:line:<name>`. Default the line's number. */
  name: name.optional(),
  /** The number by which it is reached from outside: the called number of what comes in on it. */
  number: z
    .string()
    .regex(/^\+?[0-9]{1,32}$/, 'digits, at most 32')
    .optional(),
  /** The group that it belongs to: device `main:trunk:<group>`. */
  trunk: name.optional(),
});

/** Options of {@link createPbxSerialDriver}. */
export const pbxSerialOptions = z
  .strictObject({
    /** What the PBX speaks. */
    profile: z.enum(['kts-bin/1', 'kts-ascii/1']),
    /** Where it is. */
    transport: z.union([serial, tcp, opener]),
    /** Which PBX of the line: 0 to 254; 255: the only one there is. Default 0. */
    node: z.number().int().min(0).max(255).default(0),
    /** Lines by the PBX's number, 1 to 255, that are called otherwise or belong to a group. */
    lines: z
      .record(z.string().regex(/^([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/, 'a line from 1 to 255'), line)
      .default({}),
    /** Park slots that the PBX has, 0 to 64, default 6. */
    slots: z.number().int().min(0).max(64).default(6),
    /** Zone of the PBX's own clock, of which its stamps are, such as `Asia/Shanghai`. Absent: its stamps are left out of events. */
    timeZone: z.string().max(64).refine(isTimeZone, 'a time zone such as "Asia/Shanghai"').optional(),
    /** Where call records go: a folder of monthly archives (see docs/smdr.md), or a store of yours. Absent: none are asked for, and the PBX keeps them. */
    records: z.union([z.string().min(1).max(1_024), sink]).optional(),
    /** A backup (see docs/pbx-programming.md) that the PBX is held against whenever its link has come up: what differs is logged. Absent: nothing is. */
    backup: z.string().min(1).max(1_024).optional(),
    /** First and longest pause before the link is tried again. Default 500 ms and 15 s, which is also the longest. */
    backoffFirst: within(100, 15_000).default(500),
    backoffMax: within(100, 15_000).default(15_000),
    /** Bound of opening the port and the PBX's first answer. 1 to 60 s, default 10 s. */
    connectTimeout: within(1_000, 60_000).default(10_000),
  })
  .refine(({ lines }) => hasOwnNames(lines), { path: ['lines'], message: 'two lines have the same name' })
  .refine(
    ({ profile, transport }) => profile !== 'kts-bin/1' || !('dataBits' in transport) || transport.dataBits === 8,
    {
      path: ['transport', 'dataBits'],
      message: 'kts-bin/1 needs 8 data bits',
    },
  )
  .refine(
    ({ profile, transport }) => profile !== 'kts-bin/1' || !('flow' in transport) || transport.flow !== 'xonxoff',
    {
      path: ['transport', 'flow'],
      message: 'kts-bin/1 needs a line that passes every byte',
    },
  );

/** Options as a site writes them. */
export type PbxSerialOptionsInput = z.input<typeof pbxSerialOptions>;
/** Options with every default in its place. */
export type PbxSerialOptions = z.output<typeof pbxSerialOptions>;

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** A name may be another line's number: then nobody could tell which is meant. */
function hasOwnNames(lines: Readonly<Record<string, { readonly name?: string | undefined }>>): boolean {
  const names = Object.entries(lines).map(([number, { name: own }]) => own ?? number);
  return new Set(names).size === names.length;
}
