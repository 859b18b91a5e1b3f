import {
  createPbxSerialDriver,
  DeviceKeypadLine,
  type KeypadModel,
  KeypadProgramming,
  type PbxSerialOptionsInput,
  type RestrictionTables,
} from '@cordboard/adapters-pbx-serial';
import { DEVICE_KINDS } from '@cordboard/adapters-usbbox';
import {
  asId,
  type ClockFacet,
  CtiError,
  type DriverEvent,
  type Logger,
  type ProgrammingFacet,
  type SwitchId,
} from '@cordboard/cti-core';
import { readServerConfig } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import type { CommandContext } from '../commands/context.js';
import { loadConfig } from '../config/load-config.js';

/** Where a PBX is, what it speaks, and where its password comes from. */
export interface ConnectOptions {
  readonly profile: 'kts-bin/1' | 'kts-ascii/1' | 'ws824-keypad';
  readonly config?: string;
  readonly switch?: string;
  readonly port?: string;
  readonly baud?: number;
  readonly tcp?: { readonly host: string; readonly port: number };
  readonly node?: number;
  readonly modem?: string;
  readonly model: KeypadModel;
  readonly enter?: string;
  readonly tables?: RestrictionTables;
  readonly passwordArgument?: string;
  readonly passwordFile?: string;
  readonly json?: 'json';
}

/** A PBX that answers. */
export interface ConnectedPbx {
  readonly facet: ProgrammingFacet;
  /** Absent where its line cannot tell the time. */
  readonly clock?: ClockFacet;
  /** Where it is programmed by its keypad. */
  readonly keypad?: KeypadProgramming;
  readonly profile: string;
  close(): Promise<void>;
}

/** A PBX that is there answers the first HELLO in well under this. */
const CONNECT_MS = 15_000;
const DRIVER = 'pbx-serial';

/** The command line tells of errors; what a driver notes on the way there is of no use to it. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * Opens the way to a PBX and waits until it answers.
 *
 * @throws {CtiError} `argument.invalid` no port, or several; `driver.linkLost` it does not answer, with what was seen; `config.invalid`, `device.missing`
 */
export async function connectPbx(options: ConnectOptions, context: CommandContext): Promise<ConnectedPbx> {
  if (options.profile === 'ws824-keypad') return connectKeypad(options);
  const input = await driverOptions(options, context);
  const switchId = asId<SwitchId>('pbx');
  const driver = createPbxSerialDriver(input)(switchId, { clock: systemClock, random: Math.random, log: silent });
  const { programming, clock } = driver.facets ?? {};
  if (programming === undefined) throw new CtiError('command.notSupported', 'the PBX cannot be programmed by its line');
  try {
    await answered(driver, context.signal);
  } catch (error) {
    await driver.stop();
    throw error;
  }
  return {
    facet: programming,
    profile: input.profile,
    close: () => driver.stop(),
    ...(clock === undefined ? {} : { clock }),
  };
}

function answered(driver: ReturnType<ReturnType<typeof createPbxSerialDriver>>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = 'nothing came from it';
    const cancel = systemClock.setTimer(CONNECT_MS, () =>
      reject(
        new CtiError('driver.linkLost', `the PBX did not answer within ${CONNECT_MS / 1_000} s: ${seen}`, {
          details: { timeoutMs: CONNECT_MS },
        }),
      ),
    );
    const onEvent = (event: DriverEvent): void => {
      if (event.type === 'unreadable') seen = 'what came could not be read (wrong speed or profile?)';
      if (event.type === 'linkDown') seen = `the line went down: ${event.reason}`;
      if (event.type !== 'linkSynced') return;
      cancel();
      resolve();
    };
    signal.addEventListener('abort', () => {
      cancel();
      reject(new CtiError('wait.aborted', 'interrupted'));
    });
    driver.start(onEvent, { signal }).catch(reject);
  });
}

async function driverOptions(options: ConnectOptions, { folder }: CommandContext): Promise<PbxSerialOptionsInput> {
  const { profile, port, baud, tcp, node, config } = options;
  const ways = [port, tcp, config].filter((one) => one !== undefined).length;
  if (ways !== 1 || profile === 'ws824-keypad') {
    throw new CtiError('argument.invalid', 'say where the PBX is, in one way: --port, --tcp or --config');
  }
  const more = node === undefined ? {} : { node };
  if (port !== undefined) {
    return { profile, transport: { port, ...(baud === undefined ? {} : { baudRate: baud }) }, ...more };
  }
  if (tcp !== undefined) return { profile, transport: tcp, ...more };
  return fromConfig(options, folder);
}

async function fromConfig({ config, switch: wanted }: ConnectOptions, folder: string): Promise<PbxSerialOptionsInput> {
  const { value } = await loadConfig(config, folder);
  const found = readServerConfig(value).switches.flatMap((one): readonly PbxSerialOptionsInput[] => {
    if (wanted !== undefined && one.id !== wanted) return [];
    const options = one.driver === DRIVER ? one.options : optionsOf(one.driver);
    return options === undefined ? [] : [options as PbxSerialOptionsInput];
  });
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new CtiError(
      'argument.invalid',
      `the configuration has ${found.length} PBXs on serial lines: give --switch`,
      {
        details: { path: 'switch' },
      },
    );
  }
  // Only the way to it: call records, rooms and checks are the server's.
  const { profile, transport, node } = first;
  return { profile, transport, ...(node === undefined ? {} : { node }) };
}

/** The options that a factory in a TypeScript configuration was made of, where it is this driver's. */
function optionsOf(factory: unknown): unknown {
  if (typeof factory !== 'function' || !('options' in factory)) return undefined;
  const { options } = factory;
  const isOurs = typeof options === 'object' && options !== null && 'transport' in options && 'profile' in options;
  return isOurs ? options : undefined;
}

async function connectKeypad(options: ConnectOptions): Promise<ConnectedPbx> {
  const { modem, model, enter, tables } = options;
  const kind = DEVICE_KINDS.v253;
  if (modem === undefined || kind === undefined) {
    throw new CtiError(
      'argument.invalid',
      'the profile ws824-keypad needs --modem, on an extension or line of the PBX',
    );
  }
  const device = kind({ kind: 'v253', path: modem }, { clock: systemClock, random: Math.random, log: silent })();
  const line = new DeviceKeypadLine({ clock: systemClock, device });
  const facet = new KeypadProgramming({
    line,
    log: silent,
    model,
    ...(enter === undefined ? {} : { enter }),
    ...(tables === undefined ? {} : { tables }),
  });
  return { facet, keypad: facet, profile: 'ws824-keypad', close: () => line.close() };
}
