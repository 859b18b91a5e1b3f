import type { Socket } from 'node:dgram';
import { EVENT_PAYLOAD, Hearing } from './hearing.js';
import { RATE_HZ, ulawEncode } from './pcm.js';
import { openRtp } from './rtp-socket.js';
import { pause } from './wait.js';

const FRAME = 160;
const DIGITS = '0123456789*#ABCD';
/** The two tones of each key, Hz (ITU-T Q.23): the rows and columns of the keypad. */
const KEYPAD = ['123A', '456B', '789C', '*0#D'];
const ROWS_HZ = [697, 770, 852, 941];
const COLUMNS_HZ = [1209, 1336, 1477, 1633];

/**
 * Mouth and ear of a SIP party whose signalling is done by another program: sends G.711 mu-law (a tone or silence) every
 * 20 ms and RFC 4733 digits, and keeps what it hears from where it speaks to.
 */
export class RtpVoice {
  readonly hearing = new Hearing();
  readonly port: number;
  readonly #socket: Socket;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #ssrc = Math.floor(Math.random() * 0xffff_ffff);
  #remote: number | undefined;
  #hz: number | undefined;
  #sequence = Math.floor(Math.random() * 0xffff);
  /** Frames of keys that are pressed as sound: the tones of each, none for silence. */
  readonly #sounds: (readonly number[])[] = [];
  /** Keys under way. */
  #keys = 0;
  /** Begins anywhere, as RFC 3550 section 5.1 asks: FreeSWITCH takes a key at 0 for none (1.11.3: lost in 6 of 30 calls). Half the range leaves days until it wraps. */
  #timestamp = 1 + Math.floor(Math.random() * 0x7fff_ffff);
  #next = Date.now();
  #digitBusy: Promise<void> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (datagram, from) => {
      if (this.#remote === undefined || from.port === this.#remote) this.hearing.packet(datagram);
    });
    // A remote that is gone answers with ICMP; the call's end is told by its signalling.
    socket.on('error', () => undefined);
    this.#timer = setInterval(() => this.#tick(), 10);
  }

  /** Opens a socket on a port of the kernel's choice. */
  static async open(): Promise<RtpVoice> {
    return new RtpVoice(await openRtp());
  }

  /** Where the other side listens; nothing is sent before it is known. */
  sendTo(port: number | undefined): void {
    this.#remote = port === 0 ? undefined : port;
    this.#next = Date.now();
  }

  /** Speaks with this frequency from now on; `undefined` is silence (packets go on). */
  speak(hz: number | undefined): void {
    this.#hz = hz;
  }

  /** Sends digits as telephone-event, each `ms` (default 120) long with a pause of `gapMs` (default: the same) behind it; resolves when the last one is out. */
  press(digits: string, options: { readonly ms?: number; readonly gapMs?: number } = {}): Promise<void> {
    const { ms = 120, gapMs = ms } = options;
    const all = this.#digitBusy.then(async () => {
      for (const digit of digits) {
        await this.#event(digit, ms);
        await pause(gapMs);
      }
    });
    this.#digitBusy = all.catch(() => undefined);
    return all;
  }

  /** Presses keys as sound, each `ms` (default 100) long with the same pause of silence (ITU-T Q.24); resolves when the last one is out. */
  pressAsSound(digits: string, options: { readonly ms?: number } = {}): Promise<void> {
    const { ms = 100 } = options;
    const all = this.#digitBusy.then(async () => {
      for (const digit of digits) {
        const row = KEYPAD.findIndex((keys) => keys.includes(digit.toUpperCase()));
        const column = KEYPAD[row]?.indexOf(digit.toUpperCase()) ?? -1;
        const chord = [ROWS_HZ[row] ?? 0, COLUMNS_HZ[column] ?? 0];
        if (row < 0 || column < 0) throw new Error('not a DTMF digit');
        const frames = Math.max(1, Math.round(ms / 20));
        // Frame by frame, so that a key has its length however late this process is.
        for (let frame = 0; frame < frames; frame += 1) this.#sounds.push(chord);
        for (let frame = 0; frame < frames; frame += 1) this.#sounds.push([]);
      }
      while (this.#sounds.length > 0 && this.#remote !== undefined) await pause(5);
    });
    this.#digitBusy = all.catch(() => undefined);
    return all;
  }

  /** Closes the socket; may be called twice. */
  close(): void {
    clearInterval(this.#timer);
    this.#remote = undefined;
    try {
      this.#socket.close();
    } catch {
      // Closed before.
    }
  }

  #tick(): void {
    const now = Date.now();
    // After a stall, at most five frames are caught up, so that the stream stays a stream.
    if (now - this.#next > 100) this.#next = now - 100;
    // Keys as sound come in their own time: switches hold the pauses between them against the clock.
    if (this.#sounds.length > 0) this.#next = Math.max(this.#next, now - 20);
    while (this.#next <= now) {
      this.#next += 20;
      this.#audio();
    }
  }

  #audio(): void {
    if (this.#remote === undefined) return;
    const payload = Buffer.alloc(FRAME);
    const tones = this.#sounds.shift() ?? (this.#hz === undefined ? [] : [this.#hz]);
    for (let i = 0; i < FRAME; i += 1) {
      const at = this.#timestamp + i;
      let value = 0;
      for (const hz of tones) value += (8_000 / tones.length) * Math.sin((2 * Math.PI * hz * at) / RATE_HZ);
      payload[i] = ulawEncode(Math.round(value));
    }
    // A key stands in the place of the voice: sound with later stamps would end it before its time when this process lags.
    if (this.#keys === 0) this.#packet({ type: 0, marker: false, timestamp: this.#timestamp, payload });
    this.#timestamp = (this.#timestamp + FRAME) >>> 0;
  }

  async #event(digit: string, ms: number): Promise<void> {
    const code = DIGITS.indexOf(digit.toUpperCase());
    if (code < 0) throw new Error('not a DTMF digit');
    const started = this.#timestamp;
    const steps = Math.max(1, Math.round(ms / 20));
    this.#keys += 1;
    for (let step = 1; step <= steps + 2; step += 1) {
      const payload = Buffer.alloc(4);
      payload[0] = code;
      payload[1] = (step >= steps ? 0x80 : 0) | 10;
      payload.writeUInt16BE(Math.min(step, steps) * FRAME, 2);
      this.#packet({ type: EVENT_PAYLOAD, marker: step === 1, timestamp: started, payload });
      if (step < steps) await pause(20);
    }
    this.#keys -= 1;
  }

  #packet(packet: {
    readonly type: number;
    readonly marker: boolean;
    readonly timestamp: number;
    readonly payload: Buffer;
  }): void {
    if (this.#remote === undefined) return;
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head[1] = (packet.marker ? 0x80 : 0) | packet.type;
    head.writeUInt16BE(this.#sequence, 2);
    head.writeUInt32BE(packet.timestamp >>> 0, 4);
    head.writeUInt32BE(this.#ssrc, 8);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#socket.send(Buffer.concat([head, packet.payload]), this.#remote, '127.0.0.1', () => undefined);
  }
}
