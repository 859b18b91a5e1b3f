import { type Clock, CtiError } from '@cordboard/cti-core';
import { createResampler, SAMPLE_RATE } from '@cordboard/telephony-dsp';
import type { DeviceLoss } from '../device/port.js';
import { PcmReader, pcmBytes } from '../wire/pcm.js';
import type { SoundChild, SpawnSound } from './sound-child.js';

/** What the sound of a card is made of. */
export interface AlsaParts {
  readonly clock: Clock;
  readonly spawn: SpawnSound;
  /** ALSA's name of the card, such as `plughw:CARD=Device,DEV=0`. */
  readonly card: string;
  /** Samples a second of the card, 8,000 to 48,000. */
  readonly rate: number;
  /** 160 samples at 8,000 a second, every 20 ms; the buffer is used again. */
  readonly heard: (samples: Int16Array) => void;
  /** It is of no use any more; nothing follows. */
  readonly lost: (reason: DeviceLoss) => void;
}

/** What went on, for the log and for tests. */
export interface AlsaFigures {
  readonly restarts: number;
  readonly xruns: number;
  /** Blocks that were not played since the card took no more. */
  readonly dropped: number;
}

const BLOCK = 160;
/** A card that gives nothing for so long hangs. */
const STALL_MS = 2_000;
const WATCH_MS = 500;
/** First sound of a card that opens; a slow hub needs a second. */
const OPEN_MS = 4_000;
const RESTART_MS = 200;
/** More restarts than that in so long mean that it does not help. */
const MAX_RESTARTS = 4;
const RESTART_WINDOW_MS = 20_000;
/** What lies before the card to begin with: two blocks, so that it does not run dry between two of them. */
const PREFILL_MS = 40;
/** A card that has so much before it is behind: more would only be heard late. */
const BACKLOG_MS = 200;
const GONE = /no such device|no such file|cannot find card|ENODEV/i;

/**
 * Full-duplex sound of an ALSA card by `arecord` and `aplay`, at 8,000 samples a second on our side. The recording is the clock: for each of its blocks one is played.
 * Programs that end or hang are started again; a card that is gone is lost.
 */
export class AlsaSound {
  readonly #parts: AlsaParts;
  readonly #reader = new PcmReader();
  readonly #down;
  readonly #up;
  readonly #block = new Int16Array(BLOCK);
  readonly #quiet: Uint8Array;
  readonly #bytesPerMs: number;
  #filled = 0;
  #quietBlocks = 0;
  #skipMs = 0;
  #state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  #recorder: SoundChild | undefined;
  #player: SoundChild | undefined;
  #heardAtMs = 0;
  #cancels = new Set<() => void>();
  #restartsAtMs: number[] = [];
  #restarts = 0;
  #xruns = 0;
  #dropped = 0;
  #settle: { readonly resolve: () => void; readonly reject: (error: CtiError) => void } | undefined;

  constructor(parts: AlsaParts) {
    this.#parts = parts;
    this.#down = createResampler({ from: parts.rate, to: SAMPLE_RATE });
    this.#up = createResampler({ from: SAMPLE_RATE, to: parts.rate });
    this.#bytesPerMs = (parts.rate * 2) / 1_000;
    this.#quiet = new Uint8Array(2 * Math.round((parts.rate * BLOCK) / SAMPLE_RATE));
  }

  get figures(): AlsaFigures {
    return { restarts: this.#restarts, xruns: this.#xruns, dropped: this.#dropped };
  }

  /**
   * Resolves with the first sound.
   * @throws {CtiError} `device.missing` without alsa-utils, `device.lost` when the card gives nothing, `wait.aborted`
   */
  open({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => this.#fail(new CtiError('wait.aborted', 'the sound card was not opened'));
      const done = (): void => signal.removeEventListener('abort', abort);
      this.#settle = {
        resolve: () => {
          done();
          resolve();
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.#state = 'opening';
      this.#after(OPEN_MS, () => {
        if (this.#state === 'opening') this.#fail(lostError('the sound card gives no sound'));
      });
      this.#record();
      this.#play();
    });
  }

