import { z } from 'zod';
import { recordForwardOptions } from '../hotel/forward/index.js';
import { NEC_PMS, type OpenTransport, openSerial, openTcp, SHENOU_USO } from '../profile/index.js';

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};

const serial = z.strictObject({
  /** `/dev/ttyUSB0`, `COM3`. */
  port: z.string().min(1).max(256),
  /** Bd. Default the profile's. */
  baudRate: z.number().int().min(300).max(115_200).optional(),
  dataBits: z.union([z.literal(7), z.literal(8)]).optional(),
  parity: z.enum(['none', 'even', 'odd', 'mark', 'space']).optional(),
  stopBits: z.union([z.literal(1), z.literal(2)]).optional(),
});
const tcp = z.strictObject({ host: z.string().min(1).max(255), port: z.number().int().min(1).max(65_535) });
const opener = z.strictObject({
  open: z.custom<OpenTransport>((value) => typeof value === 'function', 'a function that opens a stream'),
  /** Rate that timers reckon with; 0: none. Default the profile's. */
  baudRate: z.number().int().min(0).max(115_200).optional(),
});
const classOfService = z.number().int().min(0).max(9);

/** Options of {@link pbxRooms}. */
export const pbxRoomsOptions = z.strictObject({
  /** What the PBX speaks. */
  profile: z.enum(['shenou-uso', 'nec-pms']),
  transport: z.union([serial, tcp, opener]),
  /** Zone of the PBX, such as `Asia/Shanghai`: of its stamps. */
  timeZone: z.string().max(64).refine(isTimeZone, 'a time zone such as "Asia/Shanghai"'),
  /** Folder of the archive of its call records. Absent: they are told to nobody. */
  records: z.string().min(1).max(1_024).optional(),
  /** shenou-uso: class of a room that is taken, where a check-in brings none; class of one that is empty. Absent: such orders are refused. */
  guestClass: classOfService.optional(),
  vacantClass: classOfService.optional(),
  /** nec-pms: the family of messages that the PBX is set to. Default `60`. */
  model: z.enum(['60', '90']).default('60'),
  /** A second port that gets each call record as a line. */
  forward: recordForwardOptions.optional(),
});

/** Options as a site writes them. */
export type PbxRoomsInput = z.input<typeof pbxRoomsOptions>;
/** Options with every default in its place. */
export type PbxRoomsOptions = z.output<typeof pbxRoomsOptions>;

/** How the PBX is reached, and at which rate; 0: no line in between. */
export function wayTo({ transport, profile }: PbxRoomsOptions): {
  readonly open: OpenTransport;
  readonly baudRate: number;
} {
  const usual = (profile === 'nec-pms' ? NEC_PMS : SHENOU_USO).serial;
  if ('open' in transport) return { open: transport.open, baudRate: transport.baudRate ?? usual.baudRate };
  if ('host' in transport) return { open: openTcp(transport), baudRate: 0 };
  const { port, baudRate, dataBits, parity, stopBits } = transport;
  const settings = {
    ...usual,
    ...(baudRate === undefined ? {} : { baudRate }),
    ...(dataBits === undefined ? {} : { dataBits }),
    ...(parity === undefined ? {} : { parity }),
    ...(stopBits === undefined ? {} : { stopBits }),
  };
  return { open: openSerial(port, settings), baudRate: settings.baudRate };
}
