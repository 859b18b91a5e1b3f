import { DEFAULT_SERIAL, openSerial } from '@cordboard/adapters-pbx-serial';
import { CtiError } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import {
  HotelFace,
  type HotelFaceOptions,
  type HotelScript,
  randomStream,
  readHotelScript,
} from '@cordboard/simulator';
import { loadConfig } from '../config/load-config.js';
import { type CommandContext, type ExitCode, untilAborted, withFile } from './context.js';

/** Options of `cordboard sim --hotel`. */
export interface SimHotelOptions {
  /** `tcp:PORT` (0: any free one), or the path of a serial port or pty. */
  readonly hotel: string;
  /** Address to listen on. */
  readonly host: string;
  readonly scenario?: string;
  /** Bd of a serial port, default 9,600. */
  readonly baud?: number;
  readonly seed?: number;
  readonly json?: 'json';
}

/** Two guests, and nothing that happens by itself. */
const DEFAULT_HOTEL: HotelScript = {
  guests: [
    { reservation: '1001', name: 'Smith', room: '101' },
    { reservation: '1002', name: 'Wang', room: '102' },
  ],
};

/** Runs a simulated hotel's system in real time until the process is asked to end. Every record is printed: `>` what it heard, `<` what it said. */
export async function simHotel(options: SimHotelOptions, context: CommandContext): Promise<ExitCode> {
  const { output, folder, signal } = context;
  const { hotel: where, host, baud = DEFAULT_SERIAL.baudRate, seed = 1, json } = options;
  const loaded = options.scenario === undefined ? undefined : await loadConfig(options.scenario, folder);
  const script = await withFile(loaded?.file ?? 'scenario', context, () =>
    loaded === undefined ? DEFAULT_HOTEL : readHotelScript(loaded.value),
  );
  const way = wayOf(where, { host, baudRate: baud, signal });
  const random = randomStream(seed, 'hotel');
  const face = new HotelFace({
    clock: systemClock,
    random: () => random.next(),
    framing: way.kind === 'tcp' ? 'stream' : 'serial',
    script,
    way,
    told: (direction, text) => {
      if (json === undefined) output.out(`${direction === 'in' ? '>' : '<'} ${text}`);
      else output.out(JSON.stringify({ [direction]: text }));
    },
  });
  const port = await face.listen();
  try {
    const at = port === undefined ? where : `tcp:${port}`;
    if (json === undefined) {
      output.err('The simulated hotel runs; Ctrl+C ends it.');
      output.out(`hotel ${at}`);
    } else output.out(JSON.stringify({ ready: true, hotel: port === undefined ? { path: where } : { port } }));
    await untilAborted(signal);
  } finally {
    await face.close();
    for (const { sequence, room, amount, status } of face.hotel.charges) {
      const line = { sequence, room, amount, status };
      output.out(
        json === undefined
          ? `bill ${sequence} room ${room}: ${amount ?? ''} ${status}`
          : JSON.stringify({ charge: line }),
      );
    }
  }
  return 0;
}

function wayOf(
  where: string,
  { host, baudRate, signal }: { readonly host: string; readonly baudRate: number; readonly signal: AbortSignal },
): HotelFaceOptions['way'] {
  if (!where.startsWith('tcp:')) {
    const open = openSerial(where, { ...DEFAULT_SERIAL, baudRate });
    return { kind: 'port', open: () => open(signal) };
  }
  const digits = where.slice('tcp:'.length);
  const port = Number(digits);
  if (!/^\d{1,5}$/u.test(digits) || port > 65_535) {
    throw new CtiError('argument.invalid', 'expected tcp:PORT or the path of a serial port', {
      details: { path: '--hotel' },
    });
  }
  return { kind: 'tcp', host, port };
}
