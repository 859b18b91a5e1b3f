import {
  asId,
  type CtiDriver,
  CtiError,
  type DriverCapability,
  type DriverCommand,
  type DriverFacets,
  type DriverFactory,
  type DriverHost,
  type DriverReply,
  type DriverSink,
  isCtiError,
  type LinkDownReason,
  type LinkId,
  type SwitchId,
} from '@cordboard/cti-core';
import { checkedOptions, type LinkState, linkLog, refused, Unreadable } from '@cordboard/driver-kit';
import { type ByteForward, FORWARD_DRAIN_MS, startByteForward } from '../hotel/forward/index.js';
import { type OpenTransport, openSerial, openTcp } from '../profile/index.js';
import { openSmdrArchive, openSmdrIntake, type SmdrIntake, type SmdrOther } from '../smdr/index.js';
import { type PbxSmdrInput, type PbxSmdrOptions, pbxSmdrOptions } from './options.js';

const LINK = asId<LinkId>('smdr');
const NONE: ReadonlySet<DriverCapability> = new Set();

/**
 * A driver of a PBX that prints its call records (SMDR) and tells nothing else: it has the facet `records`, and every command on calls is refused as `notSupported`.
 *
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 * @example
 * ```ts
 * switches: { td: { driver: pbxSmdr({ format: 'kx-td', transport: { port: '/dev/ttyUSB0' }, timeZone: 'Asia/Shanghai', records: 'data/calls' }) } }
 * ```
 */
export function pbxSmdr(input: PbxSmdrInput): DriverFactory & { readonly options: PbxSmdrOptions } {
  const options = checkedOptions(pbxSmdrOptions, input, { whole: 'pbx' });
  const factory: DriverFactory = (switchId, host) => new PbxSmdrDriver({ switchId, host, options });
  return Object.assign(factory, { options });
}

/** See {@link pbxSmdr}. */
class PbxSmdrDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'callControl';
  readonly capabilities = NONE;
  readonly facets: DriverFacets;
  readonly #host: DriverHost;
  readonly #options: PbxSmdrOptions;
  readonly #intake: SmdrIntake;
  readonly #unreadable: Unreadable;
  #forward: ByteForward | undefined;
  #sink: DriverSink | undefined;
  #stopped: Promise<void> | undefined;
  #isUp = false;

  constructor(made: { readonly switchId: SwitchId; readonly host: DriverHost; readonly options: PbxSmdrOptions }) {
    const { switchId, host, options } = made;
    this.switchId = switchId;
    this.#host = host;
    this.#options = options;
    const archive = openSmdrArchive(options.records);
    this.#unreadable = new Unreadable({ linkId: LINK, clock: host.clock, emit: (event) => this.#sink?.(event) });
    const tell = linkLog({ log: host.log, switchId, linkId: LINK });
    const { format, timeZone, wakeAfter, dateOrder, clock, minorDigits, variant, table } = options;
    this.#intake = openSmdrIntake({
      clock: host.clock,
      random: host.random,
      format,
      settings: {
        ...(dateOrder === undefined ? {} : { dateOrder }),
        ...(clock === undefined ? {} : { clock }),
        ...(minorDigits === undefined ? {} : { minorDigits }),
        ...(variant === undefined ? {} : { variant }),
        ...(table === undefined ? {} : { table }),
      },
      timeZone,
      open: openerOf(options),
      archive,
      ...(wakeAfter === undefined ? {} : { wake: { afterMs: wakeAfter * 1_000 } }),
      sink: {
        bytes: (bytes) => this.#forward?.write(bytes),
        other: (line) => this.#other(line),
        archiveFailed: () => host.log.error('call records could not be archived; they are tried again', { switchId }),
        state: (state, error) => {
          tell(state, error);
          this.#changed(state);
        },
      },
    });
    this.facets = { records: { query: (query) => archive.query(query) } };
  }

  async start(sink: DriverSink, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#stopped !== undefined) throw new CtiError('driver.stopped', 'this driver was stopped; make a new one');
    if (this.#sink !== undefined) throw new CtiError('driver.started', 'this driver runs already');
    this.#sink = sink;
    if (signal.aborted) return this.stop();
    signal.addEventListener('abort', () => void this.stop(), { once: true });
    const { forward } = this.#options;
    if (forward !== undefined) {
      this.#forward = startByteForward(forward, { host: this.#host, switchId: this.switchId });
    }
    this.#intake.start();
  }

  async execute(_command: DriverCommand): Promise<DriverReply> {
    return refused(this.#stopped === undefined ? 'notSupported' : 'stopped');
  }

  /** It records nothing. */
  openRecording(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    try {
      await this.#intake.stop();
    } catch (error) {
      if (!isCtiError(error, 'store.unavailable')) throw error;
      const records = Number(error.details.records);
      this.#host.log.error('call records could not be archived', { switchId: this.switchId, records });
    }
    await this.#forward?.stop({ drainMs: FORWARD_DRAIN_MS });
    this.#unreadable.stop();
  }

  #other({ kind, raw }: SmdrOther): void {
    if (kind === 'unreadable' || kind === 'partial') this.#unreadable.add(Buffer.from(raw, 'latin1'));
  }

  #changed(state: LinkState): void {
    if (state.kind === 'up') {
      this.#isUp = true;
      this.#sink?.({ type: 'linkUp', linkId: LINK });
      this.#sink?.({ type: 'snapshot', snapshot: { connections: [], devices: [], recordings: [], monitors: [] } });
      this.#sink?.({ type: 'linkSynced', linkId: LINK, capabilities: [], profile: 'callControl' });
      return;
    }
    if (!this.#isUp) return;
    this.#isUp = false;
    const reason: LinkDownReason = state.kind === 'waiting' ? state.reason : 'closed';
    this.#sink?.({ type: 'linkDown', linkId: LINK, reason, capabilities: [] });
  }
}

function openerOf({ transport }: PbxSmdrOptions): OpenTransport {
  if ('open' in transport) return transport.open;
  if ('host' in transport) return openTcp(transport);
  const { port, ...settings } = transport;
  return openSerial(port, settings);
}
