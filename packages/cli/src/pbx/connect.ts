import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import process from 'node:process';
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
import { tokensOf } from '../config/token-key.js';
import { connectServer, isServing, type ServerWay } from './through-server.js';
import { watchedPort } from './watched-port.js';

/** Where a PBX is, what it speaks, and where its password comes from. */
export interface ConnectOptions {
  readonly profile: 'kts-bin/1' | 'kts-ascii/1' | 'ws824-keypad';
  readonly config?: string;
  readonly switch?: string;
  /** A running server that has the PBX. */
  readonly server?: string;
  readonly tokenFile?: string;
  /** Open the PBX here also where a server has it. */
  readonly direct?: 'direct';
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
  /** Where it is known. */
  readonly profile?: string;
  /** Another process has the line: the values of secret parameters are not to be had. */
  readonly through?: 'server';
  close(): Promise<void>;
}

const TOKEN_S = 3_600;
/** A PBX that is there answers the first HELLO in well under this. */
const CONNECT_MS = 15_000;
const DRIVER = 'pbx-serial';
/** Environment variable that may hold a token. */
const TOKEN_VARIABLE = 'CORDBOARD_TOKEN';
const USUAL_PORT = 8_090;

/** The command line tells of errors; what a driver notes on the way there is of no use to it. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * Opens the way to a PBX and waits until it answers. A PBX has one session with one host: where the server of the given configuration runs, the way goes through it, and its
 * session goes on.
 *
 * @throws {CtiError} `argument.invalid` no port, or several; `device.missing` the port cannot be opened, as when a server has it; `driver.linkLost` it does not answer, with what was seen; `config.invalid`, `device.missing`
 */
export async function connectPbx(options: ConnectOptions, context: CommandContext): Promise<ConnectedPbx> {
  if (options.profile === 'ws824-keypad') return connectKeypad(options);
  const running = await serverOf(options, context);
  if (running !== undefined) {
    const { switch: wanted } = options;
    return connectServer(running, { signal: context.signal, ...(wanted === undefined ? {} : { switch: wanted }) });
  }
  const { input, refused } = watchedPort(await driverOptions(options, context));
  if (context.output.terminal !== undefined && 'host' in input.transport) {
    context.output.err(
      'cordboard: a server that has this PBX loses it until this command is done; -c or --server goes through it',
    );
  }
  const switchId = asId<SwitchId>('pbx');
  const driver = createPbxSerialDriver(input)(switchId, { clock: systemClock, random: Math.random, log: silent });
  const { programming, clock } = driver.facets ?? {};
  if (programming === undefined) throw new CtiError('command.notSupported', 'the PBX cannot be programmed by its line');
  try {
    await answered(driver, { signal: context.signal, refused });
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

function answered(
  driver: ReturnType<ReturnType<typeof createPbxSerialDriver>>,
  { signal, refused }: { readonly signal: AbortSignal; readonly refused: Promise<never> },
): Promise<void> {
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
    refused.catch((error: unknown) => {
      cancel();
      reject(error);
    });
    driver.start(onEvent, { signal }).catch(reject);
  });
}

async function driverOptions(options: ConnectOptions, { folder }: CommandContext): Promise<PbxSerialOptionsInput> {
  const { profile, port, baud, tcp, node } = options;
  if (profile === 'ws824-keypad') throw new CtiError('argument.invalid', 'a keypad has no line of its own');
  checkWays(options);
  const more = node === undefined ? {} : { node };
  if (port !== undefined) {
    return { profile, transport: { port, ...(baud === undefined ? {} : { baudRate: baud }) }, ...more };
  }
  if (tcp !== undefined) return { profile, transport: tcp, ...more };
  return fromConfig(options, folder);
}

/** @throws {CtiError} `argument.invalid` no way, or several */
function checkWays({ port, tcp, config, server }: ConnectOptions): void {
  if ([port, tcp, config, server].filter((one) => one !== undefined).length === 1) return;
  throw new CtiError('argument.invalid', 'say where the PBX is, in one way: --port, --tcp, --config or --server');
}

/** The server that the way goes through, and a token for it; undefined where there is none. */
async function serverOf(options: ConnectOptions, context: CommandContext): Promise<ServerWay | undefined> {
  checkWays(options);
  const { server: url, tokenFile, config, direct } = options;
  if (url !== undefined) {
    const file = tokenFile === undefined ? undefined : resolve(context.folder, tokenFile);
    const text = file === undefined ? process.env[TOKEN_VARIABLE] : await readFile(file, 'utf8').catch(() => undefined);
    const token = text?.trim();
    if (token !== undefined && token !== '') return { url, token };
    throw new CtiError(
      'argument.invalid',
      `the server wants a token of an administrator: --token-file, or ${TOKEN_VARIABLE}`,
      {
        details: { path: 'token' },
      },
    );
  }
  if (config === undefined || direct !== undefined) return undefined;
  const { value } = await loadConfig(config, context.folder);
  const { server, tenant } = readServerConfig(value);
  const { host = '127.0.0.1', port = USUAL_PORT } = server;
  // Whoever listens at every address listens at this one too.
  const address = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  const own = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  if (port === 0 || !(await isServing(own))) return undefined;
  const { token } = await (await tokensOf({ server, tenant }, context.folder)).make({
    userId: 'cordboard-pbx',
    role: 'admin',
    ttlS: TOKEN_S,
  });
  context.output.err(`cordboard: through the server at ${own}, which has the PBX`);
  return { url: own, token };
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
