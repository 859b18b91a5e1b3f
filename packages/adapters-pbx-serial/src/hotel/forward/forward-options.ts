import { CtiError, type DriverHost, type SwitchId } from '@cordboard/cti-core';
import { z } from 'zod';
import { type OpenTransport, openSerial, openTcp } from '../../profile/index.js';
import { formatSmdr } from '../../smdr/parser.js';
import type { SmdrRecord } from '../../smdr/record.js';
import { type ByteForward, forwardBytes } from './byte-forward.js';

/** Formats that tell seconds, as records of kts-1 do: others have no place for them. */
const FORWARD_FORMATS = ['shenou', 'ipoffice-csv'] as const;

/** Where a second port is: the hotel's or the billing system that reads call records by itself. */
const forwardTransport = z.union([
  z.strictObject({
    /** `/dev/ttyUSB2`, `COM5`. */
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

const limitBytes = z.number().int().min(1_024).max(67_108_864).default(262_144);

/** A second port that gets the same bytes. */
export const byteForwardOptions = z.strictObject({
  transport: forwardTransport,
  /** Most bytes that wait while it is away or slow, 1,024 to 64 Mi, default 256 Ki. */
  limitBytes,
});
/** A second port that gets each record as a line. */
export const recordForwardOptions = byteForwardOptions.extend({
  /** How lines are written. Default `shenou`. */
  format: z.enum(FORWARD_FORMATS).default('shenou'),
});
/** Options with every default in its place. */
export type ByteForwardOptions = z.output<typeof byteForwardOptions>;
/** Options with every default in its place. */
export type RecordForwardOptions = z.output<typeof recordForwardOptions>;
/** Options as a site writes them. */
export type RecordForwardInput = z.input<typeof recordForwardOptions>;

/** What a forward of a driver is started with. */
export interface ForwardHost {
  readonly host: DriverHost;
  readonly switchId: SwitchId;
}

/** How long what waits may still be sent when the driver ends, ms. */
export const FORWARD_DRAIN_MS = 2_000;

/** Begins to send bytes to the second port. Losses are logged by their size. */
export function startByteForward({ transport, limitBytes: most }: ByteForwardOptions, made: ForwardHost): ByteForward {
  const { host, switchId } = made;
  const { clock, random, log } = host;
  return forwardBytes({
    clock,
    random,
    open: openerOf(transport),
    limitBytes: most,
    lost: ({ droppedBytes, uncertainBytes }) =>
      log.warn('the second port does not get everything', { switchId, droppedBytes, uncertainBytes }),
    state: (state) => log.info('the second port', { switchId, state }),
  });
}

/** A second port that gets each record as a line. */
export interface RecordForward {
  /** Sends a record. One that the format has no place for is left out and logged. */
  send(record: SmdrRecord): void;
  /** Sends what waits for {@link FORWARD_DRAIN_MS} at most, and ends. May be called again. */
  stop(): Promise<void>;
}

/** Begins to send records to the second port. */
export function startRecordForward(options: RecordForwardOptions, made: ForwardHost): RecordForward {
  const forward = startByteForward(options, made);
  return {
    // The PBX's own word for how it ended is none of another format.
    send({ code: _code, ...record }) {
      let line: string;
      try {
        line = formatSmdr(options.format, record, {});
      } catch (error) {
        // A number too long for its column, a record without a start: whoever reads the lines would misread any other.
        const path = error instanceof CtiError ? String(error.details.path) : undefined;
        made.host.log.warn('a call record has no place in the format of the second port', {
          switchId: made.switchId,
          recordNo: record.recordNo,
          path,
        });
        return;
      }
      forward.write(Buffer.from(`${line}\r\n`, 'latin1'));
    },
    stop: () => forward.stop({ drainMs: FORWARD_DRAIN_MS }),
  };
}

function openerOf(transport: ByteForwardOptions['transport']): OpenTransport {
  if ('open' in transport) return transport.open;
  if ('host' in transport) return openTcp(transport);
  const { port, ...settings } = transport;
  return openSerial(port, settings);
}
