import type { Clock, HotelFacet, SwitchId } from '@cordboard/cti-core';
import { CtiError } from '@cordboard/cti-core';
import { z } from 'zod';
import type { RecordSink } from '../../options.js';
import { openSerial, openTcp } from '../../profile/index.js';
import type { OpenTransport } from '../../profile/transport.js';
import { rateBook, rateTableSchema } from '../../rating/table.js';
import { FIAS_CHARSETS } from '../fias/index.js';
import { HotelLedger, type LineFile } from '../ledger/index.js';
import { type FiasLinkOptions, listenTcp, PBX_DESCRIPTION, type TcpListener } from '../link/index.js';
import { openHotelRecords } from '../record-file.js';
import { roomsOf, roomTableSchema } from '../rooms.js';
import { type ClassTable, DEFAULT_CLASSES } from './desk-words.js';
import { HotelBridge, type HotelNotice } from './hotel-bridge.js';

const seconds = (min: number, max: number) => z.number().min(min).max(max);
const level = z.number().int().min(0).max(255);
const host = z.string().min(1).max(255);

const transport = z.union([
  z.strictObject({
    /** `/dev/ttyUSB1`, `COM4`. */
    port: z.string().min(1).max(256),
    /** Bd, 300 to 921,600, default 9,600. */
    baudRate: z.number().int().min(300).max(921_600).default(9_600),
    dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
    parity: z.enum(['none', 'even', 'odd', 'mark', 'space']).default('none'),
    stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
    flow: z.enum(['none', 'rtscts', 'xonxoff']).default('none'),
  }),
  /** The hotel's system listens; its usual port is 5010. */
  z.strictObject({ host, port: z.number().int().min(1).max(65_535) }),
  /** The hotel's system dials; 0: any free port. `host` default 127.0.0.1. */
  z.strictObject({
    listen: z.strictObject({ host: host.default('127.0.0.1'), port: z.number().int().min(0).max(65_535) }),
  }),
  /** Anything that opens a stream of bytes. */
  z.strictObject({
    open: z.custom<OpenTransport>((value) => typeof value === 'function', 'a function that opens a stream'),
    framing: z.enum(['serial', 'stream']),
    baudRate: z.number().int().min(0).max(921_600).default(9_600),
  }),
]);

/** What a site writes about its hotel's system. */
export const hotelOptions = z.strictObject({
  transport,
  /** `serial`: LRC, ACK and NAK; `stream`: none. Default: that of the transport. Some systems want `serial` on TCP too. */
  framing: z.enum(['serial', 'stream']).optional(),
  /** Of names. Default `windows-1252`. */
  charset: z.enum(FIAS_CHARSETS).default('windows-1252'),
  /** Zone of the hotel's clocks. */
  timeZone: z.string().max(64).refine(isTimeZone, 'a time zone such as "Asia/Shanghai"'),
  /** What the link description says: interface family (`IF`) and version (`V#`). Defaults `PB` and `1.0`. */
  family: z
    .string()
    .regex(/^[A-Z]{2}$/u)
    .default('PB'),
  version: z
    .string()
    .regex(/^[\d.]{1,20}$/u)
    .default('1.0'),
  rooms: roomTableSchema,
  /** Where the ledger and the hotel's record are kept. One process works with a folder. */
  folder: z.string().min(1),
  /** Classes of the PBX for `CS` 0-3 and for a room that is let. */
  classes: z
    .strictObject({ byLevel: z.tuple([level, level, level, level]), checkedIn: level.optional() })
    .default({ byLevel: [...DEFAULT_CLASSES.byLevel] }),
  charges: z
    .strictObject({
      /** Prices; without them the cost that the PBX counted. */
      rates: rateTableSchema.optional(),
      by: z.enum(['amount', 'pulses']).default('amount'),
      free: z.enum(['omit', 'post']).default('omit'),
      hideLast: z.number().int().min(0).max(32).default(0),
      outlet: z
        .string()
        .regex(/^[A-Za-z0-9]{1,8}$/u)
        .optional(),
    })
    .prefault({}),
  /** Largest posting number; default 99,999,999. */
  maxSequence: z.number().int().min(1_000).max(99_999_999).default(99_999_999),
  /** Form of the hotel's record; default `csv`. */
  record: z.enum(['csv', 'text', 'none']).default('csv'),
  resync: z.enum(['ask', 'never']).default('ask'),
  /** Wait for the answer to a posting before it is sent again, s. 1-600, default 20. */
  answerWithin: seconds(1, 600).default(20),
  /** Wait after an answer that asks for another try, s. 1-3,600, default 60. */
  againAfter: seconds(1, 3_600).default(60),
  /** Silence after which a sign of life is asked for, s. 5-600, default 60. */
  aliveEvery: seconds(5, 600).default(60),
  /** Serial: wait for ACK, s. 0.1-60, default 3. */
  ackWithin: seconds(0.1, 60).default(3),
});

