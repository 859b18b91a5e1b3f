import {
  asId,
  type CtiDriver,
  CtiError,
  type DriverCapability,
  type DriverCommand,
  type DriverFactory,
  type DriverHost,
  type DriverReply,
  type DriverSink,
  MEDIA_CAPABILITIES,
  type RecordingId,
  type SwitchId,
} from '@cordboard/cti-core';
import { CommandDesk, checkedOptions, refused } from '@cordboard/driver-kit';
import { refusalOf } from './map/from-core.js';
import { type AsteriskOptions, type AsteriskOptionsInput, asteriskOptions } from './options.js';
import { AmiSide } from './run/ami-side.js';
import { AriSide } from './run/ari-side.js';

/**
 * A driver for one Asterisk (20.15, 21.10, 22.5 or newer): calls over ARI in a Stasis application, and with `ami` also the calls outside of it.
 *
 * @returns a factory for the `switches` of a configuration
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 * @example
 * ```ts
 * switches: { main: asterisk({ ari: { url: 'http://pbx:8088', user: 'cti', password: env('ARI_PASSWORD') } }) }
 * ```
 */
export function asterisk(input: AsteriskOptionsInput): DriverFactory & { readonly options: AsteriskOptions } {
  const options = checkedOptions(asteriskOptions, input, { whole: 'asterisk' });
  const factory: DriverFactory = (switchId, host) => new AsteriskDriver({ switchId, host, options });
  // For tools that look at the switch from outside, such as `cordboard doctor`.
  return Object.assign(factory, { options });
}

/** See {@link asterisk}. */
export class AsteriskDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'media';
  readonly capabilities: ReadonlySet<DriverCapability>;
  readonly #host: DriverHost;
  readonly #options: AsteriskOptions;
  readonly #commands: CommandDesk;
  readonly #stop = new AbortController();
  #ari: AriSide | undefined;
  #ami: AmiSide | undefined;
  #stopped: Promise<void> | undefined;

  constructor(parts: { readonly switchId: SwitchId; readonly host: DriverHost; readonly options: AsteriskOptions }) {
    this.switchId = parts.switchId;
    this.#host = parts.host;
    this.#options = parts.options;
    this.capabilities = new Set(
      parts.options.ami === undefined ? MEDIA_CAPABILITIES : [...MEDIA_CAPABILITIES, 'observe'],
    );
    this.#commands = new CommandDesk({ clock: parts.host.clock });
  }

  async start(sink: DriverSink, options: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#stop.signal.aborted) throw new CtiError('driver.stopped', 'this driver was stopped; make a new one');
    if (this.#ari !== undefined) throw new CtiError('driver.started', 'this driver runs already');
    const ari = this.#callsLink(sink);
    this.#ari = ari;
    this.#ami = this.#watchLink(sink, ari);
    if (options.signal.aborted) return this.stop();
    options.signal.addEventListener('abort', () => void this.stop(), { once: true, signal: this.#stop.signal });
    ari.start();
    this.#ami?.start();
  }

  async execute(command: DriverCommand): Promise<DriverReply> {
    if (this.#stop.signal.aborted) return refused('stopped');
    if (!this.capabilities.has(command.type)) return refused('notSupported');
    const refusal = refusalOf(command, this.switchId);
    if (refusal !== undefined) return refused(refusal);
    const ari = this.#ari;
    if (ari === undefined || !ari.isUp) return refused('linkLost');
    return this.#commands.execute(command, (one, signal) => ari.carryOut(one, signal));
  }

  async openRecording(
    recordingId: RecordingId,
    file: string,
    options: { readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#ari?.openRecording(recordingId, file, options.signal);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    this.#commands.stop();
    await Promise.all([this.#ami?.stop(), this.#ari?.stop()]);
  }

  #callsLink(sink: DriverSink): AriSide {
    return new AriSide({
      switchId: this.switchId,
      host: this.#host,
      options: this.#options,
      linkId: asId('ari'),
      sink,
      up: () => (this.#ami?.isAnnounced === true ? [...MEDIA_CAPABILITIES, 'observe'] : MEDIA_CAPABILITIES),
      observed: () => (this.#ami?.isAnnounced === true ? this.#ami.connections : []),
      live: () => this.#ami?.callsUp(),
      // Commands are answered before the loss of the link is told.
      lost: () => this.#commands.linkLost(),
    });
  }

  #watchLink(sink: DriverSink, ari: AriSide): AmiSide | undefined {
    const address = this.#options.ami;
    if (address === undefined) return undefined;
    return new AmiSide({
      switchId: this.switchId,
      host: this.#host,
      options: this.#options,
      address,
      linkId: asId('ami'),
      sink,
      isOurs: (channelId) => ari.model.isOurs(channelId),
      trunks: () => ari.model.trunks,
      calls: {
        isUp: () => ari.isUp,
        announce: (linkId) => ari.announce(linkId),
        retract: (linkId, reason) =>
          sink({ type: 'linkDown', linkId, reason, capabilities: ari.isUp ? MEDIA_CAPABILITIES : [] }),
      },
    });
  }
}
