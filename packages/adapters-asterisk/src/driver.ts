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
  type RecordingId,
  type SwitchId,
} from '@cordboard/cti-core';
import { Correlator } from '@cordboard/driver-kit';
import { z } from 'zod';
import { refusalOf } from './map/from-core.js';
import { type AsteriskOptions, type AsteriskOptionsInput, asteriskOptions } from './options.js';
import { AmiSide } from './run/ami-side.js';
import { AriSide } from './run/ari-side.js';
import { refused, replyOfError } from './run/kit.js';

/** What the ARI side can do; `observe` comes with AMI. */
const CAPABILITIES: readonly DriverCapability[] = [
  'originate',
  'claim',
  'ring',
  'answer',
  'clear',
  'bridge',
  'unbridge',
  'holdMusic',
  'play',
  'stopPlay',
  'collectDigits',
  'sendDigits',
  'mute',
  'record',
  'controlRecording',
  'monitor',
  'stopMonitor',
  'redirect',
  'devices',
  'phoneHold',
  'phoneTransfer',
  'monitor.whisper',
  'monitor.barge',
];

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
  const parsed = asteriskOptions.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new CtiError(
      'config.invalid',
      `option ${issue?.path.join('.') || 'asterisk'}: ${issue?.message ?? 'is wrong'}`,
      {
        details: { path: issue?.path.join('.') ?? '', problems: z.prettifyError(parsed.error) },
        cause: parsed.error,
      },
    );
  }
  const factory: DriverFactory = (switchId, host) => new AsteriskDriver({ switchId, host, options: parsed.data });
  // For tools that look at the switch from outside, such as `cordboard doctor`.
  return Object.assign(factory, { options: parsed.data });
}

/** See {@link asterisk}. */
export class AsteriskDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'media';
  readonly capabilities: ReadonlySet<DriverCapability>;
  readonly #host: DriverHost;
  readonly #options: AsteriskOptions;
  readonly #answers: Correlator<DriverReply>;
  readonly #stop = new AbortController();
  #ari: AriSide | undefined;
  #ami: AmiSide | undefined;
  #stopped: Promise<void> | undefined;

  constructor(parts: { readonly switchId: SwitchId; readonly host: DriverHost; readonly options: AsteriskOptions }) {
    this.switchId = parts.switchId;
    this.#host = parts.host;
    this.#options = parts.options;
    this.capabilities = new Set(parts.options.ami === undefined ? CAPABILITIES : [...CAPABILITIES, 'observe']);
    this.#answers = new Correlator({ clock: parts.host.clock });
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
    const bound = new AbortController();
    const answer = this.#answers.open(command.commandId, { timeoutMs: command.boundMs });
    ari.carryOut(command, bound.signal).then(
      (reply) => this.#answers.resolve(command.commandId, reply),
      (error: unknown) => this.#answers.resolve(command.commandId, replyOfError(error)),
    );
    try {
      return await answer;
    } catch (error) {
      return this.#stop.signal.aborted ? refused('stopped') : replyOfError(error);
    } finally {
      // After the answer nothing of the command goes on: what still waits for the wire is given up.
      bound.abort();
    }
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
    this.#answers.close();
    await Promise.all([this.#ami?.stop(), this.#ari?.stop()]);
  }

  #callsLink(sink: DriverSink): AriSide {
    return new AriSide({
      switchId: this.switchId,
      host: this.#host,
      options: this.#options,
      linkId: asId('ari'),
      sink,
      up: () => (this.#ami?.isAnnounced === true ? [...CAPABILITIES, 'observe'] : CAPABILITIES),
      observed: () => (this.#ami?.isAnnounced === true ? this.#ami.connections : []),
      live: () => this.#ami?.callsUp(),
      // Commands are answered before the loss of the link is told.
      lost: () => this.#answers.linkLost(),
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
          sink({ type: 'linkDown', linkId, reason, capabilities: ari.isUp ? CAPABILITIES : [] }),
      },
    });
  }
}