/** Options as a site writes them. */
export type HotelOptionsInput = z.input<typeof hotelOptions>;
/** Options with every default in its place. */
export type HotelOptions = z.output<typeof hotelOptions>;

/** What {@link startHotelBridge} is given. */
export interface HotelBridgeSetup {
  /** As the site wrote them; they are checked here. */
  readonly options: HotelOptionsInput;
  /** The rooms' telephones: the facet `hotel` of a driver. */
  readonly pbx: HotelFacet;
  /** The switch that the rooms' extensions belong to. */
  readonly switchId: SwitchId;
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  readonly told: (notice: HotelNotice) => void;
  /** The disk of the ledger, default this machine's. */
  readonly openFile?: (path: string) => Promise<LineFile>;
}

/** A bridge that runs. */
export interface RunningHotelBridge extends AsyncDisposable {
  readonly bridge: HotelBridge;
  /** The port that the hotel's system dials, where it dials. */
  readonly port?: number;
  /**
   * Puts the bridge in front of where call records go: each record is charged before it is kept, so that a crash between both charges it once all the same.
   */
  records(sink: RecordSink): RecordSink;
  /** Ends the link, in order, and everything that waits; what is not through goes on at the next start. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a bridge between a hotel's system and a PBX.
 *
 * @throws {CtiError} `config.invalid` with the place of the first wrong entry; rejects with what the disk says of the folder, or the system of the port to listen on
 */
export async function startHotelBridge(setup: HotelBridgeSetup): Promise<RunningHotelBridge> {
  const checked = hotelOptions.safeParse(setup.options);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const path = (issue?.path ?? []).map(String).join('.');
    throw new CtiError(
      'config.invalid',
      `the hotel is wrong at ${path || 'its top'}: ${issue?.message ?? 'unreadable'}`,
      {
        details: { path, problems: checked.error.issues.length },
      },
    );
  }
  const { data } = checked;
  const { rates, outlet, ...rules } = data.charges;
  const { pbx, switchId, clock, random, told } = setup;
  const { link, listener } = linkOf(data);
  const [rooms, book] = [roomsOf(data.rooms), rates === undefined ? undefined : rateBook(rates)];
  const port = await listener?.listen();
  const ledger = await HotelLedger.open(data.folder, {
    maxSequence: data.maxSequence,
    ...(setup.openFile === undefined ? {} : { openFile: setup.openFile }),
  }).catch(async (error: unknown) => {
    await listener?.close();
    throw error;
  });
  const bridge = new HotelBridge({
    clock,
    random,
    timeZone: data.timeZone,
    switchId,
    pbx,
    rooms,
    ledger,
    link,
    classes: classesOf(data),
    charges: { ...rules, ...(book === undefined ? {} : { rates: book }), ...(outlet === undefined ? {} : { outlet }) },
    ...(data.record === 'none' ? {} : { records: openHotelRecords(data.folder, data.record) }),
    resync: data.resync,
    answerMs: data.answerWithin * 1_000,
    againMs: data.againAfter * 1_000,
    told,
  });
  bridge.start();
  const stop = async (): Promise<void> => {
    await bridge.stop();
    await listener?.close();
  };
  return {
    bridge,
    ...(port === undefined ? {} : { port }),
    records: (sink) => chargedFirst(sink, bridge),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

function classesOf({ classes: { byLevel, checkedIn } }: HotelOptions): ClassTable {
  return { byLevel, ...(checkedIn === undefined ? {} : { checkedIn }) };
}

function linkOf(options: HotelOptions): {
  readonly link: Omit<FiasLinkOptions, 'clock' | 'random' | 'timeZone' | 'sink' | 'role'>;
  readonly listener?: TcpListener;
} {
  const { transport: way, charset, aliveEvery, ackWithin } = options;
  const description = { ...PBX_DESCRIPTION, family: options.family, version: options.version };
  const common = { charset, description, timings: { aliveEveryMs: aliveEvery * 1_000, ackMs: ackWithin * 1_000 } };
  if ('listen' in way) {
    const listener = listenTcp(way.listen);
    return { link: { ...common, open: listener.open, framing: options.framing ?? 'stream', baudRate: 0 }, listener };
  }
  if ('open' in way) {
    return { link: { ...common, open: way.open, framing: options.framing ?? way.framing, baudRate: way.baudRate } };
  }
  if ('host' in way)
    return { link: { ...common, open: openTcp(way), framing: options.framing ?? 'stream', baudRate: 0 } };
  const { port, ...settings } = way;
  return {
    link: { ...common, open: openSerial(port, settings), framing: options.framing ?? 'serial', baudRate: way.baudRate },
  };
}

function chargedFirst(sink: RecordSink, bridge: HotelBridge): RecordSink {
  return {
    position: (store) => sink.position(store),
    async keep(records) {
      await Promise.all(records.map(({ store, record, smdr }) => bridge.charge(smdr, `${store}.${record}`)));
      await sink.keep(records);
    },
    ...(sink.missing === undefined ? {} : { missing: (from, to) => sink.missing?.(from, to) }),
  };
}