  /** Plays a block; `quiet` is silence. */
  play(samples: Int16Array, how: 'sound' | 'quiet'): void {
    const input = this.#player?.input;
    if (input === undefined || this.#state !== 'open') return;
    if (this.#skipMs > 0) {
      this.#skipMs -= samples.length / 8;
      return;
    }
    if (input.writableLength > BACKLOG_MS * this.#bytesPerMs) {
      this.#dropped += 1;
      return;
    }
    this.#quietBlocks = how === 'sound' ? 0 : this.#quietBlocks + 1;
    // The resampler has rung out after a few blocks: silence is silence then.
    const bytes = this.#quietBlocks > 5 && samples.length === BLOCK ? this.#quiet : pcmBytes(this.#up.push(samples));
    if (input.writable) input.write(bytes);
  }

  /** Ends both programs. Idempotent. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#recorder?.kill();
    this.#player?.kill();
    this.#settle?.reject(new CtiError('wait.aborted', 'the sound card was closed'));
    this.#settle = undefined;
  }

  #args(buffer: { readonly bufferMs: number }): readonly string[] {
    const { card, rate } = this.#parts;
    const time = ['-B', String(buffer.bufferMs * 1_000), '-F', '20000'];
    return ['-q', '-D', card, '-t', 'raw', '-f', 'S16_LE', '-c', '1', '-r', String(rate), ...time];
  }

  #record(): void {
    const child = this.#parts.spawn('arecord', this.#args({ bufferMs: 500 }));
    this.#recorder = child;
    this.#reader.reset();
    this.#heardAtMs = this.#parts.clock.nowMs();
    child.output.on('data', (bytes: Uint8Array) => {
      if (this.#recorder === child && this.#state !== 'closed') this.#captured(bytes);
    });
    this.#mind(child, 'arecord');
  }

  #play(): void {
    const child = this.#parts.spawn('aplay', this.#args({ bufferMs: 100 }));
    this.#player = child;
    this.#up.reset();
    this.#quietBlocks = 0;
    child.input.write(new Uint8Array(2 * Math.round((PREFILL_MS * this.#bytesPerMs) / 2)));
    child.output.resume();
    this.#mind(child, 'aplay');
  }

  #mind(child: SoundChild, program: 'arecord' | 'aplay'): void {
    let words = '';
    child.errors.on('data', (bytes: Uint8Array) => {
      const text = new TextDecoder().decode(bytes);
      words = `${words}${text}`.slice(-2_048);
      this.#complaint(text, program);
    });
    // A pipe that breaks is told by the end of the program.
    for (const stream of [child.output, child.input, child.errors]) stream.on('error', () => undefined);
    void child.ended.then((end) => {
      if (this.#state === 'closed' || (this.#recorder !== child && this.#player !== child)) return;
      if (end === 'missing')
        return this.#fail(
          new CtiError('device.missing', `sound needs ${program} of alsa-utils: apt-get install alsa-utils`, {
            details: { package: 'alsa-utils', linkDown: 'refused' },
          }),
        );
      if (GONE.test(words)) return this.#fail(lostError('the sound card is not there'));
      if (/busy/i.test(words) && this.#state === 'opening')
        return this.#fail(lostError('the sound card is in use by another program'));
      this.#restart(program);
    });
  }

  /** `underrun!!! (at least 12.345 ms long)`: what was not played in time is not played late. */
  #complaint(text: string, program: 'arecord' | 'aplay'): void {
    for (const [, ms = '0'] of text.matchAll(/(?:over|under)run[^\n]*?(?:at least ([\d.]+) ms|\n|$)/gi)) {
      this.#xruns += 1;
      if (program === 'aplay') this.#skipMs = Math.min(1_000, this.#skipMs + Number(ms));
    }
  }

  #captured(bytes: Uint8Array): void {
    this.#heardAtMs = this.#parts.clock.nowMs();
    if (this.#state === 'opening') {
      this.#state = 'open';
      this.#watch();
      this.#settle?.resolve();
      this.#settle = undefined;
    }
    this.#reader.push(bytes, (samples) => this.#fill(this.#down.push(samples)));
  }

  #fill(samples: Int16Array): void {
    let at = 0;
    while (at < samples.length && this.#state === 'open') {
      const part = samples.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < BLOCK) return;
      this.#filled = 0;
      this.#parts.heard(this.#block);
    }
  }

  #watch(): void {
    this.#after(WATCH_MS, () => {
      const program = 'arecord';
      if (this.#parts.clock.nowMs() - this.#heardAtMs >= STALL_MS) this.#restart(program);
      if (this.#state === 'open') this.#watch();
    });
  }

  #restart(program: 'arecord' | 'aplay'): void {
    const nowMs = this.#parts.clock.nowMs();
    this.#restartsAtMs = this.#restartsAtMs.filter((atMs) => nowMs - atMs < RESTART_WINDOW_MS);
    if (this.#restartsAtMs.length >= MAX_RESTARTS)
      return this.#fail(lostError('the sound card does not work'), 'failed');
    this.#restartsAtMs.push(nowMs);
    this.#restarts += 1;
    this.#heardAtMs = nowMs + RESTART_MS;
    const child = program === 'arecord' ? this.#recorder : this.#player;
    if (program === 'arecord') this.#recorder = undefined;
    else this.#player = undefined;
    child?.kill();
    this.#after(RESTART_MS, () => (program === 'arecord' ? this.#record() : this.#play()));
  }

  #fail(error: CtiError, reason: DeviceLoss = 'removed'): void {
    if (this.#state === 'closed') return;
    const settle = this.#settle;
    this.#settle = undefined;
    this.close();
    if (settle === undefined) this.#parts.lost(reason);
    else settle.reject(error);
  }

  #after(ms: number, run: () => void): void {
    const cancel = this.#parts.clock.setTimer(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }
}

function lostError(message: string): CtiError {
  return new CtiError('device.lost', message, { details: { linkDown: 'refused' } });
}
