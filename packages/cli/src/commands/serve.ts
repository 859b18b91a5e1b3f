import { asterisk } from '@cordboard/adapters-asterisk';
import { freeswitch } from '@cordboard/adapters-freeswitch';
import { pbxRooms, pbxSerial, pbxSmdr } from '@cordboard/adapters-pbx-serial';
import { usbbox } from '@cordboard/adapters-usbbox';
import { createServer, type DriverRegistry } from '@cordboard/cti-server';
import { loadConfig } from '../config/load-config.js';
import { type CommandContext, type ExitCode, untilAborted, withFile } from './context.js';

/** Drivers that a JSON configuration may name. */
export const DRIVERS: DriverRegistry = {
  asterisk: (options) => asterisk(options as Parameters<typeof asterisk>[0]),
  freeswitch: (options) => freeswitch(options as Parameters<typeof freeswitch>[0]),
  'pbx-rooms': (options) => pbxRooms(options as Parameters<typeof pbxRooms>[0]),
  'pbx-serial': (options) => pbxSerial(options as Parameters<typeof pbxSerial>[0]),
  'pbx-smdr': (options) => pbxSmdr(options as Parameters<typeof pbxSmdr>[0]),
  usbbox: (options) => usbbox(options as Parameters<typeof usbbox>[0]),
};

/** Options of `cordboard serve`. */
export interface ServeOptions {
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
  readonly json?: 'json';
  /** How long calls may go on after the process was asked to end, ms. */
  readonly drainMs: number;
}

function withAddress(value: unknown, { port, host }: ServeOptions): unknown {
  if (typeof value !== 'object' || value === null || (port === undefined && host === undefined)) return value;
  const server = (value as { readonly server?: object }).server ?? {};
  return {
    ...value,
    server: { ...server, ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) },
  };
}

/** Runs a server until the process is asked to end. */
export async function serve(options: ServeOptions, context: CommandContext): Promise<ExitCode> {
  const { output, folder, signal } = context;
  const { file, value } = await loadConfig(options.config, folder);
  const server = await withFile(file, context, () => createServer(withAddress(value, options), { drivers: DRIVERS }));
  const address = await server.start();
  output.err(`cordboard: ${file}`);
  if (options.json === undefined) output.out(address.url);
  else output.out(JSON.stringify({ ready: true, url: address.url, ws: address.ws }));
  await untilAborted(signal);
  output.err('cordboard: stopping');
  await server.stop({ drain: options.drainMs > 0 ? 'drain' : 'now', timeoutMs: options.drainMs });
  return 0;
}
