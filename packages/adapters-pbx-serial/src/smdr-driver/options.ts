import { z } from 'zod';
import { byteForwardOptions } from '../hotel/forward/index.js';
import type { OpenTransport } from '../profile/index.js';
import { csvTableSchema, SMDR_FORMATS } from '../smdr/options.js';

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};

const transport = z.union([
  z.strictObject({
    /** `/dev/ttyUSB0`, `COM3`. */
    port: z.string().min(1).max(256),
    /** Bd, 300 to 921,600, default 9,600. */
    baudRate: z.number().int().min(300).max(921_600).default(9_600),
    dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
    parity: z.enum(['none', 'even', 'odd', 'mark', 'space']).default('none'),
    stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
    flow: z.enum(['none', 'rtscts', 'xonxoff']).default('none'),
  }),
  z.strictObject({ host: z.string().min(1).max(255), port: z.number().int().min(1).max(65_535) }),
  z.strictObject({
    open: z.custom<OpenTransport>((value) => typeof value === 'function', 'a function that opens a stream'),
  }),
]);

/** Options of {@link pbxSmdr}. */
export const pbxSmdrOptions = z
  .strictObject({
    /** How the PBX writes its records. */
    format: z.enum(SMDR_FORMATS),
    transport,
    /** Zone of the PBX, such as `Asia/Shanghai`: of its stamps. */
    timeZone: z.string().max(64).refine(isTimeZone, 'a time zone such as "Asia/Shanghai"'),
    /** Folder of the archive. */
    records: z.string().min(1).max(1_024),
    /** Order of day, month and year, as the installer set it. Default the format's. */
    dateOrder: z.enum(['mdy', 'dmy', 'ymd']).optional(),
    /** What the stamps tell. Default the format's. */
    clock: z.enum(['start', 'end']).optional(),
    /** Digits of the currency below its unit, 0 to 4, default 2. */
    minorDigits: z.number().int().min(0).max(4).optional(),
    /** `dbs` only: the family. */
    variant: z.enum(['824', '576']).optional(),
    /** `generic-csv` only, and there required: what its columns hold. */
    table: csvTableSchema.optional(),
    /** A carriage return so many seconds after each opening, for buffers that wait for one. Default: nothing is ever sent. */
    wakeAfter: z.number().min(0).max(600).optional(),
    /** A second port that gets every byte as it came. */
    forward: byteForwardOptions.optional(),
  })
  .refine(({ format, table }) => (format === 'generic-csv') === (table !== undefined), {
    path: ['table'],
    message: 'generic-csv needs the table of its columns, and no other format has one',
  })
  .refine(({ format, wakeAfter }) => format !== 'kx-td' || wakeAfter === undefined || wakeAfter >= 10, {
    path: ['wakeAfter'],
    message: 'kx-td must not get a carriage return within 10 s',
  });

/** Options as a site writes them. */
export type PbxSmdrInput = z.input<typeof pbxSmdrOptions>;
/** Options with every default in its place. */
export type PbxSmdrOptions = z.output<typeof pbxSmdrOptions>;
