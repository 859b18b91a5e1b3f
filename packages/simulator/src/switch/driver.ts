import {
  type CtiDriver,
  CtiError,
  type DriverCapability,
  type DriverCommand,
  type DriverReply,
  type DriverSink,
  type RecordingId,
  type SwitchId,
} from '@cordboard/cti-core';
import { CAPABILITIES } from './capabilities.js';
import type { VirtualSwitch } from './virtual-switch.js';
import { wavOf } from './wav.js';

const WAV_CHUNK_BYTES = 64 * 1024;

/** The driver contract's face of a {@link VirtualSwitch}. One switch serves one driver at a time; a later `start` takes over after `stop`. */
export class SimulatorDriver implements CtiDriver {
  readonly switchId: SwitchId;
  readonly profile = 'media';
  readonly capabilities: ReadonlySet<DriverCapability> = CAPABILITIES;
  readonly #pbx: VirtualSwitch;
  #state: 'inert' | 'started' | 'stopped' = 'inert';
  #release: (() => void) | undefined;

  constructor(pbx: VirtualSwitch) {
    this.#pbx = pbx;
    this.switchId = pbx.options.switchId;
  }

  start(sink: DriverSink, options: { readonly signal: AbortSignal }): Promise<void> {
    if (this.#state === 'started') return Promise.reject(new CtiError('driver.started', 'driver is started already'));
    if (this.#state === 'stopped') return Promise.reject(new CtiError('driver.stopped', 'driver is stopped'));
    const { signal } = options;
    if (signal.aborted) return this.stop();
    this.#state = 'started';
    const onAbort = (): void => void this.stop();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#release = () => signal.removeEventListener('abort', onAbort);
    this.#pbx.open(sink);
    return Promise.resolve();
  }

  execute(command: DriverCommand): Promise<DriverReply> {
    if (this.#state === 'stopped') return Promise.resolve({ outcome: 'refused', code: 'stopped' });
    if (this.#state === 'inert') return Promise.resolve({ outcome: 'refused', code: 'linkLost' });
    return new Promise((resolve) => this.#pbx.submit(command, resolve));
  }

  async openRecording(recordingId: RecordingId, file: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const recording = this.#pbx.recordings.get(recordingId);
    if (recording === undefined || !recording.files.includes(file)) return undefined;
    const bytes = wavOf({ durationMs: recording.durationMs, track: recording.files.indexOf(file) });
    return chunksOf(bytes);
  }

  stop(): Promise<void> {
    if (this.#state === 'started') {
      this.#release?.();
      this.#pbx.close();
    }
    this.#state = 'stopped';
    return Promise.resolve();
  }
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += WAV_CHUNK_BYTES) yield bytes.subarray(at, at + WAV_CHUNK_BYTES);
}
