import type { Clock } from '@cordboard/cti-core';
import { createDtmf, createResampler, type DtmfEvent, type Resampler } from '@cordboard/telephony-dsp';
import type { LineDeviceSink } from '../../device/port.js';
import type { SoundFormat } from '../../wire/v253/formats.js';
import { bytesOf, samplesOf } from '../../wire/v253/samples.js';
import { shield } from '../../wire/v253/shield.js';

const BLOCK = 160;
const BLOCK_MS = 20;
/** So much is written ahead of the time, ms: what the modem keeps while this machine does something else. Also the longest that a stopped prompt is heard on. */
const LEAD_MS = 200;
/** No piece of sound that the decoder gives is longer, before resampling. */
const PIECE = 1_024;

/** What the sound of a modem goes through. */
export interface ModemSoundParts {
  readonly clock: Clock;
  readonly format: SoundFormat;
  readonly sink: LineDeviceSink;
  /** @returns `full`: no more until told */
  readonly write: (bytes: Uint8Array) => 'more' | 'full';
  /** A key that the signal code heard. */
  readonly key: (event: DtmfEvent) => void;
}

/**
 * Makes blocks of 20 ms of what a modem sends, and bytes of what is to be played. The modem is the clock of what is heard; what is played alone is
 * written by this machine's clock, 200 ms ahead.
 */
export class ModemSound {
  readonly #parts: ModemSoundParts;
  readonly #keys = createDtmf();
  readonly #linear = new Int16Array(PIECE);
  readonly #block = new Int16Array(BLOCK);
  readonly #play = new Int16Array(BLOCK);
  readonly #down: Resampler | undefined;
  readonly #up: Resampler | undefined;
  #filled = 0;
  #way: 'hear' | 'play' | 'both' | 'none' = 'none';
  #startedMs = 0;
  #written = 0;
  #room: 'more' | 'full' = 'more';
  #modemSays: 'go' | 'stop' = 'go';
  #cancel: (() => void) | undefined;
  /** When sound last came from the modem, or could be written to it, ms of the clock. */
  aliveMs = 0;

  constructor(parts: ModemSoundParts) {
    this.#parts = parts;
    const { rate } = parts.format;
    if (rate === 8_000) return;
    this.#down = createResampler({ from: rate, to: 8_000 });
    this.#up = createResampler({ from: 8_000, to: rate });
  }

  /** A stream begins. */
  begin(way: 'hear' | 'play' | 'both'): void {
    this.stop();
    this.#way = way;
    this.#filled = 0;
    this.#written = 0;
    this.#modemSays = 'go';
    this.#startedMs = this.#parts.clock.nowMs();
    this.aliveMs = this.#startedMs;
    this.#keys.reset();
    this.#down?.reset();
    this.#up?.reset();
    if (way === 'both') this.#ahead();
    if (way === 'play') this.#pace();
  }

  /** No more is played. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#way = 'none';
  }

  /** The port takes more. */
  drained(): void {
    this.#room = 'more';
    if (this.#way === 'play') this.#fill();
  }

  /** The modem takes more, or not for now. */
  flow(may: 'go' | 'stop'): void {
    this.#modemSays = may;
    if (may === 'go' && this.#way === 'play') this.#fill();
  }

  /** Bytes of sound. */
  take(bytes: Uint8Array): void {
    this.aliveMs = this.#parts.clock.nowMs();
    if (this.#way === 'play') return;
    for (let at = 0; at < bytes.length; at += PIECE) {
      const linear = samplesOf(bytes.subarray(at, at + PIECE), this.#parts.format.coding, this.#linear);
      const samples = this.#down === undefined ? linear : this.#down.push(linear);
      for (let i = 0; i < samples.length; i++) {
        this.#block[this.#filled++] = samples[i] ?? 0;
        if (this.#filled === BLOCK) this.#heard();
      }
    }
  }

  #heard(): void {
    this.#filled = 0;
    const { sink, key } = this.#parts;
    for (const event of this.#keys.push(this.#block, 'off')) key(event);
    sink.heard(this.#block);
    if (this.#way === 'both') this.#playBlock();
  }

  /** A duplex modem must have something to play before the first block is heard. */
  #ahead(): void {
    for (let ms = 0; ms < LEAD_MS / 2; ms += BLOCK_MS) this.#write(this.#play.fill(0));
  }

  #pace(): void {
    this.#fill();
    this.#cancel = this.#parts.clock.setTimer(BLOCK_MS, () => this.#pace());
  }

  #fill(): void {
    const due = this.#parts.clock.nowMs() - this.#startedMs + LEAD_MS;
    // What a port could not take in time is not made up for: it would be played late.
    if (due - this.#written > 2 * LEAD_MS) this.#written = due - LEAD_MS;
    while (this.#way === 'play' && this.#written < due && this.#room === 'more' && this.#modemSays === 'go') {
      this.#written += BLOCK_MS;
      this.#playBlock();
    }
  }

  #playBlock(): void {
    this.#parts.sink.wanted(this.#play);
    this.#write(this.#play);
  }

  #write(block: Int16Array): void {
    const samples = this.#up === undefined ? block : this.#up.push(block);
    this.#room = this.#parts.write(shield(bytesOf(samples, this.#parts.format.coding)));
    if (this.#room === 'more') this.aliveMs = this.#parts.clock.nowMs();
  }
}
