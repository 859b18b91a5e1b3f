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
import { type FreeswitchOptions, type FreeswitchOptionsInput, freeswitchOptions } from './driver-options.js';
import { refusalOf } from './map/from-core.js';
import { Side } from './run/side.js';

/**
 * A driver for one FreeSWITCH (1.10 or newer) over its event socket: calls that its dialplan parks for us, calls that we make, and what other people do,
 * which is only watched. See docs/freeswitch.md for what the switch has to be told.
 *
 * @returns a factory for the `switches` of a configuration
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 * @example
 * ```ts
 * switches: { main: freeswitch({ esl: { host: 'pbx', password: env('ESL_PASSWORD') } }) }
 * ```
 */
export function freeswitch(input: FreeswitchOptionsInput): DriverFactory & { readonly options: FreeswitchOptions } {
  const options = checkedOptions(freeswitchOptions, input, { whole: 'freeswitch' });
  const factory: DriverFactory = (switchId, host) => new FreeswitchDriver({ switchId, host, options });
  // For tools that look at the switch from outside, such as `cordboard doctor`.
  return Object.assign(factory, { options });
}

/** See {@link freeswitch}. */
export class FreeswitchDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'media';
  readonly capabilities: ReadonlySet<DriverCapability>;
  readonly #host: DriverHost;
  readonly #options: FreeswitchOptions;
  readonly #commands: CommandDesk;
  readonly #stop = new AbortController();
  #side: Side | undefined;
  #stopped: Promise<void> | undefined;

  constructor(parts: { readonly switchId: SwitchId; readonly host: DriverHost; readonly options: FreeswitchOptions }) {
    this.switchId = parts.switchId;
    this.#host = parts.host;
    this.#options = parts.options;
    this.capabilities = new Set(parts.options.observe ? [...MEDIA_CAPABILITIES, 'observe'] : MEDIA_CAPABILITIES);
    this.#commands = new CommandDesk({ clock: parts.host.clock });
  }

  async start(sink: DriverSink, options: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#stop.signal.aborted) throw new CtiError('driver.stopped', 'this driver was stopped; make a new one');
    if (this.#side !== undefined) throw new CtiError('driver.started', 'this driver runs already');
    const side = new Side({
      switchId: this.switchId,
      host: this.#host,
      options: this.#options,
      linkId: asId('esl'),
      sink,
      capabilities: [...this.capabilities],
      // Commands are answered before the loss of the link is told.
      lost: () => this.#commands.linkLost(),
    });
    this.#side = side;
    if (options.signal.aborted) return this.stop();
    options.signal.addEventListener('abort', () => void this.stop(), { once: true, signal: this.#stop.signal });
    side.start();
  }

  async execute(command: DriverCommand): Promise<DriverReply> {
    if (this.#stop.signal.aborted) return refused('stopped');
    if (!this.capabilities.has(command.type)) return refused('notSupported');
    const refusal = refusalOf(command, this.switchId);
    if (refusal !== undefined) return refused(refusal);
    const side = this.#side;
    if (side === undefined || !side.isUp) return refused('linkLost');
    return this.#commands.execute(command, (one, signal) => side.carryOut(one, signal));
  }

  async openRecording(
    recordingId: RecordingId,
    file: string,
    options: { readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#side?.openRecording(recordingId, file, options.signal);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    this.#commands.stop();
    await this.#side?.stop();
  }
}
